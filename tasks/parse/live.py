"""The entries of a live blog with their times, by JSON-LD's liveBlogUpdate, else by microdata of that name.

And where in the article's text each entry begins.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from tasks.parse.dates import parse_date
from tasks.parse.dom import text_of
from tasks.parse.json_ld import texts
from tasks.parse.model import Block, Entry
from tasks.parse.titles import fold
from tasks.parse.urls import absolute_url

MOST_ENTRIES = 2_000
LONGEST_TITLE = 500
UPDATES = "//*[contains(concat(' ', @itemprop, ' '), ' liveBlogUpdate ')]"
"""Elements that schema.org's microdata name as entries."""


def read_entries(node: Mapping[str, Any] | None, tree: HtmlElement, url: str, zone: str | None) -> tuple[Entry, ...]:
    """The live blog's entries, the oldest first; those without a time keep their place behind all others.

    Args:
        node: the page's main JSON-LD node.
        tree: the page.
        url: where it stands, for relative URLs.
        zone: IANA zone of dates that name none.
    """
    found = list(_from_json_ld(node, url, zone)) or list(_from_microdata(tree, url, zone))
    once = dict.fromkeys(found)
    return tuple(sorted(once, key=_order))


def _order(entry: Entry) -> tuple[bool, float]:
    return entry.published_at is None, entry.published_at.timestamp() if entry.published_at else 0.0


def _from_json_ld(node: Mapping[str, Any] | None, url: str, zone: str | None) -> Iterator[Entry]:
    given = node.get("liveBlogUpdate") if node is not None else None
    for update in (given if isinstance(given, list) else [given])[:MOST_ENTRIES]:
        if isinstance(update, Mapping):
            title, said, place, text = (
                next(iter(texts(update.get(key))), None) for key in ("headline", "datePublished", "url", "articleBody")
            )
            yield from _entry(title, said, place, url, zone, text)


def _from_microdata(tree: HtmlElement, url: str, zone: str | None) -> Iterator[Entry]:
    for element in tree.xpath(UPDATES)[:MOST_ENTRIES]:
        first = {
            name: next(iter(element.xpath(f".//*[@itemprop='{name}']")), None)
            for name in ("headline", "datePublished", "url", "articleBody")
        }
        title, said, place, text = first["headline"], first["datePublished"], first["url"], first["articleBody"]
        yield from _entry(
            None if title is None else text_of(title),
            None if said is None else said.get("datetime") or said.get("content") or text_of(said),
            None if place is None else place.get("href") or place.get("content"),
            url,
            zone,
            None if text is None else text_of(text),
        )


def _entry(
    title: str | None, said: str | None, place: str | None, url: str, zone: str | None, text: str | None
) -> Iterator[Entry]:
    """The entry, if it has a time or a headline."""
    moment = parse_date(said, zone=zone) if said else None
    at: datetime | None = moment.at if moment else None
    if at is not None or title:
        own = absolute_url(place, url) if place else None
        yield Entry(at, title[:LONGEST_TITLE] if title else None, own, text[:LONGEST_TITLE] if text else None)


def places_of(entries: Sequence[Entry], blocks: Sequence[Block]) -> tuple[int | None, ...]:
    """For each entry the number of the block that it begins with; None where none is its headline or its first words.

    No two entries begin with one block: of those that say the same, each takes the next.
    """
    starts: dict[str, list[int]] = {}
    for number, block in enumerate(blocks):
        starts.setdefault(_start(block.text), []).append(number)
    found: list[int | None] = []
    for entry in entries:
        free = next(
            (starts[key] for said in (entry.title, entry.opening) if (key := _start(said)) and starts.get(key)), []
        )
        found.append(free.pop(0) if free else None)
    return tuple(found)


def _start(text: str | None) -> str:
    """The first words of a text, in a form for comparing; empty for what is too short to be known again."""
    words = fold(text[:START] if text else "")
    return words if len(words) >= SHORTEST_START else ""


START, SHORTEST_START = 60, 8
"""Characters by which an entry's begin is known, at most and at least."""
