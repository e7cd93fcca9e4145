"""Which captures are read again, and what fetch had handed over of them: made from captures and tables, no network.

Read again are the captures that stand behind stored versions, or behind open rows of the quarantine. Pages that said
nothing new have no version of their own, and are left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import duckdb
import polars as pl

from schemas.quarantine import Quarantine
from schemas.reasons import Kind
from schemas.table import polars_schema
from tasks.fetch.rebuild import RUN_FILE, Row, files_of, page_key, write_shards, write_sources
from tasks.io.bucket.copy import bring_captures
from tasks.io.capture_rows import told_row, told_rows
from tasks.io.decisions import closed_rows
from tasks.io.holds import hold_target, settled_holds
from tasks.io.memory import last_rows, retracted_runs
from tasks.io.staging import RunContext, write_part
from tasks.io.tables import Snapshot, fetch

REOPENED = "reopened"
"""The part of fetch that holds the rows of the quarantine which are looked at again."""

_VERSIONS = """
    CREATE TEMP TABLE chosen AS
    SELECT version_id, url, capture_uri, capture_offset, run_id FROM articles
    WHERE ($site IS NULL OR site = $site) AND ($since IS NULL OR captured_at >= $since)
      AND run_id NOT IN (SELECT value FROM retracted)
"""
_PLACES = """
    SELECT DISTINCT url, capture_uri, capture_offset FROM (
        SELECT url, capture_uri, capture_offset FROM chosen
        UNION ALL  -- other URLs of an article: further pages of it, and further names
        SELECT ledger.url, ledger.capture_uri, ledger.capture_offset FROM ledger SEMI JOIN chosen USING (version_id)
        WHERE ledger.kind = 'page' AND ledger.state = 'duplicate' AND ledger.capture_offset IS NOT NULL
          AND ledger.run_id NOT IN (SELECT value FROM retracted)
          AND ledger.run_id NOT IN (SELECT run_id FROM runs WHERE flow = 'reprocess')
    )
"""
_OPEN = """
    SELECT quarantine.* FROM quarantine JOIN runs USING (run_id)
    WHERE ($site IS NULL OR site = $site) AND ($since IS NULL OR captured_at >= $since)
      AND capture_offset IS NOT NULL AND stage <> 'fetch'
      AND run_id NOT IN (SELECT value FROM retracted) AND quarantine_id NOT IN (SELECT value FROM closed)
      AND (severity <> 'hold' OR run_id || '/' || source_id NOT IN (SELECT value FROM settled))
      AND url IN (SELECT url FROM ledger JOIN runs USING (run_id)
        WHERE kind = 'page' AND ledger.run_id NOT IN (SELECT value FROM retracted)
        QUALIFY row_number() OVER (PARTITION BY url_id ORDER BY runs.run_seq DESC) = 1
            AND state IN ('quarantined', 'held'))
    QUALIFY dense_rank() OVER (PARTITION BY url ORDER BY runs.run_seq DESC) = 1
