"""`make bench-radar`: the radar on seasons of made-up papers, by kind of break, and how long validation takes.

`--seeds dev` are the seasons that limits may be set on; only figures of `--seeds held-out` are reported.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from benchmarks.radar.contract import row_bytes, validate_peak_share, validate_seconds
from benchmarks.radar.scores import Score
from benchmarks.radar.watch import watch
from benchmarks.season.season import DEV_SEEDS, HELD_OUT_SEEDS, Season
from tasks.validate.radar import RadarSettings

SEEDS = {"dev": DEV_SEEDS, "held-out": HELD_OUT_SEEDS}
HEAD = ("kind of break", "breaks", "found", "median delay", "broken", "published", "healthy beside it held")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="held-out", help="dev, held-out, or numbers with commas between them")
    parser.add_argument("--papers", type=int, default=30)
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--rows", type=int, default=100_000, help="rows that validation is timed on; 0: not at all")
    parser.add_argument("--processes", type=int, default=2, help="seasons that are watched at the same time")
    given = parser.parse_args()
    seeds = SEEDS.get(given.seeds) or tuple(int(number) for number in given.seeds.split(","))
    score, cpu_s = watch_seasons(seeds, given.papers, given.nights, given.processes)
    figures = score.figures() | {"cpu_s": round(cpu_s, 1)}
    if given.rows:
        figures |= {
            "validate_s_per_million": round(validate_seconds(given.rows) * 1e6 / given.rows, 2),
            "validate_peak_share": round(validate_peak_share(given.rows), 2),
            "validate_row_bytes": round(row_bytes(given.rows)),
        }
    print_table(score)
    print(json.dumps(figures))


def watch_seasons(seeds: Sequence[int], papers: int, nights: int, processes: int) -> tuple[Score, float]:
    """The score of all seasons, each watched in a process of its own, and the seconds of CPU time that it took."""
    score, cpu_s = Score(), 0.0
    with ProcessPoolExecutor(min(processes, len(seeds)), mp_context=get_context("spawn")) as pool:
        for part, seconds in pool.map(partial(_watch_season, papers=papers, nights=nights), seeds):
            score.add(part)
            cpu_s += seconds
    return score, cpu_s


def _watch_season(seed: int, papers: int, nights: int) -> tuple[Score, float]:
    score, begun = Score(), time.process_time()
    watch(Season(seed, papers, nights), score, RadarSettings(), partial(_progress, seed))
    return score, time.process_time() - begun


def print_table(score: Score) -> None:
    """The table by kind of break, and which measures spoke of sources that are whole."""
    _print_rows([HEAD, *(tuple(map(str, row)) for row in score.table())])
    blamed = sorted(score.blamed.items(), key=lambda one: one[1], reverse=True)
    if blamed:
        print()
        head = ("about whole sources, by measure", "alarms", "pages held")
        _print_rows([head, *((name, str(alarms), str(pages)) for name, (alarms, pages) in blamed)])


def _print_rows(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        print("  ".join(cells).rstrip())


def _progress(seed: int, night: int) -> None:
    if sys.stderr.isatty() and night % 10 == 0:
        print(f"\rseason {seed}, night {night} ", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
