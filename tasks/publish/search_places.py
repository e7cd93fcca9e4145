"""Where the rows lie of the versions that the search index holds: one sorted file, mapped and never loaded.

A hit's row is read by its place: through the view `articles` the same twenty rows cost a second of a million articles,
because DuckDB unpacks every text of a row group to give one.
What does not belong here: the index itself (search_index.py).
"""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow as arrow
from pyarrow import ipc

from tasks.io.folder import DataFolder
from tasks.publish.word_files import part_number

READERS = 2
COLUMNS = ("version_id", "article_id", "site", "published_at", "captured_at", "title", "url", "body")
"""What an answer of a search is made from."""

_WANTED = """
    select r.version_id, r.part, r.row_no
    from text_rows as r
    anti join hidden_rows as h on h.part = r.part and h.row_no = r.row_no
"""
_FILES = "select path from files where table_name = 'articles'"
_SITES = "select distinct site from text_rows order by site"


@dataclass(frozen=True)
class Places:
    """Rows `high`, `low`, `file`, `row_no`, sorted by the first two; what they are of stands beside them."""

    rows: pl.DataFrame
    root: Path
    files: Sequence[str]
    """Paths below the data folder."""
    sites: Sequence[str]
    step: str | None
    """Stands for the database that the rows were read from (`database_step`)."""

    @cached_property
    def _high(self) -> Any:
        return self.rows["high"].to_numpy(allow_copy=False)

    def find(self, high: int, low: int) -> tuple[Path, int]:
        """File and number of the row of a version.

        Raises:
            KeyError: there is no such version.
        """
        # Two versions share the first number once in a sky of them; then they stand side by side.
        begin = int(np.searchsorted(self._high, np.uint64(high)))
        while begin < self.rows.height and self.rows["high"][begin] == high:
            if self.rows["low"][begin] == low:
                return self.root / self.files[self.rows["file"][begin]], self.rows["row_no"][begin]
            begin += 1
        raise KeyError((high, low))


def numbers_of(version: str) -> tuple[int, int]:
    """A version_id as two numbers of 64 bits.

    >>> numbers_of("00000000000000010000000000000002")
    (1, 2)
    """
    return int(version[:16], 16), int(version[16:], 16)


def published_places(folder: DataFolder, dataset: duckdb.DuckDBPyConnection, step: str | None) -> Places:
    """The places of the current versions of a published database."""
    files = [Path(row[0]) for row in dataset.execute(_FILES).fetchall()]
    parts = {part_number(folder, path): number for number, path in enumerate(files)}
    found = pl.DataFrame(pl.from_arrow(dataset.sql(_WANTED).to_arrow_table()))
    number = pl.col("part").replace_strict(parts, return_dtype=pl.Int32)
    rows = found.lazy().select(
        _number("version_id", 0).alias("high"), _number("version_id", 16).alias("low"), number.alias("file"), "row_no"
    )
    sites = [row[0] for row in dataset.execute(_SITES).fetchall()]
    below = [path.relative_to(folder.root.absolute()).as_posix() for path in files]
    return Places(rows.sort("high", "low").collect().rechunk(), folder.root, below, sites, step)


def _number(column: str, begin: int) -> pl.Expr:
    return pl.col(column).str.slice(begin, 16).str.to_integer(base=16, dtype=pl.UInt64)


def write_places(path: Path, places: Places) -> None:
    """Keep them in a file."""
    told = {"files": places.files, "sites": places.sites, "step": places.step}
    table = places.rows.to_arrow().replace_schema_metadata({"places": json.dumps(told)}).combine_chunks()
    with ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)


def read_places(folder: DataFolder, path: Path) -> Places | None:
    """The places as they were kept, mapped; None when the file is missing or torn."""
    try:
        table = ipc.open_file(arrow.memory_map(str(path))).read_all()
        told = json.loads((table.schema.metadata or {})[b"places"])
        return Places(pl.DataFrame(pl.from_arrow(table)), folder.root, **told)
    except (OSError, arrow.ArrowException, KeyError, ValueError, TypeError):
        return None


def read_hits(places: Places, versions: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """The rows of versions, in their order, each of `COLUMNS`.

    Raises:
        KeyError: a version is not among the places, or another one lies in its place.
        FileNotFoundError: a file of the tables is gone.
    """

    def read(version: tuple[int, int]) -> dict[str, Any]:
        path, row_no = places.find(*version)
        scan = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        row = scan.select(COLUMNS).slice(row_no, 1).collect().row(0, named=True)
        if numbers_of(row["version_id"]) != version:
            raise KeyError(version)
        return row

    with ThreadPoolExecutor(READERS) as pool:
        return list(pool.map(read, versions))
