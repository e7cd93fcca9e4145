"""Which runs are taken back, by the decisions of people."""

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.reasons import DecisionKind
from tasks.io.decisions import in_force


def retracted_runs(decisions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row of `retracted_runs` for each run that is taken back, by the first decision that does so."""
    found: dict[str, dict[str, Any]] = {}
    for row in in_force(decisions):
        if row["kind"] == DecisionKind.RETRACT_RUN:
            kept = {name: row[name] for name in ("decision_id", "note", "actor", "decided_at")}
            found.setdefault(row["target"], {"run_id": row["target"], **kept})
    return list(found.values())
