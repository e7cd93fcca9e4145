"""What counts as a breach: one row a measure, and the limits that all share.

docs/quality.md tells how they were set.
"""

from dataclasses import dataclass
from enum import StrEnum


class Way(StrEnum):
    """Which change of a share is bad."""

    FEWER = "fewer"
    MORE = "more"


class Weight(StrEnum):
    """What a breach does."""

    HOLD = "hold"
    """The pages are held for a person's decision."""
    ALARM = "alarm"
    """A person is told; there is nothing to hold, or nothing wrong with what is there."""


@dataclass(frozen=True)
class Limit:
    """What is a breach of one measure."""

    way: Way
    excess: float
    """Least change of the share that is worth a word, however sure it is."""
    weight: Weight
    field: str | None
    """Column of `articles` that it is about; None: the whole row."""
    about: str
    """What people call it, in a sentence: `... had <about>`."""
    most_left: float = 0.75
    """Of a usual share, what may be left at most for a loss to be one: 90 authors of 100 that become 70 are no loss."""


LIMITS: dict[str, Limit] = {
    "has_authors": Limit(Way.FEWER, 0.12, Weight.HOLD, "authors", "an author"),
    "has_date": Limit(Way.FEWER, 0.12, Weight.HOLD, "published_at", "a publication date"),
    "has_section": Limit(Way.FEWER, 0.2, Weight.HOLD, "section", "a section"),
    "has_tags": Limit(Way.FEWER, 0.25, Weight.HOLD, "tags", "tags"),
    "has_summary": Limit(Way.FEWER, 0.25, Weight.HOLD, "summary", "a summary"),
    "has_image": Limit(Way.FEWER, 0.25, Weight.HOLD, "image_url", "an image"),
    "author_odd": Limit(Way.MORE, 0.2, Weight.HOLD, "authors", "an author that is no name"),
    "author_same": Limit(Way.MORE, 0.65, Weight.HOLD, "authors", "the authors of another page"),
    "title_same": Limit(Way.MORE, 0.2, Weight.HOLD, "title", "the title of another page"),
    "date_same": Limit(Way.MORE, 0.2, Weight.HOLD, "published_at", "the very publication time of another page"),
    "body_same": Limit(Way.MORE, 0.15, Weight.HOLD, "body", "the text of another page"),
    "boilerplate": Limit(
        Way.MORE, 0.2, Weight.HOLD, "body", "paragraphs of other pages for a third of the text or more"
    ),
    "letters_lost": Limit(Way.MORE, 0.2, Weight.HOLD, "body", "letters that were lost"),
    "ends_open": Limit(Way.MORE, 0.3, Weight.HOLD, "body", "a text that ends within a sentence"),
    "body_words": Limit(Way.MORE, 0.15, Weight.HOLD, "body", "a text"),
    "title_chars": Limit(Way.MORE, 0.4, Weight.HOLD, "title", "a title"),
    "date_lag": Limit(Way.MORE, 0.1, Weight.HOLD, "published_at", "a publication date"),
    "language": Limit(Way.MORE, 0.25, Weight.HOLD, "language", "the language"),
    "refused": Limit(Way.MORE, 0.3, Weight.ALARM, None, "no article that could be read"),
    "desk": Limit(Way.FEWER, 0.07, Weight.ALARM, None, "the desk", most_left=0.1),
}
"""Every measure that is judged as a share. `template` only makes notes; `volume` has limits of its own."""


@dataclass(frozen=True)
class RadarSettings:
    """Limits that all measures share."""

    learning_nights: int = 14
    """Nights of a source with pages, before it is judged; until then a breach is a warning only."""
    memory_nights: int = 56
    """Learned nights that make a baseline: eight weeks, so that each weekday counts eight times."""
    half_life_nights: float = 28.0
    """A night this much older counts half, so that slow change is followed."""
    chance: float = 1e-6
    """Least probability at which a night passes for chance."""
    partial_chance: float = 2e-7
    """The same where a part of the pages lost a field: who writes what goes up and down by itself."""
    new_template_chance: float = 1e-4
    """The same where all pages of a template that the source did not have lost a field: a redesign breaks fields."""
    windows: tuple[int, ...] = (1, 2, 3, 5, 8, 12)
    """Nights that are judged together, for sources with few pages a night."""
    whole_share: float = 0.9
    """Share of the pages that a breach must have hit for all to be held; below it those that show it."""
    whole_length_share: float = 0.6
    """The same for lengths: half a text may be longer than a whole one of another page."""
    volume_chance: float = 1e-5
    """The same for numbers of pages: an alarm costs a look, not an article."""
    unseen_chance: float = 1e-4
    """The same where so few have not been seen in as many healthy nights, by far."""
    volume_windows: tuple[int, ...] = (1, 2, 3, 5, 7, 10)
    volume_low: float = 0.42
    """Of the usual number of new pages, at which few are too few."""
    volume_high: float = 3.0
    alarm_nights: int = 14
    """Nights in a row after which an alarm that holds nothing is taken for the new normal."""
    going_on_chance: float = 0.02
    """A breach goes on while a night is less probable than this on a healthy night, and nearer to the broken ones."""
