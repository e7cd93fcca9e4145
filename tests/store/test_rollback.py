"""Runs that are taken back and given back: rows of decisions, views as if they had never been, no file touched."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.errors import FolderBusyError, UsageError
from tasks.io.folder import DataFolder
from tasks.io.memory import retracted_runs
from tasks.io.recovery import hold_run
from tasks.io.tables import Snapshot
from tasks.publish.database import publish_tables
from tasks.store.rollback import rollback, undo_rollback
from tasks.store.run import store_run
from tests.store.staged import LONG, Page, facts, remembered, stage_run

A, B = "https://example.org/a", "https://example.org/b"


def store(folder: DataFolder, run_id: str, *pages: Page) -> None:
    """Store one run with these pages."""
    store_run(stage_run(folder, run_id, remembered(folder, pages)), facts())


@pytest.fixture
def nights(folder: DataFolder) -> DataFolder:
    """Three runs: A; A changed and B; A changed again. Published."""
    store(folder, "r1", Page(A, LONG + "one", 1))
    store(folder, "r2", Page(A, LONG + "two", 2), Page(B, LONG + "B", 2))
    store(folder, "r3", Page(A, LONG + "three", 3))
    publish_tables(folder)
    return folder


def ask(folder: DataFolder, sql: str) -> list[tuple[Any, ...]]:
    """All rows of an answer over what is published."""
    with duckdb.connect(str(folder.database), read_only=True) as database:
        database.execute("set TimeZone = 'UTC'")
        return database.execute(sql).fetchall()


def texts(folder: DataFolder, source: str = "articles") -> set[str]:
    """The last words of the articles' bodies, published anew."""
    publish_tables(folder)
    return {body.removeprefix(LONG) for (body,) in ask(folder, f"select body from {source}")}  # noqa: S608 - our own


def files(folder: DataFolder) -> dict[Path, str]:
    """Every Parquet file of the tables but decisions (the index is no table), with its digest."""
    found = [path for path in folder.root.glob("[!s]*/**/*.parquet") if not {"decisions", "index"} & set(path.parts)]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


@pytest.mark.faults
def test_H12_an_older_version_is_published_by_one_command(nights: DataFolder) -> None:
    """Back to the first run: its texts are shown, nothing of the others, and no file was touched."""
    before = files(nights)
    assert texts(nights) == {"three", "B"}
    assert rollback(nights, "r1", note="bad night", actor="desk").runs == ("r2", "r3")
    assert texts(nights) == {"one"}
    assert files(nights) == before
    assert ask(nights, "select run_id, note, actor from retracted_runs order by all") == [
        ("r2", "bad night", "desk"),
        ("r3", "bad night", "desk"),
    ]
    assert {run for (run,) in ask(nights, "select distinct run_id from ledger")} == {"r1"}


@pytest.mark.parametrize(
    "macro", ["articles_as_of('2026-04-01')", "dataset_as_of('2026-04-01')", "article_versions", "edits"]
)
def test_every_way_to_ask_respects_it(nights: DataFolder, macro: str) -> None:
    """Macros and views show nothing of a run that is taken back, and all of it after the undo."""
    publish_tables(nights)
    count = f"select count(*) from {macro}"  # noqa: S608 - names of our own
    before = ask(nights, count)
    rollback(nights, "r2")
    publish_tables(nights)
    retracted = Page(A, LONG + "three", 3).version
    assert ask(nights, f"{count} where version_id = '{retracted}'") == [(0,)]
    undo_rollback(nights)
    publish_tables(nights)
    assert ask(nights, count) == before


def test_undo_gives_back_one_rollback_at_a_time(nights: DataFolder) -> None:
    """Two rollbacks, two undos, in the reverse order; a third has nothing to undo."""
    rollback(nights, "r2")
    rollback(nights, "r1")
    assert undo_rollback(nights).runs == ("r2",)
    assert texts(nights) == {"two", "B"}
    assert undo_rollback(nights).runs == ("r3",)
    assert texts(nights) == {"three", "B"}
    with pytest.raises(UsageError, match="No rollback stands"):
        undo_rollback(nights)


def test_the_next_run_knows_nothing_of_what_was_taken_back(nights: DataFolder) -> None:
    """The same page comes again: it is new against the first run, and the balance holds; then the undo."""
    rollback(nights, "r1")
    page = Page(A, LONG + "three", 4)
    (known,) = remembered(nights, [page])
    assert known.known["known_version_id"] == Page(A, LONG + "one", 1).version
    store(nights, "r4", page)
    assert texts(nights) == {"three"}
    rows = {row["version_id"]: row for row in Snapshot.open(nights).read("articles").iter_rows(named=True)}
    assert rows[page.version]["previous_id"] == Page(A, LONG + "one", 1).version
    undo_rollback(nights)
    assert texts(nights) == {"three", "B"}
    assert ask(nights, "select count(*) from article_versions") == [(5,)]


def test_a_rollback_to_the_last_run_changes_nothing(nights: DataFolder) -> None:
    """No decision is written."""
    assert rollback(nights, "r3").runs == ()
    assert Snapshot.open(nights).read("decisions").is_empty()


