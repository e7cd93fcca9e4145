"""Have all texts of a source grown shorter? Their mean length, on the scale of halvings, against its own nights.

A cut counts the texts on one side of it and forgets how far they are from it. Where all of a small source's texts lose
their second half, every cut sees a part of that, and the mean sees all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from tasks.validate.radar.baseline import LASTING, ODD_NIGHT, SPREAD_NIGHTS, USUAL_SPREAD, learn_one
from tasks.validate.radar.breach import RELEARN_NIGHTS, Breach, hit_share, learned_since, usable_nights
from tasks.validate.radar.limits import LIMITS, RadarSettings
from tasks.validate.radar.past import Flags, Ints, Past, Series

Floats = NDArray[np.float64]
Pairs = Sequence[tuple[Series, Series]]

LEAST_SHIFT = 1.0
"""Classes that the mean must have fallen by; half a text is two."""
LEAST_PAGES = 5
MIDDLE = (0.2, 0.8)
"""Cuts that tell how many of the texts have grown shorter."""


@dataclass(frozen=True)
class _Sums:
    """Pages of each night, and the mean of the places of their classes."""

    pages: Ints
    mean: Floats
    squares: Floats
    """Mean of the squares."""


def find_shift(past: Past, pairs: Pairs, settings: RadarSettings) -> Breach | None:
    """The breach that tonight's mean is, alone or with the nights before, told at the cut that shows it best; or None.

    Args:
        past: The source.
        pairs: Cuts of the lengths (`<=`, shortest first), each with what it is held against.
        settings: Limits.
    """
    if not pairs or not pairs[0][0].of_counts[-1]:
        return None
    own, usual = _sums([one for one, _ in pairs]), _sums([other for _, other in pairs])
    first = pairs[0][0]
    since = learned_since(past, past.stopped.get((first.part, first.measure)))
    there = np.flatnonzero((own.pages > 0) & ~past.held)
    there = there[there >= since]
    for window in settings.windows:
        nights = there[-window:]
        if len(there) < window:
            return None
        usable = usable_nights(past, since, int(nights[0]))
        found = _chance(own, usual, nights, usable, settings)
        if found is not None and found <= settings.chance:
            breach = _told(past, pairs, nights, usable, found, settings)
            if breach is not None:
                least = RELEARN_NIGHTS if since else settings.learning_nights
                return Breach(breach.series, breach.limit, breach.baseline, found, window,
                              is_learning=breach.baseline.nights < least)  # fmt: skip
    return None


def _sums(cuts: Sequence[Series]) -> _Sums:
    """From the counts up to each class: the place of a page's class is the number of cuts below it."""
    pages = cuts[0].of_counts
    above = pages - np.stack([cut.counts for cut in cuts])
    places = np.arange(1, len(cuts) + 1)[:, None]
    of = np.maximum(pages, 1)
    return _Sums(pages, above.sum(axis=0) / of, (above * (2 * places - 1)).sum(axis=0) / of)


def _chance(own: _Sums, usual: _Sums, nights: Ints, usable: Flags, settings: RadarSettings) -> float | None:
    """Probability of so low a mean on healthy nights; None where it is not low enough to be worth a word."""
    learned = np.flatnonzero(usable & (usual.pages > 0))[-settings.memory_nights :]
    pages = int(own.pages[nights].sum())
    if len(learned) < 2 or pages < LEAST_PAGES:
        return None
    weights = 0.5 ** (np.arange(len(learned))[::-1] / settings.half_life_nights) * usual.pages[learned]
    total = float(weights.sum())
    mean = float(weights @ usual.mean[learned]) / total
    within = max(float(weights @ usual.squares[learned]) / total - mean**2, 0.5)
    low = float(own.pages[nights] @ own.mean[nights]) / pages
    if mean - low < LEAST_SHIFT or mean - own.mean[-1] < LEAST_SHIFT / 2:
        return None
    between = _between(usual, learned, mean, within)
    together = max(float((own.pages[nights] ** 2).sum()) / pages**2, LASTING)
    off = (mean - low) / sqrt(within / pages + between * together + within / total)
    return erfc(off / sqrt(2)) / 2


def _between(usual: _Sums, learned: Ints, mean: float, within: float) -> float:
    """Variance of the means of nights beyond what their pages explain, leaning on what is usual for sources."""
    pages = usual.pages[learned]
    odd = np.minimum((usual.mean[learned] - mean) ** 2 * pages / within, ODD_NIGHT) - 1
    found = max(float(odd.sum() / pages.sum()), 0.0) * within
    nights = len(learned)
    return (nights * found + SPREAD_NIGHTS * USUAL_SPREAD * within) / (nights + SPREAD_NIGHTS)


def _told(
    past: Past, pairs: Pairs, nights: Ints, usable: Flags, chance: float, settings: RadarSettings
) -> Breach | None:
    """The breach at the cut in the middle of the usual lengths that most texts have come below."""
    best: tuple[float, Breach] | None = None
    for own, other in pairs:
        baseline = learn_one(other, usable, past.weekdays, settings)
        if baseline is None or not MIDDLE[0] <= baseline.share <= MIDDLE[1]:
            continue
        limit = LIMITS[own.measure]
        share = float(own.counts[nights].sum() / own.of_counts[nights].sum())
        hit = hit_share(share, baseline.share, limit.way)
        if best is None or hit > best[0]:
            best = hit, Breach(own, limit, baseline, chance, len(nights), is_learning=False)
    return None if best is None else best[1]
