"""Commits to a bucket from several machines: once, whole, or not at all, whatever is killed or lost when."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

import pytest

from tasks.errors import BucketDownError, FolderBusyError
from tasks.io import points
from tasks.io.bucket import leases, share
from tasks.io.bucket.copy import SHARED, bucket_of, shared_version
from tasks.io.commit import carry_out, commit_lock, finish_others, next_run_seq
from tasks.io.delta import LOG
from tasks.io.folder import INTENT, DataFolder
from tasks.io.recovery import recover
from tasks.io.tables import Snapshot
from tasks.io.verify import verify
from tests.bucket.conftest import Machine
from tests.bucket.faults import from_on, once
from tests.bucket.server import ObjectStore
from tests.io.committing import commit_rows, ledger_row, stage_rows


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "POLL_S", 0.01)


class Killed(BaseException):
    """As SIGKILL: nothing of ours catches it."""


def _rows(run_id: str) -> dict[str, list[dict[str, object]]]:
    return {"ledger": [ledger_row(run_id, f"https://a.example/{run_id}")]}


def _commit(folder: DataFolder, run_id: str) -> None:
    """Commit a run unless it is there, as a night does after a kill."""
    recover(folder)
    if not Snapshot.open(folder).has_run(run_id):
        commit_rows(folder, run_id, _rows(run_id))


def _seen(folder: DataFolder) -> list[tuple[str, int]]:
    """Runs by number as the tables have them, after a look at the bucket; each has its one row in the ledger."""
    folder.check()
    snapshot = Snapshot.open(folder)
    runs = sorted(snapshot.read("runs", ["run_id", "run_seq"]).iter_rows(), key=lambda run: run[1])
    assert sorted(snapshot.read("ledger")["run_id"].to_list()) == sorted(run_id for run_id, _ in runs)
    return runs


def _faults(folder: DataFolder) -> list[str]:
    return [f"{found.where}: {found.what}" for found in verify(folder, deep=True) if found.is_fault]


def test_what_one_machine_commits_another_reads_and_goes_on_from(machine: Machine) -> None:
    """In turns, and a third machine that starts late has all of it, also past a checkpoint."""
    one, two = machine("one"), machine("two")
    names = [f"r{number:02d}" for number in range(11)]
    for number, name in enumerate(names):
        commit_rows((one, two)[number % 2], name, _rows(name))
    expected = [(name, number + 1) for number, name in enumerate(names)]
    three = machine("three")
    assert _seen(one) == _seen(two) == _seen(three) == expected
    assert any(path.name.endswith(".checkpoint.parquet") for path in (three.table("ledger") / LOG).iterdir())
    assert _faults(three) == []
    assert [path.name for path in three.staging.iterdir()] == []


def _killed_at(number: int) -> tuple[Callable[[str], None], list[str]]:
    passed: list[str] = []

    def watcher(point: str) -> None:
        passed.append(point)
        if len(passed) == number:
            raise Killed(point)

    return watcher, passed


@pytest.mark.faults
def test_H8_killed_between_any_two_puts_another_machine_goes_on(machine: Machine) -> None:
    """Decided: the other carries it out. Not decided: the first commits it later. Never both, never half.

    Every second point: from one to the next nothing happens but one put or one rename.
    """
    one, two = machine("one"), machine("two")
    expected: list[str] = []
    for number in count(1, 2):
        run_id = f"r{number:02d}"
        watcher, passed = _killed_at(number)
        points.watch(watcher)
        try:
            commit_rows(one, run_id, _rows(run_id))
        except Killed:
            pass
        finally:
            points.unwatch(watcher)
        is_decided = "shared the intent" in passed
        recover(two)
        assert [name for name, _ in _seen(two)] == expected + [run_id] * is_decided
        _commit(one, run_id)
        expected.append(run_id)
        if len(passed) < number:
            break
    assert len(expected) > 8
    assert _seen(one) == _seen(two) == [(name, place + 1) for place, name in enumerate(expected)]
    assert _faults(one) == _faults(two) == []


@pytest.mark.faults
@pytest.mark.parametrize("wrong", ["cut", "lost 500", "503", "hang up"])
def test_H8_a_lost_answer_to_any_put_commits_once(machine: Machine, object_store: ObjectStore, wrong: str) -> None:
    """Each put in turn; the commit goes through, and no entry is doubled."""
    one, names = machine("one"), []
    for number in range(3, 14, 2 if wrong in ("cut", "hang up") else 4):
        names.append(f"r{number}")
        with object_store.doing(once(wrong, number)):
            commit_rows(one, names[-1], _rows(names[-1]))
    assert _seen(machine("two")) == [(name, place + 1) for place, name in enumerate(names)]
    assert _faults(one) == []


@pytest.mark.faults
def test_H8_a_store_that_goes_down_in_the_midst_is_gone_on_with(machine: Machine, object_store: ObjectStore) -> None:
    """From any put on; the error says that it may pass, and afterwards the run is there once."""
    one, names = machine("one"), []
    for number in count(1, 2):
        run_id, broke = f"r{number:02d}", False
        with object_store.doing(from_on("503", number)):
            try:
                commit_rows(one, run_id, _rows(run_id))
            except BucketDownError as error:
                broke = error.retryable
        _commit(one, run_id)
        names.append(run_id)
        if not broke:
            break
    assert len(names) > 4
    assert _seen(machine("two")) == [(name, place + 1) for place, name in enumerate(names)]
    assert _faults(one) == []


@pytest.mark.faults
def test_H8_two_writers_at_the_same_time(machine: Machine) -> None:
    """Each commits three runs; all six are there once, with numbers of their own."""
    folders = {"a": machine("one"), "b": machine("two")}
    failed: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for number in range(3):
                commit_rows(folders[name], f"{name}{number}", _rows(f"{name}{number}"))
        except BaseException as error:  # noqa: BLE001 - shown below
            failed.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in folders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    runs = _seen(folders["a"])
    assert runs == _seen(folders["b"])
    assert sorted(name for name, _ in runs) == ["a0", "a1", "a2", "b0", "b1", "b2"]
    assert [number for _, number in runs] == [1, 2, 3, 4, 5, 6]


@pytest.fixture
def unlocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if each had lost the commit lock to the other without knowing it."""
    monkeypatch.setattr(share, "still_holds", lambda *_: True)
    return


