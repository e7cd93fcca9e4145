"""Readers between a power cut that tore the end of a log and the recovery that sets it aside."""

import gc
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.errors import TableError
from tasks.io.commit import carry_out, commit_lock
from tasks.io.delta import log_entries, open_log
from tasks.io.folder import INTENT, DataFolder
from tasks.io.points import unwatch, watch
from tasks.io.recovery import recover
from tasks.io.tables import Snapshot, last_commit
from tests.io.committing import commit_rows, ledger_row, stage_rows

ROWS = {"ledger": [ledger_row("r1", "u")]}
LEFT = [0, 20, -1]
"""How many bytes of a file a power cut leaves."""


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    """A prepared data folder whose name needs no other way to its logs: that one waits a second for a torn entry."""
    made = DataFolder(tmp_path / "data")
    made.prepare()
    return made


def stop_at(wanted: str) -> Callable[[str], None]:
    """What ends a commit at one point of it."""

    def stop(point: str) -> None:
        if point == wanted:
            raise KeyboardInterrupt

    return stop


def die_at(folder: DataFolder, point: str) -> None:
    """Commit r2, and end it at the point."""
    look = stop_at(point)
    with commit_lock(folder, "r2"):
        stage_rows(folder, "r2", {"ledger": [ledger_row("r2", "u")]})
        watch(look)
        try:
            with pytest.raises(KeyboardInterrupt):
                carry_out(folder, folder.run("r2") / INTENT)
        finally:
            unwatch(look)


def tear(path: Path, left: int) -> None:
    """Leave so many bytes of a file, or all but one."""
    path.write_bytes(path.read_bytes()[:left])


@pytest.mark.faults
@pytest.mark.parametrize("left", LEFT)
@pytest.mark.parametrize("table", ["runs", "ledger"])
def test_H2_a_torn_entry_of_a_run_that_waits_hides_nothing_else(folder: DataFolder, table: str, left: int) -> None:
    """Readers see what was committed before, and after the recovery the run as well."""
    commit_rows(folder, "r1", ROWS)
    die_at(folder, f"logged {table}")
    tear(log_entries(folder.table(table))[-1], left)
    snapshot = Snapshot.open(folder)
    assert (snapshot.runs, snapshot.read("ledger").height) == ({"r1"}, 1)
    assert (snapshot.version, last_commit(folder), snapshot.has_run("r2")) == (0, 0, False)
    recover(folder)
    assert Snapshot.open(folder).runs == {"r1", "r2"}


@pytest.mark.faults
def test_H2_a_torn_first_entry_is_a_folder_without_rows(folder: DataFolder) -> None:
    """The very first run was cut: nothing is committed yet, which is no error."""
    die_at(folder, "logged ledger")
    tear(log_entries(folder.table("ledger"))[-1], 20)
    assert (Snapshot.open(folder).version, last_commit(folder)) == (-1, -1)


@pytest.mark.faults
@pytest.mark.parametrize("left", LEFT)
def test_H2_a_torn_entry_of_a_run_that_the_ledger_has_is_damage(folder: DataFolder, left: int) -> None:
    """No power cut can cause it, so nobody passes over what was committed."""
    commit_rows(folder, "r1", ROWS)
    commit_rows(folder, "r2", ROWS)
    tear(log_entries(folder.table("runs"))[-1], left)
    with pytest.raises(TableError, match="runs"):
        Snapshot.open(folder)
    with commit_lock(folder, "r3"):  # a run that waits does not excuse it
        tear(log_entries(folder.table("ledger"))[-1], left)
    with pytest.raises(TableError, match="ledger"):
        Snapshot.open(folder)


@pytest.mark.faults
def test_H2_a_run_that_waits_and_is_in_the_ledger_excuses_no_damage(folder: DataFolder) -> None:
    """It died between its last entry and the removal of its intent: all its entries were durable by then."""
    commit_rows(folder, "r1", ROWS)
    die_at(folder, "logged ledger")
    tear(log_entries(folder.table("runs"))[-1], 20)
    with pytest.raises(TableError, match="runs"):
        Snapshot.open(folder)


@pytest.mark.faults
@pytest.mark.parametrize("left", LEFT)
def test_H2_a_torn_checkpoint_hides_nothing(folder: DataFolder, left: int) -> None:
    """The entries say the same, so readers see all runs, also before recovery."""
    for number in range(11):
        commit_rows(folder, f"r{number:02d}", {"ledger": [ledger_row(f"r{number:02d}", "u")]})
    (checkpoint,) = (folder.table("ledger") / "_delta_log").glob("*.checkpoint.parquet")
    tear(checkpoint, left)
    snapshot = Snapshot.open(folder)
    assert (len(snapshot.runs), snapshot.has_run("r10"), last_commit(folder)) == (11, True, 10)


def test_writers_do_not_look_past_a_torn_entry(folder: DataFolder) -> None:
    """What would be built upon it must first be repaired."""
    commit_rows(folder, "r1", ROWS)
    die_at(folder, "logged ledger")
    tear(log_entries(folder.table("ledger"))[-1], 0)
    with pytest.raises(TableError, match=r"is empty\); the next run repairs"):
        open_log(folder.table("ledger"))


def test_the_copy_of_a_log_goes_with_its_reader(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking past a torn entry leaves nothing behind."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    commit_rows(folder, "r1", ROWS)
    die_at(folder, "logged ledger")
    tear(log_entries(folder.table("ledger"))[-1], 20)
    snapshot = Snapshot.open(folder)
    assert len(list(tmp_path.glob("copydesk-log-*"))) == 1
    del snapshot
    gc.collect()
    assert not list(tmp_path.glob("copydesk-log-*"))
