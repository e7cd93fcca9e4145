"""Keeps this machine's copy in step with its bucket: log entries, the files that they name, captures when asked for.

Files are never rewritten in a bucket, so what is here already is right. Entries of the ledger come last, after all
that they rest on: whoever reads the copy meanwhile never sees half of a run.
What does not belong here: putting anything into the bucket (share.py).
"""

import json
import re
import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from schemas.tables import TABLES
from tasks.errors import BucketError, DataFolderError, TableError
from tasks.io.bucket.store import Bucket, open_bucket
from tasks.io.delta import LOG
from tasks.io.folder import FORMAT, DataFolder, disk_errors, write_durably
from tasks.io.leases import hold

LEDGER = "ledger"
SHARED = "shared"
"""Folder of the copy: for each table the number of the newest entry that is known to be the bucket's too."""

LOCK_WAIT_S = 3600.0
"""The first filling of a copy takes as long as the net needs."""

BRINGERS = 8
"""Objects that are fetched at once."""

_ENTRY = re.compile(r"(\d{20})\.json")
"""Matches: 00000000000000000012.json. Not: 00000000000000000012.json.1.torn."""
_CHECKPOINT = re.compile(r"(\d{20})\.checkpoint\.parquet")
"""Matches: 00000000000000000010.checkpoint.parquet. Not: _last_checkpoint."""
_POINTER = "_last_checkpoint"


def bucket_of(folder: DataFolder) -> Bucket:
    """The bucket of a folder that has one."""
    if folder.address is None:
        raise ValueError(f"{folder.root} is in no bucket")
    return open_bucket(folder.address)


def found(folder: DataFolder) -> None:
    """Make sure that the bucket is begun: it says its format.

    Raises:
        BucketError: it cannot be written, or knows no conditional puts.
    """
    bucket = bucket_of(folder)
    if bucket.get(folder.format_file.name) is None:
        _check_conditions(bucket)
        bucket.put_if_absent(folder.format_file.name, json.dumps({"format": FORMAT}).encode())


def _check_conditions(bucket: Bucket) -> None:
    """Raise unless the store minds If-None-Match: some take the header and write all the same."""
    key = f"leases/probe-{secrets.token_hex(6)}"
    first, second = bucket.put_if_absent(key, b"first"), bucket.put_if_absent(key, b"second")
    bucket.delete(key)
    if first is None or second is not None:
        raise BucketError(
            f"{bucket.address}: this store does not mind If-None-Match, without which two writers could undo each "
            "other: use one that knows conditional puts."
        )


def refresh(folder: DataFolder) -> None:
    """Check the format of what lies in the bucket, and bring the copy in step with it.

    Raises:
        NewerFormatError: a newer Copydesk wrote it; nothing is fetched.
        DataFolderError: the bucket was emptied, and the copy was not.
        BucketError, BucketDownError: it cannot be read.
        TableError: an entry of a log is missing.
        DiskError: the copy cannot be written.
    """
    bucket = bucket_of(folder)
    said = bucket.get(folder.format_file.name)
    if said is None:
        if folder.format_file.exists():
            raise DataFolderError(
                f"{folder.name} holds no data any more, but its copy in {folder.root} does: "
                "bring the bucket back, or remove the copy."
            )
        return
    with disk_errors(folder.root):
        folder.root.mkdir(parents=True, exist_ok=True)
        if not folder.format_file.exists() or folder.format_file.read_bytes() != said.content:
            write_durably(folder.format_file, said.content)
    folder.check_format()
    pull(folder)


def pull(folder: DataFolder) -> None:
    """Bring all tables in step with the bucket; raises as `refresh`."""
    bucket = bucket_of(folder)
    with hold(folder.leases / "copy.lock", owner="copy", wait_s=LOCK_WAIT_S):
        ledger = _news(bucket, folder, LEDGER)  # listed first, taken last
        with ThreadPoolExecutor(BRINGERS) as pool:
            list(pool.map(partial(_pull_table, bucket, folder), [table for table in TABLES if table != LEDGER]))
        _take(bucket, folder, LEDGER, ledger)


def pull_table(folder: DataFolder, table: str) -> None:
    """Bring one table in step with the bucket; raises as `refresh`."""
    with hold(folder.leases / "copy.lock", owner="copy", wait_s=LOCK_WAIT_S):
        _pull_table(bucket_of(folder), folder, table)


def _pull_table(bucket: Bucket, folder: DataFolder, table: str) -> None:
    _take(bucket, folder, table, _news(bucket, folder, table))


def _news(bucket: Bucket, folder: DataFolder, table: str) -> list[str]:
    """Names in the bucket's log of the table that come after the newest entry that is known to be shared."""
    known = shared_version(folder, table)
    place = f"{table}/{LOG}"
    keys = bucket.sizes(place, after=None if known < 0 else f"{place}/{known:020d}.json")
    return [key.removeprefix(f"{place}/") for key in keys]


