"""What a repair is, what it sees and what it says: plain data, no text is changed here."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from schemas.article import PARAGRAPH_BREAK
from schemas.reasons import RemovalKind
from tasks.clean.lines import Line, short_lines

if TYPE_CHECKING:
    from tasks.clean.memory import SiteRule


@dataclass(frozen=True, slots=True)
class Edit:
    """One change that a repair asks for: characters start to end of the text it saw become `replacement`.

    `moved` names columns of the article that take a value over from the text, such as ("agency", "AP").
    """

    start: int
    end: int
    rule: str
    kind: RemovalKind
    replacement: str = ""
    evidence: str = ""
    moved: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """One stretch of extracted text that was cut or changed, as in `schemas.removal`; offsets in characters."""

    char_offset: int
    text: str
    replacement: str
    repair: str
    rule: str
    kind: RemovalKind
    evidence: str

    @property
    def char_count(self) -> int:
        """How many characters of the extracted text it covers."""
        return len(self.text)


@dataclass(frozen=True, slots=True)
class Context:
    """What a repair may know beside the text.

    Attributes:
        field: title or body.
        language: ISO 639-1 code, or None when it could not be told: then only language-free repairs run.
        site_rules: the lines of the site that go, by `memory_units.Unit.key`.
        authors: names of the authors of the article whose body it is.
        off: names of repairs (`promo_link`) and rules (`promo_link.label_phrase`) that this site has switched off.
    """

    field: str = "body"
    language: str | None = None
    off: frozenset[str] = frozenset()
    authors: tuple[str, ...] = ()
    site_rules: "Mapping[str, SiteRule]" = dataclasses.field(default_factory=dict, hash=False)

    @property
    def languages(self) -> tuple[str, ...]:
        """Whose tables count: the text's own, and English, because the furniture of many sites is English."""
        if self.language is None:
            return ()
        return ("en",) if self.language == "en" else (self.language, "en")


class Draft:
    """A text on its way through the repairs, with views that are computed when the first repair asks for them."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def paragraphs(self) -> list[str]:
        """The paragraphs in order; never empty."""
        return self.text.split(PARAGRAPH_BREAK)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Begin and end of each paragraph in `text`."""
        spans, begin = [], 0
        for paragraph in self.paragraphs:
            spans.append((begin, begin + len(paragraph)))
            begin += len(paragraph) + len(PARAGRAPH_BREAK)
        return spans

    @cached_property
    def lowered(self) -> str:
        """The text in lower case, to look for triggers; its offsets may differ."""
        return self.text.lower()

    @cached_property
    def is_plain(self) -> bool:
        """True when there is no control, format or unassigned character and no space but U+0020 and line feed."""
        return self.text.replace("\n", "").isprintable()

    @cached_property
    def located(self) -> list[tuple[int, str]]:
        """Each paragraph with its begin."""
        return [(begin, text) for (begin, _), text in zip(self.spans, self.paragraphs, strict=True)]

    @cached_property
    def lines(self) -> list[Line]:
        """Paragraphs and lines that are short enough to be furniture as a whole."""
        return list(short_lines(self.located))


def apart(edits: Iterable[Edit]) -> list[Edit]:
    """The edits sorted, without those that begin in another."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, -edit.end)):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


Find = Callable[[Draft, Context], list[Edit]]


@dataclass(frozen=True, slots=True)
class Repair:
    """A named text change. `find` is pure; its edits are sorted and do not overlap."""

    name: str
    find: Find
    says: str
    fields: tuple[str, ...] = ("body",)
    needs_language: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """One row of a repair's table.

    Attributes:
        rule: what the receipt names.
        language: ISO 639-1 code; empty when the row holds in any language.
        words: the vocabulary; how it is matched is the repair's to say.
        matches: a text of which the rule takes something.
        keeps: a text that looks like it and of which no repair may take anything.
    """

    rule: str
    language: str
    words: tuple[str, ...]
    matches: str
    keeps: str
