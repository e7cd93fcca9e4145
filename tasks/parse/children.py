"""Parsing in child processes with limits: a page that crashes, hangs or swells costs itself, never the run.

Why not a library, and why not multiprocessing's own pools: docs/decisions/0005-parse-in-children.md.
One pool a process is kept over shards and closed at exit; `parse_jobs` is the door.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path

from schemas.reasons import Reason
from tasks.errors import CopydeskError
from tasks.parse.model import ParsedPage, Refusal
from tasks.parse.zygote import NUMBER, ChildLimits, Job, parse_job

Parsed = ParsedPage | Refusal
ROOT = Path(__file__).resolve().parents[2]
START = "from tasks.parse.zygote import main; main()"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
DEATHS = 2
"""So many children may a page kill before it is given up."""


@dataclass(frozen=True)
class PoolSettings:
    """How many children parse, and what each page may cost."""

    workers: int
    """0: parse in this process, without limits."""
    wall_s: float = 20.0
    memory_bytes: int = 1_500_000_000
    pages_per_child: int = 500
    hook: str | None = None
    """For tests: `module:function`, called in the child with each payload."""


@dataclass(eq=False)
class _Child:
    pid: int
    pipe: Connection
    served: int = 0
    index: int | None = None
    """Place of the job that it works on."""
    deadline: float = 0.0


@dataclass
class Pool:
    """Children of one zygote. Not for two threads at once."""

    settings: PoolSettings
    _idle: list[_Child] = field(default_factory=list)
    _busy: list[_Child] = field(default_factory=list)
    _zygote: subprocess.Popen[bytes] | None = None
    _door: socket.socket | None = None

    def parse(self, jobs: Iterator[tuple[int, Job]]) -> Iterator[tuple[int, Parsed]]:
        """(place, result) of each (place, job), as they are finished; at most one job a child is taken ahead."""
        again: list[tuple[int, Job]] = []
        deaths: dict[int, int] = {}
        held: dict[int, Job] = {}
        while True:
            while len(self._busy) < self.settings.workers:
                taken = again.pop() if again else next(jobs, None)
                if taken is None:
                    break
                held[taken[0]] = taken[1]
                self._give(*taken)
            if not self._busy:
                return
            for index, result in self._collect():
                if isinstance(result, Refusal) and result.reason is Reason.PARSER_CRASHED:
                    deaths[index] = deaths.get(index, 0) + 1
                    if deaths[index] < DEATHS:
                        again.append((index, held[index]))
                        continue
                del held[index]
                yield index, result

    def close(self) -> None:
        """End all children and the zygote."""
        for child in [*self._idle, *self._busy]:
            child.pipe.close()
        self._idle.clear()
        self._busy.clear()
        if self._door is not None:
            self._door.close()
        if self._zygote is not None:
            with suppress(subprocess.TimeoutExpired):
                self._zygote.wait(2)
            self._zygote.kill()
            self._zygote.wait()
        self._zygote = self._door = None

    def _give(self, index: int, job: Job) -> None:
        """Send a job to an idle child or a new one."""
        child = self._idle.pop() if self._idle else self._spawn()
        child.index = index
        child.deadline = time.monotonic() + self.settings.wall_s
        self._busy.append(child)
        with suppress(BrokenPipeError, ConnectionResetError):  # it died while idle: collecting finds the body
            child.pipe.send(job)

    def _collect(self) -> list[tuple[int, Parsed]]:
        """Wait for at least one busy child to answer, die or run out of time, and give all that are there."""
        patience = max(0.0, min(child.deadline for child in self._busy) - time.monotonic())
        ready = set(wait([child.pipe for child in self._busy], patience))
        now = time.monotonic()
        found = []
        for child in list(self._busy):
            if child.pipe in ready:
                found.append((_index(child), self._answer(child)))
            elif child.deadline <= now:
                self._bury(child)
                found.append((_index(child), self._timeout(f"{self.settings.wall_s:g} s of time")))
        return found

    def _answer(self, child: _Child) -> Parsed:
        """What a child that is ready has to say; a closed pipe says that it died."""
        try:
            said = child.pipe.recv()
        except (EOFError, ConnectionResetError):
            return self._death(self._bury(child))
        child.served += 1
        if isinstance(said, str) or child.served >= self.settings.pages_per_child:
            self._bury(child)
        else:
            self._busy.remove(child)
            self._idle.append(child)
        return _crash(f"more than {self.settings.memory_bytes} bytes") if isinstance(said, str) else said

    def _death(self, status: int) -> Refusal:
        killer = signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else f"exit {status >> 8}"
        return self._timeout("its share of CPU time") if killer == "SIGXCPU" else _crash(killer)

    def _timeout(self, spent: str) -> Refusal:
        return Refusal(Reason.PARSER_TIMEOUT, "time_limit", "body", f"more than {spent}", f"{self.settings.wall_s:g} s")

    def _bury(self, child: _Child) -> int:
        """Take the child out, make sure that it is dead, and give its wait status."""
        child.pipe.close()
        self._busy.remove(child)
        return self._ask(b"E" + NUMBER.pack(child.pid))

    def _spawn(self) -> _Child:
        ours, theirs = socket.socketpair()
        try:
            pid = self._ask(b"F", theirs.fileno())
        finally:
            theirs.close()
        child = _Child(pid, Connection(ours.detach()))
        settings = self.settings
        child.pipe.send(ChildLimits(settings.wall_s, settings.memory_bytes, settings.hook))
        return child

    def _ask(self, message: bytes, descriptor: int | None = None) -> int:
        """The zygote's number in answer to a message; a zygote that was killed is replaced.

        Raises:
            CopydeskError: it cannot be started.
        """
        for attempt in range(2):
            door = self._open_door()
            try:
                socket.send_fds(door, [message], [] if descriptor is None else [descriptor])
                answer = door.recv(64)
            except (BrokenPipeError, ConnectionResetError):
                answer = b""
            if answer:
                number: int = NUMBER.unpack(answer)[0]
                return number
            if message[:1] == b"E":
                return int(signal.SIGKILL)
            if attempt:
                break
            self._lose_zygote()
        raise CopydeskError("The parser's process cannot be started: run `copydesk doctor`, or parse with 0 workers.")

    def _lose_zygote(self) -> None:
        if self._door is not None:
            self._door.close()
        if self._zygote is not None:
            self._zygote.kill()
            self._zygote.wait()
        self._zygote = self._door = None

    def _open_door(self) -> socket.socket:
        """The socket to the zygote, which is started at first need; it inherits nothing of ours but that socket."""
        if self._door is None:
            ours, theirs = socket.socketpair()
            paths = [str(ROOT), *(path for path in sys.path if path)]
            self._zygote = subprocess.Popen(  # noqa: S603 - our own interpreter, our own code
                [sys.executable, "-c", START],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(paths)},
                start_new_session=True,
            )
            theirs.close()
            self._door = ours
            ours.recv(64)
        return self._door


def _index(child: _Child) -> int:
    if child.index is None:
        raise RuntimeError("a child answered without a job")
    return child.index


def _crash(what: str) -> Refusal:
    return Refusal(Reason.PARSER_CRASHED, "child_died", "body", what, "a page that the parser survives")


_lock = threading.Lock()
_pool: Pool | None = None


def parse_jobs(jobs: Iterator[tuple[int, Job]], settings: PoolSettings) -> Generator[tuple[int, Parsed], None, None]:
    """(place, result) of each (place, job), in any order; each exactly once.

    The pool serves one caller at a time: other threads wait until the iterator is used up or closed.
    """
    if settings.workers == 0:
        for index, job in jobs:
            yield index, parse_job(job)
        return
    with _lock:
        pool = _shared_pool(settings)
        try:
            yield from pool.parse(jobs)
        except BaseException:
            close_pool()  # children may be in the middle of a page of this caller
            raise


def _shared_pool(settings: PoolSettings) -> Pool:
    """The process's pool; another one when the settings changed. Call with the lock held."""
    global _pool
    if _pool is not None and _pool.settings != settings:
        close_pool()
    if _pool is None:
        _pool = Pool(settings)
    return _pool


def close_pool() -> None:
    """End the process's pool, if there is one; the next use starts another."""
    global _pool
    if _pool is not None:
        _pool.close()
        _pool = None


atexit.register(close_pool)
