"""Log entries that delta-rs cannot be asked for: files out and others in, in one step; and new columns.

Its own overwrite takes out all files, and its compaction, run twice at once, doubled the data. The entry is written
by the protocol (delta-io/delta, PROTOCOL.md, "Actions"): a JSON object a line, put under the next number if that is
free. The caller holds the commit lock, so nobody else of ours is at the log.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as arrow
from deltalake import Schema as DeltaSchema

from tasks.errors import TableError
from tasks.io.delta import FOOTERS, LOG, NewFile, logged_files, open_log, sync_log
from tasks.io.folder import disk_errors, sync_folder

Action = dict[str, Any]


def replace_files(
    table: Path,
    schema: arrow.Schema,
    key: str,
    new: Sequence[NewFile],
    old: Sequence[str],
    *,
    operation: str,
    changes_data: bool,
) -> None:
    """Put the new files in the place of the old ones, durably and exactly once.

    Args:
        table: The table's folder; it has a log.
        schema: Of the new files.
        key: App transaction of whoever replaces; an entry that bears it makes this call do nothing.
        new: Files that lie in the table's folder already.
        old: Paths below it that readers no longer see; the files themselves stay.
        operation: What the entry says of itself, for people.
        changes_data: False when the rows are the same, as after compaction.

    Raises:
        TableError: the log cannot be read, or an old file is not in it.
        DiskError: the disk refused the entry.
    """
    log = open_log(table)
    if log is None:
        raise TableError(f"{table} has no log, so nothing in it can be replaced.")
    if log.transaction_version(key) is None:
        known = logged_files(log)
        lost = sorted(set(old) - set(known))
        if lost:
            raise TableError(f"{table} has no file {lost[0]} that could be replaced.")
        evolve(table, schema)
        removed = {path: known[path][0] for path in old}
        actions = _actions(table, key, new, removed, operation=operation, changes_data=changes_data)
        write_entry(table, _next_version(table), actions)
    sync_log(table)


def _actions(
    table: Path, key: str, new: Sequence[NewFile], old: dict[str, int], *, operation: str, changes_data: bool
) -> Iterator[Action]:
    now = int(datetime.now(UTC).timestamp() * 1000)
    footers = {file.path: file.footer for file in new}
    yield {"commitInfo": {"timestamp": now, "operation": operation, "operationParameters": {}, FOOTERS: footers}}
    yield {"txn": {"appId": key, "version": 1}}
    for path, size in sorted(old.items()):
        yield {
            "remove": {
                "path": path,
                "deletionTimestamp": now,
                "dataChange": changes_data,
                "extendedFileMetadata": True,
                "partitionValues": {},
                "size": size,
            }
        }
    for file in new:
        changed = int((table / file.path).stat().st_mtime * 1000)
        yield {
            "add": {
                "path": file.path,
                "partitionValues": {},
                "size": file.size,
                "modificationTime": changed,
                "dataChange": changes_data,
                "stats": json.dumps({"numRecords": file.rows}),
            }
        }


def _next_version(table: Path) -> int:
    return 1 + max(int(path.stem) for path in (table / LOG).glob("0*.json"))


def evolve(table: Path, schema: arrow.Schema) -> None:
    """Add the columns to a table's log that it does not have yet, all of them nullable; old files have nulls there.

    delta-rs appends files with more columns and leaves the log's schema as it was. A table without a log, or whose
    log has all columns, stays as it is; columns that the log has and the schema not (a newer Copydesk's) are kept.

    Raises:
        TableError: the log cannot be read.
        DiskError: the disk refused the entry.
    """
    log = open_log(table)
    if log is None:
        return
    known = {field.name for field in log.schema().fields}
    new = [schema.field(name).with_nullable(True) for name in schema.names if name not in known]
    if not new:
        return
    fields = json.loads(log.schema().to_json())["fields"]
    fields += json.loads(DeltaSchema.from_arrow(arrow.schema(new)).to_json())["fields"]
    about = log.metadata()
    now = int(datetime.now(UTC).timestamp() * 1000)
    said: Action = {"timestamp": now, "operation": "ADD COLUMNS", "operationParameters": {}}
    meta: Action = {
        "id": about.id,
        "name": about.name,
        "description": about.description,
        "format": {"provider": "parquet", "options": {}},
        "schemaString": json.dumps({"type": "struct", "fields": fields}),
        "partitionColumns": about.partition_columns,
        "createdTime": about.created_time,
        "configuration": about.configuration,
    }
    write_entry(table, log.version() + 1, iter([{"commitInfo": said}, {"metaData": meta}]))
    sync_log(table)


def write_entry(table: Path, version: int, actions: Iterator[Action]) -> None:
    """Write one log entry, whole or not at all.

    Raises:
        TableError: the number is taken.
        DiskError: the disk refused it.
    """
    entry = table / LOG / f"{version:020d}.json"
    aside = entry.with_name(f"{entry.name}#{os.getpid()}")  # recovery sweeps what is named so
    with disk_errors(entry):
        try:
            with aside.open("wb") as file:
                file.write("".join(json.dumps(action) + "\n" for action in actions).encode())
                file.flush()
                os.fsync(file.fileno())
            os.link(aside, entry)
        except FileExistsError as error:
            raise TableError(f"{entry} is there already: another process writes to this table.") from error
        finally:
            with suppress(FileNotFoundError):
                aside.unlink()
        sync_folder(entry.parent)


def replaced_files(table: Path) -> dict[str, datetime]:
    """Paths of files that an entry took out of the table, each with when (UTC); as far as the entries go back."""
    found: dict[str, datetime] = {}
    for entry in sorted((table / LOG).glob("*.json")):
        for line in entry.read_text(encoding="utf-8").splitlines():
            action = json.loads(line)
            if "remove" in action:
                moment = datetime.fromtimestamp(action["remove"]["deletionTimestamp"] / 1000, UTC)
                found[action["remove"]["path"]] = moment
            elif "add" in action:
                found.pop(action["add"]["path"], None)
    return found
