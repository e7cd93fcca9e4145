"""Queries that people keep under a name: one JSON file in the data folder, beside the dataset that they ask."""

import json

from tasks.errors import DataFolderError, UsageError
from tasks.io.folder import DataFolder, disk_errors, write_durably

NAME_CHARS = 80
MOST = 500
"""Queries that one file keeps."""


def read_saved(folder: DataFolder) -> dict[str, str]:
    """Name to SQL, by name.

    Raises:
        DataFolderError: the file is damaged.
    """
    path = folder.kept_queries
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise DataFolderError(f"{path} cannot be read ({error}): mend it, or move it away.") from error
    if not isinstance(found, dict) or not all(isinstance(sql, str) for sql in found.values()):
        raise DataFolderError(f"{path} is no list of queries by name: mend it, or move it away.")
    return dict(sorted(found.items()))


def save_query(folder: DataFolder, name: str, sql: str) -> str:
    """Keep a query, in place of one that had its name; the name as it is kept.

    Raises:
        UsageError: no name, no query, or too many.
        DiskError: it cannot be written.
    """
    kept = " ".join("".join(char if char.isprintable() else " " for char in name).split())[:NAME_CHARS]
    if not kept or not sql.strip():
        raise UsageError("A query is kept under a name: give both.")
    saved = read_saved(folder) | {kept: sql}
    if len(saved) > MOST:
        raise UsageError(f"{MOST} queries are kept already: delete one first.")
    _write(folder, saved)
    return kept


def delete_query(folder: DataFolder, name: str) -> None:
    """Forget a query.

    Raises:
        UsageError: none has that name.
        DiskError: the file cannot be written.
    """
    saved = read_saved(folder)
    if saved.pop(name, None) is None:
        raise UsageError(f"No query is kept under the name {name}.")
    _write(folder, saved)


def _write(folder: DataFolder, saved: dict[str, str]) -> None:
    path = folder.kept_queries
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, json.dumps(saved, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace"))
