"""The rules under which DuckDB runs what a stranger wrote: committed files may be read, and nothing else be touched.

What does not belong here: what a statement may be (statements.py), and the process around it (explore/ask.py).
Imports nothing but DuckDB, because the child process of a query starts with it.
"""

import ctypes
import os
from collections.abc import Sequence
from pathlib import Path

import duckdb

THREADS = 2
MEMORY = "1GB"
"""What one stranger's query may use."""

_NO_NEW_PRIVILEGES = 38
_CREATE_RULESET, _RESTRICT_SELF = 444, 446
"""Numbers of Linux's system calls for Landlock, the same on every machine."""
_WRITING = 0b1_1111_1111_0010
"""Landlock's rights of its first version, but for reading files (bit 2), listing folders (3) and executing (0)."""


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
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
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


def give_up_writing() -> bool:
    """Whether this process, and every child of it, can from now on write no file and make none, whatever it runs.

    Landlock (Linux 5.13 and newer) holds it, also for root; elsewhere nothing is changed. DuckDB's list of allowed
    paths lets writing through as well as reading, so the parsed statement would be the only guard without this.
    """
    if os.uname().sysname != "Linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    rights = ctypes.c_uint64(_WRITING)
    ruleset = libc.syscall(_CREATE_RULESET, ctypes.byref(rights), ctypes.sizeof(rights), 0)
    if ruleset < 0:
        return False
    try:
        return bool(libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0 and libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
