"""Writing the files that a run will commit: sorted, checked, with statistics and bloom filters, in staging.

What does not belong here: moving them into the tables (tasks/io/commit.py).
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as arrow
import pyarrow.parquet as pq

from schemas.fit import checked
from schemas.table import arrow_schema, polars_schema, to_arrow
from schemas.tables import BLOOMED, MONTHLY, SORTED_BY, TABLES
from tasks.io.folder import DataFolder, disk_errors, sync_file, sync_folder
from tasks.io.points import passed
from tasks.io.staging import RunContext

OUT = "out"

ROW_GROUP_ROWS = {"articles": 5_000}
"""Rows a row group; texts are big, so their groups are smaller. Other tables: 120,000."""

PAGE_BYTES, PAGE_STEP = 1 << 18, 128
"""Bytes of a page, and after how many rows they are counted: to give one text, a reader unpacks a page. With pyarrow's
own sizes a page of texts has 3 MB."""

BLOOM_FPP = 0.01
"""One look-up in a hundred reads a row group in vain; lower values cost more bytes than they save."""

UNLIKE = {"articles": ("version_id", "article_id", "url", "title", "body", "content_hash")}
"""Columns in which values hardly come twice: a dictionary would only be one more page to unpack for any look-up."""

SYNCERS = 4
"""Files that are fsynced at once: the disk takes them together."""

_TAIL = 8
"""A Parquet file ends with the footer's length (4 bytes, little-endian) and the word PAR1."""


@dataclass(frozen=True)
class OutFile:
    """One file of one table, as the intent of the run records it."""

    path: str
    """Below the table's folder, with /."""
    size: int
    rows: int
    footer: str
    """SHA-256 of the Parquet footer, which holds the place of every column chunk."""


def out_folder(folder: DataFolder, run_id: str, table: str) -> Path:
    """Where a run's files of a table wait for the commit."""
    return folder.run(run_id) / OUT / table


def clear_out(run: RunContext) -> None:
    """Remove what an earlier, broken try of the same run has written."""
    with disk_errors(run.folder.run(run.run_id)):
        shutil.rmtree(run.folder.run(run.run_id) / OUT, ignore_errors=False, onerror=unless_missing)


def unless_missing(_call: object, _path: str, failure: tuple[type[BaseException], BaseException, object]) -> None:
    """For `shutil.rmtree`: what is gone already is no failure; any other is raised."""
    if not isinstance(failure[1], FileNotFoundError):
        raise failure[1]


def write_out(run: RunContext, table: str, rows: pl.DataFrame, shard: int) -> list[OutFile]:
    """Write the rows of a table into staging, one file for each month, and say what was written.

    Nothing is durable before `sync_out`, which the intent does not go without.

    Args:
        run: The run.
        table: Name of the table.
        rows: Frame of the table's model, in any order; no row gives no file.
        shard: Number of this call among the run's calls for the table.

    Raises:
        pandera.errors.SchemaError: the rows break the model (a slip of ours).
        DiskError: the disk refused the file.
    """
    if rows.is_empty():
        return []
    fitting = checked(TABLES[table], rows)
    return [_write_file(run, table, path, part) for path, part in _by_month(run, table, fitting, shard)]


def _by_month(run: RunContext, table: str, rows: pl.DataFrame, shard: int) -> Iterator[tuple[str, pl.DataFrame]]:
    name = f"{run.run_id}-{shard:05d}.parquet"
    ordered = rows.sort(SORTED_BY[table], maintain_order=True)
    if table not in MONTHLY:
        yield name, ordered
        return
    month = ordered.select(pl.col(MONTHLY[table]).dt.strftime("%Y-%m").alias("month"))["month"]
    for value in sorted(month.unique().to_list()):
        yield f"month={value}/{name}", ordered.filter(month == value)


def _write_file(run: RunContext, table: str, path: str, rows: pl.DataFrame) -> OutFile:
    target = out_folder(run.folder, run.run_id, table) / path
    with disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(
            to_arrow(TABLES[table], rows), target, row_group_size=group_rows(table), **_options(table, rows.height)
        )
        return _written(target, table, path, rows.height)


