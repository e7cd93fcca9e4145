"""What a data folder says, apart from when and by which run it was written; and a reader that asks all the while."""

import hashlib
import os
import time
from pathlib import Path

import duckdb

from schemas.table import polars_schema
from schemas.tables import TABLES
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot

CIRCUMSTANCES = ("run_id", "quarantine_id", "recorded_at", "capture_uri", "capture_offset")
"""Columns that say how a row came to be, not what the page said."""
CONTENT = ("articles", "removals", "quarantine")

ARTICLES = "select count(*), count(distinct article_id) from articles"
PAUSE_S = 0.05


def logical_hash(data: Path) -> str:
    """SHA-256 over all rows of articles, removals and quarantine, in an order of their own, doubled rows included."""
    total = hashlib.sha256()
    snapshot = Snapshot.open(DataFolder(data))
    for table in CONTENT:
        columns = [name for name in polars_schema(TABLES[table]) if name not in CIRCUMSTANCES]
        listed = ", ".join(f'"{name}"' for name in columns)
        with snapshot.connect(table) as connection:
            rows = connection.execute(
                f"select md5(({listed})::varchar) as row_hash from {table} order by 1"  # noqa: S608 - our own names
            ).fetchall()
        total.update(f"{table} {len(rows)}\n".encode())
        total.update("".join(row[0] for row in rows).encode())
    return total.hexdigest()


def troubles(data: Path) -> list[str]:
    """What is wrong in a folder whose last run is done, as sentences; none when all is well."""
    folder = DataFolder(data)
    found = [f"staging still holds {path.name}" for path in folder.staging.iterdir()]
    found += [f"a stray lies at {path.relative_to(data)}" for path in data.rglob("*") if _is_stray(path)]
    counts = _count(data)
    return found if counts is None else [*found, *_wrong(counts)]


def _is_stray(path: Path) -> bool:
    return path.name.endswith((".tmp", ".new", ".new.wal")) or ".json#" in path.name


def _count(data: Path) -> tuple[int, ...] | None:
    """Rows of articles, versions that the runs say they stored, runs, published articles, and distinct ones."""
    snapshot = Snapshot.open(DataFolder(data))
    with snapshot.connect("articles", "runs", "ledger") as connection:
        rows = connection.execute(
            "select (select count(*) from articles), (select coalesce(sum(stored_count), 0) from runs),"
            " (select count(*) from runs), (select count(distinct run_id) from ledger)"
        ).fetchall()[0]
    database = data / "articles.duckdb"
    if not database.exists():
        return None
    with duckdb.connect(str(database), read_only=True) as published:
        return (*rows, *published.execute(ARTICLES).fetchall()[0])


def _wrong(counts: tuple[int, ...]) -> list[str]:
    versions, stored, runs, noted, shown, distinct = counts
    found = []
    if versions != stored:
        found.append(f"{versions} versions are committed, but {stored} were stored by the runs")
    if noted > runs:
        found.append(f"the ledger names {noted} runs, the table runs {runs}")
    if shown != distinct:
        found.append(f"{shown} articles are shown, of which {distinct} differ")
    return found


def read_until_told(data: Path, told: int) -> list[str]:
    """Query the folder over and over until the pipe `told` is closed; what was wrong, none when all went well.

    Each answer must be of whole runs, and the published articles may only become more.
    """
    os.set_blocking(told, False)
    shown, answers = 0, 0
    while not _is_closed(told) or not answers:
        try:
            counts = _count(data)
        except Exception as error:  # noqa: BLE001 - any error at all is what a reader must never see
            return [f"a reader got an error: {error}"]
        answers += 1
        if counts is not None:
            problems = [*_wrong(counts), *([] if counts[4] >= shown else ["published articles became fewer"])]
            if problems:
                return [f"a reader saw: {problem}" for problem in problems]
            shown = counts[4]
        time.sleep(PAUSE_S)
    return []


def _is_closed(told: int) -> bool:
    try:
        return os.read(told, 1) == b""
    except BlockingIOError:
        return False
