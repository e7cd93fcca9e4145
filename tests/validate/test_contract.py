"""Each check of the contract on rows at its limits, and the table of checks itself."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from schemas.article import Article
from schemas.check_rule import read_check_rules
from schemas.contract import Contract, contract_checks
from schemas.reasons import Severity
from schemas.source import Source
from schemas.table import frame
from tasks.validate.checks import find_failures
from tasks.validate.measures import MEASURES
from tasks.validate.notices import MARKUP_PATTERN, MOJIBAKE_PATTERN, NOTICES, Pattern

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
    {"body": "word " * 98 + "word", "word_count": 99, "language": None},
    {"published_at": None},
    {"published_at": CAPTURED + timedelta(hours=48)},
    {"published_at": datetime(1990, 1, 1, tzinfo=UTC)},
    {"url": "file:///a%20b.txt", "canonical_url": "file:///a%20b.txt"},
    {"page_kind": "live_blog"},
    {"body": "word " * 99_999 + "word", "word_count": 100_000},
    {"body": "(-) " * 15 + "word " * 35, "word_count": 50},
    {"body": "हिन्दी में समाचार " * 30, "word_count": 90, "language": "hi"},
    {"body": "We use cookies. " + "word " * 160, "word_count": 163},
    {"body": "a < b and <is> it " * 10, "word_count": 60},
    {"body": "BÃ¼rger" + " word" * 200, "word_count": 201},
    {"canonical_url": "https://m.paper.example/1"},
    {"url": "https://www.bbc.co.uk/1", "canonical_url": "https://bbc.co.uk/1"},
    {"modified_at": datetime(2026, 2, 28, 20, 0, tzinfo=UTC)},
    {"authors": [f"Name {number}" for number in range(20)]},
    {"extra_fields": [{"name": "desk", "value": '"north"'}]},
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
    ("body_words", {"body": "word " * 100_000 + "word", "word_count": 100_001}),
    ("body_symbols", {"body": "(--) " * 30, "word_count": 30}),
    ("body_notice", {"body": "Please enable JavaScript in your browser. " * 4, "word_count": 24}),
    ("body_mojibake", {"body": "Der BÃ¼rgermeister kam spÃ¤t. " * 6, "word_count": 24}),
    ("body_markup", {"body": "He said <b>no</b><br/> to it. " * 6, "word_count": 36}),
    ("canonical_elsewhere", {"canonical_url": "https://other.example.org/1"}),
    ("language_unknown", {"body": "word " * 99 + "word", "word_count": 100, "language": None}),
    ("modified_before_published", {"modified_at": datetime(2026, 2, 28, 18, 59, tzinfo=UTC)}),
    ("author_count", {"authors": [f"Name {number}" for number in range(21)]}),
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
    return find_failures(frame(Article, rows))["code"].to_list()


@pytest.mark.parametrize("columns", FINE, ids=str)
def test_row_at_the_limits_passes(article_row: Make, columns: dict[str, Any]) -> None:
    """No check fails."""
    assert _codes([article_row(**columns)]) == []


@pytest.mark.parametrize(("code", "columns"), BROKEN, ids=lambda value: str(value)[:60])
def test_row_beyond_the_limits_fails(article_row: Make, code: str, columns: dict[str, Any]) -> None:
    """Exactly the one check fails, for exactly the one row."""
    failures = find_failures(frame(Article, [article_row(1), article_row(2, **columns), article_row(3)]))
    assert failures.select("row", "code").rows() == [(1, code)]


def test_second_of_two_equal_versions_fails(article_row: Make) -> None:
    """The first keeps its place."""
    failures = find_failures(frame(Article, [article_row(1), article_row(2, version_id="v1")]))
    assert failures.select("row", "code").rows() == [(1, "version_repeated")]


def test_every_check_is_tried() -> None:
    """No check of the contract is without a row that it refuses."""
    assert {code for code, _ in BROKEN} >= set(contract_checks()) - {"version_repeated", "fields_unknown"}


def test_checks_measures_and_columns_agree() -> None:
    """One measure a check, in order; each speaks of a column that there is, in sentences."""
    assert list(MEASURES) == list(contract_checks()) == list(Contract.to_schema().columns)
    columns = set(Article.to_schema().columns)
    for check in contract_checks().values():
        assert check.column in columns
        assert check.message.endswith(".")
        assert check.limits
        assert check.severity in Severity


@pytest.mark.parametrize("pattern", [*NOTICES, MOJIBAKE_PATTERN, MARKUP_PATTERN], ids=lambda pattern: pattern.matches)
def test_patterns_match_and_spare(pattern: Pattern) -> None:
    """By the engine that runs them."""
    found = pl.Series([pattern.matches, pattern.spares]).str.contains(f"(?i){pattern.regex}")
    assert found.to_list() == [True, False]


RULES: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({"title_length": "off"}, {"title": "No"}, []),
    ({"title_length": "warn"}, {"title": "No"}, ["warn"]),
    ({"body_words": {"min": "200"}}, {}, ["reject"]),
    ({"body_words": {"min": "200", "severity": "hold"}}, {}, ["hold"]),
    (
        {"date_in_future": {"max": "0", "severity": "reject"}},
        {"published_at": CAPTURED + timedelta(hours=2)},
        ["reject"],
    ),
    ({"date_in_future": {"max": "1000"}}, {"published_at": CAPTURED + timedelta(hours=900)}, []),
]


@pytest.mark.parametrize(("said", "columns", "severities"), RULES, ids=str)
def test_a_source_can_loosen_and_tighten(
    article_row: Make, said: dict[str, Any], columns: dict[str, Any], severities: list[str]
) -> None:
    """Only for its own rows; those of another source in the same shard have the contract as it is."""
    rows = frame(Article, [article_row(1, source_id="other"), article_row(2, **columns)])
    failures = find_failures(rows, {"paper": read_check_rules(said)})
    assert failures.select("row", "severity").rows() == [(1, severity) for severity in severities]
    there = frame(Article, [article_row(1), article_row(2, source_id="other", **columns)])
    assert find_failures(there, {"paper": {}}).equals(find_failures(there))


def test_the_limits_of_a_source_are_told(article_row: Make) -> None:
    """The quarantine says which limit refused the row, and where it stands."""
    rules = {"paper": read_check_rules({"body_words": {"min": "200"}})}
    failures = find_failures(frame(Article, [article_row()]), rules)
    assert failures["limits"].to_list() == ["at least 200 and at most 100000, as sources.yaml says"]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"body_word": "off"}, "did you mean 'body_words'"),
    ({"xyz": "off"}, "there are title_length"),
    ({"version_repeated": "off"}, "cannot be changed"),
    ({"body_words": "of"}, "is not a severity"),
    ({"body_words": {}}, "write off, warn, hold or reject"),
    ({"body_words": {"least": "3"}}, "'least' is not known"),
    ({"body_words": {"min": "many"}}, "min must be a number"),
    ({"body_words": {"min": "9", "max": "3"}}, "greater than max"),
    ({"title_is_site": {"min": "1"}}, "has no limits to set"),
]


@pytest.mark.parametrize(("said", "told"), WRONG, ids=lambda value: str(value)[:50])
def test_a_wrong_rule_is_told(said: dict[str, Any], told: str) -> None:
    """One sentence that names the check."""
    with pytest.raises(ValueError, match=re.escape(told)):
        read_check_rules(said)


@pytest.mark.faults
def test_G4_unknown_fields_quarantine_or_freeze(article_row: Make) -> None:
    """They are kept by default; else they cost the row, or hold all rows of the source; other sources go on."""
    extra = {"extra_fields": [{"name": "desk", "value": "1"}]}
    rows = frame(Article, [article_row(1), article_row(2, **extra), article_row(3, source_id="other", **extra)])
    source = {"id": "paper", "kind": "folder", "path": "p"}
    outcome = {}
    for mode in ("evolve", "quarantine", "freeze"):
        rules = Source.model_validate(source | {"unknown_fields": mode}).check_rules
        outcome[mode] = find_failures(rows, {"paper": rules}).select("row", "severity", "value").rows()
    assert outcome == {
        "evolve": [],
        "quarantine": [(1, "reject", "1")],
        "freeze": [(0, "hold", "0"), (1, "hold", "1")],
    }
