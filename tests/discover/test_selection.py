"""What is due in a run: known and due, first source, limits, turns; and the counts that the balance stands on."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.source import Source, SourceKind
from tasks.discover.selection import Selection, select
from tests.conftest import NIGHT
from tests.discover.rows import at, candidate, candidates, ledger, ledger_row

NOW = NIGHT + timedelta(days=1)
SOON, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
NEVER = at("2262-01-01")
PAGE, FILE = "https://x.org/1", "file:///d/a.txt"
MTIME = "2026-03-01T00:00:00.000000+00:00"


def sources(*names: str, **limits: int) -> list[Source]:
    """Sources of these ids, with limits by id."""
    return [Source(id=name, kind=SourceKind.FOLDER, path=Path("x"), limit=limits.get(name)) for name in names]


def record(url: str = PAGE, uri: str = "w.warc.gz", offset: int = 0, **more: Any) -> dict[str, Any]:
    """A candidate that lies in a web archive."""
    return candidate(url, capture_uri=uri, capture_offset=offset, **more)


def urls(rows: pl.DataFrame) -> list[str]:
    """The last part of each URL, in order."""
    return [url.rpartition("/")[2] for url in rows["url"]]


def counts(found: Selection) -> dict[str, tuple[int, int, int]]:
    """source_id to found, known, also listed."""
    return {row[0]: row[1:] for row in found.counts.iter_rows()}


@pytest.mark.parametrize(
    ("listed", "known", "is_due"),
    [
        ({}, None, True),
        ({}, {"next_try_at": None}, True),
        ({}, {"next_try_at": SOON}, True),
        ({}, {"next_try_at": NOW}, True),
        ({}, {"next_try_at": LATER}, False),
        ({}, {"next_try_at": NEVER}, True),
        ({}, {"next_try_at": LATER, "state": "gone"}, False),
        ({}, {"next_try_at": LATER, "state": "failed"}, False),
        ({"listed_modified_at": "2026-03-02T02:16:00Z"}, {"next_try_at": LATER}, True),
        ({"listed_modified_at": "2026-03-02T02:14:00Z"}, {"next_try_at": LATER}, False),
        ({"listed_modified_at": "Mon, 02 Mar 2026 05:00:00 GMT"}, {"next_try_at": LATER}, True),
        ({"listed_modified_at": "2026-03-02"}, {"next_try_at": LATER}, True),
        ({"listed_modified_at": "2026-03-01"}, {"next_try_at": LATER}, False),
        ({"listed_modified_at": "2099-01-01"}, {"next_try_at": LATER}, False),
        ({"listed_modified_at": "soon"}, {"next_try_at": LATER}, False),
        ({"listed_modified_at": "2026-03-02T09:00Z"}, {"next_try_at": LATER, "captured_at": None}, False),
        ({"listed_published_at": "2026-03-02T09:00Z"}, {"next_try_at": LATER}, False),
    ],
)
def test_pages(listed: dict[str, Any], known: dict[str, Any] | None, is_due: bool) -> None:
    """A page is due when its time has come or its listing says that it changed since; a date to come says nothing."""
    rows = candidates(candidate(PAGE, **listed))
    found = select(rows, ledger(*([ledger_row(PAGE, **known)] if known is not None else [])), sources("a"), NOW)
    assert len(found.candidates) == is_due
    assert counts(found) == {"a": (1, 1 - is_due, 0)}


@pytest.mark.parametrize(
    ("known", "is_due"),
    [
        (None, True),
        ({"last_modified": MTIME, "next_try_at": NEVER}, False),
        ({"last_modified": MTIME, "state": "quarantined"}, False),
        ({"last_modified": MTIME, "state": "deferred"}, True),
        ({"last_modified": MTIME, "state": "failed"}, True),
        ({"last_modified": MTIME, "state": "failed", "next_try_at": LATER}, False),
        ({"last_modified": "2026-02-01T00:00:00.000000+00:00", "next_try_at": NEVER}, True),
        ({"last_modified": None, "next_try_at": NEVER}, True),
    ],
)
def test_files(known: dict[str, Any] | None, is_due: bool) -> None:
    """A file is due when its last change is not the one that was read."""
    rows = candidates(candidate(FILE, listed_modified_at=MTIME))
    found = select(rows, ledger(*([ledger_row(FILE, **known)] if known else [])), sources("a"), NOW)
    assert len(found.candidates) == is_due


@pytest.mark.parametrize(
    ("records", "known", "due"),
    [
        ([record()], None, 1),
        ([record()], {"capture_uri": "w.warc.gz", "capture_offset": 0}, 0),
        ([record(offset=0), record(offset=500)], {"capture_uri": "w.warc.gz", "capture_offset": 500}, 0),
        ([record(offset=0), record(offset=500)], {"capture_uri": "w.warc.gz", "capture_offset": 0}, 2),
        ([record()], {"capture_uri": "other.warc.gz", "capture_offset": 900}, 1),
        ([record(), record(uri="v.warc.gz")], {"capture_uri": "w.warc.gz", "capture_offset": 0}, 2),
        ([record()], {"capture_uri": None}, 1),
        ([record()], {"capture_uri": "w.warc.gz", "capture_offset": 0, "state": "deferred"}, 1),
        ([record()], {"capture_uri": "w.warc.gz", "capture_offset": 0, "state": "failed", "next_try_at": LATER}, 0),
    ],
)
def test_records(records: list[dict[str, Any]], known: dict[str, Any] | None, due: int) -> None:
    """A URL of an archive is known when the ledger names that archive at its last record; it counts once."""
    found = select(candidates(*records), ledger(*([ledger_row(PAGE, **known)] if known else [])), sources("a"), NOW)
    assert len(found.candidates) == due
    assert counts(found) == {"a": (1, int(not due), 0)}


def test_facts_of_the_ledger_ride_along() -> None:
    """What is due carries what is known of it, so that fetch asks conditionally and store counts on."""
    facts: dict[str, Any] = {
        "etag": '"e"',
        "last_modified": "L",
        "payload_digest": "sha1:D",
        "failure_count": 2,
        "unchanged_count": 3,
    }
    known = ledger_row(PAGE, next_try_at=SOON, article_id="A", version_id="V", **facts)
    for limit in (None, 0):
        found = select(candidates(candidate(PAGE)), ledger(known), sources("a"), NOW, limit)
        row = pl.concat([found.candidates, found.deferred]).row(0, named=True)
        assert {name: row[name] for name in facts} == facts
        assert (row["known_article_id"], row["known_version_id"]) == ("A", "V")


def test_first_source_owns_a_url() -> None:
    """A URL that two sources list belongs to the first of the file, whatever the order of the rows."""
    rows = candidates(candidate(PAGE, "b"), candidate("https://x.org/2", "b", 1), candidate(PAGE, "a"))
    found = select(rows, ledger(), sources("a", "b", "c"), NOW)
    assert found.candidates.select("source_id", "url").rows() == [("a", PAGE), ("b", "https://x.org/2")]
    assert counts(found) == {"a": (1, 0, 0), "b": (1, 0, 1)}


def test_known_url_of_two_sources_counts_once() -> None:
    """A known URL is known in its first source only."""
    rows = candidates(candidate(PAGE, "a"), candidate(PAGE, "b"))
    found = select(rows, ledger(ledger_row(PAGE, next_try_at=LATER)), sources("a", "b"), NOW)
    assert counts(found) == {"a": (1, 1, 0), "b": (0, 0, 1)}


def numbered(source_id: str, count: int, **more: Any) -> list[dict[str, Any]]:
    """Candidates a0, a1 ... of one source."""
    return [candidate(f"https://x.org/{source_id}{n}", source_id, n, **more) for n in range(count)]


def test_sources_take_turns_up_to_the_limit() -> None:
    """The limit is shared out one by one, and what is beyond waits; nothing is lost."""
    rows = candidates(*numbered("a", 5), *numbered("b", 2), *numbered("c", 1))
    found = select(rows, ledger(), sources("a", "b", "c"), NOW, 5)
    assert urls(found.candidates) == ["a0", "b0", "c0", "a1", "b1"]
    assert urls(found.deferred) == ["a2", "a3", "a4"]


def test_limit_of_a_source() -> None:
    """A source's own limit holds beside the run's."""
    rows = candidates(*numbered("a", 4), *numbered("b", 4))
    found = select(rows, ledger(), sources("a", "b", a=1), NOW, 3)
    assert urls(found.candidates) == ["a0", "b0", "b1"]
    assert sorted(urls(found.deferred)) == ["a1", "a2", "a3", "b2", "b3"]


def test_known_urls_cost_no_limit() -> None:
    """Only what is due counts against a limit."""
    known = [ledger_row(f"https://x.org/a{n}", next_try_at=LATER) for n in range(3)]
    found = select(candidates(*numbered("a", 5)), ledger(*known), sources("a", a=2), NOW, 2)
    assert urls(found.candidates) == ["a3", "a4"]


def test_newest_first() -> None:
    """The newest go first; what has no date, or one far ahead, goes last in the order of its listing."""
    dates = ["2026-03-01", "2099-01-01", None, "Mon, 02 Mar 2026 10:00:00 GMT", "nonsense"]
    rows = [row | {"listed_published_at": date} for row, date in zip(numbered("a", 5), dates, strict=True)]
    found = select(candidates(*rows), ledger(), sources("a"), NOW)
    assert urls(found.candidates) == ["a3", "a0", "a1", "a2", "a4"]


def test_records_of_one_url_stay_together() -> None:
    """All records of a URL are taken or wait as one, and cost the limit one URL."""
    rows = [record(f"https://x.org/{n % 2}", offset=n, seq=n) for n in range(4)]
    found = select(candidates(*rows), ledger(), sources("a"), NOW, 1)
    assert found.candidates["capture_offset"].to_list() == [0, 2]
    assert found.deferred["capture_offset"].to_list() == [1, 3]


LISTS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 8), st.sampled_from(["2026-03-01", None])), max_size=30
)


@given(LISTS, st.sets(st.integers(0, 8)), st.none() | st.integers(0, 6), st.none() | st.integers(1, 3))
def test_everything_balances(
    listed: list[tuple[str, int, str | None]], known: set[int], limit: int | None, own: int | None
) -> None:
    """Found = known + due + waiting for each source and over distinct URLs, whatever is listed, known and limited."""
    rows = [
        candidate(f"https://x.org/{number}", name, seq, listed_published_at=date)
        for seq, (name, number, date) in enumerate(dict.fromkeys(listed))
    ]
    before = ledger(*(ledger_row(f"https://x.org/{number}", next_try_at=LATER) for number in known))
    found = select(candidates(*rows), before, sources("a", "b", "c", **({"b": own} if own else {})), NOW, limit)
    taken = [part.group_by("source_id").agg(pl.col("url").n_unique()) for part in (found.candidates, found.deferred)]
    sums = dict.fromkeys("abc", 0)
    for name, number in pl.concat(taken).iter_rows():
        sums[name] += number
    assert all(found_count == known_count + sums[name] for name, (found_count, known_count, _) in counts(found).items())
    assert sum(entry[0] for entry in counts(found).values()) == len({number for _, number, _ in listed})
    assert limit is None or found.candidates["url"].n_unique() <= limit
    assert not own or found.candidates.filter(pl.col("source_id") == "b")["url"].n_unique() <= own


@pytest.mark.faults
@pytest.mark.parametrize(
    ("changed", "known", "due", "disbelieved"),
    [
        (9, 9, 9, 0),
        (10, 10, 0, 10),
        (10_000, 10_000, 0, 10_000),
        (20, 40, 20, 0),
        (21, 40, 0, 21),
        (400, 1000, 400, 0),
    ],
)
def test_C12_a_lastmod_that_is_always_now_is_not_believed(changed: int, known: int, due: int, disbelieved: int) -> None:
    """Also C8: a listing that calls most of its known pages changed brings no storm; few changes are looked at."""
    listed, rows = [], []
    for number in range(known):
        written = "2026-03-03T02:00:00Z" if number < changed else "2026-03-01"
        listed.append(candidate(f"https://x.org/{number}", listed_modified_at=written, listing_url="https://x.org/f"))
        rows.append(ledger_row(f"https://x.org/{number}", next_try_at=LATER, unchanged_count=3))
    found = select(candidates(*listed), ledger(*rows), sources("a"), NOW)
    assert (len(found.candidates), sum(found.disbelieved.values())) == (due, disbelieved)
    assert counts(found)["a"] == (known, known - due, 0)


@pytest.mark.faults
def test_C12_new_pages_and_those_whose_time_has_come_are_looked_at_all_the_same() -> None:
    """Disbelief costs nothing but the claims; another listing of the source is judged by itself."""
    now = "2026-03-03T02:00:00Z"
    listed = [candidate(f"https://x.org/{n}", listed_modified_at=now, listing_url="https://x.org/f") for n in range(14)]
    listed += [candidate("https://x.org/other", listed_modified_at=now, listing_url="https://x.org/g")]
    rows = [ledger_row(f"https://x.org/{n}", next_try_at=SOON if n == 12 else LATER) for n in range(13)]
    rows += [ledger_row("https://x.org/other", next_try_at=LATER)]
    found = select(candidates(*listed), ledger(*rows), sources("a"), NOW)
    assert sorted(urls(found.candidates)) == ["12", "13", "other"]
    assert found.disbelieved == {"a": 12}
