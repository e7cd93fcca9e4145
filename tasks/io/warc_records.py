"""The bytes of WARC 1.1 records (ISO 28500:2017). Pure: no file, no clock.

What does not belong here: where records are kept (`captures`) and how they are read (`warc_read`).
"""

import base64
import hashlib
import json
import re
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from tasks.io.access import REDACTED
from tasks.io.exchange import Exchange, Headers

ROW_FIELD = "Copydesk-Row"
"""Named field with the Capture row as ASCII JSON, so that a killed run's rows can be made again from its files."""

REVISIT_PROFILE = {
    "identical-payload-digest": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
    "server-not-modified": "http://netpreserve.org/warc/1.1/revisit/server-not-modified",
}
SECRET_HEADERS = re.compile(
    rb"(?:set-)?cookie2?|(?:proxy-)?authorization|authentication-info|x-(?:api-key|auth-token|csrf-token|amz-security-token)",
    re.IGNORECASE,
)
"""Headers whose values are credentials. Matches: Set-Cookie, authorization. Not: Cookie-Policy, ETag."""
PACKED_ALREADY = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})
"""Content encodings whose bodies another packing makes no smaller."""
PACKED, STORED = 1, 0
"""Levels of the gzip member: packed lightly, or laid in as it is."""

BLANK = "WARC-Date: 1970-01-01T00:00:00Z\r\nCopydesk-Forgotten: yes\r\n"
"""What the head of a blanked record says; a date must be there (ISO 28500, section 5.4)."""

_RENAMED = {b"transfer-encoding": b"X-Archive-Orig-Transfer-Encoding"}
_BREAKS = re.compile(r"[\r\n\x00]+")


@dataclass(frozen=True)
class Block:
    """What one record holds: its type, its block, and what the WARC header says of it."""

    kind: str
    content: bytes
    content_type: str
    payload_digest: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    level: int = PACKED


def payload_digest(body: bytes) -> str:
    """The digest of a body as WARC-Payload-Digest spells it: `sha1:` and base32 in capitals."""
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode("ascii")


def http_head(exchange: Exchange) -> bytes:
    """Status line and headers as they came, but de-chunked: Content-Length fits the body, secrets are redacted."""
    reason = exchange.reason.encode("latin-1", "replace")
    lines = [b"HTTP/%s %d %s" % (exchange.http_version.encode("ascii"), exchange.status, reason)]
    lines += [name + b": " + value for name, value in archived_headers(exchange)]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def archived_headers(exchange: Exchange) -> Headers:
    """The headers to keep with a de-chunked body.

    A Content-Length that does not fit (a chunked or cut body) moves to X-Archive-Orig-Content-Length.
    """
    length = b"%d" % len(exchange.body)
    bodiless = exchange.status in (204, 304)
    kept: list[tuple[bytes, bytes]] = []
    has_length = bodiless
    for name, value in exchange.headers:
        lower = name.lower()
        if lower == b"content-length" and not bodiless:
            if has_length or value.strip() != length:
                name = b"X-Archive-Orig-Content-Length"
            else:
                has_length = True
        kept.append((_RENAMED.get(lower, name), REDACTED if SECRET_HEADERS.fullmatch(name) else value))
    if not has_length:
        kept.append((b"Content-Length", length))
    return tuple(kept)


def response_block(exchange: Exchange, digest: str | None = None) -> Block:
    """A whole (or, if it says so, a cut) response; `digest` is its body's, where that is known already."""
    fields = (("WARC-Truncated", exchange.truncated),) if exchange.truncated else ()
    content = http_head(exchange) + exchange.body
    kind, digest = "application/http; msgtype=response", digest or payload_digest(exchange.body)
    encodings = (exchange.header("Content-Encoding") or "").lower().split(",")
    level = STORED if encodings[-1].strip() in PACKED_ALREADY else PACKED
    return Block("response", content, kind, digest, fields, level)


