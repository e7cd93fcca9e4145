"""JSON Feed 1.0 and 1.1 (jsonfeed.org) into a Listing. A member of a wrong type counts as left out."""

import json
from collections.abc import Mapping
from typing import Any

from schemas.reasons import Reason
from tasks.discover.items import Item, Listing, ListingError, is_absolute, names, one_line, page_url, plain_text
from tasks.discover.xml_prolog import decode_text


def read_json_feed(body: bytes, url: str) -> Listing:
    """The items of a JSON Feed in its order.

    Raises:
        ListingError: it is no JSON, or JSON that is no feed.
    """
    try:
        feed = json.loads(decode_text(body, None))
    except (ValueError, RecursionError) as error:
        raise ListingError(Reason.NOT_A_LISTING, f"not valid JSON ({str(error)[:100]})") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise ListingError(Reason.NOT_A_LISTING, "JSON without the items of a JSON Feed")
    listing = Listing("json_feed", next_url=page_url(_text(feed, "next_url"), url))
    language = one_line(_text(feed, "language"), 35)
    for number, entry in enumerate(feed["items"], start=1):
        link = _link(entry, url) if isinstance(entry, dict) else None
        if link is None:
            listing.bad(f"item {number}: no usable link")
        else:
            listing.items.append(_item(entry, link, language))
    return listing


def _link(entry: Mapping[str, Any], url: str) -> str | None:
    """url, else external_url, else an id that is a URL."""
    identity = _text(entry, "id")
    written = (_text(entry, "url"), _text(entry, "external_url"), identity if is_absolute(identity) else None)
    return next((link for text in written if (link := page_url(text, url))), None)


def _item(entry: Mapping[str, Any], link: str, language: str | None) -> Item:
    authors = [author for author in (*_list(entry, "authors"), entry.get("author")) if isinstance(author, dict)]
    return Item(
        url=link,
        title=one_line(_text(entry, "title")),
        authors=names(_text(author, "name") for author in authors),
        published=one_line(_text(entry, "date_published"), 100),
        modified=one_line(_text(entry, "date_modified"), 100),
        summary=plain_text(_text(entry, "summary")),
        tags=names(tag for tag in _list(entry, "tags") if isinstance(tag, str)),
        language=one_line(_text(entry, "language"), 35) or language,
    )


def _text(entry: Mapping[str, Any], key: str) -> str | None:
    value = entry.get(key)
    return value if isinstance(value, str) else None


def _list(entry: Mapping[str, Any], key: str) -> list[Any]:
    value = entry.get(key)
    return value if isinstance(value, list) else []
