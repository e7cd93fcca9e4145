"""Desk editors' initials at the very end of a text: they move to the column editor_initials."""

import re

from schemas.reasons import RemovalKind
from tasks.clean.model import Context, Draft, Edit
from tasks.clean.words.initials import ABBREVIATIONS, KNOWN

_INITIALS = re.compile(r"(?:^|(?<=\s))[/–—-]{0,2}\s?(?P<names>[A-Z]{2,4}(?:/[A-Z]{2,4}){0,4})$")
_ROMAN = re.compile(r"[IVXLC]+$")
_SENTENCE_END = frozenset('.…”"»')
MIN_WORDS = 5
"""Words that the last sentence must have at least: a caption or an address ends with capitals too."""


def find_initials(draft: Draft, _context: Context) -> list[Edit]:
    """Two to four capitals, or several such joined by slashes, after the end of the last sentence."""
    begin, paragraph = draft.spans[-1][0], draft.paragraphs[-1]
    match = _INITIALS.search(paragraph, max(0, len(paragraph) - 30))
    if match is None or not _are_initials(match["names"]):
        return []
    before = paragraph[: match.start()].rstrip()
    rule = "after_last_sentence"
    if not before and len(draft.paragraphs) > 1 and "/" in match["names"]:
        rule, before = "own_paragraph", draft.paragraphs[-2]
    if not _ends_sentence(before):
        return []
    evidence = "after the last sentence; moved to editor_initials"
    moved = (("editor_initials", match["names"]),)
    return [Edit(begin + match.start(), begin + match.end(), rule, RemovalKind.EDITOR_INITIALS, "", evidence, moved)]


def _are_initials(names: str) -> bool:
    """True when no part is a known abbreviation; a single one is no Roman numeral and has three or more letters."""
    parts = names.split("/")
    if any(part in KNOWN for part in parts):
        return False
    return len(parts) > 1 or (len(names) > 2 and not _ROMAN.match(names))


def _ends_sentence(text: str) -> bool:
    """True when the text ends like a sentence of some length, and not with an abbreviation's full stop."""
    if text[-1:] not in _SENTENCE_END or not text or len(text.split()) < MIN_WORDS:
        return False
    last = text.rstrip('.…”"»’)').rsplit(None, 1)[-1]
    if last.isdigit():
        return True
    return len(last) > 2 and last.lower().strip("“\"'(") not in ABBREVIATIONS and "." not in last
