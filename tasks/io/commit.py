"""The commit of one run: once, whole, or not at all, whatever is killed when.

    files in staging, fsynced -> intent file -> files moved into the tables -> one log entry a table, the ledger's last
    -> intent gone -> staging gone

Data in a bucket go the same way, in a copy on this machine; tasks/io/bucket/share.py puts each step into the bucket.

Until the intent is durable the run has not happened; from then on it will happen, by whoever comes next: every step
after it can be done again. All of this runs under one lock (leases/commit.lock), well under a second, so that
whoever holds it sees every earlier run whole: an intent that lies there is one of a process that died or failed.
Should the lock be stolen (its file removed by hand), two may carry out one intent: each step is done once all the same.
See docs/decisions/0002-append-only-tables.md.
"""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import duckdb

from schemas.table import arrow_schema
from schemas.tables import TABLES
from tasks.errors import TableError
from tasks.io.bucket import share
from tasks.io.delta import NewFile, append, greatest, open_log
from tasks.io.folder import INTENT, DataFolder, disk_errors, sync_folder, write_durably
from tasks.io.leases import COMMIT, hold_named
from tasks.io.outfiles import OutFile, footer_digest, out_folder, sync_out, unless_missing
from tasks.io.points import passed
from tasks.io.tables import add_view
from tasks.io.torn import set_torn_checkpoint_aside, set_torn_entry_aside

LOG_WRITERS = 4
"""Tables whose entries are written at once; each opens its log and waits for the disk."""

LOCK_WAIT_S = 600.0
"""A commit takes well under a second; who waits longer waits for a stopped process, and is told its number."""


@dataclass(frozen=True)
class Intent:
    """What a run is going to commit. Once it is durable, the run counts as done."""

    run_id: str
    run_seq: int
    operation: str
    """Name of the flow, for people who read the file."""
    files: Mapping[str, tuple[OutFile, ...]]
    """Table to its files; tables without files may be missing."""


@contextmanager
def commit_lock(folder: DataFolder, owner: str) -> Iterator[None]:
    """Hold the lock under which run sequences are given out and log entries are written.

    Raises:
        FolderBusyError: it was not free within ten minutes.
    """
    with hold_named(folder, COMMIT, owner=owner, wait_s=LOCK_WAIT_S):
        share.settle(folder)
        yield


def next_run_seq(folder: DataFolder) -> int:
    """The sequence number of the next run to commit: one more than any that a table or an intent has.

    The caller holds the commit lock until its intent is durable. Numbers are in the data (column run_seq of
    `runs`), so the order of commits survives compaction and does not hang on any clock.
    """
    log = open_log(folder.table("runs"))
    said = {} if log is None else greatest(log, "run_seq")
    silent = [folder.table("runs") / path for path, number in said.items() if number is None]
    waiting = [load_intent(path).run_seq for path in intents(folder)]
    return 1 + max([0, _highest_of(silent), *waiting, *(number for number in said.values() if number is not None)])


def _highest_of(files: Sequence[Path]) -> int:
    """The greatest run_seq in files of `runs` of which the log does not say it: an older version wrote them."""
    if not files:
        return 0
    with duckdb.connect(":memory:") as connection:
        add_view(connection, "runs", files)
        return int(connection.execute("SELECT max(run_seq) FROM runs").fetchall()[0][0] or 0)


def intents(folder: DataFolder) -> list[Path]:
    """Intent files that wait for being carried out, in the order of their runs' ids."""
    return sorted(folder.staging.glob(f"*/{INTENT}"))


