"""The door for notebooks: `copydesk.connect()`."""

from pathlib import Path

import duckdb

from tasks.io.database import open_database
from tasks.io.folder import DataFolder


def connect(data: str | Path = "data", *, read_only: bool = True) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection to the newest published dataset of a data folder; times are shown in UTC.

    It keeps showing what was published when it was made; connect again for the next night.

    >>> import copydesk
    >>> with copydesk.connect("data") as dataset:  # doctest: +SKIP
    ...     dataset.sql("select site, count(*) from articles group by all").show()

    Args:
        data: Data folder.
        read_only: False locks other readers out, and the next publish replaces what was written.

    Raises:
        NewerFormatError: it was written by a newer Copydesk or DuckDB.
        DataFolderError: there is no dataset yet, it is damaged, or its folder was moved.
    """
    return open_database(DataFolder(Path(data)), read_only=read_only)
