"""Puts what this machine made into the bucket, in the order that a commit needs.

    captures and Parquet files -> the intent -> (carried out in the copy) -> each log entry, the ledger's last
    -> intent gone

The intent in the bucket decides the run: from then on any machine can carry it out. An entry is put if absent;
where another machine's is there first, ours gives way and is made again on top of it.
"""

import glob
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

from tasks.errors import FolderBusyError, UsageError
from tasks.io.bucket.copy import BRINGERS, bucket_of, note_shared, pull_table, refresh, shared_version
from tasks.io.bucket.leases import still_holds
from tasks.io.delta import LOG
from tasks.io.folder import INTENT, DataFolder, disk_errors, write_durably
from tasks.io.leases import COMMIT
from tasks.io.outfiles import OUT
from tasks.io.points import passed
from tasks.io.tables import Snapshot

INTENTS = "intents"
CLOSED_KEPT = 100
"""How many numbers of runs that are carried out stay taken in the bucket."""

NO_MAINTENANCE = "its tables work without it, and all captures are kept"
"""What to do instead of maintenance."""

_sent: set[tuple[str, int, int]] = set()
"""Path, bytes and time of change of files that this process has sent."""


def share_files(folder: DataFolder, run_id: str) -> None:
    """Put the captures of a run, and the files that it is going to commit, into the bucket, where there is one.

    Nobody refers to them yet, so doing it again after a kill writes over what an earlier try has put. What this
    process has sent costs nothing again, so who calls it before taking the commit lock keeps others waiting less.

    Raises:
        BucketError, BucketDownError: the bucket refused one.
        DiskError: a file cannot be read.
    """
    if folder.address is None:
        return
    out = folder.run(run_id) / OUT
    own = folder.captures.glob(f"run_date=*/{glob.escape(run_id)}-*.warc.gz")
    files = [(path.relative_to(folder.root).as_posix(), path) for path in sorted(own)]
    files += [(path.relative_to(out).as_posix(), path) for path in sorted(out.rglob("*")) if path.is_file()]
    with disk_errors(out), ThreadPoolExecutor(BRINGERS) as pool:
        list(pool.map(partial(_share_file, folder), files))
    passed("shared the files")


def _share_file(folder: DataFolder, file: tuple[str, Path]) -> None:
    key, path = file
    status = path.stat()
    mark = (f"{folder.address}/{key}", status.st_size, status.st_mtime_ns)
    if mark not in _sent:
        bucket_of(folder).put_file(key, path)
        _sent.add(mark)
        passed("shared a file")


def intent_key(run_seq: int) -> str:
    """Where the intent of the run of that number lies: of one number there can be only one."""
    return f"{INTENTS}/{run_seq:012d}.json"


def share_intent(folder: DataFolder, run_seq: int, content: bytes) -> None:
    """Put the intent into the bucket, where there is one: the moment at which the run is decided.

    Raises:
        FolderBusyError: another run has the number, so the commit lock was lost; nothing is decided.
        BucketError, BucketDownError: the bucket refused it.
    """
    if folder.address is None:
        return
    if not still_holds(folder, COMMIT) or bucket_of(folder).put_if_absent(intent_key(run_seq), content) is None:
        raise FolderBusyError(f"Another run committed to {folder.name} at the same time: run again.")
    passed("shared the intent")


def close_intent(folder: DataFolder, run_seq: int) -> None:
    """Empty the intent of a run that is carried out: its number stays taken for whoever slept meanwhile."""
    if folder.address is None:
        return
    bucket = bucket_of(folder)
    bucket.put(intent_key(run_seq), b"")
    passed("closed the intent")
    if run_seq > CLOSED_KEPT:
        bucket.delete(intent_key(run_seq - CLOSED_KEPT))


def settle(folder: DataFolder) -> None:
    """Bring the copy of a bucket in step, and the intents that wait here: those of the bucket, and no other.

    The caller holds the commit lock. An intent that lies here, but not in the bucket, is of a run that is committed
    (the ledger says so), or was never decided: its file goes, and the run is finished from its captures.

    Raises:
        BucketError, BucketDownError, TableError, DiskError: as `refresh`.
    """
    if folder.address is None:
        return
    refresh(folder)
    bucket = bucket_of(folder)
    waiting: dict[str, bytes] = {}
    for key in [key for key, size in bucket.sizes(INTENTS).items() if size]:
        intent = bucket.get(key)
        if intent is not None and intent.content:
            waiting[json.loads(intent.content)["run_id"]] = intent.content
    for path in sorted(folder.staging.glob(f"*/{INTENT}")):
        run_id = path.parent.name
        if run_id not in waiting and not Snapshot.open(folder).has_run(run_id):
            with disk_errors(path):
                path.unlink()
    for run_id, content in waiting.items():
        path = folder.run(run_id) / INTENT
        with disk_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, content)


def bring_files(folder: DataFolder, table: str, paths: Sequence[str], out: Path) -> None:
    """Fetch files of an intent that lie neither in their place nor in staging (`out`): another machine made them."""
    if folder.address is None:
        return
    for path in paths:
        if not (folder.table(table) / path).exists() and not (out / path).exists():
            bucket_of(folder).bring(f"{table}/{path}", folder.table(table) / path)


def share_log(folder: DataFolder, table: str) -> bool:
    """Put the table's new entries into the bucket; False when another machine was faster, and ours gave way to its.

    Raises:
        BucketError, BucketDownError: the bucket refused one; calling again goes on from there.
    """
    if folder.address is None:
        return True
    bucket, key, log = bucket_of(folder), f"{table}/{LOG}", folder.table(table) / LOG
    known = shared_version(folder, table)
    entries = sorted(path for path in log.glob("0*.json") if path.stem.isdecimal() and int(path.stem) > known)
    for path in entries:
        if bucket.put_if_absent(f"{key}/{path.name}", path.read_bytes()) is None:
            pull_table(folder, table)
            return False
        passed(f"shared an entry of {table}")
        note_shared(folder, table, int(path.stem))
    _share_checkpoint(folder, table, known)
    return True


def _share_checkpoint(folder: DataFolder, table: str, known: int) -> None:
    """Put a checkpoint that is newer than what was known before; entries say the same, so it may be lost."""
    bucket, key, log = bucket_of(folder), f"{table}/{LOG}", folder.table(table) / LOG
    new = [path for path in sorted(log.glob("0*.checkpoint.parquet")) if int(path.name[:20]) > known]
    for path in new:
        bucket.put_file(f"{key}/{path.name}", path)
    if new:
        with suppress(FileNotFoundError):
            bucket.put(f"{key}/_last_checkpoint", (log / "_last_checkpoint").read_bytes())


def refuse(folder: DataFolder, what: str, instead: str) -> None:
    """Raise when the folder is in a bucket, where this cannot be done.

    Raises:
        UsageError: it is.
    """
    if folder.address is not None:
        raise UsageError(
            f"{what} works on a folder of a file system only, and {folder.name} is in a bucket: {instead}."
        )
