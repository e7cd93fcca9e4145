"""Commits: exactly once, in order, whole or not at all on a bad disk, and repaired by recovery."""

import errno
import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pyarrow.parquet as pq
import pytest

from schemas.table import arrow_schema, frame
from schemas.tables import TABLES
from tasks.errors import DiskError, TableError
from tasks.io import commit, delta
from tasks.io.commit import carry_out, commit_lock, next_run_seq
from tasks.io.folder import INTENT, DataFolder
from tasks.io.recovery import dead_runs, recover
from tasks.io.staging import RunContext, write_part
from tasks.io.tables import Snapshot, committed_files
from tests.io.committing import NOW, commit_rows, ledger_row, stage_rows

ROWS = {"ledger": [ledger_row("r1", "u")]}


def log_of(folder: DataFolder, table: str) -> list[Path]:
    """The log entries of a table, oldest first."""
    return sorted((folder.table(table) / "_delta_log").glob("*.json"))


def test_the_ledger_comes_last_and_has_the_run(folder: DataFolder) -> None:
    """One entry a table with the run's transaction; a run without ledger rows has its entry there too."""
    commit_rows(folder, "r1", {"decisions": []})
    entry = [json.loads(line) for line in log_of(folder, "ledger")[0].read_text().splitlines()]
    assert [line["txn"]["appId"] for line in entry if "txn" in line] == ["r1"]
    assert Snapshot.open(folder).runs == {"r1"}
    assert not folder.table("articles").exists()


def test_run_sequences_count_up(folder: DataFolder) -> None:
    """1, 2, 3; an intent that waits has its number already."""
    assert [commit_rows(folder, f"r{n}", ROWS) for n in (3, 1, 2)] == [1, 2, 3]
    with commit_lock(folder, "x"):
        assert stage_rows(folder, "x", ROWS).run_seq == 4
        assert next_run_seq(folder) == 5


