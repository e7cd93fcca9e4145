"""Whole runs through store: states, idempotence, what the tables hold afterwards."""

import pytest

from schemas.identity import url_id
from schemas.reasons import RunStatus, State
from tasks.errors import BalanceError
from tasks.io.folder import DataFolder
from tasks.io.memory import last_rows
from tasks.io.recovery import dead_runs
from tasks.io.tables import Snapshot
from tasks.store.run import store_run
from tests.store.staged import LONG, Page, at, current, facts, logical, remembered, stage_run

U = "https://example.org/"


def states(folder: DataFolder, run_id: str) -> dict[str, str]:
    """The state of each page URL of a run."""
    rows = Snapshot.open(folder).read("ledger", ["run_id", "kind", "url", "state"])
    return {r["url"]: r["state"] for r in rows.iter_rows(named=True) if r["run_id"] == run_id and r["kind"] == "page"}


def test_every_candidate_ends_in_one_state(folder: DataFolder) -> None:
    """One page for each state gives one ledger row each, and the sums agree."""
    pages = [
        Page(U + "stored"),
        Page(U + "copy", day=1),
        Page(U + "quarantined", refused="reject"),
        Page(U + "held", refused="hold"),
        Page(U + "bomb", outcome="refused"),
        Page(U + "blocked", outcome="blocked"),
        Page(U + "gone", outcome="gone"),
        Page(U + "failed", outcome="failed"),
        Page(U + "paused", outcome="deferred"),
        Page(U + "same", outcome="not_modified"),
        Page(U + "beyond", is_over_limit=True),
    ]
    summary = store_run(stage_run(folder, "r1", pages, known_count=5), facts())
    assert states(folder, "r1") == {
        U + "stored": "stored", U + "copy": "duplicate", U + "quarantined": "quarantined", U + "held": "held",
        U + "bomb": "quarantined", U + "blocked": "blocked", U + "gone": "gone", U + "failed": "failed",
        U + "paused": "deferred", U + "same": "unchanged", U + "beyond": "deferred",
    }  # fmt: skip
    assert summary.counts.balanced
    assert (summary.counts.found, summary.counts.known, summary.counts.quarantined) == (16, 5, 2)
    assert summary.status == RunStatus.COMPLETED
    assert [source.counts for source in summary.sources] == [summary.counts]


def test_a_second_call_changes_nothing(folder: DataFolder) -> None:
    """Storing a committed run again gives the same summary and the same rows."""
    pages = [Page(U + "a"), Page(U + "b", text=LONG + "b")]
    first = store_run(stage_run(folder, "r1", pages), facts())
    before = logical(folder)
    again = store_run(stage_run(folder, "r1", pages), facts())
    assert (again, logical(folder)) == (first, before)
    assert dead_runs(folder) == []


def test_an_unchanged_page_makes_no_row_and_rests_longer(folder: DataFolder) -> None:
    """The same text on later nights: unchanged, counted, and due after twice the time."""
    store_run(stage_run(folder, "r1", [Page(U, day=1)], now=at(1)), facts())
    for night in (2, 3):
        pages = remembered(folder, [Page(U, day=night)])
        store_run(stage_run(folder, f"r{night}", pages, now=at(night)), facts())
    row = last_rows(folder, "page", [url_id(U)]).row(0, named=True)
    assert (row["state"], row["unchanged_count"], row["run_id"]) == ("unchanged", 2, "r3")
    assert (row["next_try_at"] - at(3)).total_seconds() == 80 * 3600
    assert row["version_id"] == Page(U, day=1).version
    assert Snapshot.open(folder).read("articles").height == 1


def test_a_run_without_a_usable_page_has_failed_but_is_remembered(folder: DataFolder) -> None:
    """All pages lost: status failed with the reasons, and the ledger rows are committed all the same."""
    pages = [Page(U + "a", outcome="failed"), Page(U + "b", refused="reject"), Page(U + "c", outcome="blocked")]
    summary = store_run(stage_run(folder, "r1", pages), facts())
    assert summary.status == RunStatus.FAILED
    assert "No page of 3" in (summary.reason or "")
    assert len(states(folder, "r1")) == 3


def test_pages_that_were_lost_before_do_not_fail_a_quiet_night(folder: DataFolder) -> None:
    """The same dead pages again: remembered, but no failed run; one more that is lost for the first time is one."""
    dead = [Page(U + "a", outcome="failed"), Page(U + "b", outcome="blocked"), Page(U + "c", refused="reject")]
    store_run(stage_run(folder, "r1", [Page(U), *dead]), facts())
    quiet = store_run(stage_run(folder, "r2", remembered(folder, dead), now=at(9)), facts())
    assert (quiet.status, quiet.reason) == (RunStatus.COMPLETED, None)
    fresh = [*remembered(folder, dead), Page(U + "d", outcome="failed")]
    assert store_run(stage_run(folder, "r3", fresh, now=at(20)), facts()).reason == (
        "No page of 1 was usable: 1 failed (http_status)."
    )


