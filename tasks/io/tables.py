"""Reading the committed rows of the tables, all of them as of one moment.

A run is committed when the ledger has its transaction (it comes last), so the ledger is opened first, and files of
runs that it does not know yet are left out: a reader never sees half of a run. A bare glob over the folders would
see files that no log names; nothing here globs.
What does not belong here: writing (tasks/io/outfiles.py, tasks/io/commit.py) and which version is current (publish).
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

import duckdb
import polars as pl
from deltalake import DeltaTable

from schemas.table import arrow_schema, polars_schema
from schemas.tables import TABLES
from tasks.errors import TableError
from tasks.io.delta import log_files, open_log
from tasks.io.folder import DataFolder
from tasks.io.quoting import sql_glob as sql_glob
from tasks.io.quoting import sql_text as sql_text
from tasks.io.torn import open_before, torn_checkpoint, torn_entry

LEDGER = "ledger"

COMPACTED = "compacted-"
"""Files of this prefix were made from files of committed runs only, so they need no transaction of their own."""


def run_of(path: str) -> str:
    """The run that wrote a table's file, from its name `<run_id>-<shard>.parquet`."""
    return path.rsplit("/", 1)[-1].rsplit("-", 1)[0]


LOG_READERS = 4
"""Logs that are opened at once; the ledger's is open by then."""


def committed_files(folder: DataFolder, table: str) -> list[Path]:
    """Files that the table's own log names, sorted by name, also those of a run that is still committing.

    Readers want `Snapshot.files`; this is for the commit and for checks.
    """
    log = open_log(folder.table(table))
    return [] if log is None else [folder.table(table) / name for name in sorted(log_files(log))]


def _read_log(folder: DataFolder, table: str, ledger: DeltaTable | None = None) -> DeltaTable | None:
    """As `open_log`, and past what a power cut tore: what the next recovery does again is not committed yet.

    Raises:
        TableError: the log cannot be read, or its newest entry is torn though the ledger has all runs: it was damaged.
    """
    place = folder.table(table)
    try:
        return open_log(place)
    except TableError:
        if torn_entry(place) is None:
            # Recovery may have been here meanwhile; then the log is whole.
            return open_log(place) if torn_checkpoint(place) is None else open_before(place)
        log = open_before(place)
        known = log if table == LEDGER else ledger
        if not [key for key in folder.decided() if known is None or known.transaction_version(key) is None]:
            raise
        return log


def last_commit(folder: DataFolder) -> int:
    """`Snapshot.version` as it is now, without looking at any other table.

    Raises:
        TableError: the ledger's log cannot be read.
    """
    ledger = _read_log(folder, LEDGER)
    return -1 if ledger is None else int(ledger.version())


