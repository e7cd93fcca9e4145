"""Captures: what came from outside, kept unchanged in WARC 1.1 files, and read back.

This is the door: `CaptureWriter` writes, `read_record` and `iter_records` read, `decoded_body` undoes encodings.
What a record looks like when written is in `warc_records`, when read in `archived`; how (damaged) files are walked
through is in `warc_read`, limits are in `decode`.

A file is never rewritten. A writer that starts anew (after a kill, on a retry) goes on in the next file of its
name, so a torn last record stays where it is and readers skip it.
"""

import glob
import os
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tasks.io.archived import Record, decoded_body
from tasks.io.decode import BodyLimits, DecodeError
from tasks.io.exchange import Exchange
from tasks.io.folder import DataFolder, disk_errors, sync_folder
from tasks.io.warc_read import iter_records, read_record
from tasks.io.warc_records import (
    Block,
    compress,
    fields_block,
    payload_digest,
    record_id,
    render,
    resource_block,
    response_block,
    revisit_block,
)

__all__ = [
    "BodyLimits",
    "CaptureWriter",
    "DecodeError",
    "Place",
    "Record",
    "capture_files",
    "decoded_body",
    "iter_records",
    "payload_digest",
    "read_record",
]

SYNC_BYTES = 1_000_000
SYNC_SECONDS = 1.0
"""A group of records is made durable when it has this many bytes or is this old, whichever comes first."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.=-]*")
"""Names that are safe in file names. Matches: site-07, a.b_c. Does not match: ../x, a/b, an empty name."""
_NUMBERED = re.compile(r"\.r\d+$")


@dataclass(frozen=True)
class Place:
    """Where a record lies: file (as in capture_uri), offset and length there in bytes; and its payload's digest."""

    uri: str
    offset: int
    length: int
    digest: str | None


def capture_files(folder: DataFolder, run_id: str, name: str) -> list[Path]:
    """The files that writers of this run and name have made, in the order in which they were made."""
    stem = f"{run_id}-{name}"
    own = re.compile(re.escape(stem) + r"(?:\.r\d+)?\.warc\.gz")
    named = folder.captures.glob(f"run_date=*/{glob.escape(stem)}*.warc.gz")
    found = [path for path in named if own.fullmatch(path.name)]
    return sorted(found, key=lambda path: (len(path.name), path.name))


class CaptureWriter:
    """Writes the captures of one part of a run, record by record. Not for two threads at once.

    Every `write_*` gives the record's place at once; it is durable only after the next `flush`. The caller
    flushes when `is_sync_due` says so (in a thread, when it has an event loop to keep going) and before it
    counts anything as done.

    Args:
        folder: the data folder.
        run_id: the run; part of the file's name.
        now: the run's time; its UTC date is the folder.
        name: which part of the run: a shard, or `listing-<source>`; letters, digits and `_.=-`.
        software: how we sign the file.

    Raises (also by every write):
        DiskError: the disk refuses it.
        ValueError: the name is not safe in a file name (a slip of the caller's).
    """

    def __init__(
        self, folder: DataFolder, run_id: str, now: datetime, name: str, *, software: str = "copydesk"
    ) -> None:
        if not _NAME.fullmatch(name) or _NUMBERED.search(name):
            raise ValueError(f"not a name for a capture file: {name!r}")
        self._folder = folder
        self._date = now.astimezone(UTC).date()
        self._stem = f"{run_id}-{name}"
        self._software = software
        self._now = now
        self._file = -1
        self._uri = ""
        self._info_id = ""
        self._path = folder.captures
        self._position = 0
        self._synced = 0
        self._waiting_since = 0.0
        self._sync_lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write_response(self, exchange: Exchange, row: Mapping[str, Any] | None = None) -> Place:
        """Keep a response with its body. `row` is the Capture row, from which a killed run's rows are made again."""
        block = response_block(exchange, (row or {}).get("payload_digest"))
        return self._write(block, exchange.final_url, exchange.captured_at, row)

    def write_revisit(self, exchange: Exchange, digest: str | None, row: Mapping[str, Any] | None = None) -> Place:
        """Keep the head of a response whose body, of this digest, is known: a 304, or the same bytes again."""
        return self._write(revisit_block(exchange, digest), exchange.final_url, exchange.captured_at, row)

    def write_absence(
        self, url: str, moment: datetime, reason: str, detail: str, row: Mapping[str, Any] | None = None
    ) -> Place:
        """Keep, as a metadata record, that a fetch brought no response, and why."""
        block = fields_block("metadata", {"fetch-error": reason, "detail": detail})
        return self._write(block, url, moment, row)

    def write_pointer(self, url: str, moment: datetime, uri: str, row: Mapping[str, Any]) -> Place:
        """Keep, as a metadata record, that a page was read from a record of another archive."""
        return self._write(fields_block("metadata", {"lies-in": uri}), url, moment, row)

    def write_resource(
        self, url: str, moment: datetime, body: bytes, content_type: str, row: Mapping[str, Any] | None = None
    ) -> Place:
        """Keep a local file."""
        return self._write(resource_block(body, content_type), url, moment, row)

    def is_sync_due(self) -> bool:
        """Whether what was written since the last flush is 1 MB, or 1 s old."""
        waiting = self._position - self._synced
        if self._file < 0 or not waiting:
            return False
        return waiting >= SYNC_BYTES or time.monotonic() - self._waiting_since >= SYNC_SECONDS

    def flush(self) -> None:
        """Make everything written so far durable (fsync). Safe to run in a thread while the owner writes on."""
        with self._sync_lock:
            written = self._position
            if self._file < 0 or written == self._synced:
                return
            with disk_errors(self._path):
                os.fsync(self._file)
            self._synced = written
            self._waiting_since = time.monotonic()

    def close(self) -> None:
        """Flush and close; writing again opens a new file."""
        try:
            self.flush()
        finally:
            with self._sync_lock:
                if self._file >= 0:
                    os.close(self._file)
                    self._file = -1

    def _write(self, block: Block, target: str | None, moment: datetime, row: Mapping[str, Any] | None) -> Place:
        if self._file < 0:
            self._open()
        offset = self._position
        record = render(block, target, moment, row, warcinfo_id=self._info_id)
        length = self._append(compress(record, block.level))
        return Place(self._uri, offset, length, block.payload_digest)

    def _append(self, data: bytes) -> int:
        """Write at the end; a short or failed write leaves a torn record, which readers skip."""
        view = memoryview(data)
        if self._position == self._synced:
            self._waiting_since = time.monotonic()
        with disk_errors(self._path):
            while view:
                done = os.write(self._file, view)
                self._position += done
                view = view[done:]
        return len(data)

    def _open(self) -> None:
        parent = self._folder.captures / f"run_date={self._date.isoformat()}"
        with disk_errors(parent):
            is_new = not parent.is_dir()
            parent.mkdir(parents=True, exist_ok=True)
            self._path = self._create(parent)
            sync_folder(parent)
            if is_new:
                sync_folder(parent.parent)
        self._uri = self._folder.relative(self._path)
        self._position = self._synced = 0
        info = {"software": self._software, "format": "WARC File Format 1.1", "isPartOf": self._stem}
        self._info_id = record_id()
        self._append(compress(render(fields_block("warcinfo", info), None, self._now, own_id=self._info_id)))

    def _create(self, parent: Path) -> Path:
        """A file that was not there before: the first free number."""
        number = 1
        while True:
            suffix = f".r{number}" if number > 1 else ""
            path = parent / f"{self._stem}{suffix}.warc.gz"
            try:
                self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
            except FileExistsError:
                number += 1
            else:
                return path
