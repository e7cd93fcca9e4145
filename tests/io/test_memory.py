"""The ledger as memory: the last row by commits, not by clocks, and without retracted runs."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from schemas.identity import url_id
from schemas.ledger import Ledger
from schemas.table import polars_schema
from tasks.io.folder import DataFolder
from tasks.io.memory import active_retractions, last_rows
from tasks.io.tables import Snapshot
from tests.io.committing import NOW, commit_rows, decision, ledger_row


def state_of(folder: DataFolder, url: str, kind: str = "page") -> str | None:
    """The last state of a URL."""
    rows = last_rows(folder, kind, [url_id(url)])
    return None if rows.is_empty() else str(rows["state"].item())


def test_nothing_is_known_in_a_new_folder(folder: DataFolder) -> None:
    """No table, no row, but all columns."""
    assert last_rows(folder, "page", ["x"]).schema == polars_schema(Ledger)
    assert last_rows(folder, "page", []).is_empty()


def test_last_means_last_committed(folder: DataFolder) -> None:
    """A clock that was put back does not bring an old row to the top."""
    commit_rows(folder, "z-first", {"ledger": [ledger_row("z-first", "u", state="failed")]})
    earlier = NOW - timedelta(days=400)
    commit_rows(folder, "a-second", {"ledger": [ledger_row("a-second", "u", state="gone", recorded_at=earlier)]})
    assert state_of(folder, "u") == "gone"


def test_kinds_and_urls_do_not_mix(folder: DataFolder) -> None:
    """One row for each asked URL of the kind, in the order of keys; others have none."""
    rows = [
        ledger_row("r", "u"),
        ledger_row("r", "v", state="gone"),
        ledger_row("r", "u", kind="listing", state="read"),
    ]
    commit_rows(folder, "r", {"ledger": rows})
    asked = pl.DataFrame({"url_id": [url_id(u) for u in ("v", "u", "w", "u")]})
    found = last_rows(Snapshot.open(folder), "page", asked)
    assert found["url_id"].to_list() == sorted([url_id("u"), url_id("v")])
    assert (state_of(folder, "u", "listing"), state_of(folder, "v", "listing")) == ("read", None)
    assert found.schema == polars_schema(Ledger)


def test_a_retracted_run_is_forgotten_until_it_is_restored(folder: DataFolder) -> None:
    """Retract, undo, and undo of the undo."""
    commit_rows(folder, "r1", {"ledger": [ledger_row("r1", "u", state="stored")]})
    commit_rows(folder, "r2", {"ledger": [ledger_row("r2", "u", state="gone")]})
    seen = [state_of(folder, "u")]
    for number, (kind, target) in enumerate((("retract_run", "r2"), ("undo", "d0"), ("undo", "d1"))):
        commit_rows(folder, f"c{number}", {"decisions": [decision(f"d{number}", kind, target, number + 1)]})
        seen.append(state_of(folder, "u"))
    assert seen == ["gone", "stored", "gone", "stored"]


CASES: dict[str, tuple[list[tuple[str, str, str, int]], set[str]]] = {
    "none": ([], set()),
    "other kinds": ([("d1", "forget", "r1", 1)], set()),
    "two runs": ([("d1", "retract_run", "r1", 1), ("d2", "retract_run", "r2", 1)], {"r1", "r2"}),
    "undone": ([("d1", "retract_run", "r1", 1), ("d2", "undo", "d1", 2)], set()),
    "retracted again": (
        [("d1", "retract_run", "r1", 1), ("d2", "undo", "d1", 2), ("d3", "retract_run", "r1", 3)],
        {"r1"},
    ),
    "an undo of something else": ([("d1", "retract_run", "r1", 1), ("d2", "undo", "r1", 2)], {"r1"}),
}


@pytest.mark.parametrize("case", CASES)
def test_active_retractions(case: str) -> None:
    """Which runs stand retracted, in whatever order the rows are read."""
    listed, expected = CASES[case]
    rows: list[dict[str, Any]] = [decision(*values) for values in listed]
    schema = {"decision_id": pl.String, "kind": pl.String, "target": pl.String, "decided_at": pl.Datetime("us", "UTC")}
    frame = pl.DataFrame([{name: row[name] for name in schema} for row in rows], schema=schema)
    assert active_retractions(frame) == active_retractions(frame.reverse()) == expected


def test_a_moment_is_read_back_in_utc(folder: DataFolder) -> None:
    """Whatever the machine's zone, times come back as they were."""
    commit_rows(folder, "r", {"ledger": [ledger_row("r", "u", next_try_at=NOW)]})
    found = last_rows(folder, "page", [url_id("u")])["next_try_at"].item()
    assert isinstance(found, datetime)
    assert found == NOW
