"""The figures of all designs in docs/extraction.md, each page read by models that have not seen its site.

    python -m benchmarks.parse.designs --bench ../shared/bench

Rules; the block model alone; with the sequence step (the winner); cascades that ask trafilatura where the winner's
confidence is low. Text only, without the fields and repairs of the whole of parse, which bench.py measures.
"""

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.parse.bench import load_score
from benchmarks.parse.compare import bootstrap, by_site, measure, page_counts
from benchmarks.parse.data import SETS, Source, fold_of, read_page, read_set
from benchmarks.parse.extractors import fold_models, trafilatura_default, trafilatura_precision
from benchmarks.parse.rules import keep_by_rules
from tasks.parse.extractor.extract import expected_f1
from tasks.parse.extractor.keep import choose, keep
from tasks.parse.extractor.walk import walk

CASCADE = (0.7, 0.8, 0.9)
"""Confidences below which a cascade asks trafilatura."""
RIVAL = "trafilatura_precision"


@dataclass(frozen=True)
class Read:
    """What all designs make of one page, and the winner's confidence."""

    texts: dict[str, str]
    confidence: float


def read_all_ways(source: Source) -> Read:
    """The page's text by each design."""
    told = {name: function(source.html, source.url)["text"] or "" for name, function in RIVALS.items()}
    found = read_page(source.html, source.url)
    page = walk(found[0]) if found else None
    if found is None or page is None or not page.texts:
        return Read(told | dict.fromkeys(("rules", "blocks", "sequence"), ""), 0.0)
    model = fold_models()[fold_of(source.site)]
    measured = model.measure(page, found[1])
    likely = model.first.probabilities(measured.first_rows)
    final = model.second.probabilities(measured.second_rows(page.nodes.key, likely))
    kept = keep(page, final)
    told["rules"] = _joined(page.texts, choose(page.texts, keep_by_rules(page, found[1]).astype(np.float64)))
    told["blocks"] = _joined(page.texts, choose(page.texts, likely))
    told["sequence"] = _joined(page.texts, kept)
    return Read(told, expected_f1(final, kept, page.texts))


RIVALS: dict[str, Callable[[bytes, str], dict[str, str]]] = {
    RIVAL: trafilatura_precision,
    "trafilatura_default": trafilatura_default,
}


def _joined(texts: Sequence[str], kept: NDArray[np.bool_]) -> str:
    return "\n\n".join(text for text, keep in zip(texts, kept, strict=True) if keep)


def designs(reads: Iterable[Read]) -> dict[str, list[str]]:
    """For each design its texts of all pages, cascades included."""
    told: dict[str, list[str]] = {}
    for read in reads:
        for name, text in read.texts.items():
            told.setdefault(name, []).append(text)
        for least in CASCADE:
            asked = read.confidence < least
            told.setdefault(f"cascade_{least}", []).append(read.texts[RIVAL if asked else "sequence"])
    return told


def main() -> None:
    """Read all sets in all ways and print one table for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"))
    args = parser.parse_args()
    score = load_score(args.bench)
    for dataset in SETS:
        sources = list(read_set(args.bench, dataset))
        reads = [read_all_ways(source) for source in sources]
        sites = [source.site for source in sources]
        print(f"\n{dataset}: {len(sources)} pages, {len(set(sites))} sites")
        asked = {f"cascade_{least}": np.mean([read.confidence < least for read in reads]) for least in CASCADE}
        tables = {
            name: by_site(
                [page_counts(score, dataset, one.truth, text) for one, text in zip(sources, texts, strict=True)], sites
            )
            for name, texts in designs(reads).items()
        }
        for name, table in tables.items():
            low, high = bootstrap(table, tables[RIVAL])
            value = float(measure(table.sum(axis=0, keepdims=True))[0])
            rest = f", asks for {asked[name]:.0%} of the pages" if name in asked else ""
            print(f"{name:24} {value:.4f}  minus {RIVAL} 95 % [{low:+.4f}, {high:+.4f}]{rest}", flush=True)


if __name__ == "__main__":
    main()
