"""Rewrites of what is committed (forget, compaction): decided in one moment, then carried out by whoever comes next.

    new files in staging, fsynced -> rewrite.json -> files moved into tables and captures -> one log entry a table
    -> (the views are published) -> replaced files unlinked, where that is asked -> rewrite.json gone -> staging gone

Like a commit (tasks/io/commit.py), with files taken out as well. Its record has another name than an intent, so that
a Copydesk that knows no rewrites never takes one for a commit. The caller holds the maintain lease alone.
"""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from schemas.table import arrow_schema
from schemas.tables import TABLES
from tasks.errors import TableError
from tasks.io.bucket.share import refuse
from tasks.io.commit import check_file, move_files, remove_staging
from tasks.io.delta import NewFile, append
from tasks.io.folder import REWRITE, DataFolder, disk_errors, sync_folder, write_durably
from tasks.io.outfiles import OUT, OutFile, sync_out
from tasks.io.points import passed
from tasks.io.replacing import replace_files

_COMMAND = re.compile(r"\d{8}T\d{6}Z-[a-z_]*[g-z_][a-z_]*[0-9a-f]{8}")
"""The id of a command. Matches: 20260302T021500Z-forget0a1b2c3d. Not: a run, 20260302T021500Z-0a1b2c3d4e5f."""


@dataclass(frozen=True)
class Rewrite:
    """What is going to be replaced. Once it is durable, it will happen."""

    key: str
    operation: str
    """forget or compact, for people who read log and file."""
    files: Mapping[str, tuple[OutFile, ...]] = field(default_factory=dict)
    """Table to its new files."""
    removed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Table to paths of the files that readers shall no longer see."""
    captures: tuple[str, ...] = ()
    """Capture URIs whose new content waits in staging."""
    changes_data: bool = True
    is_final: bool = False
    """Whether the replaced files are unlinked at once, and not left to vacuum."""


def is_command(run_id: str) -> bool:
    """Whether this is the id of a command that decides or rewrites, not of a run."""
    return _COMMAND.fullmatch(run_id) is not None


def rewrites(folder: DataFolder) -> list[Path]:
    """Records of rewrites that are decided and not finished, in the order of their keys."""
    return sorted(folder.staging.glob(f"*/{REWRITE}"))


def staged_capture(folder: DataFolder, key: str, uri: str) -> Path:
    """Where the new content of a capture file waits."""
    return folder.run(key) / OUT / uri


def write_rewrite(folder: DataFolder, rewrite: Rewrite) -> Path:
    """Make the staged files and the rewrite durable and give the path of its record.

    The caller holds the commit lock.

    Raises:
        DiskError: the disk refused it; then nothing is decided.
    """
    refuse(folder, "Rewriting files", "the copies on other machines would not learn of it")
    path = folder.run(rewrite.key) / REWRITE
    sync_out(folder, rewrite.key)
    with disk_errors(path):
        write_durably(path, json.dumps(asdict(rewrite), indent=1).encode())
        sync_folder(folder.staging)
    passed("rewrite written")
    return path


def load_rewrite(path: Path) -> Rewrite:
    """The rewrite in a record.

    Raises:
        TableError: it cannot be read, which no kill can cause.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        raw["files"] = {table: tuple(OutFile(**file) for file in listed) for table, listed in raw["files"].items()}
        raw["removed"] = {table: tuple(paths) for table, paths in raw["removed"].items()}
        return Rewrite(**raw | {"captures": tuple(raw["captures"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TableError(f"{path} is damaged ({error}); a {path.parent.name} waits there to be finished.") from error


def carry_out_rewrite(folder: DataFolder, path: Path) -> Rewrite:
    """Do what the record says, from wherever an earlier try stopped; doing it again does nothing more.

    The caller holds the commit lock.

    Raises:
        TableError: a file is missing or damaged, or the log knows nothing of one that is to be replaced.
        DiskError: the disk refused a step; the record stays, and doing it again goes on from there.
    """
    rewrite = load_rewrite(path)
    for uri in rewrite.captures:
        _replace_capture(folder, rewrite.key, uri)
    move_files(folder, rewrite.key, {table: rewrite.files.get(table, ()) for table in _in_order(rewrite)})
    for table in _in_order(rewrite):
        _log(folder, rewrite, table)
        passed(f"logged {table}")
    return rewrite


def finish_rewrite(folder: DataFolder, path: Path) -> None:
    """Unlink what was replaced, if the record asks for it, and remove record and staging.

    Raises:
        DiskError: the disk refused a step; doing it again goes on from there.
    """
    rewrite = load_rewrite(path)
    if rewrite.is_final:
        for table, paths in rewrite.removed.items():
            unlink_files(folder, table, paths)
            passed(f"unlinked {table}")
        _drop_search(folder)
        passed("search gone")
    with disk_errors(path):
        path.unlink()
        sync_folder(path.parent)
    passed("record gone")
    remove_staging(folder, rewrite.key)
    passed("staging gone")


def _drop_search(folder: DataFolder) -> None:
    """Remove the index of searches, which keeps the words of a deleted text until it merges; it is built anew."""
    index = folder.root / "index"
    with disk_errors(index):
        for place in index.glob("search-*"):
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink()


def unlink_files(folder: DataFolder, table: str, paths: Sequence[str]) -> None:
    """Remove files of a table that no log names any more.

    Raises:
        DiskError: the disk refused it.
    """
    place = folder.table(table)
    with disk_errors(place):
        for path in paths:
            (place / path).unlink(missing_ok=True)
        for parent in {(place / path).parent for path in paths}:
            if parent.is_dir():
                sync_folder(parent)


def _in_order(rewrite: Rewrite) -> list[str]:
    """The tables that get a log entry: those with files in or out, and always the ledger, last."""
    return [table for table in TABLES if rewrite.files.get(table) or rewrite.removed.get(table) or table == "ledger"]


def _log(folder: DataFolder, rewrite: Rewrite, table: str) -> None:
    place, files = folder.table(table), rewrite.files.get(table, ())
    for file in files:
        check_file(place / file.path, file)
    new, old = [NewFile(file.path, file.size, file.rows, file.footer) for file in files], rewrite.removed.get(table, ())
    if old:
        schema, data = arrow_schema(TABLES[table]), rewrite.changes_data
        replace_files(place, schema, rewrite.key, new, old, operation=rewrite.operation, changes_data=data)
    else:
        append(place, arrow_schema(TABLES[table]), rewrite.key, new)


def _replace_capture(folder: DataFolder, key: str, uri: str) -> None:
    staged, target = staged_capture(folder, key, uri), folder.resolve(uri)
    with disk_errors(target):
        if staged.exists():
            staged.replace(target)
            sync_folder(target.parent)
            passed("moved a capture")
