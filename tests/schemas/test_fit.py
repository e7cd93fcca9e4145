"""The one pass that says whether rows fit their model says what pandera says."""

from typing import Any

import pandera.errors
import polars as pl
import pytest

from schemas import fit
from schemas.fit import checked
from schemas.table import Table, empty
from schemas.tables import TABLES
from tests.sql.dataset import filled


def rows_of(model: type[Table]) -> pl.DataFrame:
    """Two rows that fit."""
    rows = [filled(model), filled(model)]
    columns = model.to_schema().columns
    for name, column in columns.items():
        for check in column.checks:
            if check.name == "isin":
                for row in rows:
                    row[name] = sorted(check.statistics["allowed_values"])[0]
        if column.unique:
            rows[1][name] = f"{rows[1][name]}2"
    return pl.DataFrame(rows, schema=dict(empty(model).schema))


def _null(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.with_columns(pl.lit(None, rows.schema[name]).alias(name))


def spoilt(model: type[Table]) -> list[tuple[str, pl.DataFrame]]:
    """The rows with each rule of the model broken once."""
    rows, found = rows_of(model), []
    found.append(("a column too few", rows.drop(rows.columns[0])))
    found.append(("a column too many", rows.with_columns(more=1)))
    for name, column in model.to_schema().columns.items():
        if not column.nullable:
            found.append((f"{name} null", _null(rows, name)))
        if column.unique:
            found.append((f"{name} twice", pl.concat([rows, rows])))
        for check in column.checks:
            beyond = {"greater_than_or_equal_to": -1, "less_than_or_equal_to": 1e6, "isin": "?"}[check.name]
            found.append(
                (f"{name} {check.name}", rows.with_columns(pl.lit(beyond).cast(rows.schema[name]).alias(name)))
            )
        if rows.schema[name] == pl.Int64:
            found.append((f"{name} of another type", rows.with_columns(pl.col(name).cast(pl.Int32))))
    return found


@pytest.fixture
def never_pandera(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pandera may not be asked."""

    def refuse(_self: object, *_args: Any, **_more: Any) -> None:
        raise AssertionError("pandera was asked")

    monkeypatch.setattr(Table, "validate", classmethod(refuse))


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.usefixtures("never_pandera")
def test_rows_that_fit_pass_without_pandera(name: str) -> None:
    """Two good rows, and none at all; every table's rules are known here."""
    rows = rows_of(TABLES[name])
    assert checked(TABLES[name], rows) is rows
    assert checked(TABLES[name], rows.clear()).height == 0


@pytest.mark.parametrize("name", TABLES)
def test_what_pandera_refuses_is_refused(name: str) -> None:
    """Each rule of each model, broken once: both refuse."""
    model = TABLES[name]
    cases = spoilt(model)
    assert len(cases) > 2
    for _, rows in cases:
        with pytest.raises(pandera.errors.SchemaError):
            model.validate(rows)
        with pytest.raises(pandera.errors.SchemaError):
            checked(model, rows)


def test_columns_in_another_order_are_no_fault() -> None:
    """They go to pandera, which lets them pass."""
    rows = rows_of(TABLES["links"])
    assert checked(TABLES["links"], rows.select(reversed(rows.columns))).height == 2


def test_a_rule_that_is_not_known_goes_to_pandera(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an entry in the table of rules the model is pandera's, good rows and bad."""
    model = next(model for model in TABLES.values() if any(name.endswith(" isin") for name, _ in spoilt(model)))
    monkeypatch.delitem(fit._RULES, "isin")
    fit._rules_of.cache_clear()
    try:
        assert fit._rules_of(model) is None
        assert checked(model, rows_of(model)).height == 2
        with pytest.raises(pandera.errors.SchemaError):
            checked(model, rows_of(model).drop("run_id"))
    finally:
        fit._rules_of.cache_clear()
