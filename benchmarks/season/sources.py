"""The papers of a season: how much each writes, how long, how completely, in what template.

What does not belong here: what happens to them on one night.
"""

import random
from dataclasses import dataclass, field

COUNTRIES = {
    "en": ("US", "GB"), "de": ("DE",), "fr": ("FR",), "es": ("ES",), "pt": ("PT",),
}  # fmt: skip
SECTIONS = ("politics", "local", "sport", "business", "culture", "world", "opinion", "science", "travel")
ORIGINS = ("json_ld", "json_ld", "json_ld", "open_graph", "meta", "dom")
TAGS = (
    "div",
    "section",
    "article",
    "header",
    "ul",
    "li",
    "p",
    "span",
    "figure",
    "aside",
    "nav",
    "footer",
    "h1",
    "time",
)
PARTS = (
    "story",
    "body",
    "text",
    "head",
    "lead",
    "meta",
    "share",
    "promo",
    "grid",
    "wrap",
    "card",
    "col",
    "ad",
    "tools",
)


EXTRAS = {"a": 0.6, "b": 0.45, "c": 0.3, "d": 0.2, "e": 0.1, "f": 0.05}
"""Elements that only some pages have, each with its share of the pages: a gallery, a video, a box of related texts."""


@dataclass(frozen=True)
class Template:
    """What the pages of one kind of a source are built of, as paths of tag.class.

    Attributes:
        paths: elements that every page has.
        extras: one of `EXTRAS` to the element that a page with it has.
    """

    paths: tuple[str, ...]
    extras: dict[str, str]


@dataclass(frozen=True)
class Paper:
    """One source of a season. Shares are of its articles; nights count from 0.

    Attributes:
        size: articles on a usual day (for a weekly: a seventh of those of a week).
        dispersion: shape of the negative binomial distribution of the articles of a day: variance = m + m^2 / shape.
        trend: log of the articles of the last day over those of the first.
        words: median words of a long article.
        spread: sigma of the lognormal distribution of the words.
        briefs: share of short items.
        fill: field to the share of articles that have it.
        drift: what the season adds to the fill of authors from its first to its last night.
        sections: weights; empty when the pages name none.
        body_share: share of a page's visible text that is its article.
        refused: share of pages that parse refuses in good health.
        doubled: share of articles that are listed under a second URL.
        staff: people who write.
        origins: field to where on the page it stands.
        hashed: whether class names carry the number of the build, which changes every eleven days.
        redesigns: nights on which a new template begins, in good health.
        pause: first and last night of a holiday on which nothing is written; None when there is none.
        joins: first night; later than 0 for a source that is added during the season.
        peaks: nights after local news, with what it did to the number of articles.
    """

    source_id: str
    site: str
    language: str
    country: str
    profile: str
    size: float
    dispersion: float
    trend: float
    words: float
    spread: float
    briefs: float
    fill: dict[str, float]
    drift: float
    sections: dict[str, float]
    body_share: float
    refused: float
    doubled: float
    staff: int
    origins: dict[str, str]
    hashed: bool
    redesigns: tuple[int, ...] = ()
    pause: tuple[int, int] | None = None
    joins: int = 0
    peaks: dict[int, float] = field(default_factory=dict)


def draw_papers(seed: int, count: int, nights: int) -> list[Paper]:
    """The papers of a season, from the smallest kind to the largest, a fifth of them weeklies or of few articles."""
    return [_paper(random.Random(f"{seed}/paper/{number}"), number, count, nights) for number in range(count)]  # noqa: S311