def write_stream(run: RunContext, table: str, path: str, batches: Iterable[arrow.RecordBatch], count: int) -> OutFile:
    """Write one file of a table from rows that come in batches and in the order of the table; a group at a time.

    Args:
        run: Whose staging takes the file.
        table: Name of the table.
        path: The file, below the table's folder.
        batches: The rows, in any columns and types that the model's can be made from.
        count: How many rows there are, about; the bloom filters have room for so many.

    Raises:
        DiskError: the disk refused the file.
    """
    model, rows = TABLES[table], 0
    target = out_folder(run.folder, run.run_id, table) / path
    with disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with pq.ParquetWriter(target, arrow_schema(model), **_options(table, count)) as writer:
            for group in _groups(batches, group_rows(table)):
                frame = pl.DataFrame(pl.from_arrow(group)).cast(polars_schema(model))
                writer.write_table(to_arrow(model, frame), row_group_size=group_rows(table))
                rows += frame.height
        return _written(target, table, path, rows)


def _groups(batches: Iterable[arrow.RecordBatch], size: int) -> Iterator[arrow.Table]:
    """The rows of the batches, so many at a time."""
    waiting: list[arrow.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        while sum(part.num_rows for part in waiting) >= size:
            table = arrow.Table.from_batches(waiting)
            yield table.slice(0, size)
            waiting = table.slice(size).to_batches()
    if waiting:
        yield arrow.Table.from_batches(waiting)


def group_rows(table: str) -> int:
    """Rows of a row group."""
    return ROW_GROUP_ROWS.get(table, 120_000)


def _options(table: str, rows: int) -> dict[str, Any]:
    """How every file of a table is written."""
    blooms = {
        column: {"ndv": max(1, min(rows, group_rows(table))), "fpp": BLOOM_FPP} for column in BLOOMED.get(table, ())
    }
    return {
        "compression": "zstd",
        "write_statistics": True,
        "write_page_checksum": True,
        "use_dictionary": _alike(table),
        "data_page_size": PAGE_BYTES,
        "write_batch_size": PAGE_STEP,
        "bloom_filter_options": blooms,
    }


@cache
def _alike(table: str) -> list[str]:
    """The columns of a table that get a dictionary, by their paths in the file."""
    empty = arrow.BufferOutputStream()
    pq.write_table(arrow_schema(TABLES[table]).empty_table(), empty)
    paths = [column.path for column in pq.ParquetFile(arrow.BufferReader(empty.getvalue())).schema]
    return [path for path in paths if path not in UNLIKE.get(table, ())]


def _written(target: Path, table: str, path: str, rows: int) -> OutFile:
    passed(f"wrote {table}")
    return OutFile(path, target.stat().st_size, rows, footer_digest(target))


def sync_out(folder: DataFolder, run_id: str) -> None:
    """Make durable all that a run has written to be committed: several files at once, then each folder.

    What is durable already costs nothing, so who calls this before taking the commit lock keeps others waiting less.

    Raises:
        DiskError: the disk refused it.
    """
    place = folder.run(run_id) / OUT
    with disk_errors(place):
        below = sorted(place.rglob("*"), reverse=True)
        with ThreadPoolExecutor(SYNCERS) as pool:
            list(pool.map(sync_file, (path for path in below if path.is_file())))
        for path in [*below, place, place.parent]:
            if path.is_dir():
                sync_folder(path)
    passed("staged for good")


def footer_digest(path: Path) -> str:
    """SHA-256 of a Parquet file's footer; reads the end of the file only. Empty when the file has none."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if size < _TAIL:
            return ""
        file.seek(size - _TAIL)
        tail = file.read(_TAIL)
        length = int.from_bytes(tail[:4], "little") + _TAIL
        if tail[4:] != b"PAR1" or length > size:
            return ""
        file.seek(size - length)
        return hashlib.sha256(file.read(length)).hexdigest()
