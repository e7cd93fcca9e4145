"""Child processes that cannot outlive their parent, and their end.

A child that is started here reads its standard input: a pipe whose other end only the parent holds. When the parent
goes, however it goes, the kernel closes that end, and the child ends itself and all that it has started. No
signal, no polling, and no dependence on which thread of the parent started it (as PR_SET_PDEATHSIG has).
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tasks.io.folder import disk_errors

PR_SET_CHILD_SUBREAPER = 36
LOG_LIMIT_BYTES = 5_000_000


def start_child(
    module: str, words: Sequence[str], env: Mapping[str, str], *, pass_fds: Sequence[int], log: Path
) -> subprocess.Popen[bytes]:
    """A running `python -m module words` that ends when this process ends.

    Args:
        module: Module to run; it must call `end_with_parent` first.
        words: Its arguments.
        env: Its whole environment.
        pass_fds: Descriptors that it gets under the same numbers.
        log: File that its output is added to; a long one is put aside first.

    Raises:
        DiskError: the log cannot be written.
    """
    with disk_errors(log):
        if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_name(f"{log.name}.1"))
        out = log.open("ab")
    with out:
        return subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", module, *words],
            # Not the working directory: a folder `flows` in it would hide ours.
            env={**env, "PYTHONSAFEPATH": "1"},
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=out,
            pass_fds=tuple(pass_fds),
            # Ctrl-C in a terminal reaches a whole process group; only the parent is to answer it.
            start_new_session=True,
        )


def end_with_parent(on_end: Callable[[], None] | None = None) -> None:
    """Watch standard input in a thread; at its end call `on_end` and end this process at once."""

    def watch() -> None:
        while os.read(0, 4096):
            pass
        if on_end is not None:
            on_end()
        os._exit(0)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def adopt_orphans() -> None:
    """Make this process the parent of grandchildren whose parent dies, so that it can find and end them (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def descendants(pid: int) -> list[int]:
    """Every living process below `pid`, parents before their children; empty where there is no /proc."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        found = _parent_of(folder)
        if found is not None:
            children.setdefault(found, []).append(int(folder.name))
    below, rest = [], [pid]
    while rest:
        young = children.get(rest.pop(), [])
        below += young
        rest += young
    return below


def _parent_of(folder: Path) -> int | None:
    """The parent of a process that lives; None for a dead one (also one that nobody has waited for yet)."""
    try:
        # After the name, which may hold anything, come the state and the parent (proc(5)).
        state, parent = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[:2]
    except (OSError, ValueError):
        return None
    return None if state in "ZX" else int(parent)


def kill_descendants(seconds: float = 5.0) -> None:
    """Kill every process below this one, also those that appear meanwhile, for at most so long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        living = descendants(os.getpid())
        if not living:
            return
        for pid in living:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.02)


def stop_child(child: subprocess.Popen[bytes], seconds: float, impatient: Callable[[], bool]) -> bool:
    """Whether the child ended in the time after a SIGTERM.

    Args:
        child: What `start_child` gave.
        seconds: How long to wait.
        impatient: Asked again and again; when it says yes, the wait ends at once.
    """
    if child.poll() is None:
        child.terminate()
    until = time.monotonic() + seconds
    while child.poll() is None:
        if impatient() or time.monotonic() >= until:
            return False
        time.sleep(0.05)
    return True
