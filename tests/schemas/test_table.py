"""A model, its Arrow schema, its Parquet file and its DuckDB table are the same table."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from schemas.capture import Candidate, Capture
from schemas.published import PUBLISHED
from schemas.run import Run, RunSource
from schemas.table import (
    Table,
    arrow_schema,
    descriptions,
    duckdb_type,
    duckdb_types,
    empty,
    frame,
    polars_schema,
    table_comment,
    to_arrow,
)
from schemas.tables import BLOOMED, MONTHLY, SORTED_BY, TABLES
from tasks.io.staging import read_part, write_part

MODELS: dict[str, type[Table]] = {**PUBLISHED, "candidate": Candidate, "capture": Capture}
models = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)


def value_of(kind: pl.DataType) -> st.SearchStrategy[Any]:
    """Any value of a polars type."""
    if isinstance(kind, pl.List):
        inner = kind.inner() if isinstance(kind.inner, type) else kind.inner
        return st.lists(value_of(inner), max_size=3)
    if isinstance(kind, pl.Struct):
        parts = {part.name: part.dtype() if isinstance(part.dtype, type) else part.dtype for part in kind.fields}
        return st.fixed_dictionaries({name: st.none() | value_of(part) for name, part in parts.items()})
    if isinstance(kind, pl.Datetime):
        return st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants bounds without a zone
    return PLAIN[type(kind)]


PLAIN: dict[type[pl.DataType], st.SearchStrategy[Any]] = {
    pl.String: st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    pl.Boolean: st.booleans(),
    pl.Int8: st.integers(-128, 127),
    pl.Int32: st.integers(-(2**31), 2**31 - 1),
    pl.Int64: st.integers(-(2**63), 2**63 - 1),
    pl.Float64: st.floats(allow_nan=False),
    pl.Binary: st.binary(max_size=20),
    pl.Date: st.dates(date(1900, 1, 1), date(2200, 1, 1)),
}


def rows_of(model: type[Table]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Any rows that fit a model's types; a column that may be empty sometimes is."""
    columns = model.to_schema().columns
    values = {
        name: (st.none() | value_of(kind)) if columns[name].nullable else value_of(kind)
        for name, kind in polars_schema(model).items()
    }
    return st.lists(st.fixed_dictionaries(values), max_size=3)


@models
@given(data=st.data())
@settings(max_examples=6, suppress_health_check=list(HealthCheck))
def test_rows_come_back_from_parquet_and_duckdb(tmp_path: Path, model: type[Table], data: st.DataObject) -> None:
    """Any rows are the same after Parquet, and after Parquet and DuckDB, to the microsecond and the last bit."""
    rows = frame(model, data.draw(rows_of(model)))
    path = tmp_path / "rows.parquet"
    write_part(path, model, rows)
    assert_frame_equal(read_part(path, model), rows)
    with duckdb.connect() as database:
        database.execute("set TimeZone = 'UTC'")
        answer = database.sql("from read_parquet($path)", params={"path": str(path)}).to_arrow_table()
    assert_frame_equal(pl.DataFrame(pl.from_arrow(answer)).cast(dict(rows.schema)), rows)


@models
def test_parquet_file_has_the_arrow_schema(tmp_path: Path, model: type[Table]) -> None:
    """What is written says the same types and descriptions as the model."""
    path = tmp_path / "empty.parquet"
    write_part(path, model, empty(model))
    assert pq.read_schema(path).equals(arrow_schema(model), check_metadata=True)


@models
def test_duckdb_reads_the_types_that_the_model_names(tmp_path: Path, model: type[Table]) -> None:
    """`duckdb_types` says what DuckDB itself makes of the file."""
    path = tmp_path / "empty.parquet"
    write_part(path, model, empty(model))
    with duckdb.connect() as database:
        found = database.execute("describe from read_parquet($path)", {"path": str(path)}).fetchall()
        spelled = {
            name: str(database.execute(f"select cast(null as {kind}) as x").description[0][1])  # type: ignore[index]
            for name, kind in duckdb_types(model).items()
        }
    assert {row[0]: row[1] for row in found} == spelled


@models
def test_every_column_is_described(model: type[Table]) -> None:
    """A table and each of its columns have a sentence."""
    assert table_comment(model).endswith(".")
    assert not [name for name, text in descriptions(model).items() if len(text) < 4 or not text.endswith(".")]


@models
def test_columns_are_named_by_the_rules(model: type[Table]) -> None:
    """Times end in _at (or name a point to wait for), and no name needs quotes in DuckDB 2.0."""
    times = [name for name, kind in polars_schema(model).items() if isinstance(kind, pl.Datetime)]
    assert [name for name in times if not name.endswith(("_at", "_until"))] == []
    assert not set(polars_schema(model)) & {"at", "by", "end", "from", "to", "offset", "order"}


@pytest.mark.parametrize(("model", "first"), [(Run, ["run_id", "run_seq"]), (RunSource, ["run_id", "source_id"])])
def test_key_comes_first(model: type[Table], first: list[str]) -> None:
    """The key of a run stands before its counts."""
    assert list(polars_schema(model))[: len(first)] == first


def test_frame_fills_what_is_not_named() -> None:
    """A column that a row does not name is null, in its type."""
    made = frame(Run, [{"run_id": "r"}])
    assert made.schema == polars_schema(Run)
    assert made["flow"].to_list() == [None]


def test_frame_refuses_unknown_columns() -> None:
    """A slip in a column's name is an error, not a lost value."""
    with pytest.raises(ValueError, match="Run has no column runid"):
        frame(Run, [{"runid": "r"}])


def test_frame_refuses_a_wrong_type() -> None:
    """A value that does not fit is an error, not a text or a null."""
    with pytest.raises((pl.exceptions.PolarsError, TypeError)):
        frame(Run, [{"run_id": "r", "run_seq": "first"}])


def test_arrow_refuses_null_where_none_may_be() -> None:
    """An Arrow schema says which columns may be empty, as the model does."""
    assert not arrow_schema(Run).field("run_id").nullable
    assert arrow_schema(Run).field("reason").nullable
    assert to_arrow(Run, empty(Run)).schema.equals(arrow_schema(Run))


def test_unknown_type_is_an_error() -> None:
    """A type that no model has yet is not guessed."""
    with pytest.raises(KeyError):
        duckdb_type(pa.date64())


def test_lists_about_tables_name_real_columns() -> None:
    """Order, months and bloom filters are over columns that their tables have."""
    assert set(SORTED_BY) == set(TABLES)
    for named in (SORTED_BY, BLOOMED, {table: (column,) for table, column in MONTHLY.items()}):
        for table, columns in named.items():
            assert set(columns) <= set(polars_schema(TABLES[table])), table


def test_ledger_is_committed_last() -> None:
    """The ledger is what says that a run is committed, so it is the last of the tables."""
    assert list(TABLES)[-1] == "ledger"
