"""The four case files in ftfy's manner: what goes, what stays, and what we know that we cannot do yet."""

import json
from pathlib import Path
from typing import Any

import pytest

from tasks.clean.model import Context
from tasks.clean.receipts import rebuild
from tasks.clean.repairs import REPAIRS
from tasks.clean.runner import clean_text

CASES = Path(__file__).parent / "cases"


def _cases(name: str) -> list[Any]:
    rows = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(row, id=f"{name}: {row['label']}") for row in rows]


def _cleaned(row: dict[str, Any]) -> str:
    cleaned = clean_text(row["original"], Context(language=row["language"]), REPAIRS)
    assert rebuild(cleaned.text, cleaned.receipts) == row["original"]
    return cleaned.text


@pytest.mark.parametrize("row", [*_cases("wild"), *_cases("synthetic")])
def test_case_is_repaired(row: dict[str, Any]) -> None:
    """Junk goes, the rest stays whole, and the receipts lead back."""
    assert _cleaned(row) == row["fixed"]


@pytest.mark.parametrize("row", _cases("negative"))
@pytest.mark.parametrize("around", ["{}", "He waited.\n\n{}", "{}\n\nHe waited."], ids=["alone", "last", "first"])
def test_negative_case_is_not_touched(row: dict[str, Any], around: str) -> None:
    """A sentence that looks like junk stays, alone, as the last and as the first paragraph."""
    text = around.format(row["original"])
    assert clean_text(text, Context(language=row["language"]), REPAIRS).receipts == ()


@pytest.mark.parametrize("row", _cases("known_failures"))
def test_known_failure(row: dict[str, Any], request: pytest.FixtureRequest) -> None:
    """What should go and does not yet; a case that passes must move to another file."""
    request.applymarker(pytest.mark.xfail(reason=row["comment"], strict=True))
    assert _cleaned(row) == row["fixed"]


def test_case_files_are_complete() -> None:
    """Every case has its fields, no label stands twice, and the negative file is large and in many languages."""
    for name in ("wild", "synthetic", "negative", "known_failures"):
        rows = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
        assert {tuple(sorted(row)) for row in rows} == {("comment", "expect", "fixed", "label", "language", "original")}
        assert len({row["label"] for row in rows}) == len(rows)
        assert {row["expect"] for row in rows} == {"fail" if name == "known_failures" else "pass"}
    negative = json.loads((CASES / "negative.json").read_text(encoding="utf-8"))
    assert len(negative) >= 60
    assert len({row["language"] for row in negative}) >= 8
