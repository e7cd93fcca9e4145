"""Whether every row that names a capture finds it: the file, the record at its place, and the digest of its page."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from schemas.reasons import Kind
from tasks.io.archived import Record
from tasks.io.bucket.copy import capture_sizes
from tasks.io.expired import expired_captures
from tasks.io.findings import Finding, fault, note
from tasks.io.tables import Snapshot
from tasks.io.warc_read import iter_records

_SHA1_LENGTH = len("sha1:") + 32
"""An archive of others may give a digest of another kind; the record's own was compared with its bytes."""

_FILES = """
    SELECT capture_uri, max(last), sum(named)::BIGINT FROM (
        SELECT capture_uri, max(capture_offset + coalesce(capture_length, 1)) AS last, count(*) AS named
        FROM ledger WHERE capture_uri IS NOT NULL GROUP BY ALL
        UNION ALL
        SELECT capture_uri, max(capture_offset + 1), count(*) FROM articles GROUP BY ALL
    ) GROUP BY capture_uri ORDER BY capture_uri
"""
_PLACES = """
    SELECT capture_offset, any_value(url), any_value(digest) FROM (
        SELECT capture_offset, url, CASE WHEN state IN ('stored', 'duplicate') THEN payload_digest END AS digest
        FROM ledger WHERE capture_uri = $uri
        UNION ALL
        SELECT capture_offset, url, capture_digest FROM articles WHERE capture_uri = $uri
    ) GROUP BY capture_offset
"""


@dataclass(frozen=True)
class _Named:
    """What the tables say of one record."""

    url: str
    digest: str | None


def check_captures(snapshot: Snapshot, *, deep: bool) -> Iterator[Finding]:
    """What of the captures that the tables name is missing, cut or another page's; deep reads every record."""
    expired, folder = expired_captures(snapshot), snapshot.folder
    away = capture_sizes(folder)
    with snapshot.connect("ledger", "articles") as connection:
        for uri, end, named in connection.execute(_FILES).fetchall():
            path = folder.resolve(uri)
            size = _size(path) if folder.address is None or uri.startswith("file:") else away.get(uri)
            if size is None and uri in expired:
                yield note("expired", path, f"retention removed the file; {named} rows name it")
            elif size is None:
                yield fault("capture", path, f"the file is not there, and {named} rows name it")
            elif size < end:
                yield fault("capture", path, f"it ends at byte {size}, and rows name places up to {end}")
            elif deep:
                folder.capture(uri)
                places = connection.execute(_PLACES, {"uri": uri}).fetchall()
                named_at = {offset: _Named(url, digest) for offset, url, digest in places}
                yield from _check_records(path, named_at)


def _size(path: Path) -> int | None:
    """Bytes of a file; None when it is not there."""
    return path.stat().st_size if path.is_file() else None


def _check_records(path: Path, named_at: dict[int, _Named]) -> Iterator[Finding]:
    """A damaged record is a fault where rows name it; else it is the end of a run that was killed."""
    waiting = dict(named_at)
    for record in iter_records(path):
        named = waiting.pop(record.offset, None)
        wrong = record.problem if named is None else _compare(record, named)
        if wrong is not None:
            say = note if named is None else fault
            yield say("capture", path, f"the record at byte {record.offset}: {wrong}")
    for offset, named in sorted(waiting.items()):
        yield fault("capture", path, f"no record begins at byte {offset}, where {named.url} should be")


def _compare(record: Record, named: _Named) -> str | None:
    """What is wrong with a record that rows name; None: nothing."""
    if record.problem is not None:
        return record.problem
    row = record.row
    if row is not None and row["url"] != named.url and row["kind"] == Kind.PAGE:
        return f"it holds {row['url']}, and rows take it for {named.url}"
    written = (record.digest or "").upper()
    is_ours = written.startswith("SHA1:") and len(written) == _SHA1_LENGTH
    if is_ours and named.digest is not None and written != named.digest.upper():
        return f"its page has the digest {record.digest}, and rows say {named.digest}"
    return None
