"""Locks that machines share which work on the same bucket: an object a lock, changed by compare and swap only.

A holder raises its beat every ten seconds. Whoever waits takes the lock from a holder whose beat has stood still for
a minute of its own clock, so no two clocks are ever compared; and at once from one that died on this machine, whose
file lock the kernel has let go. A lock is for politeness and order: that nothing is committed twice is seen to by
the conditional puts of the commit.
"""

import asyncio
import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tasks.errors import BucketDownError, BucketError, FolderBusyError
from tasks.io.bucket.copy import bucket_of
from tasks.io.bucket.store import Bucket
from tasks.io.folder import DataFolder, disk_errors
from tasks.io.leases import try_lock

BEAT_S = 10.0
STALE_S = 60.0
"""A holder whose beat has stood still for so long is taken for dead."""

POLL_S = 0.5
SWAPS = 10
"""How often a change is tried anew because another was faster."""

Holders = dict[str, dict[str, Any]]

_stood: dict[tuple[str, str], tuple[int, float]] = {}
"""Lock and holder to the beat that was seen last, and when it was first seen (monotonic)."""


@dataclass
class Lease:
    """A lock that this process holds; `release` lets go."""

    folder: DataFolder
    key: str
    holder: str
    is_exclusive: bool
    handle: int
    """File lock that the kernel lets go when this process dies."""
    is_lost: bool = False
    """Whether another took it, because our beat had stood still."""
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def beat(self) -> bool:
        """Say that we are alive; False when another has taken the lock."""

        def raised(holders: Holders) -> Holders | None:
            own = holders.get(self.holder)
            return None if own is None else holders | {self.holder: own | {"beat": own["beat"] + 1}}

        with self._turn:
            self.is_lost = self.is_lost or _change(bucket_of(self.folder), self.key, raised) is None
            return not self.is_lost

    def release(self) -> None:
        """Let go. A bucket that does not answer is told nothing: the others find out by themselves."""

        def without(holders: Holders) -> Holders | None:
            return {name: one for name, one in holders.items() if name != self.holder}

        _heart.remove(self)
        with self._turn, suppress(BucketError, BucketDownError):
            _change(bucket_of(self.folder), self.key, without)
        with disk_errors(self.folder.leases):
            _mark(self.folder, self.holder).unlink(missing_ok=True)
        os.close(self.handle)


def _key(name: str) -> str:
    return f"leases/{name}.json"


def _mark(folder: DataFolder, holder: str) -> Path:
    return folder.leases / f"held-{holder}.lock"


