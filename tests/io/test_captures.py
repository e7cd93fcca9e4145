"""Captures: what is written is read back, by us and by two other readers; damage costs only what it hit."""

import gzip
import json
import os
from datetime import UTC, datetime

import pytest
from fastwarc import ArchiveIterator, WarcRecordType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from schemas.capture import Capture
from schemas.reasons import Kind, Outcome, Reason
from schemas.table import frame
from tasks.errors import DiskError
from tasks.io import captures
from tasks.io.capture_rows import Asked, Verdict, escape, keep_error, keep_exchange, keep_file, recorded_rows
from tasks.io.captures import CaptureWriter, capture_files, iter_records, payload_digest, read_record
from tasks.io.exchange import Exchange, FetchError
from tasks.io.folder import DataFolder
from tasks.io.warc_records import archived_headers, compress, render, response_block

NIGHT = datetime(2026, 3, 2, 2, 15, 7, 123456, tzinfo=UTC)
RUN = "20260302T021500Z-test"
ASKED = Asked("http://a.test/1", "a.test", "feed")


def exchange(body: bytes = b"<p>x</p>", status: int = 200, **changes: object) -> Exchange:
    """A response of http://a.test/1."""
    given_: dict[str, object] = {
        "url": "http://a.test/1",
        "final_url": "http://a.test/1",
        "status": status,
        "reason": "OK",
        "headers": ((b"Content-Type", b"text/html"),),
        "body": body,
        "captured_at": NIGHT,
    }
    return Exchange(**(given_ | changes))  # type: ignore[arg-type]  # the names are Exchange's


def writer(folder: DataFolder, name: str = "0000") -> CaptureWriter:
    """A writer of the test's run."""
    return CaptureWriter(folder, RUN, NIGHT, name)


TOKEN = st.from_regex(rb"[A-Za-z][A-Za-z0-9-]{0,20}", fullmatch=True)
VALUE = st.binary(max_size=40).map(lambda raw: bytes(byte for byte in raw if byte not in b"\r\n\0").strip())

