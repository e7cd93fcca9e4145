"""Reads what the sources listed and what the ledger knows, and writes the run's shards and sources into staging."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from schemas.capture import Candidate, Capture
from schemas.reasons import Kind, Reason
from schemas.run import RunSource
from schemas.source import Source
from schemas.summary import Counts
from schemas.table import empty, frame
from tasks.discover.selection import Selection, select
from tasks.discover.shards import SHARD_ROWS, make_shards
from tasks.io.blanks import blank_own
from tasks.io.folder import disk_errors
from tasks.io.forgotten import Forgotten, forgotten
from tasks.io.memory import last_rows
from tasks.io.staging import RunContext, read_part, read_parts, write_part
from tasks.io.tables import Snapshot

STAGE = "discover"


def select_candidates(
    run: RunContext, sources: Sequence[Source], limit: int | None = None, *, shard_rows: int = SHARD_ROWS
) -> list[str]:
    """Write the run's shards and give their names, in order; done once for a run, and then only read.

    Writes discover/candidates/<shard> (Candidate), discover/deferred/<shard> (Candidate: beyond the limit) and, last,
    discover/selected_sources/all (RunSource with found_count, known_count, also_listed_count). A source whose
    listing never came to an end has a failed row.

    Args:
        run: the run.
        sources: its sources, in the order of sources.yaml.
        limit: most page URLs that the run fetches; None: all that are due.
        shard_rows: what a shard aims at.

    Raises:
        TableError: the ledger is damaged.
        DiskError: the data folder refuses a write.
    """
    done = run.part(STAGE, "selected_sources", "all")
    candidates = run.part(STAGE, "candidates", "0000").parent
    if not done.exists():
        listed = read_listed(run, sources)
        snapshot = Snapshot.open(run.folder)
        ledger = last_rows(snapshot, Kind.PAGE, listed.select("url_id").unique())
        gone = forgotten(snapshot)
        selection = select(listed, ledger, sources, run.now, limit, forgotten=gone)
        _blank_listings(run, listed, gone)
        _write_shards(run, "candidates", selection.candidates, shard_rows)
        _write_shards(run, "deferred", selection.deferred, shard_rows)
        write_part(done, RunSource, source_rows(run, sources, selection), durable=True)
    return sorted(path.stem for path in candidates.glob("*.parquet") if not path.name.startswith("."))


def _blank_listings(run: RunContext, listed: pl.DataFrame, gone: Forgotten) -> None:
    """Blank the captures of listings that name what was forgotten: they bring its title and text back every night."""
    naming = listed.filter(gone.is_page())["listing_url"].drop_nulls().unique()
    if naming.is_empty():
        return
    captured = read_parts(run.folder.staged(run.run_id, STAGE, "captures"), Capture)
    urls = naming.implode()
    rows = captured.filter(pl.col("url").is_in(urls) | pl.col("final_url").is_in(urls))
    for (uri,), places in rows.drop_nulls("capture_uri").group_by("capture_uri"):
        blank_own(run, str(uri), places["capture_offset"].drop_nulls().to_list())


def read_listed(run: RunContext, sources: Sequence[Source]) -> pl.DataFrame:
    """The rows of the sources' finished parts, sources in their order."""
    finished = [source for source in sources if run.part(STAGE, "run_sources", source.id).exists()]
    parts = [read_part(run.part(STAGE, "listed", source.id), Candidate) for source in finished]
    return pl.concat([empty(Candidate), *parts])


def source_rows(run: RunContext, sources: Sequence[Source], selection: Selection) -> pl.DataFrame:
    """One RunSource row a source, with what selection has counted."""
    listed = [
        read_part(path, RunSource)
        if (path := run.part(STAGE, "run_sources", source.id)).exists()
        else _lost(run, source)
        for source in sources
    ]
    counted = selection.counts.columns[1:]
    rows = pl.concat([empty(RunSource), *listed]).drop(counted)
    joined = rows.join(selection.counts, on="source_id", how="left", maintain_order="left")
    told = pl.col("source_id").replace_strict(
        {name: _told(count) for name, count in selection.disbelieved.items()}, default=None, return_dtype=pl.String
    )
    return joined.with_columns(
        *(pl.col(name).fill_null(0) for name in counted),
        detail=pl.concat_str("detail", told, separator="; ", ignore_nulls=True).replace("", None).str.slice(0, 300),
    ).select(empty(RunSource).columns)


def _told(count: int) -> str:
    return f"lastmod not believed: it calls {count} known pages changed, most of all; they are due by their own time"


def _lost(run: RunContext, source: Source) -> pl.DataFrame:
    """The row of a source whose listing task ended without a result."""
    row = Counts().as_row() | {
        "run_id": run.run_id,
        "source_id": source.id,
        "kind": str(source.kind),
        "status": "failed",
        "reason": str(Reason.NOT_REACHED),
        "detail": "Its listing did not come to an end; the log of the run says why.",
        "listing_count": 0,
        "bad_item_count": 0,
        "capped_count": 0,
        "time_zone": source.time_zone,
    }
    return frame(RunSource, [row])


def _write_shards(run: RunContext, table: str, rows: pl.DataFrame, shard_rows: int) -> None:
    """Write the shards; parts of an earlier try that was killed may be of another cut, and go first."""
    folder = run.part(STAGE, table, "0000").parent
    _clear(folder)
    for name, part in make_shards(rows, shard_rows).items():
        write_part(run.part(STAGE, table, name), Candidate, part, durable=True)


def _clear(folder: Path) -> None:
    with disk_errors(folder):
        for path in folder.glob("*.parquet"):
            path.unlink()
