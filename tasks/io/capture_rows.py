"""Capture rows: what one fetch came to, kept in the WARC with the record, so that row and record never part.

Discover (listings), robots and fetch (pages) all make their rows here.
What does not belong here: which status means what; that is the caller's verdict.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from schemas.identity import url_id, utc_text
from schemas.reasons import Kind, Outcome, Reason, Reservation
from tasks.io.archived import Record
from tasks.io.captures import CaptureWriter, Place, capture_files, iter_records, payload_digest
from tasks.io.exchange import Exchange, FetchError
from tasks.io.folder import DataFolder
from tasks.io.reservations import in_order
from tasks.io.warc_read import read_record

Row = dict[str, Any]
"""A row of `Capture` by column; a column that is not named is null."""

LISTED = "listed"
"""What a kept row calls what the listing said; no column of `Capture`."""

MAX_DETAIL = 300
MAX_HEADER_VALUE = 1000
"""A longer ETag, Last-Modified or Content-Type is not kept in the row (it stays in the WARC)."""
MAX_ROW_URL = 8192

_UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that could forge a log line or turn a terminal round. Matches: a line end, ESC. Not: a curly quote."""
_TIMES = ("captured_at", "next_try_at", "paused_until", "last_full_at")


@dataclass(frozen=True)
class Asked:
    """Which URL was asked for, and for whom."""

    url: str
    """Normalised."""
    site: str
    source_id: str
    kind: Kind = Kind.PAGE
    listed: Mapping[str, Any] = field(default_factory=dict)
    """What the listing said of the page (columns of `Candidate`), kept with its record for `copydesk rebuild`."""


@dataclass(frozen=True)
class Verdict:
    """What a response (or its absence) means for the URL."""

    outcome: Outcome
    reason: Reason | None = None
    detail: str | None = None
    next_try_at: datetime | None = None
    reservations: frozenset[Reservation] | None = None
    """What the publisher reserves; None: not looked at."""


def keep_exchange(
    writer: CaptureWriter,
    asked: Asked,
    exchange: Exchange,
    verdict: Verdict,
    *,
    known_digest: str | None = None,
    **more: Any,
) -> Row:
    """Write the response to the WARC and give its Capture row.

    A not_modified response becomes a revisit record, and its row keeps `known_digest`, the last full body's.
    `more` are further columns (robots_verdict, crawl_delay_s, paused_until).

    Raises:
        DiskError: the disk refuses the record.
    """
    is_known = verdict.outcome is Outcome.NOT_MODIFIED
    row = _response_row(asked, exchange, verdict) | more
    if exchange.status != 304 and verdict.outcome in (Outcome.FETCHED, Outcome.NOT_MODIFIED):
        row["last_full_at"] = exchange.captured_at
    if is_known:
        row["payload_digest"] = known_digest
        return _placed(row, writer.write_revisit(exchange, known_digest, _told(row, asked)))
    # The digest of a part must never be taken for the page's.
    row["payload_digest"] = None if exchange.truncated else payload_digest(exchange.body)
    return _placed(row, writer.write_response(exchange, _told(row, asked)))


def keep_error(
    writer: CaptureWriter, asked: Asked, error: FetchError, verdict: Verdict, moment: datetime, **more: Any
) -> Row:
    """Write that a fetch brought no usable response (or the part of one that came) and give its Capture row.

    Raises:
        DiskError: the disk refuses the record.
    """
    if error.exchange is not None:
        return keep_exchange(writer, asked, error.exchange, verdict, **more)
    row = _base_row(asked, verdict, moment) | {"attempt_count": error.attempt_count} | more
    place = writer.write_absence(asked.url, moment, str(error.reason), escape(error.detail), _told(row, asked))
    return _placed(row, place)


def keep_file(
    writer: CaptureWriter, asked: Asked, body: bytes, content_type: str, changed_at: datetime, verdict: Verdict
) -> Row:
    """Write a local file to the WARC and give its Capture row; captured_at is the file's last change.

    Raises:
        DiskError: the disk refuses the record.
    """
    row = _base_row(asked, verdict, changed_at) | {
        "final_url": asked.url,
        "content_type": content_type,
        "last_modified": utc_text(changed_at),
        "payload_digest": payload_digest(body),
        "attempt_count": 1,
        "body_bytes": len(body),
    }
    return _placed(row, writer.write_resource(asked.url, changed_at, body, content_type, _told(row, asked)))


def keep_pointer(writer: CaptureWriter, asked: Asked, row: Row) -> None:
    """Write that a record of another archive was read, and where it lies, with its Capture row.

    Raises:
        DiskError: the disk refuses the record.
    """
    writer.write_pointer(asked.url, row["captured_at"], str(row["capture_uri"]), _told(row, asked))


def _told(row: Row, asked: Asked) -> Row:
    """The row as it is kept in the file: with what the listing said."""
    return row | {LISTED: dict(asked.listed)} if asked.listed else row