HEADERS = st.lists(st.tuples(TOKEN, VALUE), max_size=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(headers=HEADERS, body=st.binary(max_size=5000), status=st.integers(200, 599))
def test_any_response_comes_back_as_it_was(
    folder: DataFolder, headers: list[tuple[bytes, bytes]], body: bytes, status: int
) -> None:
    """Whatever headers and bytes a server sends, our reader gives them back, flawless and at their place."""
    sent = exchange(body, status, headers=tuple(headers))
    with writer(folder) as out:
        out.write_response(exchange(b"before"))
        place = out.write_response(sent)
        out.write_response(exchange(b"behind"))
    record = read_record(folder, place.uri, place.offset, with_length=True)
    assert (record.payload, record.status, record.problem) == (body, status, None)
    assert record.http_headers == archived_headers(sent)
    assert (record.length, record.digest) == (place.length, payload_digest(body))
    assert record.date == NIGHT
    assert record.target_uri == "http://a.test/1"


def test_two_other_readers_agree(folder: DataFolder) -> None:
    """Both warcio and fastwarc read our file, with all digests right."""
    bodies = [b"", b"<p>one</p>", os.urandom(70_000), gzip.compress(b"<p>coded</p>")]
    with writer(folder) as out:
        for number, body in enumerate(bodies):
            out.write_response(exchange(body, final_url=f"http://a.test/{number}"))
        out.write_revisit(exchange(b"", 304), payload_digest(b"<p>one</p>"))
        out.write_absence("http://a.test/gone", NIGHT, "dns", "no such\r\nname")
        out.write_resource("file:///x/a.txt", NIGHT, b"text", "text/plain")
    path = folder.captures / "run_date=2026-03-02" / f"{RUN}-0000.warc.gz"
    with path.open("rb") as file:
        seen = [
            (record.rec_type, record.raw_stream.read(), record.rec_headers.get_header("WARC-Target-URI"))
            for record in WarcioIterator(file, check_digests="raise")
        ]
    assert [kind for kind, _, _ in seen] == ["warcinfo", *["response"] * 4, "revisit", "metadata", "resource"]
    assert [body for kind, body, _ in seen if kind == "response"] == bodies
    assert seen[-2] == ("metadata", b"fetch-error: dns\r\ndetail: no such name\r\n", "http://a.test/gone")
    assert seen[-1] == ("resource", b"text", "file:///x/a.txt")
    fast = [
        (record.verify_payload_digest(), record.reader.read())
        for record in ArchiveIterator(str(path), record_types=WarcRecordType.response)
    ]
    assert fast == [(True, body) for body in bodies]


@pytest.mark.parametrize(
    ("encoding", "is_stored"),
    [
        (b"gzip", True),
        (b"X-GZIP", True),
        (b"br", True),
        (b"zstd", True),
        (b"gzip, br", True),
        (b"identity", False),
        (b"gzip, identity", False),
        (b"", False),
        (b"\xff", False),
    ],
)
def test_a_body_that_came_packed_is_not_packed_again(folder: DataFolder, encoding: bytes, is_stored: bool) -> None:
    """Such a record is laid into its gzip member as it is; all others are packed. Both are read back alike."""
    body = bytes(5000)
    with writer(folder) as out:
        place = out.write_response(exchange(body, headers=((b"Content-Encoding", encoding),)))
    raw = folder.resolve(place.uri).read_bytes()[place.offset :]
    assert (body in raw) is is_stored
    record = read_record(folder, place.uri, place.offset)
    assert (record.payload, record.problem) == (body, None)


def test_chunked_and_secret_headers_are_rewritten(folder: DataFolder) -> None:
    """The body is kept de-chunked, so the length is right; credentials never reach the disk."""
    headers = (
        (b"Transfer-Encoding", b"chunked"),
        (b"Content-Length", b"999"),
        (b"Set-Cookie", b"session=secret"),
        (b"x-api-key", b"secret"),
        (b"ETag", b'"kept"'),
    )
    with writer(folder) as out:
        place = out.write_response(exchange(b"hello", headers=headers))
    record = read_record(folder, place.uri, place.offset)
    assert record.http_headers == (
        (b"X-Archive-Orig-Transfer-Encoding", b"chunked"),
        (b"X-Archive-Orig-Content-Length", b"999"),
        (b"Set-Cookie", b"[redacted]"),
        (b"x-api-key", b"[redacted]"),
        (b"ETag", b'"kept"'),
        (b"Content-Length", b"5"),
    )
    assert b"secret" not in gzip.decompress(folder.resolve(place.uri).read_bytes())


def test_a_second_writer_takes_the_next_file(folder: DataFolder) -> None:
    """A writer never touches a file that is there, not even one of its own name with a torn end."""
    with writer(folder) as out:
        place = out.write_response(exchange(b"first"), {"url": "1"})
        out.write_response(exchange(b"torn"), {"url": "2"})
    path = folder.resolve(place.uri)
    path.write_bytes(path.read_bytes()[:-40])
    before = path.read_bytes()
    with writer(folder) as out:
        other = out.write_response(exchange(b"again"), {"url": "3"})
    assert path.read_bytes() == before
    assert other.uri.endswith(f"{RUN}-0000.r2.warc.gz")
    names = [file.name for file in capture_files(folder, RUN, "0000")]
    assert names == [f"{RUN}-0000.warc.gz", f"{RUN}-0000.r2.warc.gz"]
    assert [row["url"] for row in recorded_rows(folder, RUN, "0000")] == ["1", "3"]


def test_a_row_that_a_server_forged_is_never_ours(folder: DataFolder) -> None:
    """The body behind a torn record may unpack to a whole record with a row: it is not of this file, so it is none."""
    with writer(folder) as out:
        out.write_response(exchange(b"whole"), {"url": "1"})
    forged = [
        compress(render(response_block(exchange(b"evil")), "http://a.test/9", NIGHT, {"url": "9"}, warcinfo_id=named))
        for named in (None, "<urn:uuid:00000000-0000-0000-0000-000000000000>")
    ]
    for body in forged:
        with writer(folder, "torn") as out:
            place = out.write_response(
                exchange(body, headers=((b"Content-Encoding", b"gzip"),)), {"url": "2", "detail": "x" * 300}
            )
        torn = folder.resolve(place.uri)
        data = torn.read_bytes()
        # A power cut may leave the pages of a file that came late and not the one before them.
        torn.write_bytes(data[: place.offset] + bytes(64) + data[place.offset + 64 :])
    read = [record for path in capture_files(folder, RUN, "torn") for record in iter_records(path)]
    assert any(record.row == {"url": "9"} for record in read), "the test tests nothing: no forged record was met"
    assert list(recorded_rows(folder, RUN, "torn")) == []
    assert [row["url"] for row in recorded_rows(folder, RUN, "0000")] == ["1"]


def test_files_of_another_shard_are_not_taken_for_ours(folder: DataFolder) -> None:
    """The name 1 is neither 10 nor 1.r2x."""
    for name in ("1", "10", "1.r2x"):
        with writer(folder, name) as out:
            out.write_response(exchange(), {"url": name})
    assert [row["url"] for row in recorded_rows(folder, RUN, "1")] == ["1"]


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "a.r2", "a b"])
def test_names_that_are_no_file_names_are_refused(folder: DataFolder, name: str) -> None:
    """Nothing is written outside of its folder or under a name that means another file."""
    with pytest.raises(ValueError, match="not a name"):
        writer(folder, name)


