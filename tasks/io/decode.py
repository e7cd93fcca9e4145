"""Undo content encodings (gzip, deflate, br, zstd) within limits, so that no bomb ever fills the memory.

What does not belong here: character encodings; those are parse's.
"""

import re
import sys
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import brotli

from schemas.reasons import Reason

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
GZIP_MAGIC = b"\x1f\x8b"
STEP = 262_144
"""Most bytes that a decoder gives at a time."""
SLICE = 65_536
"""Most bytes that a decoder takes at a time."""
MAX_MEMBERS = 100
"""gzip members in one body; more are an attack on our time."""

_CHUNK_SIZE = re.compile(rb"(?:\r\n)?([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
"""The line before a chunk. Matches: 1f;x=y CRLF. Does not match: hello CRLF."""


@dataclass(frozen=True)
class BodyLimits:
    """How far a body may grow when its content encodings are undone."""

    max_bytes: int = 64_000_000
    max_ratio: float = 200.0
    """Decoded bytes for each encoded byte, counted once the body has passed `ratio_floor` bytes."""
    ratio_floor: int = 4_000_000
    max_encodings: int = 3
    """Encodings laid over one another."""


class DecodeError(Exception):
    """The body could not be decoded; `reason` is BOMB, BAD_ENCODING or TRUNCATED."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def decode_body(body: bytes, content_encoding: str | None, limits: BodyLimits | None = None) -> bytes:
    """The body with its content encodings undone, last applied first (RFC 9110 section 8.4).

    A body that claims to be compressed and is plain text (observed often) is given back as it is; so is one of
    an unknown encoding.

    >>> decode_body(b"<p>plain</p>", "gzip")
    b'<p>plain</p>'

    Raises:
        DecodeError: BOMB beyond the limits, TRUNCATED when it ends too early, BAD_ENCODING when it is damaged.
    """
    bounds = limits or BodyLimits()
    names = [name.strip().lower() for name in (content_encoding or "").split(",")]
    encodings = [name for name in names if name not in ("", "identity")]
    if len(encodings) > bounds.max_encodings:
        raise DecodeError(Reason.BOMB, f"{len(encodings)} content encodings laid over one another")
    for name in reversed(encodings):
        decoder = _DECODERS.get(name)
        if decoder is not None and body:
            body = _undo(body, name, decoder, bounds)
    return body


def dechunk(body: bytes) -> bytes:
    r"""The body without the framing of Transfer-Encoding: chunked; from the first thing that is no frame, as it is.

    Some archives keep the framing, others keep only the header that speaks of it.

    >>> dechunk(b"5\r\nhello\r\n0\r\n\r\n"), dechunk(b"hello")
    (b'hello', b'hello')
    """
    parts: list[bytes] = []
    position = 0
    while frame := _CHUNK_SIZE.match(body, position):
        size = int(frame.group(1), 16)
        if size == 0:
            return b"".join(parts)
        parts.append(body[frame.end() : frame.end() + size])
        position = frame.end() + size
    return b"".join([*parts, body[position:]])


def _undo(body: bytes, name: str, decoder: Callable[[bytes], Iterator[bytes]], limits: BodyLimits) -> bytes:
    try:
        return _collect(decoder(body), len(body), limits)
    except EOFError as error:
        raise DecodeError(Reason.TRUNCATED, f"the {name} body ends too early") from error
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        if _is_plain(body):
            return body
        raise DecodeError(Reason.BAD_ENCODING, f"not valid {name}: {error}") from error


def _collect(parts: Iterator[bytes], encoded: int, limits: BodyLimits) -> bytes:
    """Join the parts; stop at the first that passes a limit, long before a bomb is held whole."""
    kept: list[bytes] = []
    size = 0
    for part in parts:
        kept.append(part)
        size += len(part)
        if size > limits.max_bytes or (size > limits.ratio_floor and size > limits.max_ratio * encoded):
            raise DecodeError(Reason.BOMB, f"{encoded} bytes grew beyond {size}")
    return b"".join(kept)


def _is_plain(body: bytes) -> bool:
    """Whether the head is text: no control characters but white space."""
    return not any(byte < 9 or 13 < byte < 32 for byte in body[:256])


def _inflate(body: bytes, start: int, wbits: int) -> Generator[bytes, None, int]:
    """The decoded parts of one zlib stream; returns where the stream ended."""
    stream = zlib.decompressobj(wbits)
    for begin in range(start, len(body), SLICE):
        data = body[begin : begin + SLICE]
        end = begin + len(data)
        while True:
            part = stream.decompress(data, STEP)
            if part:
                yield part
            if stream.eof:
                return end - len(stream.unused_data)
            data = stream.unconsumed_tail
            if not data and len(part) < STEP:
                break
    raise EOFError


def _gzip(body: bytes) -> Iterator[bytes]:
    """The parts of gzip (RFC 1952), also several members; what follows the last one is ignored, as browsers do."""
    end = yield from _inflate(body, 0, 31)
    members = 1
    while body.startswith(GZIP_MAGIC, end):
        members += 1
        if members > MAX_MEMBERS:
            raise DecodeError(Reason.BOMB, f"more than {MAX_MEMBERS} gzip members")
        end = yield from _inflate(body, end, 31)


def _deflate(body: bytes) -> Iterator[bytes]:
    """deflate: a zlib stream by RFC 9110, a raw one by some servers."""
    is_zlib = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] * 256 + body[1]) % 31 == 0
    yield from _inflate(body, 0, 15 if is_zlib else -15)


def _brotli(body: bytes) -> Iterator[bytes]:
    """The parts of br (RFC 7932)."""
    stream = brotli.Decompressor()
    part = stream.process(body, output_buffer_limit=STEP)
    while part:
        yield part
        part = b"" if stream.is_finished() else stream.process(b"", output_buffer_limit=STEP)
    if not stream.is_finished():
        raise EOFError


def _zstd(body: bytes) -> Iterator[bytes]:
    """The parts of zstd (RFC 8878), one frame."""
    stream = zstd.ZstdDecompressor()
    part = stream.decompress(body, STEP)
    while part:
        yield part
        part = b"" if stream.eof else stream.decompress(b"", STEP)
    if not stream.eof:
        raise EOFError


_DECODERS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
