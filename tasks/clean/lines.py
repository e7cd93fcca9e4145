"""Lines that may be furniture as a whole, and how they are compared with the word tables."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_FRAME = " \t\n[](){}*_~-–—―•·|:.…!<>»«›→←↓↑▼▲▶►⬇👉\ufe0f"
"""What papers put around a line of furniture. Quotes are no frame: what is quoted is told, not meant."""
_LETTERS = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "\xa0": " ", "\n": " "})
MAX_WORDING = 110
"""Characters of a line that may be a wording of a table with its frame; longer ones are not looked up."""
LINES_KEPT = 8192
"""Lines whose verdict a repair remembers: those of an article's next round, and those that a site repeats."""
MAX_LINE = 300
"""Characters of a line that is looked at as a whole; longer ones are text."""


def bare(text: str) -> str:
    """The text without frame, in lower case, with single spaces and one kind of apostrophe: to be looked up.

    >>> bare("— READ ALSO: —")
    'read also'
    """
    return " ".join(text.translate(_LETTERS).strip(_FRAME).lower().replace("i\u0307", "i").split())


def holds_any(text: str, words: Iterable[str]) -> bool:
    """Whether one of the words stands in the text: many times faster than a regular expression of them."""
    for word in words:  # noqa: SIM110 - any() with a generator takes twice as long, and this is asked of every line
        if word in text:
            return True
    return False


def unframed(text: str) -> tuple[int, int]:
    """Begin and end of what the frame is around.

    >>> unframed("» Read »")
    (2, 6)
    """
    end = len(text.rstrip(_FRAME))
    return min(end, len(text) - len(text.lstrip(_FRAME))), end


@dataclass(frozen=True, slots=True)
class Line:
    """A short stretch of text that may be furniture as a whole: a paragraph, or a line of one.

    Attributes:
        begin: where a cut of it begins in the text: with the line break before it, if it is a later line.
        end: where a cut of it ends: with the line break after it, if it is the first of several lines.
        text: without these line breaks.
        bare: as `bare` writes it; empty for a line that is too long to be a wording.
        index: the number of its paragraph.
    """

    begin: int
    end: int
    text: str
    bare: str
    index: int


def short_lines(paragraphs: Iterable[tuple[int, str]]) -> Iterator[Line]:
    """Each short paragraph, then its lines when it has several; the lines of long paragraphs too.

    Args:
        paragraphs: where each begins, and its text.
    """
    for index, (begin, paragraph) in enumerate(paragraphs):
        if len(paragraph) <= MAX_LINE:
            yield Line(begin, begin + len(paragraph), paragraph, _wording(paragraph), index)
        if "\n" in paragraph:
            yield from _within(begin, paragraph, index)


def _within(begin: int, paragraph: str, index: int) -> Iterator[Line]:
    at = 0
    for text in paragraph.split("\n"):
        if text and len(text) <= MAX_LINE:
            start, end = (at - 1, at + len(text)) if at else (0, len(text) + 1)
            yield Line(begin + start, begin + end, text, _wording(text), index)
        at += len(text) + 1


def _wording(text: str) -> str:
    return bare(text) if len(text) <= MAX_WORDING else ""
