"""A season: twelve months of made-up papers, night by night, with labels of what was broken when.

Deterministic by its seed. Each paper's night has its own random numbers, so a night does not depend on what was asked
before. It imports nothing of ours: what it makes is turned into article rows by `frames.py`.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property

from benchmarks.season.breaks import Break, place_breaks
from benchmarks.season.calendars import day_factor
from benchmarks.season.damage import REFUSED, second_url, spoil, spoil_list
from benchmarks.season.drafts import Draft, Moment, draw_article
from benchmarks.season.sources import Paper, after_redesign, draw_papers, template
from benchmarks.season.words import pool

DEV_SEEDS = (1, 2, 3, 4)
"""Seasons that thresholds may be set on."""
HELD_OUT_SEEDS = (101, 102, 103)
"""Seasons that are only for figures that are reported."""
RUN_AT = time(2, 15)
BUILD_NIGHTS = 11


@dataclass(frozen=True)
class SourceNight:
    """What one source gave in one night.

    Attributes:
        listed: pages that it listed.
        refused: pages of them that an earlier stage refused, so that no row came of them.
        drafts: the articles, by time of capture.
    """

    source_id: str
    night: int
    listed: int
    refused: int
    drafts: list[Draft]


@dataclass(frozen=True)
class Night:
    """One night of all sources that were polled in it."""

    number: int
    ran_at: datetime
    sources: list[SourceNight]


class Season:
    """Twelve months of papers; the same seed makes the same articles and labels."""

    def __init__(self, seed: int, papers: int = 30, nights: int = 365) -> None:
        """Draw the papers, what happens in the world, and the breaks."""
        self.seed, self.night_count = seed, nights
        self.first_day = date(2024, 1 + seed % 12, 1)
        rng = random.Random(f"{seed}/world")  # noqa: S311 - no secret is made here
        self.papers = draw_papers(seed, papers, nights)
        self.missed = frozenset(rng.sample(range(20, nights), 2)) if nights > 40 else frozenset()
        """Nights without a run; the next one collects twice as much."""
        self._news = self._world(rng)
        self.breaks = place_breaks(seed, self.papers, self.expected, self.first_day, nights)

    @cached_property
    def _by_source(self) -> dict[str, list[Break]]:
        return {
            paper.source_id: [found for found in self.breaks if found.source_id == paper.source_id]
            for paper in self.papers
        }

    def nights(self) -> Iterator[Night]:
        """All nights with a run, the first first."""
        for number in range(self.night_count):
            if number not in self.missed:
                yield self.night(number)

    def night(self, number: int) -> Night:
        """One night."""
        there = [paper for paper in self.papers if paper.joins <= number]
        return Night(number, self.ran_at(number), [self.source_night(paper, number) for paper in there])

    def ran_at(self, night: int) -> datetime:
        """When the run of a night began."""
        return datetime.combine(self.first_day + timedelta(night), RUN_AT, UTC)

    def broken(self, source_id: str, night: int) -> Break | None:
        """The break that a source has in a night."""
        return next((found for found in self._by_source[source_id] if found.holds(night)), None)

    def paused(self, source_id: str, night: int) -> bool:
        """Whether a source is on holiday."""
        pause = next(paper.pause for paper in self.papers if paper.source_id == source_id)
        return pause is not None and pause[0] <= night <= pause[1]

    def expected(self, paper: Paper, night: int) -> float:
        """Articles that a paper is expected to write for a night, in good health."""
        days = [night, night - 1] if night - 1 in self.missed else [night]
        return sum(self._written(paper, day) for day in days)

    def _written(self, paper: Paper, night: int) -> float:
        if paper.pause and paper.pause[0] <= night <= paper.pause[1]:
            return 0.0
        usual = paper.size * math.exp(paper.trend * night / 365)
        calendar = day_factor(paper.profile, paper.country, self.first_day + timedelta(night - 1))
        return usual * calendar * paper.peaks.get(night, 1.0) * self._news.get(night, 1.0)

    def source_night(self, paper: Paper, night: int) -> SourceNight:
        """What one paper gave in one night."""
        rng = random.Random(f"{self.seed}/{paper.source_id}/{night}")  # noqa: S311 - no secret is made here
        found, words = self.broken(paper.source_id, night), pool(paper.language)
        moment = self._moment(rng, paper, night)
        written = _negative_binomial(rng, self.expected(paper, night), paper.dispersion)
        drafts = [draw_article(rng, paper, moment, words, number) for number in range(written)]
        drafts += [second_url(draft) for draft in drafts if rng.random() < paper.doubled]
        if found:
            for draft in drafts:
                spoil(rng, found, paper, draft, words)
            drafts = spoil_list(rng, found, paper, drafts)
        listed = len(drafts)
        refused = max(paper.refused, REFUSED.get(found.kind, 0) if found else 0)
        drafts = [draft for draft in drafts if rng.random() >= refused]
        drafts.sort(key=lambda draft: (draft.captured_at, draft.url))
        return SourceNight(paper.source_id, night, listed, listed - len(drafts), drafts)

    def _moment(self, rng: random.Random, paper: Paper, night: int) -> Moment:
        """The night of a paper: its template, and how complete and long its articles are."""
        begun = [
            *paper.redesigns,
            *(item.first_night for item in self._by_source[paper.source_id] if item.new_template),
        ]
        era = sum(1 for first in begun if first <= night)
        origins, body_share = after_redesign(paper, era)
        wobble = {name: _wobbling(rng, share) for name, share in paper.fill.items()}
        quiet = 0.85 if self._written(paper, night) < 0.6 * paper.size else 1.0
        authors = wobble["authors"] + paper.drift * night / 365
        news = self._news.get(night, 1.0)
        return Moment(
            night=night,
            captured_at=self.ran_at(night) + timedelta(minutes=3),
            era=era,
            build=night // BUILD_NIGHTS,
            fill=wobble | {"authors": min(1.0, max(0.05, authors)) * quiet},
            stretch=rng.lognormvariate(0, 0.04) * (1.0 if news < 1.2 else 0.93),
            live_share=0.01 if news < 1.2 else 0.04,
            window_hours=48 if night - 1 in self.missed else 24,
            origins=origins,
            body_share=body_share,
        )

    def _world(self, rng: random.Random) -> dict[int, float]:
        """Nights after news of which all papers write, with what it did to the number of articles."""
        news: dict[int, float] = {}
        for _ in range(rng.randint(3, 6)):
            first, height = rng.randrange(self.night_count), rng.uniform(1.25, 2.0)
            news |= {first + after: 1 + (height - 1) * 0.65**after for after in range(rng.randint(1, 4))}
        return news

    def elements(self, word: str) -> list[str]:
        """The elements of a page, as paths of tag.class, from the word in `Draft.template`."""
        source_id, era, kind, extras, build = word.split("/")
        hashed = next(paper.hashed for paper in self.papers if paper.source_id == source_id)
        found = template(source_id, int(era), kind)
        paths = [*found.paths, *(found.extras[letter] for letter in extras)]
        return [f"{path}-{build}" if hashed and at % 2 else path for at, path in enumerate(paths)]


def _wobbling(rng: random.Random, share: float) -> float:
    """The share of a field on one night; what all articles have, they have every night."""
    return share if share in (0.0, 1.0) else min(1.0, max(0.0, share + rng.gauss(0, 0.02)))


def _negative_binomial(rng: random.Random, mean: float, shape: float) -> int:
    """A count with variance mean + mean^2 / shape: Poisson with a mean that is gamma distributed."""
    if mean <= 0:
        return 0
    return _poisson(rng, rng.gammavariate(shape, mean / shape))


def _poisson(rng: random.Random, mean: float) -> int:
    """Knuth's way for small means, the normal distribution for large ones."""
    if mean > 60:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
