"""One WARC record as it was read: its fields, its HTTP head, its payload, and what is wrong with it.

What does not belong here: files and offsets; `warc_read` walks through those.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

from fastwarc import WarcRecord

from tasks.io.decode import BodyLimits, dechunk, decode_body
from tasks.io.exchange import Headers
from tasks.io.warc_records import ROW_FIELD

MAX_BLOCK = 100_000_000
"""Most bytes of a record that are held; a longer one is cut, and says so."""
HEAD_BYTES = 65_536
"""What is read of a record when its payload is not wanted: more than any HTTP head we accept."""
RECORD_START = b"WARC/1."
NEXT_RECORD = b"\r\n\r\n" + RECORD_START


@dataclass(frozen=True)
class Record:
    """One WARC record. `payload` is what the server sent: still content-encoded, for some archives still chunked."""

    kind: str
    """warcinfo, response, resource, revisit, metadata ...; `unknown` when the record could not be read."""
    target_uri: str | None
    date: datetime | None
    """WARC-Date, UTC."""
    warc_headers: tuple[tuple[str, str], ...]
    status: int | None
    """HTTP status; None for a record without HTTP."""
    http_headers: Headers
    payload: bytes
    offset: int
    length: int | None = None
    """Bytes of the record in the file, where that was asked for."""
    problem: str | None = None
    """What is wrong with the record: truncated, bad digest, no Content-Length ...; None: nothing."""

    def warc_header(self, name: str) -> str | None:
        """The first WARC field of that name."""
        wanted = name.lower()
        return next((value for key, value in self.warc_headers if key.lower() == wanted), None)

    def header(self, name: str) -> str | None:
        """The first HTTP header of that name as text; never raises on odd bytes."""
        wanted = name.lower().encode("ascii")
        found = next((value for key, value in self.http_headers if key.lower() == wanted), None)
        return None if found is None else found.decode("utf-8", "replace").strip()

    @property
    def content_type(self) -> str | None:
        """The payload's Content-Type: HTTP's, or for a record without HTTP the record's own."""
        return self.warc_header("Content-Type") if self.status is None else self.header("Content-Type")

    @property
    def digest(self) -> str | None:
        """WARC-Payload-Digest as it is written."""
        return self.warc_header("WARC-Payload-Digest")

    @property
    def row(self) -> dict[str, Any] | None:
        """The Capture row that was written with the record (without its place); None for records of others."""
        text = self.warc_header(ROW_FIELD)
        return None if text is None else cast("dict[str, Any]", json.loads(text))


def decoded_body(record: Record, limits: BodyLimits | None = None) -> bytes:
    """The record's payload with transfer and content encodings undone.

    Raises:
        DecodeError: BOMB beyond the limits, TRUNCATED when it ends too early, BAD_ENCODING when it is damaged.
    """
    body = record.payload
    if "chunked" in (record.header("Transfer-Encoding") or "").lower():
        body = dechunk(body)
    return decode_body(body, record.header("Content-Encoding"), limits)


def parse_record(raw: WarcRecord, with_payload: bool) -> tuple[Record, bool]:
    """The record, and whether it swallowed the one behind it."""
    fields = tuple(raw.headers.to_tuples())
    block = raw.reader.read(MAX_BLOCK if with_payload else HEAD_BYTES)
    record = Record(
        kind=next((value.strip().lower() for name, value in fields if name.lower() == "warc-type"), "unknown"),
        target_uri=None, date=None, warc_headers=fields, status=None, http_headers=(),
        payload=block, offset=raw.stream_pos,
    )  # fmt: skip
    record = replace(record, target_uri=_target(record), date=_date(record.warc_header("WARC-Date")))
    is_http = (record.warc_header("Content-Type") or "").lower().startswith("application/http")
    if is_http:
        record = _with_http(record, block)
    length = record.warc_header("Content-Length")
    problem = record.problem if length and length.strip().isdigit() else "no Content-Length"
    runs_over = NEXT_RECORD in block
    if with_payload and problem is None:
        problem = _flaw(record, block, int(length or 0))
    if not with_payload:
        record = replace(record, payload=b"")
    return replace(record, problem=problem), runs_over


def _with_http(record: Record, block: bytes) -> Record:
    """Split the block into status, headers and payload; line ends may be bare LF."""
    cuts = [(at, len(end)) for end in (b"\r\n\r\n", b"\n\n") if (at := block.find(end)) >= 0]
    if not block.startswith(b"HTTP/") or not cuts:
        return replace(record, problem="no HTTP header")
    cut, width = min(cuts)
    first, *lines = block[:cut].splitlines()
    words = first.split(None, 2)
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else None
    headers = tuple(
        (name.strip(), value.strip()) for name, colon, value in (line.partition(b":") for line in lines) if colon
    )
    problem = None if status is not None else "no HTTP status"
    return replace(record, status=status, http_headers=headers, payload=block[cut + width :], problem=problem)


def _flaw(record: Record, block: bytes, length: int) -> str | None:
    """What is wrong with a record that was read whole."""
    if length > MAX_BLOCK:
        return "too large"
    if len(block) < length:
        return "truncated"
    name, content = (
        ("WARC-Block-Digest", block) if record.kind == "revisit" else ("WARC-Payload-Digest", record.payload)
    )
    wanted = record.warc_header(name)
    if wanted is None or _agrees(wanted, content):
        return None
    if "chunked" in (record.header("Transfer-Encoding") or "").lower() and _agrees(wanted, dechunk(content)):
        return None
    return "bad digest"


def _agrees(written: str, content: bytes) -> bool:
    """Whether a labelled digest (base32 or hexadecimal) is the content's; True for algorithms we do not know."""
    algorithm, _, value = written.strip().partition(":")
    if algorithm.lower().replace("-", "") not in {"sha1", "md5", "sha256", "sha512"}:
        return True
    made = hashlib.new(algorithm.lower().replace("-", ""), content, usedforsecurity=False)
    base32 = base64.b32encode(made.digest()).decode("ascii").rstrip("=")
    return value.upper().rstrip("=") == base32 or value.lower() == made.hexdigest()


def _target(record: Record) -> str | None:
    """WARC-Target-URI; some writers of WARC 1.0 put it in angle brackets."""
    target = record.warc_header("WARC-Target-URI")
    return None if target is None else target.strip().removeprefix("<").removesuffix(">")


def _date(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def unreadable_record(offset: int, why: str) -> Record:
    """What stands for a stretch of a file that is no record."""
    return Record("unknown", None, None, (), None, (), b"", offset, problem=f"unreadable: {why}")
