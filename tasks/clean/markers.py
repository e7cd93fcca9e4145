"""Advertisement markers: whole paragraphs, and those that are glued to a sentence, which stays."""

import re
from functools import lru_cache

from schemas.reasons import RemovalKind
from tasks.clean.model import Context, Draft, Edit
from tasks.clean.quotes import SENTENCE_END, QuoteDepth
from tasks.clean.words.ads import CAPITALISED, LONG, SHORT, STEMS

_FRAME = " \t\n[](){}*_~-–—•·|:.<>"
_NUMBER = re.compile(r"\s{0,2}#?\d{1,2}$")
_OPENING = "“„«‘¿¡"
MIN_GLUED = 7
"""Letters of a short marker that may be glued to a word: PUB is part of other words."""


def find_ad_markers(draft: Draft, context: Context) -> list[Edit]:
    """Markers of the text's language and of English."""
    words = _vocabulary(context.languages)
    if not any(stem in draft.lowered for stem in words.stems):
        return []
    edits = []
    for begin, paragraph in draft.located:
        lowered = paragraph.lower()
        if any(stem in lowered for stem in words.stems):
            edits += _in_paragraph(begin, paragraph, words)
    return edits


class _Vocabulary:
    """The compiled tables of some languages."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        long = [word for row in LONG if row.language in languages for word in row.words]
        short = [word for row in SHORT if row.language in languages for word in row.words]
        self.stems = tuple(stem for language in languages for stem in STEMS.get(language, ()))
        self.whole = dict.fromkeys(short, "short") | dict.fromkeys(long, "long")
        longest_first = sorted(long, key=len, reverse=True)
        self.long = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)", re.IGNORECASE)
        glued = [word.upper() for word in short if len(word) >= MIN_GLUED] + list(
            CAPITALISED if "en" in languages else ()
        )
        self.glued = re.compile(rf"(?:{'|'.join(map(re.escape, glued)) or '(?!)'})(?=[{_OPENING}]|[^\W\d_a-z]['’]?\w)")


@lru_cache(maxsize=64)
def _vocabulary(languages: tuple[str, ...]) -> _Vocabulary:
    return _Vocabulary(languages)


def _in_paragraph(begin: int, paragraph: str, words: _Vocabulary) -> list[Edit]:
    rule = words.whole.get(_bare(paragraph))
    if rule is not None:
        return [_cut(begin, begin + len(paragraph), rule, "whole paragraph")]
    glued = words.glued.match(paragraph)
    if glued and _starts_sentence(paragraph, glued.end()):
        return [_cut(begin, begin + glued.end(), "short", "capitals glued to the first word")]
    depth = QuoteDepth(paragraph)
    return [
        _cut(begin + match.start(), begin + match.end(), "long", "at the edge of a sentence")
        for match in words.long.finditer(paragraph)
        if not depth.inside(match.start()) and _stands_free(paragraph, match)
    ]


def _bare(paragraph: str) -> str:
    """The paragraph without frame and number, in lower case: `- Advertisement 2 -` is `advertisement`."""
    if len(paragraph) > 100:
        return ""
    return _NUMBER.sub("", paragraph.strip(_FRAME)).strip(_FRAME).lower()


def _cut(start: int, end: int, rule: str, evidence: str) -> Edit:
    return Edit(start, end, rule, RemovalKind.AD_MARKER, "", evidence)


def _starts_sentence(paragraph: str, at: int) -> bool:
    """True for a capital that a small letter follows soon, or an opening quote: not for `PUBLICIDADES`."""
    head = paragraph[at : at + 3]
    return head[:1] in _OPENING or any(letter.islower() for letter in head)


def _stands_free(paragraph: str, match: re.Match[str]) -> bool:
    """True when a sentence ends before the marker and one begins after it."""
    before = paragraph[max(0, match.start() - 4) : match.start()].rstrip(" \n")
    at_begin = match.start() == 0
    return (at_begin or before[-1:] in SENTENCE_END) and _begins_after(paragraph, match.end())


def _begins_after(paragraph: str, at: int) -> bool:
    rest = paragraph[at : at + 4]
    bare = rest.lstrip(" \n")
    if not bare:
        return True
    if bare[0] == '"':
        return bare[1:2].isupper()
    return bare[0] in _OPENING or bare[0].isupper() or (bare[0].isdigit() and bare is rest)
