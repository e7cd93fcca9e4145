"""Prepared staging folders: what the stages before store would have handed over, made from a few words a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from schemas.article import Article
from schemas.candidate import candidate_json
from schemas.capture import Candidate, Capture
from schemas.identity import article_id, content_hash, digest, url_id, version_id
from schemas.quarantine import Quarantine
from schemas.reasons import RunStatus
from schemas.removal import Removal
from schemas.run import RunSource
from schemas.table import frame
from schemas.tables import TABLES
from tasks.io.folder import DataFolder
from tasks.io.memory import last_rows
from tasks.io.staging import RunContext, write_part
from tasks.io.tables import Snapshot
from tasks.store.facts import RunFacts

START = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
LONG = "The council met on the hill above the old harbour and voted for the new road by a narrow margin. " * 6


def at(day: float) -> datetime:
    """A moment, in days after the start."""
    return START + timedelta(days=day)


@dataclass(frozen=True)
class Page:
    """One page of a run: what became of it before store."""

    url: str
    text: str = LONG
    day: float = 0.0
    outcome: str = "fetched"
    site: str = "example.org"
    source_id: str = "paper"
    canonical: str | None = None
    refused: str | None = None
    """Severity of its quarantine row (reject, hold); then it is no article."""
    shard: str = "s0"
    known: dict[str, Any] = field(default_factory=dict)
    """Columns of the candidate that the ledger gave."""
    fetch: dict[str, Any] = field(default_factory=dict)
    """Columns of the capture that differ."""
    title: str = "Title"
    offset: int = 0
    is_captured: bool = True
    is_parsed: bool = True
    is_over_limit: bool = False

    @property
    def digest(self) -> str:
        """The capture's digest; other rules may read another text of the same capture."""
        return self.fetch.get("payload_digest") or "sha1:" + digest(self.url, self.text, str(self.day))[:8]

    @property
    def article(self) -> str:
        """The article's key."""
        return article_id(self.canonical or self.url)

    @property
    def version(self) -> str:
        """The version's key."""
        return version_id(self.article, at(self.day), self.digest, content_hash(self.title, self.text))


def stage_run(
    folder: DataFolder,
    run_id: str,
    pages: Sequence[Page],
    *,
    now: datetime | None = None,
    listings: Iterable[dict[str, Any]] = (),
    known_count: int = 0,
) -> RunContext:
    """A run whose stages have all come to their end, with these pages."""
    run = RunContext(run_id, now or at(10), folder)
    unique = {page.url: page for page in reversed(pages)}
    for shard in sorted({page.shard for page in pages}):
        own = [page for page in pages if page.shard == shard]
        _stage_shard(run, shard, own, [page for page in unique.values() if page.shard == shard])
    _stage_sources(run, list(unique.values()), known_count)
    write_part(
        run.part("discover", "captures", "paper"), Capture, frame(Capture, [_listing_row(row) for row in listings])
    )
    return run


def _stage_shard(run: RunContext, shard: str, pages: list[Page], unique: list[Page]) -> None:
    for table, over in (("candidates", False), ("deferred", True)):
        listed = [_candidate(page, seq) for seq, page in enumerate(unique) if page.is_over_limit is over]
        write_part(run.part("discover", table, shard), Candidate, frame(Candidate, listed))
    captured = [page for page in pages if page.is_captured and not page.is_over_limit]
    write_part(run.part("fetch", "captures", shard), Capture, frame(Capture, [_capture(page) for page in captured]))
    read = [page for page in captured if page.outcome in ("fetched", "refused") and page.is_parsed]
    if any(not page.is_parsed for page in captured):
        return
    passed = [page for page in read if page.refused is None and page.outcome == "fetched"]
    refused = [page for page in read if page not in passed]
    write_part(run.part("clean", "removals", shard), Removal, frame(Removal, [_removal(run, p) for p in passed]))
    write_part(
        run.part("parse", "quarantine", shard), Quarantine, frame(Quarantine, [_refusal(run, p) for p in refused])
    )
    write_part(run.part("validate", "articles", shard), Article, frame(Article, [_article(run, p) for p in passed]))


def _stage_sources(run: RunContext, pages: list[Page], known_count: int) -> None:
    rows = []
    for source in sorted({page.source_id for page in pages} or {"paper"}):
        found = sum(page.source_id == source for page in pages) + known_count
        counts = {f"{name}_count": 0 for name in _STATES}
        rows.append(
            {
                "run_id": run.run_id, "source_id": source, "kind": "feed", "status": "ok", "found_count": found,
                "known_count": known_count, "also_listed_count": 0, "listing_count": 1, "bad_item_count": 0,
                "capped_count": 0, **counts,
            }
        )  # fmt: skip
    write_part(run.part("discover", "selected_sources", "all"), RunSource, frame(RunSource, rows))


_STATES = (
    "stored", "unchanged", "duplicate", "quarantined", "held", "blocked", "gone", "failed", "deferred",
)  # fmt: skip


