"""Notices on an article at its begin or end: paragraphs that tell where it came from, who wrote it and whose it is."""

import re
from functools import lru_cache

from schemas.reasons import RemovalKind
from tasks.clean.lines import LINES_KEPT, holds_any
from tasks.clean.model import Context, Draft, Edit
from tasks.clean.words.notices import NOTICES, TRIGGER, WEAK

HEAD, TAIL = 2, 5
"""Paragraphs at the begin and end in which notices stand."""
MIN_LEFT = 3
"""A text of fewer paragraphs than this that are no notices is left alone."""
MAX_CHARACTERS = 500
_NAME = r"(?:[A-Z][\w.'’-]{0,30} ){1,3}[A-Z][\w'’-]{1,30}"
_ONE = r"(?:[A-Z][\w.'’-]{0,30} ){0,6}[A-Z][\w'’-]{1,30}"
_FORMS = {
    "{name}": _NAME,
    "{names}": rf"{_ONE}(?:(?:, | and |, and |; ){_ONE}){{0,6}}",
    "{place}": r"(?-i:[A-Z])[\w.'’ -]{2,60}(?:, (?-i:[A-Z])[\w.'’ -]{2,40})?",
    "{mail}": r"[\w.+-]{1,60}@[\w-]{1,60}\.[\w.-]{1,40}\w",
    "{handle}": r"@\w{2,30}",
}
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]? +(?=[\"“(—–-]?[A-Z©@])")
_FRAME = " \t[](){}*_~-–—―•·|>»“”\"'"
_PREFIX = re.compile(r"(?:editor|author|publisher)(?:['’]s|s['’]?)? note ?(?:\([^)]{0,40}\) ?)?[:—–-] ?", re.IGNORECASE)
_DESK = re.compile(
    r"(?:,[^.]{0,60},)? (?:(?:covers|writes|reports|has (?:covered|written|been (?:covering|writing|reporting)))\b"
    r"|(?:is|was) (?:an?|the|our)\b[^.]{0,80}?\b(?:reporter|writer|editor|columnist|correspondent|journalist"
    r"|contributor|critic|producer|freelancer|analyst|podcaster)\b)"
)
"""What a paper says of its own people behind their name. Matches: Ana Ruiz covers the sea. Not: Ana Ruiz keeps hens."""


@lru_cache(maxsize=64)
def _patterns(languages: tuple[str, ...]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    made: dict[str, list[str]] = {}
    for row in NOTICES:
        if not row.language or row.language in languages:
            made.setdefault(row.rule, []).extend(map(_filled, row.words))
    return tuple(
        (rule, re.compile("|".join(f"(?:{one})" for one in words), re.IGNORECASE)) for rule, words in made.items()
    )


def _filled(template: str) -> str:
    """The template with its forms; in names letter case counts."""
    text = template.replace("{{", "{").replace("}}", "}")
    for name, form in _FORMS.items():
        text = text.replace(name, f"(?-i:{form})" if name in ("{name}", "{names}") else f"(?:{form})")
    return text


_WEAK = re.compile("|".join(f"(?:{words})" for words in WEAK), re.IGNORECASE)


def find_notices(draft: Draft, context: Context) -> list[Edit]:
    """Whole paragraphs at the edges of the text of which each sentence is a notice, or is one of a notice's company."""
    paragraphs = draft.paragraphs
    count = len(paragraphs)
    if count <= MIN_LEFT:
        return []
    edges = sorted({*range(min(HEAD, count)), *range(max(0, count - TAIL), count)})
    found = []
    for index in edges:
        rule = _rule(paragraphs[index], context.languages) or _about_author(draft, index, context)
        if rule is not None:
            found.append((index, rule))
    if count - len(found) < MIN_LEFT:
        return []
    why = "whole paragraph at the edge"
    spans = ((*draft.spans[index], rule) for index, rule in found)
    return [Edit(begin, end, rule, RemovalKind.NOTICE, "", why) for begin, end, rule in spans]


@lru_cache(maxsize=LINES_KEPT)
def _rule(paragraph: str, languages: tuple[str, ...]) -> str | None:
    """The rule of the first sentence that is a notice, when all sentences are such or go with them."""
    if len(paragraph) > MAX_CHARACTERS or not holds_any(paragraph.lower(), TRIGGER):
        return None
    text = _PREFIX.sub("", " ".join(paragraph.split()).strip(_FRAME), count=1)
    rules = []
    for sentence in _SENTENCE.split(text):
        bare = sentence.strip(_FRAME).rstrip(".!?…")
        rule = next((rule for rule, words in _patterns(languages) if words.fullmatch(bare)), None)
        if rule is None and bare and not _WEAK.fullmatch(bare):
            return None
        rules.append(rule)
    return next((rule for rule in rules if rule is not None), None)


def _about_author(draft: Draft, index: int, context: Context) -> str | None:
    """A last paragraph that begins with the author's name and tells of him, where no other one names him."""
    if index < len(draft.paragraphs) - TAIL or "en" not in context.languages:
        return None
    paragraph = draft.paragraphs[index].lstrip(_FRAME)
    for author in context.authors:
        if " " in author and paragraph.startswith(author) and _DESK.match(paragraph, len(author)):
            surname = author.rsplit(" ", 1)[-1]
            others = (text for place, text in enumerate(draft.paragraphs) if place != index)
            if len(paragraph) <= MAX_CHARACTERS and not any(surname in text for text in others):
                return "author"
    return None
