"""The Delta log of one table: which files are committed, and how one run's files are added exactly once.

delta-rs by itself accepts the same app transaction twice, files that do not exist, and syncs nothing: the checks
and the fsync are here. What does not belong here: moving files, and the order of tables (tasks/io/commit.py).
"""

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as arrow
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Transaction
from deltalake import Schema as DeltaSchema
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.transaction import AddAction, create_table_with_add_actions

from tasks.errors import DiskError, TableError
from tasks.io.folder import disk_errors, sync_file, sync_folder

LOG = "_delta_log"
ATTEMPTS = 20
"""How often an append is tried anew after another writer was faster; each try sees the other's entry."""

HOOKS = PostCommitHookProperties(create_checkpoint=True, cleanup_expired_logs=False)
"""delta-rs writes a checkpoint every 100 entries. It must not delete entries: the checkpoint may not be durable yet."""

SETTINGS = {"delta.checkpointInterval": "10"}
"""Settings of a table that we make. Opening reads all entries since the last checkpoint: 5 ms for ten, 25 for 99."""

FOOTERS = "copydeskFooters"
"""What an entry's commitInfo calls the digests of its files' footers."""

_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_ENTRY = re.compile(r"^\d{20}\.json$")
_DISK = re.compile(r"No space left|Read-only file system|Permission denied|quota exceeded", re.IGNORECASE)


@dataclass(frozen=True)
class NewFile:
    """One file to be added to a table."""

    path: str
    """Below the table's folder, with /."""
    size: int
    rows: int
    footer: str
    """SHA-256 of its Parquet footer."""
    greatest: Mapping[str, int] = field(default_factory=dict)
    """Greatest value of some columns, for who asks the log and not the file (`greatest`)."""


def open_log(table: Path) -> DeltaTable | None:
    """A fresh handle on the table's newest state; None when the table has no log yet.

    Raises:
        TableError: the log cannot be read.
    """
    entries = log_entries(table)
    if not entries:
        return None
    uri, options = _address(table)
    if options:
        _wait_for_entry(table)
    if entries[-1].stat().st_size == 0:  # delta-rs takes it for an entry that says nothing
        raise _unreadable(table, f"{entries[-1].name} is empty")
    try:
        return DeltaTable(uri, storage_options=options)
    except TableNotFoundError:
        return None
    except (DeltaError, OSError) as error:
        raise _unreadable(table, _first_line(error)) from error


def _unreadable(table: Path, why: str) -> TableError:
    return TableError(f"The log of {table} cannot be read ({why}); the next run repairs an entry that was torn.")


def _wait_for_entry(table: Path) -> None:
    """Wait, at most a second, until the newest entry is whole: opendal writes entries in place."""
    for _ in range(100):
        entries = log_entries(table)
        if not entries or is_whole_entry(entries[-1]):
            return
        time.sleep(0.01)


def log_entries(table: Path) -> list[Path]:
    """The entries of a table's log, oldest first; none when it has no log."""
    return sorted(path for path in (table / LOG).glob("*.json") if _ENTRY.match(path.name))


def is_whole_entry(entry: Path) -> bool:
    """Whether a log entry holds nothing but whole JSON objects, at least one."""
    lines = entry.read_bytes().splitlines()
    try:
        return bool(lines) and all(isinstance(json.loads(line), dict) for line in lines if line.strip())
    except ValueError:
        return False


def _address(table: Path) -> tuple[str, dict[str, str]]:
    """URI and options for delta-rs.

    delta-rs 1.6.6 decodes a local path once too often when it reads a log: a folder named `a%20b` is looked for as
    `a b`. Its opendal back end takes the folder as it is written, so such paths, and only they, go through it.
    """
    absolute = table.resolve()
    if _ESCAPE.search(str(absolute)):
        return f"opendal+fs:///{absolute.name}", {"opendal.root": str(absolute.parent)}
    return absolute.as_uri(), {}


def log_files(log: DeltaTable) -> list[str]:
    """Paths of the committed files below the table's folder, decoded, in no order."""
    return [unquote(path) for path in arrow.table(log.get_add_actions()).column("path").to_pylist()]


