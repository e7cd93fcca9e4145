"""RSS 0.9x-2.0, RSS 1.0 (RDF) and Atom 0.3-1.0 into a Listing.

Why not fastfeedparser (0.6.5, tried): it gives dates only as it understood them (`02:15 CET` became 02:15 UTC, a
missing date is filled from `updated` or the guid), the first author of several, the first link of an Atom entry
whatever its rel, and of a bare `?a=1&b=2` the URL `?a=1=2` without a word.
"""

import re
from dataclasses import replace

from tasks.discover.items import Item, Listing, is_absolute, join, names, one_line, page_url, plain_text
from tasks.discover.xml_prolog import Prolog
from tasks.discover.xml_walk import Element, Reader, local_name, text_of, walk

FORMS: dict[str, str] = {"rss": "rss", "rdf": "rdf", "feed": "atom"}
"""Local name of the root element to the form of the feed."""
ENTRIES = ("item", "entry")
PUBLISHED = ("pubdate", "published", "issued", "date", "created")
MODIFIED = ("updated", "modified", "lastbuilddate")
SUMMARY = ("description", "summary", "subtitle")
AUTHOR = ("author", "creator")
TAGS = ("category", "subject")
_MAIL_AND_NAME = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\s*\(([^()]+)\)\s*")
"""RSS 2.0's form of an author. Matches: lawyer@boyer.net (Lawyer Boyer). Does not match: Lawyer Boyer."""
_MEDIA = "search.yahoo.com/mrss"
"""Media RSS has titles, descriptions and categories of pictures under the same local names."""
COMPLETE = "{http://purl.org/syndication/history/1.0}complete"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"


def read_feed(body: bytes, prolog: Prolog, url: str, charset: str | None = None) -> Listing:
    """The items of a feed in its order; `url` is where it came from (its links are relative to it)."""
    listing = Listing(FORMS[prolog.root])

    def begin() -> Reader:
        listing.items.clear()
        listing.notes.clear()
        listing.bad_count = 0
        return lambda element: _read_entry(element, listing, url)

    walked = walk(body, prolog, ENTRIES, begin, charset)
    listing.bad_count += walked.lost_count
    if walked.is_mended:
        listing.notes.insert(0, "the XML is broken; what could be mended was read")
    if walked.root is not None:
        _finish(listing, walked.root, url)
    return listing


def _read_entry(entry: Element, listing: Listing, url: str) -> None:
    parts: dict[str, list[Element]] = {}
    for child in entry:
        if isinstance(child.tag, str) and _MEDIA not in child.tag:
            parts.setdefault(local_name(child), []).append(child)
    base = join(url, entry.base)
    link = _atom_link(parts, base) if listing.form == "atom" else _rss_link(entry, parts, base)
    if link is None:
        listing.bad(f"item {len(listing.items) + listing.bad_count + 1}: no usable link")
        return
    language = one_line(_first(parts, ("language",)) or entry.get(XML_LANG), 35)
    listing.items.append(
        Item(
            url=link,
            title=_title(parts),
            authors=_authors(parts),
            published=one_line(_first(parts, PUBLISHED), 100),
            modified=one_line(_first(parts, MODIFIED), 100),
            summary=plain_text(_first(parts, SUMMARY)),
            tags=names(_label(tag) for tag in _all(parts, TAGS)),
            language=language,
        )
    )


def _rss_link(entry: Element, parts: dict[str, list[Element]], base: str) -> str | None:
    """The page's URL: FeedBurner's origLink, link, Atom's alternate, a guid that is a permalink, rdf:about."""
    written = [text_of(element) for name in ("origlink", "link") for element in parts.get(name, ())]
    found = next((link for text in written if (link := page_url(text, base))), None)
    if found:
        return found
    guids = [guid for guid in parts.get("guid", ()) if guid.get("isPermaLink", "true").strip().lower() != "false"]
    absolute = [text_of(guid) for guid in guids] + [entry.get(RDF_ABOUT)]
    return _atom_link({"link": parts.get("link", [])}, base) or next(
        (link for text in absolute if is_absolute(text) and (link := page_url(text, base))), None
    )


def _atom_link(parts: dict[str, list[Element]], base: str) -> str | None:
    """The alternate link (HTML before other types), else an id that is a URL."""
    links = [link for link in parts.get("link", ()) if (link.get("rel") or "alternate").lower() == "alternate"]
    links.sort(key=lambda link: "html" not in (link.get("type") or "text/html"))
    hrefs = [(link.get("href"), join(base, link.base)) for link in links if link.get("href")]
    hrefs += [(text, base) for part in parts.get("id", ()) if is_absolute(text := text_of(part))]
    return next((found for href, own in hrefs if (found := page_url(href, own))), None)


def _all(parts: dict[str, list[Element]], wanted: tuple[str, ...]) -> list[Element]:
    return [element for name in wanted for element in parts.get(name, ())]


def _first(parts: dict[str, list[Element]], wanted: tuple[str, ...]) -> str | None:
    """The first of these elements that has text, by the order of `wanted`."""
    return next((text for element in _all(parts, wanted) if (text := text_of(element).strip())), None)


def _title(parts: dict[str, list[Element]]) -> str | None:
    """The title; Atom's default type is plain text, everything else may hold escaped HTML."""
    titles = parts.get("title")
    element = titles[0] if titles else None
    is_plain = element is not None and str(element.tag).endswith("Atom}title") and element.get("type", "text") == "text"
    return one_line(text_of(element)) if is_plain else plain_text(text_of(element), 1000)


def _authors(parts: dict[str, list[Element]]) -> tuple[str, ...]:
    written: list[str | None] = []
    for element in _all(parts, AUTHOR):
        inner = [child for child in element if local_name(child) == "name"]
        texts = [text_of(child) for child in inner] if len(element) else [text_of(element)]
        written += [match[1] if (match := _MAIL_AND_NAME.fullmatch(text.strip())) else text for text in texts]
    return names(dict.fromkeys(plain_text(text, 200) for text in written))


def _label(tag: Element) -> str | None:
    """Atom's category has attributes, RSS's has text."""
    return plain_text(tag.get("label") or tag.get("term") or text_of(tag), 200)


def _finish(listing: Listing, root: Element, url: str) -> None:
    """What the feed says of itself: its language for items without one, and where older items are (RFC 5005)."""
    channel = next((child for child in root if local_name(child) == "channel"), root)
    heads = list(root) if channel is root else [*channel, *root]
    spoken = next((text_of(head) for head in heads if local_name(head) == "language"), None)
    language = one_line(spoken or channel.get(XML_LANG) or root.get(XML_LANG), 35)
    if language:
        listing.items[:] = [item if item.language else replace(item, language=language) for item in listing.items]
    listing.next_url = _related(heads, "next", url)
    listing.archive_url = _related(heads, "prev-archive", url)
    listing.is_complete = any(head.tag == COMPLETE for head in heads)


def _related(heads: list[Element], relation: str, url: str) -> str | None:
    """The URL of the first link with this relation."""
    links = (head for head in heads if local_name(head) == "link" and (head.get("rel") or "").lower() == relation)
    return next((page_url(link.get("href"), join(url, link.base)) for link in links), None)