def test_rows_come_back_from_the_records(folder: DataFolder) -> None:
    """Each row that was made with a record is made again from it, equal to the column."""
    no_name = FetchError(Reason.DNS, "no\nname", attempt_count=2)
    with writer(folder) as out:
        rows = [
            keep_exchange(out, ASKED, exchange("<p>ä</p>".encode(), attempt_count=3), Verdict(Outcome.FETCHED)),
            keep_exchange(out, ASKED, exchange(b"", 304), Verdict(Outcome.NOT_MODIFIED), known_digest="sha1:KNOWN"),
            keep_error(out, ASKED, no_name, Verdict(Outcome.FAILED, Reason.DNS), NIGHT),
            keep_file(out, Asked("file:///a.txt", "x", "f"), b"text", "text/plain", NIGHT, Verdict(Outcome.FETCHED)),
            keep_exchange(
                out,
                Asked("http://a.test/robots.txt", "a.test", "feed", Kind.ROBOTS),
                exchange(b"User-agent: *"),
                Verdict(Outcome.FETCHED),
                robots_verdict="rules",
                crawl_delay_s=2.5,
                paused_until=NIGHT,
            ),
        ]
    assert frame(Capture, recorded_rows(folder, RUN, "0000")).equals(frame(Capture, rows))
    digests = [row.get("payload_digest") for row in rows[:3]]
    assert digests == [payload_digest("<p>ä</p>".encode()), "sha1:KNOWN", None]


def test_what_was_cut_is_marked(folder: DataFolder) -> None:
    """A response that was too large is kept cut, and says so; its digest is never taken for the page's."""
    error = FetchError(Reason.TOO_LARGE, "more than 10 bytes", exchange=exchange(b"0123456789", truncated="length"))
    with writer(folder) as out:
        row = keep_error(out, ASKED, error, Verdict(Outcome.REFUSED, Reason.TOO_LARGE), NIGHT)
    record = read_record(folder, row["capture_uri"], row["capture_offset"])
    assert record.warc_header("WARC-Truncated") == "length"
    assert row["payload_digest"] is None
    assert next(recorded_rows(folder, RUN, "0000"))["payload_digest"] is None


def test_durable_in_groups(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A group is synced when it is large or old; flush without anything new does nothing."""
    synced: list[int] = []
    real = os.fsync
    monkeypatch.setattr(captures.os, "fsync", lambda handle: (synced.append(handle), real(handle)))
    out = writer(folder)
    out.write_response(exchange())
    assert not out.is_sync_due()
    out.write_response(exchange(os.urandom(1_100_000)))
    assert out.is_sync_due()
    synced.clear()
    out.flush()
    out.flush()
    assert len(synced) == 1
    assert not out.is_sync_due()
    monkeypatch.setattr(captures, "SYNC_SECONDS", 0.0)
    out.write_response(exchange())
    assert out.is_sync_due()
    out.close()
    assert len(synced) == 2


def test_a_full_disk_is_a_clear_error(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk's no is one sentence for the user, and the file stays readable."""
    out = writer(folder)
    place = out.write_response(exchange(b"whole"), {"url": "1"})

    def full(_handle: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(captures.os, "write", full)
        with pytest.raises(DiskError, match="No space left"):
            out.write_response(exchange(b"lost"))
    out.close()
    assert [record.kind for record in iter_records(folder.resolve(place.uri))] == ["warcinfo", "response"]


@pytest.mark.faults
def test_C15_a_wrong_digest_is_flagged(folder: DataFolder) -> None:
    """A body that is not the one that was archived is told, not hidden."""
    with writer(folder) as out:
        place = out.write_response(exchange(b"<p>true</p>"))
    path = folder.resolve(place.uri)
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).replace(b"<p>true</p>", b"<p>fals</p>")))
    assert [record.problem for record in iter_records(path)] == [None, "bad digest"]


def test_a_missing_file_is_an_oserror(folder: DataFolder) -> None:
    """A capture that is not there any more is no damage but an absence."""
    with pytest.raises(FileNotFoundError):
        read_record(folder, "captures/none.warc.gz", 0)


def test_detail_cannot_forge_lines() -> None:
    """What comes from a page stays on one line, and short."""
    assert escape("a\r\nb\x1b[31m\u202e") == "a\\x0d\\x0ab\\x1b[31m\\u202e"
    assert len(escape("\0" * 1000)) == 300
    assert json.dumps(escape("curly ’ stays")) == json.dumps("curly ’ stays")
