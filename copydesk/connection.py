"""The door for notebooks: `copydesk.connect()`."""

from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from tasks.errors import MovedFolderError
from tasks.io.database import database_step, open_database
from tasks.io.folder import DataFolder

if TYPE_CHECKING:
    from copydesk.search import Searcher


def connect(data: str | Path = "data", *, read_only: bool = True) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection to the newest published dataset of a data folder; times are shown in UTC.

    It has the table macro `search(query, most := 20)` too; the first search brings the index in step.

    It keeps showing what was published when it was made; connect again for the next night.

    >>> import copydesk
    >>> with copydesk.connect("data") as dataset:  # doctest: +SKIP
    ...     dataset.sql("select site, count(*) from articles group by all").show()

    Args:
        data: Data folder.
        read_only: False locks other readers out, and the next publish replaces what was written.

    Raises:
        NewerFormatError: it was written by a newer Copydesk or DuckDB.
        DataFolderError: there is no dataset yet, or it is damaged.
        DiskError: its folder was moved, and the views cannot be made again for the new place.
    """
    return connect_search(DataFolder(Path(data)), read_only=read_only)[0]


def connect_search(folder: DataFolder, *, read_only: bool = True) -> tuple[duckdb.DuckDBPyConnection, "Searcher"]:
    """The connection of `connect`, and its search.

    Raises:
        CopydeskError: as `connect`.
    """
    from copydesk.search import add_search

    step = database_step(folder)
    dataset = open_settled(folder, read_only=read_only)
    # Published meanwhile: which one was opened is not known, and the search has to look.
    return dataset, add_search(dataset, folder, step if step == database_step(folder) else None)


def open_settled(folder: DataFolder, *, read_only: bool = True) -> duckdb.DuckDBPyConnection:
    """`tasks.io.database.open_database`; where the folder was moved or copied, its views are first made again.

    So they are where the data lie in a bucket, and another machine has committed since they were made here.

    Raises:
        MovedFolderError: only the database was moved, without the tables.
    """
    if folder.address is not None:
        from tasks.publish.database import publish_news

        publish_news(folder)
    try:
        return open_database(folder, read_only=read_only)
    except MovedFolderError:
        from tasks.io.tables import Snapshot
        from tasks.publish.database import publish_tables

        if Snapshot.open(folder).version < 0:
            raise
        publish_tables(folder)
        return open_database(folder, read_only=read_only)
