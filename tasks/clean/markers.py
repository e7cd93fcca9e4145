"""Advertisement markers: whole lines, and those that are glued to a sentence, which stays."""

import re
from collections.abc import Iterator
from functools import lru_cache

from schemas.reasons import RemovalKind
from tasks.clean.forms import as_regex, expand, of_languages, wordings
from tasks.clean.lines import LINES_KEPT, bare, holds_any
from tasks.clean.model import Context, Draft, Edit, apart
from tasks.clean.quotes import SENTENCE_END, QuoteDepth
from tasks.clean.words.ads import LINE, LONG, SHORT, STEMS

_NUMBER = re.compile(r" #?\d{1,2}$")
_OPENING = "“„«‘¿¡»\"'"
_FRAME = r"[-–—*↓▼▲\[\]() ]{0,6}"
"""What may stand around a marker that is glued to a sentence."""
MAX_LINE = 100
"""Characters of a marker that is a whole line, with its frame."""
MIN_GLUED = 5
"""Letters of a short marker that may be glued to a word: PUB is part of other words."""


class _Vocabulary:
    """The compiled tables of some languages."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.stems = tuple(dict.fromkeys(stem for language in languages for stem in STEMS.get(language, ())))
        short, lines = wordings(SHORT, languages), wordings(LINE, languages)
        self.whole = dict.fromkeys(lines, "line") | dict.fromkeys(short, "short")
        long = "|".join(f"(?:{as_regex(template)})" for template in of_languages(LONG, languages)) or "(?!)"
        words = sorted((form for row in SHORT if row.language in languages for form in _written(row.words)), key=len)
        glued = "|".join(as_regex(word) for word in reversed(words)) or "(?!)"
        self.long = re.compile(long, re.IGNORECASE)
        self.free = re.compile(rf"{_FRAME}(?<![^\W_])(?:(?P<long>(?i:{long}))|(?P<short>{glued})){_FRAME}")


def _written(templates: tuple[str, ...]) -> Iterator[str]:
    """Short markers as they are glued: with a capital, and in capitals."""
    for word in (form for template in templates for form in expand(template)):
        if len(word) >= MIN_GLUED:
            yield from (word.capitalize(), word.upper())


@lru_cache(maxsize=64)
def _vocabulary(languages: tuple[str, ...]) -> _Vocabulary:
    return _Vocabulary(languages)


def find_ad_markers(draft: Draft, context: Context) -> list[Edit]:
    """Markers of the text's language and of English."""
    words = _vocabulary(context.languages)
    edits = [
        Edit(line.begin, line.end, rule, RemovalKind.AD_MARKER, "", "whole line")
        for line in draft.lines
        if len(line.text) <= MAX_LINE and (rule := _whole(line.bare, words))
    ]
    stems = [stem for stem in words.stems if stem in draft.lowered]
    if not stems:
        return apart(edits)
    for begin, paragraph in draft.located:
        if holds_any(paragraph.lower(), stems):
            edits += _glued(begin, paragraph, words)
    return apart(edits)


@lru_cache(maxsize=LINES_KEPT)
def _whole(line: str, words: _Vocabulary) -> str | None:
    """The rule by which a bare line is a marker: `advertisement 2` is one, and a short marker before a long one is."""
    line = _NUMBER.sub("", line)
    rule = words.whole.get(line)
    if rule is None and holds_any(line, words.stems):
        head = line.split(" ", 1)
        rest = bare(head[1]) if words.whole.get(bare(head[0])) and len(head) > 1 else line
        return "long" if words.long.fullmatch(line) or words.long.fullmatch(rest) else words.whole.get(rest)
    return rule


def _glued(begin: int, paragraph: str, words: _Vocabulary) -> Iterator[Edit]:
    """Markers with a sentence's end, or nothing, before them and a sentence's begin, or nothing, after them."""
    depth = QuoteDepth(paragraph)
    for match in words.free.finditer(paragraph):
        start, end = _trimmed(paragraph, match)
        if start == 0 and end == len(paragraph):
            continue  # a whole line is looked up, not searched
        stands = _stands_free if match["long"] else _is_glued
        if not depth.inside(start) and stands(paragraph, start, end):
            rule = "long" if match["long"] else "short"
            yield Edit(begin + start, begin + end, rule, RemovalKind.AD_MARKER, "", "at the edge of a sentence")


def _trimmed(paragraph: str, match: re.Match[str]) -> tuple[int, int]:
    """Begin and end of the marker with its frame: without a bracket or dash that belongs to the sentence."""
    start, end = match.span()
    inner = match.span("long" if match["long"] else "short")
    head, tail = paragraph[start : inner[0]], paragraph[inner[1] : end]
    if not tail.strip():
        return inner[0] if head.strip(" ") in {")", "]", "))"} else start + len(head) - len(head.lstrip(" )]")), end
    if not head.strip():
        return inner[0], inner[1]
    return start + len(head) - len(head.lstrip(" )]")), end - (len(tail) - len(tail.rstrip(" ([")))


def _stands_free(paragraph: str, start: int, end: int) -> bool:
    """True when a sentence ends before the marker and one begins after it."""
    before = paragraph[max(0, start - 4) : start].rstrip(" \n")
    return (start == 0 or before[-1:] in SENTENCE_END) and _begins_after(paragraph, end)


def _begins_after(paragraph: str, at: int) -> bool:
    rest = paragraph[at : at + 4]
    bare_rest = rest.lstrip(" \n")
    if not bare_rest:
        return True
    if bare_rest[0] in "\"'":
        return bare_rest[1:2].isupper()
    return bare_rest[0] in _OPENING or bare_rest[0].isupper() or (bare_rest[0].isdigit() and bare_rest is rest)


def _is_glued(paragraph: str, start: int, end: int) -> bool:
    """True for a short marker that touches a sentence on one side at least: `…said.Advertisement“We…`.

    A sentence ends before it, or nothing stands there; after it one begins, with no space, or nothing stands there.
    """
    after = paragraph[end : end + 3]
    begins = not after or after[0] == "\n" or (_begins_after(paragraph, end) and _starts_sentence(after))
    ends = start == 0 or paragraph[start - 1] in SENTENCE_END or paragraph[start - 1] == "\n"
    spaced = start > 1 and paragraph[start - 1] == " " and paragraph[start - 2] in SENTENCE_END and not after
    return begins and (ends or spaced)


def _starts_sentence(head: str) -> bool:
    """True for a capital that a small letter follows soon, or an opening quote: not for `PUBLICIDADES`."""
    return head[:1] in _OPENING or (not head[:1].isspace() and any(letter.islower() for letter in head))
