"""Set scores and paired bootstrap by site, from what ../shared/bench/score.py counts on each page.

All three measures are made of means over pages, so that a sample of sites is a row of weights: sums by site once, and
each of the thousands of samples is one matrix product.
"""

from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
SAMPLES = 4_000
SEED = 20_241


def page_counts(score: ModuleType, dataset: str, truth: dict[str, Any], text: str) -> list[float]:
    """What one page adds to its set's measure: pairs of a sum and what it is divided by, one after the other."""
    if dataset == "trafilatura":
        found, wrong, missed, _ = score.segments(truth, text)
        return [found, found + wrong, found, found + missed]
    if dataset == "news424":
        best = max(
            (score.shingle_counts(body, text) for body in truth["texts"]),
            key=lambda counts: score.f1(score.prec(*counts), score.rec(*counts)),
        )
        has_text, has_body = best[0] + best[1] > 0, best[0] + best[2] > 0
        return [score.prec(*best) * has_text, has_text, score.rec(*best) * has_body, has_body]
    return [max(score.word_f1(body, text) for body in truth["texts"]), 1.0]


def measure(sums: Doubles) -> Doubles:
    """The set's measure for each row of summed counts: F1 of the two quotients, or the one mean there is."""
    quotients = sums[:, 0::2] / np.maximum(sums[:, 1::2], 1e-9)
    if quotients.shape[1] == 1:
        return np.asarray(quotients[:, 0])
    return np.asarray(2 * quotients.prod(axis=1) / np.maximum(quotients.sum(axis=1), 1e-9))


def by_site(counts: Sequence[Sequence[float]], sites: Sequence[str]) -> Doubles:
    """The pages' counts summed over each site, sites in order of their names."""
    names, places = np.unique(np.array(sites), return_inverse=True)
    table = np.zeros((len(names), len(counts[0])))
    np.add.at(table, places, np.array(counts, dtype=np.float64))
    return table


def bootstrap(ours: Doubles, theirs: Doubles) -> tuple[float, float]:
    """The 95 % interval of ours minus theirs when sites are drawn anew, the same for both."""
    drawn = np.random.default_rng(SEED).multinomial(len(ours), np.full(len(ours), 1 / len(ours)), SAMPLES)
    differences = measure(drawn @ ours) - measure(drawn @ theirs)
    low, high = np.quantile(differences, (0.025, 0.975))
    return float(low), float(high)
