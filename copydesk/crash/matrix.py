"""Every way to die, times every change of the disk; each followed by a restart, and a look at what is left."""

import errno
import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from copydesk.crash.child import start
from copydesk.crash.night import REFUSED, run_night, write_documents
from copydesk.crash.state import logical_hash, read_until_told, troubles
from copydesk.crash.tracer import SYNCS, Fault, Traced, is_supported, run_traced
from copydesk.crash.watched import run_watched

CUTS = {"cut to 0": 0, "cut to 20": 20, "cut by 1": -1}
"""Power cuts: how many bytes are left of each file that was written and not fsynced (-1: all but one)."""
REFUSALS = {"disk full": errno.ENOSPC, "read-only": errno.EROFS}
WRITES = ("write", "pwrite64", "writev", "pwritev", "pwritev2", "ftruncate", "fallocate")


@dataclass(frozen=True)
class Point:
    """One death: how, and at which change of the folder (from 1)."""

    way: str
    """kill, a key of CUTS, or a key of REFUSALS."""
    number: int
    call: str

    def __str__(self) -> str:
        """For people: `kill at change 17 (fsync)`."""
        return f"{self.way} at change {self.number} ({self.call})"


@dataclass(frozen=True)
class Outcome:
    """What became of the folder after a death and a restart."""

    point: Point
    problems: tuple[str, ...]
    is_reached: bool = True
    """False when the run ended well before the point, so that nothing died; the folder was judged all the same."""


@dataclass(frozen=True)
class Ground:
    """What all deaths start from, and what they are held against."""

    root: Path
    calls: tuple[str, ...]
    """The second night's changes of the folder, in order."""
    logical: str
    """The logical hash after three nights of which none died."""

    @property
    def documents(self) -> Path:
        """What the nights read; as the second finds it."""
        return self.root / "paper"


def prepare(root: Path, seats: int) -> Ground:
    """The first night, for each seat (a place where deaths are played), and three nights of which none dies.

    Raises:
        RuntimeError: a night failed by itself.
    """
    root = root.resolve()
    ground = Ground(root, (), "")
    write_documents(ground.documents, 1)
    for seat in range(seats):
        data = _data(root, seat)
        start(partial(run_night, data, ground.documents, 1), root / "answer").wait()
        shutil.copytree(data, data.with_name("base"))
    write_documents(ground.documents, 2)
    data = _data(root, 0)
    seen = _second_night(ground, data, None)
    if seen.status:
        raise RuntimeError(f"The second night failed without a fault (status {seen.status}).")
    _, logical, found = start(lambda: _restart(data, ground.documents), root / "answer").wait()
    if found:
        raise RuntimeError(f"Without a fault: {'; '.join(found)}.")
    return Ground(root, tuple(seen.calls), logical)


def points(calls: Sequence[str]) -> list[Point]:
    """All deaths for these calls.

    A kill at every call, where of a burst of writes only the first and the last are taken: between them nothing but
    the length of one unfinished file differs. A power cut, in its three kinds, around each sync, where most is at
    stake. A full disk from each first write of a burst on, and a folder that is read-only from there on.
    """
    edges = [number for number, call in enumerate(calls, 1) if call not in WRITES or _is_edge(calls, number)]
    found = [Point("kill", number, calls[number - 1]) for number in edges]
    found += [
        Point(way, number, calls[number - 1])
        for way in CUTS
        for number in edges
        if calls[number - 1] in SYNCS or calls[number - 1].startswith(("rename", "link"))
    ]
    starts = [number for number in edges if calls[number - 1] in WRITES and calls[number - 2] not in WRITES]
    return [*found, *(Point(way, number, calls[number - 1]) for way in REFUSALS for number in starts)]


def _is_edge(calls: Sequence[str], number: int) -> bool:
    around = {calls[number - 2] if number > 1 else "", calls[number] if number < len(calls) else ""}
    return not around <= set(WRITES)


def sample(found: Sequence[Point], count: int) -> list[Point]:
    """So many of the points, spread evenly over all of them; 0 takes all."""
    if not count or count >= len(found):
        return list(found)
    return [found[number * len(found) // count] for number in range(count)]


def play(ground: Ground, point: Point, seat: int) -> Outcome:
    """Let the second night die at the point, restart, and say what is wrong then."""
    data = _data(ground.root, seat)
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(data.with_name("base"), data)
    problems: list[str] = []
    with _reader(data, problems):
        seen = _second_night(ground, data, Fault(point.number, REFUSALS.get(point.way)))
        reached = is_reached(point, seen)
        problems += _judge_end(point, seen) if reached else []
        if point.way in CUTS:
            cut(data, seen.unsynced, CUTS[point.way])
        _age(data / "staging")
        try:
            _, logical, found = start(lambda: _restart(data, ground.documents), data.with_name("answer")).wait()
        except RuntimeError as error:
            return Outcome(point, (*problems, f"the restart failed: {error}"))
    if logical != ground.logical:
        problems.append("the logical hash is another")
    return Outcome(point, (*problems, *found), reached)


def is_reached(point: Point, seen: Traced) -> bool:
    """Whether the run came as far as the point: its number of changes differs a little from run to run."""
    return seen.status != 0 or len(seen.calls) >= point.number


def _second_night(ground: Ground, data: Path, fault: Fault | None) -> Traced:
    run = run_traced if is_supported() else run_watched
    return run(partial(run_night, data, ground.documents, 2), data, fault)


def _data(root: Path, seat: int) -> Path:
    return root / f"seat-{seat}" / "data"


def _restart(data: Path, documents: Path) -> tuple[int, str, list[str]]:
    run_night(data, documents, 3)
    return 0, logical_hash(data), troubles(data)


def _judge_end(point: Point, seen: Traced) -> list[str]:
    if point.way in REFUSALS:
        return [] if seen.status in (0, REFUSED) else [f"the run ended with status {seen.status}, without a sentence"]
    return [] if seen.status == -signal.SIGKILL else [f"the run was to be killed, but ended with status {seen.status}"]


@contextmanager
def _reader(data: Path, problems: list[str]) -> Iterator[None]:
    """A reader that queries while the block runs; what it finds wrong is added to the problems."""
    told, tell = os.pipe()

    def read() -> list[str]:
        os.close(tell)
        return read_until_told(data, told)

    child = start(read, data.with_name("reader"))
    os.close(told)
    try:
        yield
    finally:
        os.close(tell)
        problems += child.wait()


def _age(staging: Path) -> None:
    """Let some minutes pass: a young staging folder may be one of a run that is about to take its lock."""
    for staged in staging.glob("*"):
        os.utime(staged, (0, 0))


def cut(data: Path, unsynced: set[tuple[int, int]], left: int) -> None:
    """Shorten the files as a power cut may: those whose content was not fsynced. Their names stay."""
    for path in data.rglob("*"):
        state = path.lstat()
        if path.is_file() and (state.st_dev, state.st_ino) in unsynced and "leases" not in path.parts:
            os.truncate(path, max(0, state.st_size - 1) if left < 0 else min(left, state.st_size))
