"""Candidate and Ledger rows for tests, with every column that the test does not name."""

from datetime import datetime
from typing import Any

import polars as pl

from schemas.capture import Candidate
from schemas.identity import site_of, url_id
from schemas.ledger import Ledger
from schemas.table import empty, frame
from tests.conftest import NIGHT


def candidate(url: str, source_id: str = "a", seq: int = 0, **more: Any) -> dict[str, Any]:
    """One candidate row."""
    row = {"url": url, "url_id": url_id(url), "site": site_of(url), "source_id": source_id, "seq": seq}
    return row | {"listed_authors": [], "listed_tags": [], "failure_count": 0, "unchanged_count": 0} | more


def candidates(*rows: dict[str, Any]) -> pl.DataFrame:
    """The rows as a frame."""
    return frame(Candidate, rows) if rows else empty(Candidate)


def ledger_row(url: str, kind: str = "page", state: str = "stored", **more: Any) -> dict[str, Any]:
    """One ledger row of the night before."""
    known: dict[str, Any] = {"run_id": "before", "kind": kind, "url": url, "url_id": url_id(url), "site": site_of(url)}
    known |= {"source_id": "a", "state": state, "attempt_count": 1, "failure_count": 0, "unchanged_count": 0}
    return known | {"recorded_at": NIGHT, "captured_at": NIGHT} | more


def ledger(*rows: dict[str, Any]) -> pl.DataFrame:
    """The rows as a frame."""
    return frame(Ledger, rows) if rows else empty(Ledger)


def at(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text + "+00:00")
