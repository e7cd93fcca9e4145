"""Removes files that no reader can still want: replaced ones and strays, after a time of grace."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from schemas.tables import TABLES
from tasks.errors import CopydeskError
from tasks.io.commit import intents, load_intent
from tasks.io.database import open_database
from tasks.io.delta import LOG
from tasks.io.folder import DataFolder
from tasks.io.replacing import replaced_files
from tasks.io.rewrite import unlink_files
from tasks.io.tables import committed_files

GRACE = timedelta(days=7)
"""Longer than the longest query and the longest run."""


@dataclass(frozen=True)
class Vacuumed:
    """What was removed."""

    files: int
    bytes: int


def vacuum(folder: DataFolder, now: datetime, *, grace: timedelta = GRACE) -> Vacuumed:
    """Remove files of the tables that no log names, that the published views do not read, and that are old enough.

    The caller holds the folder (`tasks.io.decisions.alone`) and has published.

    Args:
        folder: Data folder.
        now: Time that counts as now.
        grace: How long a file stays after it was replaced, or a stray after it was written.

    Raises:
        TableError: a log cannot be read; nothing of its table is removed.
        DiskError: the disk refused it.
    """
    read = _published(folder)
    count = size = 0
    for table in TABLES:
        place = folder.table(table)
        old = [path for path in _unnamed(folder, table, now - grace) if path not in read]
        size += sum(path.stat().st_size for path in old)
        unlink_files(folder, table, [path.relative_to(place).as_posix() for path in old])
        count += len(old)
    return Vacuumed(count, size)


def _unnamed(folder: DataFolder, table: str, before: datetime) -> Iterator[Path]:
    """Files that no log names, from before that time: replaced then, or (strays, torn entries) written then."""
    place = folder.table(table)
    if not place.is_dir():
        return
    named = set(committed_files(folder, table))
    named |= {place / file.path for path in intents(folder) for file in load_intent(path).files.get(table, ())}
    replaced = replaced_files(place)
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        is_log = name.startswith(f"{LOG}/")
        if path.is_dir() or path in named or (is_log and path.suffix != ".torn"):
            continue
        since = replaced.get(name) or datetime.fromtimestamp(path.stat().st_mtime, UTC)
        if since < before:
            yield path


def _published(folder: DataFolder) -> set[Path]:
    """Files that the published views read; none when there are no views for this place, which nobody can query then."""
    try:
        with open_database(folder) as database:
            return {Path(path) for (path,) in database.execute("select path from files").fetchall()}
    except CopydeskError:
        return set()
