"""One measure of one part of a source against what is usual: is tonight, alone or with the nights before, a breach?"""

from dataclasses import dataclass

import numpy as np

from tasks.validate.radar.baseline import Baseline, learn, learned_nights, pooled_spread
from tasks.validate.radar.limits import LIMITS, Limit, RadarSettings, Way
from tasks.validate.radar.past import Flags, Past, Series

RELEARN_NIGHTS = 3
"""Nights after a release from which the new normal is judged."""
MOST_LEFT = 0.6
"""Of a usual share, what may be left at most for a loss to be one: 90 authors of 100 that become 60 are no loss."""


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


def find_breach(
    past: Past, series: Series, learned_from: Series, chance: float, settings: RadarSettings
) -> Breach | None:
    """The breach that tonight is of this series, or None.

    Args:
        past: The source.
        series: What is judged.
        learned_from: What it is held against: itself, or the whole source for pages of a new template.
        chance: Least probability that passes for chance.
        settings: Limits.
    """
    limit = LIMITS[series.measure]
    if not series.of_counts[-1] or not _is_odd(series, len(series.counts) - 1, learned_from, limit):
        return None
    flags = past.stopped.get((series.part, series.measure))
    since = _since(past, flags)
    least = RELEARN_NIGHTS if since else settings.learning_nights
    going_on = _goes_on(past, series, learned_from, flags, since, settings, limit)
    if going_on is not None:
        return going_on
    for window in settings.windows:
        found = _judge_window(past, series, learned_from, window, since, settings, limit)
        if found is None:
            break
        if found.chance <= chance:
            learning = found.baseline.nights < least
            return Breach(series, limit, found.baseline, found.chance, window, learning)
    return None


def _since(past: Past, flags: Flags | None) -> int:
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


def _judge_window(
    past: Past, series: Series, learned_from: Series, window: int, since: int,
    settings: RadarSettings, limit: Limit,
) -> Breach | None:  # fmt: skip
    """Tonight and the nights before it with pages, judged as one; None when there are not so many."""
    last = len(series.counts) - 1
    there = np.flatnonzero((series.of_counts > 0) & ~past.held)
    there = there[there >= since]
    if len(there) < window:
        return None
    nights = there[-window:]
    learned = learned_nights(past.held, since, int(nights[0]), settings.memory_nights)
    learned = learned[learned_from.of_counts[learned] > 0]
    if not len(learned):
        return None
    baseline = learn(learned_from, learned, past.weekdays, settings.half_life_nights)
    count, of_count = int(series.counts[nights].sum()), int(series.of_counts[nights].sum())
    if not is_excess(count / of_count, baseline.share, limit) or not is_excess(
        series.counts[last] / series.of_counts[last], baseline.share, limit
    ):
        return Breach(series, limit, baseline, 1.0, window, is_learning=False)
    wide = Baseline(
        baseline.share, pooled_spread(baseline.spread, series.of_counts[nights]), baseline.pages, baseline.nights
    )
    found = wide.chance(count, of_count, upper=limit.way is Way.MORE)
    return Breach(series, limit, baseline, found, window, is_learning=False)


def is_excess(share: float, usual: float, limit: Limit) -> bool:
    """Whether the change is large enough to be worth a word."""
    if limit.way is Way.FEWER:
        return usual - share >= limit.excess and share <= MOST_LEFT * usual
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
    learned = learned_nights(past.held, since, spell[-1], settings.memory_nights)
    learned = learned[learned_from.of_counts[learned] > 0]
    if not len(learned):
        return None
    baseline = learn(learned_from, learned, past.weekdays, settings.half_life_nights)
    broken = series.counts[spell].sum() / series.of_counts[spell].sum()
    share = series.counts[-1] / series.of_counts[-1]
    if not is_excess(broken, baseline.share, limit) or abs(share - broken) >= abs(share - baseline.share):
        return None
    chance = baseline.chance(int(series.counts[-1]), int(series.of_counts[-1]), upper=limit.way is Way.MORE)
    if chance > settings.going_on_chance:
        return None
    return Breach(series, limit, baseline, 0.0, 0, is_learning=False)
