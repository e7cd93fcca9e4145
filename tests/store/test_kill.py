"""SIGKILL at every point of a commit, and of the recovery after it: nothing lost, nothing doubled."""

import multiprocessing
import shutil
import signal
from pathlib import Path

import pytest

from schemas.reasons import RunStatus
from tasks.io import points
from tasks.io.folder import DataFolder
from tasks.io.recovery import dead_runs, hold_run, recover
from tasks.io.staging import RunContext
from tasks.io.tables import Snapshot
from tasks.store.run import store_run
from tests.store import child
from tests.store.staged import LONG, Page, at, facts, logical, stage_run

U = "https://example.org/"
SPAWN = multiprocessing.get_context("spawn")

Whole = tuple[list[str], dict[str, list[str]]]

FIRST = [Page(U + "a"), Page(U + "b", text=LONG + "b")]
SECOND = [
    Page(U + "a", text=LONG + "changed", day=1),
    Page(U + "b", text=LONG + "b", day=1),
    Page(U + "copy", text=LONG + "b", day=2),
    Page(U + "c", refused="reject"),
    Page(U + "d", text=LONG + "d", day=40),
]


def build(folder: DataFolder) -> None:
    """One committed run, and a second one that is staged."""
    folder.prepare()
    store_run(stage_run(folder, "r1", FIRST), facts())
    stage_run(folder, "r2", SECOND)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is copied for every kill."""
    root = tmp_path_factory.mktemp("template") / "dä ta%20"
    build(DataFolder(root))
    return root


@pytest.fixture(scope="module")
def whole(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Whole:
    """The points of an undisturbed second run, and what the tables hold after it."""
    root = tmp_path_factory.mktemp("whole") / "data"
    shutil.copytree(template, root)
    folder = DataFolder(root)
    seen: list[str] = []
    points.watch(seen.append)
    try:
        recover(folder)
        store_run(RunContext("r2", at(10), folder), facts())
    finally:
        points.unwatch(seen.append)
    return seen, logical(folder)


def run_child(target: object, *args: object) -> int | None:
    """The exit code of a spawned child; negative: the signal that ended it."""
    process = SPAWN.Process(target=target, args=args)
    process.start()
    process.join(60)
    return process.exitcode


POINTS = 40
"""How many points a commit of the second run passes; a test checks the number."""


def test_the_number_of_points(whole: Whole) -> None:
    """Every write, move and log entry of the run has a point, and the kills below visit all of them."""
    seen, _ = whole
    assert len(seen) == POINTS
    assert {"settled", "intent written", "logged ledger", "intent gone", "staging gone"} <= set(seen)
    assert seen.index("logged runs") < seen.index("logged ledger")


@pytest.mark.kill
@pytest.mark.faults
@pytest.mark.parametrize("number", range(POINTS))
def test_H1_a_kill_at_any_point_loses_and_doubles_nothing(
    template: Path, whole: Whole, tmp_path: Path, number: int
) -> None:
    """After the kill readers see the first run whole; after recovery and rerun all is as in the undisturbed run."""
    _, expected = whole
    folder = DataFolder(tmp_path / "killed")
    shutil.copytree(template, folder.root)
    assert run_child(child.store, str(folder.root), "r2", number) == -signal.SIGKILL
    seen = Snapshot.open(folder)
    assert seen.runs in ({"r1"}, {"r1", "r2"})
    assert set(seen.read("articles")["run_id"]) == set(seen.runs)
    recover(folder)
    for run_id in dead_runs(folder):
        with hold_run(folder, run_id):
            store_run(RunContext(run_id, at(10), folder), facts())
    assert logical(folder) == expected
    assert list(folder.staging.iterdir()) == []
    assert sorted(Snapshot.open(folder).read("runs")["run_seq"]) == [1, 2]


@pytest.mark.kill
@pytest.mark.faults
def test_H1_recovery_may_be_killed_too(template: Path, whole: Whole, tmp_path: Path) -> None:
    """A kill after the intent, and then a kill at every point of the recovery, one after the other."""
    seen, expected = whole
    folder = DataFolder(tmp_path / "killed")
    shutil.copytree(template, folder.root)
    assert run_child(child.store, str(folder.root), "r2", seen.index("intent written")) == -signal.SIGKILL
    for number in (0, 2, 5, 9, 12):
        assert run_child(child.recover_only, str(folder.root), number) in (-signal.SIGKILL, 0)
    recover(folder)
    assert (logical(folder), dead_runs(folder)) == (expected, [])


@pytest.mark.kill
@pytest.mark.faults
def test_I1_a_dead_run_is_finished_from_what_it_has(folder: DataFolder) -> None:
    """Killed before anything was settled: what was reached is stored, the rest is deferred."""
    pages = [Page(U + "a"), Page(U + "b", shard="s1", is_captured=False)]
    stage_run(folder, "r1", pages)
    (folder.staged("r1", "fetch", "captures") / "s1.parquet").unlink()
    assert run_child(child.store, str(folder.root), "r1", 0) == -signal.SIGKILL
    recover(folder)
    assert dead_runs(folder) == ["r1"]
    with hold_run(folder, "r1"):
        assert dead_runs(folder) == []
        summary = store_run(RunContext("r1", at(10), folder), facts(RunStatus.RECOVERED))
    assert (summary.status, summary.counts.stored, summary.counts.deferred) == ("recovered", 1, 1)
    assert dead_runs(folder) == []
