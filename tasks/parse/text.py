"""Small pure functions on text that all parts of parse need: what may not reach Arrow, and spaces."""

import html
import re

UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufdd0-\ufdef"
                        + "".join(chr(plane + low) for plane in range(0, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF))
                        + "]")  # fmt: skip
"""Control characters but tab and line breaks, lone surrogates and noncharacters (Unicode 15, section 23.7)."""

TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
REPLACEMENT = "\ufffd"
LONGEST_VALUE = 10_000
"""Characters of one value (a title, a summary, a list of tags) that are looked at."""


def storable(text: str) -> str:
    r"""The text with every character that no table may hold replaced by U+FFFD.

    >>> storable("a\x00b\ud800c")
    'a�b�c'

    Printable text, which most is, has none: Python counts control characters, surrogates and what is assigned to no
    character as unprintable.
    """
    return text if text.isprintable() else UNSTORABLE.sub(REPLACEMENT, text)


def one_line(text: str) -> str:
    """The text with every run of white space as one space, trimmed."""
    return " ".join(text.split())


def plain(text: str) -> str:
    """Text of an attribute or a JSON string as one line: entities resolved (twice escaped ones too), tags dropped.

    >>> plain("Tom &amp;amp; <b>Jerry</b>")
    'Tom & Jerry'
    """
    text = text[:LONGEST_VALUE]
    for _ in range(2):
        if "&" in text:
            text = html.unescape(text)
    if "<" in text:
        text = TAG.sub(" ", text)
    return one_line(storable(text))
