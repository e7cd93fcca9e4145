"""One article: title and body cleaned, the blocks kept in step, values moved to columns, and the guard over it all.

What does not belong here: tables, files, ids.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice
from types import MappingProxyType
from typing import Any

from schemas.article import PARAGRAPH_BREAK
from schemas.reasons import RemovalKind
from tasks.clean.memory import SiteRule
from tasks.clean.model import Context, Receipt
from tasks.clean.receipts import extracted_offsets
from tasks.clean.repairs import REPAIRS
from tasks.clean.runner import Cleaned, clean_text

Block = Mapping[str, object]

KEEPS_TEXT = frozenset(
    {
        RemovalKind.MOJIBAKE,
        RemovalKind.ENTITY,
        RemovalKind.WHITESPACE,
        RemovalKind.CONTROL,
        RemovalKind.TYPO,
        RemovalKind.AGENCY,
        RemovalKind.DATELINE,
        RemovalKind.EDITOR_INITIALS,
    }
)
"""Kinds that do not lose text: they write it otherwise, or move it to a column."""


@dataclass(frozen=True)
class CleanSettings:
    """How much may go, and what is switched off where.

    Attributes:
        off: for each site, names of repairs (`promo_link`) or rules (`promo_link.label_phrase`) that do not run there.
        off_of_source: the same, for each source's id.
        max_cut_share: a body that would lose a greater share of its characters keeps its text and is quarantined ...
        min_cut_chars: ... unless it would lose fewer characters than this.
    """

    off: Mapping[str, frozenset[str]] = field(default_factory=dict)
    off_of_source: Mapping[str, frozenset[str]] = field(default_factory=dict)
    max_cut_share: float = 0.4
    min_cut_chars: int = 200

    def off_for(self, site: str, source_id: str) -> frozenset[str]:
        """What does not run on an article of this site that this source brought."""
        return self.off.get(site, frozenset()) | self.off_of_source.get(source_id, frozenset())


@dataclass(frozen=True, slots=True)
class CleanArticle:
    """What cleaning makes of an article's texts."""

    title: Cleaned
    body: Cleaned
    columns: Mapping[str, Cleaned] = field(default_factory=dict)
    """Other columns that were mended, by name; the values of a list are lines of one text."""

    @property
    def receipts(self) -> list[tuple[str, int, Receipt]]:
        """(field, place within the field from 0, receipt), title first."""
        fields = (("title", self.title), ("body", self.body), *self.columns.items())
        return [(name, seq, receipt) for name, text in fields for seq, receipt in enumerate(text.receipts)]

    def moved(self, column: str) -> list[str]:
        """The values that the text gave to a column, in the order of their repairs."""
        return [value for name, value in self.body.moved if name == column]

    @property
    def editor_initials(self) -> list[str]:
        """Desk initials, each person's apart: TVJ/CDG is two."""
        return [name for value in self.moved("editor_initials") for name in value.split("/")]

    @property
    def flags(self) -> tuple[str, ...]:
        """What a reader of the row should know of its cleaning."""
        repaired = any(receipt.kind is RemovalKind.MOJIBAKE for _, _, receipt in self.receipts)
        unsettled = not (self.title.settled and self.body.settled)
        return ("encoding_repaired",) * repaired + ("cleaning_unsettled",) * unsettled

    @property
    def cut_chars(self) -> int:
        """Characters of the body that are lost to the reader."""
        return sum(
            receipt.char_count - len(receipt.replacement)
            for receipt in self.body.receipts
            if receipt.kind not in KEEPS_TEXT
        )


def clean_article(
    title: str,
    body: str,
    *,
    language: str | None,
    off: frozenset[str] = frozenset(),
    columns: Mapping[str, str | Sequence[str] | None] = MappingProxyType({}),
    site_rules: Mapping[str, SiteRule] = MappingProxyType({}),
) -> CleanArticle:
    """Title, body and other columns after all repairs that the language admits and the site has not switched off."""
    lines = {name: value if isinstance(value, str) else "\n".join(value) for name, value in columns.items() if value}
    mended = {name: clean_text(text, Context(name, language, off), REPAIRS) for name, text in lines.items()}
    authors = tuple(lines.get("authors", "").split("\n"))
    return CleanArticle(
        clean_text(title, Context("title", language, off), REPAIRS),
        clean_text(body, Context("body", language, off, authors, site_rules), REPAIRS),
        {name: text for name, text in mended.items() if text.receipts},
    )


def is_over_cleaned(article: CleanArticle, extracted: str, settings: CleanSettings) -> bool:
    """True when the cuts leave nothing, or take more than the settings allow."""
    cut = article.cut_chars
    if cut and not article.body.text:
        return True
    return cut > settings.min_cut_chars and cut > settings.max_cut_share * len(extracted)


def fits(body: str, blocks: Sequence[Block]) -> bool:
    """Whether the blocks' texts make up the body, as parse promises."""
    return PARAGRAPH_BREAK.join(str(block["text"]) for block in blocks) == body


def clean_blocks(extracted: str, blocks: Sequence[Block], cleaned: Cleaned) -> list[Block]:
    """The clean body's paragraphs, each with kind, level and url of the block that its first character came from.

    Blocks that do not make up the extracted body (`fits` is False) count as none: then all are plain paragraphs.
    """
    if not fits(extracted, blocks):
        blocks = [
            {"kind": "paragraph", "text": text, "level": None, "url": None} for text in extracted.split(PARAGRAPH_BREAK)
        ]
    paragraphs = cleaned.text.split(PARAGRAPH_BREAK) if cleaned.text else []
    sources = block_sources([str(block["text"]) for block in blocks], cleaned)
    return [{**blocks[source], "text": text} for source, text in zip(sources, paragraphs, strict=True)]


def block_sources(texts: Sequence[str], cleaned: Cleaned) -> list[int]:
    """For each paragraph of the clean body, the number of the extracted block that it came from; rising."""
    starts = list(accumulate((len(text) + len(PARAGRAPH_BREAK) for text in texts), initial=0))[:-1]
    paragraphs = cleaned.text.split(PARAGRAPH_BREAK) if cleaned.text else []
    positions = accumulate((len(text) + len(PARAGRAPH_BREAK) for text in paragraphs), initial=0)
    origins = islice(extracted_offsets(positions, cleaned.receipts), len(paragraphs))
    return [bisect_right(starts, origin) - 1 for origin in origins]


def with_places(rows: Iterable[Mapping[str, Any]], sources: Sequence[int]) -> list[dict[str, Any]]:
    """The rows with a new `place`."""
    return [{**row, "place": new_place(row["place"], sources)} for row in rows]


def new_place(place: int, sources: Sequence[int]) -> int:
    """How many of the blocks that are left, by `block_sources`, stand before a place of the extracted body."""
    return bisect_left(sources, place)
