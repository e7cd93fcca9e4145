"""Each check of the contract on rows at its limits, and the table of checks itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.article import Article
from schemas.contract import Contract, contract_checks
from schemas.reasons import Severity
from schemas.table import frame
from tasks.validate.checks import find_failures
from tasks.validate.measures import MEASURES

Make = Callable[..., dict[str, Any]]
CAPTURED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
FINE: list[dict[str, Any]] = [
    {},
    {"title": "Yes"},
    {"title": "x" * 500},
    {"title": "Paper money"},
    {"body": "a " * 19 + "a", "word_count": 20},
    {"body": "\ufffd" + "ab " * 60, "word_count": 60},
    {"body": "\n\n".join(["Row", "row", "Row", "your"]) + " boat" * 20, "word_count": 24},
    {"body": "今天" * 40, "word_count": 80, "language": "zh"},
    {"language": None},
    {"published_at": None},
    {"published_at": CAPTURED + timedelta(hours=48)},
    {"published_at": datetime(1990, 1, 1, tzinfo=UTC)},
    {"url": "file:///a%20b.txt", "canonical_url": "file:///a%20b.txt"},
    {"page_kind": "live_blog"},
]
BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("title_length", {"title": "No"}),
    ("title_length", {"title": ""}),
    ("title_length", {"title": "x" * 501}),
    ("title_is_site", {"title": "Paper"}),
    ("title_is_site", {"title": "paper.example"}),
    ("title_missing", {"title": None}),
    ("body_words", {"body": "a " * 18 + "a", "word_count": 19}),
    ("body_lost", {"body": "\ufffd\ufffd" + "ab " * 60, "word_count": 60}),
    ("body_repeats", {"body": "\n\n".join(["All of it is the same text."] * 6), "word_count": 42}),
    ("word_count_wrong", {"word_count": 2_000}),
    ("word_count_wrong", {"body": "word " * 4_000, "word_count": 25}),
    ("url_form", {"url": "ftp://paper.example/1"}),
    ("url_form", {"url": "https:///1"}),
    ("canonical_url_form", {"canonical_url": "/1"}),
    ("site_named", {"site": ""}),
    ("language_code", {"language": "eng"}),
    ("language_code", {"language": "EN"}),
    ("page_kind_known", {"page_kind": "gallery"}),
    ("date_before_1990", {"published_at": datetime(1989, 12, 31, tzinfo=UTC)}),
    ("date_in_future", {"published_at": CAPTURED + timedelta(hours=49)}),
    ("capture_offset_greater_than_or_equal_to", {"capture_offset": -1}),
]


def _codes(rows: list[dict[str, Any]]) -> list[str]:
    return find_failures(frame(Article, rows)).failures["code"].to_list()


@pytest.mark.parametrize("columns", FINE, ids=str)
def test_row_at_the_limits_passes(article_row: Make, columns: dict[str, Any]) -> None:
    """No check fails."""
    assert _codes([article_row(**columns)]) == []


@pytest.mark.parametrize(("code", "columns"), BROKEN, ids=lambda value: str(value)[:60])
def test_row_beyond_the_limits_fails(article_row: Make, code: str, columns: dict[str, Any]) -> None:
    """Exactly the one check fails, for exactly the one row."""
    failures = find_failures(frame(Article, [article_row(1), article_row(2, **columns), article_row(3)])).failures
    assert failures.select("row", "code").rows() == [(1, code)]


def test_second_of_two_equal_versions_fails(article_row: Make) -> None:
    """The first keeps its place."""
    failures = find_failures(frame(Article, [article_row(1), article_row(2, version_id="v1")])).failures
    assert failures.select("row", "code").rows() == [(1, "version_repeated")]


def test_every_check_is_tried() -> None:
    """No check of the contract is without a row that it refuses."""
    assert {code for code, _ in BROKEN} >= set(contract_checks()) - {"version_repeated"}


def test_checks_measures_and_columns_agree() -> None:
    """One measure a check, in order; each speaks of a column that there is, in sentences."""
    assert list(MEASURES) == list(contract_checks()) == list(Contract.to_schema().columns)
    columns = set(Article.to_schema().columns)
    for check in contract_checks().values():
        assert check.column in columns
        assert check.message.endswith(".")
        assert check.limits
        assert check.severity in Severity
