"""One measure of one part of a source against what is usual: is tonight, alone or with the nights before, a breach?"""

from dataclasses import dataclass, replace

import numpy as np

from tasks.validate.radar.baseline import Baseline, learn_one, pooled_spread
from tasks.validate.radar.limits import LIMITS, Limit, RadarSettings, Way
from tasks.validate.radar.measure import ALL, FIELDS
from tasks.validate.radar.past import Flags, Ints, Past, Series

PARTIAL = 0.5
"""Least share of the pages that must have lost a field for that to be no partial loss."""
RELEARN_NIGHTS = 3
"""Nights after a release from which the new normal is judged."""


@dataclass(frozen=True)
class Breach:
    """One measure that is not usual tonight."""

    series: Series
    limit: Limit
    baseline: Baseline
    chance: float
    nights: int
    """Nights that were judged together; 0: it goes on from the night before."""
    is_learning: bool

    @property
    def count(self) -> int:
        """Pages of tonight with the value."""
        return int(self.series.counts[-1])

    @property
    def of_count(self) -> int:
        """Pages of tonight that were counted."""
        return int(self.series.of_counts[-1])

    @property
    def hit_share(self) -> float:
        """Share of tonight's pages that the breach must have hit, if it makes a page show it for sure."""
        if not self.of_count:
            return 0.0
        return hit_share(self.count / self.of_count, self.baseline.share, self.limit.way)


def hit_share(share: float, usual: float, way: Way) -> float:
    """How much of the way from the usual share to none (or all) the share has gone.

    >>> hit_share(0.45, 0.9, Way.FEWER)
    0.5
    """
    left = usual if way is Way.FEWER else 1 - usual
    gone = usual - share if way is Way.FEWER else share - usual
    return gone / left if left > 0 else 0.0


def find_breach(past: Past, series: Series, learned_from: Series, settings: RadarSettings) -> Breach | None:
    """The breach that tonight is of this series, or None.

    Args:
        past: The source.
        series: What is judged.
        learned_from: What it is held against: itself, or the whole source for pages of a new template.
        settings: Limits.
    """
    limit = LIMITS[series.measure]
    if not series.of_counts[-1] or not _is_odd(series, len(series.counts) - 1, learned_from, limit):
        return None
    flags = past.stopped.get((series.part, series.measure))
    since = learned_since(past, flags)
    least = RELEARN_NIGHTS if since else settings.learning_nights
    going_on = _goes_on(past, series, learned_from, flags, since, settings, limit)
    if going_on is not None:
        return going_on
    there = np.flatnonzero((series.of_counts > 0) & ~past.held)
    there = there[there >= since]
    for window in settings.windows:
        nights = there[-window:]
        usable = usable_nights(past, since, int(nights[0])) if len(there) >= window else np.zeros_like(past.held)
        baseline = learn_one(learned_from, usable, past.weekdays, settings)
        if baseline is None:
            break
        chance = _chance(series, nights, baseline, settings, limit)
        if chance is not None:
            return Breach(series, limit, baseline, chance, window, is_learning=baseline.nights < least)
    return None


def learned_since(past: Past, flags: Flags | None) -> int:
    """The night from which on the measure is learned: the last one that was a breach of it and was released."""
    if flags is None:
        return 0
    normal = np.flatnonzero(flags & past.released)
    return int(normal[-1]) if len(normal) else 0


def _is_odd(series: Series, night: int, learned_from: Series, limit: Limit) -> bool:
    """A cheap first look: whether the night is far enough from the mean of all nights to be worth a closer one."""
    total = int(learned_from.of_counts[:-1].sum())
    if not total:
        return False
    usual = int(learned_from.counts[:-1].sum()) / total
    share = series.counts[night] / series.of_counts[night]
    off = usual - share if limit.way is Way.FEWER else share - usual
    return bool(off >= limit.excess / 2)


def usable_nights(past: Past, since: int, upto: int) -> Flags:
    """Nights from `since` to before `upto` that were not held."""
    usable = ~past.held
    usable[:since] = False
    usable[upto:] = False
    return usable


def _chance(series: Series, nights: Ints, baseline: Baseline, settings: RadarSettings, limit: Limit) -> float | None:
    """Probability of these nights with pages, counted as one; None where that or the change is no breach."""
    count, of_count = int(series.counts[nights].sum()), int(series.of_counts[nights].sum())
    together, tonight = count / of_count, series.counts[-1] / series.of_counts[-1]
    off = baseline.share - tonight if limit.way is Way.FEWER else tonight - baseline.share
    if not is_excess(together, baseline.share, limit) or off < limit.excess:
        return None
    wide = replace(baseline, spread=pooled_spread(baseline.spread, series.of_counts[nights]))
    chance = wide.chance(count, of_count, upper=limit.way is Way.MORE)
    return chance if chance <= _least_chance(series, together, baseline.share, settings) else None


def _least_chance(series: Series, share: float, usual: float, settings: RadarSettings) -> float:
    """Least probability that passes for chance."""
    if series.measure not in FIELDS:
        return settings.chance
    hit = hit_share(share, usual, Way.FEWER)
    if series.part != ALL and hit >= settings.whole_share:
        return settings.new_template_chance
    return settings.chance if hit >= PARTIAL else settings.partial_chance


def is_excess(share: float, usual: float, limit: Limit) -> bool:
    """Whether the change is large enough to be worth a word."""
    if limit.way is Way.FEWER:
        return usual - share >= limit.excess and share <= limit.most_left * usual
    return share - usual >= limit.excess


def _goes_on(
    past: Past, series: Series, learned_from: Series, flags: Flags | None, since: int,
    settings: RadarSettings, limit: Limit,
) -> Breach | None:  # fmt: skip
    """The breach of the nights before, if tonight is nearer to them than to what is usual."""
    if flags is None:
        return None
    there = [night for night in np.flatnonzero(series.of_counts[:-1] > 0) if night >= since]
    spell: list[int] = []
    while there and flags[there[-1]] and past.held[there[-1]]:
        spell.append(int(there.pop()))
    if not spell:
        return None
    baseline = learn_one(learned_from, usable_nights(past, since, spell[-1]), past.weekdays, settings)
    if baseline is None:
        return None
    broken = series.counts[spell].sum() / series.of_counts[spell].sum()
    share = series.counts[-1] / series.of_counts[-1]
    if not is_excess(broken, baseline.share, limit) or abs(share - broken) >= abs(share - baseline.share):
        return None
    chance = baseline.chance(int(series.counts[-1]), int(series.of_counts[-1]), upper=limit.way is Way.MORE)
    if chance > settings.going_on_chance:
        return None
    return Breach(series, limit, baseline, 0.0, 0, is_learning=False)
