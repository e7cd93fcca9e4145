"""Shards: each fetched or refused capture becomes one row in one of two tables, for any number of workers."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.article import Article
from schemas.capture import Candidate, Capture
from schemas.identity import article_id, content_hash, site_of, url_id, version_id
from schemas.quarantine import Quarantine
from schemas.reasons import Outcome, Reason
from schemas.shard import ShardSummary
from schemas.table import frame
from schemas.text import word_count
from tasks.io.captures import BodyLimits, CaptureWriter, payload_digest
from tasks.io.exchange import Exchange
from tasks.io.staging import RunContext, read_part, write_part
from tasks.parse.children import close_pool
from tasks.parse.model import ParsedPage
from tasks.parse.shard import ParseSettings, parse_captures, parse_shard
from tests.parse.pages_kit import page, parse

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = ParseSettings(workers=0)


@pytest.fixture(scope="module", autouse=True)
def _no_pool_left() -> Iterator[None]:
    """End the pool after these tests."""
    yield
    close_pool()


def capture(url: str, **more: Any) -> dict[str, Any]:
    """A capture row of a page."""
    return {
        "url_id": url_id(url),
        "url": url,
        "site": site_of(url),
        "source_id": "herald",
        "kind": "page",
        "outcome": "fetched",
        "final_url": url,
        "http_status": 200,
        "content_type": "text/html",
        "attempt_count": 1,
        "captured_at": AT,
        **more,
    }


def kept(run: RunContext, bodies: dict[str, bytes], name: str = "s1") -> list[dict[str, Any]]:
    """The bodies kept in a WARC of the run, and their capture rows."""
    rows = []
    with CaptureWriter(run.folder, run.run_id, run.now, name) as writer:
        for url, body in bodies.items():
            place = writer.write_resource(url, AT, body, "text/html")
            where = {"capture_uri": place.uri, "capture_offset": place.offset, "payload_digest": place.digest}
            rows.append(capture(url, **where))
    return rows


def stage(
    run: RunContext, rows: list[dict[str, Any]], candidates: list[dict[str, Any]] | None = None, name: str = "s1"
) -> None:
    """Write the parts that parse reads."""
    write_part(run.part("fetch", "captures", name), Capture, frame(Capture, rows))
    if candidates is not None:
        write_part(run.part("discover", "candidates", name), Candidate, frame(Candidate, candidates))


def candidate(url: str, **more: Any) -> dict[str, Any]:
    """A candidate row."""
    return {
        "url_id": url_id(url),
        "url": url,
        "site": site_of(url),
        "source_id": "herald",
        "seq": 0,
        "listed_authors": [],
        "listed_tags": [],
        "failure_count": 0,
        "unchanged_count": 0,
        **more,
    }


def results(run: RunContext, name: str = "s1") -> tuple[pl.DataFrame, pl.DataFrame]:
    """The two parts that parse has written."""
    articles = read_part(run.part("parse", "articles", name), Article)
    return articles, read_part(run.part("parse", "quarantine", name), Quarantine)


GOOD = "https://www.harbour-herald.example/news/good"
GONE = "https://www.harbour-herald.example/news/gone"
PDF = "https://www.harbour-herald.example/news/pdf"


def test_article_row(run: RunContext) -> None:
    """A page becomes a row of the article table with its ids, origins and place."""
    stage(run, kept(run, {GOOD: page("<link rel='canonical' href='/news/real'>").encode()}), [candidate(GOOD)])
    assert parse_shard(run, "s1", HERE) == ShardSummary("parse", "s1", 1, 1, 0)
    articles, quarantine = results(run)
    Article.validate(articles)
    assert quarantine.is_empty()
    row = articles.row(0, named=True)
    canonical = "https://www.harbour-herald.example/news/real"
    assert (row["url"], row["canonical_url"], row["site"]) == (GOOD, canonical, "harbour-herald.example")
    assert row["article_id"] == article_id(canonical)
    assert row["content_hash"] == content_hash(row["title"], row["body"])
    assert row["version_id"] == version_id(row["article_id"], AT, row["capture_digest"], row["content_hash"])
    assert row["word_count"] == word_count(row["body"])
    assert (row["supersedes"], row["kind_of_change"], row["change_share"]) == (None, "first", None)
    assert "\n\n".join(block["text"] for block in row["blocks"]) == row["body"]
    assert (row["captured_at"], row["recorded_at"], row["run_id"]) == (AT, run.now, run.run_id)


def test_refusals(run: RunContext) -> None:
    """Refused pages and responses that fetch refused each get a quarantine row, with stage, rule and place."""
    rows = kept(run, {PDF: b"%PDF-1.7 1 0 obj", GONE: page(title="Page not found", body="<p>Sorry.</p>").encode()})
    rows.append(capture(GOOD, outcome="refused", reason="too_large", detail="9 GB"))
    rows.append(capture("https://a.example/x", outcome="failed", reason="dns"))
    rows.append(capture("https://a.example/robots.txt", kind="robots"))
    stage(run, rows)
    assert parse_shard(run, "s1", HERE) == ShardSummary("parse", "s1", 3, 0, 3)
    _, quarantine = results(run)
    Quarantine.validate(quarantine)
    told = {row["url"]: (row["stage"], row["reason"], row["page_kind"]) for row in quarantine.iter_rows(named=True)}
    assert told == {
        PDF: ("parse", "not_html", None),
        GONE: ("parse", "soft_404", "error_page"),
        GOOD: ("fetch", "too_large", None),
    }


def test_part_that_exists_is_finished(run: RunContext) -> None:
    """A shard that was parsed is counted and not parsed again."""
    stage(run, kept(run, {GOOD: page().encode()}))
    first = parse_shard(run, "s1", HERE)
    run.part("fetch", "captures", "s1").unlink()
    assert parse_shard(run, "s1", HERE) == first


def test_listing_is_joined(run: RunContext) -> None:
    """What the listing said of a URL reaches its page; records that share a URL get each their own."""
    rows = kept(run, {GOOD: page(lang="").encode(), PDF: page(title="Another page of it").encode()})
    rows[1] |= {"url": GOOD, "url_id": url_id(GOOD), "final_url": GOOD}
    first, second = rows
    listed = [
        candidate(
            GOOD, listed_authors=["Ann Lee"], capture_uri=first["capture_uri"], capture_offset=first["capture_offset"]
        ),
        candidate(
            GOOD, listed_authors=["Bo Ek"], capture_uri=second["capture_uri"], capture_offset=second["capture_offset"]
        ),
    ]
    stage(run, rows, listed)
    parse_shard(run, "s1", HERE)
    assert results(run)[0]["authors"].to_list() == [["Ann Lee"], ["Bo Ek"]]


def test_source_s_time_zone(run: RunContext) -> None:
    """Dates without a zone are read in the zone that the settings give for the source."""
    head = '<meta property="article:published_time" content="2026-02-01T10:00:00">'
    stage(run, kept(run, {GOOD: page(head).encode()}))
    parse_shard(run, "s1", ParseSettings(workers=0, time_zones={"herald": "Asia/Tokyo"}))
    assert results(run)[0]["published_at"].to_list() == [datetime(2026, 2, 1, 1, tzinfo=UTC)]


def test_redirected_page(run: RunContext) -> None:
    """Relative URLs and the site are those of the URL that answered; the row keeps the URL that was asked for."""
    rows = kept(
        run, {GOOD: page("<link rel='canonical' href='/a'><meta property='og:image' content='/i.jpg'>").encode()}
    )
    rows[0]["final_url"] = "https://moved.example/b"
    stage(run, rows)
    parse_shard(run, "s1", HERE)
    row = results(run)[0].row(0, named=True)
    assert (row["url"], row["canonical_url"], row["image_url"]) == (
        GOOD,
        "https://moved.example/a",
        "https://moved.example/i.jpg",
    )


def test_compressed_body(run: RunContext) -> None:
    """Content encodings are undone within the limits; a bomb is refused with its reason."""
    story = page().encode()
    bomb = gzip.compress(b"<p>" + b" " * 9_000_000)
    rows = []
    with CaptureWriter(run.folder, run.run_id, run.now, "z") as writer:
        for url, body in ((GOOD, gzip.compress(story)), (PDF, bomb)):
            headers = ((b"Content-Type", b"text/html"), (b"Content-Encoding", b"gzip"))
            place = writer.write_response(_exchange(url, headers, body))
            rows.append(
                capture(url, capture_uri=place.uri, capture_offset=place.offset, payload_digest=payload_digest(body))
            )
    stage(run, rows)
    parse_shard(run, "s1", ParseSettings(workers=0, limits=BodyLimits(max_bytes=1_000_000)))
    articles, quarantine = results(run)
    assert articles["url"].to_list() == [GOOD]
    assert quarantine["reason"].to_list()[0] in (Reason.BOMB.value, Reason.TOO_LARGE.value)


def _exchange(url: str, headers: tuple[tuple[bytes, bytes], ...], body: bytes) -> Exchange:
    """A response as the HTTP client hands it over."""
    return Exchange(url=url, final_url=url, status=200, reason="OK", headers=headers, body=body, captured_at=AT)


@pytest.mark.parametrize(
    "place", [{"capture_uri": "captures/none.warc.gz", "capture_offset": 0}, {"capture_uri": None}]
)
def test_capture_that_cannot_be_read(run: RunContext, place: dict[str, Any]) -> None:
    """A capture whose record is missing is quarantined as unreadable, and the others go on."""
    good, *_ = kept(run, {GOOD: page().encode()})
    stage(run, [capture(GONE, **place), good])
    assert parse_shard(run, "s1", HERE) == ShardSummary("parse", "s1", 2, 1, 1)
    assert results(run)[1]["reason"].to_list() == [Reason.UNREADABLE.value]


def test_torn_record(run: RunContext) -> None:
    """A record that was cut in the middle is quarantined, not half parsed."""
    rows = kept(run, {GOOD: page().encode()})
    path = run.folder.resolve(rows[0]["capture_uri"])
    path.write_bytes(path.read_bytes()[:-40])
    stage(run, rows)
    parse_shard(run, "s1", HERE)
    assert results(run)[1]["reason"].to_list() == [Reason.UNREADABLE.value]


def test_workers_give_the_same_rows(run: RunContext) -> None:
    """Any number of workers gives the same rows in the same order."""
    bodies = {f"https://a.example/{n}": page(title=f"Story number {n} of many").encode() for n in range(8)}
    bodies["https://a.example/empty"] = b""
    rows = frame(Capture, kept(run, bodies))
    none = frame(Candidate, [])
    alone = parse_captures(rows, none, run, HERE)
    for workers in (1, 2):
        both = parse_captures(rows, none, run, ParseSettings(workers=workers))
        assert alone[0].equals(both[0])
        assert alone[1].equals(both[1])


PAYLOADS = st.sampled_from(
    [b"", b"\0\0", b"%PDF-", page().encode(), page(title="404").encode(), b"{}", b"<p>", b"\xff\xfe<\0"]
)
OUTCOMES = st.sampled_from([outcome.value for outcome in Outcome])


@given(st.lists(st.tuples(OUTCOMES, PAYLOADS), max_size=6))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_conservation(run: RunContext, cases: list[tuple[str, bytes]]) -> None:
    """Each fetched or refused capture gives exactly one row in exactly one table; nothing else gives any."""
    rows = kept(run, {f"https://a.example/{n}": payload for n, (_, payload) in enumerate(cases)})
    for row, (outcome, _) in zip(rows, cases, strict=True):
        row |= {"outcome": outcome, "reason": "bomb" if outcome == "refused" else None}
    articles, quarantine = parse_captures(frame(Capture, rows), frame(Candidate, []), run, HERE)
    due = [row["url"] for row in rows if row["outcome"] in ("fetched", "refused")]
    assert sorted([*articles["url"].to_list(), *quarantine["url"].to_list()]) == sorted(due)
    passed = [
        row["url"]
        for row, (_, body) in zip(rows, cases, strict=True)
        if row["outcome"] == "fetched" and isinstance(parse(body, url=row["url"]), ParsedPage)
    ]
    assert articles["url"].to_list() == passed
