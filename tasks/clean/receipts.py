"""Receipts in coordinates of the extracted text: put together, turned back, and laid beside the text.

What does not belong here: what is cut, and why.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, Protocol, TypeVar

from tasks.clean.model import Edit, Receipt


class Removed(Protocol):
    """What of a receipt is needed to turn it back; a row of `removals` has it too."""

    @property
    def char_offset(self) -> int:
        """Where it began in the extracted text."""

    @property
    def text(self) -> str:
        """The extracted characters."""

    @property
    def replacement(self) -> str:
        """What stands in their place."""


R = TypeVar("R", bound=Removed)


@dataclass(frozen=True, slots=True)
class Segment(Generic[R]):
    """A stretch of extracted text: kept (`removal` is None) or covered by a removal."""

    text: str
    removal: R | None


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits made; they are sorted and do not overlap."""
    parts, position = [], 0
    for edit in edits:
        parts += [text[position : edit.start], edit.replacement]
        position = edit.end
    parts.append(text[position:])
    return "".join(parts)


def rebuild(clean: str, removals: Sequence[Removed]) -> str:
    """The extracted text: each removal's text put back in place of its replacement; removals sorted by offset."""
    parts, at_clean, at_extracted = [], 0, 0
    for removal in removals:
        kept = removal.char_offset - at_extracted
        parts += [clean[at_clean : at_clean + kept], removal.text]
        at_clean += kept + len(removal.replacement)
        at_extracted = removal.char_offset + len(removal.text)
    parts.append(clean[at_clean:])
    return "".join(parts)


def explain(extracted: str, removals: Sequence[R]) -> list[Segment[R]]:
    """The extracted text as stretches in order, kept and removed; joined they are the extracted text again.

    Raises:
        ValueError: a removal's text does not stand where it says (the receipts belong to another text).
    """
    segments: list[Segment[R]] = []
    position = 0
    for removal in removals:
        end = removal.char_offset + len(removal.text)
        if removal.char_offset < position or extracted[removal.char_offset : end] != removal.text:
            raise ValueError(f"the receipt at character {removal.char_offset} does not belong to this text")
        if removal.char_offset > position:
            segments.append(Segment(extracted[position : removal.char_offset], None))
        segments.append(Segment(removal.text, removal))
        position = end
    if position < len(extracted):
        segments.append(Segment(extracted[position:], None))
    return segments


def extracted_offsets(positions: Iterable[int], receipts: Sequence[Receipt]) -> Iterator[int]:
    """Where the characters at rising positions of the clean text stood in the extracted text; one pass for all.

    A position inside a replacement counts as the begin of its receipt; one right after a cut as the end of it.
    """
    index, shift = 0, 0
    for position in positions:
        while index < len(receipts):
            receipt = receipts[index]
            end = receipt.char_offset + shift + len(receipt.replacement)
            if position < end or position < receipt.char_offset + shift:
                break
            shift += len(receipt.replacement) - receipt.char_count
            index += 1
        inside = index < len(receipts) and position >= receipts[index].char_offset + shift
        yield receipts[index].char_offset if inside else position - shift


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A receipt or an edit, with its place in the current text."""

    begin: int
    end: int
    source: Receipt | Edit


def compose(
    extracted: str, current: str, receipts: Sequence[Receipt], edits: Sequence[Edit], repair: str
) -> list[Receipt]:
    """The receipts after `edits` of the current text: those that an edit touches become one, all others stay.

    Args:
        extracted: the text that receipts speak of.
        current: the extracted text after `receipts`, which the edits speak of.
        receipts: sorted by offset.
        edits: sorted, not overlapping.
        repair: whose edits these are.
    """
    composed, shift = [], 0
    for group in _groups(chain(_placed(receipts), (_Stretch(e.start, e.end, e) for e in edits))):
        made = _merged(extracted, current, group, shift, repair)
        shift += sum(_growth(item.source) for item in group)
        if made.text != made.replacement:
            composed.append(made)
    return composed


def _placed(receipts: Iterable[Receipt]) -> Iterable[_Stretch]:
    """Each receipt where its replacement stands in the current text."""
    shift = 0
    for receipt in receipts:
        begin = receipt.char_offset + shift
        yield _Stretch(begin, begin + len(receipt.replacement), receipt)
        shift += _growth(receipt)


def _growth(source: Receipt | Edit) -> int:
    """How much longer the current text is than the extracted one because of this receipt (0 for a new edit)."""
    return len(source.replacement) - source.char_count if isinstance(source, Receipt) else 0


def _groups(stretches: Iterable[_Stretch]) -> Iterable[list[_Stretch]]:
    """Stretches that overlap, together; a cut at the edge of an edit stands alone."""
    group: list[_Stretch] = []
    end = -1
    for stretch in sorted(stretches, key=lambda item: (item.begin, item.end)):
        if group and stretch.begin >= end:
            yield group
            group = []
        group.append(stretch)
        end = max(end, stretch.end) if len(group) > 1 else stretch.end
    if group:
        yield group


def _merged(extracted: str, current: str, group: list[_Stretch], shift: int, repair: str) -> Receipt:
    """One receipt for a group; `shift` is the growth by all receipts before it."""
    if len(group) == 1 and isinstance(group[0].source, Receipt):
        return group[0].source
    begin, end = group[0].begin, max(item.end for item in group)
    edits = [item.source for item in group if isinstance(item.source, Edit)]
    earlier = [item.source for item in group if isinstance(item.source, Receipt)]
    text = extracted[begin - shift : end - shift - sum(map(_growth, earlier))]
    local = [Edit(e.start - begin, e.end - begin, e.rule, e.kind, e.replacement) for e in edits]
    replacement = apply(current[begin:end], local)
    covers = edits[0].start == begin and edits[0].end == end
    if not earlier or covers:
        first = edits[0]
        evidence = _joined(first.evidence, (f"after {r.repair}.{r.rule}" for r in earlier))
        return Receipt(begin - shift, text, replacement, repair, first.rule, first.kind, evidence)
    kept = max(earlier, key=lambda receipt: receipt.char_count)
    evidence = _joined(kept.evidence, (f"then {repair}.{e.rule}" for e in edits))
    return Receipt(begin - shift, text, replacement, kept.repair, kept.rule, kept.kind, evidence)


def _joined(first: str, others: Iterable[str]) -> str:
    return "; ".join(part for part in (first, *others) if part)
