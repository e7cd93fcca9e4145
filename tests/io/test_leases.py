"""Locks: one holder at a time, free after a kill, no waiting in a circle."""

import asyncio
import errno
import multiprocessing
import os
import signal
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tasks.errors import DiskError, FolderBusyError
from tasks.io import recovery
from tasks.io.folder import DataFolder
from tasks.io.leases import HOST_LEASES, hold, hold_hosts, hold_maintain, holder, lease_number, try_lock
from tasks.io.recovery import dead_runs, hold_run

SPAWN = multiprocessing.get_context("spawn")


def hold_until_killed(path: str, ready: Connection) -> None:
    """For a child process: hold a lock, say so, and sleep."""
    with hold(Path(path), owner="child"):
        ready.send(os.getpid())
        signal.pause()


def same_lease_sites() -> tuple[str, str]:
    """Two sites that share a lease."""
    first = "site0.org"
    return first, next(s for n in range(1, 9999) if lease_number(s := f"site{n}.org") == lease_number(first))


def test_lease_numbers_are_stable_and_spread() -> None:
    """The same on every machine (a number is pinned), and all 64 are used."""
    assert lease_number("example.org") == lease_number("example.org")
    assert {lease_number(f"site{n}.org") for n in range(1000)} == set(range(HOST_LEASES))


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    """A second exclusive holder is refused and told by whom; after release it is free."""
    path = tmp_path / "x.lock"
    with hold(path, owner="run 7"):
        assert try_lock(path) is None
        with pytest.raises(FolderBusyError, match=f"process {os.getpid()} on .*run 7"), hold(path):
            pass
    with hold(path):
        assert "process" in holder(path)


def test_shared_holders_and_an_exclusive_one(folder: DataFolder) -> None:
    """Many runs at once, but no rewrite beside a run and no run beside a rewrite."""
    shared, alone = (partial(hold_maintain, folder, exclusive=exclusive) for exclusive in (False, True))
    with shared(), shared(), pytest.raises(FolderBusyError), alone():
        pass
    with alone(), pytest.raises(FolderBusyError), shared():
        pass


@pytest.mark.kill
@pytest.mark.faults
def test_H10_a_lock_is_free_after_a_kill(tmp_path: Path) -> None:
    """SIGKILL of the holder sets the lock free at once, with no steal and no heartbeat."""
    path = tmp_path / "x.lock"
    mine, theirs = SPAWN.Pipe()
    child = SPAWN.Process(target=hold_until_killed, args=(str(path), theirs))
    child.start()
    assert mine.recv() == child.pid
    assert try_lock(path) is None
    assert f"process {child.pid}" in holder(path)
    child.kill()
    child.join()
    with hold(path):
        pass


async def test_a_site_belongs_to_one_fetcher(folder: DataFolder) -> None:
    """The second waits without blocking the loop, and gets its turn."""
    order: list[str] = []

    async def fetch(name: str) -> None:
        async with hold_hosts(folder, ["example.org"], owner=name):
            order.append(f"{name} in")
            await asyncio.sleep(0.01)
            order.append(f"{name} out")

    await asyncio.gather(fetch("a"), fetch("b"))
    assert order in (["a in", "a out", "b in", "b out"], ["b in", "b out", "a in", "a out"])


async def test_two_sites_of_one_lease_do_not_wait_for_themselves(folder: DataFolder) -> None:
    """Each lease is taken once."""
    async with hold_hosts(folder, same_lease_sites(), wait_s=0):
        pass


async def test_opposite_orders_do_not_deadlock(folder: DataFolder) -> None:
    """Two fetchers that want the same sites in opposite orders both come to an end."""

    async def fetch(sites: list[str]) -> None:
        async with hold_hosts(folder, sites):
            await asyncio.sleep(0)

    sites = [f"s{n}.org" for n in range(20)]
    await asyncio.wait_for(asyncio.gather(fetch(sites), fetch(sites[::-1])), 30)


async def test_a_busy_lease_is_given_up_in_time(folder: DataFolder) -> None:
    """With a limit to the wait the error names the holder, and leases taken so far are let go."""
    first, second = "a.org", next(s for n in range(999) if lease_number(s := f"b{n}.org") > lease_number("a.org"))
    async with hold_hosts(folder, [second], owner="run 1"):
        with pytest.raises(FolderBusyError, match="run 1"):
            async with hold_hosts(folder, [first, second], wait_s=0):
                pass
    async with hold_hosts(folder, [first, second], wait_s=0):
        pass


@pytest.mark.faults
def test_H10_a_lock_whose_folder_went_away_is_not_held(folder: DataFolder) -> None:
    """A lock on a removed file would exclude nobody: it is taken on the file that bears the name."""
    path = folder.run("r1") / "lock"
    handle = try_lock(path)
    assert handle is not None
    path.unlink()
    with hold(path):
        assert path.exists()
    os.close(handle)


def test_a_live_run_is_not_dead(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it is held another cannot have it; an empty folder is removed on the way out."""
    monkeypatch.setattr(recovery, "PROBE_WAIT_S", 0.0)
    with hold_run(folder, "r1"):
        (folder.run("r1") / "run.json").write_text("{}")
        assert dead_runs(folder) == []
        with pytest.raises(FolderBusyError), hold_run(folder, "r1"):
            pass
    assert dead_runs(folder) == ["r1"]
    (folder.run("r1") / "run.json").unlink()
    assert dead_runs(folder) == []
    with hold_run(folder, "r2"):
        pass
    assert list(folder.staging.iterdir()) == []


@pytest.mark.faults
def test_H3_a_full_disk_at_a_lock_is_one_sentence_and_leaves_it_free(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The holder's note cannot be written: a DiskError, and the lock is not kept by a handle that nobody has."""
    path = folder.leases / "x.lock"

    def refuse(*_args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "truncate", refuse)
        with pytest.raises(DiskError, match="No space left"):
            try_lock(path)
    handle = try_lock(path)
    assert handle is not None
    os.close(handle)
