"""Opens the published articles.duckdb for readers: always the newest, and never one that it cannot understand.

What does not belong here: making it (tasks/publish).
"""

import json
from pathlib import Path

import duckdb

from schemas.database_format import DATABASE_FORMAT
from tasks.errors import DataFolderError, MovedFolderError, NewerFormatError
from tasks.io.folder import DataFolder
from tasks.io.quoting import sql_text

CATALOG = "copydesk"
"""Under which name the file is attached."""


def open_database(folder: DataFolder, *, read_only: bool = True) -> duckdb.DuckDBPyConnection:
    """A connection whose current database is the published one, in UTC.

    Attached to a fresh in-memory DuckDB: `duckdb.connect(path)` gives a process that still holds a connection to
    the file before the last publish that old file again (observed with 2.0).

    Args:
        folder: Data folder.
        read_only: False locks other readers out, and the next publish replaces what was written.

    Raises:
        NewerFormatError: folder or database were written by a newer Copydesk or DuckDB.
        MovedFolderError: it was published where the folder lay before.
        DataFolderError: there is no database yet, or it is damaged.
    """
    folder.check()
    path = folder.database
    if not path.is_file():
        raise DataFolderError(f"{folder.name} has no {path.name} yet: run Copydesk with --data {folder.name} first.")
    connection = duckdb.connect()
    try:
        connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")  # the bar goes to standard output
        mode = "read_only" if read_only else "read_write"
        connection.execute(f"attach {sql_text(str(path.absolute()))} as {CATALOG} ({mode})")
        connection.execute(f"use {CATALOG}")
        _check(connection, folder)
    except duckdb.Error as error:
        connection.close()
        raise _translated(error, path) from error
    except DataFolderError:
        connection.close()
        raise
    return connection


def database_step(folder: DataFolder) -> str | None:
    """What stands for the database that lies there now: another one after each publish. None without one."""
    try:
        found = folder.database.stat()
    except FileNotFoundError:
        return None
    return json.dumps([found.st_mtime_ns, found.st_size, found.st_ino])


def _check(connection: duckdb.DuckDBPyConnection, folder: DataFolder) -> None:
    """Raise unless the database has a known format and was published for the place where it lies."""
    found, published_for = connection.execute("select format, folder from published").fetchall()[0]
    if found > DATABASE_FORMAT:
        raise NewerFormatError(
            f"{folder.database} has format {found}, but this Copydesk knows only {DATABASE_FORMAT}: upgrade Copydesk."
        )
    if Path(published_for) != folder.root.resolve():
        raise MovedFolderError(
            f"{folder.database} was published for {published_for} and reads the files there: "
            "run Copydesk once more in the new place."
        )


def _translated(error: duckdb.Error, path: Path) -> DataFolderError:
    text = str(error).strip().splitlines()[0]
    if "newer" in text or "version number" in text:
        return NewerFormatError(f"{path} was written by a newer DuckDB ({text}): upgrade Copydesk.")
    return DataFolderError(f"{path} cannot be opened ({text}): remove it and run Copydesk once more to publish it.")
