"""`make bench-radar`: the radar on seasons of made-up papers, by kind of break, and how long validation takes.

`--seeds dev` are the seasons that limits may be set on; only figures of `--seeds held-out` are reported.
"""

import argparse
import json
import sys
import time
from pathlib import Path

from benchmarks.radar.scores import Score
from benchmarks.radar.watch import UNUSED, many_rows, watch
from benchmarks.season.season import DEV_SEEDS, HELD_OUT_SEEDS, Season
from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext
from tasks.validate.radar import RadarSettings
from tasks.validate.shard import ValidateSettings, split_rows

SEEDS = {"dev": DEV_SEEDS, "held-out": HELD_OUT_SEEDS}
HEAD = ("kind of break", "breaks", "found", "median delay", "broken", "published", "healthy beside it held")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="held-out", help="dev, held-out, or numbers with commas between them")
    parser.add_argument("--papers", type=int, default=30)
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--rows", type=int, default=100_000, help="rows that validation is timed on; 0: not at all")
    given = parser.parse_args()
    seeds = SEEDS.get(given.seeds) or tuple(int(number) for number in given.seeds.split(","))
    score, begun = Score(), time.process_time()
    for seed in seeds:
        season = Season(seed, given.papers, given.nights)
        watch(season, score, RadarSettings(), lambda night, seed=seed: _progress(seed, night))
    figures = score.figures() | {"cpu_s": round(time.process_time() - begun, 1)}
    if given.rows:
        figures |= {"validate_s_per_million": round(validate_seconds(given.rows) * 1e6 / given.rows, 2)}
    print_table(score)
    print(json.dumps(figures))


def validate_seconds(count: int) -> float:
    """Seconds of CPU time that the contract takes for so many healthy rows; the better of two."""
    rows = many_rows(count)
    run = RunContext("timed", UNUSED, DataFolder(Path("unused")))
    taken = []
    for _ in range(2):
        begun = time.process_time()
        split_rows(rows, run, ValidateSettings())
        taken.append(time.process_time() - begun)
    return min(taken) * count / rows.height


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
