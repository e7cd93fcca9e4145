"""The ways in which a source breaks, and where in a season they are put.

A break of a small source lasts as long as it takes to touch some articles: nobody can see that an author is missing
from a paper that has not written since. What a break does to a page is said in `damage.py`.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from benchmarks.season.sources import Paper

REST = 35
"""Nights of good health between two breaks of a source, at least."""
FIRST_NIGHT = 45
"""Nights of a source before its first break, at least; of a weekly three times as many."""
LONGEST = 60


@dataclass(frozen=True)
class Kind:
    """One way to break.

    Attributes:
        name: what it is called in labels.
        least_size: articles of a usual day that a source needs for it to be visible at all.
        touched: articles that it must touch at least; the break lasts until it has.
        template: probability that the pages have a new template from then on.
        needs: what of a source makes it possible.
    """

    name: str
    least_size: float = 2
    touched: int = 12
    template: float = 0.0
    needs: Callable[[Paper], bool] = lambda _paper: True


def _filled(field: str, least: float) -> Callable[[Paper], bool]:
    return lambda paper: paper.fill[field] >= least


KINDS = (
    Kind("template_loses_authors", template=1.0, touched=15, needs=_filled("authors", 0.3)),
    Kind("template_loses_dates", template=1.0),
    Kind("template_loses_title", template=1.0),
    Kind("template_loses_body", template=1.0),
    Kind("teasers", template=0.4),
    Kind("half_bodies", template=0.4, least_size=4, touched=25),
    Kind("authors_lost", touched=15, needs=_filled("authors", 0.3)),
    Kind("authors_junk", touched=15),
    Kind("dates_lost", needs=_filled("published_at", 0.9)),
    Kind("titles_constant"),
    Kind("dates_now"),
    Kind("dates_swapped", touched=15),
    Kind("dates_future"),
    Kind("images_lost", touched=15, needs=_filled("image_url", 0.4)),
    Kind("consent_bodies"),
    Kind("boilerplate_bodies", template=0.3),
    Kind("encoding", needs=lambda paper: paper.language != "en"),
    Kind("encoding_lost"),
    Kind("language_flip"),
    Kind("volume_collapse", least_size=4, touched=25),
    Kind("duplicates_flood", least_size=4, touched=25),
    Kind("section_missing", least_size=12, touched=60, needs=lambda paper: bool(paper.sections)),
    Kind("partial_teasers", least_size=8, touched=12, template=0.0),
    Kind("partial_authors", least_size=12, touched=15, needs=_filled("authors", 0.75)),
    Kind("partial_dates", least_size=8, touched=12, needs=_filled("published_at", 0.9)),
)
PARTIAL = 0.3
"""Share of the pages that a partial break touches."""


@dataclass(frozen=True)
class Break:
    """One label: this source is broken in this way from the first to the last night, both included.

    Attributes:
        new_template: whether the pages have a new template from its first night on, for good.
    """

    source_id: str
    kind: str
    first_night: int
    last_night: int
    new_template: bool
    share: float = 1.0

    def holds(self, night: int) -> bool:
        """Whether the source is broken on a night."""
        return self.first_night <= night <= self.last_night


def place_breaks(
    seed: int, papers: list[Paper], expected: Callable[[Paper, int], float], first_day: date, nights: int
) -> list[Break]:
    """Two to three breaks a source and year, each kind as often as every other as far as the sources allow.

    `expected` gives the articles that a paper is expected to write for a night.
    """
    rng = random.Random(f"{seed}/breaks")  # noqa: S311 - no secret is made here
    wanted: list[Kind] = []
    breaks: list[Break] = []
    for paper, night in sorted(_slots(rng, papers, nights), key=lambda slot: (slot[1], slot[0].source_id)):
        if any(night < old.last_night + REST for old in breaks if old.source_id == paper.source_id):
            continue
        if len(wanted) < len(KINDS):
            wanted += rng.sample(KINDS, len(KINDS))
        for kind in wanted:
            placed = _place(rng, kind, paper, night, expected, first_day, nights)
            if placed:
                breaks.append(placed)
                wanted.remove(kind)
                break
    return breaks


def _slots(rng: random.Random, papers: list[Paper], nights: int) -> Iterator[tuple[Paper, int]]:
    for paper in papers:
        night = paper.joins + FIRST_NIGHT * (3 if paper.profile == "weekly" else 1)
        while night + 3 < nights:
            night += int(rng.uniform(0, 160))
            if night + 3 < nights:
                yield paper, night
            night += REST


def _place(
    rng: random.Random,
    kind: Kind,
    paper: Paper,
    night: int,
    expected: Callable[[Paper, int], float],
    first_day: date,
    nights: int,
) -> Break | None:
    """The break, when the source can have it and the season is long enough for it to show."""
    if paper.size < kind.least_size or not kind.needs(paper):
        return None
    share = PARTIAL if kind.name.startswith("partial") else 1.0
    visible = share * (paper.fill["authors"] if "authors" in kind.name else 1.0)
    last, touched, least = night - 1, 0.0, night + rng.randint(2, 14)
    for last in count(night):
        if kind.name != "dates_swapped" or swappable(first_day + timedelta(last - 1)):
            touched += visible * expected(paper, last)
        if last >= least and touched >= kind.touched:
            break
        if last + 1 >= nights or last - night >= LONGEST:
            return None
    if paper.pause and night <= paper.pause[1] + 1 and last >= paper.pause[0] - 1:
        return None
    return Break(paper.source_id, kind.name, night, last, rng.random() < kind.template, share)


def swappable(day: date) -> bool:
    """Whether a date can be read with day and month swapped, and is another one then."""
    return day.day <= 12 and day.day != day.month
