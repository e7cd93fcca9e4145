"""`copydesk sql`: one reading statement over the published dataset, answered as a table, CSV, JSON or Parquet.

The shell is the user's own, on the user's machine: a query may read other files, but it writes nothing.
What does not belong here: how an answer is written (answers.py), and queries of strangers, which need a sandbox.
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TypeVar

import duckdb

from copydesk.answers import FORMATS, write_answer
from copydesk.connection import connect
from schemas.published import PUBLISHED
from tasks.errors import CopydeskError, TableError, UsageError

READING_PRAGMAS = frozenset(
    {"collations", "database_list", "database_size", "functions", "platform", "show", "show_databases", "show_tables",
     "show_tables_expanded", "storage_info", "table_info", "version"}
)  # fmt: skip
"""PRAGMA statements that only show something."""

READING_WORDS = frozenset(
    {"select", "with", "from", "pivot", "unpivot", "values", "table", "describe", "summarize", "("}
)
"""First words of a statement that DuckDB calls MULTI (a PIVOT takes two steps) and that only reads."""

INSTEAD: dict[str, str] = {
    "copy": "use --format and --output to write the answer to a file",
    "export": "use --format and --output to write the answer to a file",
    "attach": "open the dataset in your own DuckDB to join other databases",
    "install": "open the dataset in your own DuckDB to use extensions",
    "load": "open the dataset in your own DuckDB to use extensions",
    "set": "open the dataset in your own DuckDB to change settings",
}
"""What to do instead of a statement that is refused, by its first word."""

WAKE_S = 0.1
"""How long Ctrl-C may go unnoticed."""

_EXPLAIN = re.compile(r"^\s*explain\b\s*(?:analyze\b)?\s*(?:\((?:\s*(?:analyze|format)\b[^)]*)\))?", re.IGNORECASE)
_FIRST_WORD = re.compile(r"\w+|\(")

T = TypeVar("T")


def run_query(data: str | Path, sql: str, format: str = "table", *, output: Path | None = None) -> None:  # noqa: A002 - the option's name
    """Answer one statement on standard output or in a file; Ctrl-C stops the query.

    Args:
        data: Data folder.
        sql: One statement that reads.
        format: One of `FORMATS`.
        output: Write to this file, whole or not at all.

    Raises:
        UsageError: wrong format, a statement that does more than read, or an error in it; with the place.
        DataFolderError: there is no dataset to ask.
        TableError: a published file is missing or damaged.
        KeyboardInterrupt: Ctrl-C.
    """
    if format not in FORMATS:
        raise UsageError(f"There is no format {format!r}: use one of {', '.join(FORMATS)}.")
    statement = reading_statement(sql)
    with connect(data) as connection:

        def answer() -> None:
            write_answer(connection, statement, format, output)

        try:
            interruptible(connection, answer)
        except duckdb.OutOfMemoryException as error:
            raise CopydeskError(f"The query needs more memory than there is ({_first_line(error)}).") from error
        except duckdb.Error as error:
            raise translated(error, Path(data)) from error


def reading_statement(sql: str) -> str:
    """The one statement of the text.

    Raises:
        UsageError: it is none, several, wrong, or does more than read.
    """
    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise translated(error) from error
    if len(statements) != 1:
        raise UsageError(f"Give one statement; this text has {len(statements)}.")
    if not _reads(statements[0]):
        word = _first_word(_EXPLAIN.sub("", statements[0].query, count=1))
        instead = INSTEAD.get(word, "SELECT, WITH, FROM, DESCRIBE, SHOW, SUMMARIZE and EXPLAIN are what it answers")
        raise UsageError(f"{word.upper()} is refused, because `copydesk sql` only reads: {instead}.")
    return str(statements[0].query)


def _reads(statement: duckdb.Statement) -> bool:
    kind, text = statement.type, statement.query
    if _first_word(text) == "explain":  # EXPLAIN ANALYZE carries out what it explains
        inner = duckdb.extract_statements(_EXPLAIN.sub("", text, count=1))
        return len(inner) == 1 and _reads(inner[0])
    if kind == duckdb.StatementType.SELECT:
        return True
    if kind == duckdb.StatementType.PRAGMA:
        return _FIRST_WORD.findall(text.lower())[1] in READING_PRAGMAS
    return bool(kind == duckdb.StatementType.MULTI) and _first_word(text) in READING_WORDS


def _first_word(text: str) -> str:
    found = _FIRST_WORD.search(text)
    return found[0].lower() if found else ""


def interruptible(connection: duckdb.DuckDBPyConnection, work: Callable[[], T]) -> T:
    """What the work returns, done in a thread, so that Ctrl-C stops the query at once.

    DuckDB 2.0 by itself looks for signals between steps only: a large join went on for minutes. And polars, once
    imported, takes the signal in a way that does not wake a waiting thread; so this one wakes by itself.

    Raises:
        KeyboardInterrupt: Ctrl-C, after the query has stopped.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        future = thread.submit(work)
        try:
            while wait((future,), timeout=WAKE_S).not_done:
                pass
        except KeyboardInterrupt:
            connection.interrupt()
            raise
        return future.result()


def translated(error: duckdb.Error, data: Path | None = None) -> CopydeskError:
    """DuckDB's error as one sentence with a hint, and the place in the statement below it."""
    head, _, place = str(error).strip().partition("\n\nLINE ")
    sentence = re.sub(r"^[\w ]+ Error: ", "", " ".join(head.split())).rstrip(".!")
    if isinstance(error, duckdb.IOException) and data is not None and str(data.resolve()) in sentence:
        return TableError(f"A published file cannot be read ({sentence}); run Copydesk once more to publish again.")
    if isinstance(error, duckdb.CatalogException) and "Table" in sentence:
        sentence += f" There are: {', '.join(PUBLISHED)}"
    end = "" if sentence.endswith("?") else "."
    return UsageError(f"SQL: {sentence}{end}" + (f"\nline {place}" if place else ""))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
