"""What a publisher reserves: not to be indexed or kept, no text mining, no use by AI. Pure.

Read from the head of a page and from the headers of a response; what robots.txt says of it is read by `robots_match`.
What does not belong here: what follows from it. A source's `respect` says which of them refuse a page.

Sources: Google's "Robots meta tag specifications" (noindex, none, noarchive, X-Robots-Tag), the TDM Reservation
Protocol (W3C community report of 2024: header and meta element), DeviantArt's noai (2022) and Mojeek's noml, Content
Signals (2025), and the drafts of the IETF's AIPREF group (Content-Usage).
"""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from schemas.reasons import Reservation

if TYPE_CHECKING:
    from tasks.io.exchange import Headers

HEAD_BYTES = 262_144
"""Where the head of a page is looked for; inlined styles make some of them long."""
OURS = frozenset({"", "*", "robots", "copydesk"})
"""Whom a directive must be addressed to for us to heed it."""

DIRECTIVES: dict[str, Reservation] = {
    "noindex": Reservation.NOINDEX,
    "none": Reservation.NOINDEX,
    "noarchive": Reservation.NOARCHIVE,
    "nocache": Reservation.NOARCHIVE,
    "noai": Reservation.NOAI,
    "noml": Reservation.NOAI,
}
"""Directive of a robots meta element or an X-Robots-Tag -> what it reserves. Others (nofollow, noimageai) say nothing
of the text."""
VALUED = frozenset({"max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"})
"""Directives that are followed by a colon too, as the name of a crawler is."""

SIGNALS: tuple[tuple[re.Pattern[str], Reservation, str, str], ...] = (
    (re.compile(r"(?<![\w-])(?:ai-train|train-ai|train-genai)\s*=\s*no?(?![\w-])", re.IGNORECASE),
     Reservation.AI_TRAIN, "search=yes, ai-train=no", "ai-train=yes, not-ai-train=no"),
    (re.compile(r"(?<![\w-])ai-input\s*=\s*no?(?![\w-])", re.IGNORECASE),
     Reservation.AI_INPUT, "ai-input = no", "search=no"),
)  # fmt: skip
"""Pattern of one preference of a Content-Signal or Content-Usage line, what it reserves, an example that must match
and one that must not."""

_MARK = re.compile(rb"<!--|<script\b|<style\b|<meta\b([^>]{0,2000})>|</head\b|<body\b", re.IGNORECASE)
"""What is met on the way through a head. Matches: <meta name=robots content=noindex>. Does not match: <metal>."""
_ENDS = {b"<!--": b"-->", b"<script": b"</script", b"<style": b"</style"}
_ATTRIBUTE = re.compile(rb"([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
"""Matches: name="robots", name=robots. Does not match: name."""


def page_reservations(page: bytes) -> frozenset[Reservation]:
    """What the meta elements of a page's head (content encoding undone) reserve.

    >>> page_reservations(b'<head><meta content="noindex, noai" name="robots"><meta name="googlebot" content="none">')
    frozenset({<Reservation.NOINDEX: 'noindex'>, <Reservation.NOAI: 'noai'>})
    """
    found: set[Reservation] = set()
    for name, content in _metas(page[:HEAD_BYTES]):
        if name in OURS:
            found |= _directives(content)
        elif name == "tdm-reservation" and content.strip() == "1":
            found.add(Reservation.TDM)
    return frozenset(found)


def header_reservations(headers: "Headers") -> frozenset[Reservation]:
    """What the header lines of a response reserve."""
    found: set[Reservation] = set()
    for key, raw in headers:
        name, value = key.lower(), raw.decode("latin-1").strip()
        if name == b"x-robots-tag":
            found |= _directives(value)
        elif name == b"tdm-reservation" and value == "1":
            found.add(Reservation.TDM)
        elif name in (b"content-signal", b"content-usage"):
            found |= signals_of(value)
    return frozenset(found)


def signals_of(value: str) -> frozenset[Reservation]:
    """What the preferences of a Content-Signal or Content-Usage line reserve.

    >>> sorted(signals_of("search=yes, ai-train=no"))
    [<Reservation.AI_TRAIN: 'ai_train'>]
    """
    return frozenset(kind for pattern, kind, _, _ in SIGNALS if pattern.search(value))


def in_order(found: Iterable[Reservation]) -> list[str]:
    """The reservations as a column holds them: each once, sorted."""
    return sorted(str(one) for one in set(found))


def _directives(value: str) -> set[Reservation]:
    """What a list of directives reserves; those behind the name of another crawler are not for us."""
    agent, found = "", set[Reservation]()
    for part in value.lower().split(","):
        name, colon, rest = part.partition(":")
        if colon and name.strip() not in VALUED:
            agent, part = name.strip(), rest
        kind = DIRECTIVES.get(part.strip())
        if kind is not None and agent in OURS:
            found.add(kind)
    return found


def _metas(head: bytes) -> Iterator[tuple[str, str]]:
    """(name in lower case, content) of the meta elements before the body, comments and scripts left out."""
    at, lower = 0, head.lower()
    while found := _MARK.search(head, at):
        at = found.end()
        word = found.group().lower()
        if word in (b"</head", b"<body"):
            return
        if word in _ENDS:
            end = lower.find(_ENDS[word], at)
            if end < 0:
                return
            at = end
        elif found.group(1):
            named = {
                name.lower(): (double or single or bare).decode("utf-8", "replace")
                for name, double, single, bare in _ATTRIBUTE.findall(found.group(1))
            }
            if b"name" in named and b"content" in named:
                yield named[b"name"].strip().lower(), named[b"content"]
