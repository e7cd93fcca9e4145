"""`make bench-parse`: our extraction against others on the development sets, all in one run.

    python -m benchmarks.parse.bench --bench ../shared/bench

Each extractor runs in a process of its own for each set, two at a time. Ours reads every page with a model that has not
seen the page's site (benchmarks/parse/folds, made by train.py). Only the extractor's own calls are timed, as CPU time.
Then ours and trafilatura run in turns, and ours alone, for speed and memory (cost.py). The last line is a JSON object.
"""

import argparse
import importlib
import importlib.util
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from benchmarks.parse.compare import bootstrap, by_site, measure, page_counts
from benchmarks.parse.cost import Alone, Raced, alone, print_costs, race, ratio
from benchmarks.parse.data import SETS, read_set
from benchmarks.parse.extractors import EXTRACTORS, reach_rivals

PACKAGES = {"newspaper4k": "newspaper"}
"""What must be installed for an extractor that is no dependency of ours."""
PROCESSES = 2
RIVALS = ("trafilatura_precision", "trafilatura_default")
WARM_UP = 20
"""Pages read before the clock starts, so that what is loaded once a process is not counted, for any of them."""

Cost = TypeVar("Cost")


@dataclass
class Outcome:
    """What one extractor made of one set."""

    counts: list[list[float]]
    sites: list[str]
    fields: dict[str, tuple[int, int]]
    """Right, and known, of each field."""
    cpu_s: float
    slowest_s: float
    rss_mb: float
    errors: int

    @property
    def score(self) -> float:
        """The set's measure."""
        return float(measure(by_site(self.counts, self.sites).sum(axis=0, keepdims=True))[0])


def run(bench: Path, dataset: str, name: str, limit: int | None) -> Outcome:
    """Measure one extractor on one set, in this process."""
    score = load_score(bench)
    extract = EXTRACTORS[name]
    outcome = Outcome([], [], {}, 0.0, 0.0, 0.0, 0)
    for number, source in enumerate(read_set(bench, dataset)):
        if limit is not None and number >= limit:
            break
        if number < WARM_UP:
            _call(extract, source.html, source.url)
        found, cpu, failed = _call(extract, source.html, source.url)
        outcome.cpu_s += cpu
        outcome.slowest_s = max(outcome.slowest_s, cpu)
        outcome.errors += failed
        outcome.counts.append(page_counts(score, dataset, source.truth, found.get("text") or ""))
        outcome.sites.append(source.site)
        _count_fields(score, outcome.fields, source.truth, found)
    outcome.rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return outcome


def _call(extract: Any, html: bytes, url: str) -> tuple[dict[str, Any], float, bool]:
    """What the extractor gives, the CPU time it took, and whether it failed, which counts as an empty text."""
    start = time.process_time()
    try:
        found, failed = extract(html, url), False
    except Exception as error:  # noqa: BLE001  any extractor may fail in any way; the table counts how often
        print(f"{type(error).__name__} on {url}: {error}", file=sys.stderr)
        found, failed = {"text": ""}, True
    return found, time.process_time() - start, failed


def _count_fields(
    score: ModuleType, fields: dict[str, tuple[int, int]], truth: dict[str, Any], found: dict[str, Any]
) -> None:
    """The scorer's rules for exact fields: title folded, date by day, authors as sets."""
    right = {
        "title": lambda known, given: score.title_ok(known, given),
        "date": lambda known, given: str(known)[:10] == str(given)[:10],
        "author": lambda known, given: score.author_sets(known, given)[0] == score.author_sets(known, given)[1],
    }
    for name, is_right in right.items():
        if truth.get(name):
            hits, known = fields.get(name, (0, 0))
            given = found.get(name)
            fields[name] = hits + bool(given and is_right(truth[name], given)), known + 1


