"""One shard of clean articles: the contract's checks, and rows split into accepted and refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from schemas.article import Article
from schemas.candidate import candidate_json
from schemas.identity import digest
from schemas.quarantine import Quarantine
from schemas.reasons import REASON_TEXT, Reason, Severity
from schemas.shard import ShardSummary
from schemas.table import empty, frame
from tasks.io.staging import RunContext, read_part, write_part
from tasks.validate.checks import CheckRaisedError, Rules, find_failures
from tasks.validate.measures import MEASURES

MAX_VALUE = 500
_TAKEN_OVER = (
    "url", "site", "source_id", "article_id", "version_id", "page_kind", "captured_at", "capture_uri", "capture_offset",
)  # fmt: skip


@dataclass(frozen=True)
class ValidateSettings:
    """What the sources say of the contract's checks."""

    rules: Mapping[str, Rules] = field(default_factory=dict)
    """Source id to code of a check (`schemas.contract`) to its rule."""


@dataclass(frozen=True)
class Split:
    """Accepted rows in their order (warnings noted in `flags`), quarantine rows, and counts."""

    accepted: pl.DataFrame
    quarantine: pl.DataFrame
    refused_count: int
    warning_count: int


def validate_shard(run: RunContext, shard: str, settings: ValidateSettings) -> ShardSummary:
    """Read clean/articles/<shard>; write validate/quarantine/<shard> and, last, validate/articles/<shard>.

    A shard whose articles are there is finished and only counted.

    Raises:
        DiskError: the disk refused a part.
    """
    source = run.part("clean", "articles", shard)
    articles, quarantine = run.part("validate", "articles", shard), run.part("validate", "quarantine", shard)
    warning_count = 0
    if not articles.exists():
        split = split_rows(read_part(source, Article), run, settings)
        warning_count = split.warning_count
        write_part(quarantine, Quarantine, split.quarantine)
        write_part(articles, Article, split.accepted)
    read, passed = pq.read_metadata(source).num_rows, pq.read_metadata(articles).num_rows
    return ShardSummary("validate", shard, read, passed, read - passed, warning_count=warning_count)


def split_rows(
    rows: pl.DataFrame, run: RunContext, settings: ValidateSettings, measures: Mapping[str, pl.Expr] = MEASURES
) -> Split:
    """The rows by the contract; when a check raises, all of them are held and the check is named."""
    try:
        failures = find_failures(rows, settings.rules, measures)
    except CheckRaisedError as error:
        held = [_held(row, error, run) for row in rows.iter_rows(named=True)]
        return Split(empty(Article), frame(Quarantine, held), rows.height, 0)
    is_warning = pl.col("severity") == Severity.WARN
    refusals, warnings = failures.filter(~is_warning), failures.filter(is_warning)
    refused = refusals["row"].unique()
    numbered = rows.with_row_index("row")
    accepted = numbered.filter(~pl.col("row").is_in(refused.implode()))
    return Split(
        _flagged(accepted, warnings).select(rows.columns),
        frame(Quarantine, _refusals(rows, refusals, run)),
        len(refused),
        warnings.join(accepted.select("row"), on="row", how="semi").height,
    )


def _flagged(accepted: pl.DataFrame, warnings: pl.DataFrame) -> pl.DataFrame:
    """The rows with the codes of their warnings added to `flags`."""
    if warnings.is_empty():
        return accepted
    codes = warnings.group_by("row", maintain_order=True).agg(pl.col("code").alias("warned"))
    joined = accepted.join(codes, on="row", how="left", maintain_order="left")
    both = pl.col("flags").list.concat(pl.col("warned")).list.unique(maintain_order=True)
    return joined.with_columns(flags=pl.when(pl.col("warned").is_null()).then("flags").otherwise(both))


def _refusals(rows: pl.DataFrame, refusals: pl.DataFrame, run: RunContext) -> list[dict[str, Any]]:
    """A quarantine row for each check that a row fails; all of a row weigh as much as the heaviest."""
    made = []
    for index, found in refusals.group_by("row", maintain_order=True):
        row = rows.row(int(str(index[0])), named=True)
        severity = Severity.HOLD if set(found["severity"]) == {Severity.HOLD.value} else Severity.REJECT
        candidate = candidate_json(row)
        made += [_refusal(row, one, severity, run) | {"candidate": candidate} for one in found.iter_rows(named=True)]
    return made


def _refusal(row: Mapping[str, Any], failure: Mapping[str, Any], severity: Severity, run: RunContext) -> dict[str, Any]:
    value = failure["value"]
    return about(row, failure["code"], run) | {
        "severity": severity.value,
        "reason": Reason.CHECK_FAILED.value,
        "field": failure["column"],
        "value": None if value is None else value[:MAX_VALUE],
        "limits": failure["limits"],
        "message": failure["message"],
    }


def _held(row: Mapping[str, Any], error: CheckRaisedError, run: RunContext) -> dict[str, Any]:
    return about(row, error.code, run) | {
        "severity": Severity.HOLD.value,
        "reason": Reason.CHECK_RAISED.value,
        "value": error.cause[:MAX_VALUE],
        "message": f"{REASON_TEXT[Reason.CHECK_RAISED]} It is {error.code}.",
        "candidate": candidate_json(row),
    }


def about(row: Mapping[str, Any], rule: str, run: RunContext) -> dict[str, Any]:
    """What every quarantine row of a candidate has."""
    return {name: row[name] for name in _TAKEN_OVER} | {
        "quarantine_id": digest(run.run_id, row["url"] or "", "validate", rule),
        "stage": "validate",
        "rule": rule,
        "recorded_at": run.now,
        "run_id": run.run_id,
    }
