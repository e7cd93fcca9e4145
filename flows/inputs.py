"""What a path on this machine is as a source: a folder of documents, a web archive, a list of URLs."""

import re
from collections.abc import Iterable
from pathlib import Path

from schemas.source import Source, SourceKind
from tasks.errors import UsageError

WARC_ENDINGS = (".warc", ".warc.gz")
DOCUMENT_ENDINGS = (".html", ".htm", ".txt", ".json")
_URL_LINE = re.compile(r"https?://\S+\s*$")


def sources_of(inputs: Iterable[Path], site: str | None) -> list[Source]:
    """One source for each input, its id made from the input's name.

    Raises:
        UsageError: an input is missing or of no kind that is taken in.
    """
    made: dict[str, Source] = {}
    for path in inputs:
        if not path.exists():
            raise UsageError(f"{path} does not exist.")
        source_id = _free_id(path, made)
        made[source_id] = Source(id=source_id, kind=_kind(path), path=path.resolve(), site=site)
    if not made:
        raise UsageError("Name at least one file or folder to take in.")
    return list(made.values())


def _free_id(path: Path, taken: dict[str, Source]) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", path.resolve().name.lower()).strip("-")[:56] or "input"
    number = 1
    while (name := slug if number == 1 else f"{slug}-{number}") in taken:
        number += 1
    return name


def _kind(path: Path) -> SourceKind:
    """What an input is, by its ending; a text whose first line is a URL is a list of URLs."""
    name = path.name.lower()
    if path.is_dir():
        archives = any(child.name.lower().endswith(WARC_ENDINGS) for child in path.iterdir())
        return SourceKind.WARC if archives else SourceKind.FOLDER
    if name.endswith(WARC_ENDINGS):
        return SourceKind.WARC
    if name.endswith(".txt") and _lists_urls(path):
        return SourceKind.URL_LIST
    if name.endswith(DOCUMENT_ENDINGS):
        return SourceKind.FOLDER
    raise UsageError(f"{path}: only folders, {', '.join(DOCUMENT_ENDINGS + WARC_ENDINGS)} can be taken in.")


def _lists_urls(path: Path) -> bool:
    try:
        head = path.open(encoding="utf-8-sig", errors="replace").read(65536)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}).") from error
    lines = [line.strip() for line in head.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return bool(lines) and _URL_LINE.match(lines[0]) is not None
