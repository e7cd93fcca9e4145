"""What stands before the first element, and the repair of XML that a strict parser refuses.

No listing needs entities of its own, so one that declares any is refused before it is parsed (billion laughs,
external entities: OWASP XXE). The parser resolves none either, reads no DTD and has no network.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from html.entities import html5

from resiliparse.parse.encoding import bytes_to_str, detect_encoding

from schemas.reasons import Reason
from tasks.discover.items import ListingError

BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Longer ones first: the UTF-32 mark begins with the UTF-16 one."""
HEAD_BYTES = 65_536
"""How far the first element is looked for."""
MAX_TEXT = 1_000_000
"""Longest text of one element that is kept when a document is mended; beyond 10 MB the parser would give up."""
_DECLARED = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_NAME = re.compile(r"<([A-Za-z_][\w.:-]*)")
_DECLARATION = re.compile(r"\A\s*<\?xml.*?\?>", re.DOTALL)
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STRAY = re.compile(r"&(?!#\d{1,7};|#[xX][0-9A-Fa-f]{1,6};|(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)?")
_NUMBERED = re.compile(r"&#(?:(\d{1,7})|[xX]([0-9A-Fa-f]{1,6}));")
_NO_TAG = re.compile(r"<(?![A-Za-z_/!?])")


@dataclass(frozen=True)
class Prolog:
    """The name of the first element (without prefix, lower case; empty: there is none) and what stands before it."""

    root: str
    encoding: str | None
    """By byte order mark or declaration."""
    has_bom: bool


def read_prolog(body: bytes) -> Prolog:
    """The prolog of the bytes.

    Raises:
        ListingError: it declares entities.
    """
    bom = next((name for mark, name in BOMS if body.startswith(mark)), None)
    head = body[:HEAD_BYTES].decode(bom or _bare_utf16(body) or "latin-1", "replace").lstrip("\ufeff")
    start = _first_element(head)
    if "<!ENTITY" in head[: start if start >= 0 else len(head)].upper():
        raise ListingError(Reason.NOT_A_LISTING, "the XML declares entities, which are never resolved")
    declared = _DECLARED.search(head)
    name = _NAME.match(head, start) if start >= 0 else None
    return Prolog(
        root=name[1].rpartition(":")[2].lower() if name else "",
        encoding=bom or _bare_utf16(body) or (declared[1].lower() if declared else None),
        has_bom=bom is not None,
    )


def _bare_utf16(body: bytes) -> str | None:
    """UTF-16 without its mark shows by the zero byte beside the first `<` (XML 1.0, appendix F)."""
    return {b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}.get(body[:2])


def _first_element(head: str) -> int:
    """Where the first element begins, comments, instructions and the doctype skipped; -1: nowhere."""
    at = head.find("<")
    while at >= 0:
        if head.startswith("<!--", at):
            end = head.find("-->", at)
        elif head.startswith("<?", at):
            end = head.find("?>", at)
        elif head.startswith("<!", at):
            end = _doctype_end(head, at)
        elif _NAME.match(head, at):
            return at
        else:
            end = at
        at = head.find("<", end + 1) if end >= 0 else -1
    return -1


def _doctype_end(head: str, at: int) -> int:
    """The `>` of a declaration; one with a subset in brackets ends behind it."""
    close, bracket = head.find(">", at), head.find("[", at)
    if 0 <= bracket < close:
        return head.find(">", max(head.find("]", bracket), bracket))
    return close


def true_encoding(body: bytes, prolog: Prolog) -> str | None:
    """The encoding to force upon the parser; None: what the document declares is right, or nothing tells better.

    A document that declares another encoding and yet is valid UTF-8 beyond ASCII is UTF-8 (observed: ISO-8859-1
    kept in a template after a change to UTF-8).
    """
    if prolog.has_bom or prolog.encoding is None or prolog.encoding.replace("_", "-") in ("utf-8", "utf8", "us-ascii"):
        return None
    if prolog.encoding.startswith(("utf-16", "utf-32", "iso-2022", "hz", "utf-7")) or body.isascii():
        return None
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"


def decode_text(body: bytes, declared: str | None) -> str:
    """The text by byte order mark, as UTF-8 where it is valid, as declared, or as detected; never raises."""
    for mark, name in BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    for name in dict.fromkeys(("utf-8", declared or "utf-8")):
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return bytes_to_str(body, detect_encoding(body[:HEAD_BYTES]) or "windows-1252", "replace")


def repair(body: bytes, prolog: Prolog, charset: str | None) -> str:
    """The document with what commonly breaks it mended, without its declaration (a text has no encoding).

    Mended are junk before the first tag, bare `&` and `<`, named characters of HTML, control characters.
    """
    text = decode_text(body, prolog.encoding or charset)
    text = _DECLARATION.sub("", text, count=1)
    start = _first_element(text[:HEAD_BYTES])
    text = _NOT_XML.sub("", text[max(start, 0) :])
    return "".join(part if part.startswith("<![CDATA[") else _mend(part) for part in _split_cdata(text))


def _split_cdata(text: str) -> Iterator[str]:
    """The text in pieces: closed CDATA sections, and what lies between them. Linear also for unclosed ones."""
    at = 0
    start, end = text.find("<![CDATA["), 0
    while start >= 0 and (end := text.find("]]>", start)) >= 0:
        yield text[at:start]
        yield text[start : min(end, start + MAX_TEXT)] + "]]>"
        at = end + 3
        start = text.find("<![CDATA[", at)
    yield text[at:].replace("<![CDATA[", "")


def _mend(markup: str) -> str:
    if len(markup) > MAX_TEXT:
        markup = "<".join(piece[:MAX_TEXT] for piece in markup.split("<"))
    return _NO_TAG.sub("&lt;", _NUMBERED.sub(_numbered, _STRAY.sub(_named, markup)))


def _numbered(match: re.Match[str]) -> str:
    """A reference to a character that XML cannot hold (`&#0;`, half a surrogate pair) is dropped."""
    code = int(match[1]) if match[1] else int(match[2], 16)
    return "" if code > 0x10FFFF or _NOT_XML.match(chr(code)) else match[0]


def _named(match: re.Match[str]) -> str:
    """A named character of HTML as itself, anything else as a plain ampersand."""
    character = html5.get(match[1] or "")
    return escape(character, quote=False) if character else "&amp;" + (match[1] or "")
