"""Receipts: composing, turning back, laying beside the text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import RemovalKind
from tasks.clean.model import Edit, Receipt
from tasks.clean.receipts import apply, compose, explain, extracted_offsets, rebuild


def _edit(start: int, end: int, replacement: str = "", rule: str = "r") -> Edit:
    return Edit(start, end, rule, RemovalKind.SITE_LINE, replacement)


def test_later_edit_inside_a_replacement_becomes_one_receipt() -> None:
    """A change of a changed word is one receipt whose text is the original and that names both rules."""
    first = compose("abcdef", "abcdef", [], [_edit(1, 3, "XYZ", "one")], "first")
    both = compose("abcdef", "aXYZdef", first, [_edit(2, 3, "!", "two")], "second")
    assert [(r.char_offset, r.text, r.replacement) for r in both] == [(1, "bc", "X!Z")]
    assert (both[0].repair, both[0].rule, both[0].evidence) == ("first", "one", "then second.two")


def test_later_cut_over_a_change_carries_the_original() -> None:
    """A cut over changed text is the cut's receipt, over the original characters."""
    first = compose("a\xa0b c", "a\xa0b c", [], [_edit(1, 2, " ", "space")], "whitespace")
    both = compose("a\xa0b c", "a b c", first, [_edit(0, 4, "", "cut")], "promo")
    assert [(r.char_offset, r.text, r.replacement, r.rule) for r in both] == [(0, "a\xa0b ", "", "cut")]
    assert both[0].evidence == "after whitespace.space"


def test_cut_at_the_edge_of_an_earlier_cut_stays_apart() -> None:
    """Two cuts that touch are two receipts."""
    first = compose("abcd", "abcd", [], [_edit(1, 2)], "p")
    both = compose("abcd", "acd", first, [_edit(1, 2), _edit(0, 1)][:1], "q")
    assert [(r.char_offset, r.text) for r in both] == [(1, "b"), (2, "c")]


def test_change_that_is_taken_back_leaves_no_receipt() -> None:
    """A receipt whose text is its replacement says nothing, so there is none."""
    first = compose("abc", "abc", [], [_edit(1, 2, "X")], "p")
    assert compose("abc", "aXc", first, [_edit(1, 2, "b")], "q") == []


def test_explain_lays_receipts_beside_the_text() -> None:
    """Segments in order, joined the extracted text."""
    receipts = compose("one two three", "one two three", [], [_edit(4, 8)], "p")
    segments = explain("one two three", receipts)
    assert [(s.text, s.removal is not None) for s in segments] == [("one ", False), ("two ", True), ("three", False)]


def test_explain_refuses_receipts_of_another_text() -> None:
    """A receipt that does not fit is an error, not a wrong colour."""
    receipt = Receipt(0, "two", "", "p", "r", RemovalKind.SITE_LINE, "")
    with pytest.raises(ValueError, match="does not belong"):
        explain("one", [receipt])


@st.composite
def _edits(draw: st.DrawFn, text: str) -> list[Edit]:
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), unique=True, max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [_edit(a, b, draw(st.text("xyz ", max_size=3))) for a, b in pairs]


@given(st.text("abc\n ", min_size=1, max_size=30), st.data())
def test_composed_receipts_always_lead_back(extracted: str, data: st.DataObject) -> None:
    """Any edits, in any number of rounds: sorted, not overlapping, and the extracted text comes back."""
    current, receipts = extracted, list[Receipt]()
    for round_number in range(4):
        edits = data.draw(_edits(current))
        receipts = compose(extracted, current, receipts, edits, f"p{round_number}")
        current = apply(current, edits)
        assert rebuild(current, receipts) == extracted
        ends = [(r.char_offset, r.char_offset + r.char_count) for r in receipts]
        assert all(a[1] <= b[0] for a, b in pairwise(ends))
        assert all(extracted[r.char_offset :][: r.char_count] == r.text for r in receipts)
        assert "".join(s.text for s in explain(extracted, receipts)) == extracted


@given(st.text("abc ", min_size=1, max_size=30), st.data())
def test_kept_characters_are_found_in_the_extracted_text(extracted: str, data: st.DataObject) -> None:
    """A clean character outside of all replacements is the extracted character at its offset."""
    edits = data.draw(_edits(extracted))
    receipts = compose(extracted, extracted, [], edits, "p")
    clean = apply(extracted, edits)
    covered = {r.char_offset + i for r in receipts for i in range(max(1, r.char_count))}
    origins = extracted_offsets(range(len(clean)), receipts)
    for character, origin in zip(clean, origins, strict=True):
        assert origin in covered or extracted[origin] == character
