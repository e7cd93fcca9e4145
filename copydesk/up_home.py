"""Who serves the Prefect home of a data folder: one lock, and in it the address of the server that holds it.

Two Prefect servers on one home give 'database is locked' and failed tasks, so each server that works in
`<data>/prefect` holds `server.lock` with flock. The lock is handed on to the child processes: it is free only when
the last of them is gone, also when their parent was killed.

What does not belong here: starting anything.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tasks.errors import FolderBusyError
from tasks.io.folder import DataFolder, disk_errors

LOCK = "server.lock"


@dataclass(frozen=True)
class Server:
    """A Prefect server that works in a home."""

    kind: str
    """up, or run for the private server of one command."""

    pid: int
    """The process that started it and stops it."""

    url: str
    """Address of the UI, without /api."""

    started_at: str
    """UTC, ISO 8601."""

    @property
    def api(self) -> str:
        """Address of the API, as PREFECT_API_URL takes it."""
        return f"{self.url}/api"


def home_of(data: Path) -> Path:
    """The Prefect home of a data folder: what the user has set as PREFECT_HOME, else `<data>/prefect`.

    Absolute, because flow runs may start in other working directories.
    """
    given = os.environ.get("PREFECT_HOME")
    return Path(given).expanduser().resolve() if given else DataFolder(data).root.resolve() / "prefect"


def find_server(home: Path) -> Server | None:
    """The server that holds the home, or None where none does.

    A killed one leaves its entry behind, but not its lock.
    """
    try:
        handle = os.open(home / LOCK, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        if _locked(handle, fcntl.LOCK_SH):
            return None
        return Server(**json.loads(os.read(handle, 65536)))
    except (ValueError, TypeError):
        # The holder has locked and not written yet: it serves nobody so far.
        return None
    finally:
        os.close(handle)


@contextmanager
def hold_home(home: Path, kind: str, url: str) -> Iterator[int]:
    """Hold the home while the block runs; gives the descriptor of the lock, to be passed on to child processes.

    Raises:
        FolderBusyError: another server holds it; the message names its process and address.
        DiskError: the folder cannot be written.
    """
    with disk_errors(home):
        home.mkdir(parents=True, exist_ok=True)
        handle = os.open(home / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not _locked(handle, fcntl.LOCK_EX):
            raise FolderBusyError(busy_message(home, find_server(home)))
        entry = Server(kind, os.getpid(), url, datetime.now(UTC).isoformat(timespec="seconds"))
        with disk_errors(home):
            os.ftruncate(handle, 0)
            os.pwrite(handle, json.dumps(asdict(entry)).encode(), 0)
        try:
            yield handle
        finally:
            os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def busy_message(home: Path, server: Server | None) -> str:
    """One sentence on who holds the home and what to do."""
    folder = home.parent if home.name == "prefect" else home
    if server is None:
        return f"{folder} is held by another Copydesk that is just starting or stopping: try again in a moment."
    if server.kind == "up":
        return (
            f"copydesk up already runs for {folder} as process {server.pid} at {server.url}: "
            f"open that address, or stop it with kill {server.pid}."
        )
    return f"A run of process {server.pid} is working in {folder}: start copydesk up when it has ended."


def _locked(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
