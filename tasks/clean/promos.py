"""Lines and headings that lead to other articles: whole paragraphs only, and only on evidence."""

import re
from functools import lru_cache

from schemas.reasons import RemovalKind
from tasks.clean.model import Context, Draft, Edit, Pattern
from tasks.clean.words.promos import CAPITALS, HEADING, PHRASE

MAX_WORDS = 20
MAX_CHARACTERS = 170
"""A headline is not longer than this, in any of our languages."""
_PREFIX = 3
_FRAME = " \t\n[](){}*_~-–—•·|:.<>»›→▶►"
_SEPARATOR = re.compile(r"\s{0,2}(?::|：|»|›|\||▶|►|→)\s{0,3}")
_OPENING = "“„«‘\"'¿¡"
_SENTENCE_END = re.compile(r"[.…。]['\"”’»)\]]{0,2}$")
_TWO_SENTENCES = re.compile(r"[^\W\d_]{4}[.!?…]['\"”’»]? [“„«‘\"'¿¡]?[^\W\d_a-z]")


class _Vocabulary:
    """The compiled tables of some languages."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.capitals = _label(CAPITALS, languages, flags=0)
        self.phrase = _label(PHRASE, languages, flags=re.IGNORECASE)
        self.headings = frozenset(_bare(word) for row in HEADING if row.language in languages for word in row.words)
        labels = [word for row in CAPITALS + PHRASE if row.language in languages for word in row.words]
        self.prefixes = frozenset(word.lower()[:_PREFIX] for word in labels)


def _label(rows: tuple[Pattern, ...], languages: tuple[str, ...], *, flags: int) -> re.Pattern[str]:
    words = sorted({word for row in rows if row.language in languages for word in row.words}, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, words)) or '(?!)'})(?={_SEPARATOR.pattern})", flags)


@lru_cache(maxsize=64)
def _vocabulary(languages: tuple[str, ...]) -> _Vocabulary:
    return _Vocabulary(languages)


def find_promo_links(draft: Draft, context: Context) -> list[Edit]:
    """Paragraphs that are a label, a colon and a headline: READ: Council delays vote."""
    words = _vocabulary(context.languages)
    edits = []
    for begin, paragraph in draft.located:
        if len(paragraph) > MAX_CHARACTERS + 40 or paragraph[:_PREFIX].lower() not in words.prefixes:
            continue
        rule = _promo_rule(paragraph, words)
        if rule is not None:
            edits.append(Edit(begin, begin + len(paragraph), rule[0], RemovalKind.PROMO_LINK, "", rule[1]))
    return edits


def _promo_rule(paragraph: str, words: _Vocabulary) -> tuple[str, str] | None:
    """Rule and evidence, when the paragraph is a label and what follows reads like a headline."""
    for rule, pattern in (("label_capitals", words.capitals), ("label_phrase", words.phrase)):
        match = pattern.match(paragraph)
        separator = _SEPARATOR.match(paragraph, match.end()) if match else None
        if match is None or separator is None:
            continue
        headline = paragraph[separator.end() :].strip()
        if is_headline(headline):
            return rule, f"whole paragraph; label {match.group()}; {len(headline.split())} words without a full stop"
    return None


def is_headline(text: str) -> bool:
    """True for a short text that begins like a headline and does not end like a sentence.

    >>> is_headline("Council delays vote"), is_headline("the council waits"), is_headline("It waits.")
    (True, False, False)
    """
    if not text or len(text) > MAX_CHARACTERS or len(text.split()) > MAX_WORDS or "\n" in text:
        return False
    if _SENTENCE_END.search(text, max(0, len(text) - 4)) or _TWO_SENTENCES.search(text):
        return False
    first = text.lstrip(_OPENING)[:1]
    return not first.islower() and first.isalnum()


def find_promo_headings(draft: Draft, context: Context) -> list[Edit]:
    """Paragraphs that are nothing but a heading over other articles: RELATED VIDEO."""
    words = _vocabulary(context.languages)
    return [
        Edit(begin, begin + len(text), "heading", RemovalKind.PROMO_HEADING, "", "whole paragraph")
        for begin, text in draft.located
        if len(text) <= 60 and _bare(text) in words.headings
    ]


def _bare(text: str) -> str:
    return text.strip(_FRAME).lower()
