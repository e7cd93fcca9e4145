"""Several runs that commit at the same time: who waits for whom, and what is judged anew."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from schemas.reasons import DecisionKind
from tasks.io.commit import commit_lock
from tasks.io.decisions import Choice, decide
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot
from tasks.store import run as store_module
from tasks.store.draft import Draft, make_draft
from tasks.store.run import store_run
from tests.store import child
from tests.store.staged import LONG, Page, at, current, facts, logical, stage_run

U = "https://example.org/"
V = "https://other.example/"
SPAWN = multiprocessing.get_context("spawn")
STORY = " ".join(f"word{number} of the long story" for number in range(60))
RETOLD = STORY.replace("word7 ", "another ")
OWN = [Page(U + "a", text=STORY), Page(U + "b", refused="reject")]
LISTED = [{"url": U + "feed"}]

OTHERS: dict[str, tuple[list[Page], bool]] = {
    "other pages of another site": ([Page(V + "x", text="Quite other words stand here. " * 30, site="o")], False),
    "a refused page of another site": ([Page(V + "x", refused="reject", site="o")], False),
    "the same page": ([Page(U + "a", text=LONG, day=1)], True),
    "the same page, refused": ([Page(U + "b", refused="reject")], True),
    "another page of the same article": ([Page(V + "p", canonical=U + "a", text=LONG, site="o")], True),
    "the same text elsewhere": ([Page(V + "x", text=STORY, site="o")], True),
    "nearly the same text elsewhere": ([Page(V + "x", text=RETOLD, site="o", title="Other")], True),
}


@pytest.fixture
def drafts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The run of each draft that is made."""
    made: list[str] = []

    def noted(run: Any, *more: Any) -> Draft:
        made.append(run.run_id)
        return make_draft(run, *more)

    monkeypatch.setattr(store_module, "make_draft", noted)
    return made


def between(monkeypatch: pytest.MonkeyPatch, work: Callable[[], object]) -> None:
    """Do something once, when a run has its draft and has not taken the lock yet."""
    real, done = store_module.commit_lock, list[str]()

    def lock(folder: DataFolder, owner: str) -> Any:
        if not done and owner == "own":
            done.append(owner)
            work()
        return real(folder, owner)

    monkeypatch.setattr(store_module, "commit_lock", lock)


@pytest.mark.parametrize("name", OTHERS)
def test_only_a_run_that_touches_it_makes_a_run_judge_anew(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, drafts: list[str], name: str
) -> None:
    """Overtaken by another run: the draft stands unless they have something in common; the rows are the same."""
    others, is_touched = OTHERS[name]
    store_run(stage_run(folder, "first", [Page(U + "a", text=LONG)], listings=LISTED), facts())
    own = stage_run(folder, "own", OWN)
    other = stage_run(folder, "other", others)
    drafts.clear()
    between(monkeypatch, lambda: store_run(other, facts()))
    store_run(own, facts())
    assert drafts.count("own") == 1 + is_touched
    after = DataFolder(folder.root.with_name("one after the other"))
    after.prepare()
    store_run(stage_run(after, "first", [Page(U + "a", text=LONG)], listings=LISTED), facts())
    store_run(stage_run(after, "other", others), facts())
    store_run(stage_run(after, "own", OWN), facts())
    assert (logical(folder), current(folder)) == (logical(after), current(after))
    assert list(folder.staging.iterdir()) == []


@pytest.mark.parametrize("what", ["the same listing", "a decision"])
def test_a_listing_or_a_decision_in_between_counts_too(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, drafts: list[str], what: str
) -> None:
    """The ledger's row of the listing, or the run that was taken back, may have been judged by."""
    store_run(stage_run(folder, "first", [Page(U + "a", text=LONG)], listings=LISTED), facts())
    own = stage_run(folder, "own", OWN, listings=LISTED)
    other = stage_run(folder, "other", OTHERS["a refused page of another site"][0], listings=LISTED)
    drafts.clear()
    if what == "a decision":
        choice = Choice(DecisionKind.RETRACT_RUN, "first")
        between(monkeypatch, lambda: decide(folder, "rollback", lambda _tables: [choice], now=at(11)))
    else:
        between(monkeypatch, lambda: store_run(other, facts()))
    store_run(own, facts())
    assert drafts.count("own") == 2


