"""Locks in a bucket: who has them, who takes them over, and when."""

import asyncio
import os
from collections.abc import Iterator

import pytest

from tasks.errors import FolderBusyError
from tasks.io.bucket import leases
from tasks.io.bucket.leases import Lease, hold_lease, still_holds, try_lease
from tasks.io.folder import DataFolder
from tasks.io.leases import hold_hosts, hold_maintain
from tests.bucket.conftest import Machine
from tests.bucket.faults import once
from tests.bucket.server import ObjectStore


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody waits for long, and no heart beats but where a test lets it."""
    monkeypatch.setattr(leases, "POLL_S", 0.01)
    monkeypatch.setattr(leases, "BEAT_S", 3600.0)
    yield
    assert leases._heart.leases() == []


def _kill(lease: Lease) -> None:
    """What SIGKILL leaves of a lease: the object stays, the heart is still, and the kernel closes the file."""
    leases._heart.remove(lease)
    os.close(lease.handle)


def _take(folder: DataFolder, *, exclusive: bool = True) -> Lease:
    lease = try_lease(folder, "maintain", exclusive=exclusive)
    assert lease is not None
    return lease


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [(True, True, False), (True, False, False), (False, True, False), (False, False, True)],
)
def test_one_alone_or_several_together(machine: Machine, first: bool, second: bool, together: bool) -> None:
    """On two machines as on one; after the release the other has it."""
    one, two = machine("one"), machine("two")
    held = _take(one, exclusive=first)
    for folder in (one, two):
        other = try_lease(folder, "maintain", exclusive=second)
        assert (other is not None) is together
        if other is not None:
            other.release()
    assert still_holds(one, "maintain")
    held.release()
    assert not still_holds(one, "maintain")
    _take(two, exclusive=True).release()
    assert sorted(path.name for path in two.leases.glob("held-*")) == []


def test_who_waits_in_vain_is_told_who_holds_it(machine: Machine) -> None:
    """With the process and the run, by the functions that the stages use."""
    one, two = machine("one"), machine("two")
    with hold_maintain(one, exclusive=False, owner="run-7"):
        with hold_maintain(two, exclusive=False):
            pass
        with (
            pytest.raises(FolderBusyError, match=rf"process {os.getpid()} on .*\(run-7\)"),
            hold_lease(two, "maintain"),
        ):
            pass


@pytest.mark.faults
def test_H10_a_holder_that_died_on_this_machine_is_followed_at_once(machine: Machine) -> None:
    """The kernel has let go of its file; on another machine nobody can know that yet."""
    one, two = machine("one"), machine("two")
    dead = _take(one)
    _kill(dead)
    assert try_lease(two, "maintain") is None
    _take(one).release()


@pytest.mark.faults
def test_H10_a_holder_elsewhere_is_followed_when_its_beat_stood_still(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the waiter's own clock, from when it first saw that beat; whoever beats keeps the lock."""
    clock = [1000.0]
    monkeypatch.setattr(leases.time, "monotonic", lambda: clock[0])
    one, two = machine("one"), machine("two")
    held = _take(one)
    assert try_lease(two, "maintain") is None
    clock[0] += leases.STALE_S - 1
    assert held.beat()
    assert try_lease(two, "maintain") is None
    clock[0] += leases.STALE_S - 1
    assert try_lease(two, "maintain") is None
    clock[0] += 2
    thief = _take(two)
    assert not held.beat()
    assert held.is_lost
    assert not still_holds(one, "maintain")
    held.release()
    assert thief.beat(), "who lost a lock must not take it from its new holder"
    thief.release()


@pytest.mark.faults
@pytest.mark.parametrize("wrong", ["lost 500", "cut", "hang up", "503"])
def test_H8_a_lease_survives_a_lost_answer(machine: Machine, object_store: ObjectStore, wrong: str) -> None:
    """It is taken once, beats on, and goes."""
    one, two = machine("one"), machine("two")
    with object_store.doing(once(wrong)):
        held = _take(one)
    with object_store.doing(once(wrong)):
        assert held.beat()
    assert try_lease(two, "maintain") is None
    with object_store.doing(once(wrong)):
        held.release()
    _take(two).release()


def test_the_heart_beats_by_itself(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that is held for long stays held, without its holder's doing."""
    monkeypatch.setattr(leases, "BEAT_S", 0.01)
    held = _take(machine("one"))
    beaten = leases.threading.Event()
    monkeypatch.setattr(held, "beat", beaten.set)
    assert beaten.wait(10)
    held.release()


async def test_hosts_are_taken_over_all_machines(machine: Machine) -> None:
    """Two sites of one machine, one of which another machine asks for too."""
    one, two = machine("one"), machine("two")
    async with hold_hosts(one, ["a.example", "b.example"], owner="r1"):
        with pytest.raises(FolderBusyError, match="host-"):
            async with hold_hosts(two, ["b.example"], wait_s=0.0):
                pass
        async with asyncio.timeout(20), hold_hosts(two, ["c.example"], wait_s=0.0):
            pass
    async with hold_hosts(two, ["b.example"], wait_s=0.0):
        pass
