"""Which readings become versions: the table of cases, the four hard ones, and any order of runs."""

import multiprocessing
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.identity import url_id
from tasks.io.folder import DataFolder
from tasks.io.memory import last_rows
from tasks.io.tables import Snapshot
from tasks.store import run as stage
from tasks.store.run import store_run
from tasks.store.versions import READING, SIGHTING, STORED, judge
from tests.io.committing import commit_rows, decision
from tests.store import child
from tests.store.staged import LONG, Page, current, facts, remembered, stage_run

U = "https://example.org/a"
SPAWN = multiprocessing.get_context("spawn")


def kinds(folder: DataFolder) -> dict[str, str]:
    """version_id to kind_of_change."""
    rows = Snapshot.open(folder).read("articles", ["version_id", "kind_of_change"])
    return dict(rows.iter_rows())


def store(folder: DataFolder, run_id: str, *pages: Page) -> None:
    """Store one run with these pages."""
    store_run(stage_run(folder, run_id, remembered(folder, pages)), facts())


# --- the four hard cases -------------------------------------------------------------------------------------------


def test_revert_an_article_goes_back_to_its_first_text(folder: DataFolder) -> None:
    """A, B, A over three runs: three versions, the last is current and named reverted."""
    pages = [Page(U, LONG + "A", 1), Page(U, LONG + "B", 2), Page(U, LONG + "A", 3)]
    for number, page in enumerate(pages):
        store(folder, f"r{number}", page)
    assert current(folder) == {pages[0].article: pages[2].version}
    assert kinds(folder)[pages[2].version] == "reverted"
    assert len(kinds(folder)) == 3


def test_revert_within_one_run(folder: DataFolder) -> None:
    """A, B, A in one archive: three versions, in order of time."""
    pages = [Page(U, LONG + "A", 1), Page(U, LONG + "B", 2, offset=5), Page(U, LONG + "A", 3, offset=9)]
    store(folder, "r1", *pages)
    rows = Snapshot.open(folder).read("articles", ["version_id", "supersedes"])
    assert dict(rows.iter_rows()) == {
        pages[0].version: None,
        pages[1].version: pages[0].version,
        pages[2].version: pages[1].version,
    }
    assert current(folder) == {pages[0].article: pages[2].version}


def test_late_backfill_does_not_become_current(folder: DataFolder) -> None:
    """An older capture that comes later is compared with what was before it in time, and stays in the past."""
    new, old = Page(U, LONG + "B", 5), Page(U, LONG + "A", 1)
    store(folder, "r1", new)
    store(folder, "r2", old)
    between = Page(U, LONG + "A", 3)
    store(folder, "r3", between)
    assert current(folder) == {new.article: new.version}
    assert kinds(folder) == {new.version: "first", old.version: "first"}


def test_late_backfill_between_two_sightings(folder: DataFolder) -> None:
    """B seen on days 1 and 5 (one row); then A of day 3 comes late. Day 5 becomes a row after all."""
    store(folder, "r1", Page(U, LONG + "B", 1))
    store(folder, "r2", Page(U, LONG + "B", 5))
    late, seen = Page(U, LONG + "A", 3), Page(U, LONG + "B", 5)
    store(folder, "r3", late)
    assert current(folder) == {late.article: seen.version}
    snapshot = Snapshot.open(folder)
    row = snapshot.read("articles").filter(pl.col("version_id") == seen.version).row(0, named=True)
    assert (row["body"], row["kind_of_change"], row["run_id"]) == (LONG + "B", "reverted", "r3")
    assert row["supersedes"] == late.version
    assert snapshot.read("removals").filter(pl.col("version_id") == seen.version).height == 1
    store(folder, "r4", Page(U, LONG + "B", 5))
    assert len(kinds(folder)) == 3


def test_reprocess_of_a_chain_with_sightings(folder: DataFolder) -> None:
    """A capture that was read again by newer rules is not undone by later sightings of its old text."""
    store(folder, "r1", Page(U, LONG + "A", 1))
    store(folder, "r2", Page(U, LONG + "A", 5))
    again = Page(U, LONG + "a", 1, fetch={"payload_digest": Page(U, LONG + "A", 1).digest})
    store(folder, "r3", again)
    assert current(folder) == {again.article: again.version}


