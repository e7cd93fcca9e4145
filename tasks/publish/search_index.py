"""The ranked search index beside the tables: brought in step with what is published, and rebuilt when it is lost.

    index/search-1/               the index of tantivy: words with their positions, no text
    index/search-1.ids.parquet    which versions it holds, as of the database that it was last brought in step with

What is there is compared with the current versions, so no commit, rollback, release or compaction has to tell it
anything. While it is changed a mark lies beside it; who finds the mark builds it anew.
What does not belong here: the language of queries (search_query.py).
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as arrow
import pyarrow.parquet as pq
from tantivy import Document, Filter, Index, Schema, SchemaBuilder, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from tasks.io.folder import DataFolder, disk_errors, write_durably
from tasks.io.leases import hold
from tasks.publish.words import LONGEST, SINGLE

SEARCH_VERSION = 1
"""Raised when the same texts would be indexed otherwise; an index of another version is built anew."""

HEAP_BYTES = 256_000_000
THREADS = 2
BATCH = 10_000
LOCK_WAIT_S = 3600.0

_STEP = b"database"
_EPOCH = "date '1970-01-01'"
_WANTED = """
    select a.version_id, a.title, a.body, a.site, a.language, cast(r.day - {epoch} as integer) as day
    from articles as a
    join text_rows as r on r.version_id = a.version_id
    where a.version_id in (select version_id from search_added)
"""


@dataclass(frozen=True)
class SearchIndex:
    """An open index that is in step with one published database."""

    index: Index
    schema: Schema
    analyzer: TextAnalyzer


def search_folder(folder: DataFolder) -> Path:
    """Where the index of this version lies."""
    return folder.root / "index" / f"search-{SEARCH_VERSION}"


def analyzer() -> TextAnalyzer:
    """How texts and terms are cut: as `words.WORD`, without accents of Latin letters."""
    words = Tokenizer.regex(rf"{SINGLE}|[\p{{L}}\p{{M}}\p{{N}}&&[^{SINGLE[1:-1]}]]+")
    cut = TextAnalyzerBuilder(words).filter(Filter.remove_long(4 * LONGEST)).filter(Filter.lowercase())
    return cut.filter(Filter.ascii_fold()).build()


def search_schema() -> Schema:
    """The fields; version_id is two numbers, because only numbers are read back fast."""
    made = SchemaBuilder()
    made.add_unsigned_field("high", fast=True, indexed=True)
    made.add_unsigned_field("low", fast=True)
    made.add_integer_field("day", fast=True)
    for name in ("site", "language"):
        made.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body"):
        made.add_text_field(name, tokenizer_name="words", index_option="position")
    return made.build()


def open_search(folder: DataFolder, dataset: duckdb.DuckDBPyConnection) -> SearchIndex:
    """The index in step with the newest published database, after bringing it there where it is not.

    Args:
        folder: Data folder.
        dataset: A connection to its published database.

    Raises:
        DiskError: the disk refused it.
        FolderBusyError: another process did not end bringing it in step.
    """
    if not _is_in_step(folder):
        with disk_errors(search_folder(folder)):
            folder.leases.mkdir(parents=True, exist_ok=True)
        with hold(folder.leases / "search.lock", owner="search", wait_s=LOCK_WAIT_S):
            if not _is_in_step(folder):
                _bring_in_step(folder, dataset)
    return _opened(Index.open(str(search_folder(folder))))


def _opened(index: Index) -> SearchIndex:
    cut = analyzer()
    index.register_tokenizer("words", cut)
    return SearchIndex(index, search_schema(), cut)


def _exists(place: Path) -> bool:
    return place.is_dir() and Index.exists(str(place))


def _step(folder: DataFolder) -> str:
    """What stands for the database that lies there now."""
    found = folder.database.stat()
    return json.dumps([found.st_mtime_ns, found.st_size, found.st_ino])


def _ids_file(folder: DataFolder) -> Path:
    return search_folder(folder).with_suffix(".ids.parquet")


def _mark(folder: DataFolder) -> Path:
    return search_folder(folder).with_suffix(".changing")


def _is_in_step(folder: DataFolder) -> bool:
    """Whether the index is whole and holds what the database shows."""
    if _mark(folder).exists() or not _exists(search_folder(folder)):
        return False
    try:
        told = pq.read_schema(_ids_file(folder)).metadata or {}
    except (OSError, arrow.ArrowException):
        return False
    return bool(told.get(_STEP, b"").decode() == _step(folder))


def _bring_in_step(folder: DataFolder, dataset: duckdb.DuckDBPyConnection) -> None:
    step, held = _step(folder), _held(folder)
    current = _ids(dataset.sql("select version_id from articles").to_arrow_table())
    place, mark = search_folder(folder), _mark(folder)
    with disk_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        write_durably(mark, b"")
        if held is None:
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            index, held = Index(search_schema(), path=str(place)), current.clear()
        else:
            index = Index.open(str(place))
        _change(_opened(index), dataset, added=_without(current, held), removed=_without(held, current))
        schema = arrow.schema([("version_id", arrow.string())], metadata={_STEP: step})
        pq.write_table(current.to_frame().to_arrow().cast(schema), _ids_file(folder), compression="zstd")
        mark.unlink()


def _held(folder: DataFolder) -> pl.Series | None:
    """The versions that the index holds; None when it has to be built anew."""
    if _mark(folder).exists() or not _exists(search_folder(folder)):
        return None
    try:
        return _ids(pq.read_table(_ids_file(folder)))
    except (OSError, arrow.ArrowException):
        return None


def _ids(rows: arrow.Table) -> pl.Series:
    return pl.DataFrame(pl.from_arrow(rows))["version_id"]


def _without(ids: pl.Series, others: pl.Series) -> pl.Series:
    return ids.to_frame().join(others.to_frame(), on="version_id", how="anti")["version_id"]


def _change(search: SearchIndex, dataset: duckdb.DuckDBPyConnection, *, added: pl.Series, removed: pl.Series) -> None:
    """Take versions out and put others in, by one commit; nobody sees half of it."""
    if added.is_empty() and removed.is_empty():
        return
    writer = search.index.writer(HEAP_BYTES, THREADS)
    for version in removed:
        writer.delete_documents_by_term("high", numbers_of(version)[0])
    for document in _documents(dataset, added):
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _documents(dataset: duckdb.DuckDBPyConnection, added: pl.Series) -> Iterator[Document]:
    if added.is_empty():
        return
    with dataset.cursor() as reader:
        reader.execute("use copydesk")
        reader.register("search_added", added.to_frame().to_arrow())
        batches: Any = reader.sql(_WANTED.format(epoch=_EPOCH)).to_arrow_reader(BATCH)
        for batch in batches:
            yield from map(_document, batch.to_pylist())


def _document(row: dict[str, Any]) -> Document:
    made = Document()
    high, low = numbers_of(str(row["version_id"]))
    made.add_unsigned("high", high)
    made.add_unsigned("low", low)
    made.add_integer("day", row["day"])
    for name in ("site", "language", "title", "body"):
        if row[name] is not None:
            made.add_text(name, row[name])
    return made


def numbers_of(version: str) -> tuple[int, int]:
    """A version_id as two numbers of 64 bits.

    >>> numbers_of("00000000000000010000000000000002")
    (1, 2)
    """
    return int(version[:16], 16), int(version[16:], 16)