def _take(bucket: Bucket, folder: DataFolder, table: str, names: list[str]) -> None:
    """Bring the files that new entries name, then the entries, then the checkpoints."""
    log, key = folder.table(table) / LOG, f"{table}/{LOG}"
    numbers = sorted(int(match[1]) for name in names if (match := _ENTRY.fullmatch(name)))
    if not numbers:
        return
    first = shared_version(folder, table) + 1
    if numbers != list(range(first, first + len(numbers))):
        raise TableError(f"{folder.name}/{key} lacks an entry between {first} and {numbers[-1]}: bring it back.")
    with disk_errors(log), ThreadPoolExecutor(BRINGERS) as pool:
        log.mkdir(parents=True, exist_ok=True)
        contents = dict(zip(numbers, pool.map(partial(_entry, bucket, key), numbers), strict=True))
        wanted = _named(contents)
        list(pool.map(partial(_bring_file, bucket, folder, table), wanted.items()))
        for number, content in contents.items():
            _place(log, number, content)
        for name in names:
            if _CHECKPOINT.fullmatch(name) and not (log / name).exists():
                bucket.bring(f"{key}/{name}", log / name)
        if _POINTER in names and (pointer := bucket.get(f"{key}/{_POINTER}")) is not None:
            write_durably(log / _POINTER, pointer.content)
    note_shared(folder, table, numbers[-1])


def _entry(bucket: Bucket, key: str, number: int) -> bytes:
    entry = bucket.get(f"{key}/{number:020d}.json")
    if entry is None:
        raise TableError(f"{bucket.address}/{key} lost its entry {number} while it was read: try again.")
    return entry.content


def _named(entries: Mapping[int, bytes]) -> dict[str, int]:
    """Paths of the files that are in the table after these entries, as far as these added them, to their bytes."""
    wanted: dict[str, int] = {}
    for content in entries.values():
        for line in content.splitlines():
            action = json.loads(line)
            if "add" in action:
                wanted[unquote(action["add"]["path"])] = action["add"]["size"]
            elif "remove" in action:
                wanted.pop(unquote(action["remove"]["path"]), None)
    return wanted


def _bring_file(bucket: Bucket, folder: DataFolder, table: str, named: tuple[str, int]) -> None:
    """Fetch a file unless it is here. One that the bucket has lost stays away: readers and `verify` name it."""
    path = folder.table(table) / named[0]
    if not path.exists() or path.stat().st_size != named[1]:
        bucket.bring(f"{table}/{named[0]}", path)


def _place(log: Path, number: int, content: bytes) -> None:
    """Put an entry of the bucket into the copy; one of the same number that was never shared gives way to it."""
    path = log / f"{number:020d}.json"
    if path.exists() and path.read_bytes() != content:
        drop_from(log, number)
    if not path.exists():
        write_durably(path, content)


def drop_from(log: Path, number: int) -> None:
    """Remove entries from a number on, and checkpoints that hold them: another machine's entries came first."""
    for path in log.iterdir():
        match = _ENTRY.fullmatch(path.name) or _CHECKPOINT.fullmatch(path.name)
        if match is not None and int(match[1]) >= number:
            path.unlink()
    (log / _POINTER).unlink(missing_ok=True)


def shared_version(folder: DataFolder, table: str) -> int:
    """The number of the newest entry that is known to be the bucket's too; -1 when none is."""
    with suppress(OSError, ValueError):
        return int((folder.root / SHARED / table).read_text(encoding="ascii"))
    return -1


def note_shared(folder: DataFolder, table: str, number: int) -> None:
    """Remember that entries up to this number are the bucket's."""
    path = folder.root / SHARED / table
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, str(number).encode())


def bring_capture(folder: DataFolder, uri: str) -> None:
    """Fetch a capture file, where the bucket has it."""
    bucket_of(folder).bring(uri, folder.resolve(uri))


def capture_sizes(folder: DataFolder) -> dict[str, int]:
    """Capture files in the bucket, by URI, to their bytes; none without a bucket."""
    return {} if folder.address is None else bucket_of(folder).sizes(folder.captures.name)


def bring_captures(folder: DataFolder, run_id: str | None = None) -> None:
    """Fetch all capture files, or those of one run, that are not here; nothing to do without a bucket."""
    own = "" if run_id is None else f"{run_id}-"
    uris = [uri for uri in capture_sizes(folder) if uri.rsplit("/", 1)[-1].startswith(own)]
    missing = [uri for uri in uris if not folder.resolve(uri).exists()]
    with ThreadPoolExecutor(BRINGERS) as pool:
        list(pool.map(partial(bring_capture, folder), missing))
