"""Credits of pictures, and captions that the agencies' own form gives away: lines that hold names and nothing else."""

import re
from functools import lru_cache

from schemas.reasons import RemovalKind
from tasks.clean.forms import wordings
from tasks.clean.lines import LINES_KEPT, bare, unframed
from tasks.clean.model import Context, Draft, Edit, apart
from tasks.clean.words.credits import CREDIT, PARTICLES, PHOTO_AGENCIES

MAX_CREDIT = 110
"""Characters of a credit with its label."""
MAX_WORDS = 10
_AGENCY = "|".join(map(re.escape, PHOTO_AGENCIES))
_LABEL = re.compile(
    r"(?P<label>[^\W\d_][^:：/©]{1,24}?)(?P<separator>\s{0,2}[:：]\s{0,2}|\.\s|\s)(?=[^\W\d_a-z]|©|@|dpa|picture)"
)
_AGENCY_PHOTO = re.compile(
    rf"(?:(?:{_AGENCY})\s?(?:Photo|/)|(?:©|\(c\)|Copyright)\s|[A-Z]{{3,}}(?: [A-Z]{{3,}}){{0,2}} (?:FILE )?PHOTOS?$)"
)
_CAPTION = re.compile(
    rf"(?:FILE PHOTO|FILE|File photo|ARCHIVE PHOTO)\s{{0,2}}[:–—-]\s?.{{10,600}}?[.\])]?"
    rf"\s?[(\[]?(?:REUTERS/|AP Photo/|(?:{_AGENCY})/)[^.\n]{{2,60}}[)\]]?\.?$"
)
_CLOSING = re.compile(
    rf"\s?[(\[](?:(?:Photos?|Images?|Pictures?|Foto|Fotos|Bild) (?:by|credit:?|de|di|von|:)"
    rf"|(?:Photo|Foto|Bild|Image|Photo credit|Crédit|Crédito)\s?:"
    rf"|(?:{_AGENCY}) Photo/|©)[^()\[\]\n]{{2,80}}[)\]]\.?$"
)
_SENTENCE_END = frozenset('.!?…”"»')


@lru_cache(maxsize=64)
def _labels(languages: tuple[str, ...]) -> frozenset[str]:
    return wordings(CREDIT, languages)


def find_credits(draft: Draft, context: Context) -> list[Edit]:
    """Whole lines that sign a picture, agency captions, and a signature in brackets after a sentence."""
    labels = _labels(context.languages)
    edits = []
    for line in draft.lines:
        rule = _line_rule(line.text, labels) if len(line.text) <= MAX_CREDIT else None
        if rule is not None:
            edits.append(Edit(line.begin, line.end, rule, RemovalKind.CREDIT, "", "whole line; names only"))
    for begin, paragraph in draft.located:
        edits += _in_paragraph(begin, paragraph)
    return apart(edits)


def _in_paragraph(begin: int, paragraph: str) -> list[Edit]:
    if paragraph[:4] in ("FILE", "File", "ARCH") and _CAPTION.match(paragraph):
        evidence = "an agency's caption: FILE PHOTO ... agency/name"
        return [Edit(begin, begin + len(paragraph), "caption", RemovalKind.CAPTION, "", evidence)]
    if not paragraph.endswith((")", "]", ").", "].")):
        return []
    match = _CLOSING.search(paragraph, max(0, len(paragraph) - 100))
    if match is None or match.start() == 0 or paragraph[: match.start()].rstrip()[-1:] not in _SENTENCE_END:
        return []
    evidence = "in brackets after a sentence"
    return [Edit(begin + match.start(), begin + match.end(), "closing_credit", RemovalKind.CREDIT, "", evidence)]


@lru_cache(maxsize=LINES_KEPT)
def _line_rule(line: str, labels: frozenset[str]) -> str | None:
    """The rule by which the line is a credit and nothing else."""
    begin, end = unframed(line)
    text = line[begin:end]
    if _AGENCY_PHOTO.match(text):
        agency = "copyright" if text[0] in "©(C" else "agency_photo"
        return agency if _are_names(text) and not line.endswith(".") else None
    label = _LABEL.match(text)
    if label is None or bare(label["label"]) not in labels:
        return None
    names = text[label.end() :]
    if label["separator"].isspace() and not _is_signed(label["label"], names):
        return None
    return "label" if names and _are_names(names) and not line.endswith(".") else None


def _is_signed(label: str, names: str) -> bool:
    """Without a colon: the label ends in a word like by, or the names end with an agency."""
    return " " in label or bool(re.search(rf"(?:{_AGENCY})$", names))


def _are_names(text: str) -> bool:
    """True for a few words that begin with a capital, a digit or a sign, and small particles of names."""
    words = re.split(r"[\s/|,&]+", text.strip("()[] "))
    if len(words) > MAX_WORDS:
        return False
    return all(not word or not word[0].islower() or word in PARTICLES or "." in word for word in words)
