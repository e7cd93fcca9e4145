"""What lies on this machine: documents in a folder, records in web archives. Only heads and names are read here."""

import os
import re
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

from schemas.identity import utc_text
from schemas.reasons import Kind, Reason
from tasks.discover.items import Item, Listing, ListingError, one_line, page_url
from tasks.io.capture_rows import escape
from tasks.io.captures import Record, iter_records
from tasks.io.folder import DataFolder

DOCUMENT_ENDINGS = (".html", ".htm", ".txt", ".json")
WARC_ENDINGS = (".warc", ".warc.gz")
PAGE_RECORDS = frozenset({"response", "resource"})
NAMELESS_SITE = "local"
"""Site of a document that lies in the root folder of a disk."""
_MAGIC = re.compile(r"[*?\[]")


def list_folder(path: Path) -> Listing:
    """The documents below a folder (or the one file) by path, each with a file: URL and its last change.

    Links are never followed, so nothing outside is read and no loop is walked. Files whose names begin with a
    point, and files of other kinds, are left out; how many is noted.

    Raises:
        ListingError: UNREADABLE when there is nothing at the path.
    """
    root = _existing(path)
    listing = Listing("folder")
    if root.is_file():
        _add_document(listing, root)
        return listing
    other_count = 0
    for file in _files(root, listing):
        if file.name.startswith(".") or not file.name.lower().endswith(DOCUMENT_ENDINGS):
            other_count += 1
        elif file.is_symlink():
            listing.bad(f"{escape(str(file), 120)} is a link; links are not followed")
        else:
            _add_document(listing, file)
    if other_count:
        listing.notes.append(f"{other_count} files of other kinds")
    return listing


def file_url(path: Path) -> str:
    """The file: URL of a path, links in it left as they are."""
    return path.absolute().as_uri()


def last_change(state: os.stat_result) -> datetime:
    """When a file was last changed, cut to whole microseconds, as fetch cuts it too.

    Raises:
        OverflowError, OSError, ValueError: the file's time is beyond what dates can say.
    """
    return datetime.fromtimestamp(state.st_mtime_ns // 1000 / 1_000_000, UTC)


def site_of_document(url: str) -> str:
    """The name of the folder that a document lies in; `url` is its file: URL.

    >>> site_of_document("file:///data/gazette/a%20b.txt")
    'gazette'
    """
    folder = url.removeprefix("file://").rpartition("/")[0].rpartition("/")[2]
    return one_line(unquote(folder, errors="replace"), 253) or NAMELESS_SITE


def list_warcs(path: Path, folder: DataFolder) -> Listing:
    """The pages of a web archive, a folder of them or a glob: one item a record, files by name, records in order.

    Records of listings and robots.txt that Copydesk itself has made are left out, revisits too.

    Raises:
        ListingError: UNREADABLE when there is nothing at the path, EMPTY_LISTING when no archive is among it.
    """
    files = _archives(path)
    if not files:
        raise ListingError(Reason.EMPTY_LISTING, f"no file ending in .warc or .warc.gz in {escape(str(path), 200)}")
    listing = Listing("warc")
    for file in files:
        uri = folder.relative(file)
        try:
            for record in iter_records(file, with_payload=False):
                _add_record(listing, record, uri, file.name)
        except OSError as error:
            listing.bad(f"{escape(file.name, 120)}: {error.strerror or error}")
    return listing


def _existing(path: Path) -> Path:
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ListingError(Reason.UNREADABLE, f"{escape(str(path), 200)}: {why}") from error


def _files(root: Path, listing: Listing) -> Iterator[Path]:
    """All files below a folder in the order of their paths; folders that cannot be read are counted as bad."""

    def unreadable(error: OSError) -> None:
        listing.bad(f"{escape(str(error.filename), 120)}: {error.strerror}")

    for folder, folders, names in os.walk(root, onerror=unreadable, followlinks=False):
        folders.sort()
        for name in sorted(names):
            yield Path(folder, name)


def _add_document(listing: Listing, file: Path) -> None:
    try:
        state = file.stat(follow_symlinks=False)
        if not stat.S_ISREG(state.st_mode):
            raise OSError(None, "not a regular file")
        changed = utc_text(last_change(state))
    except (OSError, ValueError, OverflowError) as error:
        listing.bad(f"{escape(str(file), 120)}: {getattr(error, 'strerror', None) or error}")
        return
    listing.items.append(Item(url=file.as_uri(), modified=changed))


def _archives(path: Path) -> list[Path]:
    """The archive files that a path names, by name."""
    if _MAGIC.search(str(path)) and not path.exists():
        parts = path.absolute().parts
        first = next(index for index, part in enumerate(parts) if _MAGIC.search(part))
        found = Path(*parts[:first]).glob("/".join(parts[first:]))
    else:
        root = _existing(path)
        if root.is_file():
            return [root]
        found = root.rglob("*")
    return sorted(file for file in found if file.name.lower().endswith(WARC_ENDINGS) and file.is_file())


def _add_record(listing: Listing, record: Record, uri: str, name: str) -> None:
    where = f"{escape(name, 120)} at {record.offset}"
    if record.kind == "unknown" or (record.problem and record.kind in PAGE_RECORDS):
        listing.bad(f"{where}: {escape(record.problem or 'no record type', 100)}")
    elif record.kind in PAGE_RECORDS and _is_page(record):
        url = page_url(record.target_uri, "")
        if url is None:
            listing.bad(f"{where}: the target is no http(s) URL")
        else:
            listing.items.append(Item(url=url, capture_uri=uri, capture_offset=record.offset))


def _is_page(record: Record) -> bool:
    """Whether the record is no listing and no robots.txt, as far as a row of ours beside it says so."""
    try:
        return bool((record.row or {}).get("kind", Kind.PAGE) == Kind.PAGE)
    except ValueError:
        return True
