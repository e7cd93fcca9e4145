"""Archives of others, and damaged ones: what can be read is read, and what cannot is named."""

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tasks.io.captures import decoded_body, iter_records, payload_digest, read_record
from tasks.io.folder import DataFolder


def record_bytes(
    number: int, body: bytes = b"<p>x</p>", length: int | str | None = None, *, http: bool = True
) -> bytes:
    """A WARC record as another tool might write it; `length` is what it says of itself (empty: nothing)."""
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode() if http else b""
    )
    block = head + body
    said = len(block) if length is None else length
    field = f"Content-Length: {said}\r\n" if said != "" else ""
    return (
        f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{number:08d}-0000-0000-0000-000000000000>\r\n"
        f"WARC-Date: 2024-05-01T02:15:00Z\r\nWARC-Target-URI: http://a.test/{number}\r\n"
        f"Content-Type: application/http; msgtype=response\r\n{field}\r\n"
    ).encode() + block + b"\r\n\r\n"  # fmt: skip


def members(*records: bytes) -> bytes:
    """One gzip member a record."""
    return b"".join(gzip.compress(record, 1) for record in records)


def broken(data: bytes, at: int = -6) -> bytes:
    """The bytes with one of them turned round."""
    copy = bytearray(data)
    copy[at] ^= 0xFF
    return bytes(copy)


FIRST, LAST = record_bytes(0), record_bytes(2)
DAMAGED: dict[str, tuple[Callable[[], bytes], list[str], str | None]] = {
    # name: file, targets in order (? is an unreadable stretch), problem of the second record
    "sound": (lambda: members(FIRST, record_bytes(1), LAST), ["0", "1", "2"], None),
    "plain": (lambda: FIRST + record_bytes(1) + LAST, ["0", "1", "2"], None),
    "whole-file gzip": (lambda: gzip.compress(FIRST + record_bytes(1) + LAST), ["0", "1", "2"], None),
    "no length": (lambda: members(FIRST, record_bytes(1, length=""), LAST), ["0", "1", "2"], "no Content-Length"),
    "no length, plain": (lambda: FIRST + record_bytes(1, length="") + LAST, ["0", "1", "2"], "no Content-Length"),
    "negative": (lambda: members(FIRST, record_bytes(1, length=-5), LAST), ["0", "1", "2"], "no Content-Length"),
    "too short": (lambda: members(FIRST, record_bytes(1, length=10), LAST), ["0", "1", "2"], "no HTTP header"),
    "too long": (lambda: members(FIRST, record_bytes(1, length=999), LAST), ["0", "1", "2"], "truncated"),
    "too long, plain": (lambda: FIRST + record_bytes(1, length=999) + LAST, ["0", "1", "2"], "truncated"),
    "crc": (
        lambda: members(FIRST) + broken(members(record_bytes(1))) + members(LAST),
        ["0", "?", "2"],
        "unreadable",
    ),
    "bit": (
        lambda: members(FIRST) + broken(members(record_bytes(1, os.urandom(3000))), 1500) + members(LAST),
        ["0", "?", "2"],
        "unreadable",
    ),
    "garbage between": (lambda: members(FIRST) + b"\0" * 300 + members(LAST), ["0", "2"], None),
    "no HTTP": (lambda: members(FIRST, record_bytes(1, b"\0\1", http=False), LAST), ["0", "1", "2"], "no HTTP header"),
    "bare line ends": (
        lambda: members(FIRST, record_bytes(1, b"HTTP/1.1 200 OK\nA: b\n\nhi", http=False), LAST),
        ["0", "1", "2"],
        None,
    ),
    "torn end": (lambda: members(FIRST) + members(record_bytes(1, os.urandom(9000)))[:-4000], ["0", "1"], "truncated"),
    "no archive": (lambda: os.urandom(2000), ["?"], None),
    "empty": (lambda: b"", [], None),
}


@pytest.mark.faults
@pytest.mark.parametrize("case", DAMAGED)
def test_C15_damage_costs_only_what_it_hit(tmp_path: Path, case: str) -> None:
    """Records before and behind a damaged one are read; the damaged one is given with what is wrong with it."""
    make, targets, problem = DAMAGED[case]
    path = tmp_path / "x.warc.gz"
    path.write_bytes(make())
    found = list(iter_records(path))
    assert [(record.target_uri or "?").rsplit("/", 1)[-1] for record in found] == targets
    if len(found) > 1:
        assert (found[1].problem or "None").startswith(str(problem))
    if case not in ("whole-file gzip", "garbage between"):
        assert sum(record.length or 0 for record in found) == path.stat().st_size
    folder = DataFolder(tmp_path)
    for record in found:
        alone = read_record(folder, path.as_uri(), record.offset)
        assert (alone.payload, alone.problem) == (record.payload, record.problem)


@pytest.mark.faults
def test_C15_chunks_that_an_archive_kept_are_undone(tmp_path: Path) -> None:
    """Some archives keep the framing of chunked bodies; the page comes out without."""
    block = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
    path = tmp_path / "x.warc.gz"
    path.write_bytes(members(record_bytes(1, block, http=False)))
    record = next(iter_records(path))
    assert decoded_body(record) == b"hello world"


@pytest.mark.shared
def test_real_pages_are_read(shared: Path, tmp_path: Path) -> None:
    """All 421 records of a real archive come flawless, by iteration and one by one."""
    path = shared / "pages" / "news424.warc.gz"
    heads = [record for record in iter_records(path, with_payload=False) if record.kind == "response"]
    assert len(heads) == 421
    assert {record.status for record in heads} == {200}
    for head in heads[::60]:
        record = read_record(DataFolder(tmp_path), path.as_uri(), head.offset)
        assert record.problem is None
        assert record.target_uri == head.target_uri
        assert payload_digest(record.payload) == head.digest


def test_an_old_archive_is_read(tmp_path: Path) -> None:
    """WARC 1.0, angle brackets round the URI, a digest in hexadecimal, a date without a zone."""
    body = b"<p>x</p>"
    text = record_bytes(1, body).replace(b"WARC/1.1", b"WARC/1.0").replace(b"http://a.test/1", b"<http://a.test/1>")
    path = tmp_path / "old.warc"
    path.write_bytes(text)
    record = next(iter_records(path))
    assert (record.target_uri, record.payload, record.problem) == ("http://a.test/1", body, None)
