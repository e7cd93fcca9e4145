"""Publishes what was released: each decision becomes a run of its own, of the very steps of every run.

The run has no page to fetch. Its candidates are the held URLs, its captures those that the held run made, its articles
the rows that were held; so versions, ledger, links and the balance are settled as ever, and committing it twice is
impossible. A kill between decision and run loses nothing: the next run publishes what is open.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from schemas.article import Article
from schemas.candidate import candidate_row
from schemas.capture import Candidate, Capture
from schemas.identity import url_id
from schemas.ledger import Ledger
from schemas.measure import Measure
from schemas.quarantine import Quarantine
from schemas.reasons import DecisionKind, Kind, Outcome, RadarVerdict, Severity
from schemas.run import RunSource
from schemas.summary import Counts, RunSummary
from schemas.table import frame, polars_schema
from tasks.io.decisions import Row, closed_rows
from tasks.io.folder import DataFolder
from tasks.io.holds import settled_holds
from tasks.io.memory import last_rows, retracted_runs
from tasks.io.recovery import hold_run
from tasks.io.staging import RunContext, write_part
from tasks.io.tables import Snapshot, fetch
from tasks.store.facts import RunFacts
from tasks.store.held import all_held, release_run_id
from tasks.store.run import store_run

FLOW = "release"
SHARD = "released"
_KNOWN = ("etag", "last_modified", "payload_digest", "last_full_at")


def open_releases(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Releases (rows of `settled_holds`) that stand and are not published yet, the oldest first."""
    there = {(one.run_id, one.source_id) for one in all_held(snapshot)}
    rows = [row for run_id, row in standing_releases(snapshot).items() if not snapshot.has_run(run_id)]
    still = [row for row in rows if (row["run_id"], row["source_id"]) in there]
    return sorted(still, key=lambda row: (row["decided_at"], row["decision_id"]))


