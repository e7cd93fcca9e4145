"""D4: each repair on text made to hurt it; steps are counted, not timed: twice the text costs twice the steps."""

import sys

import pytest

from tasks.clean.model import Context, Draft
from tasks.clean.receipts import rebuild
from tasks.clean.repairs import REPAIRS
from tasks.clean.runner import clean_text

REPEATED = [
    "a", " ", "\n", "\n\n", "\xa0", "\u200b", "\u200d", "[", "]", "[a", "[x-y a=“", "[x-y a=“1” ", "[/x", "[/xy]",
    "[gallery ", "[caption]", "READ: ", "READ: A\n\n", "Read more:", "Article continues after this advertisement",
    "ADVERTISEMENT", "ADVERTISEMENT\n\n", "“", "\"", "&amp;", "&", "&#38;", "&amp;#38;", "Ã", "Ã©", "â€™", "(AP)",
    "(", "MANILA ", "MANILA, ", "- ", "TVJ/", "TVJ ", "TVJ\n\n", "A. TVJ ", "I;m ", ";", "Sign up for our ",
    "follow us on facebook, ", "facebook, ", "\U000e0041", "\u202e", "é\xa0", "1", ". ",
    "© ", "©2024 A. ", "Ana Ruiz ", "Ana Ruiz, ", "contributed ", "a@b.c ", "@abc ",
    "This story originally appeared in ",
    "we may earn ", "Reporting by A. ", "/tvj", "(tvj", "tvj/", "t.v.", "Source: AFP ", "AFP/", "KOMPAS.com, ",
    "Follow A on ", "By A and ", "PARIS (AFP ",
]  # fmt: skip


@pytest.mark.faults
@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", REPEATED, ids=[ascii(unit) for unit in REPEATED])
def test_D4_repeated_text(unit: str) -> None:
    """A hundred thousand characters of anything are cleaned long before the test's time is up, and lead back."""
    text = (unit * (100_000 // len(unit) + 1))[:100_000]
    for field in ("body", "title"):
        cleaned = clean_text(text, Context(field, "en"), REPAIRS)
        assert rebuild(cleaned.text, cleaned.receipts) == text


def _steps(unit: str, count: int) -> int:
    """Lines of our own code that run over `count` times the unit."""
    steps = 0

    def trace(frame: object, event: str, _argument: object) -> object:
        nonlocal steps
        steps += event == "line"
        return trace

    text = unit * count
    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type] - the trace function is typed for frames we do not look at
    try:
        for repair in REPAIRS:
            repair.find(Draft(text), Context(language="en"))
    finally:
        sys.settrace(before)
    return steps


@pytest.mark.faults
@pytest.mark.parametrize("unit", REPEATED, ids=[ascii(unit) for unit in REPEATED])
def test_D4_steps_grow_in_line_with_the_text(unit: str) -> None:
    """Eight times the text, at most about eight times the steps."""
    assert _steps(unit, 1600) <= 8.5 * _steps(unit, 200) + 500
