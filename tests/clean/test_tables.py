"""Every row of every table: its example matches, its counterexample stays, and the quick looks miss nothing."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.clean.model import Context, Pattern
from tasks.clean.promos import _vocabulary as promo_vocabulary
from tasks.clean.repairs import REPAIRS, TABLES
from tasks.clean.runner import clean_text
from tasks.clean.words.ads import LONG, SHORT, STEMS
from tasks.clean.words.appeals import NEWSLETTER, OPENINGS, SOCIAL
from tasks.clean.words.promos import CAPITALS, HEADING, PHRASE

ROWS = [
    pytest.param(repair, row, id=f"{repair}.{row.rule}.{row.language or 'any'}")
    for repair, rows in TABLES.items()
    for row in rows
]


@pytest.mark.parametrize(("repair", "row"), ROWS)
def test_example_matches(repair: str, row: Pattern) -> None:
    """The row's example leaves a receipt of this repair and rule."""
    cleaned = clean_text(row.matches, Context(language=row.language or "en"), REPAIRS)
    assert (repair, row.rule) in {(receipt.repair, receipt.rule) for receipt in cleaned.receipts}


@pytest.mark.parametrize(("repair", "row"), ROWS)
def test_counterexample_stays(repair: str, row: Pattern) -> None:
    """No repair at all touches the row's counterexample."""
    assert clean_text(row.keeps, Context(language=row.language or "en"), REPAIRS).receipts == ()


@pytest.mark.parametrize("row", [*LONG, *SHORT], ids=lambda row: f"{row.rule}.{row.language}")
def test_every_marker_goes_as_a_paragraph(row: Pattern) -> None:
    """Each advertisement marker of the table is cut, in small letters and in capitals."""
    for word in row.words:
        for written in (word, word.upper(), word.capitalize()):
            cleaned = clean_text(f"One.\n\n{written}\n\nTwo.", Context(language=row.language), REPAIRS)
            assert cleaned.text == "One.\n\nTwo.", written


@pytest.mark.parametrize("row", [*CAPITALS, *PHRASE], ids=lambda row: f"{row.rule}.{row.language}")
def test_every_label_opens_a_promo(row: Pattern) -> None:
    """Each label of the table before a headline is cut; before a sentence it stays."""
    for word in row.words:
        text = f"One.\n\n{word}: Rat vertagt 3 Fragen\n\nTwo."
        assert clean_text(text, Context(language=row.language), REPAIRS).text == "One.\n\nTwo.", word
        sentence = f"One.\n\n{word}: Rat vertagt heute alle Fragen.\n\nTwo."
        assert clean_text(sentence, Context(language=row.language), REPAIRS).receipts == (), word


@pytest.mark.parametrize("row", HEADING, ids=lambda row: row.language)
def test_every_heading_goes(row: Pattern) -> None:
    """Each heading of the table is cut as a paragraph, and stays as the begin of a sentence."""
    for word in row.words:
        context = Context(language=row.language)
        assert clean_text(f"One.\n\n{word.upper()}\n\nTwo.", context, REPAIRS).text == "One.\n\nTwo.", word
        assert clean_text(f"One.\n\n{word} of the old port.\n\nTwo.", context, REPAIRS).receipts == (), word


def test_stems_are_in_every_marker() -> None:
    """The quick look of the advertisement markers misses none of them."""
    for row in (*LONG, *SHORT):
        for word in row.words:
            assert any(stem in word.lower() for stem in STEMS[row.language]), word


def test_labels_share_their_prefix_with_the_quick_look() -> None:
    """The quick look of the promo labels is made from the labels themselves."""
    for row in (*CAPITALS, *PHRASE):
        prefixes = promo_vocabulary((row.language,)).prefixes
        assert all(word[:3].lower() in prefixes for word in row.words)


@pytest.mark.parametrize("row", [*NEWSLETTER, *SOCIAL], ids=lambda row: f"{row.rule}.{row.language}")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_openings_of_appeals_miss_nothing(row: Pattern, data: st.DataObject) -> None:
    """Whatever a row of appeals matches begins with one of its language's openings."""
    pattern = data.draw(st.sampled_from(row.words))
    text = data.draw(st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True))
    assert text[:4].lower() in OPENINGS[row.language]
