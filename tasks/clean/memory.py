"""Cuts lines that a site is known to repeat: the repair of the memory of sites. The rules are frozen before.

What does not belong here: how lines are learned (`memory_judge`), where rules are kept (`memory_rules`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schemas.reasons import RemovalKind
from tasks.clean.memory_units import Unit, units
from tasks.clean.model import Context, Draft, Edit
from tasks.clean.quotes import SENTENCE_END

_OPENING = "“„«‘¿¡\"'"
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class SiteRule:
    """One line of a site that goes, with the evidence that its receipts will name."""

    text: str
    position: str
    evidence: str


class SiteRules(dict[str, SiteRule]):
    """The rules of one site by `Unit.key`."""


def find_site_lines(draft: Draft, context: Context) -> list[Edit]:
    """Whole paragraphs, sentences and pairs of paragraphs that are rules of the site, also glued to a sentence."""
    if not context.site_rules:
        return []
    # Units of a text are looked for only where the begin of a rule stands in it.
    near = {key: rule for key, rule in context.site_rules.items() if _head(rule.text) in draft.text}
    if not near:
        return []
    spans = [*_whole_units(draft.text, near), *_glued(draft.text, near)]
    edits: list[Edit] = []
    for begin, end, key in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not edits or begin >= edits[-1].end:
            rule = context.site_rules[key]
            edits.append(Edit(begin, end, rule.position, RemovalKind.SITE_LINE, "", rule.evidence))
    return edits


def _head(text: str) -> str:
    """The begin of a line up to its first white space, which may be written otherwise on another page."""
    return text.split(None, 1)[0]


def _whole_units(text: str, rules: Mapping[str, SiteRule]) -> Iterator[Span]:
    for unit in units(text):
        if unit.key in rules:
            yield from _by_paragraph(text, unit)


def _by_paragraph(text: str, unit: Unit) -> Iterator[Span]:
    begin = unit.begin
    for part in text[unit.begin : unit.end].split("\n\n"):
        yield begin, begin + len(part), unit.key
        begin += len(part) + 2


def _glued(text: str, rules: Mapping[str, SiteRule]) -> Iterator[Span]:
    """The rules' own texts at the edge of a sentence or of a paragraph, where no space parts them from the next."""
    for key, rule in rules.items():
        at = text.find(rule.text)
        while at >= 0 and "\n" not in rule.text:
            end = at + len(rule.text)
            if _begins(text, at) and _ends(text, end, rule.text):
                yield at, end, key
            at = text.find(rule.text, end)


def _begins(text: str, at: int) -> bool:
    before = text[max(0, at - 3) : at].rstrip(" ")
    return not before or before[-1] == "\n" or before[-1] in SENTENCE_END


def _ends(text: str, end: int, line: str) -> bool:
    rest = text[end : end + 3].lstrip(" ")
    if not rest or rest[0] == "\n":
        return True
    return (rest[0].isupper() or rest[0] in _OPENING) and (line[-1] in SENTENCE_END or text[end : end + 1] != " ")
