"""Makes the views and small tables of articles.duckdb over a set of committed files. DuckDB only; no Prefect, no clock.

The order of the steps is the order of the files in `sql/`; what each step says stands there.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import duckdb

from schemas.article import Article
from schemas.database_format import DATABASE_FORMAT
from schemas.ledger import Ledger
from schemas.published import (
    DERIVED,
    MACROS,
    PUBLISHED,
    SCALAR_MACROS,
    TABLE_VIEWS,
    ClosedRefusal,
    PublishedFile,
    RetractedRun,
    RetractionSpell,
    SettledHold,
)
from schemas.run import Run
from schemas.table import Table, descriptions, duckdb_types, frame, polars_schema, table_comment, to_arrow
from schemas.tables import TABLES
from tasks.errors import TableError
from tasks.io.decisions import retraction_spells
from tasks.io.folder import DataFolder
from tasks.io.holds import closed_refusals, settled_holds
from tasks.io.tables import sql_glob, sql_text
from tasks.publish.retracted import retracted_runs
from tasks.publish.templates import fill, load, named
from tasks.publish.word_views import index_words, show_quotes

NEVER_HIDDEN = frozenset({"decisions"})
"""Tables whose rows stay when their run is retracted: what people decided is the log of it."""

DOUBLED_TOO = frozenset({"article_versions", "removals"})
"""Views that leave out the rows of a version that a second run stored again."""


PLACE = {"filename": "VARCHAR", "file_row_number": "BIGINT"}
"""The columns that DuckDB's read_parquet adds when it is asked for the place of each row."""


_BYTE = 8
"""Bits of the shortest row of marks."""


class Committed(Protocol):
    """The committed files of one moment; `tasks.io.tables.Snapshot` is one."""

    def files(self, table: str) -> list[Path]:
        """Paths of the table's files."""


def build(database: duckdb.DuckDBPyConnection, committed: Committed, folder: DataFolder) -> list[Path]:
    """Fill an empty database, which is the connection's current one, from the committed files; its side files.

    Args:
        database: A connection; the database to fill is in use.
        committed: Where each table's files are.
        folder: The data folder.

    Raises:
        duckdb.Error: a file is missing or damaged.
        DiskError: a side file could not be written.
    """
    for name, model in DERIVED.items():
        database.execute(f"create table {named(name)} ({_column_types(model)})")
    _insert_files(database, committed)
    _table_view(database, committed, "decisions", "true")
    retracted = _retract(database)
    shown = _without(retracted)
    for name in TABLE_VIEWS:
        if name not in NEVER_HIDDEN | DOUBLED_TOO:
            _table_view(database, committed, name, shown)
    of_versions = _settle_versions(database, committed, shown)
    _remember_retracted(database, committed, retracted)
    most_rows = _mark_past(database)
    _run(database, "035_stories.sql")
    _run(database, "040_article_notes.sql")
    columns, rows = read_rows(database, committed.files("articles"), Article, placed=True)
    _run(database, "050_articles.sql", columns=columns, rows=rows, shown=of_versions)
    _run(database, "055_edits.sql")
    _run(database, "056_stories.sql")
    _run(database, "060_captures.sql", columns=_names(Ledger))
    _run(database, "063_quarantine_open.sql")
    _run(database, "064_held.sql")
    _run(database, "065_authors.sql")
    _run(database, "066_sources_health.sql")
    _run(database, "067_alarms.sql")
    _run(database, "068_table_checks.sql")
    _run(database, "069_run_reports.sql")
    _run(database, "070_as_of.sql", columns=columns, rows=rows, shown=of_versions, most_rows=str(most_rows))
    _run(database, "075_changes_since.sql")
    side_files = index_words(database, folder, committed.files("articles"), of_versions)
    side_files += show_quotes(database, folder, committed.files("articles"))
    _run(database, "084_coverage.sql")
    _run(database, "080_published.sql", format=str(DATABASE_FORMAT), folder=sql_text(str(folder.root.resolve())))
    _comment(database)
    return side_files


def _remember_retracted(database: duckdb.DuckDBPyConnection, committed: Committed, runs: Sequence[str]) -> None:
    """The order of all commits, and what the runs that are taken back had stored."""
    every_run = read_rows(database, committed.files("runs"), Run)[1]
    articles = read_rows(database, committed.files("articles"), Article)[1]
    hidden = f"r.run_id in ({', '.join(map(sql_text, runs))})" if runs else "false"
    _run(database, "025_retracted.sql", runs=every_run, articles=articles, hidden=hidden)


def _settle_versions(database: duckdb.DuckDBPyConnection, committed: Committed, shown: str) -> str:
    """The order of versions, and the views of the two tables whose rows two runs may have doubled.

    Returns:
        The condition on a row `r` of these tables.

    Raises:
        TableError: DuckDB names a file otherwise than the list of files, so no row has a place.
    """
    rows = read_rows(database, committed.files("articles"), Article, placed=True)[1]
    _run(database, "020_versions.sql", rows=rows, shown=shown)
    lost = database.execute("select count(*) from version_order where place is null").fetchall()[0][0]
    if lost:
        raise TableError(f"{lost} versions lie in files whose paths DuckDB spells otherwise than the tables' logs.")
    if _is_filled(database, "doubled"):
        second = "select 1 from doubled as d where d.version_id = r.version_id and d.run_id = r.run_id"
        shown = f"{shown} and not exists ({second})"
    for name in sorted(DOUBLED_TOO):
        _table_view(database, committed, name, shown)
    return shown


