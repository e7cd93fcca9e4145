"""The rules under which DuckDB runs what a stranger wrote: committed files may be read, and nothing else be touched.

What does not belong here: what a statement may be (statements.py). The list of allowed paths lets writing through as
well as reading, so a statement of a stranger must have been parsed and found to read only before it comes here.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

THREADS = 2
MEMORY = "1GB"
"""What one stranger's query may use."""


CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",  # else `from x` reads a variable of this program that is called x
}


def open_locked(
    database: Path, files: Sequence[str], *, memory: str | None = MEMORY, spill: Path | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection whose current database is the published one, read only, and that reaches no other file.

    Args:
        database: articles.duckdb.
        files: Absolute paths of the committed files that its views read.
        memory: Most memory, as DuckDB writes it; None leaves DuckDB's own limit.
        spill: Folder for what does not fit into memory; None lets such a query fail.
    """
    connection = duckdb.connect(config=CLOSED)
    connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false; set allow_persistent_secrets = false")
    connection.execute(f"attach {_text(str(database.absolute()))} as copydesk (read_only)")
    connection.execute("use copydesk")
    connection.execute(f"set threads = {THREADS}; set temp_directory = {_text(str(spill or ''))}")
    if memory:
        connection.execute(f"set memory_limit = {_text(memory)}")
    connection.execute(f"set allowed_paths = [{', '.join(map(_text, files))}]")
    connection.execute("set enable_external_access = false; set lock_configuration = true")
    return connection


def committed_files(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Paths of the files that the views of the published database read."""
    return [row[0] for row in connection.execute("select path from files order by path").fetchall()]


_INDEX_FILES = r"""
select distinct replace(unnest(regexp_extract_all(told, '''((?:[^'']|'''')+\.parquet)''', 1)), '''''', '''') as path
from (
    select sql as told from duckdb_views() where database_name = current_database()
    union all
    select macro_definition from duckdb_functions() where database_name = current_database()
)
order by path
"""


def readable_files(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Paths of all files that views and macros of the published database read: committed ones, and the word index's."""
    named = [row[0] for row in connection.execute(_INDEX_FILES).fetchall()]
    return sorted({*committed_files(connection), *named})


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
