"""What the parts of parse hand to each other: blocks, facts, a parsed page, a refusal. All of them are picklable."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from schemas.reasons import REASON_TEXT, PageKind, Reason
from schemas.text import PARAGRAPH_BREAK


@dataclass(frozen=True)
class Pattern:
    """A pattern with what it must match and what, as like as can be, it must spare; a test checks all of them."""

    regex: re.Pattern[str]
    matches: str
    spares: str


@dataclass(frozen=True)
class Block:
    """One piece of the body: paragraph, heading, list_item, quote, table or caption.

    `text` is never empty and has no empty line inside; `level` is the rank of a heading; `url` that of an image.
    """

    kind: str
    text: str
    level: int | None = None
    url: str | None = None


@dataclass(frozen=True)
class Body:
    """The article's text as typed blocks in order."""

    blocks: tuple[Block, ...] = ()

    @property
    def text(self) -> str:
        """The blocks' texts, parted by one empty line."""
        return PARAGRAPH_BREAK.join(block.text for block in self.blocks)


@dataclass(frozen=True)
class Fact:
    """What one place says of one field, as written there.

    `origin` is a family, or a family and a key: `json_ld`, `meta:parsely-title`, `dom:h1`, `listing`.
    """

    field: str
    origin: str
    value: str

    @property
    def family(self) -> str:
        """The origin without its key."""
        return self.origin.partition(":")[0]

    def is_from(self, origin: str) -> bool:
        """Whether the fact has that origin, or that family."""
        return origin in (self.origin, self.family)


@dataclass(frozen=True)
class Receipt:
    """What one place says of a field, for the row: the chosen place comes first, the other candidates behind it.

    `value` is as written; None where another candidate says the same as the chosen one.
    """

    field: str
    origin: str
    value: str | None


@dataclass(frozen=True)
class Listed:
    """What the listing said of the page, and what the source's settings say of all its pages."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    published_at: str | None = None
    modified_at: str | None = None
    summary: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    time_zone: str | None = None
    """IANA name of the zone in which the source writes dates without one; None: UTC."""


@dataclass(frozen=True)
class Entry:
    """One entry of a live blog: when it was published, its headline, and its own URL.

    `opening` is how its text begins where the page's data tell; no column, for finding its place among the blocks.
    """

    published_at: datetime | None
    title: str | None
    url: str | None
    opening: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Image:
    """An image of the article: where it is, what the page says of it, and how many of the body's blocks precede it.

    `width` and `height` are pixels as the markup declares them; None where it does not.
    """

    url: str
    alt: str | None = None
    caption: str | None = None
    credit: str | None = None
    width: int | None = None
    height: int | None = None
    place: int = 0
    is_lead: bool = False


@dataclass(frozen=True)
class Paging:
    """The place of a page in an article of several pages.

    `stem` is the URL that they have in common without a number, `number` counts from 1.
    """

    stem: str
    number: int
    has_next: bool
    url: str


@dataclass(frozen=True)
class Extra:
    """A key of a JSON document that no column stands for, and its value as JSON."""

    name: str
    value: str


@dataclass(frozen=True)
class ParsedPage:
    """An article as the page has it. Dates keep the publisher's own offset; rows turn them into UTC."""

    title: str
    body: Body
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_at_raw: str | None = None
    printed_on: date | None = None
    """The day of publication in the paper's own calendar; no column, for comparing with what is printed."""
    modified_at: datetime | None = None
    canonical_url: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    summary: str | None = None
    image_url: str | None = None
    access: str | None = None
    page_kind: str = PageKind.ARTICLE.value
    field_sources: tuple[Receipt, ...] = ()
    flags: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    entry_places: tuple[int | None, ...] = ()
    """For each entry how many blocks precede its first one; None where it was not found in the text."""
    images: tuple[Image, ...] = ()
    extra_fields: tuple[Extra, ...] = ()
    template: str | None = None
    """Fingerprint of the page's markup; None for a document."""
    paging: Paging | None = None
    """No column: `paging.join_pages` uses it up."""


@dataclass(frozen=True)
class Refusal:
    """Why a page is no article row: a reason, the rule that found it, and what it saw."""

    reason: Reason
    rule: str
    field: str | None = None
    value: str | None = None
    limits: str | None = None
    page_kind: PageKind | None = None
    message: str = ""

    def __post_init__(self) -> None:
        """Fill in the sentence that belongs to the reason."""
        if not self.message:
            object.__setattr__(self, "message", REASON_TEXT[self.reason])
