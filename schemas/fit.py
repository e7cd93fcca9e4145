"""Whether rows fit their model, asked in one pass over the frame; pandera is asked only for what is wrong.

pandera looks at one column after the other, some 30 ms a table; this is its own rules, read from the model, as one
polars query. A rule that is not in the table below goes to pandera as a whole.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import polars as pl

from schemas.table import Table, polars_schema

_RULES: dict[str, Callable[[pl.Expr, Mapping[str, Any]], pl.Expr]] = {
    "greater_than_or_equal_to": lambda column, said: column >= said["min_value"],
    "less_than_or_equal_to": lambda column, said: column <= said["max_value"],
    "isin": lambda column, said: column.is_in(list(said["allowed_values"])),
}
"""pandera's name of a check to the same in polars; null passes, as it does there."""


def checked(model: type[Table], rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows, which fit the model: columns, types, what may be null or must be unique, and limits.

    Raises:
        pandera.errors.SchemaError: they do not.
    """
    rules = _rules_of(model)
    if rules is not None and rows.schema == polars_schema(model) and rows.select(pl.all_horizontal(*rules)).item():
        return rows
    return pl.DataFrame(model.validate(rows))


@cache
def _rules_of(model: type[Table]) -> tuple[pl.Expr, ...] | None:
    """One expression a rule, each true for a frame that keeps it; None when pandera knows one that we do not."""
    schema = model.to_schema()
    rules = [pl.lit(value=True)]
    for name, column in schema.columns.items():
        if any(check.name not in _RULES for check in column.checks):
            return None
        rules += [_RULES[check.name](pl.col(name), check.statistics).all() for check in column.checks]
        if not column.nullable:
            rules.append(pl.col(name).null_count() == 0)
        if column.unique:
            rules.append(~pl.col(name).is_duplicated().any())
    return None if schema.checks or schema.unique else tuple(rules)
