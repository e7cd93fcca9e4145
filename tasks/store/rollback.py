"""Taking back runs, and taking that back: rows of `decisions`, and no file is touched."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.reasons import DecisionKind
from tasks.errors import UsageError
from tasks.io.decisions import Choice, Row, alone, decide, in_force
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot

NAMED_RUNS = 7
"""How many runs an error message names."""


@dataclass(frozen=True)
class RolledBack:
    """Which runs a command has taken back, or given back, in the order of their commits."""

    runs: tuple[str, ...]


def rollback(folder: DataFolder, run_id: str, *, note: str | None = None, actor: str | None = None) -> RolledBack:
    """Take back every run that was committed after this one; none when it is the last already.

    Args:
        folder: Data folder.
        run_id: The run to go back to: its id, or the beginning of it.
        note: Why.
        actor: Who decided.

    Raises:
        UsageError: there is no such run, or it is taken back itself.
        FolderBusyError: a run is at work or waits to be finished.
    """
    with alone(folder, "rollback"):
        rows = decide(folder, "rollback", lambda snapshot: later_runs(snapshot, run_id), note=note, actor=actor)
    return RolledBack(tuple(row["target"] for row in rows))


def undo_rollback(folder: DataFolder, *, note: str | None = None, actor: str | None = None) -> RolledBack:
    """Give back what the last rollback that stands took back.

    Raises:
        UsageError: no rollback stands.
        FolderBusyError: a run is at work or waits to be finished.
    """
    taken: list[str] = []

    def choose(snapshot: Snapshot) -> list[Choice]:
        last = last_rollback(snapshot)
        taken.extend(row["target"] for row in last)
        return [Choice(DecisionKind.UNDO, row["decision_id"]) for row in last]

    with alone(folder, "rollback"):
        decide(folder, "rollback", choose, note=note, actor=actor)
    return RolledBack(tuple(taken))


def later_runs(snapshot: Snapshot, run_id: str) -> list[Choice]:
    """A retraction of each run after this one that stands.

    Raises:
        UsageError: as `rollback`.
    """
    runs = snapshot.read("runs", ["run_id", "run_seq"]).sort("run_seq")
    taken = {row["target"] for row in _retractions(snapshot)}
    named = [found for found in runs["run_id"].to_list() if found.startswith(run_id)]
    if run_id in named:
        named = [run_id]
    if len(named) != 1:
        there = ", ".join(found for found in runs["run_id"].to_list()[::-1] if found not in taken)
        what = f"{len(named)} runs begin with {run_id!r}" if named and run_id else f"There is no run {run_id!r}"
        raise UsageError(f"{what}; the last ones are: {_first(there)}.")
    if named[0] in taken:
        raise UsageError(f"The run {named[0]} is taken back itself: `copydesk rollback --undo` gives it back.")
    (seq,) = runs.filter(run_id=named[0])["run_seq"]
    later = runs.filter(runs["run_seq"] > seq)["run_id"].to_list()
    return [Choice(DecisionKind.RETRACT_RUN, run) for run in later if run not in taken]


def _first(listed: str) -> str:
    return ", ".join(listed.split(", ")[:NAMED_RUNS]) or "none"


def last_rollback(snapshot: Snapshot) -> list[Row]:
    """The decisions of the last rollback that stands.

    Raises:
        UsageError: none stands.
    """
    standing = _retractions(snapshot)
    if not standing:
        raise UsageError("No rollback stands, so there is none to undo.")
    return [row for row in standing if row["run_id"] == standing[-1]["run_id"]]


def _retractions(snapshot: Snapshot) -> Sequence[Row]:
    rows = list(snapshot.read("decisions").iter_rows(named=True))
    return [row for row in in_force(rows) if row["kind"] == DecisionKind.RETRACT_RUN]
