"""Candidates that need no network: local files, and records of web archives."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from schemas.identity import utc_text
from schemas.reasons import Outcome, Reason
from tasks.fetch.host import Candidate, Desk, asked_of
from tasks.fetch.verdicts import judge_content_type, judge_status, next_try
from tasks.io.capture_rows import Row, Verdict, absent_row, keep_file, keep_pointer
from tasks.io.captures import Record, payload_digest, read_record
from tasks.io.folder import DataFolder
from tasks.io.reservations import header_reservations, in_order

CONTENT_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain",
    ".json": "application/json",
}
OTHER_CONTENT_TYPE = "application/octet-stream"


def is_local(candidate: Candidate) -> bool:
    """Whether the candidate needs no network."""
    return candidate["capture_uri"] is not None or candidate["url"].startswith("file:")


def fetch_local(desk: Desk, folder: DataFolder, candidate: Candidate) -> Row:
    """The row of a candidate that needs no network.

    Raises:
        DiskError: a capture could not be written.
    """
    if candidate["capture_uri"] is not None:
        return read_archived(desk, folder, candidate)
    return read_file(desk, candidate)


def read_file(desk: Desk, candidate: Candidate) -> Row:
    """The row of a local file: its bytes go to a resource record, dated by its last change."""
    path = Path(url2pathname(urlsplit(candidate["url"]).path))
    asked = asked_of(candidate)
    try:
        body, changed_at = _read(path, desk.settings.http.max_body_bytes)
    except OSError as error:
        due = next_try(candidate["failure_count"], desk.now, desk.settings)
        detail = f"{path.name}: {error.strerror or error}"
        return absent_row(asked, Verdict(Outcome.FAILED, Reason.UNREADABLE, detail, due), desk.now, attempt_count=1)
    if body is None:
        detail = f"more than {desk.settings.http.max_body_bytes} bytes"
        verdict = Verdict(Outcome.REFUSED, Reason.TOO_LARGE, detail)
        return absent_row(asked, verdict, changed_at, attempt_count=1)
    if payload_digest(body) == candidate["payload_digest"]:
        known = {"payload_digest": candidate["payload_digest"], "body_bytes": len(body), "attempt_count": 1}
        known["last_modified"] = utc_text(changed_at)
        return absent_row(asked, Verdict(Outcome.NOT_MODIFIED), changed_at, final_url=asked.url, **known)
    content_type = CONTENT_TYPES.get(path.suffix.lower(), OTHER_CONTENT_TYPE)
    return keep_file(desk.writer, asked, body, content_type, changed_at, Verdict(Outcome.FETCHED))


def read_archived(desk: Desk, folder: DataFolder, candidate: Candidate) -> Row:
    """The row of a record of a web archive; nothing is copied, the row points to the record where it lies."""
    uri, offset = candidate["capture_uri"], candidate["capture_offset"]
    asked = asked_of(candidate)
    try:
        record = read_record(folder, uri, offset, with_payload=False, with_length=True)
    except OSError as error:
        due = next_try(candidate["failure_count"], desk.now, desk.settings)
        verdict = Verdict(Outcome.FAILED, Reason.UNREADABLE, f"{uri}: {error.strerror or error}", due)
        return absent_row(asked, verdict, desk.now)
    verdict = judge_record(record)
    if verdict.outcome is Outcome.FAILED:
        due = next_try(candidate["failure_count"], desk.now, desk.settings)
        verdict = Verdict(verdict.outcome, verdict.reason, verdict.detail, due)
    row = absent_row(
        asked,
        verdict,
        record.date or desk.now,
        final_url=record.target_uri,
        http_status=record.status,
        reservations=in_order(header_reservations(record.http_headers)),
        content_type=record.content_type,
        etag=record.header("ETag"),
        last_modified=record.header("Last-Modified"),
        payload_digest=_digest(folder, uri, record),
        capture_uri=uri,
        capture_offset=offset,
        capture_length=record.length,
        body_bytes=_body_bytes(record),
    )
    keep_pointer(desk.writer, asked, row)
    return row


def judge_record(record: Record) -> Verdict:
    """What a record of a web archive means for its URL."""
    if record.problem is not None:
        return Verdict(Outcome.FAILED, Reason.BAD_RESPONSE, f"WARC record at {record.offset}: {record.problem}")
    if record.kind not in ("response", "resource"):
        return Verdict(Outcome.FAILED, Reason.BAD_RESPONSE, f"a {record.kind} record has no page of its own")
    verdict = judge_status(record.status)
    if verdict.outcome is not Outcome.FETCHED:
        return verdict
    return judge_content_type(record.content_type) or verdict


def _digest(folder: DataFolder, uri: str, record: Record) -> str | None:
    """The payload's digest as we spell it; made from the payload where the archive gives none, or another kind."""
    if record.kind not in ("response", "resource") or record.problem is not None:
        return None
    written = record.digest
    if written is not None and written.startswith("sha1:") and len(written) == len("sha1:") + 32:
        return written.upper().replace("SHA1:", "sha1:")
    return payload_digest(read_record(folder, uri, record.offset).payload)


def _body_bytes(record: Record) -> int | None:
    length = record.header("Content-Length") if record.status is not None else record.warc_header("Content-Length")
    return int(length) if length and length.isascii() and length.isdigit() and len(length) < 16 else None


def _read(path: Path, limit: int) -> tuple[bytes | None, datetime]:
    """The bytes of a regular file (None: more than the limit) and its last change.

    Raises:
        OSError: it cannot be read, or is no regular file (a pipe would never end).
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise OSError(0, "not a regular file")
        seconds, nanoseconds = divmod(state.st_mtime_ns, 10**9)
        changed_at = datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=nanoseconds // 1000)
        body = file.read(limit + 1)
        return (None if len(body) > limit else body), changed_at
