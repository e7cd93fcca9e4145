"""The checks run over a frame of article rows: which rows fail which check, with what value.

Two pandera models are asked, both eagerly and lazily (all failures are wanted): `Article` for types and missing values,
`Contract` for what is measured. What does not belong here: what becomes of the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandera.polars as pa
import polars as pl

from schemas.article import Article
from schemas.contract import CheckInfo, Contract, contract_checks
from schemas.reasons import Severity
from tasks.validate.measures import MEASURES

_FAILURES = pl.Schema({"row": pl.UInt32(), "code": pl.String(), "value": pl.String()})
_UNIQUE = "field_uniqueness"
"""Pandera names every row of a repeated key; our `version_repeated` names all but the first."""


class CheckRaisedError(Exception):
    """A check could not be carried out; `code` names it. The shard is held, the run goes on."""

    def __init__(self, code: str, cause: str) -> None:
        super().__init__(f"{code}: {cause}")
        self.code = code
        self.cause = cause


@dataclass(frozen=True)
class Findings:
    """Failures (row, code, value), and what is known of each code in them."""

    failures: pl.DataFrame
    checks: Mapping[str, CheckInfo]

    def rows(self, *, warnings: bool) -> pl.DataFrame:
        """The failures of checks that only warn, or of all others."""
        codes = [code for code, check in self.checks.items() if (check.severity is Severity.WARN) is warnings]
        return self.failures.filter(pl.col("code").is_in(codes))


def find_failures(
    rows: pl.DataFrame, off: frozenset[str] = frozenset(), measures: Mapping[str, pl.Expr] = MEASURES
) -> Findings:
    """All failures of all checks but those that are off.

    Raises:
        CheckRaisedError: a check could not be carried out.
    """
    wanted = {code: measure for code, measure in measures.items() if code not in off}
    contract = Contract.to_schema().remove_columns([code for code in MEASURES if code not in wanted])
    measured = _failing(_measured(rows, wanted), contract).with_columns(code=pl.col("column"))
    typed = _failing(rows, Article.to_schema()).filter(pl.col("check") != _UNIQUE)
    typed = typed.with_columns(code=pl.col("column") + "_" + pl.col("check").str.extract(r"^(\w+)", 1).replace(_SHORT))
    found = typed.select("code", "column", "check").unique("code").sort("code").iter_rows()
    checks = contract_checks() | {code: _model_check(code, column, check) for code, column, check in found}
    failures = pl.concat([measured.select(_FAILURES.names()), typed.select(_FAILURES.names())])
    return Findings(failures.unique(maintain_order=True), checks)


_SHORT = {"not_nullable": "missing"}


def _model_check(code: str, column: str, check: str) -> CheckInfo:
    """What is known of a constraint of the model `Article`."""
    if check == "not_nullable":
        return CheckInfo(code, column, Severity.REJECT, "not null", f"A row without {column} cannot be published.")
    return CheckInfo(code, column, Severity.REJECT, check, f"The value of {column} is not one that the table allows.")


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
        return pl.DataFrame(schema={**_FAILURES, "column": pl.String(), "check": pl.String()})
    for column, check, case in (
        cases.filter(pl.col("index").is_null()).select("column", "check", "failure_case").iter_rows()
    ):
        raise CheckRaisedError(column or check, f"{check}: {case}")
    return cases.select(
        row=pl.col("index").cast(pl.UInt32),
        code=pl.lit(""),
        value=pl.col("failure_case"),
        column="column",
        check="check",
    )
