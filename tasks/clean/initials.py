"""Desk editors' initials at the very end of a text: they move to the column editor_initials."""

import re

from schemas.reasons import RemovalKind
from tasks.clean.model import Context, Draft, Edit
from tasks.clean.words.agencies import AGENCIES
from tasks.clean.words.initials import ABBREVIATIONS, DOTTED, KNOWN, LABELS, WORDS

_LETTER = r"[^\W\d_]"
_PART = rf"{_LETTER}{{2,4}}"
_GROUP = rf"{_PART}(?:\s?(?:/{{1,2}}|[,;&+-])\s?{_PART}){{0,4}}"
_DOTTED = rf"(?:{_LETTER}\.\s?){{1,3}}{_LETTER}\.?"
_LABEL = rf"(?:{'|'.join(LABELS)})"
_INITIALS = re.compile(
    r"(?:^|(?<=[\s.!?”\"»]))(?:"
    rf"[—–-]{{1,2}}\s?(?:(?i:with (?:a )?reports?,? (?:from|by)|with)\s)?(?P<dashed>{_GROUP}|{_DOTTED})[—–-]?"
    rf"|[/|*~•]{{1,2}}\s?(?P<slashed>{_GROUP}|{_DOTTED})\s?[/|*~•]{{0,2}}"
    rf"|[(\[{{<]\s?(?:(?i:{_LABEL})[.:]{{0,2}}\s)?(?P<bracketed>{_GROUP}|{_DOTTED})\s?[)\]}}>]\.?"
    rf"|(?i:{_LABEL})(?:[:.]|\.:|\sby:?)\s?[(\[]?(?P<labelled>{_GROUP}|{_DOTTED})[)\]]?"
    rf"|(?P<plain>{_GROUP}|{_DOTTED})/?"
    r")$"
)
"""TVJ/CDG, TVJ, CDG, —TVJ, /tvj/, //tvj, (tvj), [TVJ], (L.A.), T.V.J., tvj/cdg, (tvj / dpa), Editor: TVJ."""
_PARTS = re.compile(r"[^\W\d_]+")
_ROMAN = re.compile(r"[IVXLC]+$")
_SENTENCE_END = frozenset('.…”"»')
_LOUD_END = frozenset("!?")
_MARKED = frozenset({"dashed", "slashed", "bracketed", "labelled"})
"""Forms that are a signature by their marks, not by capitals alone."""
LONGEST = 60
MIN_WORDS = 5
"""Words that the last sentence must have at least: a caption or an address ends with capitals too."""


def find_initials(draft: Draft, _context: Context) -> list[Edit]:
    """Two to four letters as desks sign, or several such joined, after the end of the last sentence."""
    begin, paragraph = draft.spans[-1][0], draft.paragraphs[-1]
    match = _INITIALS.search(paragraph, max(0, len(paragraph) - LONGEST))
    if match is None or match.lastgroup is None:
        return []
    before = paragraph[: match.start()].rstrip()
    rule = "after_last_sentence"
    if not before and len(draft.paragraphs) > 1:
        rule, before = "own_paragraph", draft.paragraphs[-2]
    names = _desks(match[match.lastgroup], match.lastgroup, is_alone=rule == "own_paragraph")
    if not names or not _ends_sentence(before, is_marked=match.lastgroup in _MARKED):
        return []
    evidence = "after the last sentence; moved to editor_initials"
    moved = (("editor_initials", "/".join(names)),)
    start = match.start()
    if paragraph[start - 1 : start] == "\n":
        start -= 1
    return [Edit(begin + start, begin + match.end(), rule, RemovalKind.EDITOR_INITIALS, "", evidence, moved)]


def _desks(text: str, form: str, *, is_alone: bool) -> list[str]:
    """The initials, without an agency that stands among them; none when something of it is no desk's."""
    if "." in text:
        joined = "".join(_PARTS.findall(text))
        is_known = joined.upper() in (DOTTED if form in _MARKED else KNOWN)
        is_known = is_known or (form == "plain" and not joined.isupper())
        return [] if is_known or joined.lower() in WORDS else [text.strip()]
    parts = _PARTS.findall(text)
    desks = [part for part in parts if part not in AGENCIES]
    if not desks or any(part in KNOWN or part.lower() in WORDS for part in desks):
        return []
    if "/" not in text and len(parts) > 1 and not all(part.isupper() for part in parts):
        return []  # (on-site), (left, top): words
    return desks if form in _MARKED or _is_plain_signature(text, parts, is_alone=is_alone) else []


def _is_plain_signature(text: str, parts: list[str], *, is_alone: bool) -> bool:
    """Whether letters without any mark around them are a signature.

    Several in capitals; several with a slash; one of three capitals that is no numeral; a paragraph of its own.
    """
    if len(parts) > 1:
        return "/" in text or all(part.isupper() for part in parts)
    if text.isupper():
        return len(text) > 2 and not _ROMAN.match(text)
    return is_alone and text.islower()


def _ends_sentence(text: str, *, is_marked: bool) -> bool:
    """True when the text ends like a sentence of some length, and not with an abbreviation's full stop."""
    if not text or len(text.split()) < MIN_WORDS:
        return False
    if text[-1] not in _SENTENCE_END:
        return is_marked and text[-1] in _LOUD_END
    last = text.rstrip('.…”"»’)').rsplit(None, 1)[-1]
    if last.isdigit():
        return True
    if is_marked and last.lower() in ("a.m", "p.m"):
        return True
    return len(last) > 2 and last.lower().strip("“\"'(") not in ABBREVIATIONS and "." not in last
