"""Ledger rows: what is kept of a page, a listing and a host for the next run, and when it is due."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from schemas.capture import Capture
from schemas.identity import url_id
from schemas.ledger import Ledger
from schemas.reasons import State
from schemas.table import empty, frame, polars_schema
from tasks.errors import BalanceError
from tasks.io.folder import DataFolder
from tasks.io.memory import last_rows
from tasks.store.hosts import settle_hosts
from tasks.store.parts import load_parts
from tasks.store.recheck import NEVER, RecheckPolicy, next_try
from tasks.store.run import store_run
from tests.store.staged import LONG, Page, at, facts, stage_run

U = "https://example.org/a"
KNOWN = {"etag": '"old"', "last_modified": "then", "payload_digest": "sha1:OLD", "failure_count": 2,
         "unchanged_count": 3, "known_article_id": "A", "known_version_id": "V"}  # fmt: skip
FRESH = {"etag": '"new"', "last_modified": "now", "payload_digest": "sha1:NEW"}
LATER = at(12)


def row_of(folder: DataFolder, *pages: Page) -> dict[str, Any]:
    """The ledger row of the first page's URL after one run of these pages."""
    store_run(stage_run(folder, "r1", pages), facts())
    return last_rows(folder, "page", [url_id(pages[0].url)]).row(0, named=True)


# page -> etag, payload digest, failure_count, unchanged_count
KEPT = {
    "a new text": (Page(U, fetch=FRESH, known=KNOWN), ('"new"', "sha1:NEW", 0, 0)),
    "a 304 without headers": (
        Page(U, outcome="not_modified", known=KNOWN, fetch={"etag": None}), ('"old"', "sha1:OLD", 0, 4),
    ),
    "a 304 with a new ETag": (
        Page(U, outcome="not_modified", known=KNOWN, fetch={"etag": '"n"'}), ('"n"', "sha1:OLD", 0, 4),
    ),
    "a failure, whose headers are the error's": (
        Page(U, outcome="failed", known=KNOWN, fetch={"etag": '"500"'}), ('"old"', "sha1:OLD", 3, 3),
    ),
    "blocked": (Page(U, outcome="blocked", known=KNOWN), ('"old"', "sha1:OLD", 3, 3)),
    "not looked at": (Page(U, outcome="deferred", known=KNOWN), ('"old"', "sha1:OLD", 2, 3)),
    "refused: fetched whole next time": (
        Page(U, refused="reject", known=KNOWN, fetch=FRESH), (None, "sha1:NEW", 0, 0),
    ),
    "held: fetched whole next time": (Page(U, refused="hold", known=KNOWN, fetch=FRESH), (None, "sha1:NEW", 0, 0)),
    "gone": (Page(U, outcome="gone", known=KNOWN, fetch={"etag": '"404"'}), (None, None, 0, 0)),
}  # fmt: skip


@pytest.mark.faults
@pytest.mark.parametrize("case", KEPT)
def test_A21_validators_and_counts(folder: DataFolder, case: str) -> None:
    """Never an ETag that would bring a 304 for a page whose text was not stored."""
    page, expected = KEPT[case]
    row = row_of(folder, page)
    assert (row["etag"], row["payload_digest"], row["failure_count"], row["unchanged_count"]) == expected
    if row["state"] != State.STORED:
        assert (row["article_id"], row["version_id"]) == ("A", "V")


def test_a_local_file_keeps_its_change_and_is_never_due_by_time(folder: DataFolder) -> None:
    """Also a refused one: it is read again when it has changed, which its Last-Modified and digest show."""
    row = row_of(folder, Page("file:///x.txt", refused="reject", fetch=FRESH))
    assert (row["last_modified"], row["payload_digest"], row["next_try_at"]) == ("now", "sha1:NEW", NEVER)


def test_a_page_of_an_archive_has_the_place_of_its_last_record(folder: DataFolder) -> None:
    """Several records of one URL, not in order of time: one row, stored, the deepest offset, the latest time."""
    listed = {"capture_uri": "captures/x.warc.gz", "capture_offset": 0}
    pages = [
        Page(U, LONG + "1", 3, offset=10, known=listed),
        Page(U, LONG + "2", 5, offset=90, known=listed),
        Page(U, LONG + "3", 4, offset=200, known=listed),
        Page(U, day=6, offset=50, outcome="gone", known=listed),
    ]
    row = row_of(folder, *pages)
    assert (row["state"], row["capture_offset"], row["captured_at"]) == ("stored", 200, at(6))
    assert row["next_try_at"] == NEVER
    assert row["version_id"] == pages[1].version


def test_the_last_event_counts_where_nothing_was_stored(folder: DataFolder) -> None:
    """Two records, refused and then gone: gone."""
    assert row_of(folder, Page(U, day=1, refused="reject"), Page(U, day=2, offset=5, outcome="gone"))["state"] == "gone"


def test_a_refusal_outweighs_a_hold(folder: DataFolder) -> None:
    """Two rules refused one page, one of them for good."""
    run = stage_run(folder, "r1", [Page(U, refused="hold")])
    parts = load_parts(run)
    path = run.part("validate", "quarantine", "s0")
    path.parent.mkdir(parents=True, exist_ok=True)
    parts.quarantine.with_columns(severity=pl.lit("reject"), stage=pl.lit("validate")).write_parquet(path)
    store_run(run, facts())
    assert last_rows(folder, "page", [url_id(U)])["state"].to_list() == ["quarantined"]


SLIPS = {
    "nobody read it": ([Page(U), Page(U + "2", outcome="refused")], "parse/quarantine", "neither stored nor refused"),
    "let pass and refused": ([Page(U), Page(U + "2", refused="reject")], None, "both let pass and refused"),
}


