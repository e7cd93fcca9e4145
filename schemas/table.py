"""From one pandera model to everything that a table needs: Arrow schema, empty frame, typed rows, comments.

Why a layer of our own over pandera: polars writes `large_string`, and some readers of Parquet (and DuckDB's
comments) want the plain type. The map below is the only place that knows both.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import pandera.polars as pa
import polars as pl
import pyarrow as arrow

Timestamp = Annotated[pl.Datetime, "us", "UTC"]
StringList = Annotated[pl.List, pl.String()]
IntList = Annotated[pl.List, pl.Int32()]


class Table(pa.DataFrameModel):
    """The base of every table model. Its Config: exactly the described columns, never coerced in silence."""

    class Config:
        """Exactly these columns; a wrong type is an error."""

        strict = True
        coerce = False


def polars_schema(model: type[Table]) -> pl.Schema:
    """The model's columns in order, as polars types."""
    return pl.Schema({name: _instance(column.dtype.type) for name, column in model.to_schema().columns.items()})


def arrow_schema(model: type[Table]) -> arrow.Schema:
    """The model's columns in order, as Arrow types, each field with its description as metadata."""
    columns = model.to_schema().columns
    return arrow.schema(
        [
            arrow.field(
                name,
                _arrow_type(_instance(column.dtype.type)),
                nullable=column.nullable,
                metadata={"description": column.description or ""},
            )
            for name, column in columns.items()
        ]
    )


def empty(model: type[Table]) -> pl.DataFrame:
    """A frame with the model's columns and no row."""
    return pl.DataFrame(schema=polars_schema(model))


def frame(model: type[Table], rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """The rows as a frame with exactly the model's columns; a column that a row does not name is null.

    Raises:
        ValueError: a row names a column that the model does not have (a slip of ours, never a user's).
        polars.exceptions.PolarsError: a value does not fit its column's type.
    """
    schema = polars_schema(model)
    listed = list(rows)
    unknown = {name for row in listed for name in row} - set(schema)
    if unknown:
        raise ValueError(f"{model.__name__} has no column {', '.join(sorted(unknown))}")
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in listed], schema=schema, strict=True)


def to_arrow(model: type[Table], rows: pl.DataFrame) -> arrow.Table:
    """The frame as an Arrow table of exactly the model's Arrow schema."""
    return rows.select(list(polars_schema(model))).to_arrow().cast(arrow_schema(model))


def descriptions(model: type[Table]) -> dict[str, str]:
    """Column name to its description."""
    return {name: column.description or "" for name, column in model.to_schema().columns.items()}


def table_comment(model: type[Table]) -> str:
    """The first line of the model's docstring: what one row is."""
    return (model.__doc__ or "").strip().splitlines()[0]


def duckdb_types(model: type[Table]) -> dict[str, str]:
    """Column name to the name of its DuckDB type, as SQL spells it."""
    return {field.name: duckdb_type(field.type) for field in arrow_schema(model)}


def duckdb_type(kind: arrow.DataType) -> str:
    """The name of the DuckDB type that an Arrow type becomes.

    >>> duckdb_type(arrow.list_(arrow.int8()))
    'TINYINT[]'
    """
    if arrow.types.is_list(kind):
        return f"{duckdb_type(kind.value_type)}[]"
    if arrow.types.is_struct(kind):
        return "STRUCT({})".format(", ".join(f'"{part.name}" {duckdb_type(part.type)}' for part in kind))
    if arrow.types.is_timestamp(kind):
        return "TIMESTAMP WITH TIME ZONE"
    return _DUCKDB[kind]


_DUCKDB: dict[arrow.DataType, str] = {
    arrow.string(): "VARCHAR",
    arrow.bool_(): "BOOLEAN",
    arrow.int8(): "TINYINT",
    arrow.int32(): "INTEGER",
    arrow.int64(): "BIGINT",
    arrow.float64(): "DOUBLE",
    arrow.binary(): "BLOB",
    arrow.date32(): "DATE",
}

_PLAIN: dict[type[pl.DataType], arrow.DataType] = {
    pl.String: arrow.string(),
    pl.Boolean: arrow.bool_(),
    pl.Int8: arrow.int8(),
    pl.Int32: arrow.int32(),
    pl.Int64: arrow.int64(),
    pl.Float64: arrow.float64(),
    pl.Binary: arrow.binary(),
    pl.Date: arrow.date32(),
}


def _arrow_type(kind: pl.DataType) -> arrow.DataType:
    if isinstance(kind, pl.List):
        # "element" is Parquet's name; Arrow's own, "item", would not come back from a file.
        return arrow.list_(arrow.field("element", _arrow_type(_instance(kind.inner))))
    if isinstance(kind, pl.Struct):
        return arrow.struct([arrow.field(f.name, _arrow_type(_instance(f.dtype))) for f in kind.fields])
    if isinstance(kind, pl.Datetime):
        return arrow.timestamp("us", tz="UTC")
    return _PLAIN[type(kind)]


def _instance(kind: Any) -> pl.DataType:
    """`pl.String` and `pl.String()` are both legal inside nested polars types."""
    made: pl.DataType = kind() if isinstance(kind, type) else kind
    return made
