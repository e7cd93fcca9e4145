"""What the radar did in a season against what was true: breaks found, articles held and published, false alarms."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from statistics import fmean, median

from benchmarks.season.breaks import Break
from benchmarks.season.season import Season

DAYS_A_MONTH = 365 / 12


@dataclass(slots=True)
class Articles:
    """Articles of one kind, and what became of them: `refused` by the contract, `held` by the radar, or published."""

    count: int = 0
    refused: int = 0
    held: int = 0

    def add(self, count: int, refused: int, held: int) -> None:
        """More of them."""
        self.count, self.refused, self.held = self.count + count, self.refused + refused, self.held + held

    @property
    def published_share(self) -> float:
        """Share of them that was published."""
        return 1 - (self.refused + self.held) / self.count if self.count else 0.0

    @property
    def held_share(self) -> float:
        """Share of them that was held."""
        return self.held / self.count if self.count else 0.0


def _none() -> list[int]:
    return [0, 0]


@dataclass
class Score:
    """Of one or more seasons."""

    breaks: dict[str, int] = field(default_factory=partial(defaultdict, int))
    """Kind of break to the number of breaks."""
    delays: dict[str, list[int]] = field(default_factory=partial(defaultdict, list))
    """Kind to the nights with pages that passed before each found one was found; 0: found in its first."""
    broken: dict[str, Articles] = field(default_factory=partial(defaultdict, Articles))
    """Kind to its broken articles."""
    beside: dict[str, Articles] = field(default_factory=partial(defaultdict, Articles))
    """Kind to the healthy articles of a source while it is broken in this way."""
    healthy: Articles = field(default_factory=Articles)
    """Healthy articles of sources that are not broken."""
    false_alarms: int = 0
    """Spells of nights with an alarm about a source that is whole; nights in a row are one spell."""
    false_nights: int = 0
    pause_alarms: int = 0
    """Spells about a source that is on holiday: right to be told of, and nothing is broken."""
    source_months: float = 0.0
    blamed: dict[str, list[int]] = field(default_factory=partial(defaultdict, _none))
    """Measure to the alarms about whole sources that it gave, and the pages of theirs that it held."""

    def add(self, other: "Score") -> None:
        """The score of another season as well."""
        for kind, count in other.breaks.items():
            self.breaks[kind] += count
        for kind, delays in other.delays.items():
            self.delays[kind] += delays
        for mine, theirs in ((self.broken, other.broken), (self.beside, other.beside)):
            for kind, articles in theirs.items():
                mine[kind].add(articles.count, articles.refused, articles.held)
        self.healthy.add(other.healthy.count, other.healthy.refused, other.healthy.held)
        self.false_alarms += other.false_alarms
        self.false_nights += other.false_nights
        self.pause_alarms += other.pause_alarms
        self.source_months += other.source_months
        for measure, (alarms, pages) in other.blamed.items():
            self.blamed[measure] = [self.blamed[measure][0] + alarms, self.blamed[measure][1] + pages]

    def table(self) -> list[tuple[str, int, int, str, int, str, str]]:
        """By kind: breaks, found, median delay, broken articles, share published, share of the healthy beside held."""
        return [
            (
                kind,
                self.breaks[kind],
                len(self.delays[kind]),
                f"{median(self.delays[kind]):.0f}" if self.delays[kind] else "",
                self.broken[kind].count,
                f"{self.broken[kind].published_share:.1%}" if self.broken[kind].count else "",
                f"{self.beside[kind].held_share:.1%}" if self.beside[kind].count else "",
            )
            for kind in sorted(self.breaks)
        ]

    def figures(self) -> dict[str, float | int]:
        """The totals."""
        broken, beside = _sum(self.broken.values()), _sum(self.beside.values())
        healthy = self.healthy.count + beside.count
        delays = [delay for found in self.delays.values() for delay in found]
        return {
            "breaks": sum(self.breaks.values()),
            "found_share": round(len(delays) / max(1, sum(self.breaks.values())), 4),
            "mean_delay_nights": round(fmean(delays), 2) if delays else 0.0,
            "broken_published_share": round(broken.published_share, 4),
            "healthy_held_share": round((self.healthy.held + beside.held) / max(1, healthy), 5),
            "healthy_held_outside_breaks_share": round(self.healthy.held_share, 5),
            "healthy_refused_share": round((self.healthy.refused + beside.refused) / max(1, healthy), 6),
            "false_alarms": self.false_alarms,
            "false_alarm_nights": self.false_nights,
            "alarms_in_pauses": self.pause_alarms,
            "source_months": round(self.source_months, 1),
            "false_alarms_per_source_month": round(self.false_alarms / max(1.0, self.source_months), 4),
        }


def _sum(parts: Iterable[Articles]) -> Articles:
    total = Articles()
    for part in parts:
        total.add(part.count, part.refused, part.held)
    return total


def score_alarms(score: Score, season: Season, alarms: Mapping[str, set[int]], polled: Mapping[str, list[int]]) -> None:
    """Add a season's breaks and alarms to a score.

    Args:
        score: What is added to.
        season: The truth.
        alarms: Source to the nights in which the radar raised an alarm, or held pages.
        polled: Source to the nights in which it was read.
    """
    for found in season.breaks:
        score.breaks[found.kind] += 1
        seen = [night for night in sorted(alarms.get(found.source_id, ())) if found.holds(night)]
        if seen:
            score.delays[found.kind].append(_delay(season, found, seen[0], polled[found.source_id]))
    for source_id, nights in polled.items():
        score.source_months += len(nights) / DAYS_A_MONTH
        _false_alarms(score, season, source_id, nights, alarms.get(source_id, set()))


def _delay(season: Season, found: Break, seen: int, polled: list[int]) -> int:
    """Nights that passed in which the source should have written something."""
    paper = next(paper for paper in season.papers if paper.source_id == found.source_id)
    return sum(1 for night in polled if found.first_night <= night < seen and season.expected(paper, night) >= 1)


def _false_alarms(score: Score, season: Season, source_id: str, polled: list[int], alarms: set[int]) -> None:
    before = False
    for night in polled:
        is_alarm = night in alarms
        if is_alarm and season.broken(source_id, night) is None:
            is_pause = season.paused(source_id, night)
            if not before:
                score.pause_alarms += is_pause
                score.false_alarms += not is_pause
            score.false_nights += not is_pause
        # An alarm that goes on after a break has been told of already, but is wrong from the first whole night on.
        before = is_alarm and season.broken(source_id, night) is None
