"""New pages of a source against what its weekday brings: has it gone quiet, or does it flood?

Holidays, weekends, summers and news peaks are no breach. So few pages are held against the quietest weekday for the
first nights, a flood against the largest night that was healthy; and both against how the other sources do tonight.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasks.validate.radar.limits import RadarSettings
from tasks.validate.radar.measure import ALL, VOLUME, YES
from tasks.validate.radar.past import Flags, Ints, Past
from tasks.validate.radar.tails import count_tail

LEAST_SIZE, USUAL_SIZE, SIZE_NIGHTS = 2.0, 6.0, 10
"""Size of the negative binomial: a night of 20 pages varies by 9 with 6."""
DAY_NIGHTS = 2.0
"""Nights of all days that count in a weekday's rate."""
FLOOD_PAGES = 20
"""Fewer pages than this above the usual are no flood."""
QUIET_AT_ONCE = 15.0
"""So many pages must the quietest weekday bring for one night without any to be a breach."""
STILL_LOW = 0.6
"""Of the usual pages, what the last nights may bring at most for those before them to be told of."""
WEEK = 5
"""Nights in a row that tell of more than a weekend."""
UNSEEN = 0.5
"""Of the fewest pages that so many healthy nights in a row have had, what is like nothing before."""
SEASON = 0.6
"""What is left of a source's pages in a quiet season, for weeks."""


@dataclass(frozen=True)
class Rate:
    """Pages a day that are usual, by weekday (1 to 7), and how much nights vary."""

    by_day: NDArray[np.float64]
    size: float

    @property
    def quietest(self) -> float:
        """The rate of the quietest weekday."""
        return float(self.by_day[1:].min())

    def band(self, weekday: int, days: float) -> tuple[float, float]:
        """Lower and upper edge of the usual number of pages in so many days."""
        mean = self.by_day[weekday] * days
        wide = 3 * np.sqrt(mean + mean**2 / self.size)
        return max(0.0, float(mean - wide)), float(mean + wide)


@dataclass(frozen=True)
class VolumeFinding:
    """What is wrong with the number of pages."""

    kind: str
    """quiet or flood."""
    count: int
    usual: float
    nights: int
    chance: float