def test_run_sequences_go_on_from_entries_that_do_not_say_them(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log tells the number without a file being opened; of a file that an older version logged it is read."""
    with monkeypatch.context() as patch:
        patch.setattr(commit, "NewFile", lambda *values: delta.NewFile(*values[:4]))
        commit_rows(folder, "old", ROWS)
    commit_rows(folder, "new", ROWS)
    log = delta.open_log(folder.table("runs"))
    assert log is not None
    assert sorted(delta.greatest(log, "run_seq").values(), key=str) == [2, None]
    assert next_run_seq(folder) == 3
    for path in committed_files(folder, "runs"):
        if path.name.startswith("new"):
            path.unlink()
    assert next_run_seq(folder) == 3


@pytest.mark.faults
@pytest.mark.parametrize("left", [0, 20, -1])
def test_H2_a_torn_checkpoint_is_set_aside(folder: DataFolder, left: int) -> None:
    """A power cut tore the checkpoint that is written at every tenth entry: recovery reads the entries instead."""
    for number in range(11):
        commit_rows(folder, f"r{number:02d}", {"ledger": [ledger_row(f"r{number:02d}", "u")]})
    (checkpoint,) = (folder.table("ledger") / "_delta_log").glob("*.checkpoint.parquet")
    checkpoint.write_bytes(checkpoint.read_bytes()[:left])
    done = recover(folder)
    assert [path.name.split(".torn")[0].startswith(checkpoint.name) for path in done.torn] == [True]
    assert len(Snapshot.open(folder).runs) == 11
    assert commit_rows(folder, "r11", ROWS) == 12
    assert recover(folder).torn == ()


def test_carrying_out_twice_adds_once(folder: DataFolder) -> None:
    """The same intent, carried out again after its run is in the tables, changes nothing."""
    with commit_lock(folder, "r1"):
        stage_rows(folder, "r1", ROWS)
        text = (folder.run("r1") / INTENT).read_text()
        carry_out(folder, folder.run("r1") / INTENT)
    folder.run("r1").mkdir()
    (folder.run("r1") / INTENT).write_text(text)
    assert recover(folder).committed == ("r1",)
    assert [len(log_of(folder, table)) for table in ("runs", "ledger")] == [1, 1]
    assert Snapshot.open(folder).read("ledger").height == 1


def test_another_writer_was_faster(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that came in between: the table is opened anew, checked, and the run added once."""
    commit_rows(folder, "r1", ROWS)
    opened: list[Any] = []
    real = delta.open_log

    def stale(table: Path) -> Any:
        log = real(table)
        if not opened:
            opened.append(log)
            delta.append(table, arrow_schema(TABLES["links"]), "other", [])
        return log

    monkeypatch.setattr(delta, "open_log", stale)
    place = folder.table("links")
    delta.append(place, arrow_schema(TABLES["links"]), "r2", [])
    log = real(place)
    assert log is not None
    assert (log.version(), log.transaction_version("other"), log.transaction_version("r2")) == (1, 1, 1)


@pytest.mark.faults
@pytest.mark.parametrize("damage", ["missing", "short", "other footer"])
def test_H2_a_file_that_is_not_what_was_written_is_never_committed(folder: DataFolder, damage: str) -> None:
    """Lost or torn by a power cut: the error names the file, and no table has the run."""
    with commit_lock(folder, "r1"):
        stage_rows(folder, "r1", ROWS)
    (path,) = (folder.run("r1") / "out" / "ledger").rglob("*.parquet")
    if damage == "missing":
        path.unlink()
    elif damage == "short":
        path.write_bytes(path.read_bytes()[:-20])
    else:
        raw = bytearray(path.read_bytes())
        raw[-30] ^= 1
        path.write_bytes(raw)
    with pytest.raises(TableError, match=path.name):
        recover(folder)
    assert Snapshot.open(folder).runs == frozenset()


@pytest.mark.faults
@pytest.mark.parametrize("torn", [b"", b'{"commitInfo":{"times', b'{"commitInfo":{}}\n{"add":{"pa', b"\0" * 64])
def test_H2_a_torn_log_entry_is_set_aside_and_done_again(folder: DataFolder, torn: bytes) -> None:
    """A power cut tore the ledger's newest entry and the intent is still there: recovery repairs both."""
    commit_rows(folder, "r1", ROWS)
    with commit_lock(folder, "r2"):
        stage_rows(folder, "r2", {"ledger": [ledger_row("r2", "u")]})
        text = (folder.run("r2") / INTENT).read_text()
        carry_out(folder, folder.run("r2") / INTENT)
    folder.run("r2").mkdir()
    (folder.run("r2") / INTENT).write_text(text)
    log_of(folder, "ledger")[-1].write_bytes(torn)
    done = recover(folder)
    assert [path.suffix for path in done.torn] == [".torn"]
    assert (done.committed, Snapshot.open(folder).runs) == (("r2",), {"r1", "r2"})
    assert recover(folder).torn == ()


def test_strays_are_swept(folder: DataFolder) -> None:
    """Temporary files of dead writers go; the rest of a dead run's staging stays."""
    commit_rows(folder, "r1", ROWS)
    stray = folder.table("ledger") / "_delta_log" / "00000000000000000001.json#1"
    part = folder.run("dead") / "fetch" / ".part.parquet.77.tmp"
    part.parent.mkdir(parents=True)
    (folder.run("dead") / "lock").touch()
    (part.parent / "whole.json").touch()
    for path in (stray, part):
        path.touch()
    recover(folder)
    assert not stray.exists()
    assert not part.exists()
    assert dead_runs(folder) == ["dead"]
    assert (part.parent / "whole.json").exists()


def test_a_run_that_is_about_to_take_its_lock_is_not_dead(folder: DataFolder) -> None:
    """A new folder without a lock file is left alone; an old one is dead."""
    staged = folder.run("new")
    staged.mkdir()
    (staged / "run.json").touch()
    assert dead_runs(folder) == []
    os.utime(staged, (1, 1))
    assert dead_runs(folder) == ["new"]


FULL, READ_ONLY = errno.ENOSPC, errno.EROFS


@pytest.mark.faults
@pytest.mark.parametrize("number", [FULL, READ_ONLY])
@pytest.mark.parametrize("step", ["write", "intent", "move", "log"])
def test_H3_a_bad_disk_leaves_the_tables_whole(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, step: str, number: int
) -> None:
    """Full or read-only at any step: one sentence, the earlier run whole, and it goes on when the disk does."""
    commit_rows(folder, "r1", ROWS)

    def refuse(*_args: object, **_more: object) -> None:
        raise OSError(number, os.strerror(number), str(folder.root))

    targets = {
        "write": (pq, "write_table"),
        "intent": (os, "fsync"),
        "move": (Path, "replace"),
        "log": (delta.DeltaTable, "create_write_transaction"),
    }

    def finish(*, staged: bool) -> None:
        if not staged:
            stage_rows(folder, "r2", {"ledger": [ledger_row("r2", "u")]})
        carry_out(folder, folder.run("r2") / INTENT)

    staged = step in ("move", "log")
    with monkeypatch.context() as patch, commit_lock(folder, "r2"):
        if staged:
            stage_rows(folder, "r2", {"ledger": [ledger_row("r2", "u")]})
        patch.setattr(*targets[step], refuse)
        with pytest.raises(DiskError):
            finish(staged=staged)
    assert Snapshot.open(folder).runs == {"r1"}
    assert Snapshot.open(folder).read("ledger").height == 1
    recover(folder)
    assert Snapshot.open(folder).runs == ({"r1", "r2"} if staged else {"r1"})


@pytest.mark.faults
def test_H5_readers_beside_writers(folder: DataFolder) -> None:
    """Threads that read all the time while runs commit see whole runs only, in rising number."""
    done = Event()

    def read() -> list[tuple[int, int]]:
        seen = []
        while not done.is_set():
            snapshot = Snapshot.open(folder)
            seen.append((snapshot.read("runs", ["run_id"]).height, snapshot.read("ledger", ["run_id"]).height))
        return seen

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        for number in range(8):
            commit_rows(folder, f"r{number}", {"ledger": [ledger_row(f"r{number}", "u")]})
        done.set()
    for reader in readers:
        seen = reader.result()
        assert all(runs == rows for runs, rows in seen)
        assert seen == sorted(seen)
    assert len(committed_files(folder, "ledger")) == 8


@pytest.mark.faults
@pytest.mark.parametrize("left", [0, 20, -1])
def test_H2_a_part_that_a_power_cut_tore_sets_the_run_back(folder: DataFolder, left: int) -> None:
    """Recovery removes what came after discover; a whole run's parts, and one with an intent, are left alone."""
    for run_id in ("torn", "whole"):
        run = RunContext(run_id, NOW, folder)
        for stage in ("discover", "fetch", "parse"):
            write_part(run.part(stage, "ledger", "0"), TABLES["ledger"], frame(TABLES["ledger"], ROWS["ledger"]))
        (folder.run(run_id) / "lock").touch()
    part = folder.run("torn") / "parse" / "ledger" / "0.parquet"
    part.write_bytes(part.read_bytes()[:left])
    recover(folder)
    assert sorted(path.name for path in folder.run("torn").iterdir()) == ["discover", "lock"]
    assert sorted(path.name for path in folder.run("whole").iterdir()) == ["discover", "fetch", "lock", "parse"]
    assert dead_runs(folder) == ["torn", "whole"]