@pytest.mark.parametrize("case", SLIPS)
def test_slips_of_a_stage_are_named(folder: DataFolder, case: str) -> None:
    """Never both, never neither: the URL is in the message, and nothing is committed."""
    pages, drop, words = SLIPS[case]
    run = stage_run(folder, "r1", pages)
    parts = folder.run("r1")
    if drop:
        (parts / drop / "s0.parquet").unlink()
    else:
        other = stage_run(DataFolder(folder.root / "other"), "r1", [replace(page, refused=None) for page in pages])
        (parts / "validate/articles/s0.parquet").unlink()
        (other.folder.run("r1") / "validate/articles/s0.parquet").rename(parts / "validate/articles/s0.parquet")
    with pytest.raises(BalanceError, match=f"{words}: {U}2"):
        store_run(run, facts())


def test_a_url_of_two_shards_is_a_slip(folder: DataFolder) -> None:
    """A page that is fetched twice in a run would be counted twice."""
    run = stage_run(folder, "r1", [Page(U), Page(U + "2", shard="s1")])
    parts = folder.staged("r1", "discover", "candidates")
    (parts / "s1.parquet").write_bytes((parts / "s0.parquet").read_bytes())
    with pytest.raises(BalanceError, match="two shards or sources"):
        store_run(run, facts())


# state, unchanged_count, local, asked -> hours from now, or a moment
DUE: dict[tuple[str, int, bool, datetime | None], Any] = {
    ("stored", 0, False, None): 20,
    ("unchanged", 1, False, None): 40,
    ("unchanged", 4, False, None): 320,
    ("unchanged", 6, False, None): 720,
    ("unchanged", 2_000_000, False, None): 720,
    ("duplicate", 0, False, None): 20,
    ("gone", 0, False, None): 720,
    ("quarantined", 0, False, None): 168,
    ("held", 0, False, None): 168,
    ("failed", 0, False, LATER): LATER,
    ("failed", 0, False, None): None,
    ("blocked", 0, False, LATER): LATER,
    ("gone", 0, False, LATER): LATER,
    ("deferred", 0, False, LATER): None,
    ("stored", 0, True, None): NEVER,
    ("quarantined", 0, True, None): NEVER,
    ("failed", 0, True, None): None,
    ("deferred", 0, True, None): None,
}


@pytest.mark.parametrize("case", DUE, ids=str)
def test_when_a_page_is_due(case: tuple[str, int, bool, datetime | None]) -> None:
    """The adaptive rest after each state, its cap, and what fetch has the last word on."""
    schema = {"state": pl.String, "unchanged_count": pl.Int32, "is_local": pl.Boolean}
    rows = pl.DataFrame([case], schema={**schema, "asked_next_try_at": pl.Datetime("us", "UTC")}, orient="row")
    found = rows.select(next_try(RecheckPolicy(), at(10))).item()
    expected = DUE[case]
    assert found == (at(10) + timedelta(hours=expected) if isinstance(expected, int) else expected)


def capture(**more: Any) -> dict[str, Any]:
    """A capture of a listing."""
    return {"url_id": "l", "url": "https://x/feed", "site": "x", "source_id": "s", "kind": "listing",
            "outcome": "fetched", "attempt_count": 1, "captured_at": at(1), **more}  # fmt: skip


BEFORE = {"kind": "listing", "url_id": "l", "state": "read", "etag": '"old"', "last_modified": None,
          "payload_digest": "D", "failure_count": 2, "unchanged_count": 1}  # fmt: skip

# captures -> state, etag, digest, failure_count, unchanged_count
HOSTS: dict[str, tuple[list[dict[str, Any]], tuple[Any, ...]]] = {
    "read": ([capture(etag='"n"', payload_digest="E")], ("read", '"n"', "E", 0, 0)),
    "the same bytes": ([capture(etag='"n"', payload_digest="D")], ("read", '"n"', "D", 0, 2)),
    "304": ([capture(outcome="not_modified")], ("read", '"old"', "D", 0, 2)),
    "failed": ([capture(outcome="failed", etag='"500"')], ("failed", '"old"', "D", 3, 1)),
    "no feed": ([capture(outcome="refused", etag='"n"')], ("failed", '"old"', "D", 3, 1)),
    "gone": ([capture(outcome="gone")], ("gone", '"old"', "D", 0, 0)),
    "not reached": ([capture(outcome="deferred")], ("deferred", '"old"', "D", 2, 1)),
    "the last one counts": (
        [capture(outcome="failed", captured_at=at(2)), capture(payload_digest="E")], ("failed", '"old"', "D", 3, 1),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTS)
def test_listings_and_robots(case: str) -> None:
    """One row each, of the last capture, with what the next request needs."""
    captures, expected = HOSTS[case]
    known = pl.concat([empty(Ledger), pl.DataFrame([BEFORE]).cast({"failure_count": pl.Int32})], how="diagonal_relaxed")
    rows = settle_hosts(frame(Capture, captures), known.select(list(polars_schema(Ledger))), "r1", at(10))
    assert rows.schema == polars_schema(Ledger)
    names = ("state", "etag", "payload_digest", "failure_count", "unchanged_count")
    assert rows.select(names).rows() == [expected]


def test_a_host_that_is_new() -> None:
    """Without memory counts begin at 0, and what robots.txt said is kept."""
    more = {"kind": "robots", "robots_verdict": "rules", "crawl_delay_s": 2.0, "paused_until": LATER}
    rows = settle_hosts(frame(Capture, [capture(**more)]), empty(Ledger), "r1", at(10))
    row = rows.row(0, named=True)
    assert (row["state"], row["failure_count"], row["robots_verdict"]) == ("read", 0, "rules")
    assert (row["crawl_delay_s"], row["paused_until"]) == (2.0, LATER)
