"""Texts and paths as parts of SQL. Imports nothing, because it is needed where every millisecond of a start counts."""

from pathlib import Path


def sql_text(text: str) -> str:
    """The text as a SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def sql_glob(path: Path) -> str:
    """The absolute path as a pattern that read_parquet matches with that path alone."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path.absolute()))
