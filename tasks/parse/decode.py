"""From bytes to text: which encoding, on what evidence.

Order: a byte order mark; bytes that are valid UTF-8 and not ASCII (no other text is so by chance); then what header and
meta element declare, and what resiliparse detects, the first that fits the bytes without loss. A header that names a
server's default (latin-1) yields to a meta element. Labels are read as the WHATWG Encoding Standard maps them.
"""

import codecs
import re
from dataclasses import dataclass

from resiliparse.parse.encoding import detect_encoding, map_encoding_to_html5

from tasks.parse.text import REPLACEMENT

BYTE_ORDER_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""UTF-32-LE begins like UTF-16-LE, so it stands before it."""

PYTHON_CODECS = {
    "shift_jis": "cp932",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso8859-11": "cp874",
}
"""Codecs of Python that read what browsers read under a narrower name (WHATWG Encoding Standard, section 4.2)."""

SERVER_DEFAULTS = frozenset({"cp1252", "utf-8"})
SEVEN_BIT = frozenset({"iso2022_jp"})

META_CHARSET = re.compile(rb"""<meta[^>]{0,500}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.+-]{2,40})""", re.IGNORECASE)
HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.+-]{2,40})""", re.IGNORECASE)
MULTI_BYTE = re.compile("[^\\x00-\\x7f\\ufffd]")
META_WITHIN = 256 * 1024
"""Bytes in which a meta element is looked for; browsers read 1,024, but pages put it later."""


@dataclass(frozen=True)
class Decoded:
    """Text, the codec that made it, and the evidence for it: bom, bytes, header, meta or detected."""

    text: str
    encoding: str
    evidence: str
    utf8: bytes | None = None
    """The text in UTF-8 where the payload was just that."""


def decode(payload: bytes, content_type: str | None) -> Decoded:
    """The payload as text; bytes that do not fit become U+FFFD."""
    for mark, name in BYTE_ORDER_MARKS:
        if payload.startswith(mark):
            return Decoded(payload.decode(name, "replace"), name.removesuffix("-sig"), "bom")
    if payload.isascii():
        return _ascii(payload, _declared(payload, content_type))
    wide = _wide(payload)
    if wide:
        return Decoded(payload.decode(wide, "replace"), wide, "bytes")
    try:
        return Decoded(payload.decode("utf-8"), "utf-8", "bytes", payload)
    except UnicodeDecodeError:
        return _least_lossy(payload, _declared(payload, content_type))


def _declared(payload: bytes, content_type: str | None) -> list[tuple[str, str]]:
    """(codec, evidence) of header and meta element, the more believable first."""
    header = codec_of(match[1]) if (match := HEADER_CHARSET.search(content_type or "")) else None
    found = META_CHARSET.search(payload, 0, META_WITHIN)
    meta = codec_of(found[1].decode("ascii")) if found else None
    if meta and meta.startswith("utf-16"):
        meta = "utf-8"  # it was readable as ASCII, so it cannot be true (WHATWG HTML, section 13.2.3.3)
    pairs = [(name, evidence) for name, evidence in ((header, "header"), (meta, "meta")) if name]
    if header in SERVER_DEFAULTS and meta and meta != header:
        pairs.reverse()
    return pairs


def codec_of(label: str) -> str | None:
    """Python's codec for a label as browsers read it; None for a label that they do not know.

    >>> codec_of("ISO-8859-1"), codec_of("klingon")
    ('cp1252', None)
    """
    mapped = map_encoding_to_html5(label.strip().lower(), False)
    if mapped is None:
        return None
    try:
        name = codecs.lookup(mapped).name
    except LookupError:
        return None
    return PYTHON_CODECS.get(name, name)


def _ascii(payload: bytes, declared: list[tuple[str, str]]) -> Decoded:
    """ASCII reads the same everywhere but in the seven-bit encodings of East Asia."""
    for name, evidence in declared:
        if name in SEVEN_BIT:
            return Decoded(payload.decode(name, "replace"), name, evidence)
    return Decoded(payload.decode("ascii"), "utf-8", declared[0][1] if declared else "bytes", payload)


def _wide(payload: bytes) -> str | None:
    """UTF-16 without a mark, told by where the NULs of its first markup stand."""
    start = payload[:512]
    even, odd = start[0::2].count(0), start[1::2].count(0)
    most = 0.4 * len(start)
    if min(even, odd) * 10 > max(even, odd) or max(even, odd) < most:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _least_lossy(payload: bytes, declared: list[tuple[str, str]]) -> Decoded:
    """UTF-8 with a few broken bytes, else the first evidence that fits without loss, else the least lossy."""
    text = payload.decode("utf-8", "replace")
    losses = text.count(REPLACEMENT)
    if losses * 4 <= len(MULTI_BYTE.findall(text)):
        return Decoded(text, "utf-8", "bytes")
    detected = codec_of(detect_encoding(payload) or "")
    readings = [(losses, 0, Decoded(text, "utf-8", "bytes"))]
    for name, evidence in [*declared, *([(detected, "detected")] if detected else []), ("cp1252", "guess")]:
        text = payload.decode(name, "replace")
        losses = text.count(REPLACEMENT)
        if not losses:
            return Decoded(text, name, evidence)
        readings.append((losses, len(readings), Decoded(text, name, evidence)))
    return min(readings, key=lambda reading: reading[:2])[2]
