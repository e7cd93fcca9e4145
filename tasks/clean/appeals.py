"""Newsletter and social lines: whole paragraphs in which the paper speaks to its readers."""

import re
from functools import lru_cache

from schemas.reasons import RemovalKind
from tasks.clean.model import Context, Draft, Edit
from tasks.clean.words.appeals import NEWSLETTER, OPENINGS, SOCIAL

MAX_CHARACTERS = 260
_PREFIX = 4
_FRAME = " \t\n[](){}*_~-–—•·|»›→▶►👉"


class _Vocabulary:
    """The compiled tables of some languages."""

    def __init__(self, languages: tuple[str, ...]) -> None:
        self.openings = frozenset[str]().union(*(OPENINGS.get(language, ()) for language in languages))
        self.patterns: list[tuple[RemovalKind, str, re.Pattern[str]]] = []
        for kind, rows in ((RemovalKind.NEWSLETTER, NEWSLETTER), (RemovalKind.SOCIAL, SOCIAL)):
            for row in rows:
                if row.language in languages:
                    joined = "|".join(f"(?:{word})" for word in row.words)
                    self.patterns.append((kind, row.rule, re.compile(f"(?:{joined})[.!]?", re.IGNORECASE)))


@lru_cache(maxsize=64)
def _vocabulary(languages: tuple[str, ...]) -> _Vocabulary:
    return _Vocabulary(languages)


def find_appeals(draft: Draft, context: Context) -> list[Edit]:
    """Paragraphs that are one appeal and nothing else."""
    words = _vocabulary(context.languages)
    edits = []
    for begin, paragraph in draft.located:
        if len(paragraph) > MAX_CHARACTERS:
            continue
        bare = paragraph.strip(_FRAME)
        if bare[:_PREFIX].lower() not in words.openings:
            continue
        for kind, rule, pattern in words.patterns:
            if pattern.fullmatch(bare):
                edits.append(Edit(begin, begin + len(paragraph), rule, kind, "", "whole paragraph"))
                break
    return edits
