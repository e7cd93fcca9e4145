"""What is usual for one share of one source: its mean by weekday, and how much nights differ by themselves.

Empirical Bayes throughout: a weekday leans on all days, the spread of a source with few nights on what is usual for
sources, and what is not known for sure widens the band. So a young or small source has a wide band, not none.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasks.validate.radar.past import Flags, Ints, Series
from tasks.validate.radar.tails import share_tail

WEEKDAY_PAGES = 30
"""Pages of all days that count in a weekday's share."""
USUAL_SPREAD, SPREAD_NIGHTS = 0.02, 10
"""Spread of a source that is not known, and how many nights that knowledge is worth."""
LEAST_SPREAD, MOST_SPREAD = 0.004, 0.5
LASTING = 0.4
"""How much of what moves a night is still there in the next: topics, holidays and people last for days."""
ODD_NIGHT = 9.0
"""A night that is three standard deviations off tells no more of the spread than that: it may be a broken one."""


@dataclass(frozen=True)
class Baseline:
    """What is usual for one share tonight."""

    share: float
    spread: float
    pages: int
    """Pages that it was learned from."""
    nights: int

    def chance(self, count: int, of_count: int, *, upper: bool) -> float:
        """Probability of a count that is as far off or farther, on a healthy night."""
        return share_tail(count, of_count, self.share, self.spread, upper=upper)

    def band(self, of_count: int) -> tuple[float, float]:
        """Lower and upper edge of the usual share of so many pages: three standard deviations."""
        wide = 3 * np.sqrt(self.share * (1 - self.share) * (1 + (of_count - 1) * self.spread) / max(of_count, 1))
        return max(0.0, float(self.share - wide)), min(1.0, float(self.share + wide))


def learn(series: Series, nights: Ints, weekdays: Ints, half_life: float) -> Baseline:
    """The baseline from these nights (places in the series, oldest first) for the weekday of the last column."""
    counts, of_counts = series.counts[nights].astype(float), series.of_counts[nights].astype(float)
    age = np.arange(len(nights))[::-1]
    weights = 0.5 ** (age / half_life)
    share = (np.dot(weights, counts) + 0.5) / (np.dot(weights, of_counts) + 1)
    by_day = _by_weekday(counts, of_counts, weights, weekdays[nights], share)
    pages = int(of_counts.sum())
    spread = _spread(counts, of_counts, by_day[weekdays[nights]]) + 1 / (np.dot(weights, of_counts) + 2)
    return Baseline(
        float(np.clip(by_day[weekdays[-1]], 1e-4, 1 - 1e-4)),
        float(min(spread, MOST_SPREAD)),
        pages,
        int((of_counts > 0).sum()),
    )


def _by_weekday(
    counts: NDArray[np.float64], of_counts: NDArray[np.float64], weights: NDArray[np.float64], days: Ints, share: float
) -> NDArray[np.float64]:
    """The share of each weekday, 1 to 7."""
    hits = np.bincount(days, weights * counts, minlength=8) + WEEKDAY_PAGES * share
    return np.asarray(hits / (np.bincount(days, weights * of_counts, minlength=8) + WEEKDAY_PAGES))


def _spread(counts: NDArray[np.float64], of_counts: NDArray[np.float64], shares: NDArray[np.float64]) -> float:
    """Correlation of pages of one night, by the method of moments, leaning on what is usual."""
    many = of_counts > 1
    if not many.any():
        return USUAL_SPREAD
    of_count, share = of_counts[many], shares[many]
    odd = np.minimum((counts[many] - of_count * share) ** 2 / (of_count * share * (1 - share) + 1e-9), ODD_NIGHT)
    found = (odd - 1).sum() / (of_count - 1).sum()
    nights = many.sum()
    return float(np.clip((nights * max(found, 0.0) + SPREAD_NIGHTS * USUAL_SPREAD) / (nights + SPREAD_NIGHTS),
                         LEAST_SPREAD, MOST_SPREAD))  # fmt: skip


def pooled_spread(spread: float, of_counts: Ints) -> float:
    """The spread of several nights counted as one: what moves a night lasts for some more, but not all of it."""
    total = int(of_counts.sum())
    if total <= 1:
        return spread
    together = float((of_counts * (of_counts - 1)).sum()) * spread / total
    return max(together / (total - 1), LASTING * spread)


def learned_nights(held: Flags, since: int, upto: int, most: int) -> Ints:
    """Places of the nights from `since` to before `upto` that were not held, the last `most` of them."""
    places = np.arange(since, upto)
    return places[~held[since:upto]][-most:]