def standing_releases(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    """Releases that stand, by the run that publishes each, whether it has done so or not."""
    rows = settled_holds(snapshot.read("decisions").to_dicts())
    return {release_run_id(row): row for row in rows if row["kind"] == DecisionKind.RELEASE}


def publish_released(folder: DataFolder, facts: RunFacts, *, only: str | None = None) -> list[RunSummary]:
    """The runs that published what was released and not published before; none when nothing is open.

    Args:
        folder: Data folder.
        facts: Versions and policy; the flow and the times are the release's own.
        only: Only the release that this run publishes.

    Raises:
        DiskError, TableError, FolderBusyError: as a commit; calling it again goes on.
    """
    wanted = [row for row in open_releases(Snapshot.open(folder)) if only in (None, release_run_id(row))]
    return [publish_release(folder, row, facts) for row in wanted]


def publish_release(folder: DataFolder, release: Row, facts: RunFacts) -> RunSummary:
    """The run of one release, committed exactly once."""
    run = RunContext(release_run_id(release), release["decided_at"], folder)
    with hold_run(folder, run.run_id):
        stage_release(run, release, Snapshot.open(folder))
        own = replace(facts, flow=FLOW, settings="{}", started_at=run.now, status=None)
        return store_run(run, own)


def stage_release(run: RunContext, release: Row, snapshot: Snapshot) -> None:
    """Write the parts that store reads, from what the held run left in the tables."""
    articles = _held_articles(run, release, snapshot)
    urls = articles["url"].unique(maintain_order=True)
    ledger = _ledger_rows(snapshot, release["run_id"], urls)
    known = {row["url"]: row for row in last_rows(snapshot, Kind.PAGE, map(url_id, urls)).iter_rows(named=True)}
    pages = articles.unique("url", keep="first", maintain_order=True)
    candidates = [_candidate(row, known.get(row["url"]), ledger.get(row["url"])) for row in pages.iter_rows(named=True)]
    captures = [_capture(row, ledger.get(row["url"])) for row in articles.iter_rows(named=True)]
    write_part(run.part("discover", "candidates", SHARD), Candidate, frame(Candidate, candidates))
    write_part(run.part("fetch", "captures", SHARD), Capture, frame(Capture, captures))
    write_part(run.part("validate", "articles", SHARD), Article, articles)
    write_part(run.part("validate", "measures", "all"), Measure, frame(Measure, [_word(run, release, len(urls))]))
    source = _source(run, release, snapshot, len(urls))
    write_part(run.part("discover", "selected_sources", "all"), RunSource, frame(RunSource, [source]))


def _held_articles(run: RunContext, release: Row, snapshot: Snapshot) -> pl.DataFrame:
    """The held rows, as rows of this run. A page that another check refused for good stays refused."""
    own = {"run": release["run_id"], "source": release["source_id"]}
    with snapshot.connect("quarantine") as connection:
        query = "SELECT * FROM quarantine WHERE run_id = $run AND source_id = $source ORDER BY url, captured_at, rule"
        rows = fetch(connection, query, "quarantine", own).select(list(polars_schema(Quarantine)))
    closed = closed_rows(snapshot.read("decisions").to_dicts(), retracted_runs(snapshot))
    rows = rows.filter(~pl.col("quarantine_id").is_in(list(closed)))
    is_hold = pl.col("severity") == Severity.HOLD
    held = rows.filter(is_hold & pl.col("candidate").is_not_null())
    held = held.join(rows.filter(~is_hold), on=["url", "captured_at"], how="anti", maintain_order="left")
    once = held.unique(["url", "captured_at"], keep="first", maintain_order=True)
    made = pl.concat([frame(Article, []), *(candidate_row(text) for text in once["candidate"])])
    return made.with_columns(run_id=pl.lit(run.run_id), recorded_at=pl.lit(run.now).cast(pl.Datetime("us", "UTC")))


def _ledger_rows(snapshot: Snapshot, run_id: str, urls: pl.Series) -> dict[str, dict[str, Any]]:
    """What the held run's ledger says of the pages."""
    with snapshot.connect("ledger") as connection:
        connection.register("asked", pl.DataFrame({"url": urls}, schema={"url": pl.String}).to_arrow())
        query = "SELECT * FROM ledger SEMI JOIN asked USING (url) WHERE run_id = $run AND kind = 'page'"
        rows = fetch(connection, query, "ledger", {"run": run_id}).select(list(polars_schema(Ledger)))
    return {row["url"]: row for row in rows.iter_rows(named=True)}


def _candidate(row: Row, known: Row | None, held: Row | None) -> dict[str, Any]:
    memory = known or held or {}
    said = {"known_state": memory.get("state"), "known_article_id": memory.get("article_id")}
    said |= {"known_version_id": memory.get("version_id")} | {name: memory.get(name) for name in _KNOWN}
    counts = {name: memory.get(name) or 0 for name in ("failure_count", "unchanged_count")}
    lists: Mapping[str, Any] = {"seq": 0, "listed_authors": [], "listed_tags": []}
    elsewhere = not row["capture_uri"].startswith("captures/")
    place = {name: row[name] for name in ("capture_uri", "capture_offset")} if elsewhere else {}
    made = {"url_id": url_id(row["url"]), **{name: row[name] for name in ("url", "site", "source_id")}}
    return {**made, **lists, **counts, **said, **place}


def _capture(row: Row, held: Row | None) -> dict[str, Any]:
    names = ("final_url", "http_status", "etag", "last_modified", "last_full_at", "is_tls_verified", "capture_length")
    own = ("url", "site", "source_id", "captured_at", "capture_uri", "capture_offset")
    return {
        **{name: (held or {}).get(name) for name in names},
        **{name: row[name] for name in own},
        "url_id": url_id(row["url"]),
        "kind": Kind.PAGE.value,
        "outcome": Outcome.FETCHED.value,
        "payload_digest": row["capture_digest"] or None,
        "attempt_count": 0,
    }


def _source(run: RunContext, release: Row, snapshot: Snapshot, page_count: int) -> dict[str, Any]:
    sources = snapshot.read("run_sources", ["run_id", "source_id", "kind"])
    held = sources.filter(run_id=release["run_id"], source_id=release["source_id"])
    kind = held["kind"][0] if held.height else "feed"
    key = {"run_id": run.run_id, "source_id": release["source_id"], "kind": kind, "status": "ok"}
    extra = {"listing_count": 0, "bad_item_count": 0, "capped_count": 0}
    return Counts(found=page_count).as_row() | key | extra


def _word(run: RunContext, release: Row, page_count: int) -> dict[str, Any]:
    """The row by which the radar learns that the night was right."""
    return {
        "run_id": run.run_id, "source_id": release["source_id"], "part": "", "measure": "released",
        "bin": release["run_id"], "count": page_count, "of_count": page_count, "low": None, "high": None,
        "verdict": RadarVerdict.RELEASED.value, "message": None, "recorded_at": run.now,
    }  # fmt: skip
