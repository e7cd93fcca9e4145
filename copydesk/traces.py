"""What reports, logs and Prefect's own database say of something that was forgotten: taken out of them too."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from copydesk.up_home import home_of
from tasks.errors import DiskError
from tasks.io.folder import DataFolder, disk_errors
from tasks.maintain.aim import Aim

DATABASE = "prefect.db"
BUSY_S = 30.0
"""A server of `copydesk up` may be at work on its database."""


def remove_traces(folder: DataFolder, aim: Aim, titles: Sequence[str]) -> None:
    """Remove reports that name it, blank its URLs in logs, and take it out of Prefect's database in the data folder.

    Raises:
        DiskError: a file cannot be changed.
    """
    needle = re.compile(b"|".join([aim.needle.pattern, *(re.escape(title.encode()) for title in titles if title)]))
    for report in folder.reports.glob("*"):
        with disk_errors(report):
            if report.is_file() and needle.search(report.read_bytes()):
                report.unlink()
    home = home_of(folder.root)
    for log in sorted(home.glob("*.log*")):
        _blank(log, needle)
    if (home / DATABASE).is_file():
        _clean(home / DATABASE, needle)


def _blank(log: Path, needle: re.Pattern[bytes]) -> None:
    """Write stars over it, in place: a running server goes on appending to the same file."""
    with disk_errors(log), log.open("r+b") as file:
        for found in list(needle.finditer(file.read())):
            file.seek(found.start())
            file.write(b"*" * len(found[0]))


def _clean(path: Path, needle: re.Pattern[bytes]) -> None:
    """Replace it in every text of the database by stars, and let SQLite forget the old pages."""

    def names(value: object) -> bool:
        return isinstance(value, str) and needle.search(value.encode("utf-8", "replace")) is not None

    def starred(value: str) -> str:
        return needle.sub(b"***", value.encode("utf-8", "replace")).decode("utf-8", "replace")

    try:
        with closing(sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)) as database:
            database.create_function("names", 1, names)
            database.create_function("starred", 1, starred)
            database.execute("PRAGMA secure_delete = ON")
            changed = sum(_clean_column(database, table, column) for table, column in _texts(database))
            if changed:
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise DiskError(
            f"{path} cannot be cleaned of what was forgotten ({error}): stop Prefect and try again."
        ) from error


def _texts(database: sqlite3.Connection) -> list[tuple[str, str]]:
    """Tables and columns that may hold text."""
    return database.execute(
        "SELECT m.name, p.name FROM sqlite_master AS m, pragma_table_info(m.name) AS p WHERE m.type = 'table'"
        " AND (p.type LIKE '%CHAR%' OR p.type LIKE '%TEXT%' OR p.type LIKE '%JSON%') AND m.name NOT LIKE 'sqlite_%'"
    ).fetchall()


def _clean_column(database: sqlite3.Connection, table: str, column: str) -> int:
    return database.execute(
        f'UPDATE "{table}" SET "{column}" = starred("{column}") WHERE names("{column}")'  # noqa: S608 - the schema's own names
    ).rowcount
