"""What is known of URLs, listings and hosts: their last ledger rows, by the order of commits and never by a clock."""

from collections.abc import Iterable

import polars as pl

from schemas.ledger import Ledger
from schemas.reasons import DecisionKind
from schemas.table import empty, polars_schema
from tasks.io.decisions import in_force
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot, fetch

_LAST_ROWS = """
    WITH asked AS (SELECT DISTINCT url_id FROM asked_url_ids),
    found AS (
        SELECT ledger.* , runs.run_seq
        FROM ledger SEMI JOIN asked USING (url_id)
        JOIN runs USING (run_id) ANTI JOIN retracted ON ledger.run_id = retracted.run_id
        WHERE ledger.kind = $kind
    )
    SELECT * EXCLUDE (run_seq) FROM found
    QUALIFY row_number() OVER (PARTITION BY url_id ORDER BY run_seq DESC) = 1
    ORDER BY url_id
"""


def last_rows(place: DataFolder | Snapshot, kind: str, url_ids: pl.DataFrame | Iterable[str]) -> pl.DataFrame:
    """The last ledger row of each asked URL, in the columns of `Ledger`, by url_id; URLs without one have no row.

    Rows of retracted runs are left out, as if these runs had never been.

    Args:
        place: A data folder (its newest snapshot is taken) or a snapshot.
        kind: page, listing or robots.
        url_ids: Keys of URLs: a list, or a frame with a column url_id.

    Raises:
        TableError: a committed file is missing or damaged.
    """
    asked = url_ids.select("url_id") if isinstance(url_ids, pl.DataFrame) else pl.DataFrame({"url_id": list(url_ids)})
    snapshot = Snapshot.open(place) if isinstance(place, DataFolder) else place
    if asked.is_empty() or not snapshot.files("ledger"):
        return empty(Ledger)
    retracted = pl.DataFrame({"run_id": sorted(retracted_runs(snapshot))}, schema={"run_id": pl.String})
    with snapshot.connect("ledger", "runs") as connection:
        connection.register("asked_url_ids", asked.to_arrow())
        connection.register("retracted", retracted.to_arrow())
        found = fetch(connection, _LAST_ROWS, "ledger", {"kind": kind})
    return found.select(list(polars_schema(Ledger)))


def retracted_runs(snapshot: Snapshot) -> frozenset[str]:
    """run_ids of runs that a decision has retracted and no later decision has restored."""
    if not snapshot.files("decisions"):
        return frozenset()
    return active_retractions(snapshot.read("decisions", ["decision_id", "kind", "target", "decided_at"]))


def active_retractions(decisions: pl.DataFrame) -> frozenset[str]:
    """run_ids that stand retracted by the decisions (columns decision_id, kind, target, decided_at), in any order."""
    standing = in_force(decisions.to_dicts())
    return frozenset(row["target"] for row in standing if row["kind"] == DecisionKind.RETRACT_RUN)
