"""Desk editors' initials at the very end of a text: they move to the column editor_initials."""

import re

from schemas.reasons import RemovalKind
from tasks.clean.model import Context, Draft, Edit
from tasks.clean.words.initials import ABBREVIATIONS, KNOWN, WORDS

_CAPS = r"[A-Z]{2,4}(?:/[A-Z]{2,4}){0,4}"
_INITIALS = re.compile(
    r"(?:^|(?<=[\s.”\"»]))(?:"
    rf"(?P<plain>{_CAPS}(?:, [A-Z]{{2,4}}){{0,3}})"
    rf"|[—–-]{{1,2}}\s?(?:(?:with|With|WITH) (?:a )?(?:report|REPORT)s?,? (?:from|by|FROM|BY) )?"
    rf"(?P<dashed>{_CAPS})[—–-]?"
    r"|/(?P<slashed>[A-Za-z]{2,4}(?:/[A-Za-z]{2,4}){0,3})"
    r"|[(\[](?P<bracketed>[A-Za-z]{2,4}(?:/[A-Za-z]{2,4}){0,3}|(?:[A-Z]\.){2,3})[)\]]"
    r"|(?P<pair>[a-z]{2,4}/[A-Za-z]{2,4}(?:/[A-Za-z]{2,4}){0,2})"
    r")$"
)
"""TVJ/CDG, TVJ, CDG, —TVJ, /tvj, (tvj), [TVJ], (L.A.), tvj/cdg."""
_ROMAN = re.compile(r"[IVXLC]+$")
_SENTENCE_END = frozenset('.…”"»')
MIN_WORDS = 5
"""Words that the last sentence must have at least: a caption or an address ends with capitals too."""


def find_initials(draft: Draft, _context: Context) -> list[Edit]:
    """Two to four letters as desks sign, or several such joined by slashes, after the end of the last sentence."""
    begin, paragraph = draft.spans[-1][0], draft.paragraphs[-1]
    match = _INITIALS.search(paragraph, max(0, len(paragraph) - 40))
    if match is None or match.lastgroup is None:
        return []
    names = match[match.lastgroup].replace(", ", "/")
    if not _are_initials(names, is_plain=match.lastgroup == "plain"):
        return []
    before = paragraph[: match.start()].rstrip()
    rule = "after_last_sentence"
    if not before and len(draft.paragraphs) > 1:
        rule, before = "own_paragraph", draft.paragraphs[-2]
    if not _ends_sentence(before):
        return []
    evidence = "after the last sentence; moved to editor_initials"
    moved = (("editor_initials", names),)
    start = match.start()
    if paragraph[start - 1 : start] == "\n":
        start -= 1
    return [Edit(begin + start, begin + match.end(), rule, RemovalKind.EDITOR_INITIALS, "", evidence, moved)]


def _are_initials(names: str, *, is_plain: bool) -> bool:
    """True when no part is a known abbreviation; a single one in capitals alone is three letters and no numeral."""
    parts = names.split("/")
    if any(part in KNOWN or part.lower() in WORDS for part in parts):
        return False
    return len(parts) > 1 or not is_plain or (len(names) > 2 and not _ROMAN.match(names))


def _ends_sentence(text: str) -> bool:
    """True when the text ends like a sentence of some length, and not with an abbreviation's full stop."""
    if text[-1:] not in _SENTENCE_END or not text or len(text.split()) < MIN_WORDS:
        return False
    last = text.rstrip('.…”"»’)').rsplit(None, 1)[-1]
    if last.isdigit():
        return True
    return len(last) > 2 and last.lower().strip("“\"'(") not in ABBREVIATIONS and "." not in last
