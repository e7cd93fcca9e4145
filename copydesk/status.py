"""`copydesk status`: what the dataset holds, how the last runs ended, what waits."""

import json
from pathlib import Path
from typing import Any

import duckdb
from rich.table import Table

from copydesk.connection import open_settled
from copydesk.faces import out
from tasks.io.folder import DataFolder
from tasks.io.memory import retracted_runs
from tasks.io.recovery import dead_runs
from tasks.io.tables import Snapshot
from tasks.report.alarms import alarm_sentence

RUNS_SHOWN = 7

_SHOWN = ("articles", "quarantine", "removals", "runs")

_HOLDINGS = """
SELECT (SELECT count(DISTINCT article_id) FROM shown_articles)                         AS article_count,
       (SELECT count(*) FROM shown_articles)                                           AS version_count,
       (SELECT count(DISTINCT site) FROM shown_articles)                               AS site_count,
       (SELECT count(*) FROM shown_quarantine)                                         AS quarantined_count,
       (SELECT count(*) FROM shown_removals)                                           AS removal_count,
       (SELECT max(captured_at) FROM shown_articles)::VARCHAR                          AS newest_capture
"""
_RUNS = """
SELECT run_id, flow, status, reason, found_count, known_count, stored_count, unchanged_count,
       quarantined_count + held_count AS refused_count, blocked_count + gone_count + failed_count AS lost_count,
       deferred_count
FROM shown_runs ORDER BY run_seq DESC LIMIT ?
"""


def show_status(data: Path, *, as_json: bool) -> None:
    """Print the status.

    Raises:
        NewerFormatError, DataFolderError, TableError: the folder cannot be read.
    """
    found = read_status(data)
    if as_json:
        out.print_json(json.dumps(found))
    else:
        _show(found)


def read_status(data: Path) -> dict[str, Any]:
    """The status as plain values: holdings, the last runs (newest first), runs that wait to be finished."""
    folder = DataFolder(data)
    folder.check()
    snapshot = Snapshot.open(folder)
    retracted = retracted_runs(snapshot)
    with snapshot.connect(*_SHOWN) as connection:
        connection.execute("CREATE TEMP TABLE retracted AS SELECT unnest($1::VARCHAR[]) AS run_id", [sorted(retracted)])
        for table in _SHOWN:
            connection.execute(f"CREATE TEMP VIEW shown_{table} AS FROM {table} ANTI JOIN retracted USING (run_id)")
        holdings = _rows(connection, _HOLDINGS)[0]
        runs = _rows(connection, _RUNS, RUNS_SHOWN)
    return {
        "data": str(data),
        "published": folder.database.exists(),
        **holdings,
        "alarms": read_alarms(folder),
        "retracted_runs": sorted(retracted),
        "unfinished_runs": dead_runs(folder),
        "runs": runs,
    }


def read_alarms(folder: DataFolder) -> list[dict[str, Any]]:
    """What the published database says should be looked at; nothing where it is not there, or older than the view.

    Raises:
        NewerFormatError, DataFolderError: the database cannot be read.
    """
    if not folder.database.exists():
        return []
    with open_settled(folder) as connection:
        if not _rows(connection, "SELECT 1 FROM duckdb_views() WHERE view_name = 'alarms'"):
            return []
        query = "SELECT kind, subject, count, of_count, seen_at::VARCHAR AS seen_at, detail FROM alarms ORDER BY ALL"
        return _rows(connection, query)


def alarm_text(alarm: dict[str, Any]) -> str:
    """One alarm as a sentence."""
    detail = alarm["detail"] or ""
    return alarm_sentence((alarm["kind"], alarm["subject"], alarm["count"], alarm["of_count"], detail))


def _rows(connection: duckdb.DuckDBPyConnection, query: str, *parameters: Any) -> list[dict[str, Any]]:
    answer = connection.execute(query, parameters)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _show(found: dict[str, Any]) -> None:
    if not found["runs"]:
        out.print(f"{found['data']} holds no run yet: `copydesk demo` or `copydesk run` makes the first.", markup=False)
    else:
        out.print(
            f"{found['article_count']} articles of {found['site_count']} sites in {found['version_count']} versions; "
            f"{found['quarantined_count']} refusals and {found['removal_count']} receipts are kept. "
            f"Newest capture: {found['newest_capture'] or 'none'}.",
            highlight=False,
        )
        _show_runs(found["runs"])
    for run_id in found["retracted_runs"]:
        out.print(
            f"Run {run_id} is taken back; `copydesk rollback --undo` gives back what the last rollback took.",
            style="yellow",
            markup=False,
        )
    for alarm in found["alarms"]:
        out.print(alarm_text(alarm), style="yellow", markup=False, highlight=False)
    for run_id in found["unfinished_runs"]:
        out.print(f"Run {run_id} was killed; the next run finishes what it had captured.", style="yellow", markup=False)


def _show_runs(runs: list[dict[str, Any]]) -> None:
    columns = ("run_id", "flow", "status", "found", "known", "stored", "unchanged", "refused", "lost", "deferred")
    table = Table(title="Last runs", title_justify="left")
    for name in columns:
        table.add_column(name, justify="left" if name in ("run_id", "flow", "status") else "right")
    for run in runs:
        table.add_row(*(str(run.get(name, run.get(f"{name}_count"))) for name in columns))
    out.print(table)
