"""When a run reads captures again it has asked nobody, so what is known of URLs stays as it is.

What does not belong here: which captures are read (`tasks/fetch/again.py`).
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from schemas.article import Article
from schemas.identity import digest
from schemas.ledger import Ledger
from schemas.quarantine import Quarantine
from schemas.reasons import DecisionKind, State
from schemas.removal import Removal
from schemas.table import Table, polars_schema
from tasks.io.decisions import Choice
from tasks.io.staging import RunContext, read_part, read_parts, write_part
from tasks.store.parts import RunParts, part_paths

_OWN = ("run_id", "kind", "url_id", "state", "reason", "detail", "article_id", "version_id", "attempt_count",
        "duration_ms", "recorded_at")  # fmt: skip
"""Columns of a ledger row that such a run sets; the others repeat the last row of the URL."""

_UNREAD = (State.GONE, State.FAILED, State.BLOCKED, State.DEFERRED)
"""Last words on a URL that stay true, whatever its older captures say."""


def as_read_again(parts: RunParts) -> RunParts:
    """The parts with each URL once, though several of its captures are read, and without requests."""
    candidates = parts.candidates.unique("url", keep="first", maintain_order=True)
    captures = parts.captures.with_columns(
        attempt_count=pl.lit(0, pl.Int32), body_bytes=pl.lit(0, pl.Int64), duration_ms=pl.lit(None, pl.Int64)
    )
    return replace(parts, candidates=candidates, captures=captures)


def keep_memory(pages: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The ledger rows with all that the last rows know of their URLs: validators, counts, rests and places.

    Args:
        pages: Rows of `Ledger` that this run makes.
        known: Last rows of `Ledger` of their URLs.
    """
    stays = pl.col("state_known").is_in(list(_UNREAD))
    joined = pages.join(known.with_columns(is_known=pl.lit(value=True)), on="url_id", how="left", suffix="_known")
    kept = [
        pl.when("is_known").then(f"{name}_known").otherwise(name).alias(name)
        for name in polars_schema(Ledger)
        if name not in _OWN
    ]
    told = [pl.when(stays).then(f"{name}_known").otherwise(name).alias(name) for name in ("state", "reason", "detail")]
    return joined.with_columns(kept + told).select(list(polars_schema(Ledger)))


def keys_again(readings: pl.DataFrame, stored: pl.DataFrame) -> dict[str, str]:
    """New keys for readings that go back to what an older reading of the same capture said.

    Their key is that of the older reading, which is stored already; without a key of their own they could not follow
    the newer one.

    Args:
        readings: `READING` of the run.
        stored: `STORED` of their articles.
    """
    capture = ["article_id", "captured_at", "capture_digest"]
    newest = stored.sort("run_seq", "version_id").unique(capture, keep="last")
    back = (
        readings.filter(pl.col("version_id").is_in(stored["version_id"].implode()))
        .join(newest.select(*capture, newest_id="version_id", newest_hash="content_hash"), on=capture)
        .filter(pl.col("newest_hash") != pl.col("content_hash"))
    )
    return {old: digest("again", old, newer) for old, newer in back.select("version_id", "newest_id").iter_rows()}


def give_keys(run: RunContext, keys: Mapping[str, str]) -> None:
    """Write the keys into the parts that wait for store.

    Raises:
        DiskError: the disk refused a part.
    """
    parts: tuple[tuple[str, str, type[Table]], ...] = (
        ("clean", "removals", Removal),
        ("validate", "articles", Article),
    )
    for stage, table, model in parts:
        for path in part_paths(run, stage, table):
            rows = read_part(path, model)
            if rows["version_id"].is_in(list(keys)).any():
                write_part(path, model, rows.with_columns(pl.col("version_id").replace(keys)))


def closings(run: RunContext, readings: pl.DataFrame) -> list[Choice]:
    """A closing of each row of the quarantine whose capture has passed all stages by now.

    Args:
        run: The run.
        readings: `READING` of what passed.
    """
    rows = read_parts(run.folder.staged(run.run_id, "fetch", "reopened"), Quarantine)
    passed = rows.join(readings.select("url", "captured_at"), on=["url", "captured_at"], how="semi")
    return [Choice(DecisionKind.CLOSE, row) for row in sorted(passed["quarantine_id"].to_list())]
