"""One article while it is made: as a paper wrote it, before and after a break spoils how it is read."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.season.sources import EXTRAS, Paper
from benchmarks.season.words import Pool

BRIEF_WORDS = 75
SHORTEST, LONGEST = 45, 4000
SPORT_WEEKEND = 2.2


@dataclass(slots=True)
class Draft:
    """An article on its way; damage changes it in place.

    Attributes:
        page_chars: visible characters of the page that it stands on.
        template: source, era, kind and extras of the page, as one word; see `Season.elements`.
        broken: kind of the break that spoiled it; None for a healthy one.
    """

    url: str
    title: str
    authors: list[str]
    published_at: datetime | None
    modified_at: datetime | None
    captured_at: datetime
    section: str | None
    tags: list[str]
    language: str | None
    summary: str | None
    paragraphs: list[str]
    word_count: int
    image_url: str | None
    page_kind: str
    page_chars: int
    cut_chars: int
    template: str
    origins: dict[str, str]
    broken: str | None = None

    def set_text(self, text: str, words: int | None = None) -> None:
        """Another text instead of the body."""
        self.paragraphs = text.split("\n\n")
        self.word_count = len(text.split()) if words is None else words


@dataclass(frozen=True)
class Moment:
    """What a night means for one paper.

    Attributes:
        era: number of the template that its pages have.
        build: number of the build of its pages, for papers with hashed class names.
        fill: shares of articles that have a field on this night.
        stretch: length of the articles as a multiple of the usual one.
        live_share: share of live blogs.
        window_hours: hours of publication that are collected.
        origins: field to where on the page it stands.
        body_share: share of a page's visible text that is its article.
    """

    night: int
    captured_at: datetime
    era: int
    build: int
    fill: Mapping[str, float]
    stretch: float
    live_share: float
    window_hours: float
    origins: dict[str, str]
    body_share: float


def draw_article(rng: random.Random, paper: Paper, moment: Moment, pool: Pool, number: int) -> Draft:
    """One healthy article of a paper."""
    captured = moment.captured_at + timedelta(seconds=rng.uniform(0, 2400))
    live = rng.random() < moment.live_share
    paragraphs, words = _text(rng, paper, moment, pool, live)
    chars = sum(map(len, paragraphs))
    section = _section(rng, paper, captured)
    fill, random_ = moment.fill, rng.random
    published = captured - timedelta(hours=_age(rng, moment.window_hours))
    slug = "-".join(rng.choices(pool.words, k=4))
    cut = round(chars * rng.uniform(0, 0.04)) if random_() < 0.6 else 0
    return Draft(
        url=f"https://www.{paper.site}/{section or 'news'}/{published:%Y/%m/%d}/{slug}-{moment.night:03d}{number:04d}",
        title=" ".join(rng.choices(pool.words, k=rng.randint(5, 11))).capitalize() if random_() > 0.003 else "Letters",
        authors=_authors(rng, paper, pool) if random_() < fill["authors"] else [],
        published_at=published.replace(microsecond=0) if random_() < fill["published_at"] else None,
        modified_at=published + (captured - published) * random_() if random_() < fill["modified_at"] else None,
        captured_at=captured,
        section=section,
        tags=rng.choices(pool.words, k=rng.randint(1, 6)) if random_() < fill["tags"] else [],
        language=paper.language if random_() < fill["language"] else None,
        summary=pool.sentences[rng.randrange(len(pool.sentences))][0] if random_() < fill["summary"] else None,
        paragraphs=paragraphs,
        word_count=words,
        image_url=f"https://img.{paper.site}/{slug}.jpg" if random_() < fill["image_url"] else None,
        page_kind="live_blog" if live else "article",
        page_chars=round((chars + cut) / moment.body_share * rng.lognormvariate(0, 0.12)) + 1500,
        cut_chars=cut,
        template=template_word(rng, paper, moment, "live" if live else "article"),
        origins=moment.origins,
    )


def template_word(rng: random.Random, paper: Paper, moment: Moment, kind: str) -> str:
    """The name of a page's template: source, era, kind, the extras that it has, and the build."""
    extras = "".join(letter for letter, share in EXTRAS.items() if rng.random() < share)
    return f"{paper.source_id}/{moment.era}/{kind}/{extras}/{moment.build if paper.hashed else 0}"


def _text(rng: random.Random, paper: Paper, moment: Moment, pool: Pool, live: bool) -> tuple[list[str], int]:
    if rng.random() < paper.briefs:
        wanted = BRIEF_WORDS * rng.uniform(0.7, 1.4)
    else:
        wanted = paper.words * moment.stretch * rng.lognormvariate(0, paper.spread) * (2.2 if live else 1)
    wanted = min(max(wanted, SHORTEST), LONGEST)
    chosen = rng.choices(pool.sentences, k=max(3, round(wanted / 16)))
    words = sum(count for _, count in chosen)
    size = rng.choice((2, 3, 3, 4))
    return [" ".join(text for text, _ in chosen[at : at + size]) for at in range(0, len(chosen), size)], words


def _section(rng: random.Random, paper: Paper, captured: datetime) -> str | None:
    if not paper.sections or rng.random() < 0.02:
        return None
    weights = dict(paper.sections)
    if "sport" in weights and captured.weekday() in (0, 6):
        weights["sport"] *= SPORT_WEEKEND
    return rng.choices(list(weights), list(weights.values()))[0]


def _age(rng: random.Random, window: float) -> float:
    """Hours from publication to capture: within the window, or an old article that is listed again."""
    if rng.random() < 0.008:
        return rng.uniform(3, 400) * 24
    return rng.uniform(0.2, window + 1.5)


def _authors(rng: random.Random, paper: Paper, pool: Pool) -> list[str]:
    """One name or two, some people writing far more than others."""
    first = hash_start(paper.source_id, len(pool.names) - paper.staff)
    names = pool.names[first : first + paper.staff]
    count = 1 if rng.random() < 0.85 else 2
    return list(dict.fromkeys(names[int(len(names) * rng.random() ** 1.7)] for _ in range(count)))


def hash_start(word: str, limit: int) -> int:
    """A number below the limit that is the same for the same word in every process."""
    return random.Random(f"start/{word}").randrange(limit)  # noqa: S311 - no secret is made here
