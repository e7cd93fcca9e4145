"""Which records of the capture files are of what is to be forgotten, found by reading all of them.

A record of the article itself (or of a page of the site) goes, and so does a listing that names it: feeds bring titles,
summaries and whole texts. Another page that names it stays, because it is another document: it is told to the user.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from schemas.reasons import Kind
from tasks.io.archived import Record, decoded_body
from tasks.io.captures import DecodeError
from tasks.io.folder import DataFolder
from tasks.io.progress import advance
from tasks.io.warc_read import iter_records
from tasks.maintain.aim import Aim, named_in

UNPACKED = 20_000_000
"""Most bytes of a damaged record that are unpacked to look into it."""


@dataclass(frozen=True)
class Found:
    """What of the captures is concerned."""

    blanked: dict[str, dict[int, int]] = field(default_factory=dict)
    """Capture URI to offset and length of each record that goes."""
    elsewhere: tuple[str, ...] = ()
    """Archives of the user's own, outside the data folder, that hold pages of it: not ours to change."""
    naming: tuple[str, ...] = ()
    """URLs of other pages whose captures name it; they stay."""

    @property
    def record_count(self) -> int:
        """Records that go."""
        return sum(len(places) for places in self.blanked.values())


def find_captures(folder: DataFolder, aim: Aim) -> Found:
    """What of the captures is concerned.

    Raises:
        OSError: a capture file cannot be read.
    """
    files = sorted(folder.captures.rglob("*.warc.gz"))
    blanked: dict[str, dict[int, int]] = {}
    elsewhere: set[str] = set()
    naming: set[str] = set()
    advance("forget", total=len(files))
    for path in files:
        for record in iter_records(path):
            verdict = judge(path, record, aim)
            if verdict == GOES and record.length is not None:
                blanked.setdefault(folder.relative(path), {})[record.offset] = record.length
                place = str((record.row or {}).get("capture_uri") or "")
                elsewhere |= {place} if place.startswith("file:") else set()
            elif verdict == NAMES:
                naming.add(str((record.row or {}).get("url") or record.target_uri))
        advance("forget", done=1)
    return Found(blanked, tuple(sorted(elsewhere)), tuple(sorted(naming)))


GOES, NAMES, STAYS = "goes", "names", "stays"


def judge(path: Path, record: Record, aim: Aim) -> str:
    """Whether a record goes, stays though it names what is forgotten, or has nothing to do with it."""
    if record.kind == "warcinfo":
        return STAYS
    if record.kind == "unknown":
        return GOES if named_in(aim, [_unpacked(path, record)]) else STAYS
    row = record.row or {}
    own = [(str(row["url"]), str(row["site"]))] if row.get("url") and row.get("site") else []
    if any(aim.is_own(url, site) for url, site in own) or aim.is_own(record.target_uri or ""):
        return GOES
    if not named_in(aim, _texts(record)):
        return STAYS
    return GOES if row.get("kind") == Kind.LISTING else NAMES


def _texts(record: Record) -> Iterator[bytes]:
    for _, value in record.warc_headers:
        yield value.encode("utf-8", "replace")
    for _, header in record.http_headers:
        yield header
    try:
        yield decoded_body(record)
    except DecodeError:
        yield record.payload


def _unpacked(path: Path, record: Record) -> bytes:
    """As much of a damaged record as can be unpacked."""
    with path.open("rb") as file:
        file.seek(record.offset)
        raw = file.read(record.length or -1)
    try:
        return zlib.decompressobj(31).decompress(raw, UNPACKED)
    except zlib.error:
        return raw
