"""The rows of one view as they go into a release: in one order, with the types that the format can hold.

What does not belong here: the files (files.py).
"""

import duckdb
import pyarrow as arrow

from schemas.published import PUBLISHED
from schemas.table import Table
from tasks.errors import UsageError
from tasks.publish.templates import named

NAME = "released_rows"
"""The temporary view that the rows are read from."""

FORMULA_STARTS = r"^[=+\-@\t\r'']"
"""What a text in CSV gets a ' before: signs by which a spreadsheet takes a cell as a formula (OWASP, CSV injection),
and ' itself, so that leaving out one leading ' gives every text back."""


def choose(connection: duckdb.DuckDBPyConnection, view: str, where: str | None) -> str:
    """Make the temporary view over the rows of a view, all or those for which a condition holds; its SQL.

    DuckDB parses the condition as one expression by itself, so it cannot end the statement or add another.

    Raises:
        UsageError: there is no such view.
        duckdb.Error: the condition is none, or names what is not there.
    """
    if view not in PUBLISHED:
        raise UsageError(f"There is no view {view}: use one of {', '.join(PUBLISHED)}.")
    chosen = connection.view(view)
    if where is not None:
        chosen = chosen.filter(where)
    query = f"select * from ({chosen.sql_query()}\n) order by {order_of(PUBLISHED[view])}"  # noqa: S608 - parsed above
    connection.execute(f"create or replace temp view {NAME} as {query}")
    return query


def order_of(model: type[Table]) -> str:
    """The order that makes one list of the same rows.

    >>> order_of(PUBLISHED["articles"])
    '"captured_at", "version_id"'
    """
    columns = model.to_schema().columns
    keys = [name for name, column in columns.items() if column.unique][:1]
    if not keys:
        return "all"
    return ", ".join(map(named, (["captured_at"] if "captured_at" in columns else []) + keys))


def plain(value: str, kind: arrow.DataType) -> str:
    """SQL that gives the value as JSON and CSV have it: times as ISO 8601 in UTC, no not-a-number; nested ones too.

    >>> plain("t", arrow.timestamp("us", "UTC"))
    "strftime(t at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
    """
    if arrow.types.is_timestamp(kind):
        return f"strftime({value} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
    if arrow.types.is_floating(kind):
        return f"case when isfinite({value}) then {value} end"
    if arrow.types.is_binary(kind):
        return f"base64({value})"
    if arrow.types.is_struct(kind):
        parts = ", ".join(f"{named(part.name)} := {plain(f'{value}.{named(part.name)}', part.type)}" for part in kind)
        return f"case when {value} is not null then struct_pack({parts}) end"
    if arrow.types.is_list(kind):
        return f"list_transform({value}, lambda e: {plain('e', kind.value_type)})"
    return value


def csv_query(schema: arrow.Schema) -> str:
    """The rows with cells for CSV: lists and structs as JSON, and no text that a spreadsheet would carry out."""
    return f"select {', '.join(_cell(field) + ' as ' + named(field.name) for field in schema)} from {NAME}"  # noqa: S608 - names of our own


def _cell(field: arrow.Field) -> str:
    value = plain(named(field.name), field.type)
    if arrow.types.is_nested(field.type):
        return f"to_json({value})::varchar"
    if arrow.types.is_string(field.type):
        return f"case when regexp_matches({value}, '{FORMULA_STARTS}') then '''' || {value} else {value} end"
    return value


def json_query(schema: arrow.Schema) -> str:
    """The rows as one text column, each a JSON object."""
    parts = ", ".join(f"{named(field.name)} := {plain(named(field.name), field.type)}" for field in schema)
    return f"select to_json(struct_pack({parts}))::varchar as line from {NAME}"  # noqa: S608 - names of our own
