"""A text with one URL a line into a Listing.

Empty lines and lines that begin with `#` are left out; ` #` after a URL begins a comment. Whatever else is no
http(s) URL is counted and named with its line number. UTF-8 with or without its mark, or what it is detected as.
"""

import re

from tasks.discover.items import Item, Listing, page_url
from tasks.discover.xml_prolog import decode_text
from tasks.io.capture_rows import escape

_LINE = re.compile(r"(https?://[^\s#][^\s]*)(?:\s+#.*)?", re.IGNORECASE)
"""Matches: `https://x.org/a`, `HTTP://x.org/a # why`. Does not match: `x.org/a`, `https://x.org/a b`."""


def read_url_list(body: bytes, charset: str | None = None) -> Listing:
    """The URLs of the text in its order, each once."""
    listing = Listing("text")
    seen: set[str] = set()
    for number, raw in enumerate(_lines(decode_text(body, charset)), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        url = page_url(match[1], "") if match else None
        if url is None:
            listing.bad(f"line {number}: '{escape(line, 80)}' is not an http(s) URL")
        elif url not in seen:
            seen.add(url)
            listing.items.append(Item(url=url))
    return listing


def _lines(text: str) -> list[str]:
    """Lines ended by CR, LF or CRLF only, so that the numbers are those of an editor."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