def _paper(rng: random.Random, number: int, count: int, nights: int) -> Paper:
    language = rng.choice(("en", "en", "en", "de", "de", "fr", "es", "pt"))
    weekly = number % 10 == 3
    profile = "weekly" if weekly else rng.choice(("daily", "daily", "around_the_clock", "business", "local", "sunday"))
    site = f"paper{number:02d}.example"
    return Paper(
        source_id=f"paper{number:02d}",
        site=site,
        language=language,
        country=rng.choice(COUNTRIES[language]),
        profile=profile,
        size=rng.uniform(3, 12) if weekly else 2 * 150 ** (((number + rng.random()) / count) ** 1.15),
        dispersion=rng.uniform(10, 45),
        trend=rng.choice((rng.uniform(-0.6, -0.2), rng.uniform(-0.15, 0.15), rng.uniform(-0.1, 0.4))),
        words=rng.uniform(180, 650),
        spread=rng.uniform(0.4, 0.7),
        briefs=rng.choice((0.0, rng.uniform(0.02, 0.25))),
        fill=_fill(rng),
        drift=rng.uniform(-0.12, 0.12),
        sections=_sections(rng),
        body_share=rng.uniform(0.35, 0.8),
        refused=rng.uniform(0.0, 0.03),
        doubled=rng.choice((0.0, 0.0, rng.uniform(0.002, 0.02))),
        staff=rng.randint(4, 60),
        origins={name: rng.choice(ORIGINS) for name in ("title", "authors", "published_at", "section", "image_url")},
        hashed=rng.random() < 0.15,
        redesigns=_redesigns(rng, nights),
        pause=_pause(rng, nights, weekly or number < count // 3),
        joins=rng.randrange(30, max(31, nights // 2)) if rng.random() < 0.1 else 0,
        peaks=_peaks(rng, nights),
    )


def _fill(rng: random.Random) -> dict[str, float]:
    return {
        "authors": rng.choice((rng.uniform(0.3, 0.6), rng.uniform(0.6, 0.95), rng.uniform(0.95, 1.0))),
        "published_at": rng.choice((1.0, 1.0, rng.uniform(0.9, 1.0))),
        "modified_at": rng.choice((0.0, rng.uniform(0.3, 1.0))),
        "summary": rng.choice((0.0, rng.uniform(0.6, 1.0), rng.uniform(0.95, 1.0))),
        "image_url": rng.choice((rng.uniform(0.4, 0.8), rng.uniform(0.9, 1.0))),
        "tags": rng.choice((0.0, rng.uniform(0.5, 1.0))),
        "language": rng.choice((1.0, 1.0, rng.uniform(0.97, 1.0))),
    }


def _sections(rng: random.Random) -> dict[str, float]:
    if rng.random() < 0.25:
        return {}
    return {name: rng.uniform(0.3, 3) for name in rng.sample(SECTIONS, rng.randint(4, 8))}


def _redesigns(rng: random.Random, nights: int) -> tuple[int, ...]:
    count = rng.choice((0, 0, 1, 1, 2))
    return tuple(sorted(rng.randrange(50, nights) for _ in range(count))) if nights > 50 else ()


def _pause(rng: random.Random, nights: int, small: bool) -> tuple[int, int] | None:
    if not small or nights < 120 or rng.random() < 0.6:
        return None
    first = rng.randrange(70, nights - 30)
    return first, first + rng.randint(8, 20)


def _peaks(rng: random.Random, nights: int) -> dict[int, float]:
    """Nights on which something happened where the paper is read, with what it did to the number of articles."""
    peaks: dict[int, float] = {}
    for _ in range(rng.randint(1, 4)):
        first, height = rng.randrange(nights), rng.uniform(1.3, 2.0)
        peaks |= {first + after: 1 + (height - 1) * 0.6**after for after in range(rng.randint(1, 4))}
    return peaks


CHROME, OWN = 22, 18
"""Elements of a page's frame, which all kinds of pages of a paper share, and of the article itself."""
KEPT = 8
"""Elements that a redesign leaves as they were: the frame's anchors, the players, the consent button."""
VARIED = 9
"""Elements of the article that are others in a variant of a template, such as a trial on some of the readers."""


def template(source_id: str, era: int, kind: str = "article") -> Template:
    """The template of a kind of a source's pages since its era began."""
    if kind == "consent":
        return Template(tuple(_paths(f"{source_id}/consent", 12)), dict.fromkeys(EXTRAS, ""))
    chrome = _paths(f"{source_id}/kept", KEPT) + _paths(f"{source_id}/{era}/chrome", CHROME - KEPT)
    own = _paths(f"{source_id}/{era}/{'article' if kind == 'variant' else kind}", OWN)
    if kind == "variant":
        own[:VARIED] = _paths(f"{source_id}/{era}/variant", VARIED)
    extras = zip(EXTRAS, _paths(f"{source_id}/{era}/extras", len(EXTRAS)), strict=True)
    return Template((*chrome, *own), dict(extras))


def _paths(seed: str, count: int) -> list[str]:
    """So many elements, named as one designer names them: with a prefix of the design."""
    rng = random.Random(f"template/{seed}")  # noqa: S311 - no secret is made here
    prefix = "".join(rng.choices("abcdefghklmnoprstuvw", k=3))
    return [
        ">".join(
            f"{rng.choice(TAGS)}.{prefix}-{rng.choice(PARTS)}-{rng.choice(PARTS)}" for _ in range(rng.randint(1, 3))
        )
        for _ in range(count)
    ]


def after_redesign(paper: Paper, era: int) -> tuple[dict[str, str], float]:
    """Where the fields come from and the article's share of a page, in the template of an era: much as before."""
    rng = random.Random(f"{paper.source_id}/{paper.size}/{era}")  # noqa: S311 - no secret is made here
    if era == 0:
        return paper.origins, paper.body_share
    moved = {name: rng.choice(ORIGINS) for name in paper.origins if rng.random() < 0.3}
    return paper.origins | moved, min(0.9, paper.body_share * rng.lognormvariate(0, 0.08))