@pytest.mark.faults
def test_H8_of_two_that_think_they_hold_the_lock_one_gets_the_number(machine: Machine, unlocked: None) -> None:
    """The intents are of one number: the second is refused, also after the first was carried out and forgotten."""
    one, two = machine("one"), machine("two")
    stage_rows(one, "a", _rows("a"))
    with pytest.raises(FolderBusyError, match="at the same time"):
        stage_rows(two, "b", _rows("b"))
    carry_out(one, one.run("a") / INTENT)
    two.run("b").joinpath(INTENT).unlink()
    with pytest.raises(FolderBusyError, match="at the same time"):
        stage_rows(two, "c", _rows("c"))
    for name in ("b", "c"):
        _commit(two, name)
    assert _seen(one) == _seen(two) == [("a", 1), ("b", 2), ("c", 3)]


@pytest.mark.faults
def test_H8_an_entry_that_came_second_gives_way_and_is_made_again(
    machine: Machine, unlocked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ours was written here and not shared when the other machine's took its number."""
    one, two = machine("one"), machine("two")
    stage_rows(one, "a", _rows("a"))

    def dies(*_: object) -> bool:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(share, "share_log", dies)
        with pytest.raises(Killed):
            carry_out(one, one.run("a") / INTENT)
    assert (one.table("runs") / LOG / f"{0:020d}.json").exists()
    with commit_lock(two, "b"):
        two.run("a").joinpath(INTENT).unlink()  # it has not seen the intent
        stage = next_run_seq(two)
        assert stage == 1
        monkeypatch.setattr("tests.io.committing.next_run_seq", lambda _: 2)
        stage_rows(two, "b", _rows("b"))
        carry_out(two, two.run("b") / INTENT)
    carry_out(one, one.run("a") / INTENT)
    assert _seen(one) == _seen(two) == [("a", 1), ("b", 2)]
    entries = [json.loads(line) for line in (one.table("runs") / LOG / f"{0:020d}.json").read_text().splitlines()]
    assert [entry["txn"]["appId"] for entry in entries if "txn" in entry] == ["b"]
    assert _faults(one) == _faults(two) == []


def test_a_sleeper_who_lost_the_lock_decides_nothing(machine: Machine) -> None:
    """Its lock was taken while it slept: its intent does not get into the bucket, and nothing of it stays decided."""
    one = machine("one")
    with commit_lock(one, "a"):
        bucket_of(one).put("leases/commit.json", b'{"holders": {}}')
        with pytest.raises(FolderBusyError, match="run again"):
            stage_rows(one, "a", _rows("a"))
    with commit_lock(one, "b"):
        assert finish_others(one) == []
    assert _seen(one) == []


def test_a_copy_that_was_lost_is_filled_again(machine: Machine) -> None:
    """Files, entries, or what is known to be shared: the bucket has it all."""
    one = machine("one")
    for name in ("a", "b"):
        commit_rows(one, name, _rows(name))
    (one.root / SHARED / "ledger").unlink()
    assert _seen(one) == [("a", 1), ("b", 2)]
    assert shared_version(one, "ledger") == 1
    assert _faults(one) == []


@pytest.mark.faults
def test_H8_verify_names_what_the_bucket_lost(machine: Machine) -> None:
    """A file that is gone, cut or another, and one that nobody knows."""
    one = machine("one")
    for name in ("a", "b", "c"):
        commit_rows(one, name, _rows(name))
    month, bucket = f"ledger/month={datetime(2026, 3, 2, tzinfo=UTC):%Y-%m}", bucket_of(one)
    other = (one.root / f"{month}/c-00000.parquet").read_bytes()
    bucket.delete(f"{month}/a-00000.parquet")
    bucket.put(f"{month}/b-00000.parquet", b"short")
    bucket.put(f"{month}/c-00000.parquet", other[:-9] + b"!" + other[-8:])
    bucket.put(f"{month}/x.parquet", b"")
    found = {finding.where.rsplit("/", 1)[-1]: finding.about for finding in verify(one, deep=True)}
    assert found == {f"{name}-00000.parquet": "file" for name in "abc"} | {"x.parquet": "stray"}
