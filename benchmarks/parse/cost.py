"""What extraction costs: CPU time in turns with trafilatura over the same pages, and the memory of a process.

Pages are read in turns, so that what slows a machine down for a while slows both. Each page is read once, so that
nobody remembers it. The memory is that of a process which has nothing to do but extract: no labels, no other extractor.
"""

import resource
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.parse.data import SETS, read_pages
from benchmarks.parse.extractors import trafilatura_precision
from tasks.parse.bench import extract

ROUNDS = 5
"""Parts into which the pages fall by turns; the ratio is the median of theirs."""
WARM_UP = 20
"""Pages of another part of the set read before the clock starts, so that what is loaded once is not counted."""


@dataclass(frozen=True)
class Raced:
    """CPU seconds of one page."""

    round: int
    ours: float
    theirs: float


@dataclass(frozen=True)
class Alone:
    """Of a process that only extracted: its greatest memory, and the CPU seconds of its slowest page."""

    rss_mb: float
    slowest_s: float


def race(bench: Path, dataset: str, limit: int | None) -> list[Raced]:
    """Ours and trafilatura's precision mode on each page of a set, in this process, each of them first by turns."""
    found = []
    for number, (url, html) in enumerate(_pages(bench, dataset, limit)):
        ours_first = number % 2 == 0
        first, second = (extract, trafilatura_precision) if ours_first else (trafilatura_precision, extract)
        one, other = _seconds(first, html, url), _seconds(second, html, url)
        ours, theirs = (one, other) if ours_first else (other, one)
        if number >= WARM_UP:
            found.append(Raced(number % ROUNDS, ours, theirs))
    return found


def alone(bench: Path, dataset: str, limit: int | None) -> Alone:
    """Ours on each page of a set, in this process."""
    slowest = 0.0
    for number, (url, html) in enumerate(_pages(bench, dataset, limit)):
        took = _seconds(extract, html, url)
        slowest = max(slowest, took if number else 0.0)
    return Alone(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, slowest)


def _pages(bench: Path, dataset: str, limit: int | None) -> Iterator[tuple[str, bytes]]:
    return islice(read_pages(bench, dataset), limit)


def _seconds(function: Callable[[bytes, str], dict[str, Any]], html: bytes, url: str) -> float:
    start = time.process_time()
    try:
        function(html, url)
    except Exception:  # noqa: BLE001  any extractor may fail in any way; bench.py counts how often
        return time.process_time() - start
    return time.process_time() - start


def ratio(raced: list[Raced]) -> float:
    """How many times our CPU time trafilatura takes: the median of the rounds.

    >>> ratio([Raced(0, 1.0, 3.0), Raced(0, 1.0, 5.0), Raced(1, 1.0, 9.0), Raced(2, 2.0, 2.0)])
    4.0
    """
    rounds = {page.round for page in raced}
    parts = [[page for page in raced if page.round == number] for number in rounds]
    return statistics.median(sum(page.theirs for page in part) / sum(page.ours for page in part) for part in parts)


def print_costs(raced: dict[str, list[Raced]], told: dict[str, Alone]) -> None:
    """A row for each set, and one for all."""
    print(f"\n{'in turns':20} {'ours ms':>8} {'trafilatura ms':>15} {'ratio':>6} {'worst s':>8} {'MB':>5}")
    for dataset in SETS:
        _print_cost(dataset, raced[dataset], told[dataset].slowest_s, told[dataset].rss_mb)
    pages = [page for dataset in SETS for page in raced[dataset]]
    _print_cost("all", pages, max(one.slowest_s for one in told.values()), max(one.rss_mb for one in told.values()))


def _print_cost(name: str, raced: list[Raced], slowest_s: float, rss_mb: float) -> None:
    ours = 1_000 * statistics.fmean(page.ours for page in raced)
    theirs = 1_000 * statistics.fmean(page.theirs for page in raced)
    print(f"{name:20} {ours:8.2f} {theirs:15.2f} {ratio(raced):6.2f} {slowest_s:8.2f} {rss_mb:5.0f}")