def absent_row(asked: Asked, verdict: Verdict, moment: datetime, **more: Any) -> Row:
    """The Capture row of a URL that was not asked for: deferred, or blocked by robots.txt. Nothing is written."""
    return _base_row(asked, verdict, moment) | more


def recorded_rows(folder: DataFolder, run_id: str, name: str) -> Iterator[Row]:
    """The Capture rows that lie in the WARC files of this run and name, in the order in which they were made.

    Damaged and torn records are left out: their URLs were never counted as fetched.

    Raises:
        OSError: a file cannot be read.
    """
    for path in capture_files(folder, run_id, name):
        yield from rows_of_file(folder, path)


def rows_of_file(folder: DataFolder, path: Path) -> Iterator[Row]:
    """The Capture rows of one of our WARC files, as `told_rows` but without what listings said.

    Raises:
        OSError: the file cannot be read.
    """
    for row in told_rows(folder, path):
        row.pop(LISTED, None)
        if row.get("kind") != Kind.PAGE or row["capture_uri"] == folder.relative(path):
            yield row


def told_rows(folder: DataFolder, path: Path) -> Iterator[Row]:
    """The Capture rows of one of our WARC files, with their places and, as `listed`, what listings said.

    Also those of records of other archives that were read. Whole records of the file's own only.

    Behind a torn record a reader looks for the next gzip member, and a body that was stored as it came may hold one.
    What a server sent cannot name the id of the file that it was to land in, which is random.

    Raises:
        OSError: the file cannot be read.
    """
    uri, own_id = folder.relative(path), None
    for record in iter_records(path):
        if record.offset == 0:
            own_id = record.warc_header("WARC-Record-ID")
        is_own = own_id is not None and record.warc_header("WARC-Warcinfo-ID") == own_id
        if is_own and (row := _row_of(record, uri)) is not None:
            yield row


def told_row(folder: DataFolder, uri: str, offset: int) -> Row | None:
    """The Capture row of the record at that place, as `told_rows`; None where no whole body of a page lies there.

    Raises:
        OSError: the file is not there or cannot be read.
    """
    record = read_record(folder, uri, offset, with_payload=False, with_length=True)
    return _row_of(record, uri) if record.kind in ("response", "resource") else None


def _row_of(record: Record, uri: str) -> Row | None:
    row = record.row
    if row is None or record.problem is not None:
        return None
    for name in _TIMES:
        if row.get(name):
            row[name] = datetime.fromisoformat(row[name])
    # A row that names its place speaks of another record (a pause of a host, of its robots.txt).
    return {"capture_uri": uri, "capture_offset": record.offset, "capture_length": record.length} | row


def escape(text: str, limit: int = MAX_DETAIL) -> str:
    r"""The text on one line, without characters that could forge a log line, at most `limit` long.

    >>> escape("a\nb\x1b[31m")
    'a\\x0ab\\x1b[31m'
    """
    safe = _UNSAFE.sub(lambda match: _escaped(ord(match.group())), text[: limit * 2])
    return safe if len(safe) <= limit else safe[: limit - 1] + "…"


def _escaped(code: int) -> str:
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def _base_row(asked: Asked, verdict: Verdict, moment: datetime) -> Row:
    return {
        "url_id": url_id(asked.url),
        "url": asked.url,
        "site": asked.site,
        "source_id": asked.source_id,
        "kind": str(asked.kind),
        "outcome": str(verdict.outcome),
        "reason": None if verdict.reason is None else str(verdict.reason),
        "detail": None if verdict.detail is None else escape(verdict.detail),
        "attempt_count": 0,
        "captured_at": moment,
        "next_try_at": verdict.next_try_at,
        "reservations": None if verdict.reservations is None else in_order(verdict.reservations),
    }


def _response_row(asked: Asked, exchange: Exchange, verdict: Verdict) -> Row:
    return _base_row(asked, verdict, exchange.captured_at) | {
        "final_url": _short(exchange.final_url, MAX_ROW_URL),
        "http_status": exchange.status,
        "content_type": _short(exchange.header("Content-Type")),
        "attempt_count": exchange.attempt_count,
        "etag": _short(exchange.header("ETag")),
        "last_modified": _short(exchange.header("Last-Modified")),
        "body_bytes": len(exchange.body),
        "duration_ms": exchange.duration_ms,
        "is_tls_verified": exchange.is_tls_verified,
    }


def _short(value: str | None, limit: int = MAX_HEADER_VALUE) -> str | None:
    """A header's value that is fit for a table: not too long, no control characters; else None."""
    return None if value is None or len(value) > limit or _UNSAFE.search(value) else value


def _placed(row: Mapping[str, Any], place: Place) -> Row:
    return dict(row) | {"capture_uri": place.uri, "capture_offset": place.offset, "capture_length": place.length}
