"""A body as the units that can recur: paragraphs, the sentences at their edges and inside, pairs of short paragraphs.

Pure, and linear in the text.
What does not belong here: how often a unit must recur, and what is done with it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from schemas.article import PARAGRAPH_BREAK

MIN_WORDS = 4
"""Shorter units are headings, names and labels (Pros, Read more) that articles are made of."""
LONGEST = 600
"""Characters of a unit that is looked at; furniture is not longer, and rows of rules stay small."""
EDGE = 2
"""Paragraphs at the begin and at the end of a body that count as its edge."""

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…。][\"'”’»)\]]{0,2}(?:[ \n]+|(?=[“„«\"¿¡]?[^\W\d_a-zà-ÿ]))|(?<=[^\W\d_A-Z])\n")


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of a body that may be furniture: characters begin to end, and where it stands.

    `key` is its text with single spaces: what makes two units the same.
    `position` is line (a whole paragraph), prefix, suffix or inside (of one), or block (two short paragraphs);
    `is_edge` says that its paragraph is among the first or last of the body.
    """

    key: str
    begin: int
    end: int
    position: str
    is_edge: bool


def unit_key(text: str) -> str:
    """The words of a text in lower case with single spaces: what is looked at when a unit is judged.

    >>> unit_key("Sign up — for OUR letter!")
    'sign up for our letter'
    """
    return " ".join(_WORD.findall(text.lower()))


def units(body: str) -> Iterator[Unit]:
    """The units of a body in order; each of at least `MIN_WORDS` words."""
    paragraphs = body.split(PARAGRAPH_BREAK)
    begin, last, before = 0, len(paragraphs) - 1, ("", 0)
    for index, paragraph in enumerate(paragraphs):
        edge = index < EDGE or index > last - EDGE
        key = ""
        if len(paragraph) <= LONGEST:
            key = _spelt(paragraph)
            if _is_long(key):
                yield Unit(key, begin, begin + len(paragraph), "line", edge)
            if before[0] and key and not (_is_long(before[0]) and _is_long(key)):
                joined = f"{before[0]} {key}"
                if _is_long(joined) and len(joined) <= LONGEST:
                    yield Unit(joined, before[1], begin + len(paragraph), "block", edge)
        yield from _sentences(paragraph, begin, edge=edge)
        before = (key, begin)
        begin += len(paragraph) + len(PARAGRAPH_BREAK)


def paragraph_keys(body: str) -> list[str]:
    """What makes each paragraph of a body the same as another; empty for one that is too long."""
    return [_spelt(text) if len(text) <= LONGEST else "" for text in body.split(PARAGRAPH_BREAK)]


def _sentences(paragraph: str, begin: int, *, edge: bool) -> Iterator[Unit]:
    ends = [match.end() for match in _SENTENCE_END.finditer(paragraph)]
    cuts = [0, *(end for end in ends if end < len(paragraph)), len(paragraph)]
    if len(cuts) == 2:
        return
    for index, (start, end) in enumerate(pairwise(cuts)):
        if end - start <= LONGEST:
            key = _spelt(paragraph[start:end])
            if _is_long(key):
                position = "prefix" if start == 0 else "suffix" if index == len(cuts) - 2 else "inside"
                stop = start + len(paragraph[start:end].rstrip())
                yield Unit(key, begin + start, begin + stop, position, edge)


def _spelt(text: str) -> str:
    return " ".join(text.split())


def _is_long(key: str) -> bool:
    return key.count(" ") >= MIN_WORDS - 1
