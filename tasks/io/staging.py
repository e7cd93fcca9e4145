"""The hand-over between stages: Parquet parts below staging/<run_id>/<stage>/<table>/, written whole or not at all.

A part that exists is finished, so a task that runs again after a kill or a retry skips it.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
import pyarrow as arrow
import pyarrow.parquet as pq

from schemas.table import Table, empty, polars_schema, to_arrow
from tasks.io.folder import DataFolder, disk_errors, sync_file, sync_folder


@dataclass(frozen=True)
class RunContext:
    """What every stage is told of its run: the id, the time that counts as now (UTC), and where data lies."""

    run_id: str
    now: datetime
    folder: DataFolder

    def part(self, stage: str, table: str, name: str) -> Path:
        """The path of one part; `name` is any text that names the batch or source (hashed names are the caller's)."""
        return self.folder.staged(self.run_id, stage, table) / f"{name}.parquet"


def write_part(path: Path, model: type[Table], rows: pl.DataFrame, *, durable: bool = False) -> None:
    """Write one part: temporary file beside it, then rename.

    Args:
        path: The part.
        model: Its table.
        rows: Its rows.
        durable: Fsync it. Only what discover says of a run must outlast a power cut: what comes after is made again
            from the captures, which are the durable log (`tasks.io.recovery` sets a run with torn parts back).

    Raises:
        DiskError: the disk refused it.
    """
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        pq.write_table(to_arrow(model, rows), aside, compression="zstd", compression_level=1)
        if durable:
            sync_file(aside)
        aside.replace(path)
        if durable:
            sync_folder(path.parent)


def read_part(path: Path, model: type[Table]) -> pl.DataFrame:
    """The rows of one part, in its order, in the model's columns."""
    return with_columns_of(pl.DataFrame(pl.from_arrow(pq.read_table(path))), polars_schema(model))


def with_columns_of(rows: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """The rows with exactly these columns; one that an older Copydesk did not write yet is null, or an empty list."""
    missing = {
        name: pl.lit([] if isinstance(kind, pl.List) else None, kind)
        for name, kind in schema.items()
        if name not in rows.columns
    }
    return rows.with_columns(**missing).select(list(schema))


def read_parts(folder: Path, model: type[Table]) -> pl.DataFrame:
    """All rows of all parts of a folder, parts in the order of their names; empty when there is none."""
    parts = sorted(folder.glob("*.parquet")) if folder.is_dir() else []
    frames = [read_part(path, model) for path in parts if not path.name.startswith(".")]
    return pl.concat([empty(model), *frames])


def is_torn(path: Path) -> bool:
    """Whether a part cannot be read to its end, as a power cut leaves what was not fsynced."""
    try:
        with pq.ParquetFile(path) as part:
            for _ in part.iter_batches():
                pass
    except (arrow.ArrowException, OSError):
        return True
    return False
