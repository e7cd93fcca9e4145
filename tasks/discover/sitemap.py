"""Sitemaps (sitemaps.org 0.9 with Google's news extension), indexes of sitemaps, text sitemaps, robots.txt."""

import re

from tasks.discover.items import Child, Item, Listing, names, one_line, page_url
from tasks.discover.xml_prolog import Prolog
from tasks.discover.xml_walk import Element, Reader, local_name, text_of, walk

FORMS: dict[str, str] = {"urlset": "sitemap", "sitemapindex": "sitemap_index"}
"""Local name of the root element to the form of the listing."""
MAX_ITEMS = 50_000
"""URLs of one sitemap by the protocol; what goes beyond is counted as bad, not read."""
_SITEMAP_LINE = re.compile(r"\s*sitemap\s*:\s*(\S+)", re.IGNORECASE)
"""The line of robots.txt. Matches: `Sitemap: https://x.org/s.xml`. Does not match: `Disallow: /sitemap`."""


def read_sitemap(body: bytes, prolog: Prolog, url: str, charset: str | None = None) -> Listing:
    """The URLs of a sitemap, or the children of an index, in its order."""
    listing = Listing(FORMS[prolog.root])

    def begin() -> Reader:
        listing.items.clear()
        listing.children.clear()
        listing.notes.clear()
        listing.bad_count = 0
        return lambda element: _read(element, listing, url)

    walked = walk(body, prolog, ("url", "sitemap"), begin, charset)
    listing.bad_count += walked.lost_count
    if walked.is_mended:
        listing.notes.insert(0, "the XML is broken; what could be mended was read")
    return listing


def _read(element: Element, listing: Listing, url: str) -> None:
    number = len(listing.items) + len(listing.children) + listing.bad_count + 1
    if number > MAX_ITEMS:
        listing.bad(f"entry {number}: beyond the {MAX_ITEMS} of a sitemap")
        return
    parts = {local_name(child): child for child in reversed(element)}
    link = page_url(text_of(parts.get("loc")), url)
    modified = one_line(text_of(parts.get("lastmod")), 100)
    if link is None:
        listing.bad(f"entry {number}: no usable loc")
    elif local_name(element) == "sitemap":
        listing.children.append(Child(link, modified))
    else:
        listing.items.append(_item(link, modified, parts.get("news")))


def _item(link: str, modified: str | None, news: Element | None) -> Item:
    """One URL with what the news extension says of it: title, date, language, keywords."""
    if news is None:
        return Item(url=link, modified=modified)
    parts = {local_name(part): text_of(part) for part in news.iter() if len(part) == 0}
    return Item(
        url=link,
        title=one_line(parts.get("title")),
        published=one_line(parts.get("publication_date"), 100),
        modified=modified,
        tags=names((parts.get("keywords") or "").split(",")),
        language=one_line(parts.get("language"), 35),
    )


def read_robots(text: str, url: str) -> Listing:
    """The sitemaps that a robots.txt names, as the children of an index."""
    listing = Listing("sitemap_index")
    for line in text.splitlines():
        match = _SITEMAP_LINE.match(line)
        child = page_url(match[1], url) if match else None
        if child:
            listing.children.append(Child(child))
    return listing


def names_sitemaps(text: str) -> bool:
    """Whether a text is a robots.txt with sitemaps rather than a list of URLs."""
    return any(_SITEMAP_LINE.match(line) for line in text[:1_000_000].splitlines())
