"""One hash of what a dataset says: equal for the same captures, decisions and settings, however it was made.

It covers the rows that are shown of articles, removals and quarantine. Not: when and by which run a row was made, and
where the capture lies; these differ between two ways to the same text.
"""

import duckdb

from schemas.table import polars_schema
from schemas.tables import TABLES
from tasks.io.memory import retracted_runs
from tasks.io.tables import Snapshot

HASHED = ("articles", "removals", "quarantine")
LEFT_OUT = frozenset({"run_id", "recorded_at", "capture_uri", "capture_offset", "quarantine_id"})
"""quarantine_id is made from the run's id."""


def logical_hash(snapshot: Snapshot) -> str:
    """A digest of the shown rows of each of the three tables, in no order, each row once: three words of 32 digits.

    Raises:
        duckdb.Error: a committed file is damaged.
    """
    with snapshot.connect(*HASHED) as connection:
        connection.execute(
            "CREATE TEMP TABLE retracted AS SELECT unnest($1::VARCHAR[]) AS run_id", [sorted(retracted_runs(snapshot))]
        )
        return " ".join(_table_hash(connection, table) for table in HASHED)


def _table_hash(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    columns = [name for name in polars_schema(TABLES[table]) if name not in LEFT_OUT]
    struct = ", ".join(f'"{name}" := "{name}"' for name in columns)
    query = f"""
        SELECT sha256(coalesce(string_agg(told, '' ORDER BY told), '')) FROM (
            SELECT DISTINCT sha256(to_json(struct_pack({struct}))::VARCHAR) AS told
            FROM {table} ANTI JOIN retracted USING (run_id))"""  # noqa: S608 - names of our own
    return str(connection.execute(query).fetchall()[0][0])[:32]
