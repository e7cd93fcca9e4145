"""The views and macros of articles.duckdb over the word index and the quotes. DuckDB only; no Prefect, no clock.

What does not belong here: making the side files (word_files.py), and SQL (sql/076 to 082).
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from schemas.quote import Quote, QuoteRow
from schemas.table import Table, duckdb_types, polars_schema
from schemas.words import Term, TermDay, TextRow
from tasks.io.folder import DataFolder
from tasks.io.tables import sql_glob, sql_text
from tasks.publish.quote_files import settle_quotes
from tasks.publish.templates import fill, load, named
from tasks.publish.word_files import settle_days, settle_parts
from tasks.publish.words import SINGLE, WORD

_HIDDEN = "select part, list(row_no order by row_no) from hidden_rows group by part"


def index_words(
    database: duckdb.DuckDBPyConnection, folder: DataFolder, articles: Sequence[Path], shown: str
) -> list[Path]:
    """The side files that the new views and macros read; those that were missing are made.

    Args:
        database: A database that has the tables of publish and the views of the tables on disk.
        folder: Data folder.
        articles: Committed files of articles.
        shown: Condition on a row `r` that leaves out retracted and doubled versions.

    Raises:
        DiskError: a side file could not be written.
    """
    zones = dict(database.execute(load("076_time_zones.sql")).fetchall())
    parts = settle_parts(folder, articles, zones)
    rows, terms = [part.rows for part in parts], [part.terms for part in parts]
    database.execute(fill(load("077_text_rows.sql"), rows=_source(rows, TextRow), shown=shown))
    days = settle_days(folder, parts, dict(database.execute(_HIDDEN).fetchall()))
    values = {"terms": _source(terms, Term), "days": _source(days, TermDay)}
    values |= {"word": sql_text(WORD), "single": sql_text(f"({SINGLE})")}
    database.execute(fill(load("078_words.sql"), **values))
    database.execute(load("079_attention.sql"))
    return [*rows, *terms, *days]


def show_quotes(database: duckdb.DuckDBPyConnection, folder: DataFolder, articles: Sequence[Path]) -> list[Path]:
    """The side files that the view `quotes` reads, which is made; it needs the word index.

    Args:
        database: As in `index_words`.
        folder: Data folder.
        articles: Committed files of articles.

    Raises:
        DiskError: a side file could not be written.
    """
    files = settle_quotes(folder, articles)
    columns = ", ".join(f"q.{named(name)}" for name in polars_schema(Quote))
    database.execute(fill(load("082_quotes.sql"), columns=columns, rows=_source(files, QuoteRow)))
    return files


def _source(files: Sequence[Path], model: type[Table]) -> str:
    """The table function that reads the side files; none is opened before its turn, as all have the same columns."""
    if not files:
        nulls = ", ".join(f"cast(null as {kind}) as {named(name)}" for name, kind in duckdb_types(model).items())
        return f"(select {nulls} where false)"
    return f"read_parquet([{', '.join(sql_text(sql_glob(path)) for path in files)}], hive_partitioning = false)"
