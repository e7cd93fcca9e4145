"""Every row of every table: its example matches, its counterexample stays, and the quick looks miss nothing."""

import pytest

from schemas.cleaning import REPAIR_RULES
from tasks.clean.forms import expand
from tasks.clean.model import Context, Pattern
from tasks.clean.repairs import REPAIRS, TABLES
from tasks.clean.runner import clean_text
from tasks.clean.words.ads import LINE, LONG, SHORT, STEMS
from tasks.clean.words.headings import HEADING
from tasks.clean.words.promos import CAPITALS, PHRASE

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


SOME = 12
"""Wordings of each template that are tried: templates stand for up to some thousands."""


def _some(template: str) -> list[str]:
    """Wordings of a template, evenly spread."""
    forms = list(dict.fromkeys(expand(template)))
    return forms[:: max(1, len(forms) // SOME)]


@pytest.mark.parametrize("row", [*SHORT, *LINE], ids=lambda row: f"{row.rule}.{row.language}")
def test_every_marker_goes_as_a_paragraph(row: Pattern) -> None:
    """Each short advertisement marker of the table is cut, in small letters and in capitals."""
    for word in (form for template in row.words for form in _some(template)):
        for written in (word, word.upper(), word.capitalize()):
            cleaned = clean_text(f"One.\n\n{written}\n\nTwo.", Context(language=row.language), REPAIRS)
            assert cleaned.text == "One.\n\nTwo.", written


@pytest.mark.parametrize("row", [*CAPITALS, *PHRASE], ids=lambda row: f"{row.rule}.{row.language}")
def test_every_label_opens_a_promo(row: Pattern) -> None:
    """Labels of the table before a headline are cut; before a sentence they stay."""
    for word in (form for template in row.words for form in _some(template)):
        label = word.upper() if row in CAPITALS else word
        text = f"One.\n\n{label}: Rat vertagt 3 Fragen\n\nTwo."
        assert clean_text(text, Context(language=row.language), REPAIRS).text == "One.\n\nTwo.", label
        sentence = f"One.\n\n{label}: Rat vertagt heute alle Fragen.\n\nTwo."
        assert clean_text(sentence, Context(language=row.language), REPAIRS).receipts == (), label


@pytest.mark.parametrize("row", HEADING, ids=lambda row: row.language)
def test_every_heading_goes(row: Pattern) -> None:
    """Headings of the table are cut as a paragraph, and stay as the begin of a sentence."""
    for word in (form for template in row.words for form in _some(template)):
        context = Context(language=row.language)
        assert clean_text(f"One.\n\n{word.capitalize()}\n\nTwo.", context, REPAIRS).text == "One.\n\nTwo.", word
        assert clean_text(f"One.\n\n{word} of the old port.\n\nTwo.", context, REPAIRS).receipts == (), word


@pytest.mark.parametrize("row", [*LONG, *SHORT], ids=lambda row: f"{row.rule}.{row.language}")
def test_the_quick_look_misses_no_marker(row: Pattern) -> None:
    """Some stem of the language, or of English, is in every marker that may be glued."""
    stems = (*STEMS[row.language], *STEMS["en"])
    for word in (form for template in row.words for form in _some(template)):
        assert any(stem in word.lower() for stem in stems), word


def test_the_names_that_sources_may_switch_off() -> None:
    """The vocabulary of schemas has all repairs in their order, and all rules of their tables and of the memory."""
    assert list(REPAIR_RULES) == [repair.name for repair in REPAIRS]
    of_memory = {"site_memory": {"line", "prefix", "inside", "suffix", "block"}}
    by_columns = {"notice": {"author"}}  # the authors of the article, and no table
    for repair, rows in TABLES.items():
        assert set(REPAIR_RULES[repair]) == {row.rule for row in rows} | (of_memory | by_columns).get(repair, set())
