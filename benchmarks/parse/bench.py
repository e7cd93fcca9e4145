"""`make bench-parse`: our extraction against others on the development sets, all in one run.

    python -m benchmarks.parse.bench --bench ../shared/bench

Each extractor runs in a process of its own, one after the other. Ours reads every page with a model that has not seen
the page's site (benchmarks/parse/folds, made by train.py). Only the extractor's own calls are timed, as CPU time.
The last line is one JSON object.
"""

import argparse
import importlib
import importlib.util
import json
import multiprocessing
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.parse.compare import bootstrap, by_site, measure, page_counts
from benchmarks.parse.data import SETS, read_set
from benchmarks.parse.extractors import EXTRACTORS

PACKAGES = {"newspaper4k": "newspaper"}
"""What must be installed for an extractor that is no dependency of ours."""
RIVALS = ("trafilatura_precision", "trafilatura_default")
WARM_UP = 20
"""Pages read before the clock starts, so that what is loaded once a process is not counted, for any of them."""


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
    outcomes: dict[str, dict[str, Outcome]] = {dataset: {} for dataset in SETS}
    for name in EXTRACTORS:
        if name in PACKAGES and importlib.util.find_spec(PACKAGES[name]) is None:
            print(f"{name} is not installed here, so its rows are left out.")
            continue
        for dataset in SETS:
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                outcomes[dataset][name] = pool.apply(run, (args.bench, dataset, name, args.limit))
            print(f"{name} on {dataset}: {outcomes[dataset][name].score:.4f}", file=sys.stderr)
    for dataset in SETS:
        _print_table(dataset, outcomes[dataset])
    print(json.dumps(summary(outcomes)))


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


def summary(outcomes: dict[str, dict[str, Outcome]]) -> dict[str, float]:
    """The figures of the targets. `<set>_trafilatura` is the better of trafilatura's two modes on that set."""
    told: dict[str, float] = {}
    for dataset, by_name in outcomes.items():
        told[f"{dataset}_ours"] = round(by_name["ours"].score, 4)
        told[f"{dataset}_trafilatura"] = round(max(by_name[rival].score for rival in RIVALS), 4)
    ours = [by_name["ours"] for by_name in outcomes.values()]
    rival = [by_name[RIVALS[0]] for by_name in outcomes.values()]
    for field, (hits, known) in outcomes["news424"]["ours"].fields.items():
        told[field] = round(hits / known, 4)
    told["ratio_trafilatura"] = round(sum(one.cpu_s for one in rival) / sum(one.cpu_s for one in ours), 2)
    told["worst_page_s"] = round(max(one.slowest_s for one in ours), 3)
    told["rss_mb"] = round(max(one.rss_mb for one in ours), 1)
    return told


if __name__ == "__main__":
    main()
