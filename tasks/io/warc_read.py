"""Read WARC files, also damaged ones and those that others have made.

Three layouts are read: one gzip member a record (ours), one gzip stream over the whole file, and no compression.
Offsets are bytes of the file, but of the unpacked stream where one gzip stream spans the whole file.
A record that cannot be read is given with `problem` set, never left out.
"""

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast

from fastwarc import ArchiveIterator

from tasks.io.archived import HEAD_BYTES, NEXT_RECORD, RECORD_START, Record, parse_record, unreadable_record
from tasks.io.decode import GZIP_MAGIC
from tasks.io.folder import DataFolder

MAX_HEADER = 1_000_000
SCAN_BYTES = 1_000_000
MEMBER_START = GZIP_MAGIC + b"\x08"
DAMAGE = (OSError, EOFError, ValueError, zlib.error)
"""What fastwarc and gzip raise for damaged files."""


def read_record(
    folder: DataFolder, uri: str, offset: int, *, with_payload: bool = True, with_length: bool = False
) -> Record:
    """The record at that offset of a capture file (`capture_uri`, `capture_offset`).

    Raises:
        OSError: the file is not there or cannot be read.
        BucketError, BucketDownError: it lies in a bucket that cannot be asked.
    """
    path = folder.capture(uri)
    with _opened(path) as stream:
        found = _read_from(stream, offset, with_payload, with_length)
        return next(found, None) or unreadable_record(offset, "there is no record here")


def iter_records(path: Path, offset: int = 0, *, with_payload: bool = True) -> Iterator[Record]:
    """The records of a file from an offset on, in order, each with its length.

    After a damaged stretch it goes on with the next record; the stretch is given as one record of kind `unknown`.

    Args:
        path: the file.
        offset: where a record begins.
        with_payload: False reads only heads (payload is empty, digests are not checked), for listing large files.

    Raises:
        OSError: the file is not there or cannot be read.
    """
    with _opened(path) as stream:
        yield from _read_from(stream, offset, with_payload, True)


@dataclass
class _Stream:
    """An open file, how it is packed, and how long it is (None where only unpacking would tell)."""

    file: BinaryIO
    is_packed: bool
    size: int | None


@contextmanager
def _opened(path: Path) -> Iterator[_Stream]:
    state = path.stat()
    layout = _layout(path, state.st_mtime_ns, state.st_size)
    if layout == "whole":
        file = _unpacked(path, state.st_mtime_ns)
        yield _Stream(cast("BinaryIO", file), False, None)
        return
    with path.open("rb") as raw:
        yield _Stream(raw, layout == "members", state.st_size)


@lru_cache(maxsize=1)
def _unpacked(path: Path, _version: int) -> gzip.GzipFile:
    """The last file of one gzip stream, kept open: reading records in order then never unpacks twice."""
    return gzip.GzipFile(path)


@lru_cache(maxsize=256)
def _layout(path: Path, _version: int, _size: int) -> str:
    """How a file is packed: members (one a record), whole, or plain."""
    with path.open("rb") as file:
        head = file.read(4096)
        if not head.startswith(GZIP_MAGIC):
            return "plain"
        inflate, unpacked = zlib.decompressobj(31), b""
        try:
            while head and not inflate.eof and len(unpacked) < HEAD_BYTES * 16:
                unpacked += inflate.decompress(inflate.unconsumed_tail + head, HEAD_BYTES)
                head = file.read(4096)
        except zlib.error:
            return "members"
    return "whole" if NEXT_RECORD in unpacked else "members"


def _read_from(stream: _Stream, offset: int, with_payload: bool, with_length: bool) -> Iterator[Record]:
    """Records from an offset on; over damage to the next start. Without lengths only the first one is given."""
    start: int | None = offset
    while start is not None:
        last: Record | None = None
        damage: str | None = None
        records = _sound_records(stream, start, with_payload)
        while damage is None:
            try:
                record = next(records, None)
            except DAMAGE as error:
                damage = str(error) or type(error).__name__
                break
            if record is None:
                break
            if not with_length:
                yield record
                return
            if last is not None:
                yield replace(last, length=record.offset - last.offset)
            last = record
        following = _next_start(stream, (start if last is None else last.offset) + 1) if damage else None
        if last is None and damage:
            last = unreadable_record(start, damage)
        end = stream.size if following is None else following
        if last is not None:
            yield replace(last, length=None if end is None else end - last.offset)
        start = following


def _sound_records(stream: _Stream, start: int, with_payload: bool) -> Iterator[Record]:
    """What fastwarc reads from there on.

    Raises:
        OSError, EOFError, ValueError, zlib.error: it cannot read on.
    """
    stream.file.seek(start)
    for raw in ArchiveIterator(stream.file, parse_http=False, max_header_len=MAX_HEADER):
        record, runs_over = parse_record(raw, with_payload)
        yield record
        if runs_over:
            raise ValueError("the record runs into the next one")


def _next_start(stream: _Stream, after: int) -> int | None:
    """Where the next record begins, at `after` or behind it; None when there is none."""
    marker = MEMBER_START if stream.is_packed else RECORD_START
    position = after
    while True:
        stream.file.seek(position)
        window = stream.file.read(SCAN_BYTES)
        index = window.find(marker)
        while index >= 0:
            if _is_start(stream, position + index):
                return position + index
            index = window.find(marker, index + 1)
        if len(window) < SCAN_BYTES:
            return None
        position += len(window) - len(marker) + 1


def _is_start(stream: _Stream, position: int) -> bool:
    """Whether a record begins there: a gzip member that unpacks to one, or the start of a line."""
    stream.file.seek(position if stream.is_packed else position - 1)
    head = stream.file.read(512)
    if not stream.is_packed:
        return head.startswith(b"\n")
    try:
        return zlib.decompressobj(31).decompress(head, len(RECORD_START)) == RECORD_START
    except zlib.error:
        return False
