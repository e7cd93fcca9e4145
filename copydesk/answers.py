"""Writes the answer of a query: a table for people, CSV, JSON or Parquet for programs.

Text of pages is shown as text: control characters are escaped, and a CSV cell never begins a formula.
"""

import base64
import csv
import io
import json
import math
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

import duckdb

from tasks.errors import UsageError
from tasks.io.folder import disk_errors

SHOWN_ROWS = 200
"""Most rows of a table for people."""
SHOWN_CHARACTERS = 500
"""Most characters of one cell of it."""
PLAIN_WIDTH = 120
"""Columns of a table that goes to no terminal."""
BATCH_ROWS = 10_000

NUMBER = re.compile(r"(\w*INT|INTEGER|DOUBLE|FLOAT|DECIMAL\(.*\))$")
"""Types whose values stand right in a table."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins with one of these as a formula (OWASP, CSV injection)."""


def write_answer(
    connection: duckdb.DuckDBPyConnection,
    statement: str,
    format: str,  # noqa: A002 - as the option
    output: Path | None,
) -> None:
    """Write the rows of a statement to a file, whole or not at all, or to standard output.

    Raises:
        UsageError: Parquet would go to a terminal.
        DiskError: the file cannot be written.
        duckdb.Error: the statement is wrong, or fails while its rows are fetched.
    """
    with _binary(output, format) as file:
        FORMATS[format](connection, statement, file)


@contextmanager
def _binary(output: Path | None, format: str) -> Iterator[IO[bytes]]:  # noqa: A002 - as the option
    if output is None:
        if format == "parquet" and sys.stdout.isatty():
            raise UsageError("Parquet is not for a terminal: name a file with --output, or pipe it into a program.")
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    aside = output.with_name(f".{output.name}.tmp")
    with disk_errors(output):
        try:
            with aside.open("wb") as file:
                yield file
            aside.replace(output)
        finally:
            aside.unlink(missing_ok=True)


def columns_of(answer: duckdb.DuckDBPyConnection | duckdb.DuckDBPyRelation) -> list[tuple[str, str]]:
    """Name and DuckDB type of each column; a name that comes twice gets a number.

    >>> columns_of(duckdb.connect().execute("select 1 as a, 'x' as a"))
    [('a', 'INTEGER'), ('a_1', 'VARCHAR')]
    """
    taken: dict[str, str] = {}
    for name, kind, *_ in answer.description or []:
        spelled, count = name, 0
        while spelled in taken:
            count += 1
            spelled = f"{name}_{count}"
        taken[spelled] = str(kind)
    return list(taken.items())


def _batches(answer: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[Any, ...]]]:
    while rows := answer.fetchmany(BATCH_ROWS):
        yield rows


def _write_table(connection: duckdb.DuckDBPyConnection, statement: str, file: IO[bytes]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    answer = connection.execute(statement)
    columns = columns_of(answer)
    rows = answer.fetchmany(SHOWN_ROWS + 1)
    table = Table()
    for name, kind in columns:
        header = Text.assemble(shown(name), "\n", (kind, "dim"))
        table.add_column(header, justify="right" if NUMBER.match(kind) else "left", overflow="fold")
    for row in rows[:SHOWN_ROWS]:
        table.add_row(*(Text("NULL", "dim") if value is None else Text(shown(value)) for value in row))
    on_screen = file is sys.stdout.buffer
    console = Console() if on_screen and sys.stdout.isatty() else Console(width=PLAIN_WIDTH)
    with console.capture() as captured:
        console.print(table)
        console.print(_row_count(len(rows)), style="dim")
    file.write(captured.get().encode("utf-8", "backslashreplace"))


def _row_count(count: int) -> str:
    if count > SHOWN_ROWS:
        return f"{SHOWN_ROWS} rows shown, and there are more: --format csv, json or parquet gives all."
    return f"{count} row{'' if count == 1 else 's'}"


def shown(value: Any) -> str:
    """A value as one cell for people: control characters escaped, long text cut."""
    text = value if isinstance(value, str) else _as_text(value)
    if len(text) > SHOWN_CHARACTERS:
        text = f"{text[:SHOWN_CHARACTERS]}… ({len(text)} characters)"
    return "".join(_visible(char) for char in text)


def _visible(char: str) -> str:
    """The character, or its escape when a terminal could obey it (also marks that turn the direction of text)."""
    if char == "\n" or char.isprintable() or unicodedata.category(char) == "Zs":
        return char
    return char.encode("unicode_escape").decode("ascii")


def _write_csv(connection: duckdb.DuckDBPyConnection, statement: str, file: IO[bytes]) -> None:
    answer = connection.execute(statement)
    writer = csv.writer(_Lines(file), lineterminator="\n")
    writer.writerow([_cell(name) for name, _ in columns_of(answer)])
    for rows in _batches(answer):
        writer.writerows([_cell(value) for value in row] for row in rows)


def csv_text(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A whole CSV of plain values, under the rules of `--format csv`."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([_cell(name) for name in names])
    writer.writerows([_cell(value) for value in row] for row in rows)
    return file.getvalue()


class _Lines:
    """The `write` that the csv module wants, over bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        """The number of bytes written, UTF-8."""
        return self._file.write(text.encode("utf-8", "backslashreplace"))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA_STARTS) else value
    return _as_text(value)


def _as_text(value: Any) -> str:
    plain = as_json(value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _write_json(connection: duckdb.DuckDBPyConnection, statement: str, file: IO[bytes]) -> None:
    answer = connection.execute(statement)
    names = [name for name, _ in columns_of(answer)]
    before = b"[\n"
    for rows in _batches(answer):
        for row in rows:
            record = dict(zip(names, map(as_json, row), strict=True))
            file.write(before + json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace"))
            before = b",\n"
    file.write(b"[]\n" if before == b"[\n" else b"\n]\n")


def as_json(value: Any) -> Any:
    """A value of DuckDB as JSON has it: times as ISO 8601, bytes as base64, not-a-number as null."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, dict):
        return {str(key): as_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(part) for part in value]
    return str(value)


def _write_parquet(connection: duckdb.DuckDBPyConnection, statement: str, file: IO[bytes]) -> None:
    import pyarrow.parquet as pq

    answer = connection.sql(statement)  # a relation streams into Arrow; an executed statement is copied first
    names = [name for name, _ in columns_of(answer)]
    reader: Any = answer.to_arrow_reader(BATCH_ROWS)  # pyarrow has no types of its own
    schema = reader.schema
    for place, name in enumerate(names):
        schema = schema.set(place, schema.field(place).with_name(name))
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch.rename_columns(names))


FORMATS: dict[str, Callable[[duckdb.DuckDBPyConnection, str, IO[bytes]], None]] = {
    "table": _write_table,
    "csv": _write_csv,
    "json": _write_json,
    "parquet": _write_parquet,
}
"""What `--format` accepts."""
