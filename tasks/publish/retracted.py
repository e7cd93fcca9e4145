"""Which runs are taken back, by the decisions of people."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.reasons import DecisionKind


def in_force(decisions: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The decisions that no undo in force takes back, without the undos, oldest first.

    An undo comes after what it undoes, so going back from the last one settles each before its target; an undo of
    an undo makes the first decision stand again.

    Args:
        decisions: Rows of `decisions`, in any order.
    """
    undone: set[str] = set()
    standing: list[Mapping[str, Any]] = []
    for row in sorted(decisions, key=_order, reverse=True):
        if row["decision_id"] in undone:
            continue
        if row["kind"] == DecisionKind.UNDO:
            undone.add(row["target"])
        else:
            standing.append(row)
    return standing[::-1]


def _order(row: Mapping[str, Any]) -> tuple[Any, bool, str]:
    """By time; of the same time, undos come after what they may undo."""
    return row["decided_at"], row["kind"] == DecisionKind.UNDO, row["decision_id"]


def retracted_runs(decisions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row of `retracted_runs` for each run that is taken back, by the first decision that does so."""
    found: dict[str, dict[str, Any]] = {}
    for row in in_force(decisions):
        if row["kind"] == DecisionKind.RETRACT_RUN:
            kept = {name: row[name] for name in ("decision_id", "note", "actor", "decided_at")}
            found.setdefault(row["target"], {"run_id": row["target"], **kept})
    return list(found.values())
