"""Capture files of which some records are blanked: each gives way to one of exactly its length that says nothing.

So every other record keeps its place, and no row that names one has to change. A file is never changed where it
lies: the new one is written aside.
"""

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import BinaryIO

from tasks.errors import TableError
from tasks.io.folder import disk_errors, sync_folder
from tasks.io.staging import RunContext
from tasks.io.warc_read import iter_records
from tasks.io.warc_records import blank_member

CHUNK = 1_000_000


def write_blanked(path: Path, places: Mapping[int, int], target: Path) -> None:
    """Write a capture file anew, with blanks at these places; fsynced.

    Args:
        path: A file of one gzip member a record.
        places: Offset of each record to its length.
        target: The new file; another file than `path`.

    Raises:
        TableError: a record is too short to be blanked, which none of ours is.
        DiskError: the disk refused the new file.
    """
    with disk_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as source, target.open("wb") as made:
            for offset, length in sorted(places.items()):
                _copy(source, made, offset - source.tell())
                made.write(_blank(path, offset, length))
                source.seek(offset + length)
            _copy(source, made, None)
            made.flush()
            os.fsync(made.fileno())


def _blank(path: Path, offset: int, length: int) -> bytes:
    try:
        return blank_member(length)
    except ValueError as error:
        raise TableError(f"{path}: the record at byte {offset} is too short to be blanked.") from error


def _copy(source: BinaryIO, made: BinaryIO, count: int | None) -> None:
    """Copy so many bytes, or all that are left."""
    left = count
    while left is None or left > 0:
        data = source.read(CHUNK if left is None else min(left, CHUNK))
        if not data:
            return
        made.write(data)
        left = None if left is None else left - len(data)


def blank_own(run: RunContext, uri: str, offsets: Collection[int]) -> None:
    """Blank records of a capture file of a run that is not committed yet; its writer has closed the file.

    Raises:
        OSError: the file cannot be read.
        TableError, DiskError: as `write_blanked`.
    """
    path = run.folder.resolve(uri)
    lengths = {record.offset: record.length for record in iter_records(path, with_payload=False)}
    places = {offset: length for offset in offsets if (length := lengths.get(offset)) is not None}
    aside = run.folder.run(run.run_id) / "blanked" / path.name
    write_blanked(path, places, aside)
    with disk_errors(path):
        aside.replace(path)
        sync_folder(path.parent)
