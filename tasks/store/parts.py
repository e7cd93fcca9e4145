"""What the stages of a run have handed over, read from staging without the texts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from schemas.capture import Candidate, Capture
from schemas.quarantine import Quarantine
from schemas.reasons import Kind
from schemas.run import RunSource
from schemas.table import Table, polars_schema
from tasks.io.staging import RunContext, read_parts, with_columns_of
from tasks.store.versions import READING

CANDIDATE = (
    "url_id", "url", "site", "source_id", "etag", "last_modified", "payload_digest", "last_full_at",
    "failure_count", "unchanged_count", "known_state", "known_article_id", "known_version_id", "capture_uri",
)  # fmt: skip
"""Columns of `Candidate` that settling needs."""


@dataclass(frozen=True)
class RunParts:
    """All rows of a run that settling looks at."""

    candidates: pl.DataFrame
    """`CANDIDATE`, with `shard` and `is_over_limit` (the run's limit left it out). One row a URL, though an archive
    that holds it several times lists it as often; rows that do not agree are both kept, for the balance to find."""
    captures: pl.DataFrame
    """`Capture` rows of pages, with `shard`."""
    listings: pl.DataFrame
    """`Capture` rows of listings and robots.txt, of discover first."""
    readings: pl.DataFrame
    """`READING` of the articles that every stage has let pass."""
    quarantine: pl.DataFrame
    """`Quarantine` rows of all stages."""
    sources: pl.DataFrame
    """`RunSource` rows; the nine states are not filled in yet."""
    is_selected: bool
    """Whether discover came to its end, so that the sources' found and known count."""
    fetched: frozenset[str]
    """Shards whose fetch came to its end."""
    validated: frozenset[str]
    """Shards whose validate came to its end."""


def load_parts(run: RunContext) -> RunParts:
    """What the run's stages have staged; a stage that was never reached has staged nothing."""
    listed = _read(run, "discover", "candidates", Candidate, CANDIDATE)
    beyond = _read(run, "discover", "deferred", Candidate, CANDIDATE)
    captures = _read(run, "fetch", "captures", Capture, tuple(polars_schema(Capture)))
    is_page = pl.col("kind") == Kind.PAGE
    listings = [read_parts(run.folder.staged(run.run_id, "discover", "captures"), Capture), captures.drop("shard")]
    selected = read_parts(run.folder.staged(run.run_id, "discover", "selected_sources"), RunSource)
    sources = selected
    if selected.is_empty():
        sources = read_parts(run.folder.staged(run.run_id, "discover", "run_sources"), RunSource)
    return RunParts(
        candidates=pl.concat(
            [
                listed.with_columns(is_over_limit=pl.lit(value=False)),
                beyond.with_columns(is_over_limit=pl.lit(value=True)),
            ]
        ).unique(["url", "source_id", "shard", "is_over_limit"], keep="first", maintain_order=True),
        captures=captures.filter(is_page),
        listings=pl.concat(listings).filter(~is_page),
        readings=_read(run, "validate", "articles", None, tuple(READING)).drop("shard").cast(READING),
        quarantine=pl.concat(
            [
                read_parts(run.folder.staged(run.run_id, stage, "quarantine"), Quarantine)
                for stage in ("fetch", "parse", "clean", "validate")
            ]
        ),
        sources=sources,
        is_selected=bool(part_names(run, "discover", "selected_sources")),
        fetched=frozenset(part_names(run, "fetch", "captures")),
        validated=frozenset(part_names(run, "validate", "articles")),
    )


def part_paths(run: RunContext, stage: str, table: str) -> list[Path]:
    """Finished parts in the order of their names."""
    folder = run.folder.staged(run.run_id, stage, table)
    return sorted(path for path in folder.glob("*.parquet") if not path.name.startswith("."))


def part_names(run: RunContext, stage: str, table: str) -> list[str]:
    """Shards (or sources) whose part is finished."""
    return [path.stem for path in part_paths(run, stage, table)]


def batches(paths: Sequence[Path], row_count: int) -> Iterator[list[Path]]:
    """Neighbouring parts that together have about `row_count` rows, so that memory does not grow with the run."""
    taken: list[Path] = []
    rows = 0
    for path in paths:
        taken.append(path)
        rows += int(pq.read_metadata(path).num_rows)
        if rows >= row_count:
            yield taken
            taken, rows = [], 0
    if taken:
        yield taken


def _read(run: RunContext, stage: str, table: str, model: type[Table] | None, columns: tuple[str, ...]) -> pl.DataFrame:
    """Some columns of all parts, with the part's name as `shard`; other columns are not even read."""
    schema = pl.Schema({name: kind for name, kind in _types(model).items() if name in columns})
    frames = [pl.DataFrame(schema={**schema, "shard": pl.String()})]
    for path in part_paths(run, stage, table):
        there = [name for name in schema if name in pq.read_schema(path).names]
        rows = with_columns_of(pl.DataFrame(pl.from_arrow(pq.read_table(path, columns=there))), schema)
        frames.append(rows.cast(schema).with_columns(shard=pl.lit(path.stem)))
    return pl.concat(frames)


def _types(model: type[Table] | None) -> pl.Schema:
    return READING if model is None else polars_schema(model)