def logged_files(log: DeltaTable) -> dict[str, tuple[int, int | None]]:
    """Path of each committed file, below the table's folder, to the bytes and rows that the log gives it."""
    actions = arrow.table(log.get_add_actions(flatten=True))
    rows = actions.column("num_records").to_pylist() if "num_records" in actions.column_names else [None] * len(actions)
    sizes = actions.column("size_bytes").to_pylist()
    paths = actions.column("path").to_pylist()
    return {unquote(path): (size, count) for path, size, count in zip(paths, sizes, rows, strict=True)}


def greatest(log: DeltaTable, column: str) -> dict[str, int | None]:
    """Path of each committed file to the greatest value of a column, None where its entry does not say it."""
    actions = arrow.table(log.get_add_actions(flatten=True))
    said = (
        actions.column(f"max.{column}").to_pylist()
        if f"max.{column}" in actions.column_names
        else [None] * len(actions)
    )
    return dict(zip(map(unquote, actions.column("path").to_pylist()), said, strict=True))


def logged_footers(table: Path) -> dict[str, str]:
    """Path of each file to the digest of its footer, as far as the log's entries go back and say it."""
    found: dict[str, str] = {}
    for entry in log_entries(table):
        for line in entry.read_text(encoding="utf-8").splitlines():
            found.update(json.loads(line).get("commitInfo", {}).get(FOOTERS, {}))
    return found


def append(table: Path, schema: arrow.Schema, run_id: str, files: Sequence[NewFile]) -> None:
    """Add the files to the table in one entry that bears the run's app transaction, durably and exactly once.

    A table without a log gets one. The caller has checked that the files are there. Files may be none: then the
    entry says only that the run is committed.

    Raises:
        TableError: the log cannot be read or written.
        DiskError: the disk refused the entry.
    """
    with disk_errors(table):
        table.mkdir(parents=True, exist_ok=True)
    for _ in range(ATTEMPTS):
        log = open_log(table)
        if log is not None and log.transaction_version(run_id) is not None:
            sync_log(table)
            return
        if log is not None and set(schema.names) - {field.name for field in log.schema().fields}:
            from tasks.io.replacing import evolve  # it builds on this module; needed after an upgrade only

            evolve(table, schema)
            continue
        try:
            _write_entry(table, log, schema, run_id, files)
        except CommitFailedError:
            continue
        except (DeltaError, OSError) as error:
            _explain(table, log, error)
            continue
        sync_log(table)
        return
    raise TableError(f"{table} could not be committed to: other writers were faster {ATTEMPTS} times.")


def _write_entry(
    table: Path, log: DeltaTable | None, schema: arrow.Schema, run_id: str, files: Sequence[NewFile]
) -> None:
    actions = [
        AddAction(
            path=file.path,
            size=file.size,
            partition_values={},
            modification_time=int((table / file.path).stat().st_mtime * 1000),
            data_change=True,
            stats=json.dumps({"numRecords": file.rows} | ({"maxValues": dict(file.greatest)} if file.greatest else {})),
        )
        for file in files
    ]
    said = {FOOTERS: {file.path: file.footer for file in files}}
    properties = CommitProperties(said, app_transactions=[Transaction(run_id, 1)], max_commit_retries=0)
    common: dict[str, Any] = {"commit_properties": properties, "post_commithook_properties": HOOKS}
    delta_schema = DeltaSchema.from_arrow(schema)
    if log is not None:
        log.create_write_transaction([*actions], "append", delta_schema, **common)
        return
    uri, options = _address(table)
    create_table_with_add_actions(
        uri, delta_schema, actions, mode="error", storage_options=options, configuration=SETTINGS, **common
    )


def _explain(table: Path, log: DeltaTable | None, error: Exception) -> None:
    """Return when another writer made the table first; else raise what went wrong as an error of ours."""
    if log is None and open_log(table) is not None:
        return
    if isinstance(error, OSError) or _DISK.search(str(error)):
        raise DiskError(f"{table} cannot be written: {_first_line(error)}; what was committed is whole.") from error
    raise TableError(f"{table} could not be committed to ({_first_line(error)}).") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]


def sync_log(table: Path) -> None:
    """Make the newest entry, the checkpoint of the same version and the pointer to it durable."""
    log = table / LOG
    entries = log_entries(table)
    if not entries:
        return
    with disk_errors(log):
        for path in [*log.glob(f"{entries[-1].stem}.*"), log / "_last_checkpoint"]:
            if path.exists():
                sync_file(path)
        sync_folder(log)
        if len(entries) == 1:  # the log itself is new
            sync_folder(table)
            sync_folder(table.parent)
