"""Content encodings: undone within limits, lenient where browsers are, never a bomb in memory."""

import gzip
import os
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Reason
from tasks.io.decode import MAX_MEMBERS, BodyLimits, DecodeError, dechunk, decode_body


def raw_deflate(data: bytes) -> bytes:
    """A deflate stream without zlib's frame."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def quick_brotli(data: bytes) -> bytes:
    """Brotli at a level that costs a test little."""
    packed: bytes = brotli.compress(data, quality=4)
    return packed


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZIP", gzip.compress),
    "two members": ("gzip", lambda data: gzip.compress(data[:3]) + gzip.compress(data[3:])),
    "junk behind": ("gzip", lambda data: gzip.compress(data) + b"\0\0junk"),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw_deflate),
    "br": ("br", quick_brotli),
    "zstd": ("zstd", zstd.compress),
    "gzip over br": ("br, gzip", lambda data: gzip.compress(quick_brotli(data))),
    "identity": ("identity", lambda data: data),
    "none": ("", lambda data: data),
    "unknown": ("x-rot13", lambda data: data),
}


@pytest.mark.parametrize("name", PACKERS)
@given(data=st.binary(max_size=2000))
def test_what_was_packed_comes_back(name: str, data: bytes) -> None:
    """Any bytes, through each encoding, come back as they were."""
    encoding, pack = PACKERS[name]
    assert decode_body(pack(data), encoding) == data


def test_large_bodies_come_back_whole() -> None:
    """Bodies beyond the decoders' steps lose nothing at the seams."""
    data = os.urandom(900_000) + b"<p>x</p>" * 200_000
    for encoding, pack in PACKERS.values():
        assert decode_body(pack(data), encoding) == data


BOMBS = {
    "gzip": lambda: gzip.compress(b"\0" * 30_000_000),
    "br": lambda: brotli.compress(b"\0" * 30_000_000, quality=5),
    "zstd": lambda: zstd.compress(b"\0" * 30_000_000),
    "deflate": lambda: zlib.compress(b"\0" * 30_000_000),
    "gzip, gzip": lambda: gzip.compress(gzip.compress(b"\0" * 30_000_000)),
    "gzip, gzip, gzip, gzip": lambda: b"x",
}


@pytest.mark.faults
@pytest.mark.parametrize("encoding", BOMBS)
def test_A9_bombs_are_refused_in_bounded_memory(encoding: str) -> None:
    """A body that grows a thousandfold is stopped long before it is held whole."""
    body = BOMBS[encoding]()
    tracemalloc.start()
    with pytest.raises(DecodeError) as caught:
        decode_body(body, encoding)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.reason is Reason.BOMB
    assert peak < 20_000_000


@pytest.mark.faults
def test_A9_many_tiny_members_are_refused() -> None:
    """A million empty gzip members would cost time without growing."""
    with pytest.raises(DecodeError, match="members"):
        decode_body(gzip.compress(b"") * (MAX_MEMBERS + 1), "gzip")


def test_the_byte_limit_counts_too() -> None:
    """A body that does not compress well is refused at the limit of bytes."""
    limits = BodyLimits(max_bytes=100_000)
    with pytest.raises(DecodeError, match="grew beyond"):
        decode_body(gzip.compress(os.urandom(200_000)), "gzip", limits)
    assert len(decode_body(gzip.compress(os.urandom(100_000)), "gzip", limits)) == 100_000


@pytest.mark.faults
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_A10_a_plain_body_that_claims_to_be_packed_is_taken_as_it_is(encoding: str) -> None:
    """Servers that label plain pages as packed are read as browsers read them."""
    body = "<html><p>schön</p></html>".encode()
    assert decode_body(body, encoding) == body


@pytest.mark.faults
@pytest.mark.parametrize("name", ["gzip", "two members", "deflate", "br", "zstd"])
def test_A10_a_body_that_ends_too_early_is_told(name: str) -> None:
    """A cut body is never taken for a whole one."""
    encoding, pack = PACKERS[name]
    with pytest.raises(DecodeError) as caught:
        decode_body(pack(os.urandom(5000))[:-20], encoding)
    assert caught.value.reason is Reason.TRUNCATED


@pytest.mark.faults
def test_A10_a_damaged_body_is_told() -> None:
    """A wrong checksum is a reason of its own."""
    packed = bytearray(gzip.compress(os.urandom(500)))
    packed[-6] ^= 0xFF
    with pytest.raises(DecodeError) as caught:
        decode_body(bytes(packed), "gzip")
    assert caught.value.reason is Reason.BAD_ENCODING


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (b"5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: a\r\n\r\n", b"hello!"),
        (b"hello", b"hello"),
        (b"<html>5\r\nhello", b"<html>5\r\nhello"),
        (b"5\r\nhel", b"hel"),
        (b"", b""),
    ],
)
def test_dechunk(body: bytes, expected: bytes) -> None:
    """Frames are undone; what is no frame is left alone."""
    assert dechunk(body) == expected
