"""Plays the deaths over several seats at once, in the order in which they end.

Where a process may not be traced (anything but Linux on x86-64) only the commit's own points kill.
"""

import importlib
import importlib.util
import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from copydesk.crash.matrix import Ground, Outcome, Point, play, points, prepare, sample

WARM = ("hypothesis", "deltalake", "polars", "duckdb", "pyarrow.parquet")
"""What the stages import late; imported before the forks, where it is installed, it costs once and not each time."""

_taken: list[int] = []


@dataclass(frozen=True)
class Plan:
    """What will be played."""

    ground: Ground
    points: list[Point]
    all_points: int


def plan(root: Path, seats: int, count: int) -> Plan:
    """Run the nights that die nowhere, and choose `count` deaths (0: all).

    Raises:
        RuntimeError: a night failed without a fault.
    """
    for name in WARM:
        if importlib.util.find_spec(name.split(".", maxsplit=1)[0]):
            importlib.import_module(name)
    ground = prepare(root, seats)
    every = points(ground.calls)
    return Plan(ground, sample(every, count), len(every))


def played(what: Plan, seats: int) -> Iterator[Outcome]:
    """The outcome of each death, as they end."""
    context = multiprocessing.get_context("fork")
    free = context.SimpleQueue()
    for seat in range(seats):
        free.put(seat)
    with context.Pool(seats, _take_seat, (free,)) as pool:
        yield from pool.imap_unordered(_play, [(what.ground, point) for point in what.points])


def _take_seat(free: "multiprocessing.SimpleQueue[int]") -> None:
    _taken[:] = [free.get()]


def _play(job: tuple[Ground, Point]) -> Outcome:
    """What became of a death. A point that its run did not reach is tried again: no two runs write quite alike."""
    outcome = play(*job, _taken[0])
    return outcome if outcome.is_reached or outcome.problems else play(*job, _taken[0])


def seats_of_this_machine() -> int:
    """One seat for each processor, four at most: a seat has a run and a reader."""
    return max(1, min(4, os.cpu_count() or 1))


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A folder that is thrown away."""
    return tempfile.TemporaryDirectory(prefix="copydesk-crash-")