@pytest.mark.parametrize(
    ("run", "sentence"),
    [("r9", "There is no run 'r9'; the last ones are: r3, r2, r1"), ("r", "3 runs begin with 'r'"), ("", "no run ''")],
)
def test_a_run_that_is_not_there(nights: DataFolder, run: str, sentence: str) -> None:
    """One sentence, with the runs that there are."""
    with pytest.raises(UsageError, match=sentence):
        rollback(nights, run)


def test_a_run_that_is_taken_back_is_no_place_to_go(nights: DataFolder) -> None:
    """Not even to make more of it."""
    rollback(nights, "r1")
    with pytest.raises(UsageError, match="r2 is taken back itself"):
        rollback(nights, "r2")


def test_a_run_at_work_is_not_pulled_from_under(nights: DataFolder) -> None:
    """While a run is alive nothing is decided: what it knows of the pages would be wrong."""
    with hold_run(nights, "alive"), pytest.raises(FolderBusyError, match="A run is at work"):
        rollback(nights, "r1")


def test_a_run_that_died_is_finished_first(nights: DataFolder) -> None:
    """A killed run has asked with the memory of runs that would be gone."""
    stage_run(nights, "dead", [Page(A, LONG + "four", 4)])
    (nights.run("dead") / "lock").touch()
    with pytest.raises(FolderBusyError, match="The run dead was killed"):
        rollback(nights, "r1")


@pytest.mark.faults
def test_H9_a_clock_that_went_back_does_not_reorder_decisions(nights: DataFolder, monkeypatch: Any) -> None:
    """A decision is later than all before it, though the clock says 1990: the undo undoes."""
    rollback(nights, "r1")

    class Past(datetime):
        @classmethod
        def now(cls, _zone: Any = None) -> "Past":
            return cls(1990, 1, 1, tzinfo=UTC)

    monkeypatch.setattr("tasks.io.decisions.datetime", Past)
    undo_rollback(nights)
    assert retracted_runs(Snapshot.open(nights)) == frozenset()


# --- changes_since -------------------------------------------------------------------------------------------------


def changes(folder: DataFolder, run: str) -> set[tuple[str, str, str | None]]:
    """URL, change and the last words of the text that is to be loaded."""
    publish_tables(folder)
    rows = ask(
        folder,
        f"select c.url, c.change, a.body from changes_since('{run}') c left join articles a using (version_id)",  # noqa: S608 - our own
    )
    return {(url, change, body and body.removeprefix(LONG)) for url, change, body in rows}


def test_changes_since_a_run(nights: DataFolder) -> None:
    """New and changed articles; an article that changed twice is one row; nothing since the last run."""
    assert changes(nights, "r1") == {(A, "changed", "three"), (B, "new", "B")}
    assert changes(nights, "r2") == {(A, "changed", "three")}
    assert changes(nights, "r3") == set()


def test_changes_since_tell_gone_and_back(nights: DataFolder) -> None:
    """404 after the run: gone, the text stays; there again: back, once."""
    store(nights, "r4", Page(B, LONG + "B", 4, outcome="gone"))
    assert changes(nights, "r3") == {(B, "gone", "B")}
    assert changes(nights, "r4") == set()
    store(nights, "r5", Page(B, LONG + "B", 5))
    assert changes(nights, "r4") == {(B, "back", "B")}
    assert changes(nights, "r3") == set()


def test_changes_since_tell_what_was_taken_back(nights: DataFolder) -> None:
    """Who holds the third run drops B and goes back to the first text of A; who holds the first has nothing to do."""
    rollback(nights, "r1")
    assert changes(nights, "r3") == {(A, "retracted", "one"), (B, "retracted", None)}
    assert changes(nights, "r1") == set()


def test_changes_since_a_run_after_a_rollback_and_its_undo(nights: DataFolder) -> None:
    """What was taken back when the run ended was not loaded with it, so the undo makes it new."""
    rollback(nights, "r1")
    store(nights, "r4", Page(A, LONG + "four", 4))
    undo_rollback(nights)
    assert changes(nights, "r4") == {(B, "new", "B")}


def test_changes_since_an_unknown_run(nights: DataFolder) -> None:
    """An error that names it, never an empty answer."""
    publish_tables(nights)
    with pytest.raises(duckdb.Error, match="there is no run nobody"):
        ask(nights, "from changes_since('nobody')")


def test_loading_increments_gives_the_dataset(nights: DataFolder) -> None:
    """A copy that applies changes_since after each step is the dataset, through new, changed, gone and rollback."""
    held: dict[str, str] = {}
    last = None

    def load(now: str) -> None:
        nonlocal last
        publish_tables(nights)
        current = dict(ask(nights, "select article_id, version_id from articles"))
        if last is None:
            held.update(current)
        else:
            for article, version in ask(nights, f"select article_id, version_id from changes_since('{last}')"):  # noqa: S608 - our own
                held.pop(article, None)
                if version is not None:
                    held[article] = version
        assert held == current
        last = now

    load("r3")
    store(nights, "r4", Page(A, LONG + "four", 4), Page(A + "2", LONG + "new", 4))
    load("r4")
    rollback(nights, "r2")
    load("r2")
    store(nights, "r5", Page(B, LONG + "B2", 5))
    load("r5")
