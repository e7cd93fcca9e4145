"""Whether a data folder is what its logs, digests and sums say, and where it is not.

It changes nothing and takes no lock, so it may look while a run commits: what is half done then is a note.
What is asked of captures and sums is in verify_captures.py and verify_sums.py.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as arrow
import pyarrow.parquet as pq

from schemas.tables import TABLES
from tasks.errors import CopydeskError, MovedFolderError
from tasks.io.commit import intents, load_intent
from tasks.io.database import open_database
from tasks.io.delta import LOG, logged_files, logged_footers, open_log
from tasks.io.findings import Finding, fault, note
from tasks.io.folder import DataFolder
from tasks.io.outfiles import footer_digest
from tasks.io.recovery import dead_runs
from tasks.io.replacing import replaced_files
from tasks.io.rewrite import rewrites
from tasks.io.tables import Snapshot
from tasks.io.verify_bucket import check_bucket
from tasks.io.verify_captures import check_captures
from tasks.io.verify_forgotten import check_forgotten
from tasks.io.verify_sums import check_sums

BATCH_ROWS = 20_000


def verify(folder: DataFolder, *, deep: bool = False) -> list[Finding]:
    """What is wrong with the folder, faults first, then what is only worth knowing.

    Args:
        folder: Data folder.
        deep: Read every page of every file and every record of every capture, and hold them against their digests;
            else sizes, footers, row counts and sums.

    Raises:
        NewerFormatError, DataFolderError: the folder is of a newer format, or none.
    """
    folder.check()
    found = [finding for table in TABLES for finding in _check_table(folder, table, deep=deep)]
    found += _check_waiting(folder)
    if not any(finding.is_fault for finding in found):  # with a table unreadable, every sum would be wrong as well
        snapshot = Snapshot.open(folder)
        try:
            found += check_sums(snapshot, deep=deep)
            found += check_captures(snapshot, deep=deep)
            found += check_bucket(folder, deep=deep)
            found += check_forgotten(snapshot)
        except duckdb.Error as error:
            found.append(fault("file", folder.root, f"a file cannot be read ({str(error).splitlines()[0][:300]})"))
    found += _check_published(folder)
    return sorted(found, key=lambda finding: not finding.is_fault)


def _check_table(folder: DataFolder, table: str, *, deep: bool) -> Iterator[Finding]:
    place = folder.table(table)
    try:
        log = open_log(place)
    except CopydeskError as error:
        yield fault("log", place / LOG, str(error))
        return
    files = {} if log is None else logged_files(log)
    footers = logged_footers(place) if deep else {}
    for name, (size, rows) in sorted(files.items()):
        yield from _check_file(place / name, size, rows, footers.get(name), deep=deep)
    yield from _check_strays(folder, table, set(files))


def _check_file(path: Path, size: int, rows: int | None, footer: str | None, *, deep: bool) -> Iterator[Finding]:
    if not path.is_file():
        yield fault("file", path, "it is named by the log and not there")
        return
    found = path.stat().st_size
    if found != size:
        yield fault("file", path, f"it has {found} bytes, and the log says {size}")
        return
    try:
        with pq.ParquetFile(path, page_checksum_verification=deep) as file:
            counted = file.metadata.num_rows
            if deep:
                counted = sum(batch.num_rows for batch in file.iter_batches(BATCH_ROWS))
    except (OSError, arrow.ArrowException) as error:
        yield fault("file", path, f"it cannot be read ({str(error).splitlines()[0][:200]})")
        return
    if rows is not None and counted != rows:
        yield fault("file", path, f"it has {counted} rows, and the log says {rows}")
    if footer is not None and footer_digest(path) != footer:
        yield fault("file", path, "its footer is not the one that was committed")


def _check_strays(folder: DataFolder, table: str, known: set[str]) -> Iterator[Finding]:
    """Files that no log names. Readers do not see them; a bare glob would."""
    place = folder.table(table)
    if not place.is_dir():
        return
    awaited = {file.path for path in intents(folder) for file in load_intent(path).files.get(table, ())}
    waiting = {name for name in replaced_files(place) if (place / name).exists()}
    if waiting:
        yield note("replaced", place, f"{len(waiting)} files were replaced by others; maintenance removes them in time")
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        if path.is_dir() or name.startswith(f"{LOG}/") or name in known | awaited | waiting:
            continue
        yield note("stray", path, "no log names it; readers do not see it")
    for path in sorted((place / LOG).glob("*.torn")):
        yield note("torn", path, "a log entry that was half written, set aside; its run was committed again")


def _check_waiting(folder: DataFolder) -> Iterator[Finding]:
    for path in intents(folder):
        yield note("waiting", path, "a commit was decided and not carried out; the next run does so")
    for path in rewrites(folder):
        yield note("waiting", path, "a command that rewrites files was decided and not finished; the next run does so")
    for run_id in dead_runs(folder):
        yield note("waiting", folder.run(run_id), "a run was killed; the next one finishes it")


def _check_published(folder: DataFolder) -> Iterator[Finding]:
    if not folder.database.exists():
        return
    try:
        with open_database(folder) as database:
            listed = [Path(path) for (path,) in database.execute("select path from files").fetchall()]
    except MovedFolderError as error:
        yield note("published", folder.database, str(error))
        return
    except CopydeskError as error:
        yield fault("published", folder.database, str(error))
        return
    missing = [path for path in listed if not path.exists()]
    if missing:
        yield fault(
            "published", folder.database, f"it reads {len(missing)} files that are gone: publish again by a run"
        )
