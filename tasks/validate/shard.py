"""One shard of clean articles: the contract's checks, and rows split into accepted and refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from schemas.article import Article
from schemas.candidate import candidate_json
from schemas.contract import CheckInfo
from schemas.identity import digest
from schemas.quarantine import Quarantine
from schemas.reasons import REASON_TEXT, Reason, Severity
from schemas.shard import ShardSummary
from schemas.table import empty, frame
from tasks.io.staging import RunContext, read_part, write_part
from tasks.validate.checks import CheckRaisedError, Findings, find_failures
from tasks.validate.measures import MEASURES

MAX_VALUE = 500
_TAKEN_OVER = (
    "url", "site", "source_id", "article_id", "version_id", "page_kind", "captured_at", "capture_uri", "capture_offset",
)  # fmt: skip


@dataclass(frozen=True)
class ValidateSettings:
    """Which checks run. `off` holds codes of checks (`schemas.contract`) that do not."""

    off: frozenset[str] = frozenset()


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
        findings = find_failures(rows, settings.off, measures)
    except CheckRaisedError as error:
        held = [_held(row, error, run) for row in rows.iter_rows(named=True)]
        return Split(empty(Article), frame(Quarantine, held), rows.height, 0)
    refusals, warnings = findings.rows(warnings=False), findings.rows(warnings=True)
    refused = refusals["row"].unique()
    numbered = rows.with_row_index("row")
    accepted = numbered.filter(~pl.col("row").is_in(refused.implode()))
    return Split(
        _flagged(accepted, warnings).select(rows.columns),
        frame(Quarantine, _refusals(rows, refusals, findings, run)),
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


def _refusals(rows: pl.DataFrame, refusals: pl.DataFrame, findings: Findings, run: RunContext) -> list[dict[str, Any]]:
    """A quarantine row for each check that a row fails; all of a row weigh as much as the heaviest."""
    made = []
    for index, found in refusals.group_by("row", maintain_order=True):
        row = rows.row(int(str(index[0])), named=True)
        checks = [findings.checks[code] for code in found["code"]]
        severity = Severity.HOLD if all(check.severity is Severity.HOLD for check in checks) else Severity.REJECT
        candidate = candidate_json(row)
        for check, value in zip(checks, found["value"], strict=True):
            made.append(_refusal(row, check, value, severity, run) | {"candidate": candidate})
    return made


def _refusal(
    row: Mapping[str, Any], check: CheckInfo, value: str | None, severity: Severity, run: RunContext
) -> dict[str, Any]:
    return _about(row, check.code, run) | {
        "severity": severity.value,
        "reason": Reason.CHECK_FAILED.value,
        "field": check.column,
        "value": None if value is None else value[:MAX_VALUE],
        "limits": check.limits,
        "message": check.message,
    }


def _held(row: Mapping[str, Any], error: CheckRaisedError, run: RunContext) -> dict[str, Any]:
    return _about(row, error.code, run) | {
        "severity": Severity.HOLD.value,
        "reason": Reason.CHECK_RAISED.value,
        "value": error.cause[:MAX_VALUE],
        "message": f"{REASON_TEXT[Reason.CHECK_RAISED]} It is {error.code}.",
        "candidate": candidate_json(row),
    }


def _about(row: Mapping[str, Any], rule: str, run: RunContext) -> dict[str, Any]:
    """What every quarantine row of a candidate has."""
    return {name: row[name] for name in _TAKEN_OVER} | {
        "quarantine_id": digest(run.run_id, row["url"] or "", "validate", rule),
        "stage": "validate",
        "rule": rule,
        "recorded_at": run.now,
        "run_id": run.run_id,
    }
