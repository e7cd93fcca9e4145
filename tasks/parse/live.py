"""The entries of a live blog with their times, by JSON-LD's liveBlogUpdate, else by microdata of that name."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from tasks.parse.dates import parse_date
from tasks.parse.dom import text_of
from tasks.parse.json_ld import texts
from tasks.parse.model import Entry
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
            title, said, place = (
                next(iter(texts(update.get(key))), None) for key in ("headline", "datePublished", "url")
            )
            yield from _entry(title, said, place, url, zone)


def _from_microdata(tree: HtmlElement, url: str, zone: str | None) -> Iterator[Entry]:
    for element in tree.xpath(UPDATES)[:MOST_ENTRIES]:
        first = {
            name: next(iter(element.xpath(f".//*[@itemprop='{name}']")), None)
            for name in ("headline", "datePublished", "url")
        }
        title, said, place = first["headline"], first["datePublished"], first["url"]
        yield from _entry(
            None if title is None else text_of(title),
            None if said is None else said.get("datetime") or said.get("content") or text_of(said),
            None if place is None else place.get("href") or place.get("content"),
            url,
            zone,
        )


def _entry(title: str | None, said: str | None, place: str | None, url: str, zone: str | None) -> Iterator[Entry]:
    """The entry, if it has a time or a headline."""
    moment = parse_date(said, zone=zone) if said else None
    at: datetime | None = moment.at if moment else None
    if at is not None or title:
        yield Entry(at, title[:LONGEST_TITLE] if title else None, absolute_url(place, url) if place else None)
