"""What store does of a night beside its commit, and several nights that commit at once.

What does not belong here: the commit itself (bench.py).
"""

import multiprocessing
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.synchronize import Barrier

import polars as pl

from benchmarks.store.rows import FIRST, run_of
from tasks.io.folder import DataFolder
from tasks.io.outfiles import write_out
from tasks.io.staging import RunContext
from tasks.io.tables import Snapshot
from tasks.store.lookup import sightings, stored_readings
from tasks.store.near import find_near, sign_new
from tasks.store.versions import READING

_ready: list[Barrier] = []


def judge_seconds(folder: DataFolder, articles: pl.DataFrame) -> float:
    """Seconds to find what is stored of a night's articles and texts, among all versions."""
    readings = articles.select(list(READING)).cast(READING)
    begun = time.perf_counter()
    snapshot = Snapshot.open(folder)
    stored = stored_readings(snapshot, readings["article_id"], readings["content_hash"])
    sightings(snapshot, readings, stored)
    return time.perf_counter() - begun


def near_seconds(folder: DataFolder, day: int, articles: pl.DataFrame) -> float:
    """Seconds to sign a night's texts, search all signatures for near-duplicates, and write the signatures."""
    run = RunContext(run_of(day), FIRST + timedelta(days=day), folder)
    written = write_out(run, "articles", articles, 0)
    begun = time.perf_counter()
    snapshot = Snapshot.open(folder)
    signed = sign_new(run, articles, snapshot, set(), 0)
    find_near(run, snapshot, signed, written)
    taken = time.perf_counter() - begun
    shutil.rmtree(folder.run(run.run_id))
    return taken


def together_seconds(ready: Callable[[int], Callable[[], object]], days: list[int]) -> float:
    """Seconds until nights that are staged and committed by as many processes at once are all committed.

    Args:
        ready: Gives what stages and commits the night of a day; it runs in another process.
        days: The nights.
    """
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(len(days))
    with context.Pool(len(days), _take, (barrier,)) as pool:
        spans = pool.starmap(_timed, [(ready, day) for day in days], chunksize=1)
    return max(ended for _, ended in spans) - min(begun for begun, _ in spans)


def _take(barrier: Barrier) -> None:
    _ready[:] = [barrier]


def _timed(ready: Callable[[int], Callable[[], object]], day: int) -> tuple[float, float]:
    work = ready(day)
    _ready[0].wait()
    begun = time.time()
    work()
    return begun, time.time()
