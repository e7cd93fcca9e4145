"""All repairs over one text, in order, again and again until none finds anything: so cleaning twice changes nothing.

What does not belong here: what any repair looks for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tasks.clean.model import Context, Draft, Edit, Receipt, Repair
from tasks.clean.receipts import apply, compose

MAX_ROUNDS = 10
"""Ordinary text settles in two or three rounds. One that does not is hostile, and keeps every character."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A clean text, the receipts that lead back, and what moved to columns of the article.

    `settled` is False when the repairs did not come to rest: then the text is the extracted one, without receipts.
    """

    text: str
    receipts: tuple[Receipt, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    settled: bool = True


def clean_text(extracted: str, context: Context, repairs: Sequence[Repair]) -> Cleaned:
    """The text after all repairs that the context admits, with receipts in coordinates of `extracted`."""
    active = [repair for repair in repairs if _admits(context, repair)]
    draft, receipts = Draft(extracted), list[Receipt]()
    moved: list[tuple[str, str]] = []
    for _ in range(MAX_ROUNDS):
        before = draft
        for repair in active:
            edits = _edits(repair, draft, context)
            if not edits:
                continue
            receipts = compose(extracted, draft.text, receipts, edits, repair.name)
            moved += [value for edit in edits for value in edit.moved]
            draft = Draft(apply(draft.text, edits))
        if draft is before or draft.text == before.text:
            return Cleaned(draft.text, tuple(receipts), tuple(moved))
    return Cleaned(extracted, settled=False)


def _admits(context: Context, repair: Repair) -> bool:
    if context.field not in repair.fields or repair.name in context.off:
        return False
    return not (repair.needs_language and context.language is None)


def _edits(repair: Repair, draft: Draft, context: Context) -> list[Edit]:
    """What the repair asks for, without rules that are off, its cuts made whole."""
    edits = repair.find(draft, context)
    if edits and context.off:
        edits = [edit for edit in edits if f"{repair.name}.{edit.rule}" not in context.off]
    return _whole(draft, edits) if edits else edits


def _whole(draft: Draft, edits: list[Edit]) -> list[Edit]:
    """The edits, where those that leave nothing of a paragraph are one cut that also takes one paragraph break."""
    by_paragraph = _by_paragraph(draft, edits)
    emptied = {index for index, group in by_paragraph.items() if _empties(draft, index, group)}
    last = len(draft.spans) - 1
    trailing = last
    while trailing in emptied:
        trailing -= 1
    made: list[Edit] = []
    for index, group in by_paragraph.items():
        if index in emptied:
            made.append(_paragraph_cut(draft, index, group, takes_break_before=index > trailing))
        else:
            for edit in group:
                made.append(_tidied(draft, index, edit, made[-1].end if made else 0))
    return made


def _by_paragraph(draft: Draft, edits: Iterable[Edit]) -> dict[int, list[Edit]]:
    """The edits under the number of the paragraph that each begins in."""
    groups: dict[int, list[Edit]] = {}
    index = 0
    for edit in edits:
        while index + 1 < len(draft.spans) and draft.spans[index + 1][0] <= edit.start:
            index += 1
        groups.setdefault(index, []).append(edit)
    return groups


def _empties(draft: Draft, index: int, group: list[Edit]) -> bool:
    """True when only white space is left of the paragraph, and none of the edits reaches beyond it."""
    begin, end = draft.spans[index]
    if any(edit.replacement for edit in group) or group[-1].end > end:
        return False
    local = [replace(edit, start=edit.start - begin, end=edit.end - begin) for edit in group]
    return not apply(draft.paragraphs[index], local).strip()


def _paragraph_cut(draft: Draft, index: int, group: list[Edit], *, takes_break_before: bool) -> Edit:
    """One cut of the whole paragraph and one break, under the first edit's rule."""
    begin, end = draft.spans[index]
    if takes_break_before:
        begin = draft.spans[index - 1][1] if index else begin
    elif index + 1 < len(draft.spans):
        end = draft.spans[index + 1][0]
    moved = tuple(value for edit in group for value in edit.moved)
    return replace(group[0], start=begin, end=end, moved=moved)


def _tidied(draft: Draft, index: int, edit: Edit, floor: int) -> Edit:
    """A cut that also takes the spaces which would be left over at the edge of the paragraph or doubled inside.

    `floor` is where the edit before it ends.
    """
    if edit.replacement:
        return edit
    text = draft.text
    begin, end = draft.spans[index]
    begin = max(begin, floor)
    if edit.start == begin or text[edit.start - 1] in " \n":
        after = edit.end
        while after < end and text[after] == " ":
            after += 1
        if after < end:
            return replace(edit, end=after)
    before = edit.start
    while edit.end == end and before > begin and text[before - 1] == " ":
        before -= 1
    return replace(edit, start=before)