def try_lease(folder: DataFolder, name: str, *, exclusive: bool = True, owner: str = "") -> Lease | None:
    """The lock, or None when another holds it.

    Raises:
        BucketError, BucketDownError: the bucket cannot be asked.
        DiskError: the copy cannot be written.
    """
    holder = secrets.token_hex(8)
    note = {
        "exclusive": exclusive, "owner": owner, "copy": _copy_id(folder), "beat": 0, "pid": os.getpid(),
        "host": socket.gethostname(), "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }  # fmt: skip
    key = _key(name)

    def joined(holders: Holders) -> Holders | None:
        alive = {
            other: one
            for other, one in holders.items()
            if not (exclusive or one["exclusive"]) or not _is_dead(folder, key, other, one)
        }
        return None if any(exclusive or one["exclusive"] for one in alive.values()) else alive | {holder: note}

    handle = try_lock(_mark(folder, holder), owner=owner)
    if handle is None:
        raise AssertionError("nobody else knows the name of this file")
    taken = False
    try:
        taken = _change(bucket_of(folder), key, joined) is not None
    finally:
        if not taken:
            _mark(folder, holder).unlink(missing_ok=True)
            os.close(handle)
    if not taken:
        return None
    lease = Lease(folder, key, holder, exclusive, handle)
    _heart.add(lease)
    return lease


def _change(bucket: Bucket, key: str, change: Callable[[Holders], Holders | None]) -> Holders | None:
    """The holders after the change; None when the change gave None, or others were faster each time."""
    for _ in range(SWAPS):
        found = bucket.get(key)
        holders: Holders = {} if found is None else json.loads(found.content)["holders"]
        changed = change(holders)
        if changed is None:
            return None
        # The token makes each content one of a kind, so that a put is never taken for another's.
        content = json.dumps({"holders": changed, "token": secrets.token_hex(8)}).encode()
        put = bucket.put_if_absent(key, content) if found is None else bucket.swap(key, content, found.tag)
        if put is not None:
            return changed
    return None


def _is_dead(folder: DataFolder, key: str, holder: str, note: dict[str, Any]) -> bool:
    """Whether a holder died on this machine, or its beat has stood still for too long."""
    if note["copy"] == _copy_id(folder):
        handle = try_lock(_mark(folder, holder)) if _mark(folder, holder).exists() else -1
        if handle is not None and handle >= 0:
            _mark(folder, holder).unlink(missing_ok=True)
            os.close(handle)
        return handle is not None
    place, now = (f"{folder.address}/{key}", holder), time.monotonic()
    beat, since = _stood.get(place, (-1, now))
    if beat != note["beat"]:
        _stood[place] = (note["beat"], now)
        return False
    return now - since >= STALE_S


def _copy_id(folder: DataFolder) -> str:
    """The name of this machine's copy; given once."""
    path = folder.leases / "copy-id"
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            aside = path.with_name(f".copy-id.{secrets.token_hex(6)}.tmp")
            aside.write_text(secrets.token_hex(8), encoding="ascii")
            with suppress(FileExistsError):
                os.link(aside, path)
            aside.unlink()
        return path.read_text(encoding="ascii")


def holder_of(folder: DataFolder, name: str) -> str:
    """Who holds a lock, in words; for messages only."""
    found = bucket_of(folder).get(_key(name))
    for note in ({} if found is None else json.loads(found.content)["holders"]).values():
        owner = f" ({note['owner']})" if note["owner"] else ""
        return f"process {note['pid']} on {note['host']}{owner} since {note['since']}"
    return "another process"


def _busy(folder: DataFolder, name: str) -> FolderBusyError:
    return FolderBusyError(
        f"The lock {name} of {folder.name} is held by {holder_of(folder, name)}; wait until it is done, then run again."
    )


@contextmanager
def hold_lease(
    folder: DataFolder, name: str, *, exclusive: bool = True, owner: str = "", wait_s: float = 0.0
) -> Iterator[Lease]:
    """Hold a lock of the bucket while the block runs; as `tasks.io.leases.hold`.

    Raises:
        FolderBusyError: another still holds it.
        BucketError, BucketDownError: the bucket cannot be asked.
    """
    end = time.monotonic() + wait_s
    while (lease := try_lease(folder, name, exclusive=exclusive, owner=owner)) is None:
        if time.monotonic() >= end:
            raise _busy(folder, name)
        time.sleep(POLL_S)
    try:
        yield lease
    finally:
        lease.release()


def still_holds(folder: DataFolder, name: str) -> bool:
    """Whether this process holds a lock now, asked of the bucket: it may have slept until another took it."""
    own = [lease for lease in _heart.leases() if (lease.folder, lease.key) == (folder, _key(name))]
    return any(lease.beat() for lease in own)


async def wait_for(
    folder: DataFolder, name: str, owner: str, wait_s: float | None, gives_up: Callable[[], bool] | None
) -> Lease:
    """The lock, without blocking the event loop; as `tasks.io.leases.hold_hosts` waits."""
    end = None if wait_s is None else time.monotonic() + wait_s
    while (lease := await asyncio.to_thread(try_lease, folder, name, owner=owner)) is None:
        if (end is not None and time.monotonic() >= end) or (gives_up is not None and gives_up()):
            raise await asyncio.to_thread(_busy, folder, name)
        await asyncio.sleep(POLL_S)
    return lease


class _Heart:
    """One thread that raises the beats of all leases of this process."""

    def __init__(self) -> None:
        self._leases: list[Lease] = []
        self._turn = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wake = threading.Event()

    def add(self, lease: Lease) -> None:
        with self._turn:
            self._leases.append(lease)
            if self._thread is None:
                self._wake = threading.Event()
                self._thread = threading.Thread(target=self._run, args=(self._wake,), name="leases", daemon=True)
                self._thread.start()

    def remove(self, lease: Lease) -> None:
        with self._turn:
            self._leases = [one for one in self._leases if one is not lease]
            if not self._leases:
                self._wake.set()
                self._thread = None

    def leases(self) -> list[Lease]:
        with self._turn:
            return list(self._leases)

    def _run(self, stop: threading.Event) -> None:
        while not stop.wait(BEAT_S):
            for lease in self.leases():
                with suppress(BucketError, BucketDownError):  # the next beat may get through; the others wait a minute
                    lease.beat()


_heart = _Heart()
