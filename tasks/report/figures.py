"""What the page of a run shows beside its funnel, as rows by name: asked of the published views."""

from dataclasses import dataclass
from typing import Any

import duckdb

from schemas.summary import Counts, RunSummary, SourceSummary
from tasks.errors import UsageError
from tasks.io.database import open_database
from tasks.io.folder import DataFolder

Rows = tuple[dict[str, Any], ...]

QUERIES: dict[str, str] = {
    "volumes": """
        select source_id, list(struct_pack(n := new_count, low := low_count, high := high_count, at := ended_at)
            order by run_seq) as runs, last(usual_count order by run_seq) as usual
        from (
            from run_volumes
            where run_seq <= (select run_seq from runs where run_id = $run_id)
            qualify row_number() over (partition by source_id order by run_seq desc) <= 30
        )
        where source_id in (select source_id from run_volumes where run_id = $run_id)
        group by source_id order by last(new_count order by run_seq) desc, source_id""",
    "freshness": """
        select site, article_count, median_hours, slow_hours, newest_at
        from run_freshness where run_id = $run_id order by article_count desc, site limit 40""",
    "refusals": """
        select severity, reason, rule, stage, page_count, source_count, url, value, limits, message
        from run_refusals where run_id = $run_id order by page_count desc, severity, reason, rule limit 30""",
    "cuts": """
        select kind, receipt_count, version_count, char_count, text
        from run_cuts where run_id = $run_id order by receipt_count desc, kind limit 20""",
    "edits": """
        select e.title, e.url, e.site, e.kind_of_change, e.change_share, e.word_changes[:4] as changes,
            len(e.word_changes) as change_count
        from edits as e join article_versions as v using (version_id)
        where v.run_id = $run_id and e.kind_of_change <> 'reprocessed'
        order by e.kind_of_change = 'stealth_edit' desc, e.kind_of_change = 'correction' desc, e.change_share desc,
            e.url
        limit 15""",
    "hosts": """
        select host, request_count, median_ms, slow_ms, failed_count
        from run_hosts where run_id = $run_id order by slow_ms desc, host limit 12""",
    "quality": """
        from (from run_quality where run_seq <= (select run_seq from runs where run_id = $run_id)
              order by run_seq desc limit 30)
        order by run_seq""",
}
"""One query for each part of the page; each has the run's id as its parameter. Lines go back 30 runs."""


@dataclass(frozen=True)
class RunFigures:
    """The rows of each part of the page of one run."""

    volumes: Rows = ()
    freshness: Rows = ()
    refusals: Rows = ()
    cuts: Rows = ()
    edits: Rows = ()
    hosts: Rows = ()
    quality: Rows = ()


def read_figures(folder: DataFolder, run_id: str) -> RunFigures:
    """The figures of a run; empty ones for a run without rows.

    Raises:
        DataFolderError: nothing is published yet.
    """
    with open_database(folder) as database:
        return RunFigures(**{name: _rows(database, sql, run_id) for name, sql in QUERIES.items()})


def read_summary(folder: DataFolder, run_id: str | None) -> RunSummary:
    """A run as its rows tell it; the last one where none is named.

    Raises:
        DataFolderError: nothing is published yet.
        UsageError: there is no such run.
    """
    with open_database(folder) as database:
        asked = "select * from runs where $run_id is null or run_id = $run_id order by run_seq desc limit 1"
        runs = _rows(database, asked, run_id)
        if not runs:
            raise UsageError(f"There is no run {run_id}: copydesk status names them." if run_id else "No run yet.")
        run = runs[0]
        sources = _rows(database, "select * from run_sources where run_id = $run_id order by source_id", run["run_id"])
    told = {name: run[name] for name in ("run_id", "flow", "status", "reason", "started_at", "ended_at")}
    named = ("source_id", "kind", "status", "reason", "detail")
    return RunSummary(
        **told,
        counts=Counts.from_row(run),
        sources=tuple(
            SourceSummary(**{name: row[name] for name in named}, counts=Counts.from_row(row)) for row in sources
        ),
    )


def _rows(database: duckdb.DuckDBPyConnection, sql: str, run_id: str | None) -> Rows:
    found = database.execute(sql, {"run_id": run_id})
    names = [column[0] for column in found.description or ()]
    return tuple(dict(zip(names, row, strict=True)) for row in found.fetchall())
