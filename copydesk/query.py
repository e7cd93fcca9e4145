"""`copydesk sql`: one reading statement over the published dataset, answered as a table, CSV, JSON or Parquet.

The shell is the user's own, on the user's machine: a query may read other files, but it writes nothing.
What does not belong here: how an answer is written (answers.py), and queries of strangers, which need a sandbox.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import TypeVar

import duckdb

from copydesk.answers import FORMATS, write_answer
from copydesk.connection import connect
from copydesk.statements import reading_statement, sentence_of, unreadable
from schemas.published import PUBLISHED
from tasks.errors import CopydeskError, UsageError
from tasks.io.folder import DataFolder

WAKE_S = 0.1
"""How long Ctrl-C may go unnoticed."""

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
    if (
        isinstance(error, duckdb.IOException)
        and data is not None
        and str(DataFolder(data).root.resolve()) in str(error)
    ):
        return unreadable(error)
    return UsageError(sentence_of(error, PUBLISHED))


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
