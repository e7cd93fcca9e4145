"""Who may do what at a time: locks of the kernel (flock) on files in leases/, which a kill sets free at once.

A lock belongs to the open file, so two tasks of one process exclude each other as two processes do; a forked
child keeps its parent's locks, therefore children are spawned. On a network file system flock may be local to
the machine: then one machine at a time.
Data in a bucket have their locks there (tasks/io/bucket/leases.py), for all machines that work on them.
"""

import asyncio
import fcntl
import json
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from schemas.identity import digest
from tasks.errors import FolderBusyError
from tasks.io.folder import DataFolder, disk_errors

MAINTAIN = "maintain"
COMMIT = "commit"
HOST_LEASES = 64
"""How many leases all sites share; two sites of one number wait for each other."""

POLL_S = 0.05


def lease_number(site: str) -> int:
    """The number of a site's lease, 0 to 63; the same on any machine, for ever."""
    return int(digest("lease", site)[:8], 16) % HOST_LEASES


def try_lock(path: Path, *, exclusive: bool = True, owner: str = "") -> int | None:
    """A file descriptor that holds the lock, or None when another holds it. Close it to let go.

    The holder of an exclusive lock is written into the file, for messages only.

    Raises:
        DiskError: the lock file cannot be made or signed.
    """
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    if not _is_still(handle, path):
        os.close(handle)
        return try_lock(path, exclusive=exclusive, owner=owner)
    if exclusive:
        try:
            with disk_errors(path):
                _sign(handle, owner)
        except BaseException:
            os.close(handle)
            raise
    return handle


def _is_still(handle: int, path: Path) -> bool:
    """Whether the locked file is the one that bears the name (its folder may have been removed meanwhile)."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _sign(handle: int, owner: str) -> None:
    note = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "owner": owner,
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    os.truncate(handle, 0)
    os.pwrite(handle, json.dumps(note).encode(), 0)


def holder(path: Path) -> str:
    """Who signed a lock file last, in words: `process 12 on host (owner) since ...`; for messages only."""
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        owner = f" ({note['owner']})" if note["owner"] else ""
        return f"process {note['pid']} on {note['host']}{owner} since {note['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"


@contextmanager
def hold(path: Path, *, exclusive: bool = True, owner: str = "", wait_s: float = 0.0) -> Iterator[None]:
    """Hold a lock while the block runs.

    Args:
        path: Lock file.
        exclusive: Alone, or together with other shared holders.
        owner: Who holds it, for messages.
        wait_s: How long to wait for another to let go.

    Raises:
        FolderBusyError: another still holds it.
        DiskError: the lock file cannot be made.
    """
    end = time.monotonic() + wait_s
    handle = try_lock(path, exclusive=exclusive, owner=owner)
    while handle is None:
        if time.monotonic() >= end:
            raise FolderBusyError(f"{path} is held by {holder(path)}; wait until it is done, then run again.")
        time.sleep(POLL_S / 10)
        handle = try_lock(path, exclusive=exclusive, owner=owner)
    try:
        yield
    finally:
        os.close(handle)


@contextmanager
def hold_maintain(folder: DataFolder, *, exclusive: bool, owner: str = "", wait_s: float = 0.0) -> Iterator[None]:
    """Hold the maintain lease: shared by runs and long readers, exclusive for who rewrites files.

    Raises:
        FolderBusyError: a run or a rewrite is under way.
    """
    with hold_named(folder, MAINTAIN, exclusive=exclusive, owner=owner, wait_s=wait_s):
        yield


@contextmanager
def hold_named(
    folder: DataFolder, name: str, *, exclusive: bool = True, owner: str = "", wait_s: float = 0.0
) -> Iterator[None]:
    """Hold a lock of the data while the block runs; as `hold`, for all machines where the data lie in a bucket.

    Raises:
        FolderBusyError: another still holds it.
        DiskError: the lock file cannot be made.
        BucketError, BucketDownError: the bucket cannot be asked.
    """
    if folder.address is None:
        with hold(folder.leases / f"{name}.lock", exclusive=exclusive, owner=owner, wait_s=wait_s):
            yield
        return
    from tasks.io.bucket.leases import hold_lease  # it builds on this module

    with hold_lease(folder, name, exclusive=exclusive, owner=owner, wait_s=wait_s):
        yield


@asynccontextmanager
async def hold_hosts(
    folder: DataFolder,
    sites: Iterable[str],
    *,
    owner: str = "",
    wait_s: float | None = None,
    gives_up: Callable[[], bool] | None = None,
) -> AsyncIterator[None]:
    """Hold the leases of all the sites while the block runs, without blocking the event loop.

    Numbers are taken in rising order, each once, so two fetchers never wait for each other in a circle. Take all
    that you need at once: a second call inside the block could wait for the first for ever. A new holder
    first waits one full delay of the host: that is the fetcher's to do.

    Args:
        folder: Data folder.
        sites: Sites, in any order.
        owner: Run id, for messages.
        wait_s: Longest wait for one lease (None: as long as it takes).
        gives_up: Asked while waiting; True ends the wait as if the time were over.

    Raises:
        FolderBusyError: a lease was not free in time; the message names its holder.
    """
    async with AsyncExitStack() as stack:
        for number in sorted({lease_number(site) for site in sites}):
            name = f"host-{number:02d}"
            if folder.address is None:
                path = folder.leases / f"{name}.lock"
                stack.callback(os.close, await _wait_for(path, owner, wait_s, gives_up))
            else:
                from tasks.io.bucket.leases import wait_for

                lease = await wait_for(folder, name, owner, wait_s, gives_up)
                stack.push_async_callback(asyncio.to_thread, lease.release)
        yield


async def _wait_for(path: Path, owner: str, wait_s: float | None, gives_up: Callable[[], bool] | None) -> int:
    end = None if wait_s is None else time.monotonic() + wait_s
    while (handle := try_lock(path, owner=owner)) is None:
        if (end is not None and time.monotonic() >= end) or (gives_up is not None and gives_up()):
            raise FolderBusyError(f"{path.name} is held by {holder(path)}; it fetches from the same hosts.")
        await asyncio.sleep(POLL_S)
    return handle
