"""Writes the chosen rows as one file of a format, streaming.

What does not belong here: which rows (rows.py), and the papers beside them (papers.py).
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as arrow
import pyarrow.csv
import pyarrow.parquet as pq

from copydesk.release.rows import NAME, csv_query, json_query
from schemas.published import PUBLISHED
from schemas.table import arrow_schema, descriptions, table_comment
from tasks.io.progress import advance
from tasks.publish.database import STORAGE_VERSION
from tasks.publish.templates import named

BATCH_ROWS = 20_000
STAGE = "export"
"""The name under which the progress is told."""

Write = Callable[[duckdb.DuckDBPyConnection, str, Path], int]


def _reader(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    return connection.sql(query).to_arrow_reader(BATCH_ROWS)  # pyarrow has no types of its own


def _told(reader: Any) -> Iterator[Any]:
    for batch in reader:
        yield batch
        advance(STAGE, done=batch.num_rows)


def _schema(view: str) -> Any:
    """The columns with their descriptions; each may be null, as a view's columns may."""
    return arrow.schema([field.with_nullable(True) for field in arrow_schema(PUBLISHED[view])])


def _write_parquet(connection: duckdb.DuckDBPyConnection, view: str, path: Path) -> int:
    schema, count = _schema(view), 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _told(_reader(connection, f"from {NAME}")):
            writer.write_batch(batch.cast(schema))
            count += batch.num_rows
    return count


def _write_csv(connection: duckdb.DuckDBPyConnection, view: str, path: Path) -> int:
    """All values but null are quoted, so that an empty text is not taken for null."""
    reader, count = _reader(connection, csv_query(_schema(view))), 0
    options = arrow.csv.WriteOptions(quoting_style="all_valid")
    with arrow.csv.CSVWriter(path, reader.schema, write_options=options) as writer:
        for batch in _told(reader):
            writer.write_batch(batch)
            count += batch.num_rows
    return count


def _write_jsonl(connection: duckdb.DuckDBPyConnection, view: str, path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        for batch in _told(_reader(connection, json_query(_schema(view)))):
            file.writelines(f"{line}\n" for line in batch.column(0).to_pylist())
            count += batch.num_rows
    return count


def _write_duckdb(connection: duckdb.DuckDBPyConnection, view: str, path: Path) -> int:
    """One database for all views: each is added as a table, with the descriptions as comments."""
    with duckdb.connect() as database:
        database.execute("set TimeZone = 'UTC'")
        database.execute(
            f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as out (storage_version '{STORAGE_VERSION}')"
        )
        schema = _schema(view)
        batches = (batch.cast(schema) for batch in _told(_reader(connection, f"from {NAME}")))
        database.register("given", arrow.RecordBatchReader.from_batches(schema, batches))
        database.execute(f"create table out.{named(view)} as from given")
        _comment(database, view)
        count = int(database.execute(f"select count(*) from out.{named(view)}").fetchall()[0][0])  # noqa: S608 - a name of our own
        database.unregister("given")
        database.execute("detach out")
    return count


def _comment(database: duckdb.DuckDBPyConnection, view: str) -> None:
    model, table = PUBLISHED[view], f"out.{named(view)}"
    texts = {f"table {table}": table_comment(model)}
    texts |= {f"column {table}.{named(name)}": text for name, text in descriptions(model).items()}
    for what, text in texts.items():
        database.execute("comment on {} is '{}'".format(what, text.replace("'", "''")))


FORMATS: dict[str, Write] = {
    "parquet": _write_parquet,
    "csv": _write_csv,
    "jsonl": _write_jsonl,
    "duckdb": _write_duckdb,
}
"""What `--to` accepts, with how one view is written; the name is the ending of the file too."""


def file_name(view: str, form: str) -> str:
    """The file of a view: one for each, but for a database, which has them all."""
    return "dataset.duckdb" if form == "duckdb" else f"{view}.{form}"
