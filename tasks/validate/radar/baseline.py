"""What is usual for shares of one source: their means by weekday, and how much nights differ by themselves.

Empirical Bayes throughout: a weekday leans on all days, the spread of a source with few nights on what is usual for
sources, and what is not known for sure widens the band. So a young or small source has a wide band, not none.
All shares of a source are learned at once, as rows of arrays: a source has a hundred of them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasks.validate.radar.limits import RadarSettings
from tasks.validate.radar.past import Flags, Ints, Series
from tasks.validate.radar.tails import share_tail

Floats = NDArray[np.float64]

WEEKDAY_PAGES = 30
"""Pages of all days that count in a weekday's share."""
USUAL_SPREAD, SPREAD_NIGHTS = 0.02, 10
"""Spread of a source that is not known, and how many nights that knowledge is worth."""
LEAST_SPREAD, MOST_SPREAD = 0.004, 0.5
LASTING = 0.4
"""How much of what moves a night is still there in the next: topics, holidays and people last for days."""
ODD_NIGHT = 25.0
"""A night that is five standard deviations off tells no more of the spread than that: it may be a broken one."""
LEAST_SHARE = 1e-4


@dataclass(frozen=True)
class Baseline:
    """What is usual for one share tonight."""

    share: float
    spread: float
    nights: int
    """Nights that it was learned from."""

    def chance(self, count: int, of_count: int, *, upper: bool) -> float:
        """Probability of a count that is as far off or farther, on a healthy night."""
        return share_tail(count, of_count, self.share, self.spread, upper=upper)


@dataclass(frozen=True)
class Baselines:
    """The same for many shares: arrays of one value a share."""

    share: Floats
    spread: Floats
    nights: Ints

    def bands(self, of_counts: Ints) -> tuple[Floats, Floats]:
        """Lower and upper edges of the usual shares of so many pages: three standard deviations."""
        share, pages = self.share, np.maximum(of_counts, 1)
        wide = 3 * np.sqrt(share * (1 - share) * (1 + (pages - 1) * self.spread) / pages)
        return np.maximum(0.0, share - wide), np.minimum(1.0, share + wide)


def learn_one(series: Series, usable: Flags, weekdays: Ints, settings: RadarSettings) -> Baseline | None:
    """The baseline of one series from the nights that are usable; None when none of them has pages."""
    found = learn(series.counts[None, :], series.of_counts[None, :], usable, weekdays, settings)
    if not found.nights[0]:
        return None
    return Baseline(float(found.share[0]), float(found.spread[0]), int(found.nights[0]))


def learn(counts: Ints, of_counts: Ints, usable: Flags, weekdays: Ints, settings: RadarSettings) -> Baselines:
    """What is usual on the weekday of the last night.

    Args:
        counts: A row a share, a column a night.
        of_counts: Of so many, of the same shape.
        usable: Nights that may be learned from.
        weekdays: 1 to 7, of each night.
        settings: How far back, and how fast a night grows old.
    """
    there = (of_counts > 0) & usable
    age: Ints = np.cumsum(there[:, ::-1], axis=1)[:, ::-1] - there
    there &= age < settings.memory_nights
    weights = np.where(there, 0.5 ** (age / settings.half_life_nights), 0.0)
    pages = (weights * of_counts).sum(axis=1)
    share = ((weights * counts).sum(axis=1) + 0.5) / (pages + 1)
    days = np.eye(8)[weekdays]
    hits = (weights * counts) @ days + WEEKDAY_PAGES * share[:, None]
    by_day = hits / ((weights * of_counts) @ days + WEEKDAY_PAGES)
    spread = _spread(counts, of_counts, by_day[:, weekdays], there & (of_counts > 1)) + 1 / (pages + 2)
    return Baselines(
        np.clip(by_day[:, weekdays[-1]], LEAST_SHARE, 1 - LEAST_SHARE),
        np.minimum(spread, MOST_SPREAD),
        there.sum(axis=1),
    )


def _spread(counts: Ints, of_counts: Ints, shares: Floats, there: NDArray[np.bool_]) -> Floats:
    """Correlation of pages of one night, by the method of moments, leaning on what is usual."""
    variance = of_counts * shares * (1 - shares) + 1e-9
    odd = np.minimum((counts - of_counts * shares) ** 2 / variance, ODD_NIGHT) - 1
    found = np.where(there, odd, 0).sum(axis=1) / np.maximum(np.where(there, of_counts - 1, 0).sum(axis=1), 1)
    nights = there.sum(axis=1)
    leaning = (nights * np.maximum(found, 0.0) + SPREAD_NIGHTS * USUAL_SPREAD) / (nights + SPREAD_NIGHTS)
    return np.asarray(np.clip(leaning, LEAST_SPREAD, MOST_SPREAD))


def pooled_spread(spread: float, of_counts: Ints) -> float:
    """The spread of several nights counted as one: what moves a night lasts for some more, but not all of it."""
    total = int(of_counts.sum())
    if total <= 1:
        return spread
    together = float((of_counts * (of_counts - 1)).sum()) * spread / total
    return max(together / (total - 1), LASTING * spread)
