"""What people decided: which decisions stand, and how new ones are committed.

A decision is a row of `decisions` and nothing else. It is committed like a run (exactly once, the ledger's entry
last), but has no row in `runs`: it fetched nothing. See docs/decisions/0021-decisions-are-rows.md.
"""

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from schemas.identity import digest
from schemas.reasons import DecisionKind
from schemas.run import Decision
from schemas.table import frame
from tasks.errors import FolderBusyError
from tasks.io.commit import Intent, carry_out, commit_lock, finish_others, next_run_seq, write_intent
from tasks.io.folder import INTENT, DataFolder
from tasks.io.leases import hold_maintain
from tasks.io.outfiles import write_out
from tasks.io.recovery import dead_runs, recover
from tasks.io.staging import RunContext
from tasks.io.tables import Snapshot

MAINTAIN_WAIT_S = 2.0
"""A run lasts for minutes: who decides is told so instead of waiting."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """One thing that is decided: its kind, and what it is about."""

    kind: DecisionKind
    target: str


def in_force(decisions: Sequence[Row]) -> list[Row]:
    """The decisions that no undo in force takes back, without the undos, oldest first.

    An undo comes after what it undoes, so going back from the last one settles each before its target; an undo of
    an undo makes the first decision stand again.

    Args:
        decisions: Rows of `decisions`, in any order.
    """
    undone: set[str] = set()
    standing: list[Row] = []
    for row in sorted(decisions, key=_order, reverse=True):
        if row["decision_id"] in undone:
            continue
        if row["kind"] == DecisionKind.UNDO:
            undone.add(row["target"])
        else:
            standing.append(row)
    return standing[::-1]


def _order(row: Row) -> tuple[Any, bool, str]:
    """By time; of the same time, undos come after what they may undo."""
    return row["decided_at"], row["kind"] == DecisionKind.UNDO, row["decision_id"]


CLOSING = frozenset({DecisionKind.CLOSE, DecisionKind.RELEASE, DecisionKind.DROP})
"""Kinds after which a row of the quarantine waits for nobody."""


def closed_rows(decisions: Sequence[Row], retracted: Collection[str]) -> frozenset[str]:
    """quarantine_ids of rows that are open no more; what a run closed that is taken back is open again.

    Args:
        decisions: Rows of `decisions`, in any order.
        retracted: Runs that are taken back.
    """
    standing = (row for row in in_force(decisions) if row["run_id"] not in retracted)
    return frozenset(row["target"] for row in standing if row["kind"] in CLOSING)


def retraction_spells(decisions: Sequence[Row]) -> list[dict[str, Any]]:
    """From when until when (None: still) each run was taken back, as far as the decisions tell."""
    spells: list[dict[str, Any]] = []
    open_: dict[str, dict[str, Any]] = {}
    for moment in sorted({row["decided_at"] for row in decisions}):
        known = [row for row in decisions if row["decided_at"] <= moment]
        now = {row["target"] for row in in_force(known) if row["kind"] == DecisionKind.RETRACT_RUN}
        for run_id in sorted(now - open_.keys()):
            open_[run_id] = {"run_id": run_id, "from_at": moment, "until_at": None}
            spells.append(open_[run_id])
        for run_id in sorted(open_.keys() - now):
            open_.pop(run_id)["until_at"] = moment
    return spells


@contextmanager
def alone(folder: DataFolder, owner: str, *, wait_s: float = MAINTAIN_WAIT_S) -> Iterator[None]:
    """Hold the data folder while no run is at work or waits to be finished: a decision is about whole runs.

    Raises:
        FolderBusyError: a run is at work, or was killed and is not finished yet.
    """
    folder.prepare()
    try:
        lease = hold_maintain(folder, exclusive=True, owner=owner, wait_s=wait_s)
        lease.__enter__()
    except FolderBusyError as error:
        raise FolderBusyError(f"A run is at work in {folder.name}: wait until it is done, then try again.") from error
    try:
        recover(folder)
        dead = dead_runs(folder)
        if dead:
            raise FolderBusyError(
                f"The run {dead[0]} was killed and waits to be finished: `copydesk run` does so; then try again."
            )
        yield
    finally:
        lease.__exit__(None, None, None)


def decide(
    folder: DataFolder,
    operation: str,
    choose: Callable[[Snapshot], Sequence[Choice]],
    *,
    note: str | None = None,
    actor: str | None = None,
    now: datetime | None = None,
) -> list[dict[str, Any]]:
    """The rows of what was decided, committed; none when nothing was chosen.

    Args:
        folder: A data folder that the caller holds (`alone`).
        operation: Name of the command.
        choose: What to decide, as of the tables at that moment.
        note: Why, in the person's words.
        actor: Who decided.
        now: Time that counts as now (None: the clock's).

    Raises:
        TableError, DiskError, FolderBusyError: as a commit.
    """
    moment = now or datetime.now(UTC)
    run_id = command_id(operation, moment)
    with commit_lock(folder, run_id):
        finish_others(folder)
        snapshot = Snapshot.open(folder)
        rows = decision_rows(snapshot, run_id, choose(snapshot), note=note, actor=actor, now=moment)
        if rows:
            files = write_out(RunContext(run_id, moment, folder), "decisions", frame(Decision, rows), 0)
            write_intent(folder, Intent(run_id, next_run_seq(folder), operation, {"decisions": tuple(files)}))
            carry_out(folder, folder.run(run_id) / INTENT)
    return rows


def command_id(operation: str, now: datetime) -> str:
    """A key for one command, of the form of a run's."""
    return f"{now:%Y%m%dT%H%M%SZ}-{operation}{secrets.token_hex(4)}"


def decision_rows(
    snapshot: Snapshot, run_id: str, choices: Sequence[Choice], *, note: str | None, actor: str | None, now: datetime
) -> list[dict[str, Any]]:
    """The choices as rows of `decisions`, all of one moment: later than any that is known, whatever the clock says."""
    known = snapshot.read("decisions", ["decided_at"])["decided_at"].to_list()
    known += snapshot.read("runs", ["ended_at"])["ended_at"].to_list()
    after = [now, *(moment + timedelta(microseconds=1) for moment in known)]
    said = {"note": note, "actor": actor, "decided_at": max(after), "run_id": run_id}
    return [
        {"decision_id": digest("decision", run_id, choice.kind, choice.target), "kind": str(choice.kind)}
        | {"target": choice.target, **said}
        for choice in choices
    ]
