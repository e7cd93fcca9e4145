"""Commits of a few rows for tests of the tables, without the store stage."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from schemas.identity import url_id
from schemas.table import frame
from schemas.tables import TABLES
from tasks.io.commit import Intent, carry_out, commit_lock, next_run_seq, write_intent
from tasks.io.folder import INTENT, DataFolder
from tasks.io.outfiles import OutFile, write_out
from tasks.io.staging import RunContext

NOW = datetime(2026, 3, 2, tzinfo=UTC)
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def stage_rows(folder: DataFolder, run_id: str, tables: Rows) -> Intent:
    """An intent on disk with these rows and a row of `runs`; nothing is moved yet. The caller holds the lock."""
    run = RunContext(run_id, NOW, folder)
    run_seq = next_run_seq(folder)
    rows = {**tables, "runs": [run_row(run_id, run_seq)]}
    files: dict[str, tuple[OutFile, ...]] = {
        table: tuple(write_out(run, table, frame(TABLES[table], listed), 0)) for table, listed in rows.items()
    }
    intent = Intent(run_id, run_seq, "test", files)
    write_intent(folder, intent)
    return intent


def commit_rows(folder: DataFolder, run_id: str, tables: Rows) -> int:
    """Commit the rows as one run, and give its sequence number."""
    with commit_lock(folder, run_id):
        intent = stage_rows(folder, run_id, tables)
        carry_out(folder, folder.run(run_id) / INTENT)
    return intent.run_seq


def run_row(run_id: str, run_seq: int) -> dict[str, Any]:
    """A row of `runs` with all counts 0."""
    counts = [name for name in TABLES["runs"].to_schema().columns if name.endswith("_count")]
    return {
        "run_id": run_id, "run_seq": run_seq, "flow": "nightly", "status": "completed", "started_at": NOW,
        "ended_at": NOW, "settings": "{}", "copydesk_version": "0", "parser_version": "0", "rules_version": "0",
        "body_bytes": 0, **dict.fromkeys(counts, 0),
    }  # fmt: skip


def ledger_row(run_id: str, url: str, **more: Any) -> dict[str, Any]:
    """A row of the ledger, kind page, state stored."""
    return {
        "run_id": run_id, "kind": "page", "url_id": url_id(url), "url": url, "site": "s", "source_id": "x",
        "state": "stored", "attempt_count": 1, "failure_count": 0, "unchanged_count": 0, "recorded_at": NOW, **more,
    }  # fmt: skip


def decision(decision_id: str, kind: str, target: str, day: int = 1) -> dict[str, Any]:
    """A row of `decisions`."""
    decided = datetime(2026, 3, day, tzinfo=UTC)
    return {"decision_id": decision_id, "kind": kind, "target": target, "decided_at": decided, "run_id": "r"}
