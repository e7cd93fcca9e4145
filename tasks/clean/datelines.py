"""Agency tags and datelines at the begin or end of a text: they move to the columns agency and dateline."""

import re

from schemas.reasons import RemovalKind
from tasks.clean.model import Context, Draft, Edit
from tasks.clean.words.agencies import AGENCIES, ALONE, FULL_NAMES, PARTICLES, REGIONS

_NAME = "|".join(map(re.escape, sorted(AGENCIES, key=len, reverse=True)))
_AGENCY = rf"(?P<agency>(?:{_NAME})(?:\s?[/,;-]\s?(?:{_NAME})){{0,3}})"
_DASH = r"\s{0,2}\.?\s{0,2}(?:(?:--|-)\s{1,2}|[—–―]\s{0,2})"
_OPENING = "“„«‘\"'¿¡("
_SIGNED = re.compile(rf"(?P<place>[^()\n—–]{{0,70}})[(\[]{_AGENCY}[)\]]{_DASH}")
_SIGNED_FIRST = re.compile(rf"\({_AGENCY}\){_DASH}(?P<place>[^()\n—–]{{3,40}}?)\s-\s")
_DATED_CAPITALS = re.compile(r"[^\W\d_]{3,}(?:[ '’][^\W\d_]{2,}){0,3}, \d{1,2} [^\W\d_]{3,9}\.?")
_SIGNED_BARE = re.compile(rf"(?P<place>[^()\n—–/,]{{3,40}}?)\s?[,/]\s?{_AGENCY}{_DASH}")
"""PARIS/AFP - Text; Paris, AFP - Text."""
_SIGNED_CAPITALS = re.compile(rf"(?P<place>[^()\n—–]{{3,40}}?)\s?[.,]?\s?\({_AGENCY}\)\s?[.:]?\s(?=[^\W\d_])")
"""STOCKHOLM (TT) Text, without a dash: in capitals only."""
_OUTLET = (
    r"(?P<agency>[^\W_]{2,20}(?:\.[^\W_]{2,15}){0,2}\.(?:com|co|net|org|tv|id|news|info|it|de|pl|se|nl|br|pt|es|fr))"
)
_OUTLET_FIRST = re.compile(rf"{_OUTLET},?\s(?P<place>[^\W\d_a-z][\w .'’]{{2,30}}?){_DASH}", re.IGNORECASE)
"""KOMPAS.com, JAKARTA - Text; as Indonesian desks sign."""
_OUTLET_LAST = re.compile(rf"(?P<place>[^\W\d_a-z][\w .'’]{{2,30}}?),?\s{_OUTLET}{_DASH}", re.IGNORECASE)
"""JAKARTA, KOMPAS.com - Text."""
_PLACE = re.compile(
    r"(?P<city>[^\W\d_][^\d_\n,:;!?()—–]{2,30}?)(?:, (?P<region>[A-Z][A-Za-z. ]{1,24}))?\s(?:—|–|--|-)\s"
)
_SOURCE = (
    "source|sources|quelle|quellen|fuente|fuentes|fonte|bron|källa|kilde|lähde|źródło|zdroj|sursa|forrás|kaynak|sumber"
    "|источник|джерело"
)
_CLOSING = re.compile(
    rf"(?:[(\[]{_AGENCY}[)\]]|(?:—|–|--)\s?{_AGENCY.replace('agency', 'dashed')}"
    rf"|/\s?{_AGENCY.replace('agency', 'slashed')}/?"
    rf"|(?:^|\s)[(\[]?(?i:{_SOURCE}): ?{_AGENCY.replace('agency', 'source')}[)\]]?)\.?$"
)
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
        edits = _signed_first(begin, paragraph) or _signed(begin, paragraph) or _signed_otherwise(begin, paragraph)
        if edits:
            break
    edits = edits or _place_alone(draft.paragraphs[0])
    closing = _closing(draft)
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


def _signed_otherwise(begin: int, paragraph: str) -> list[Edit]:
    """PARIS/AFP - Text; STOCKHOLM (TT) Text; JAKARTA, KOMPAS.com - Text."""
    head = paragraph[:MAX_OPENING]
    for form in (_SIGNED_BARE, _SIGNED_CAPITALS, _OUTLET_FIRST, _OUTLET_LAST):
        match = form.match(head)
        if match is None or not _begins_sentence(paragraph, match.end()):
            continue
        place = match["place"].strip(" ,.-–—")
        if not place or not _is_place(place) or (form is _SIGNED_CAPITALS and not place.isupper()):
            continue
        return (
            [
                _dateline(begin, begin + match.start("agency"), "signed", place),
                _agency(begin + match.start("agency"), begin + match.end(), "signed", match["agency"]),
            ]
            if match.start("place") == 0
            else [
                _agency(begin, begin + match.start("place"), "signed", match["agency"]),
                _dateline(begin + match.start("place"), begin + match.end(), "signed", place),
            ]
        )
    return []


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
    known = match["city"].isupper() and (region in REGIONS if region else match["city"] in ALONE)
    place = f"{match['city']}, {region}" if region else match["city"]
    return [_dateline(0, match.end(), "place", place)] if known else []


def _closing(draft: Draft) -> Edit | None:
    """A tag after the last sentence, in its paragraph or in one of its own: ... on Tuesday. (AFP)."""
    begin, paragraph = draft.located[-1]
    match = _CLOSING.search(paragraph, max(0, len(paragraph) - 40))
    if match is None:
        return None
    before = paragraph[: match.start()].rstrip()[-1:]
    if not before and len(draft.paragraphs) > 1:
        before = draft.paragraphs[-2][-1:]
    if before not in _SENTENCE_END or not before:
        return None
    names = (match["agency"], match["dashed"], match["slashed"], match["source"])
    return _agency(begin + match.start(), begin + match.end(), "closing", next(name for name in names if name))


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
