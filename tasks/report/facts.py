"""What one run refused, missed, cut and changed, counted by the published database."""

from dataclasses import dataclass

import duckdb

from tasks.io.database import open_database
from tasks.io.folder import DataFolder

QUERIES: dict[str, str] = {
    "refusals": """
        select severity, reason, rule, cast(sum(page_count) as bigint) as pages, min(url)
        from run_refusals where run_id = $run_id
        group by all order by pages desc, severity, reason, rule""",
    "misses": """
        select state, coalesce(reason, ''), count(*), min(url)
        from ledger where run_id = $run_id and kind = 'page' and state in ('blocked', 'gone', 'failed', 'deferred')
        group by all order by count(*) desc, state, coalesce(reason, '')""",
    "cuts": """
        select kind, receipt_count, version_count, char_count
        from run_cuts where run_id = $run_id
        order by receipt_count desc, kind""",
    "changes": """
        select kind_of_change, count(*), count(distinct site)
        from article_versions where run_id = $run_id
        group by all order by count(*) desc, kind_of_change""",
    "alarms": """
        select kind, subject, count, of_count, coalesce(detail, '')
        from alarms where $run_id is not null
        order by kind, subject""",
}
"""One query for each table of facts; each has the run's id as its parameter."""

Row = tuple[str | int, ...]


@dataclass(frozen=True)
class RunFacts:
    """Counts of one run, most first."""

    refusals: tuple[Row, ...] = ()
    """Severity, reason, rule, pages, one URL."""
    misses: tuple[Row, ...] = ()
    """State, reason (empty when it has none), pages, one URL."""
    cuts: tuple[Row, ...] = ()
    """Kind, receipts, versions, characters that the texts became shorter by."""
    changes: tuple[Row, ...] = ()
    """Kind of change, versions, sites."""
    alarms: tuple[Row, ...] = ()
    """Kind, source or site, count, of how many, detail: of all runs so far, not of this one alone."""


def read_facts(folder: DataFolder, run_id: str) -> RunFacts:
    """The facts of a run; empty ones for a run without rows.

    Raises:
        DataFolderError: nothing is published yet.
    """
    with open_database(folder) as database:
        return RunFacts(**{name: _rows(database, sql, run_id) for name, sql in QUERIES.items()})


def _rows(database: duckdb.DuckDBPyConnection, sql: str, run_id: str) -> tuple[Row, ...]:
    return tuple(database.execute(sql, {"run_id": run_id}).fetchall())
