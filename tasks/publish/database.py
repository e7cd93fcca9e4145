"""Builds articles.duckdb aside and renames it into place, so that a reader sees the old one or the new one, whole.

What does not belong here: what is in it (views.py).
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as arrow

from tasks.errors import DiskError, TableError
from tasks.io.bucket.copy import note_shared, shared_version
from tasks.io.folder import DataFolder, disk_errors, sync_file, sync_folder, write_durably
from tasks.io.leases import hold
from tasks.io.tables import Snapshot, last_commit, sql_text
from tasks.publish import datasheet
from tasks.publish.views import Committed, build
from tasks.publish.word_files import sweep

STORAGE_VERSION = "v1.2.0"
"""The oldest DuckDB that can open the file; without it only the DuckDB that wrote it, or a newer one, could."""

PUBLISHED = "published"
"""Under which name a copy of a bucket remembers the last version of the ledger that was published there."""

LOCK_WAIT_S = 600.0
"""Longest wait for another publish. One takes seconds, and the lock of a killed one is free at once."""


@dataclass(frozen=True)
class PublishSummary:
    """What was published."""

    database: Path
    article_count: int
    """Articles, each with one current version."""
    version_count: int
    """Versions of them, the current ones included."""
    file_count: int
    """Committed files that the views read."""
    run_count: int
    """Committed runs that are not retracted."""
    last_run_id: str | None


def publish_tables(folder: DataFolder) -> PublishSummary:
    """What is committed now, as articles.duckdb; the same committed rows give the same views and tables.

    Two at the same time come one after the other, each with what is committed when its turn comes: an older
    database never replaces a newer one. Readers take no lock and never wait.

    Raises:
        NewerFormatError: a newer Copydesk wrote the folder.
        TableError: a committed file is missing or damaged.
        DiskError: the disk refused a write.
        FolderBusyError: another publish did not end.
    """
    folder.check()
    with hold(folder.leases / "publish.lock", owner="publish", wait_s=LOCK_WAIT_S):
        snapshot = Snapshot.open(folder)
        summary = write_database(folder, snapshot)
        if folder.address is not None:
            note_shared(folder, PUBLISHED, snapshot.version)
        return summary


def publish_news(folder: DataFolder) -> None:
    """Publish here what other machines have committed to the bucket of a folder since this one published.

    Raises:
        BucketError, BucketDownError: the bucket cannot be read.
        TableError, DiskError, FolderBusyError: as `publish_tables`.
    """
    folder.check()
    if last_commit(folder) not in (-1, shared_version(folder, PUBLISHED)):
        publish_tables(folder)


def write_database(folder: DataFolder, committed: Committed) -> PublishSummary:
    """The committed files as articles.duckdb; the caller holds the publish lock.

    Raises:
        TableError, DiskError: as `publish_tables`.
    """
    aside = folder.root / ".articles.duckdb.new"
    with disk_errors(aside):
        _remove(aside)  # of a publish that was killed
        try:
            summary, side_files, sheet = _fill(aside, committed, folder)
            sync_file(aside)
            aside.replace(folder.database)
        finally:
            _remove(aside)
        sync_folder(folder.root)
        sweep(folder, side_files, committed.files("articles"))
        write_durably(folder.root / datasheet.NAME, sheet.encode())
    return summary


def _fill(path: Path, committed: Committed, folder: DataFolder) -> tuple[PublishSummary, list[Path], str]:
    """What was published, the files beside the tables that it reads, and the datasheet of it."""
    try:
        with duckdb.connect() as database:
            database.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
            database.execute(f"attach {sql_text(str(path))} as published_aside (storage_version '{STORAGE_VERSION}')")
            database.execute("use published_aside")
            database.execute("begin")  # one write-ahead log entry instead of hundreds
            side_files = build(database, committed, folder)
            summary = _summarise(database, folder)
            sheet = datasheet.datasheet(datasheet.read_sheet(database))
            database.execute("commit")
            database.execute("use memory")
            database.execute("detach published_aside")
        return summary, side_files, sheet
    except (duckdb.Error, arrow.ArrowException) as error:
        raise _translated(error, path) from error


def _translated(error: Exception, path: Path) -> DiskError | TableError:
    """The error as one of ours: DuckDB's classes do not tell a full disk from a damaged file, the path does."""
    text = str(error).strip().splitlines()[0]
    if path.name in text:
        return DiskError(f"{path.parent / 'articles.duckdb'} cannot be written ({text}); readers keep the last one.")
    return TableError(f"The committed tables cannot be published ({text}); `copydesk doctor` names the file.")


def _summarise(database: duckdb.DuckDBPyConnection, folder: DataFolder) -> PublishSummary:
    row = database.execute(
        "select (select count(*) from version_order), (select count(*) from superseded),"
        " (select count(*) from files), run_count, last_run_id from published"
    ).fetchall()[0]
    versions, superseded, files, runs, last = row
    return PublishSummary(
        database=folder.database,
        article_count=versions - superseded,
        version_count=versions,
        file_count=files,
        run_count=runs,
        last_run_id=last,
    )


def _remove(aside: Path) -> None:
    for path in (aside, aside.with_name(f"{aside.name}.wal")):
        path.unlink(missing_ok=True)