def test_reprocess_of_a_chain(folder: DataFolder) -> None:
    """The same captures read by newer rules: new versions, each beside the old one; the last capture stays current."""
    old = [Page(U, LONG + text, day, offset=day) for day, text in ((1, "A"), (2, "B"), (3, "C"))]
    store(folder, "r1", *old)
    new = [
        Page(U, LONG + text, page.day, offset=page.offset, fetch={"payload_digest": page.digest})
        for page, text in zip(old, ("a", "B", "c"), strict=True)
    ]
    store(folder, "r2", *new)
    assert current(folder) == {new[2].article: new[2].version}
    assert len(kinds(folder)) == 5
    assert kinds(folder)[new[0].version] == kinds(folder)[new[2].version] == "reprocessed"


@pytest.mark.kill
def test_two_runs_at_once(folder: DataFolder) -> None:
    """Two processes commit at the same time: each text once, both runs whole, the later capture current."""
    pages = {"r1": [Page(U, LONG + "A", 1), Page(U + "same", LONG + "S", 1)],
             "r2": [Page(U, LONG + "B", 2), Page(U + "same", LONG + "S", 1)]}  # fmt: skip
    for run_id, staged in pages.items():
        stage_run(folder, run_id, staged)
    processes = [SPAWN.Process(target=child.store, args=(str(folder.root), run_id)) for run_id in pages]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    snapshot = Snapshot.open(folder)
    versions = snapshot.read("articles")["version_id"].to_list()
    assert len(versions) == len(set(versions)) == 3
    assert sorted(snapshot.read("runs")["run_seq"]) == [1, 2]
    assert current(folder)[pages["r1"][0].article] == pages["r2"][0].version


