"""The ranked search index beside the tables: brought in step with what is published, and rebuilt when it is lost.

    index/search-2/                the index of tantivy: words with their positions, no text
    index/search-2.places.arrow    which versions it holds and where their rows lie, as of the database that it was last
                                   brought in step with (search_places.py)

What is there is compared with the current versions, so no commit, rollback, release or compaction has to tell it
anything. While it is changed a mark lies beside it; who finds the mark builds it anew.
What does not belong here: the language of queries (search_query.py).
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pyarrow as arrow
from tantivy import Document, Filter, Index, Query, Schema, SchemaBuilder, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from tasks.io.database import database_step, open_database
from tasks.io.folder import DataFolder, disk_errors, write_durably
from tasks.io.leases import hold
from tasks.publish.search_places import Places, published_places, read_places, write_places
from tasks.publish.words import LONGEST, SINGLE, WORD

SEARCH_VERSION = 2
"""Raised when the same texts would be indexed otherwise; an index of another version is built anew."""

HEAP_BYTES = 500_000_000
THREADS = 1
"""One thread indexes while another one reads and cuts; two would write twice as many segments, each with all words."""

BATCH = 5_000
LOCK_WAIT_S = 3600.0

_WANTED = """
    select w.high, w.low, a.title, a.body, a.site, a.language, cast(r.day - date '1970-01-01' as integer) as day
    from (select high, low, format('{:016x}{:016x}', high, low) as version_id from search_added) as w
    join articles as a on a.version_id = w.version_id
    join text_rows as r on r.version_id = w.version_id
"""


@dataclass(frozen=True)
class SearchIndex:
    """An open index that is in step with one published database."""

    index: Index
    schema: Schema
    analyzer: TextAnalyzer
    places: Places


def search_folder(folder: DataFolder) -> Path:
    """Where the index of this version lies."""
    return folder.root / "index" / f"search-{SEARCH_VERSION}"


def analyzer() -> TextAnalyzer:
    """How texts and terms are cut: as `words.WORD`, without accents of Latin letters."""
    return _analyzer(Tokenizer.regex(rf"{SINGLE}|[\p{{L}}\p{{M}}\p{{N}}&&[^{SINGLE[1:-1]}]]+"))


def cut_analyzer() -> TextAnalyzer:
    """The same for texts that `cut` has been over; tantivy alone would take twice as long with the pattern."""
    return _analyzer(Tokenizer.whitespace())


def _analyzer(words: Tokenizer) -> TextAnalyzer:
    made = TextAnalyzerBuilder(words).filter(Filter.remove_long(4 * LONGEST)).filter(Filter.lowercase())
    return made.filter(Filter.ascii_fold()).build()


def cut(texts: pl.Series) -> pl.Series:
    """Texts with a space between any two words, and nothing else between them.

    >>> cut(pl.Series(["It\u2019s 3.5 km, 東京!"])).item()
    'It s 3 5 km  東  京 '
    """
    bare = texts.str.replace_all(rf"[^{WORD[1:-2]}]+", " ")
    is_mixed = bare.str.contains(SINGLE)
    if is_mixed.any():
        apart = bare.str.replace_all(f"({SINGLE})", " ${1} ")
        bare = pl.select(pl.when(is_mixed).then(apart).otherwise(bare)).to_series()
    return bare


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


def open_search(folder: DataFolder) -> SearchIndex:
    """The index in step with the newest published database, after bringing it there where it is not.

    Raises:
        DataFolderError: there is no database.
        DiskError: the disk refused it.
        FolderBusyError: another process did not end bringing it in step.
    """
    places = _in_step(folder)
    if places is None:
        with disk_errors(search_folder(folder)):
            folder.leases.mkdir(parents=True, exist_ok=True)
        with hold(folder.leases / "search.lock", owner="search", wait_s=LOCK_WAIT_S):
            places = _in_step(folder)
            if places is None:
                step = database_step(folder)  # before it is opened: of a newer one the next search shall know
                with open_database(folder) as dataset:
                    places = _bring_in_step(folder, published_places(folder, dataset, step), dataset)
    index, words = Index.open(str(search_folder(folder))), analyzer()
    index.register_tokenizer("words", words)
    return SearchIndex(index, search_schema(), words, places)


def _exists(place: Path) -> bool:
    return place.is_dir() and Index.exists(str(place))


def _places_file(folder: DataFolder) -> Path:
    return search_folder(folder).with_suffix(".places.arrow")


def _mark_of(place: Path) -> Path:
    return place.with_suffix(".changing")


def _held(folder: DataFolder) -> Places | None:
    """What the index holds; None when it has to be built anew."""
    if _mark_of(search_folder(folder)).exists() or not _exists(search_folder(folder)):
        return None
    return read_places(folder, _places_file(folder))


def _in_step(folder: DataFolder) -> Places | None:
    """What the index holds, if it is whole and that is what the database shows."""
    held = _held(folder)
    return held if held is not None and held.step == database_step(folder) else None


def _bring_in_step(folder: DataFolder, current: Places, dataset: duckdb.DuckDBPyConnection) -> Places:
    held = _held(folder)
    place, mark = search_folder(folder), _mark_of(search_folder(folder))
    with disk_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
        write_durably(mark, b"")
        if held is None:
            _clear(place)
            index, rows = Index(search_schema(), path=str(place)), current.rows.clear()
        else:
            index, rows = Index.open(str(place)), held.rows
        _change(index, dataset, added=_without(current.rows, rows), removed=_without(rows, current.rows))
        aside = _places_file(folder).with_suffix(".new")
        write_places(aside, current)
        aside.replace(_places_file(folder))
        mark.unlink()
    return current


def _clear(place: Path) -> None:
    """An empty folder for the index, and nothing left of the indexes of other versions."""
    for old in place.parent.glob("search-*"):
        if old.is_dir():
            shutil.rmtree(old, ignore_errors=True)
        elif old != _mark_of(place):
            old.unlink(missing_ok=True)
    place.mkdir()


def _without(rows: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    return rows.select("high", "low").join(others.select("high", "low"), on=["high", "low"], how="anti")


def _change(index: Index, dataset: duckdb.DuckDBPyConnection, *, added: pl.DataFrame, removed: pl.DataFrame) -> None:
    """Take versions out and put others in, by one commit; nobody sees half of it."""
    if added.is_empty() and removed.is_empty():
        return
    index.register_tokenizer("words", cut_analyzer())
    writer = index.writer(HEAP_BYTES, THREADS)
    schema = search_schema()
    for high in removed["high"]:
        # Not by term: for a field of unsigned numbers that finds no document (observed with tantivy 0.27).
        writer.delete_documents_by_query(Query.term_query(schema, "high", high))
    for document in _documents(dataset, added):
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _documents(dataset: duckdb.DuckDBPyConnection, added: pl.DataFrame) -> Iterator[Document]:
    if added.is_empty():
        return
    with dataset.cursor() as reader:
        reader.execute("use copydesk")
        reader.register("search_added", added.to_arrow())
        batches: Any = reader.sql(_WANTED).to_arrow_reader(BATCH)
        for batch in batches:
            rows = pl.DataFrame(pl.from_arrow(arrow.Table.from_batches([batch])))
            yield from map(_document, rows.with_columns(pl.col("title", "body").map_batches(cut)).iter_rows(named=True))


def _document(row: dict[str, Any]) -> Document:
    made = Document()
    made.add_unsigned("high", row["high"])
    made.add_unsigned("low", row["low"])
    made.add_integer("day", row["day"])
    for name in ("site", "language", "title", "body"):
        if row[name] is not None:
            made.add_text(name, row[name])
    return made