@dataclass(frozen=True)
class Snapshot:
    """All tables as of one moment; runs that commit later do not change it.

    Files stay readable while it is held as long as no vacuum runs (it keeps files longer than the longest reader).
    """

    folder: DataFolder
    version: int
    """Version of the ledger's log; -1 when nothing was ever committed. It rises with every committed run."""
    _names: Mapping[str, tuple[str, ...]] = field(repr=False)
    _ledger: DeltaTable | None = field(repr=False)

    @classmethod
    def open(cls, folder: DataFolder) -> Self:
        """All that is committed by now. A folder without tables is one without rows.

        Raises:
            TableError: a log cannot be read.
        """
        ledger = _read_log(folder, LEDGER)
        if ledger is None:
            return cls(folder, -1, dict.fromkeys(TABLES, ()), None)
        names = {LEDGER: tuple(sorted(log_files(ledger)))}
        whole = {run_of(name) for name in names[LEDGER]}
        others = [table for table in TABLES if table != LEDGER]
        with ThreadPoolExecutor(LOG_READERS) as pool:
            for table, log in zip(
                others, pool.map(lambda table: _read_log(folder, table, ledger), others), strict=True
            ):
                listed = [] if log is None else sorted(log_files(log))
                names[table] = tuple(name for name in listed if _is_whole(name, whole, ledger))
        return cls(folder, ledger.version(), names, ledger)

    def files(self, table: str) -> list[Path]:
        """Paths of the table's files, sorted by name; none when the table has no rows.

        Raises:
            KeyError: there is no table of that name.
        """
        return [self.folder.table(table) / name for name in self._names[table]]

    @cached_property
    def runs(self) -> frozenset[str]:
        """run_ids of all committed runs."""
        rows = self.read("runs", ["run_id"])
        return frozenset(rows["run_id"].to_list())

    def has_run(self, run_id: str) -> bool:
        """Whether the run is committed; reads no row."""
        return self._ledger is not None and self._ledger.transaction_version(run_id) is not None

    def connect(self, *tables: str) -> duckdb.DuckDBPyConnection:
        """An in-memory DuckDB with one view for each of the tables (all when none is named), in UTC.

        A table without files is an empty view with typed columns. Close it after use: `with snapshot.connect() as db`.
        """
        connection = duckdb.connect(":memory:")
        connection.execute("SET TimeZone = 'UTC'")
        # A misspelt table must be an error, not a Python variable of the caller.
        connection.execute("SET python_enable_replacements = false")
        connection.execute("SET enable_progress_bar = false")
        for table in tables or TABLES:
            add_view(connection, table, self.files(table))
        return connection

    def read(self, table: str, columns: Iterable[str] | None = None) -> pl.DataFrame:
        """All committed rows of a table, of some of its columns or all, in no order. For small tables."""
        wanted = list(columns or polars_schema(TABLES[table]))
        named = ", ".join(f'"{name}"' for name in wanted)
        with self.connect(table) as connection:
            return fetch(connection, f'SELECT {named} FROM "{table}"', table)  # noqa: S608 - names of our own


def _is_whole(name: str, whole: set[str], ledger: DeltaTable) -> bool:
    """Whether the file's run is committed; a run without ledger rows has only its transaction to show for it."""
    run_id = run_of(name)
    if name.rsplit("/", 1)[-1].startswith(COMPACTED) or run_id in whole:
        return True
    if ledger.transaction_version(run_id) is None:
        return False
    whole.add(run_id)
    return True


def add_view(connection: duckdb.DuckDBPyConnection, name: str, files: Iterable[Path]) -> None:
    """Make the view `name` over files of the table of that name, with exactly the model's columns and types.

    Raises:
        TableError: a file is missing or damaged.
    """
    connection.register(f"{name}_empty", arrow_schema(TABLES[name]).empty_table())
    view = f'CREATE VIEW "{name}" AS SELECT * FROM "{name}_empty"'  # noqa: S608 - names of our own
    listed = ", ".join(sql_text(sql_glob(path)) for path in files)
    if listed:
        source = f"read_parquet([{listed}], hive_partitioning=false, union_by_name=true)"
        # The empty table brings the columns that no file has: those of files that an older version wrote.
        view += f" UNION ALL BY NAME SELECT * FROM {source}"  # noqa: S608 - quoted above
    try:
        connection.execute(view)
    except duckdb.Error as error:
        raise TableError(f"A committed file of the table {name} cannot be read ({_first_line(error)}).") from error


def fetch(connection: duckdb.DuckDBPyConnection, sql: str, table: str, parameters: object = None) -> pl.DataFrame:
    """The rows of a query, each column that the table has in exactly the type of its model.

    Raises:
        TableError: a committed file is missing or damaged.
    """
    types = polars_schema(TABLES[table])
    try:
        found = pl.DataFrame(pl.from_arrow(connection.sql(sql, params=parameters).to_arrow_table()))
    except (duckdb.IOException, duckdb.InvalidInputException) as error:
        raise TableError(f"A committed file of the table {table} cannot be read ({_first_line(error)}).") from error
    return found.cast({name: types[name] for name in found.columns if name in types})


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
