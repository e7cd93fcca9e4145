"""What a power cut may tear at the end of a table's log: recovery sets it aside, and readers look past it until then.

An entry is durable before the next table gets its own, and the intent goes after the last (tasks/io/commit.py), so a
torn entry is one of a run or rewrite that still waits and that the ledger does not have yet.
"""

import shutil
import time
import weakref
from pathlib import Path
from tempfile import mkdtemp

import pyarrow as arrow
import pyarrow.parquet as parquet
from deltalake import DeltaTable

from tasks.io.delta import LOG, is_whole_entry, log_entries, open_log
from tasks.io.folder import disk_errors, sync_folder

POINTER = "_last_checkpoint"
"""The file by which a log names its newest checkpoint."""


def torn_entry(table: Path) -> Path | None:
    """The newest log entry, if it is empty or half written."""
    entries = log_entries(table)
    return entries[-1] if entries and not is_whole_entry(entries[-1]) else None


def torn_checkpoint(table: Path) -> Path | None:
    """The newest checkpoint, if it cannot be read. The entries say the same."""
    newest = max((table / LOG).glob("*.checkpoint.parquet"), default=None)
    return None if newest is None or _is_parquet(newest) else newest


def open_before(table: Path) -> DeltaTable | None:
    """A handle on the log without its torn entry and torn checkpoint; None when nothing is left.

    delta-rs leaves out no single file, so the handle is on a copy, which goes with it.

    Raises:
        TableError: what is left of the log cannot be read.
    """
    entry, checkpoint = torn_entry(table), torn_checkpoint(table)
    torn = {entry, checkpoint, table / LOG / POINTER if checkpoint else None}
    copy = Path(mkdtemp(prefix="copydesk-log-"))
    try:
        (copy / LOG).mkdir()
        for path in (table / LOG).iterdir():
            if path.is_file() and path not in torn:
                shutil.copy2(path, copy / LOG)
        log = open_log(copy)
    except BaseException:
        shutil.rmtree(copy)
        raise
    # Whether a run is in the log is looked up when it is asked, so the copy stays as long as the handle.
    if log is None:
        shutil.rmtree(copy)
    else:
        weakref.finalize(log, shutil.rmtree, copy)
    return log


def set_torn_entry_aside(table: Path) -> Path | None:
    """Rename the newest log entry to `.torn` when a power cut or kill left it empty or half written.

    Only ever the last one: an earlier one has been built upon, so damage there is a TableError at the next open.
    The caller holds the commit lock, so no live writer is at work on it. Returns the new path, or None.
    """
    torn = torn_entry(table)
    return None if torn is None else _set_aside(torn)


def set_torn_checkpoint_aside(table: Path) -> Path | None:
    """Rename the newest checkpoint to `.torn` when a power cut left it unreadable; the entries say the same.

    The caller holds the commit lock. Returns the new path, or None.
    """
    torn = torn_checkpoint(table)
    if torn is None:
        return None
    with disk_errors(torn):
        (torn.parent / POINTER).unlink(missing_ok=True)
    return _set_aside(torn)


def _set_aside(torn: Path) -> Path:
    aside = torn.with_name(f"{torn.name}.{time.time_ns()}.torn")
    with disk_errors(torn):
        torn.rename(aside)
        sync_folder(torn.parent)
    return aside


def _is_parquet(path: Path) -> bool:
    try:
        parquet.read_table(path)
    except (arrow.ArrowException, OSError):
        return False
    return True
