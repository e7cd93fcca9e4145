"""Newsletter and social lines: whole lines in which the paper speaks to its readers."""

import re
from functools import lru_cache

from schemas.reasons import RemovalKind
from tasks.clean.forms import of_languages, wordings
from tasks.clean.lines import LINES_KEPT, holds_any, unframed
from tasks.clean.model import Context, Draft, Edit, apart
from tasks.clean.words.appeals import LINES, NEWSLETTER, SOCIAL, TRIGGER

MAX_CHARACTERS = 260


class _Vocabulary:
    """The compiled tables of some languages."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.lines = wordings(LINES, languages)
        self.patterns: list[tuple[RemovalKind, str, re.Pattern[str]]] = []
        for kind, rows in ((RemovalKind.NEWSLETTER, NEWSLETTER), (RemovalKind.SOCIAL, SOCIAL)):
            joined = "|".join(f"(?:{words})" for words in of_languages(rows, languages)) or "(?!)"
            self.patterns.append((kind, kind.value, re.compile(f"(?:{joined})[.!]?", re.IGNORECASE)))


@lru_cache(maxsize=64)
def _vocabulary(languages: tuple[str, ...]) -> _Vocabulary:
    return _Vocabulary(languages)


def find_appeals(draft: Draft, context: Context) -> list[Edit]:
    """Lines that are one appeal and nothing else."""
    words = _vocabulary(context.languages)
    edits = []
    for line in draft.lines:
        found = _appeal(line.text, line.bare, words)
        if found is not None:
            edits.append(Edit(line.begin, line.end, found[1], found[0], "", "whole line"))
    return apart(edits)


@lru_cache(maxsize=LINES_KEPT)
def _appeal(line: str, bare: str, words: _Vocabulary) -> tuple[RemovalKind, str] | None:
    """Kind and rule, when the line is an appeal."""
    if bare in words.lines:
        return RemovalKind.SOCIAL, "share_line"
    if len(line) > MAX_CHARACTERS or not holds_any(line.lower(), TRIGGER):
        return None
    begin, end = unframed(line)
    text = " ".join(line[begin : max(end, begin)].split())
    for kind, rule, pattern in words.patterns:
        if pattern.fullmatch(text):
            return kind, rule
    return None
