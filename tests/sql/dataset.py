"""Made-up tables for tests of publish, report and SQL: rows with everything that a test does not care about filled in.

`Tables` stands for what the commit leaves behind: committed files per table, and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from schemas.identity import content_hash, url_id, version_id
from schemas.reasons import State
from schemas.table import Table, frame
from schemas.tables import TABLES
from tasks.io.folder import DataFolder
from tasks.io.staging import write_part
from tasks.publish.database import PublishSummary, write_database

START = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


def day(number: float) -> datetime:
    """02:00 UTC of a day of March 2026, day 1 the first."""
    return START + timedelta(days=number - 1)


def filled(model: type[Table], **given: Any) -> dict[str, Any]:
    """One row: the given values, and for other columns that may not be empty a plain value of their type."""
    columns = model.to_schema().columns
    return {
        name: given[name] if name in given else None if column.nullable else _plain(column.dtype.type)
        for name, column in columns.items()
    } | given


def _plain(kind: Any) -> Any:
    made = kind() if isinstance(kind, type) else kind
    if isinstance(made, pl.Datetime):
        return START
    if isinstance(made, pl.List):
        return []
    return "x" if isinstance(made, pl.String) else 1


@dataclass
class Tables:
    """Committed files in a data folder, written by `add`."""

    folder: DataFolder
    _files: dict[str, list[Path]] = field(default_factory=dict)

    def files(self, table: str) -> list[Path]:
        """As `tasks.io.tables.Snapshot.files`."""
        return self._files.get(table, [])

    def add(self, table: str, *rows: Mapping[str, Any]) -> None:
        """One more file of a table; columns that a row does not name are filled in."""
        model = TABLES[table]
        path = self.folder.table(table) / f"run-{len(self.files(table)):03d}.parquet"
        write_part(path, model, frame(model, [filled(model, **row) for row in rows]))
        self.add_file(table, path)

    def add_file(self, table: str, path: Path) -> None:
        """A file that lies there already."""
        self._files.setdefault(table, []).append(path)

    def add_runs(self, **seqs: int) -> None:
        """A row of `runs` for each name, with its place in the order of commits."""
        rows = [filled(TABLES["runs"], run_id=run, run_seq=seq, ended_at=day(seq)) for run, seq in seqs.items()]
        self.add("runs", *rows)

    def publish(self) -> PublishSummary:
        """articles.duckdb over what was added."""
        return write_database(self.folder, self)


def version(article: str, at: float, *, text: str = "", run: str = "r1", **given: Any) -> dict[str, Any]:
    """A row of articles: `article` names it, `at` is the day of the capture."""
    url = given.pop("url", f"https://a.example/{article}")
    captured = day(at)
    content = content_hash(article, text)
    row = {
        "article_id": article,
        "version_id": version_id(article, captured, "", content),
        "url": url,
        "canonical_url": url,
        "site": "a.example",
        "title": article,
        "body": text,
        "captured_at": captured,
        "recorded_at": captured,
        "run_id": run,
        "content_hash": content,
        "kind_of_change": "first",
    }
    return row | given


def seen(url: str, state: State | str, at: float, run: str, **given: Any) -> dict[str, Any]:
    """A page row of the ledger."""
    row = {"url": url, "url_id": url_id(url), "kind": "page", "state": str(state), "run_id": run}
    return row | {"captured_at": day(at), "recorded_at": day(at)} | given


def decision(name: str, kind: str, target: str, at: float) -> dict[str, Any]:
    """A row of decisions."""
    said = {"decision_id": name, "kind": kind, "target": target, "decided_at": day(at)}
    return said | {"note": None, "actor": None, "run_id": "command"}


def newspaper(folder: DataFolder) -> Tables:
    """Two nights of two small papers: a fix, a dead link, a copy, refusals and cuts. Published."""
    tables = Tables(folder)
    tables.add_runs(night1=1, night2=2)
    bridge = version("bridge", 1, text="The brigde opens.", run="night1", word_count=3)
    fixed = version("bridge", 2, text="The bridge opens.", run="night2", word_count=3)
    fixed |= {"kind_of_change": "typo", "change_share": 0.3333, "supersedes": bridge["version_id"]}
    fixed |= {"previous_id": bridge["version_id"], "word_changes": [{"place": 2, "old": "brigde", "new": "bridge"}]}
    harvest = version("harvest", 1, text="A good year.", run="night1", word_count=3)
    copy = version("copy", 1.5, text="A good year.", run="night2", url="https://b.example/copy", site="b.example")
    tables.add("articles", bridge, harvest)
    tables.add("articles", fixed, copy | {"word_count": 3})
    link = {"version_id": copy["version_id"], "other_id": harvest["version_id"], "kind": "duplicate"}
    tables.add("links", link | {"run_id": "night2", "recorded_at": day(2)})
    cut = {"version_id": bridge["version_id"], "article_id": "bridge", "field": "body", "repair": "markers"}
    cut |= {"rule": "ad", "kind": "ad_marker", "text": "Advertisement", "char_count": 13, "replacement": ""}
    tables.add("removals", cut | {"run_id": "night1"}, cut | {"run_id": "night2", "version_id": fixed["version_id"]})
    refusal = {"url": "https://a.example/stub", "stage": "validate", "severity": "reject", "reason": "check_failed"}
    refusal |= {"quarantine_id": "q1", "rule": "body_min_words", "message": "The body has 4 words, fewer than 20."}
    tables.add("quarantine", refusal | {"run_id": "night2"})
    tables.add(
        "ledger",
        seen(bridge["url"], "stored", 1, "night1", capture_uri="captures/x.warc.gz", capture_offset=0),
        seen(harvest["url"], "stored", 1, "night1", capture_uri="captures/x.warc.gz", capture_offset=900),
        seen(bridge["url"], "stored", 2, "night2", capture_uri="captures/y.warc.gz", capture_offset=0),
        seen(copy["url"], "stored", 2, "night2", capture_uri="captures/y.warc.gz", capture_offset=700),
        seen(harvest["url"], "gone", 2, "night2", reason="http_status", http_status=404),
        seen("https://a.example/stub", "quarantined", 2, "night2", reason="check_failed"),
        seen("https://a.example/slow", "failed", 2, "night2", reason="timeout"),
    )
    tables.publish()
    return tables
