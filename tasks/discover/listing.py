"""Bytes of any listing into a Listing: says what they are by looking at them, never by their address or header.

Pure: nothing is fetched, no file is read.
"""

import re
from email.message import Message

from schemas.reasons import Reason
from schemas.source import SourceKind
from tasks.discover import feed, sitemap
from tasks.discover.items import Listing, ListingError
from tasks.discover.json_feed import read_json_feed
from tasks.discover.url_list import read_url_list
from tasks.discover.xml_prolog import Prolog, decode_text, read_prolog
from tasks.io.decode import GZIP_MAGIC, BodyLimits, DecodeError, decode_body

MAX_BYTES = 50 * 1024 * 1024
"""Largest listing, unpacked (the sitemap protocol's own limit)."""
MAX_LIST_BYTES = 5 * MAX_BYTES
"""Largest list of URLs: a million lines and more."""
LIMITS = BodyLimits(max_bytes=MAX_BYTES)


def read_listing(kind: SourceKind, body: bytes, url: str, content_type: str | None = None) -> Listing:
    """What the body of a feed, sitemap or url_list says; a .gz is unpacked first.

    Args:
        kind: what the source says it is. A feed may turn out as a sitemap and the other way round; a text is
            read only where a sitemap or list was expected.
        body: content encodings undone.
        url: where it came from; relative links are resolved against it.
        content_type: the header, for its charset only.

    Raises:
        ListingError: NOT_A_LISTING, EMPTY_LISTING (0 bytes, or no entry at all), TOO_LARGE, BOMB, TRUNCATED.
    """
    body = unpack(body, MAX_LIST_BYTES if kind is SourceKind.URL_LIST else MAX_BYTES)
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise ListingError(Reason.EMPTY_LISTING, "the listing has no content")
    listing = _read(kind, body, url, charset_of(content_type))
    if not listing.items and not listing.children:
        raise ListingError(Reason.EMPTY_LISTING, _why_empty(listing))
    return listing


def unpack(body: bytes, max_bytes: int) -> bytes:
    """The body without gzip, which its first bytes tell; junk behind the gzip stream is ignored.

    Raises:
        ListingError: it is damaged, a bomb or too large.
    """
    try:
        plain = decode_body(body, "gzip", BodyLimits(max_bytes=max_bytes)) if body.startswith(GZIP_MAGIC) else body
    except DecodeError as error:
        raise ListingError(error.reason, error.detail) from error
    if len(plain) > max_bytes:
        raise ListingError(Reason.TOO_LARGE, f"{len(plain)} bytes; a listing has at most {max_bytes}")
    return plain


def charset_of(content_type: str | None) -> str | None:
    """The charset parameter of a Content-Type header.

    >>> charset_of('text/xml; charset="ISO-8859-1"')
    'iso-8859-1'
    """
    if not content_type:
        return None
    message = Message()
    message["Content-Type"] = re.sub(r"[\r\n]", " ", content_type)
    return message.get_content_charset()


def _read(kind: SourceKind, body: bytes, url: str, charset: str | None) -> Listing:
    if kind is SourceKind.URL_LIST:
        return _text(body, kind, url, charset)
    head = body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in (b"{", b"["):
        return read_json_feed(body, url)
    prolog = read_prolog(body)
    if prolog.root in feed.FORMS:
        return feed.read_feed(body, prolog, url, charset)
    if prolog.root in sitemap.FORMS:
        return sitemap.read_sitemap(body, prolog, url, charset)
    if kind is SourceKind.SITEMAP and not prolog.root:
        return _text(body, kind, url, charset)
    raise ListingError(Reason.NOT_A_LISTING, _what_else(prolog, body))


def _text(body: bytes, kind: SourceKind, url: str, charset: str | None) -> Listing:
    text = decode_text(body[:HEAD], charset)
    if kind is SourceKind.SITEMAP and sitemap.names_sitemaps(text):
        return sitemap.read_robots(decode_text(body, charset), url)
    if "\x00" in text or text.lstrip()[:1] == "<":
        raise ListingError(Reason.NOT_A_LISTING, "not a text with one URL a line")
    listing = read_url_list(body, charset)
    if not listing.items and listing.bad_count:
        raise ListingError(Reason.NOT_A_LISTING, f"no line is a URL; {listing.notes[0]}")
    return listing


HEAD = 1_000_000
"""How much of a text is looked at to tell what it is."""


def _why_empty(listing: Listing) -> str:
    if listing.bad_count:
        return f"none of {listing.bad_count} entries names a usable URL; {listing.notes[0]}"
    return f"the {listing.form} has no entry"


def _what_else(prolog: Prolog, body: bytes) -> str:
    if prolog.root in ("html", "head", "body", "script", "div") or b"<!doctype html" in body[:1000].lower():
        return "an HTML page, perhaps a login or error page"
    return f"the first element is <{prolog.root}>" if prolog.root else "neither XML nor JSON"