def test_a_run_that_was_overtaken_judges_again(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run commits the same reading between settling and commit: it is not stored twice."""
    page = Page(U, LONG, 1)
    first, second = stage_run(folder, "r1", [page]), stage_run(folder, "r2", [page])
    draft, calls = stage.make_draft, []

    def overtaken(*args: Any) -> Any:
        made = draft(*args)
        calls.append(args[0].run_id)
        if calls == ["r2"]:
            store_run(first, facts())
        return made

    monkeypatch.setattr(stage, "make_draft", overtaken)
    summary = store_run(second, facts())
    assert calls == ["r2", "r1", "r2"]
    assert (summary.counts.stored, summary.counts.unchanged) == (0, 1)
    assert Snapshot.open(folder).read("articles").height == 1


# --- any order of runs ---------------------------------------------------------------------------------------------

TEXTS = st.sampled_from("ABC")
CAPTURES = st.lists(st.tuples(st.integers(0, 5), TEXTS), min_size=1, max_size=3)


def rows_of(captures: list[tuple[int, str]]) -> pl.DataFrame:
    """Readings of one article, a capture each."""
    rows = {
        f"{day}{text}": {
            "version_id": f"v{day}{text}", "article_id": "a", "url": U, "site": "s", "capture_digest": f"{day}{text}",
            "captured_at": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day), "content_hash": text,
            "word_count": 100, "known_version_id": None, "known_article_id": None,
        }
        for day, text in captures
    }  # fmt: skip
    schema = {**READING, "known_version_id": pl.String(), "known_article_id": pl.String()}
    return pl.DataFrame(list(rows.values()), schema=schema)


@given(st.lists(CAPTURES, min_size=1, max_size=5))
def test_any_sequence_of_runs(runs: list[list[tuple[int, str]]]) -> None:
    """Whatever comes in whatever order: no version twice, no text lost, and the current text is the right one."""
    stored, seen = pl.DataFrame(schema=STORED), pl.DataFrame(schema=SIGHTING)
    for run_seq, captures in enumerate(runs, 1):
        verdicts = judge(rows_of(captures), stored, seen)
        told = verdicts.readings
        assert told["state"].is_in(["stored", "unchanged"]).all()
        assert told["target_id"].null_count() == 0
        unchanged = told.filter(pl.col("state") == "unchanged").with_columns(of_version=pl.col("target_id"))
        seen = pl.concat(
            [
                seen,
                unchanged.filter(~pl.col("version_id").is_in(stored["version_id"].implode()))
                .with_columns(capture_uri=pl.lit(""), capture_offset=pl.lit(0, pl.Int64))
                .select(list(SIGHTING)),
            ]
        )
        kept = pl.concat([told.filter(pl.col("state") == "stored"), verdicts.resighted], how="diagonal")
        stored = pl.concat([stored, kept.with_columns(run_seq=pl.lit(run_seq, pl.Int64)).select(list(STORED))])
    assert stored["version_id"].is_unique().all()
    captured = [capture for captures in runs for capture in captures]
    assert set(stored["content_hash"]) == {text for _, text in captured}
    last_day = max(day for day, _ in captured)
    now = stored.sort("captured_at", "run_seq", "version_id").row(-1, named=True)
    assert now["content_hash"] in {text for day, text in captured if day == last_day}


@settings(max_examples=5)
@given(st.lists(CAPTURES, min_size=1, max_size=3))
def test_current_by_the_tables(runs: list[list[tuple[int, str]]]) -> None:
    """Through real commits: the current version is the greatest (captured_at, run_seq, version_id) of all rows."""
    with tempfile.TemporaryDirectory() as root:
        folder = DataFolder(Path(root) / "d")
        folder.prepare()
        for number, captures in enumerate(runs):
            pages = {(day, text): Page(U, LONG + text, day, offset=n) for n, (day, text) in enumerate(captures)}
            store(folder, f"r{number}", *pages.values())
        snapshot = Snapshot.open(folder)
        rows = snapshot.read("articles").join(snapshot.read("runs", ["run_id", "run_seq"]), on="run_id")
        best = rows.sort("captured_at", "run_seq", "version_id").row(-1, named=True)
        assert current(folder) == {best["article_id"]: best["version_id"]}
        assert rows["version_id"].is_unique().all()


# --- duplicates ----------------------------------------------------------------------------------------------------

SHORT = "Nine words that many pages of a site share."
DUPLICATES = {
    "the same text at two URLs of a site": ([Page(U, day=1), Page(U + "2", day=2)], ["stored", "duplicate"]),
    "the older one is stored, whatever the order": ([Page(U, day=2), Page(U + "2", day=1)], ["duplicate", "stored"]),
    "the same second: by URL": ([Page(U + "b", day=1), Page(U + "a", day=1)], ["duplicate", "stored"]),
    "short texts agree by chance": ([Page(U, SHORT, 1), Page(U + "2", SHORT, 2)], ["stored", "stored"]),
    "other texts": ([Page(U, LONG, 1), Page(U + "2", LONG + "x", 2)], ["stored", "stored"]),
    "another site": ([Page(U, day=1), Page("https://b.org/", site="b.org", day=2)], ["stored", "stored"]),
    "one canonical URL": ([Page(U, canonical=U, day=1), Page(U + "?p", canonical=U, day=2)], ["stored", "duplicate"]),
    "one canonical URL, other text": (
        [Page(U, LONG, 1, canonical=U), Page(U + "?p", LONG + "x", 2, canonical=U)],
        ["stored", "stored"],
    ),
}


@pytest.mark.parametrize("case", DUPLICATES)
def test_duplicates(folder: DataFolder, case: str) -> None:
    """Which of two pages is stored, and which is another name of it."""
    pages, expected = DUPLICATES[case]
    store_run(stage_run(folder, "r1", pages), facts())
    ledger = Snapshot.open(folder).read("ledger", ["url", "state"])
    found = dict(ledger.iter_rows())
    assert [found[page.url] for page in pages] == expected


def test_an_alias_is_said_once(folder: DataFolder) -> None:
    """The second URL of an article is a duplicate on its first night, and unchanged later: one link, no row."""
    for night in (1, 2, 3):
        store(folder, f"r{night}", Page(U, day=night), Page(U + "2", day=night + 0.5))
    snapshot = Snapshot.open(folder)
    links = snapshot.read("links")
    assert (snapshot.read("articles").height, links.height, links["kind"].to_list()) == (1, 1, ["alias"])
    assert links["other_id"].to_list() == [Page(U, day=1).version]


def test_an_alias_that_gets_its_own_text_is_an_article(folder: DataFolder) -> None:
    """A copy that is rewritten becomes a first version of its own."""
    store(folder, "r1", Page(U, day=1), Page(U + "2", day=1.5))
    store(folder, "r2", Page(U + "2", LONG + "own", day=2))
    assert len(current(folder)) == 2


def test_a_retracted_run_is_as_if_it_had_not_been(folder: DataFolder) -> None:
    """After retraction the same reading is stored again, and memory forgets the run."""
    store(folder, "r1", Page(U, day=1))
    commit_rows(folder, "r2", {"decisions": [decision("d1", "retract_run", "r1")]})
    assert last_rows(folder, "page", [url_id(U)]).is_empty()
    store(folder, "r3", Page(U, day=1))
    assert Snapshot.open(folder).read("articles")["run_id"].to_list() == ["r1", "r3"]
