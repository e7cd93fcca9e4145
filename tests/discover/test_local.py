"""Folders of documents and web archives: what is listed, what is left out, and that nothing outside is touched."""

import gzip
import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from schemas.reasons import Reason
from tasks.discover.items import Listing, ListingError
from tasks.discover.local import file_url, list_folder, list_warcs, site_of_document
from tasks.io.captures import CaptureWriter
from tasks.io.exchange import Exchange
from tasks.io.folder import DataFolder
from tests.conftest import NIGHT


def names(listing: Listing) -> list[str]:
    """The last part of each URL."""
    return [item.url.rpartition("/")[2] for item in listing.items]


def test_lists_documents_in_the_order_of_their_paths(tmp_path: Path) -> None:
    """The four kinds of documents in all folders, with the time of their last change to the microsecond."""
    for name in ("b.html", "a.TXT", "c.json", "d.htm", "e.pdf", ".hidden.txt", "sub/f.txt", "no-ending"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    os.utime(tmp_path / "a.TXT", ns=(0, 1_700_000_000_123_456_789))
    found = list_folder(tmp_path)
    assert names(found) == ["a.TXT", "b.html", "c.json", "d.htm", "f.txt"]
    assert found.items[0].modified == "2023-11-14T22:13:20.123456+00:00"
    assert found.notes == ["3 files of other kinds"]


def test_one_file_is_a_folder_of_one(tmp_path: Path) -> None:
    """A file that the user names is listed whatever its ending."""
    path = tmp_path / "ä %20 note"
    path.write_text("x")
    found = list_folder(path)
    assert [item.url for item in found.items] == [path.as_uri()]


@pytest.mark.faults
def test_C14_links_and_odd_files(tmp_path: Path) -> None:
    """Links out, loops, pipes and odd names are recorded or listed; nothing outside is named, nothing hangs."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.html").write_text("x")
    root = tmp_path / "in"
    root.mkdir()
    (root / "to-file.html").symlink_to(outside / "secret.html")
    (root / "to-folder").symlink_to(outside)
    (root / "loop").symlink_to(root)
    (root / "dangling.txt").symlink_to(root / "nothing")
    os.mkfifo(root / "pipe.html")
    (root / "empty.html").write_bytes(b"")
    (root / "line\nend.html").write_text("x")
    (root / "A.html").write_text("x")
    (root / "a.html").write_text("x")
    (root / os.fsdecode(b"latin-\xe9.html")).write_text("x")
    found = list_folder(root)
    assert sorted(names(found)) == ["A.html", "a.html", "empty.html", "latin-%E9.html", "line%0Aend.html"]
    assert found.bad_count == 3
    assert not any("secret" in item.url for item in found.items)
    assert not any("\n" in note for note in found.notes)


@pytest.mark.faults
@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_C14_unreadable_folder_is_counted(tmp_path: Path) -> None:
    """A folder that may not be read is one bad item; its siblings are listed."""
    (tmp_path / "closed").mkdir(mode=0)
    (tmp_path / "a.html").write_text("x")
    found = list_folder(tmp_path)
    assert (names(found), found.bad_count) == (["a.html"], 1)


def test_missing_path_is_refused(tmp_path: Path, folder: DataFolder) -> None:
    """Nothing at the path is one reason, for folders and archives; a link that leads in a circle too."""
    circle = tmp_path / "circle"
    circle.symlink_to(circle)
    for path in (tmp_path / "nothing", circle):
        for call in (list_folder, partial(list_warcs, folder=folder)):
            with pytest.raises(ListingError) as caught:
                call(path)
            assert caught.value.reason is Reason.UNREADABLE


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("file:///data/gazette/a.txt", "gazette"),
        ("file:///data/die%20zeit/a%2Fb.txt", "die zeit"),
        ("file:///a.txt", "local"),
        ("file:///x%0Ay%FF/a.txt", "x y�"),
    ],
)
def test_site_of_document(url: str, site: str) -> None:
    """A document's site is the name of its folder, fit to be shown."""
    assert site_of_document(url) == site


def exchange(url: str, body: bytes = b"<html></html>", status: int = 200) -> Exchange:
    """A response as the client gives it."""
    headers = ((b"Content-Type", b"text/html"),)
    return Exchange(url, url, status, "OK", headers, body, datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture
def archive(folder: DataFolder) -> Path:
    """A web archive of five pages, one of them twice, with a listing and other records between them."""
    with CaptureWriter(folder, "run", NIGHT, "shard") as writer:
        writer.write_response(exchange("https://x.org/1"))
        writer.write_response(exchange("https://x.org/feed"), {"kind": "listing", "url": "https://x.org/feed"})
        writer.write_response(exchange("https://x.org/2", status=404), {"kind": "page"})
        writer.write_revisit(exchange("https://x.org/3", status=304), "sha1:X")
        writer.write_absence("https://x.org/4", NIGHT, "timeout", "slow")
        writer.write_resource("file:///a.html", NIGHT, b"x", "text/html")
        writer.write_response(exchange("https://x.org/1", b"<html>new</html>"))
    return next(folder.captures.rglob("*.warc.gz"))


def test_lists_records_with_their_places(archive: Path, folder: DataFolder) -> None:
    """Each page record is an item, also the second of a URL; what is no page of the web is no item."""
    found = list_warcs(archive, folder)
    assert [item.url for item in found.items] == ["https://x.org/1", "https://x.org/2", "https://x.org/1"]
    assert found.items[0].capture_uri == folder.relative(archive)
    offsets = [item.capture_offset or 0 for item in found.items]
    assert offsets == sorted(offsets)
    assert found.bad_count == 1


@pytest.mark.faults
def test_C15_torn_archive_keeps_its_whole_records(archive: Path, folder: DataFolder, tmp_path: Path) -> None:
    """Garbage in the middle and a torn end cost their records only, and are counted."""
    raw = archive.read_bytes()
    offsets = [item.capture_offset or 0 for item in list_warcs(archive, folder).items]
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(raw[: offsets[1]] + b"garbage" * 9 + raw[offsets[1] : offsets[2] + 200])
    found = list_warcs(torn, folder)
    assert [item.url for item in found.items][:2] == ["https://x.org/1", "https://x.org/2"]
    assert found.bad_count == 2
    assert found.items[0].capture_uri == torn.as_uri()


def test_archives_of_a_folder_and_a_glob(archive: Path, folder: DataFolder, tmp_path: Path) -> None:
    """A folder is searched to its depth, a glob names some; a plain .warc is read too."""
    place = tmp_path / "warcs" / "deep"
    place.mkdir(parents=True)
    (place / "b.warc.gz").write_bytes(archive.read_bytes())
    (place / "a.warc").write_bytes(gzip.decompress(archive.read_bytes()))
    (place / "notes.txt").write_text("x")
    both = list_warcs(tmp_path / "warcs", folder)
    assert [Path(item.capture_uri or "").name for item in both.items] == ["a.warc"] * 3 + ["b.warc.gz"] * 3
    assert len(list_warcs(tmp_path / "warcs" / "*" / "*.gz", folder).items) == 3
    with pytest.raises(ListingError, match="no file ending in"):
        list_warcs(tmp_path / "warcs" / "*.nothing", folder)


def test_file_that_is_no_archive(folder: DataFolder, tmp_path: Path) -> None:
    """A file without a record gives no item and says so."""
    path = tmp_path / "x.warc.gz"
    path.write_bytes(b"not a warc at all, by no means")
    found = list_warcs(path, folder)
    assert (found.items, found.bad_count > 0) == ([], True)


@pytest.mark.shared
def test_lists_the_real_pages(shared: Path, folder: DataFolder) -> None:
    """The archive of real pages has 421 page records of as many URLs."""
    found = list_warcs(shared / "pages" / "news424.warc.gz", folder)
    assert (len(found.items), len({item.url for item in found.items}), found.bad_count) == (421, 421, 0)


def test_file_url_of_a_relative_path() -> None:
    """A relative path is made absolute."""
    assert file_url(Path("a b.txt")).endswith("/a%20b.txt")