def load_intent(path: Path) -> Intent:
    """The intent in a file.

    Raises:
        TableError: it cannot be read, which no kill can cause (it is renamed into place when durable).
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        files = {table: tuple(OutFile(**file) for file in listed) for table, listed in raw["files"].items()}
        return Intent(raw["run_id"], int(raw["run_seq"]), raw["operation"], files)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TableError(f"{path} is damaged ({error}); a run waits there to be committed.") from error


def write_intent(folder: DataFolder, intent: Intent) -> None:
    """Make the run's files and the intent durable: the moment at which the run is decided.

    The caller holds the commit lock.

    Raises:
        DiskError: the disk refused it; then the run is not decided.
        FolderBusyError: the commit lock of a bucket was lost to another; then it is not decided either.
        BucketError, BucketDownError: a bucket refused it; whether the run is decided, `commit_lock` finds out.
    """
    path, content = folder.run(intent.run_id) / INTENT, json.dumps(asdict(intent), indent=1).encode()
    sync_out(folder, intent.run_id)
    share.share_files(folder, intent.run_id)
    with disk_errors(path):
        write_durably(path, content)
        sync_folder(folder.staging)
    passed("intent written")
    share.share_intent(folder, intent.run_seq, content)


def carry_out(folder: DataFolder, path: Path) -> str:
    """Do what the intent says, from wherever an earlier try stopped, and remove it. Returns the run_id.

    The caller holds the commit lock.

    Raises:
        TableError: a file is missing or not the one that was written.
        DiskError: the disk refused a step; the intent stays, and doing it again goes on from there.
    """
    intent = load_intent(path)
    for table, files in intent.files.items():
        share.bring_files(folder, table, [file.path for file in files], out_folder(folder, intent.run_id, table))
    move_files(folder, intent.run_id, {table: intent.files.get(table, ()) for table in _in_order(intent)})
    *first, last = _in_order(intent)
    with ThreadPoolExecutor(LOG_WRITERS) as pool:
        for table, _ in zip(first, pool.map(partial(_log, folder, intent), first), strict=True):
            passed(f"logged {table}")
    _log(folder, intent, last)
    passed(f"logged {last}")
    share.close_intent(folder, intent.run_seq)
    with disk_errors(path), suppress(FileNotFoundError):  # whoever stole the lock was faster
        path.unlink()
        sync_folder(path.parent)
    passed("intent gone")
    remove_staging(folder, intent.run_id)
    passed("staging gone")
    return intent.run_id


def finish_others(folder: DataFolder) -> list[str]:
    """Carry out what others have left half done, and give their run_ids, so that nobody judges against half of a run.

    The caller holds the commit lock, so no live writer is at a log: a torn entry is one of whoever died there.

    Raises:
        TableError, DiskError: as `carry_out`.
    """
    waiting = intents(folder)
    if waiting:
        set_torn_aside(folder)
    return [carry_out(folder, path) for path in waiting]


def set_torn_aside(folder: DataFolder) -> list[Path]:
    """Set the torn entries and checkpoints of all logs aside, and say where they lie now; as `set_torn_entry_aside`."""
    asides = (set_torn_entry_aside, set_torn_checkpoint_aside)
    return [path for table in TABLES for aside in asides if (path := aside(folder.table(table)))]


def _in_order(intent: Intent) -> list[str]:
    """The tables that get a log entry: those with files, and always the ledger, last."""
    return [table for table in TABLES if intent.files.get(table) or table == "ledger"]


def move_files(folder: DataFolder, run_id: str, files: Mapping[str, Sequence[OutFile]]) -> None:
    """Move the staged files of all tables into their places, and make the names durable, each folder once.

    Files that are there already stay.

    Raises:
        DiskError: the disk refused it; doing it again goes on.
    """
    changed = {folder.root: None}
    for table, listed in files.items():
        staged, place = out_folder(folder, run_id, table), folder.table(table)
        with disk_errors(place):
            place.mkdir(parents=True, exist_ok=True)
            for file in listed:
                target = place / file.path
                target.parent.mkdir(parents=True, exist_ok=True)
                if (staged / file.path).exists():
                    (staged / file.path).replace(target)
                    passed(f"moved a file of {table}")
                changed |= {target.parent: None}
        changed |= {place: None}
        passed(f"moved {table}")
    with disk_errors(folder.root):
        for place in reversed(changed):
            sync_folder(place)


def _log(folder: DataFolder, intent: Intent, table: str) -> None:
    place, files = folder.table(table), intent.files.get(table, ())
    for file in files:
        check_file(place / file.path, file)
    said = {"run_seq": intent.run_seq} if table == "runs" else {}
    new = [NewFile(file.path, file.size, file.rows, file.footer, said) for file in files]
    append(place, arrow_schema(TABLES[table]), intent.run_id, new)
    while not share.share_log(folder, table):  # another machine's entry came first: ours again, on top of it
        append(place, arrow_schema(TABLES[table]), intent.run_id, new)


def check_file(path: Path, file: OutFile) -> None:
    """Raise unless the file is the one that was written.

    Raises:
        TableError: it is missing or another one.
    """
    if not path.exists():
        raise TableError(f"{path} is missing, though a run that is being committed wrote it.")
    if path.stat().st_size != file.size or footer_digest(path) != file.footer:
        raise TableError(f"{path} is not the file that was written for the commit; it is damaged.")


def remove_staging(folder: DataFolder, run_id: str) -> None:
    """Remove what a run has staged; only for runs that are committed or have nothing to be finished."""
    with disk_errors(folder.run(run_id)):
        shutil.rmtree(folder.run(run_id), onerror=unless_missing)
        sync_folder(folder.staging)
