"""What is done before each run, so that nothing of an earlier one that died is lost or done twice."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from deltalake import DeltaTable

from schemas.tables import TABLES
from tasks.io.commit import commit_lock, finish_others, remove_staging, set_torn_aside
from tasks.io.delta import LOG, open_log
from tasks.io.folder import INTENT, REWRITE, DataFolder, disk_errors
from tasks.io.leases import hold, hold_maintain, try_lock
from tasks.io.rewrite import carry_out_rewrite, finish_rewrite, is_command, rewrites
from tasks.io.staging import is_torn

LOCK = "lock"
DISCOVER = "discover"
"""The stage whose parts are durable (`write_part`)."""

PROBE_WAIT_S = 2.0
"""`dead_runs` of another process tries a lock for a moment; a run that takes it then must not give up."""

MAINTAIN_WAIT_S = 3600.0
"""A run waits for who rewrites files (a decision, a maintenance), which takes minutes in a large folder."""

GRACE_S = 60.0
"""A staging folder without a lock file that is younger belongs to a run that is about to take its lock."""


@dataclass(frozen=True)
class Recovered:
    """What recovery has done."""

    committed: tuple[str, ...]
    """Runs whose intent was carried out."""
    torn: tuple[Path, ...]
    """Half-written log entries, where they lie now."""


@contextmanager
def hold_run(folder: DataFolder, run_id: str) -> Iterator[None]:
    """Mark the run as alive while the block runs; a kill sets it free at once.

    Nobody decides about whole runs, or rewrites files, while one is alive.

    Raises:
        FolderBusyError: another process is at work on this run, or rewrites files for very long.
    """
    path = folder.run(run_id) / LOCK
    try:
        with (
            hold(path, owner=run_id, wait_s=PROBE_WAIT_S),
            hold_maintain(folder, exclusive=False, wait_s=MAINTAIN_WAIT_S),
        ):
            yield
    finally:
        _remove_if_bare(folder.run(run_id))


@contextmanager
def hold_rewrite(folder: DataFolder, key: str) -> Iterator[None]:
    """Mark a rewrite as alive while the block runs. What it staged goes at the end, unless it is decided.

    Raises:
        DiskError: the disk refused the mark.
    """
    with hold(folder.run(key) / LOCK, owner=key):
        try:
            yield
        finally:
            if folder.run(key).is_dir() and not (folder.run(key) / REWRITE).exists():
                remove_staging(folder, key)


def _remove_if_bare(staged: Path) -> None:
    """Remove a staging folder that holds nothing but a free lock."""
    if staged.is_dir() and [path.name for path in staged.iterdir()] == [LOCK]:
        with _if_free(staged) as free:
            if free:
                (staged / LOCK).unlink()
                with suppress(OSError):
                    staged.rmdir()


@contextmanager
def _if_free(staged: Path) -> Iterator[bool]:
    """Whether no live process holds the run; if so the block holds it."""
    handle = try_lock(staged / LOCK, owner="recovery")
    try:
        yield handle is not None
    finally:
        if handle is not None:
            os.close(handle)


def recover(folder: DataFolder) -> Recovered:
    """Bring the tables to a state without half-done commits, and say what was done.

    Sets torn log entries aside, carries out every intent (under the commit lock nobody alive is at one), and sweeps
    temporary files of dead writers, and what a power cut tore in staging. Runs that died before their intent are
    `dead_runs`.

    Raises:
        TableError: a file of an intent is missing or damaged.
        DiskError: the disk refused a step.
        FolderBusyError: another process holds the commit lock for very long.
    """
    with commit_lock(folder, "recovery"):
        torn = set_torn_aside(folder)
        committed = finish_others(folder)
        _finish_rewrites(folder)
        _sweep_logs(folder)
    _sweep_staging(folder)
    return Recovered(tuple(committed), tuple(torn))


def _finish_rewrites(folder: DataFolder) -> None:
    """Carry out and finish rewrites whose process died.

    The last published views may name files that are gone then, until the next publish.
    """
    for path in rewrites(folder):
        with _if_free(path.parent) as free:
            if free:
                carry_out_rewrite(folder, path)
                finish_rewrite(folder, path)


def _sweep_logs(folder: DataFolder) -> None:
    """Remove what delta-rs left when it was killed between writing an entry aside and naming it."""
    for table in TABLES:
        for stray in (folder.table(table) / LOG).glob("*.json#*"):
            with disk_errors(stray):
                stray.unlink()


def _sweep_staging(folder: DataFolder) -> None:
    for staged in _folders(folder):
        if _is_new(staged):
            continue
        with _if_free(staged) as free:
            if free:
                with disk_errors(staged):
                    for stray in staged.rglob(".*.tmp"):
                        stray.unlink(missing_ok=True)
                    _set_back(staged)


def _set_back(staged: Path) -> None:
    """Remove all stages' work but discover's when a power cut tore a part: the captures give it again.

    What discover wrote is durable, so a torn part of it means that nothing after it had begun; then it goes too.
    """
    if (staged / INTENT).exists():
        return
    torn = {path.relative_to(staged).parts[0] for path in staged.rglob("*.parquet") if is_torn(path)}
    if torn:
        kept = set() if DISCOVER in torn else {DISCOVER}
        for stage in staged.iterdir():
            if stage.is_dir() and stage.name not in kept:
                shutil.rmtree(stage)


def _folders(folder: DataFolder) -> list[Path]:
    return sorted(path for path in folder.staging.glob("*") if path.is_dir()) if folder.staging.is_dir() else []


def _is_new(staged: Path) -> bool:
    """Whether the folder's run may be about to take its lock."""
    return not (staged / LOCK).exists() and time.time() - staged.stat().st_mtime < GRACE_S


def dead_runs(folder: DataFolder) -> list[str]:
    """run_ids of runs that no live process holds and that are not committed, oldest first.

    The flow finishes each from its captures: `hold_run`, then the stages that are missing, then `store_run`.
    Staging folders of committed runs, and empty ones, are removed on the way.

    Raises:
        TableError: the ledger's log cannot be read.
        DiskError: a folder could not be removed.
    """
    ledger = open_log(folder.table("ledger"))
    dead = []
    for staged in _folders(folder):
        if _is_new(staged) or any((staged / name).exists() for name in (INTENT, REWRITE)):
            continue
        with _if_free(staged) as free:
            if free and _is_done(staged, ledger):
                remove_staging(folder, staged.name)
            elif free:
                dead.append(staged.name)
    return dead


def _is_done(staged: Path, ledger: DeltaTable | None) -> bool:
    """Whether nothing is left to be finished: the run is committed, or it has staged nothing at all.

    Nor is there of a command that died before it had decided anything.
    """
    committed = ledger is not None and ledger.transaction_version(staged.name) is not None
    return committed or is_command(staged.name) or [path.name for path in staged.iterdir()] == [LOCK]