def test_who_is_overtaken_again_and_again_makes_others_wait(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, drafts: list[str]
) -> None:
    """Each time the run has its draft another one of the same page comes first; the last is made under the lock."""
    own = stage_run(folder, "own", OWN)
    real = store_module.commit_lock
    rivals = iter(range(100))

    def lock(place: DataFolder, owner: str) -> Any:
        if owner == "own" and drafts.count("own") <= store_module.TRIES and drafts[-1:] == ["own"]:
            number = next(rivals)
            rival = stage_run(folder, f"rival{number}", [Page(U + "a", text=f"{LONG} {number}", day=number / 10)])
            store_run(rival, facts())
        return real(place, owner)

    monkeypatch.setattr(store_module, "commit_lock", lock)
    store_run(own, facts())
    assert drafts.count("own") == store_module.TRIES + 1
    assert Snapshot.open(folder).runs == {"own", *(f"rival{number}" for number in range(store_module.TRIES))}


@pytest.mark.kill
@pytest.mark.faults
def test_H5_H10_a_killed_holder_is_taken_over_at_once(folder: DataFolder) -> None:
    """A process stops in the middle of its commit: the next one waits; when it is killed, its run is finished first."""
    stage_run(folder, "r1", [Page(U + "a")])
    second = stage_run(folder, "r2", [Page(U + "a"), Page(U + "b", text=LONG + "b")])
    holder = SPAWN.Process(target=child.store_and_stop, args=(str(folder.root), "r1", "logged articles"))
    holder.start()
    assert holder.pid is not None
    os.waitpid(holder.pid, os.WUNTRACED)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(store_run, second, facts())
        with pytest.raises(TimeoutError):
            waiting.result(0.5)
        assert Snapshot.open(folder).runs == frozenset()
        os.kill(holder.pid, signal.SIGKILL)
        summary = waiting.result(60)
    holder.join()
    assert (summary.counts.stored, summary.counts.unchanged) == (1, 1)
    rows = Snapshot.open(folder).read("runs", ["run_id", "run_seq"]).sort("run_seq").rows()
    assert rows == [("r1", 1), ("r2", 2)]


@pytest.mark.faults
@pytest.mark.parametrize("point", ["moved articles", "logged articles", "logged ledger"])
def test_H10_a_stolen_lock_doubles_nothing(folder: DataFolder, point: str) -> None:
    """The lock file is removed while its holder sleeps in a commit: the next one finishes it, and both end well."""
    stage_run(folder, "r1", [Page(U + "a")])
    second = stage_run(folder, "r2", [Page(U + "a"), Page(U + "b", text=LONG + "b")])
    holder = SPAWN.Process(target=child.store_and_stop, args=(str(folder.root), "r1", point))
    holder.start()
    assert holder.pid is not None
    os.waitpid(holder.pid, os.WUNTRACED)
    (folder.leases / "commit.lock").unlink()
    store_run(second, facts())
    os.kill(holder.pid, signal.SIGCONT)
    holder.join(60)
    assert holder.exitcode == 0
    snapshot = Snapshot.open(folder)
    assert snapshot.read("runs", ["run_id", "run_seq"]).sort("run_seq").rows() == [("r1", 1), ("r2", 2)]
    assert snapshot.read("articles").height == 2
    assert list(folder.staging.iterdir()) == []


@pytest.mark.faults
def test_H5_processes_that_commit_at_once_all_come_through(folder: DataFolder) -> None:
    """Three processes that were all held up by one lock, two of them with the same page: one order, nothing doubled."""
    runs = {
        "r1": [Page(U + "a")],
        "r2": [Page(U + "a"), Page(V + "b", text=LONG + "b", site="o")],
        "r3": [Page(V + "c", text=LONG + "c", site="o")],
    }
    for run_id, pages in runs.items():
        stage_run(folder, run_id, pages)
    with commit_lock(folder, "test"):
        children = [SPAWN.Process(target=child.store, args=(str(folder.root), run_id)) for run_id in runs]
        for process in children:
            process.start()
    for process in children:
        process.join(120)
    assert [process.exitcode for process in children] == [0, 0, 0]
    snapshot = Snapshot.open(folder)
    assert sorted(snapshot.read("runs", ["run_seq"])["run_seq"]) == [1, 2, 3]
    assert snapshot.read("articles")["version_id"].is_unique().all()
    assert snapshot.read("articles").height == 3
    assert list(folder.staging.iterdir()) == []
