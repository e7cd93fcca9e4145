"""What bytes are, whatever their Content-Type says: a page, a document of ours, or something that is no page."""

import re
from enum import StrEnum

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF"), (b"\x89PNG\r\n", "PNG image"), (b"GIF87a", "GIF image"), (b"GIF89a", "GIF image"),
    (b"\xff\xd8\xff", "JPEG image"), (b"PK\x03\x04", "ZIP archive"), (b"PK\x05\x06", "ZIP archive"),
    (b"\x1f\x8b\x08", "gzip data"), (b"BZh", "bzip2 data"), (b"\xfd7zXZ\x00", "xz data"), (b"(\xb5/\xfd", "zstd data"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"), (b"Rar!\x1a\x07", "RAR archive"), (b"RIFF", "RIFF media"),
    (b"OggS", "Ogg media"),
    (b"ID3", "MP3 audio"), (b"\x00\x00\x00\x18ftyp", "MP4 video"), (b"\x00\x00\x00\x20ftyp", "MP4 video"),
    (b"wOFF", "font"), (b"wOF2", "font"), (b"\xd0\xcf\x11\xe0", "Office document"), (b"{\\rtf", "RTF document"),
    (b"PAR1", "Parquet file"), (b"\x7fELF", "program"), (b"MZ\x90", "program"), (b"II*\x00", "TIFF image"),
    (b"\x00\x00\x01\x00", "icon"), (b"WARC/1.", "WARC file"),
)  # fmt: skip
"""First bytes of formats that servers send as text/html now and then."""

LISTING = re.compile(r"<(?:rss|feed|urlset|sitemapindex|rdf:RDF|opml)[\s>]", re.IGNORECASE)
ELEMENT = re.compile(r"<(?:!doctype\s+html|/?[a-z][a-z0-9-]*(?:\s[^<>]*)?/?>)", re.IGNORECASE)
HTML_START = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
CONTROL = bytes([*range(9), *range(14, 27), *range(28, 32), 127])
"""Characters that no text has: controls but white space and ESC (ISO-2022-JP)."""
MOST_CONTROLS = 0.02
HEAD = 65_536


class Form(StrEnum):
    """How the payload is read."""

    HTML = "html"
    TEXT = "text"
    JSON = "json"


def magic_name(payload: bytes) -> str | None:
    """The name of the binary format that the payload begins like; None for text."""
    return next((name for start, name in MAGIC if payload.startswith(start)), None)


def form_of(text: str, content_type: str | None, url: str) -> tuple[Form | None, str]:
    """How to read the text, and in a few words what it looks like; None when it is no page and no document.

    >>> form_of("<p>Hello</p>", "text/html", "https://x.org/a")[0], form_of('{"a": 1}', "text/html", "https://x.org/a")
    (<Form.HTML: 'html'>, (None, 'JSON'))
    """
    head = text[:HEAD]
    raw = head.encode("utf-8", "surrogatepass")
    if len(raw) - len(raw.translate(None, CONTROL)) > MOST_CONTROLS * len(head):
        return None, "binary data"
    declared = (content_type or "").partition(";")[0].strip().lower()
    start = _without_prolog(head)
    if HTML_START.match(start):
        return Form.HTML, "HTML"
    if LISTING.search(start[:2000]):
        return None, "feed or sitemap"
    if declared.endswith("json") or url.lower().endswith((".json", ".jsonl")):
        return Form.JSON, "JSON"
    if declared == "text/plain" or (not declared and url.lower().endswith((".txt", ".text", ".md"))):
        return Form.TEXT, "plain text"
    if start[:1] in ("{", "["):
        return None, "JSON"
    return (Form.HTML, "HTML") if ELEMENT.search(head) else (None, "text without markup")


def _without_prolog(text: str) -> str:
    """The text without white space, XML declaration and comments before its first element. Linear in its length."""
    place, end = 0, len(text)
    while place < end:
        if text[place].isspace() or text[place] == "\ufeff":
            place += 1
            continue
        closing = next((close for begin, close in PROLOG if text.startswith(begin, place)), None)
        found = -1 if closing is None else text.find(closing, place)
        if found < 0:
            break
        place = found + len(closing or "")
    return text[place:]


PROLOG = (("<!--", "-->"), ("<?", "?>"))