def load_score(bench: Path) -> ModuleType:
    """The scorer that lies beside the sets."""
    spec = importlib.util.spec_from_file_location("bench_score", bench / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{bench / 'score.py'} cannot be loaded.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Run, print the tables, and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    parser.add_argument("--limit", type=int, help="pages of each set; for trying it out")
    args = parser.parse_args()
    if not args.bench.is_dir():
        raise SystemExit(f"{args.bench} is not there: the development sets are needed to measure extraction.")
    outcomes = run_all(args.bench, args.limit)
    raced = {dataset: by_itself(race, args.bench, dataset, args.limit) for dataset in SETS}
    told = {dataset: by_itself(alone, args.bench, dataset, args.limit) for dataset in SETS}
    for dataset in SETS:
        _print_table(dataset, outcomes[dataset])
    print_costs(raced, told)
    print(json.dumps(summary(outcomes, raced, told)))


def run_all(bench: Path, limit: int | None) -> dict[str, dict[str, Outcome]]:
    """The outcomes by set and extractor, each from a process of its own."""
    reach_rivals()
    names = [name for name in EXTRACTORS if name not in PACKAGES or importlib.util.find_spec(PACKAGES[name])]
    for name in EXTRACTORS.keys() - set(names):
        print(f"{name} is not installed here, so its rows are left out.")
    outcomes: dict[str, dict[str, Outcome]] = {dataset: {} for dataset in SETS}
    with multiprocessing.get_context("spawn").Pool(PROCESSES, maxtasksperchild=1) as pool:
        jobs = {
            (name, dataset): pool.apply_async(run, (bench, dataset, name, limit)) for name in names for dataset in SETS
        }
        for (name, dataset), job in jobs.items():
            outcomes[dataset][name] = job.get()
            print(f"{name} on {dataset}: {outcomes[dataset][name].score:.4f}", file=sys.stderr)
    return outcomes


def by_itself(function: Callable[[Path, str, int | None], Cost], bench: Path, dataset: str, limit: int | None) -> Cost:
    """What the function gives in a process of its own, while nothing else runs."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(function, (bench, dataset, limit))


def _print_table(dataset: str, outcomes: dict[str, Outcome]) -> None:
    ours = outcomes["ours"]
    print(f"\n{dataset}: {len(ours.counts)} pages of {len(set(ours.sites))} sites")
    print(f"{'extractor':24} {'score':>6} {'ours minus it, 95 % by site':>28} {'title':>6} {'date':>6} {'author':>6}"
          f" {'pages/s':>8} {'worst s':>8} {'MB':>5} {'errors':>6}")  # fmt: skip
    for name, outcome in outcomes.items():
        gap = ""
        if name != "ours":
            low, high = bootstrap(by_site(ours.counts, ours.sites), by_site(outcome.counts, outcome.sites))
            gap = f"{ours.score - outcome.score:+.4f} [{low:+.4f}, {high:+.4f}]"
        fields = " ".join(_share(outcome.fields.get(field)) for field in ("title", "date", "author"))
        print(f"{name:24} {outcome.score:6.4f} {gap:>28} {fields} {len(outcome.counts) / outcome.cpu_s:8.1f}"
              f" {outcome.slowest_s:8.2f} {outcome.rss_mb:5.0f} {outcome.errors:6}")  # fmt: skip


def _share(hits: tuple[int, int] | None) -> str:
    return f"{hits[0] / hits[1]:6.3f}" if hits else "     -"


def summary(
    outcomes: dict[str, dict[str, Outcome]], raced: dict[str, list[Raced]], told: dict[str, Alone]
) -> dict[str, float]:
    """The figures of the targets. `<set>_trafilatura` is the better of trafilatura's two modes on that set."""
    figures: dict[str, float] = {}
    for dataset, by_name in outcomes.items():
        figures[f"{dataset}_ours"] = round(by_name["ours"].score, 4)
        figures[f"{dataset}_trafilatura"] = round(max(by_name[rival].score for rival in RIVALS), 4)
    for field, (hits, known) in outcomes["news424"]["ours"].fields.items():
        figures[field] = round(hits / known, 4)
    figures["ratio_trafilatura"] = round(ratio([page for pages in raced.values() for page in pages]), 2)
    figures["worst_page_s"] = round(max(one.slowest_s for one in told.values()), 3)
    figures["rss_mb"] = round(max(one.rss_mb for one in told.values()), 1)
    return figures


if __name__ == "__main__":
    main()