def revisit_block(exchange: Exchange, digest: str | None) -> Block:
    """A response whose body is known already: only its head, and the digest of the body it stands for."""
    profile = "server-not-modified" if exchange.status == 304 else "identical-payload-digest"
    fields = (("WARC-Profile", REVISIT_PROFILE[profile]), ("WARC-Truncated", "length"))
    head = http_head(exchange)
    return Block("revisit", head, "application/http; msgtype=response", digest, fields)


def resource_block(body: bytes, content_type: str) -> Block:
    """A file that came without HTTP."""
    return Block("resource", body, content_type, payload_digest(body))


def fields_block(kind: str, values: Mapping[str, str]) -> Block:
    """A warcinfo or metadata record: named values as application/warc-fields."""
    lines = [f"{name}: {_BREAKS.sub(' ', value)}\r\n" for name, value in values.items()]
    return Block(kind, "".join(lines).encode("utf-8"), "application/warc-fields")


def record_id() -> str:
    """A new WARC-Record-ID, which nobody can guess."""
    return f"<urn:uuid:{uuid4()}>"


def render(
    block: Block,
    target: str | None,
    moment: datetime,
    row: Mapping[str, Any] | None = None,
    *,
    own_id: str | None = None,
    warcinfo_id: str | None = None,
) -> bytes:
    """One record, uncompressed, with its two closing line ends.

    Args:
        block: what it holds.
        target: the URL that it is of.
        moment: when it came.
        row: its Capture row.
        own_id: its WARC-Record-ID; by default a new one.
        warcinfo_id: the id of its file's warcinfo record, by which the file's own records are told from forged ones.
    """
    fields = [
        ("WARC-Type", block.kind),
        ("WARC-Record-ID", own_id or record_id()),
        ("WARC-Date", warc_date(moment)),
    ]
    if warcinfo_id:
        fields.append(("WARC-Warcinfo-ID", warcinfo_id))
    if target:
        fields.append(("WARC-Target-URI", target))
    fields += block.fields
    if block.payload_digest:
        fields.append(("WARC-Payload-Digest", block.payload_digest))
    fields.append(("WARC-Block-Digest", payload_digest(block.content)))
    if row is not None:
        fields.append((ROW_FIELD, json.dumps(row, separators=(",", ":"), default=_json)))
    fields += [("Content-Type", block.content_type), ("Content-Length", str(len(block.content)))]
    head = "".join(f"{name}: {_BREAKS.sub(' ', value)}\r\n" for name, value in fields)
    return b"WARC/1.1\r\n" + head.encode("utf-8", "replace") + b"\r\n" + block.content + b"\r\n\r\n"


def compress(record: bytes, level: int = PACKED) -> bytes:
    """One record as one gzip member, the same bytes for the same record (no time in its head)."""
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(record) + packer.flush()


_STORED_BLOCK = 65_535
"""Most bytes of a stored block of deflate (RFC 1951, section 3.2.4); each has five more for its head."""


def blank_member(length: int) -> bytes:
    """A gzip member of exactly so many bytes with one record that says only that something was forgotten here.

    Nothing is packed in it: stored blocks of deflate can be given any length.

    Raises:
        ValueError: so few bytes hold no record.
    """
    blocks = -(-(length - 18) // (_STORED_BLOCK + 5))
    size = length - 18 - 5 * blocks
    head = f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: {record_id()}\r\n{BLANK}Content-Length: "
    spaces = size - len(head) - len("0123456789\r\n\r\n\r\n\r\n")
    if spaces < 0:
        raise ValueError(f"{length} bytes are too few for a record")
    record = f"{head}{spaces:010d}\r\n\r\n{' ' * spaces}\r\n\r\n".encode("ascii")
    member = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    for number in range(blocks):
        part = record[number * _STORED_BLOCK : (number + 1) * _STORED_BLOCK]
        member += struct.pack("<BHH", number == blocks - 1, len(part), len(part) ^ 0xFFFF) + part
    return member + struct.pack("<II", zlib.crc32(record), len(record) & 0xFFFFFFFF)


def warc_date(moment: datetime) -> str:
    """A moment as WARC-Date spells it: UTC, with microseconds.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _json(value: object) -> str:
    if isinstance(value, datetime):
        return warc_date(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
