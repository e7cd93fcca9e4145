"""Properties of the whole list of repairs over generated texts."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.article import PARAGRAPH_BREAK
from tasks.clean.article import clean_blocks
from tasks.clean.model import Context
from tasks.clean.receipts import explain, rebuild
from tasks.clean.repairs import REPAIRS, TABLES
from tasks.clean.runner import clean_text

EXAMPLES = sorted({text for rows in TABLES.values() for row in rows for text in (row.matches, row.keeps)})
SCRAPS = [
    "\n\n",
    "\n",
    " ",
    "  ",
    "\xa0",
    "\u200b",
    "“",
    "”",
    '"',
    "[",
    "]",
    "[/",
    ":",
    ".",
    "&amp;",
    "â€™",
    "Ã",
    "I;m",
    "READ",
]
LANGUAGES = st.sampled_from([None, "en", "es", "fr", "de", "it", "pt", "nl", "sv", "ja"])
PIECES = st.one_of(st.sampled_from(EXAMPLES), st.sampled_from(SCRAPS), st.text(max_size=12), st.just("Council waits."))
TEXTS = st.lists(PIECES, max_size=10).map("".join)
PARAGRAPHS = st.lists(PIECES, min_size=1, max_size=6).map(PARAGRAPH_BREAK.join)
RELAXED = settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])


@RELAXED
@given(st.one_of(TEXTS, PARAGRAPHS), LANGUAGES, st.sampled_from(["body", "title"]))
def test_receipts_lead_back_and_cleaning_twice_changes_nothing(text: str, language: str | None, field: str) -> None:
    """Byte for byte back to the extracted text; a clean text is left alone (E8)."""
    context = Context(field, language)
    cleaned = clean_text(text, context, REPAIRS)
    assert rebuild(cleaned.text, cleaned.receipts) == text
    assert "".join(segment.text for segment in explain(text, cleaned.receipts)) == text
    again = clean_text(cleaned.text, context, REPAIRS)
    assert (again.text, again.receipts) == (cleaned.text, ())


@RELAXED
@given(st.lists(PIECES.filter(lambda text: "\n\n" not in text and text.strip("\n")), min_size=1, max_size=6), LANGUAGES)
def test_blocks_stay_in_step_with_the_body(texts: list[str], language: str | None) -> None:
    """The clean blocks' texts joined are the clean body, and their kinds come from blocks in their order."""
    body = PARAGRAPH_BREAK.join(texts)
    blocks = [{"kind": f"k{number:02}", "text": text, "level": None, "url": None} for number, text in enumerate(texts)]
    cleaned = clean_text(body, Context(language=language), REPAIRS)
    made = clean_blocks(body, blocks, cleaned)
    assert PARAGRAPH_BREAK.join(str(block["text"]) for block in made) == cleaned.text
    kinds = [str(block["kind"]) for block in made]
    assert kinds == sorted(kinds)


@RELAXED
@given(
    st.lists(st.sampled_from(["Council waits.", "He “left” it."]), min_size=1, max_size=5).map(PARAGRAPH_BREAK.join),
    LANGUAGES,
)
def test_plain_sentences_are_never_touched(text: str, language: str | None) -> None:
    """Ordinary text has no receipt in any language."""
    assert clean_text(text, Context(language=language), REPAIRS).receipts == ()


@pytest.mark.faults
@pytest.mark.parametrize("text", ["", " ", "\n\n", "\n\n\n\n", "\x00", "\ud800", "[", "READ:", "ADVERTISEMENT"])
def test_D8_smallest_texts(text: str) -> None:
    """Nothing, or next to nothing, is cleaned without an error and leads back."""
    cleaned = clean_text(text, Context(language="en"), REPAIRS)
    assert rebuild(cleaned.text, cleaned.receipts) == text
    assert not cleaned.text.strip() or cleaned.text == text
