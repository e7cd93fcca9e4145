"""Rows split into accepted and refused, with their reasons; and what happens when a check itself fails."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from schemas.article import Article
from schemas.candidate import candidate_row
from schemas.quarantine import Quarantine
from schemas.table import empty, frame
from tasks.io.staging import RunContext, read_part, write_part
from tasks.validate.measures import MEASURES
from tasks.validate.shard import MAX_VALUE, ValidateSettings, split_rows, validate_shard
from tasks.validate.task import validate_shard as task

Make = Callable[..., dict[str, Any]]
SETTINGS = ValidateSettings()


def test_accepted_rows_are_identical(run: RunContext, article_row: Make) -> None:
    """Rows that pass come through unchanged, in their order."""
    rows = frame(Article, [article_row(number) for number in (3, 1, 2)])
    split = split_rows(rows, run, SETTINGS)
    assert split.accepted.equals(rows)
    assert split.quarantine.is_empty()


def test_refused_row_has_its_reason(run: RunContext, article_row: Make) -> None:
    """Rule, column, value, limits, sentence, where the page lies, and the whole candidate."""
    rows = frame(Article, [article_row(1), article_row(2, title="No")])
    split = split_rows(rows, run, SETTINGS)
    assert split.accepted.equals(rows[:1])
    found = split.quarantine.row(0, named=True)
    wanted = {
        "stage": "validate", "severity": "reject", "reason": "check_failed", "rule": "title_length", "field": "title",
        "value": "2", "limits": "3 to 500 characters", "url": "https://paper.example/2", "version_id": "v2",
        "capture_uri": "captures/a.warc.gz", "capture_offset": 7, "recorded_at": run.now, "run_id": run.run_id,
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted
    assert found["message"].endswith(".")
    assert candidate_row(found["candidate"]).equals(rows[1:])
    assert json.loads(found["candidate"])["captured_at"] == "2026-03-02T01:00:00.000000+00:00"


def test_row_that_fails_several_checks(run: RunContext, article_row: Make) -> None:
    """One quarantine row a check, each with an id of its own; the row counts once."""
    split = split_rows(frame(Article, [article_row(title="No", word_count=3)]), run, SETTINGS)
    assert set(split.quarantine["rule"]) == {"title_length", "body_words", "word_count_wrong"}
    assert split.quarantine["quarantine_id"].n_unique() == split.quarantine.height == 3
    assert split.refused_count == 1


def test_warning_is_a_flag(run: RunContext, article_row: Make) -> None:
    """A warned row is accepted, and says so once beside what it said before."""
    late = datetime(2027, 1, 1, tzinfo=UTC)
    rows = [article_row(1), article_row(2, published_at=late, flags=["sources_disagree"])]
    rows.append(article_row(3, published_at=late, flags=["date_in_future"]))
    split = split_rows(frame(Article, rows), run, SETTINGS)
    assert split.accepted["flags"].to_list() == [[], ["sources_disagree", "date_in_future"], ["date_in_future"]]
    assert (split.refused_count, split.warning_count) == (0, 2)


def test_warning_of_a_refused_row_is_not_counted(run: RunContext, article_row: Make) -> None:
    """What is refused carries no warning."""
    row = article_row(1, title="No", published_at=datetime(2027, 1, 1, tzinfo=UTC))
    split = split_rows(frame(Article, [row]), run, SETTINGS)
    assert (split.quarantine["rule"].to_list(), split.warning_count) == (["title_length"], 0)


def test_long_value_is_shortened(run: RunContext, article_row: Make) -> None:
    """A value of any length takes at most its share of the quarantine."""
    split = split_rows(frame(Article, [article_row(url="x" * 9_000)]), run, SETTINGS)
    assert len(split.quarantine["value"][0]) == MAX_VALUE


@pytest.mark.faults
def test_G1_one_bad_row_among_100_000(run: RunContext, article_row: Make) -> None:
    """It costs one row, with rule, value, row and capture."""
    one = frame(Article, [article_row()])
    number = pl.int_range(pl.len())
    rows = pl.concat([one] * 100_000).rechunk().with_columns(
        version_id=number.cast(pl.String), title=pl.when(number == 77_777).then(pl.lit("x")).otherwise("title")
    )  # fmt: skip
    split = split_rows(rows, run, SETTINGS)
    assert split.accepted.height == 99_999
    assert split.quarantine.select("version_id", "rule", "value", "capture_offset").rows() == [
        ("77777", "title_length", "1", 7)
    ]


def _raise(_values: pl.Series) -> pl.Series:
    raise ZeroDivisionError("a slip in the check")


@pytest.mark.faults
@pytest.mark.parametrize(
    "broken",
    [
        pl.col("title").map_batches(_raise, return_dtype=pl.UInt32()),
        pl.col("no_such_column"),
        pl.col("title"),
    ],
    ids=["raises", "names no column", "has the wrong type"],
)
def test_G3_check_that_raises_holds_all(run: RunContext, article_row: Make, broken: pl.Expr) -> None:
    """Every row of the shard is held, and the check is named."""
    rows = frame(Article, [article_row(number) for number in range(3)])
    split = split_rows(rows, run, SETTINGS, {**MEASURES, "title_length": broken})
    assert (split.accepted.height, split.refused_count) == (0, 3)
    assert set(split.quarantine["severity"]) == {"hold"}
    assert set(split.quarantine["reason"]) == {"check_raised"}
    assert set(split.quarantine["rule"]) == {"title_length"}
    assert "title_length" in split.quarantine["message"][0]
    assert candidate_row(split.quarantine["candidate"][2]).equals(rows[2:])


@pytest.mark.parametrize("call", [validate_shard, task.fn], ids=["function", "task"])
def test_shard_is_read_and_written_once(run: RunContext, article_row: Make, call: Callable[..., Any]) -> None:
    """Two parts; a second call counts the same rows."""
    rows = frame(Article, [article_row(1), article_row(2, title="No"), article_row(3, title="x", word_count=3)])
    write_part(run.part("clean", "articles", "s1"), Article, rows)
    first = call(run, "s1", SETTINGS)
    assert (first.read_count, first.passed_count, first.refused_count) == (3, 1, 2)
    assert read_part(run.part("validate", "articles", "s1"), Article).equals(rows[:1])
    assert read_part(run.part("validate", "quarantine", "s1"), Quarantine)["url"].n_unique() == 2
    assert call(run, "s1", SETTINGS) == first


def test_empty_shard(run: RunContext) -> None:
    """No row, no error, two empty parts."""
    write_part(run.part("clean", "articles", "s0"), Article, empty(Article))
    assert validate_shard(run, "s0", SETTINGS).read_count == 0
    assert read_part(run.part("validate", "articles", "s0"), Article).is_empty()
