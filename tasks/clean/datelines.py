"""Agency tags and datelines at the begin or end of a text: they move to the columns agency and dateline."""

import re

from schemas.reasons import RemovalKind
from tasks.clean.model import Context, Draft, Edit
from tasks.clean.words.agencies import AGENCIES, ALONE, FULL_NAMES, PARTICLES, REGIONS

_NAME = "|".join(map(re.escape, sorted(AGENCIES, key=len, reverse=True)))
_AGENCY = rf"(?P<agency>(?:{_NAME})(?:/(?:{_NAME})){{0,2}})"
_DASH = r"\s{0,2}\.?\s{0,2}(?:—|–|―|--|-)\s{1,2}"
_OPENING = "“„«‘\"'¿¡("
_SIGNED = re.compile(rf"(?P<place>[^()\n—–]{{0,70}})[(\[]{_AGENCY}[)\]]{_DASH}")
_SIGNED_FIRST = re.compile(rf"\({_AGENCY}\){_DASH}(?P<place>[^()\n—–]{{3,40}}?)\s-\s")
_DATED_CAPITALS = re.compile(r"[^\W\d_]{3,}(?:[ '’][^\W\d_]{2,}){0,3}, \d{1,2} [^\W\d_]{3,9}\.?")
_PLACE = re.compile(r"(?P<city>[A-Z][A-Z .'’-]{2,30})(?:, (?P<region>[A-Z][A-Za-z. ]{1,24}))?\s(?:—|–|--|-)\s")
_CLOSING = re.compile(rf"(?:[(\[]{_AGENCY}[)\]]|(?:—|–|--)\s?{_AGENCY.replace('agency', 'dashed')})\.?$")
_SENTENCE_END = frozenset('.!?…”"»')
MAX_OPENING = 110
"""Characters at the begin of a paragraph in which an agency's tag is looked for."""
MAX_PLACE_WORDS = 8
SIGNED_PARAGRAPHS = 3
"""A signed line is looked for in so many first paragraphs, because a standfirst may come before it."""


def find_datelines(draft: Draft, _context: Context) -> list[Edit]:
    """The dateline and the agency's tag at the begin, and the agency's tag at the end."""
    edits: list[Edit] = []
    for begin, paragraph in draft.located[:SIGNED_PARAGRAPHS]:
        edits = _signed_first(begin, paragraph) or _signed(begin, paragraph)
        if edits:
            break
    edits = edits or _place_alone(draft.paragraphs[0])
    closing = _closing(draft.spans[-1][0], draft.paragraphs[-1])
    if closing is not None and (not edits or edits[-1].end <= closing.start):
        edits = [*edits, closing]
    return edits


def _signed(begin: int, paragraph: str) -> list[Edit]:
    """LONDON, March 3 (Reuters) - Text."""
    match = (
        _SIGNED.match(paragraph, 0, MAX_OPENING)
        if "(" in paragraph[:MAX_OPENING] or "[" in paragraph[:MAX_OPENING]
        else None
    )
    if match is None or not _begins_sentence(paragraph, match.end()):
        return []
    place = match["place"].strip(" ,-–—")
    if place and not _is_place(place):
        return []
    cut = begin + len(match["place"])
    edits = [_dateline(begin, cut, "signed", place)] if place else []
    return [*edits, _agency(cut, begin + match.end(), "signed", match["agency"])]


def _signed_first(begin: int, paragraph: str) -> list[Edit]:
    """(ANSA) - ROMA, 03 MAR - Text."""
    match = _SIGNED_FIRST.match(paragraph) if paragraph.startswith("(") else None
    if match is None or not _DATED_CAPITALS.fullmatch(match["place"]) or not match["place"].isupper():
        return []
    cut = begin + match.start("place")
    return [
        _agency(begin, cut, "signed_first", match["agency"]),
        _dateline(cut, begin + match.end(), "signed_first", match["place"]),
    ]


def _place_alone(paragraph: str) -> list[Edit]:
    """MANILA, Philippines — Text: only places that are known to stand so."""
    match = _PLACE.match(paragraph)
    if match is None or not _begins_sentence(paragraph, match.end()):
        return []
    region = match["region"]
    known = region in REGIONS if region else match["city"] in ALONE
    place = f"{match['city']}, {region}" if region else match["city"]
    return [_dateline(0, match.end(), "place", place)] if known else []


def _closing(begin: int, paragraph: str) -> Edit | None:
    """A tag after the last sentence: ... on Tuesday. (AFP)."""
    match = _CLOSING.search(paragraph, max(0, len(paragraph) - 40))
    if match is None:
        return None
    before = paragraph[: match.start()].rstrip()[-1:]
    if before not in _SENTENCE_END or not before:
        return None
    return _agency(begin + match.start(), begin + match.end(), "closing", match["agency"] or match["dashed"])


def _is_place(text: str) -> bool:
    """True for capitalised words, with dates and small particles, that hold no name of an organisation."""
    words = text.replace("/", " ").split()
    if len(words) > MAX_PLACE_WORDS or not words[0][:1].isupper() or any(name in text.lower() for name in FULL_NAMES):
        return False
    return all(word[:1].isupper() or word[:1].isdigit() or word in PARTICLES or _is_month(word) for word in words[1:])


_MONTHS = frozenset(
    {
        "ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "sept", "oct", "nov", "dic", "enero",
        "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
        "novembre", "décembre", "janv", "févr", "déc", "gen", "gennaio", "febbraio", "aprile", "maggio", "giugno",
        "luglio", "settembre", "ottobre", "dicembre", "jan", "fev", "janeiro", "fevereiro", "março", "maio", "junho",
        "julho", "setembro", "outubro", "novembro", "dezembro", "januari", "februari", "maart", "mei", "juni", "juli",
        "augustus", "oktober", "december",
    }
)  # fmt: skip


def _is_month(word: str) -> bool:
    return word.strip(".,").lower() in _MONTHS


def _begins_sentence(paragraph: str, at: int) -> bool:
    first = paragraph[at : at + 1]
    return bool(first) and (first in _OPENING or first.isdigit() or (first.isalpha() and not first.islower()))


def _dateline(start: int, end: int, rule: str, value: str) -> Edit:
    return Edit(start, end, rule, RemovalKind.DATELINE, "", "moved to dateline", (("dateline", value),))


def _agency(start: int, end: int, rule: str, value: str) -> Edit:
    return Edit(start, end, rule, RemovalKind.AGENCY, "", "moved to agency", (("agency", value),))