def _mark_past(database: duckdb.DuckDBPyConnection) -> int:
    """Which versions are superseded, and where their rows lie.

    Marks are made for files of about one size at a time, because all that are made at once have one length.

    Returns:
        At least the number of rows of the longest file of articles.
    """
    _run(database, "030_superseded.sql")
    last = database.execute("select coalesce(max(place & 4294967295), 0) from version_order").fetchall()[0][0]
    most_rows = _BYTE
    _run(database, "031_past_rows.sql", least="0", rows=str(most_rows))
    while most_rows <= last:
        most_rows *= 2
        _run(database, "031_past_rows.sql", least=str(most_rows // 2), rows=str(most_rows))
    return most_rows


def _table_view(database: duckdb.DuckDBPyConnection, committed: Committed, view: str, shown: str) -> None:
    model = TABLE_VIEWS[view]
    table = next(name for name, of in TABLES.items() if of is model)
    columns, rows = read_rows(database, committed.files(table), model)
    _run(database, "010_table_view.sql", view=named(view), columns=columns, rows=rows, shown=shown)


def read_rows(
    database: duckdb.DuckDBPyConnection, files: Sequence[Path], model: type[Table], *, placed: bool = False
) -> tuple[str, str]:
    """The select list that gives the model's columns and types, and the table function that reads the files.

    A column that no file has yet is null. Without files there is a row source without rows, of the same columns.

    Args:
        database: Where the files are looked at.
        files: Absolute paths.
        model: The table.
        placed: Give each row its place too, in columns `filename` and `file_row_number`.
    """
    types = duckdb_types(model)
    if not files:
        made = types | (PLACE if placed else {})
        nulls = ", ".join(f"cast(null as {kind}) as {named(name)}" for name, kind in made.items())
        return _cast(types, set(types)), f"(select {nulls} where false)"
    # Patterns: a path with * or [ in it would be read as one. Absolute: a view follows its reader's folder.
    listed = ", ".join(sql_text(sql_glob(path)) for path in files)
    more = ", filename = true, file_row_number = true" if placed else ""
    rows = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false{more})"
    found = {row[0] for row in database.execute(f"describe from {rows}").fetchall()}
    return _cast(types, found), rows


def _cast(types: Mapping[str, str], found: set[str]) -> str:
    """The columns by name, each cast to its type (a cast to the type that it has costs nothing)."""
    values = {name: f"r.{named(name)}" if name in found else "null" for name in types}
    return ",\n    ".join(f"cast({values[name]} as {kind}) as {named(name)}" for name, kind in types.items())


def _retract(database: duckdb.DuckDBPyConnection) -> list[str]:
    """The runs that are taken back, after writing them into `retracted_runs`."""
    found = database.execute("select * from decisions")
    names = [column[0] for column in found.description or []]
    rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    retracted = retracted_runs(rows)
    _insert(database, "retraction_spells", RetractionSpell, retraction_spells(rows))
    _insert(database, "retracted_runs", RetractedRun, retracted)
    _insert(database, "settled_holds", SettledHold, settled_holds(rows))
    closed = sorted(closed_refusals(rows, {row["run_id"] for row in retracted}))
    _insert(database, "closed_refusals", ClosedRefusal, [{"quarantine_id": one} for one in closed])
    return [row["run_id"] for row in retracted]


def _without(runs: Sequence[str]) -> str:
    """The condition on a row `r` that leaves out the runs. Their ids stand in it, so that usually nothing does."""
    return f"r.run_id not in ({', '.join(map(sql_text, runs))})" if runs else "true"


def _insert_files(database: duckdb.DuckDBPyConnection, committed: Committed) -> None:
    listed = [(table, str(path.absolute())) for table in TABLES for path in committed.files(table)]
    rows = [{"table_name": table, "path": path, "file_id": number} for number, (table, path) in enumerate(listed)]
    _insert(database, "files", PublishedFile, rows)


def _insert(
    database: duckdb.DuckDBPyConnection, table: str, model: type[Table], rows: Sequence[Mapping[str, Any]]
) -> None:
    database.register("rows_to_insert", to_arrow(model, frame(model, rows)))
    database.execute(f"insert into {named(table)} select * from rows_to_insert")  # noqa: S608 - a name of our own
    database.unregister("rows_to_insert")


def _is_filled(database: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(database.execute(f"select 1 from {named(table)} limit 1").fetchall())  # noqa: S608 - a name of our own


def _comment(database: duckdb.DuckDBPyConnection) -> None:
    """Descriptions of the models as comments of each view, table, column and macro."""
    for name, model in PUBLISHED.items():
        kind = "table" if name in DERIVED else "view"
        database.execute(f"comment on {kind} {named(name)} is {sql_text(table_comment(model))}")
        for column, text in descriptions(model).items():
            database.execute(f"comment on column {named(name)}.{named(column)} is {sql_text(text)}")
    for name, text in MACROS.items():
        kind = "macro" if name in SCALAR_MACROS else "macro table"
        database.execute(f"comment on {kind} {named(name)} is {sql_text(text)}")


def _run(database: duckdb.DuckDBPyConnection, file: str, **values: str) -> None:
    database.execute(fill(load(file), **values))


def _names(model: type[Table]) -> str:
    return ",\n    ".join(f"v.{named(name)}" for name in polars_schema(model))


def _column_types(model: type[Table]) -> str:
    return ", ".join(f"{named(name)} {kind}" for name, kind in duckdb_types(model).items())