def test_a_run_without_candidates_is_completed(folder: DataFolder) -> None:
    """A quiet night: nothing due, one run row, no page row, and memory holds what was read."""
    listing = {"url": U + "feed", "etag": '"1"', "payload_digest": "sha1:A"}
    summary = store_run(stage_run(folder, "r1", [], listings=[listing], known_count=7), facts())
    assert (summary.status, summary.counts.found, summary.counts.attempted) == ("completed", 7, 0)
    row = last_rows(folder, "listing", [url_id(U + "feed")]).row(0, named=True)
    assert (row["state"], row["etag"]) == ("read", '"1"')


def test_a_shard_that_was_not_finished_is_deferred(folder: DataFolder) -> None:
    """Fetched but never read: deferred, and without the validators that would bring a 304 next time."""
    pages = [Page(U + "a"), Page(U + "b", shard="s1", is_parsed=False, fetch={"etag": '"b"'})]
    summary = store_run(stage_run(folder, "r1", pages), facts(RunStatus.RECOVERED))
    row = last_rows(folder, "page", [url_id(U + "b")]).row(0, named=True)
    assert (row["state"], row["reason"], row["etag"], row["next_try_at"]) == ("deferred", "not_reached", None, None)
    assert summary.status == RunStatus.RECOVERED


def test_a_page_that_fetch_lost_fails_the_run_by_name(folder: DataFolder) -> None:
    """A candidate of a finished shard without a capture is a slip of ours: nothing is committed."""
    run = stage_run(folder, "r1", [Page(U + "a"), Page(U + "lost", is_captured=False)])
    with pytest.raises(BalanceError, match=r"1 pages have no state: https://example\.org/lost"):
        store_run(run, facts())
    assert Snapshot.open(folder).runs == frozenset()


def test_sums_that_differ_fail_the_run(folder: DataFolder) -> None:
    """A capture whose candidate is missing is named."""
    run = stage_run(folder, "r1", [Page(U + "a")])
    (run.folder.staged("r1", "discover", "candidates") / "s0.parquet").unlink()
    with pytest.raises(BalanceError, match="never listed"):
        store_run(run, facts())


def test_gone_and_failed_pages_keep_their_article(folder: DataFolder) -> None:
    """A 404 after a failure after a text: the ledger still knows which article the page was."""
    store_run(stage_run(folder, "r1", [Page(U, fetch={"etag": '"x"'})]), facts())
    store_run(stage_run(folder, "r2", remembered(folder, [Page(U, day=1, outcome="failed")])), facts())
    failed = last_rows(folder, "page", [url_id(U)]).row(0, named=True)
    store_run(stage_run(folder, "r3", remembered(folder, [Page(U, day=2, outcome="gone")])), facts())
    gone = last_rows(folder, "page", [url_id(U)]).row(0, named=True)
    assert (failed["etag"], failed["failure_count"]) == ('"x"', 1)
    assert (gone["state"], gone["version_id"], gone["failure_count"]) == (State.GONE, Page(U).version, 0)


def test_removals_only_of_versions_that_are_stored(folder: DataFolder) -> None:
    """An unchanged page's receipts are not kept a second time."""
    store_run(stage_run(folder, "r1", [Page(U)]), facts())
    pages = remembered(folder, [Page(U, day=1), Page(U + "new", text=LONG + "more")])
    store_run(stage_run(folder, "r2", pages), facts())
    removals = Snapshot.open(folder).read("removals")
    assert sorted(removals["version_id"]) == sorted([Page(U).version, Page(U + "new", text=LONG + "more").version])


def test_one_capture_under_two_urls_is_one_version(folder: DataFolder) -> None:
    """Two URLs with the same canonical, digest and time: one row, one alias, one receipt."""
    same = {"payload_digest": "sha1:S"}
    pages = [Page(U + "a", canonical=U + "a", fetch=same), Page(U + "b", canonical=U + "a", fetch=same, shard="s1")]
    summary = store_run(stage_run(folder, "r1", pages), facts())
    snapshot = Snapshot.open(folder)
    assert (summary.counts.stored, summary.counts.duplicate) == (1, 1)
    assert (snapshot.read("articles").height, snapshot.read("removals").height) == (1, 1)


def test_a_copy_on_another_site_is_stored_and_tied(folder: DataFolder) -> None:
    """Syndicated text: two articles, one link from the later to the earlier; also when the earlier one comes later."""
    first, late = Page("https://b.org/1", site="b.org", day=2), Page("https://c.org/1", site="c.org", day=3)
    early = Page("https://a.org/1", site="a.org", day=1)
    store_run(stage_run(folder, "r1", [first, late]), facts())
    store_run(stage_run(folder, "r2", [early]), facts())
    links = Snapshot.open(folder).read("links")
    assert set(links.select("version_id", "other_id", "kind").iter_rows()) == {
        (late.version, first.version, "duplicate"),
        (first.version, early.version, "duplicate"),
        (late.version, early.version, "duplicate"),
    }
    assert len(current(folder)) == 3
