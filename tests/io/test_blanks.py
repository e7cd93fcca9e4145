"""Records that give way to blanks of their own length: the others keep their places, and nobody sees damage."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from tasks.errors import TableError
from tasks.io.blanks import blank_own, write_blanked
from tasks.io.captures import CaptureWriter, Place, iter_records
from tasks.io.staging import RunContext
from tasks.io.warc_records import blank_member

BLOCK = 65_535 + 5


@given(length=st.integers(240, 400) | st.integers(BLOCK - 20, BLOCK + 60) | st.integers(2 * BLOCK, 2 * BLOCK + 40))
def test_a_blank_has_any_length_that_is_asked_for(length: int) -> None:
    """Also around the edges of deflate's stored blocks; it unpacks to one record of spaces."""
    member = blank_member(length)
    assert len(member) == length
    record = gzip.decompress(member)
    assert record.startswith(b"WARC/1.1\r\n")
    assert record.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("length", [0, 18, 23, 200])
def test_a_blank_cannot_be_too_short(length: int) -> None:
    """Said by an error, never by a member of another length."""
    with pytest.raises(ValueError, match="too few"):
        blank_member(length)


@pytest.fixture
def places(run: RunContext) -> list[Place]:
    """Three documents in one capture file."""
    with CaptureWriter(run.folder, run.run_id, run.now, "texts") as writer:
        return [
            writer.write_resource(f"file:///{n}", run.now, f"text {n} ".encode() * (9 ** (n * 2)), "text/plain")
            for n in range(3)
        ]


@pytest.mark.parametrize("blanked", [[0], [1], [2], [0, 2], [0, 1, 2]])
def test_the_others_stay_where_they_are(run: RunContext, places: list[Place], blanked: list[int]) -> None:
    """Offsets, lengths and content; two readers see a whole file."""
    path = run.folder.resolve(places[0].uri)
    size = path.stat().st_size
    blank_own(run, places[0].uri, [places[n].offset for n in blanked])
    records = list(iter_records(path))
    assert [record.problem for record in records] == [None] * 4
    assert [(record.offset, record.length) for record in records[1:]] == [(p.offset, p.length) for p in places]
    assert [n for n, record in enumerate(records[1:]) if record.warc_header("Copydesk-Forgotten")] == blanked
    assert path.stat().st_size == size
    with path.open("rb") as file:
        texts = [record.content_stream().read() for record in ArchiveIterator(file)][1:]
    assert [n for n, text in enumerate(texts) if f"text {n}".encode() in text] == sorted({0, 1, 2} - set(blanked))


def test_what_is_no_record_of_ours_is_refused(tmp_path: Path) -> None:
    """A place that is too short for a blank, in a file of somebody else's."""
    path = tmp_path / "x.warc.gz"
    path.write_bytes(gzip.compress(b"WARC/1.1\r\n\r\n", mtime=0))
    with pytest.raises(TableError, match="the record at byte 0 is too short"):
        write_blanked(path, {0: path.stat().st_size}, tmp_path / "y")
