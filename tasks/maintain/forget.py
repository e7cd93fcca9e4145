"""Forgetting: the legal exit. An article with all its URLs, or a site, leaves captures and tables and never comes back.

    what is concerned (read only) -> files without it in staging -> tombstones and rewrite decided in one moment
    -> captures, tables -> (publish) -> old files unlinked

What does not belong here: which rows (forget_tables.py) and records (forget_captures.py) are concerned.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from schemas.reasons import DecisionKind
from schemas.run import Decision
from schemas.table import frame
from tasks.io.blanks import write_blanked
from tasks.io.commit import commit_lock
from tasks.io.decisions import Choice, alone, command_id, decision_rows
from tasks.io.folder import DataFolder
from tasks.io.forgotten import forgotten
from tasks.io.outfiles import write_out
from tasks.io.recovery import hold_rewrite
from tasks.io.rewrite import Rewrite, carry_out_rewrite, finish_rewrite, staged_capture, write_rewrite
from tasks.io.staging import RunContext
from tasks.io.tables import Snapshot
from tasks.maintain.aim import Aim
from tasks.maintain.forget_captures import Found, find_captures
from tasks.maintain.forget_tables import Rows, concerned, find_rows, write_rest

OPERATION = "forget"
AimAt = Callable[[Snapshot], Aim]


@dataclass(frozen=True)
class Concerned:
    """What forgetting would take away."""

    aim: Aim
    rows: Rows
    captures: Found

    @property
    def is_known(self) -> bool:
        """Whether anything of it is kept."""
        return bool(self.rows.counts or self.captures.blanked)


def look(folder: DataFolder, aim_at: AimAt) -> Concerned:
    """What forgetting would take away; nothing is changed.

    Args:
        folder: Data folder.
        aim_at: Gives what to forget, from the tables.

    Raises:
        UsageError: there is no such thing to forget.
        TableError, OSError: something kept cannot be read.
    """
    folder.check()
    snapshot = Snapshot.open(folder)
    aim = aim_at(snapshot)
    with concerned(snapshot, aim) as connection:
        return Concerned(aim, find_rows(snapshot, connection, aim), find_captures(folder, aim))


@contextmanager
def forget(
    folder: DataFolder, aim_at: AimAt, *, note: str | None = None, actor: str | None = None, now: datetime | None = None
) -> Iterator[Concerned]:
    """Forget, and give what was taken away. In the block the caller publishes; at its end the old files are unlinked.

    Killed at any point after the decision, the next run or command finishes it.

    Args:
        folder: Data folder.
        aim_at: Gives what to forget, from the tables.
        note: Why.
        actor: Who decided.
        now: Time that counts as now (None: the clock's).

    Raises:
        UsageError: there is no such thing to forget.
        FolderBusyError: a run is at work or waits to be finished.
        TableError, DiskError, OSError: something kept cannot be read, or the disk refused a write.
    """
    moment = now or datetime.now(UTC)
    key = command_id(OPERATION, moment)
    run = RunContext(key, moment, folder)
    with alone(folder, OPERATION), hold_rewrite(folder, key):
        found = look(folder, aim_at)
        record = _decide(run, found, note, actor)
        yield found
        with commit_lock(folder, key):
            finish_rewrite(folder, record)


def _decide(run: RunContext, found: Concerned, note: str | None, actor: str | None) -> Path:
    """Stage what stays, decide, and carry it out; gives the record of the rewrite."""
    folder, snapshot = run.folder, Snapshot.open(run.folder)
    with concerned(snapshot, found.aim) as connection:
        files = write_rest(run, snapshot, connection, found.aim, found.rows)
    for uri, places in found.captures.blanked.items():
        write_blanked(folder.resolve(uri), places, staged_capture(folder, run.run_id, uri))
    with commit_lock(folder, run.run_id):
        new = [target for target in found.aim.tombstones.targets() if target not in forgotten(snapshot).targets()]
        choices = [Choice(DecisionKind.FORGET, target) for target in new]
        rows = decision_rows(snapshot, run.run_id, choices, note=note, actor=actor, now=run.now)
        if rows:
            files |= {"decisions": tuple(write_out(run, "decisions", frame(Decision, rows), 0))}
        rewrite = Rewrite(
            key=run.run_id,
            operation=OPERATION,
            files=files,
            removed=found.rows.files,
            captures=tuple(found.captures.blanked),
            is_final=True,
        )
        record = write_rewrite(folder, rewrite)
        carry_out_rewrite(folder, record)
    return record