def exposures(days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Days that each night stands for: since the run before, at most four."""
    if len(days) < 2:
        return np.ones(len(days))
    gaps = np.diff(days)
    return np.asarray(np.clip(np.concatenate([[np.median(gaps)], gaps]), 0.02, 4.0))


def learn_rate(past: Past, settings: RadarSettings, *, without: int = 1) -> Rate | None:
    """The usual rate, learned without the last nights; None while the source is not known long enough."""
    series = past.series.get((ALL, VOLUME, YES))
    if series is None:
        return None
    nights = usual_nights(past, series.counts, settings)
    nights = nights[nights < len(series.counts) - without]
    if len(nights) < settings.learning_nights:
        return None
    weights = 0.5 ** (np.arange(len(nights))[::-1] / settings.half_life_nights)
    days, counts = exposures(past.days)[nights], series.counts[nights].astype(float)
    rate = float(np.dot(weights, counts) / np.dot(weights, days))
    names = past.weekdays[nights]
    hits = np.bincount(names, weights * counts, minlength=8) + DAY_NIGHTS * rate
    by_day = hits / (np.bincount(names, weights * days, minlength=8) + DAY_NIGHTS)
    mean = np.maximum(by_day[names] * days, 1e-3)
    off = np.minimum((counts - mean) ** 2 - mean, 8 * mean + 4 * mean**2)
    variance = max(float((off).sum() / (mean**2).sum()), 0.0)
    shrunk = (len(nights) * variance + SIZE_NIGHTS / USUAL_SIZE) / (len(nights) + SIZE_NIGHTS)
    return Rate(np.asarray(by_day), max(LEAST_SIZE, 1 / shrunk))


def usual_nights(past: Past, counts: Ints, settings: RadarSettings) -> Ints:
    """Nights before tonight that count: not held, and no alarm of this measure that is not taken for normal by now."""
    flags = past.stopped.get((ALL, VOLUME), np.zeros(len(counts), dtype=np.bool_))
    places = np.arange(len(counts) - 1)
    return places[~past.held[:-1] & ~_fresh_alarms(flags, settings)[:-1]][-settings.memory_nights :]


def _fresh_alarms(flags: Flags, settings: RadarSettings) -> Flags:
    """Alarms but for those beyond the first `alarm_nights` in a row."""
    fresh, row = flags.copy(), 0
    for night, flag in enumerate(flags):
        row = row + 1 if flag else 0
        fresh[night] = flag and row <= settings.alarm_nights
    return fresh


def tide(pasts: dict[str, tuple[Past, Rate]], source_id: str) -> float:
    """How the other sources do tonight: the median of their pages over the usual; 1 where too few are known."""
    shares = [
        _tonight(past) / usual
        for name, (past, rate) in pasts.items()
        if name != source_id and (usual := _usual(past, rate)) >= 2
    ]
    return float(np.median(shares)) if len(shares) >= 3 else 1.0


def _tonight(past: Past) -> int:
    return int(past.series[ALL, VOLUME, YES].counts[-1])


def _usual(past: Past, rate: Rate) -> float:
    return float(rate.by_day[past.weekdays[-1]] * exposures(past.days)[-1])


def judge_volume(past: Past, rate: Rate, tide_share: float, settings: RadarSettings) -> VolumeFinding | None:
    """What is wrong with tonight's number of new pages, alone or with the nights before; None when nothing is."""
    return _flood(past, rate, tide_share, settings) or _quiet(past, tide_share, settings)


def _flood(past: Past, rate: Rate, tide_share: float, settings: RadarSettings) -> VolumeFinding | None:
    count, usual = _tonight(past), _usual(past, rate) * max(1.0, tide_share)
    before = past.series[ALL, VOLUME, YES].counts[:-1]
    most = float(before[usual_nights(past, np.append(before, 0), settings)].max(initial=0))
    if count < max(settings.volume_high * usual, 2 * most, usual + FLOOD_PAGES) or usual <= 0:
        return None
    chance = count_tail(count, usual, rate.size, upper=True)
    return VolumeFinding("flood", count, usual, 1, chance) if chance <= 1e-3 else None


def _quiet(past: Past, tide_share: float, settings: RadarSettings) -> VolumeFinding | None:
    counts, days = past.series[ALL, VOLUME, YES].counts, exposures(past.days)
    usual = usual_nights(past, counts, settings)
    for window in settings.volume_windows:
        rate = learn_rate(past, settings, without=window)
        if rate is None:
            break
        own, spans, names = counts[-window:], days[-window:], past.weekdays[-window:]
        slow = np.full(window, rate.quietest) if window < WEEK else rate.by_day[names] * SEASON
        means = slow * spans * min(1.0, tide_share)
        lowest = _lowest(counts, usual, window)
        if not _is_low(own, means, settings) or own.sum() >= lowest:
            continue
        count, mean = int(own.sum()), float(means.sum())
        size = mean**2 / max(float((means**2).sum()), 1e-9) * rate.size
        chance = count_tail(count, mean, size, upper=False)
        is_unseen = window >= WEEK and count <= UNSEEN * lowest
        if chance <= (settings.unseen_chance if is_unseen else settings.volume_chance):
            return VolumeFinding("quiet", count, float((rate.by_day[names] * spans).sum()), window, chance)
    return None


def _is_low(own: Ints, means: NDArray[np.float64], settings: RadarSettings) -> bool:
    """Whether so few pages are too few, the last third of the nights is no better, and tonight is not whole again."""
    count, mean, last = int(own.sum()), float(means.sum()), -(-len(own) // 3)
    if mean <= 0 or own[-1] > means[-1] or (len(own) == 1 and (count or mean < QUIET_AT_ONCE)):
        return False
    return bool(count <= settings.volume_low * mean and own[-last:].sum() <= STILL_LOW * means[-last:].sum())


def _lowest(counts: Ints, usual: Ints, window: int) -> float:
    """Least pages of so many nights in a row that were healthy: what has been before is no breach."""
    before = usual[usual < len(counts) - window]
    if len(before) < window:
        return 0.0
    return float(np.convolve(counts[before], np.ones(window), "valid").min())
