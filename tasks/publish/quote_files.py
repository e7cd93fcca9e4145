"""Quotes on disk: for each committed file of articles one side file (`QuoteRow`), made when it is missing.

    index/quotes-1/<part>.quotes.parquet

As with the word index the name stands for the file of articles, so only new versions are read, and compaction, rollback
and forgetting need no word about it.
What does not belong here: what a quote is (tasks/publish/quotes), and SQL (sql/082_quotes.sql).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as arrow
import pyarrow.parquet as pq

from schemas.quote import QuoteRow
from schemas.table import frame
from tasks.io.folder import DataFolder, disk_errors
from tasks.publish.quotes.finder import find_quotes
from tasks.publish.quotes.words import SPEECH
from tasks.publish.word_files import part_number, write_side_file

QUOTES_VERSION = 1
"""Raised when the same texts would give other quotes; the files of another version are made again."""

BATCH = 5_000
_COLUMNS = ("version_id", "article_id", "site", "language", "title", "body")


def quotes_folder(folder: DataFolder) -> Path:
    """Where the side files of this version lie."""
    return folder.root / "index" / f"quotes-{QUOTES_VERSION}"


def settle_quotes(folder: DataFolder, articles: Sequence[Path]) -> list[Path]:
    """The side files of the committed files of articles, after making those that are missing.

    Raises:
        DiskError: the disk refused one.
        pyarrow.ArrowException: a file of articles is damaged.
    """
    place = quotes_folder(folder)
    with disk_errors(place):
        place.mkdir(parents=True, exist_ok=True)
    return [_settle(folder, place, path) for path in articles]


def _settle(folder: DataFolder, place: Path, articles: Path) -> Path:
    number = part_number(folder, articles)
    path = place / f"{number:016x}.quotes.parquet"
    if not path.exists():
        write_side_file(path, QuoteRow, frame(QuoteRow, _quotes(articles, number)))
    return path


def _quotes(articles: Path, number: int) -> Iterator[dict[str, Any]]:
    """The quotes of all versions of a file; texts without a mark are not looked at."""
    marks = "".join(opening for speech in SPEECH.values() for opening, _ in speech.marks)
    row_no = 0
    with pq.ParquetFile(articles) as file:
        there = [name for name in _COLUMNS if name in file.schema_arrow.names]
        for batch in file.iter_batches(BATCH, columns=there):
            rows = pl.DataFrame(pl.from_arrow(arrow.Table.from_batches([batch]))).with_row_index("row_no", row_no)
            row_no += rows.height
            quoting = rows.filter(pl.col("language").is_in(list(SPEECH)) & pl.col("body").str.contains(f"[{marks}]"))
            for row in quoting.iter_rows(named=True):
                yield from _of_version(row, number)


def _of_version(row: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    told = {name: row[name] for name in ("version_id", "article_id", "site", "row_no")} | {"part": number}
    for seq, one in enumerate(find_quotes(row["title"], row["body"], row["language"]), start=1):
        yield told | vars(one) | {"seq": seq}
