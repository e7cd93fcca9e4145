"""Local files and records of archives: no network, one row each, dated by what they are."""

import gzip
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.io.capture_rows import rows_of_file, told_rows
from tasks.io.captures import iter_records, payload_digest, read_record
from tasks.io.staging import RunContext
from tests.fetch.cases import candidate, fetch, pages

CHANGED = datetime(2025, 12, 24, 18, 30, 5, 250000, tzinfo=UTC)


def write(path: Path, body: bytes = b"Headline\nText") -> Path:
    """A file that was changed on Christmas Eve."""
    path.write_bytes(body)
    os.utime(path, ns=(int(CHANGED.timestamp()) * 10**9 + 250_000_000,) * 2)
    return path


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.txt", "text/plain"),
        ("a.HTML", "text/html"),
        ("a.json", "application/json"),
        ("ä b%20.htm", "text/html"),
        ("a.xyz", "application/octet-stream"),
    ],
)
async def test_a_file_becomes_a_resource(run: RunContext, tmp_path: Path, name: str, content_type: str) -> None:
    """Its bytes are kept as they are, dated by its last change."""
    url = write(tmp_path / name).as_uri()
    await fetch(run, [candidate(url, site="desk")])
    [row] = pages(run)
    assert (row["outcome"], row["content_type"], row["site"]) == ("fetched", content_type, "desk")
    assert row["captured_at"] == CHANGED
    assert row["last_modified"] == "2025-12-24T18:30:05.250000+00:00"
    record = read_record(run.folder, row["capture_uri"], row["capture_offset"])
    assert (record.kind, record.payload, record.target_uri) == ("resource", b"Headline\nText", url)
    assert (record.date, record.content_type, record.status) == (CHANGED, content_type, None)


async def test_an_unchanged_file_is_not_modified(run: RunContext, tmp_path: Path) -> None:
    """The digest that the ledger knows says that nothing is new; nothing is written."""
    url = write(tmp_path / "a.txt").as_uri()
    known = payload_digest(b"Headline\nText")
    await fetch(run, [candidate(url, payload_digest=known)])
    [row] = pages(run)
    assert (row["outcome"], row["payload_digest"], row["capture_uri"]) == ("not_modified", known, None)
    assert not list(run.folder.captures.glob("*/*"))


BAD: dict[str, Callable[[Path], object]] = {
    "missing": lambda _: None,
    "folder": lambda path: path.mkdir(),
    "pipe": lambda path: os.mkfifo(path),
    "link to itself": lambda path: path.symlink_to(path),
}


@pytest.mark.faults
@pytest.mark.parametrize("case", BAD)
async def test_C14_what_cannot_be_read_is_recorded(run: RunContext, tmp_path: Path, case: str) -> None:
    """A file that is missing, no file, or endless fails with a reason, and is due again."""
    path = tmp_path / "a.txt"
    BAD[case](path)
    await fetch(run, [candidate(path.as_uri())])
    [row] = pages(run)
    assert (row["outcome"], row["reason"]) == ("failed", "unreadable")
    assert row["next_try_at"] > run.now


@pytest.mark.faults
async def test_C14_a_file_beyond_the_limit_is_refused(run: RunContext, tmp_path: Path) -> None:
    """A huge file is refused without being read whole; an empty one is a page like any other."""
    urls = [write(tmp_path / "huge.txt", b"x" * 5000).as_uri(), write(tmp_path / "empty.txt", b"").as_uri()]
    await fetch(run, [candidate(url) for url in urls], max_body_bytes=1000)
    assert [(row["outcome"], row["reason"]) for row in pages(run)] == [("refused", "too_large"), ("fetched", None)]


def record(status: int, body: bytes = b"<p>x</p>", kind: str = "response", head: str = "", http: bool = True) -> bytes:
    """A record as another tool writes it."""
    block = f'HTTP/1.1 {status} X\r\nContent-Type: text/html\r\nETag: "e"\r\n\r\n'.encode() * http + body
    return gzip.compress(
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://a.test/x\r\n"
        f"WARC-Date: 2025-12-24T18:30:05Z\r\n{head}"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n".encode()
        + block
        + b"\r\n\r\n"
    )


ARCHIVED = [
    (record(200), "fetched", None),
    (record(200, b"<p>y</p>"), "fetched", None),
    (record(404), "gone", "http_status"),
    (record(410), "gone", "http_status"),
    (record(403), "blocked", "http_status"),
    (record(500), "failed", "http_status"),
    (record(302), "failed", "http_status"),
    (record(200, kind="revisit"), "failed", "bad_response"),
    (record(200, b"\0", http=False), "failed", "bad_response"),
    (record(200, head="WARC-Payload-Digest: md5:AAAA\r\n"), "fetched", None),
]


@pytest.mark.faults
async def test_C15_records_of_an_archive_stay_where_they_are(run: RunContext, tmp_path: Path) -> None:
    """Each record has its row, also several of one URL; nothing is copied but a pointer to each."""
    path = tmp_path / "old.warc.gz"
    path.write_bytes(b"".join(data for data, _, _ in ARCHIVED))
    uri = path.as_uri()
    offsets = [found.offset for found in iter_records(path)]
    rows = [candidate("http://a.test/x", capture_uri=uri, capture_offset=offset) for offset in offsets]
    await fetch(run, rows)
    found = pages(run)
    assert [(row["outcome"], row["reason"]) for row in found] == [(outcome, reason) for _, outcome, reason in ARCHIVED]
    assert [(row["capture_uri"], row["capture_offset"]) for row in found] == [(uri, offset) for offset in offsets]
    assert [row["capture_length"] for row in found] == [len(data) for data, _, _ in ARCHIVED]
    assert [row["payload_digest"] for row in found[:2]] == [payload_digest(b"<p>x</p>"), payload_digest(b"<p>y</p>")]
    assert found[-1]["payload_digest"] == payload_digest(b"<p>x</p>")
    assert {row["captured_at"] for row in found} == {datetime(2025, 12, 24, 18, 30, 5, tzinfo=UTC)}
    (kept,) = run.folder.captures.glob("*/*")
    assert [(record.kind, record.status) for record in iter_records(kept)][1:] == [("metadata", None)] * len(ARCHIVED)
    assert [row["capture_offset"] for row in told_rows(run.folder, kept)] == offsets
    assert not list(rows_of_file(run.folder, kept))


async def test_an_archive_that_is_gone_fails(run: RunContext, tmp_path: Path) -> None:
    """A file that is not there any more is a failure of its records, not of the run."""
    uri = (tmp_path / "none.warc.gz").as_uri()
    await fetch(run, [candidate("http://a.test/x", capture_uri=uri, capture_offset=0)])
    assert [(row["outcome"], row["reason"]) for row in pages(run)] == [("failed", "unreadable")]


@pytest.mark.shared
async def test_a_real_archive(run: RunContext, shared: Path) -> None:
    """All 421 pages of a real archive are fetched where they lie, with the digests that the archive gives."""
    path = shared / "pages" / "news424.warc.gz"
    heads = [found for found in iter_records(path, with_payload=False) if found.kind == "response"]
    rows = [candidate(head.target_uri or "", capture_uri=path.as_uri(), capture_offset=head.offset) for head in heads]
    summary = await fetch(run, rows)
    assert summary.outcomes == {"fetched": 421}
    found = pages(run)
    assert [row["payload_digest"] for row in found] == [head.digest for head in heads]
    assert [row["capture_length"] for row in found] == [head.length for head in heads]
