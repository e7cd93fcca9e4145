"""Lines and headings that lead to other articles: whole lines, and lines in capitals that are glued to a sentence."""

import re
from collections.abc import Iterator
from functools import lru_cache

from schemas.reasons import RemovalKind
from tasks.clean.forms import wordings
from tasks.clean.lines import LINES_KEPT, bare, holds_any, unframed
from tasks.clean.model import Context, Draft, Edit, apart
from tasks.clean.words.headings import HEADING
from tasks.clean.words.promos import CAPITALS, PHRASE

MAX_WORDS = 20
MAX_CHARACTERS = 170
"""A headline is not longer than this, in any of our languages."""
MAX_LABEL = 70
MIN_SPLIT_WORDS = 3
"""Words of a headline that stands in the paragraph after its label."""
_SEPARATOR = re.compile(r"\s{0,2}(?:[:：»›|▶►→]|>{1,3})\s{0,3}|\s[-–—]\s")
_LABEL = re.compile(r"[^:：»›|▶►→>\n]{2,70}?(?=\s{0,2}(?:[:：»›|▶►→]|>)|\s[-–—]\s)")
_MARK = re.compile(r"[:：»›|▶►→>]| [-–—] ")
"""What stands behind a label."""
_LABEL_ALONE = re.compile(r"\s?[:：]$")
_OPENING = "“„«‘\"'¿¡ "
_FULL_STOP = re.compile(r"[.…。]['\"”’»)\]]{0,2}$")
_TWO_SENTENCES = re.compile(r"[^\W\d_]{4}[.!?…]['\"”’»]? [“„«‘\"'¿¡]?[^\W\d_a-z]")
_GLUED = re.compile(r"[.!?…”\"’»)] ?(?=[^\W\d_a-z][\w'’]{2,}[^.!?:|>\n]{0,40}?\s?[:|>])")
"""The end of a sentence before what may be a label."""


class _Vocabulary:
    """The expanded tables of some languages."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.phrases = wordings(PHRASE, languages)
        self.capitals = wordings(CAPITALS, languages)
        self.headings = wordings(HEADING, languages) | self.phrases


@lru_cache(maxsize=64)
def _vocabulary(languages: tuple[str, ...]) -> _Vocabulary:
    return _Vocabulary(languages)


def find_promo_links(draft: Draft, context: Context) -> list[Edit]:
    """Lines that are a label, a separator and a headline: READ: Council delays vote."""
    words = _vocabulary(context.languages)
    edits = []
    for line in draft.lines:
        rule = _promo_rule(line.text, words)
        if rule is not None:
            edits.append(_cut(line.begin, line.end, *rule))
    return apart([*edits, *_over_two_paragraphs(draft, words), *_glued(draft, words)])


def _cut(begin: int, end: int, rule: str, evidence: str) -> Edit:
    return Edit(begin, end, rule, RemovalKind.PROMO_LINK, "", evidence)


@lru_cache(maxsize=LINES_KEPT)
def _promo_rule(line: str, words: _Vocabulary) -> tuple[str, str] | None:
    """Rule and evidence, when the line is a label and what follows reads like a headline."""
    if len(line) > MAX_LABEL + MAX_CHARACTERS:
        return None
    if not _MARK.search(line, 0, MAX_LABEL + 12):
        return None
    begin, end = unframed(line)
    label = _LABEL.match(line, begin, min(end, begin + MAX_LABEL + 4))
    if label is None:
        return None
    rule = _label_rule(label.group(), words)
    separator = _SEPARATOR.match(line, label.end()) if rule else None
    if rule is None or separator is None:
        return None
    headline = line[separator.end() : max(end, separator.end())].strip()
    if line.startswith("[") and line.endswith("]") and "]" not in line[:-1]:
        return rule, f"whole line in square brackets; label {label.group().strip()}"
    # A full stop is frame, so it is asked of the line.
    if _FULL_STOP.search(line.rstrip(" )]»›>→")) or not is_headline(headline):
        return None
    return rule, f"whole line; label {label.group().strip()}; {len(headline.split())} words without a full stop"


def _label_rule(label: str, words: _Vocabulary) -> str | None:
    """The rule by which it is a label: an ordinary word counts in capitals only."""
    written = bare(label)
    if label.isupper():
        return "label_capitals" if written in words.capitals or written in words.phrases else None
    return "label_phrase" if written in words.phrases else None


def _over_two_paragraphs(draft: Draft, words: _Vocabulary) -> Iterator[Edit]:
    """A label that stands alone with its colon, and the headline in the paragraph after it."""
    for line in draft.lines:
        begin, end = draft.spans[line.index]
        if (
            not line.text.endswith((":", "："))
            or line.end - line.begin != end - begin
            or not _LABEL_ALONE.search(line.text)
        ):
            continue
        rule = _label_rule(line.text.strip("[(•> ").rstrip(": "), words)
        if rule is None:
            continue
        following = draft.paragraphs[line.index + 1] if line.index + 1 < len(draft.paragraphs) else ""
        yield _cut(begin, end, rule, "whole paragraph; a label alone")
        if len(following.split()) >= MIN_SPLIT_WORDS and is_headline(following):
            yield _cut(*draft.spans[line.index + 1], rule, "whole paragraph; a headline after a label alone")


def _glued(draft: Draft, words: _Vocabulary) -> Iterator[Edit]:
    """A label and a headline after the last sentence of a paragraph; with a space between them in capitals only."""
    for begin, paragraph in draft.located:
        floor = max(0, len(paragraph) - MAX_CHARACTERS - MAX_LABEL)
        if not holds_any(paragraph[floor:], ":|>"):
            continue
        for match in _GLUED.finditer(paragraph, floor):
            rest = paragraph[match.end() :]
            rule = _promo_rule(rest, words)
            if rule is not None and (not match.group().endswith(" ") or rule[0] == "label_capitals"):
                yield _cut(begin + match.end(), begin + len(paragraph), rule[0], f"after a sentence; {rule[1]}")
                break


def is_headline(text: str) -> bool:
    """True for a short text that begins like a headline and does not end like a sentence.

    >>> is_headline("Council delays vote"), is_headline("the council waits"), is_headline("It waits.")
    (True, False, False)
    """
    if not text or len(text) > MAX_CHARACTERS or len(text.split()) > MAX_WORDS:
        return False
    if _FULL_STOP.search(text, max(0, len(text) - 4)) or _TWO_SENTENCES.search(text):
        return False
    first = text.lstrip(_OPENING)[:1]
    return not first.islower() and first.isalnum()


def find_promo_headings(draft: Draft, context: Context) -> list[Edit]:
    """Lines that are nothing but a heading over other articles: RELATED VIDEO."""
    words = _vocabulary(context.languages)
    return apart(
        Edit(line.begin, line.end, "heading", RemovalKind.PROMO_HEADING, "", "whole line")
        for line in draft.lines
        if line.bare in words.headings and not line.text.endswith(".")
    )
