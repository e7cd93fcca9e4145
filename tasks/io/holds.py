"""Pages that wait for a decision, and what was decided: released, dropped, or neither yet.

What is decided is a source's pages of one run: the target of the decision is `<run_id>/<source_id>`.
"""

from collections.abc import Collection, Sequence
from typing import Any

from schemas.reasons import DecisionKind
from tasks.io.decisions import Row, closed_rows, in_force

SETTLING = (DecisionKind.RELEASE, DecisionKind.DROP)


def hold_target(run_id: str, source_id: str) -> str:
    """What a decision about the held pages of a source in a run names.

    >>> hold_target("20260302T021500Z-4f0c", "gazette")
    '20260302T021500Z-4f0c/gazette'
    """
    return f"{run_id}/{source_id}"


def settled_holds(decisions: Sequence[Row]) -> list[dict[str, Any]]:
    """One row for each source and run whose held pages are decided about, by the last decision that stands.

    Args:
        decisions: Rows of `decisions`, in any order.

    Returns:
        Rows with run_id, source_id, kind (release or drop), decision_id, note, actor and decided_at.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in in_force(decisions):
        run_id, slash, source_id = row["target"].partition("/")
        if row["kind"] in SETTLING and slash:
            kept = {name: row[name] for name in ("kind", "decision_id", "note", "actor", "decided_at")}
            found[row["target"]] = {"run_id": run_id, "source_id": source_id, **kept}
    return list(found.values())


def closed_refusals(decisions: Sequence[Row], retracted: Collection[str]) -> frozenset[str]:
    """quarantine_ids that a reprocess closed; held pages that were decided about are `settled_holds`."""
    return frozenset(target for target in closed_rows(decisions, retracted) if "/" not in target)