def _candidate(page: Page, seq: int) -> dict[str, Any]:
    return {
        "url_id": url_id(page.url), "url": page.url, "site": page.site, "source_id": page.source_id, "seq": seq,
        "listed_authors": [], "listed_tags": [], "failure_count": 0, "unchanged_count": 0, **page.known,
    }  # fmt: skip


def _capture(page: Page) -> dict[str, Any]:
    came = page.outcome in ("fetched", "refused")
    return {
        "url_id": url_id(page.url), "url": page.url, "site": page.site, "source_id": page.source_id, "kind": "page",
        "outcome": page.outcome, "reason": None if page.outcome in ("fetched", "not_modified") else "http_status",
        "attempt_count": 1, "captured_at": at(page.day), "payload_digest": page.digest if came else None,
        "capture_uri": "captures/x.warc.gz", "capture_offset": page.offset, "capture_length": 9, "body_bytes": 100,
        **page.fetch,
    }  # fmt: skip


def _listing_row(row: dict[str, Any]) -> dict[str, Any]:
    base = {
        "url_id": url_id(row["url"]), "site": "example.org", "source_id": "paper", "kind": "listing",
        "outcome": "fetched", "attempt_count": 1, "captured_at": at(9),
    }  # fmt: skip
    return base | row


def _article(run: RunContext, page: Page) -> dict[str, Any]:
    return {
        "version_id": page.version, "article_id": page.article, "url": page.url,
        "canonical_url": page.canonical or page.url, "site": page.site, "source_id": page.source_id,
        "title": page.title, "authors": [], "captured_at": at(page.day), "recorded_at": run.now, "tags": [],
        "body": page.text, "blocks": [], "word_count": len(page.text.split()), "page_kind": "article",
        "editor_initials": [], "content_hash": content_hash(page.title, page.text), "kind_of_change": "first",
        "field_sources": [], "flags": [], "parser_version": "1", "rules_version": "1", "run_id": run.run_id,
        "capture_uri": "captures/x.warc.gz", "capture_offset": page.offset, "capture_digest": page.digest,
    }  # fmt: skip


def _removal(run: RunContext, page: Page) -> dict[str, Any]:
    return {
        "version_id": page.version, "article_id": page.article, "site": page.site, "field": "body", "seq": 0,
        "repair": "cut_markers", "rule": "ad", "kind": "ad_marker", "char_offset": 0, "char_count": 2, "text": "Ad",
        "replacement": "", "run_id": run.run_id,
    }  # fmt: skip


def _refusal(run: RunContext, page: Page) -> dict[str, Any]:
    return {
        "quarantine_id": digest(run.run_id, page.url), "url": page.url, "site": page.site,
        "source_id": page.source_id, "stage": "parse", "severity": page.refused or "reject",
        "reason": "empty_extraction", "rule": "r", "message": "No text.", "captured_at": at(page.day),
        "recorded_at": run.now, "run_id": run.run_id,
        **({"version_id": page.version, "candidate": candidate_json(_article(run, page)),
            "reason": "source_broken", "stage": "validate"} if page.refused == "hold" else {}),
    }  # fmt: skip


def facts(status: RunStatus | None = None) -> RunFacts:
    """Facts of a nightly run."""
    return RunFacts("nightly", "{}", "0.1.0", "1", "1", at(10), status)


def remembered(folder: DataFolder, pages: Iterable[Page]) -> list[Page]:
    """The pages with what the ledger knows of their URLs, as discover would fill it in."""
    pages = list(pages)
    rows = {row["url"]: row for row in last_rows(folder, "page", [url_id(p.url) for p in pages]).iter_rows(named=True)}
    columns = ("etag", "last_modified", "payload_digest", "failure_count", "unchanged_count")
    known = {
        url: {name: row[name] for name in columns}
        | {"known_state": row["state"]}
        | {"known_article_id": row["article_id"], "known_version_id": row["version_id"]}
        for url, row in rows.items()
    }
    return [replace(page, known=known.get(page.url, {}) | page.known) for page in pages]


def current(folder: DataFolder) -> dict[str, str]:
    """article_id to the version_id that is current: the greatest (captured_at, run_seq, version_id)."""
    snapshot = Snapshot.open(folder)
    with snapshot.connect("articles", "runs") as connection:
        rows = connection.sql(
            "SELECT article_id, arg_max(version_id, (captured_at, run_seq, version_id)) FROM articles JOIN runs "
            "USING (run_id) GROUP BY ALL"
        ).fetchall()
    return dict(rows)


def logical(folder: DataFolder) -> dict[str, list[str]]:
    """All committed rows of every table as sorted JSON, without what differs from run to run by the clock."""
    snapshot = Snapshot.open(folder)
    found = {}
    for table in TABLES:
        rows = snapshot.read(table)
        rows = rows.drop([name for name in ("ended_at", "run_seq") if name in rows.columns])
        texts = rows.select(pl.struct(pl.all()).struct.json_encode().alias("row"))["row"]
        found[table] = sorted(texts.to_list())
    return found
