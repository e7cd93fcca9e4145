"""What a listing says: items, children, and what was wrong with it. Shared by all readers of listings.

What does not belong here: any one format. Dates stay as the listing wrote them; parse reads them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin

from resiliparse.parse.html import HTMLTree

from schemas.identity import normalise_url
from schemas.reasons import Reason

MAX_URL_LENGTH = 8192
MAX_TITLE = 1000
MAX_SUMMARY = 5000
MAX_NAMES = 50
"""Authors or tags of one item that are kept (an item with 10,000 authors was an attack)."""
MAX_NOTES = 20
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]|[\ud800-\udfff]")
"""Characters that must not reach a log, a terminal or a table as they are."""


class ListingError(Exception):
    """The bytes are no listing that can be used; `reason` is NOT_A_LISTING, EMPTY_LISTING, TOO_LARGE ..."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Item:
    """One page that a listing names. `url` is normalised; everything else is as written, as plain text."""

    url: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    summary: str | None = None
    tags: tuple[str, ...] = ()
    language: str | None = None
    listing_url: str | None = None
    capture_uri: str | None = None
    capture_offset: int | None = None


@dataclass(frozen=True, slots=True)
class Child:
    """A listing that another one names."""

    url: str
    modified: str | None = None


@dataclass
class Listing:
    """What one listing says. `form` is rss, rdf, atom, json_feed, sitemap, sitemap_index, text, folder or warc."""

    form: str
    items: list[Item] = field(default_factory=list)
    children: list[Child] = field(default_factory=list)
    next_url: str | None = None
    """Next page of a paged feed (RFC 5005, JSON Feed 1.1)."""
    archive_url: str | None = None
    """The archive document before this one (RFC 5005 section 4: rel=prev-archive); its content never changes."""
    is_complete: bool = False
    """The feed says that it names all there is (RFC 5005 section 2: fh:complete), so nothing can be missing."""
    bad_count: int = 0
    """Items that name no usable URL."""
    notes: list[str] = field(default_factory=list)
    """The first few of what was wrong, each with its place."""

    def bad(self, note: str) -> None:
        """Count one bad item."""
        self.bad_count += 1
        if len(self.notes) < MAX_NOTES:
            self.notes.append(note)


def page_url(written: str | None, base: str) -> str | None:
    """The normalised http(s) URL of a reference; None when it names none that could be asked for.

    A reference escaped twice (`&amp;` in the parsed text, observed in many feeds) is unescaped once more.

    >>> page_url("/a?x=1&amp;y=2", "http://x.org/feed"), page_url("mailto:a@x.org", "http://x.org/")
    ('http://x.org/a?x=1&y=2', None)
    """
    text = re.sub(r"[\t\r\n]", "", (written or "").strip()).replace("&amp;", "&")
    if not text or len(text) > MAX_URL_LENGTH or CONTROL.search(text):
        return None
    try:
        joined = text if is_absolute(text) else urljoin(base, text)
        return normalise_url(joined) if is_absolute(joined) else None
    except ValueError:
        return None


def join(base: str, own: str | None) -> str:
    """The base of an element by its xml:base; `base` itself where that is missing or no URL."""
    try:
        return urljoin(base, own or "")
    except ValueError:
        return base


def is_absolute(written: str | None) -> bool:
    """Whether the text is an http(s) URL of its own (a guid often is one)."""
    return (written or "").strip().lower().startswith(("http://", "https://"))


def plain_text(markup: str | None, limit: int = MAX_SUMMARY) -> str | None:
    """The text of a title or summary that may hold HTML, on one line; None when nothing is left.

    >>> plain_text("<p>Fish &amp; chips<br>today</p>")
    'Fish & chips today'
    """
    text: str | None = markup or ""
    if text and "<" in text:
        body = HTMLTree.parse(text[: 20 * limit].replace("<", " <")).body
        text = body.text if body else ""
    elif text and "&" in text:
        text = unescape(text)
    return one_line(text, limit)


def one_line(text: str | None, limit: int = MAX_TITLE) -> str | None:
    """The text without control characters and doubled white space; None when nothing is left."""
    line = " ".join(CONTROL.sub(" ", text or "").split())[:limit].strip()
    return line or None


def names(written: Iterable[str | None]) -> tuple[str, ...]:
    """The names in their order, each once, at most MAX_NAMES of them."""
    lines = (one_line(text) for text in written)
    return tuple(dict.fromkeys(line for line in lines if line))[:MAX_NAMES]