"""
_READERS = "SELECT DISTINCT run_id FROM ledger WHERE capture_uri IN (SELECT value FROM archives)"


@dataclass(frozen=True)
class Selection:
    """What is read again: all of it, one site, what was captured since a moment (UTC), or only what was refused."""

    site: str | None = None
    since: datetime | None = None
    quarantined: bool = False


@dataclass(frozen=True)
class Staged:
    """What is staged of it."""

    shards: tuple[str, ...]
    tables_version: int
    """`Snapshot.version` that the pages were chosen from."""
    page_count: int
    missing: Mapping[str, int]
    """Capture files to how many of their records are not there any more, or cannot be read."""


def stage_again(run: RunContext, selection: Selection, batch_rows: int) -> Staged:
    """Write the parts of discover and fetch for the captures that are to be read again.

    Pages that were captured in different runs are never in one shard, because parse joins the pages of an article.

    Args:
        run: The run that reads them.
        selection: Which.
        batch_rows: Pages in a shard; changes nothing but memory.

    Raises:
        TableError: a committed file is missing or damaged.
        DiskError: the disk refused a part.
    """
    snapshot = Snapshot.open(run.folder)
    places = _reopened(run, snapshot, selection) if selection.quarantined else _places(snapshot, selection)
    missing: dict[str, int] = {}
    shards: list[str] = []
    sources: set[str] = set()
    page_count = 0
    for pages in _by_run(run, snapshot, places, missing):
        memory = last_rows(snapshot, Kind.PAGE, sorted({row["url_id"] for row in pages}))
        known = {row["url_id"]: row for row in memory.to_dicts()}
        shards += write_shards(run, pages, known, batch_rows, first=len(shards), is_owned_by_known=True)
        sources |= {known.get(row["url_id"], row)["source_id"] for row in pages}
        page_count += len(pages)
    kinds = dict(snapshot.read("run_sources", ["source_id", "kind"]).iter_rows())
    write_sources(run, {name: kinds.get(name, "feed") for name in sources})
    return Staged(tuple(shards), snapshot.version, page_count, missing)


def _places(snapshot: Snapshot, selection: Selection) -> pl.DataFrame:
    """Where the captures of versions lie, and those of the further pages of their articles."""
    if not snapshot.files("articles"):
        return pl.DataFrame(schema={"url": pl.String, "capture_uri": pl.String, "capture_offset": pl.Int64})
    with snapshot.connect("articles", "ledger", "runs") as connection:
        _register(connection, retracted=retracted_runs(snapshot))
        connection.execute(_VERSIONS, {"site": selection.site, "since": selection.since})
        return fetch(connection, _PLACES, "ledger")


def _reopened(run: RunContext, snapshot: Snapshot, selection: Selection) -> pl.DataFrame:
    """Where the captures of open rows of the quarantine lie; the rows are staged, so that store can close them."""
    retracted = retracted_runs(snapshot)
    decisions = snapshot.read("decisions").to_dicts()
    settled = {hold_target(row["run_id"], row["source_id"]) for row in settled_holds(decisions)}
    with snapshot.connect("quarantine", "ledger", "runs") as connection:
        _register(connection, retracted=retracted, closed=closed_rows(decisions, retracted), settled=settled)
        asked = {"site": selection.site, "since": selection.since}
        rows = fetch(connection, _OPEN, "quarantine", asked).select(list(polars_schema(Quarantine)))
    write_part(run.part("fetch", REOPENED, "all"), Quarantine, rows)
    return rows.select("url", "capture_uri", "capture_offset").unique()


def _by_run(run: RunContext, snapshot: Snapshot, places: pl.DataFrame, missing: dict[str, int]) -> Iterator[list[Row]]:
    """The rows of the captures at these places, those of one run at a time."""
    own = pl.col("capture_uri").str.starts_with("captures/")
    by_run: dict[str, list[tuple[str, int]]] = {}
    for uri, offset in places.filter(own).select("capture_uri", "capture_offset").unique().sort(pl.all()).iter_rows():
        match = RUN_FILE.fullmatch(uri.rsplit("/", 1)[-1])
        by_run.setdefault(match[1] if match else "", []).append((uri, offset))
    for _, listed in sorted(by_run.items()):
        if rows := list(_told(run, listed, missing)):
            yield rows
    yield from _of_archives(run, snapshot, places.filter(~own), missing)


def _told(run: RunContext, places: Iterable[tuple[str, int]], missing: dict[str, int]) -> Iterator[Row]:
    for uri, offset in places:
        try:
            row = told_row(run.folder, uri, offset)
        except OSError:
            row = None
        if row is None:
            missing[uri] = missing.get(uri, 0) + 1
        else:
            yield row


def _of_archives(
    run: RunContext, snapshot: Snapshot, places: pl.DataFrame, missing: dict[str, int]
) -> Iterator[list[Row]]:
    """Rows of records of the user's archives: they lie beside the captures of the run that read the archive."""
    waiting = set(places.select("capture_uri", "capture_offset").iter_rows())
    if not waiting:
        return
    with snapshot.connect("ledger") as connection:
        _register(connection, archives={uri for uri, _ in waiting})
        readers = sorted(fetch(connection, _READERS, "ledger")["run_id"].to_list())
    for reader in readers:
        bring_captures(run.folder, reader)
        told = (row for path in files_of(run.folder, reader) for row in told_rows(run.folder, path))
        named = (row for row in told if (row["capture_uri"], row["capture_offset"]) in waiting)
        rows = {page_key(row): row for row in named if run.folder.resolve(row["capture_uri"]).is_file()}
        waiting -= {(row["capture_uri"], row["capture_offset"]) for row in rows.values()}
        if rows:
            yield list(rows.values())
    for uri, _ in waiting:
        missing[uri] = missing.get(uri, 0) + 1


def _register(connection: duckdb.DuckDBPyConnection, **lists: Iterable[str]) -> None:
    for name, values in lists.items():
        rows = pl.DataFrame({"value": sorted(values)}, schema={"value": pl.String})
        connection.register(name, rows.to_arrow())
