"""The checks run over a frame of article rows: which rows fail which check, with what value.

Two pandera models are asked, both eagerly and lazily (all failures are wanted): `Article` for types and missing values,
`Contract` for what is measured. What does not belong here: what becomes of the rows.
"""

from collections.abc import Mapping
from types import MappingProxyType

import pandera.polars as pa
import polars as pl

from schemas.article import Article
from schemas.check_rule import CheckRule
from schemas.contract import contract_with
from schemas.reasons import Severity
from tasks.validate.measures import MEASURES

FAILURES = pl.Schema(
    {
        "row": pl.UInt32(), "code": pl.String(), "value": pl.String(), "column": pl.String(), "severity": pl.String(),
        "limits": pl.String(), "message": pl.String(),
    }
)  # fmt: skip
"""One failure: the row's number from 0, the check's code, the value found, and what is known of the check."""

_CASES = pl.Schema({"row": pl.UInt32(), "value": pl.String(), "column": pl.String(), "check": pl.String()})
_UNIQUE = "field_uniqueness"
"""Pandera names every row of a repeated key; our `version_repeated` names all but the first."""


class CheckRaisedError(Exception):
    """A check could not be carried out; `code` names it. The shard is held, the run goes on."""

    def __init__(self, code: str, cause: str) -> None:
        super().__init__(f"{code}: {cause}")
        self.code = code
        self.cause = cause


Rules = Mapping[str, CheckRule]
"""Code of a check to what a source says of it."""


def find_failures(
    rows: pl.DataFrame, rules: Mapping[str, Rules] = MappingProxyType({}), measures: Mapping[str, pl.Expr] = MEASURES
) -> pl.DataFrame:
    """All failures (`FAILURES`) of all checks, by row.

    Args:
        rows: `Article` rows.
        rules: Source id to its rules; every other source has the contract as it is.
        measures: Code of a check to what it reads.

    Raises:
        CheckRaisedError: a check could not be carried out.
    """
    numbered = rows.with_row_index("row")
    own = sorted(set(rules) & set(rows["source_id"].unique().drop_nulls())) if rules else []
    parts = [(numbered.filter(pl.col("source_id") == name), rules[name]) for name in own]
    others = numbered.filter(~pl.col("source_id").is_in(own)) if own else numbered
    found = [_find(part, rule, measures) for part, rule in [*parts, (others, {})] if part.height]
    typed = [_typed(rows)] if rows.height else []
    return (
        pl.concat([pl.DataFrame(schema=FAILURES), *found, *typed])
        .unique(maintain_order=True)
        .sort("row", maintain_order=True)
    )


def _find(numbered: pl.DataFrame, rules: Rules, measures: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """The failures of the contract's own checks; `row` of the frame is kept."""
    schema, checks = contract_with(rules)
    cases = _failing(_measured(numbered, {code: measures[code] for code in checks}), schema)
    about = pl.DataFrame(
        [(c.code, c.column, c.severity.value, c.limits, c.message) for c in checks.values()],
        schema=["code", "column", "severity", "limits", "message"],
        orient="row",
    )
    failures = cases.select("row", "value", code="column").join(about, on="code", maintain_order="left")
    failures = failures.with_columns(row=numbered["row"].gather(failures["row"]))
    return _spread(failures, numbered).select(pl.col(name).cast(kind) for name, kind in FAILURES.items())


def _spread(failures: pl.DataFrame, numbered: pl.DataFrame) -> pl.DataFrame:
    """A source whose fields are frozen is held as a whole: every row of it fails when one does."""
    frozen = failures.filter((pl.col("code") == "fields_unknown") & (pl.col("severity") == Severity.HOLD))
    if frozen.is_empty():
        return failures
    row, rest = frozen.head(1).drop("row", "value"), failures.filter(pl.col("code") != "fields_unknown")
    counts = frozen.select("row", "value")
    every = numbered.select("row").join(row, how="cross").join(counts, on="row", how="left")
    return pl.concat([rest, every.with_columns(pl.col("value").fill_null("0")).select(failures.columns)])


def _typed(rows: pl.DataFrame) -> pl.DataFrame:
    """The failures of the model `Article`: missing values, and what its columns do not allow."""
    cases = _failing(rows, Article.to_schema()).filter(pl.col("check") != _UNIQUE)
    check = pl.col("check").str.extract(r"^(\w+)", 1)
    is_missing = check == "not_nullable"
    column = pl.col("column")
    return cases.select(
        row="row",
        code=column + "_" + pl.when(is_missing).then(pl.lit("missing")).otherwise(check),
        value="value",
        column=column,
        severity=pl.lit(Severity.REJECT.value),
        limits=pl.when(is_missing).then(pl.lit("not null")).otherwise("check"),
        message=pl.when(is_missing)
        .then(pl.format("A row without {} cannot be published.", column))
        .otherwise(pl.format("The value of {} is not one that the table allows.", column)),
    )


def _measured(rows: pl.DataFrame, measures: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """All measures in one pass; when that fails, one by one, to name the one that cannot be taken."""
    try:
        return rows.select(**measures)
    except Exception as error:
        for code, measure in measures.items():
            _try(rows, code, measure)
        raise CheckRaisedError("all", str(error)) from error


def _try(rows: pl.DataFrame, code: str, measure: pl.Expr) -> None:
    try:
        rows.select(measure)
    except Exception as error:
        raise CheckRaisedError(code, f"{type(error).__name__}: {error}") from error


def _failing(rows: pl.DataFrame, schema: pa.DataFrameSchema) -> pl.DataFrame:
    """Pandera's failure cases as (row, column, check, value).

    Raises:
        CheckRaisedError: a failure has no row: the check itself failed, or a column has the wrong type.
    """
    try:
        schema.validate(rows, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases: pl.DataFrame = error.failure_cases
    else:
        return pl.DataFrame(schema=_CASES)
    for column, check, case in (
        cases.filter(pl.col("index").is_null()).select("column", "check", "failure_case").iter_rows()
    ):
        raise CheckRaisedError(column or check, f"{check}: {case}")
    return cases.select(
        row=pl.col("index").cast(pl.UInt32),
        value=pl.col("failure_case"),
        column="column",
        check="check",
    )
