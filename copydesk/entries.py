"""Entries of sources.yaml as text: how one is written, and how it is added to a file that people keep by hand."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from schemas.source import Source
from tasks.discover.items import one_line
from tasks.discover.sources_file import error_text, parse_sources
from tasks.errors import SourcesError
from tasks.io.folder import disk_errors, write_durably
from tasks.io.yaml_tree import YamlError

Entry = Mapping[str, Any]
_LIST = re.compile(r"^sources:[ \t]*(?:#.*)?$", re.MULTILINE)
"""The line that the list stands under. Matches: `sources:  # all`. Does not match: `sources: [a]`."""
_MEMBER = re.compile(r"^([ \t]*)-[ \t]", re.MULTILINE)
_NOT_IN_ID = re.compile(r"[^a-z0-9_-]+")
ID_LENGTH = 64


def slug(name: str) -> str:
    """An id made of a name: lower-case letters, digits and `-`.

    >>> slug("The Süd-Kurier (News)"), slug("...")
    ('the-s-d-kurier-news', 'source')
    """
    return _NOT_IN_ID.sub("-", name.lower()).strip("-_")[:ID_LENGTH].strip("-_") or "source"


def free_id(wanted: str, taken: Sequence[str]) -> str:
    """The id, or with a number behind it where it is taken.

    >>> free_id("a", ["a", "a-2"])
    'a-3'
    """
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted[: ID_LENGTH - 4]}-{number}"
    return found


def entry_text(entries: Sequence[Entry], indent: str = "  ") -> str:
    """The entries as they stand in sources.yaml, each as a member of the list; no text of theirs has line ends."""
    plain = [
        {key: one_line(value, 9000) if isinstance(value, str) else value for key, value in entry.items()}
        for entry in entries
    ]
    blocks = [
        yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, width=1000).rstrip("\n").split("\n")
        for entry in plain
    ]
    return "\n".join(
        "".join(f"{indent}{'  ' if number else '- '}{line}\n" for number, line in enumerate(lines)) for lines in blocks
    )


def append_entries(path: Path, entries: Sequence[Entry]) -> list[str]:
    """Add the entries at the end of a sources file, with everything in it kept as it stands, and give their ids.

    A file that is missing is made. An id that is taken gets a number; an entry whose url the file has is left out.

    Raises:
        SourcesError: the file is wrong as it is, or its list is written in a way that nothing can be added to.
        DiskError: it cannot be written.
    """
    text = _read(path)
    known = _load(path, text) if text.strip() else []
    ids, urls = [source.id for source in known], {source.url for source in known if source.url}
    added: list[Entry] = []
    for entry in entries:
        if entry.get("url") in urls:
            continue
        named = {**entry, "id": free_id(str(entry["id"]), ids)}
        ids.append(str(named["id"]))
        urls.add(str(named.get("url")))
        added.append(named)
    if added:
        longer = add_text(text, added)
        if longer is None:
            raise SourcesError(f"{path}: nothing can be added, because 'sources:' is no list with one '-' a line.")
        _load(path, longer)
        with disk_errors(path):
            write_durably(path, longer.encode("utf-8"))
    return [str(entry["id"]) for entry in added]


def add_text(text: str, entries: Sequence[Entry]) -> str | None:
    r"""The file's text with the entries at its end; None where the list is not written in lines.

    >>> add_text("sources:\n- id: a\n  kind: folder\n  path: x", [{"id": "b"}])
    'sources:\n- id: a\n  kind: folder\n  path: x\n\n- id: b\n'
    """
    if not text.strip():
        return "sources:\n" + entry_text(entries)
    begin = _LIST.search(text)
    member = _MEMBER.search(text, begin.end()) if begin else None
    if begin is None or member is None:
        return None
    return text.rstrip() + "\n\n" + entry_text(entries, member[1])


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise SourcesError(f"{path} cannot be read ({error}); name another file.") from error


def _load(path: Path, text: str) -> list[Source]:
    try:
        sources, problems = parse_sources(text.encode("utf-8"), path.resolve().parent)
    except YamlError as error:
        raise SourcesError(f"{path.name}:{error.line}: {error.message}") from error
    if problems:
        raise SourcesError(error_text(path, problems))
    return sources
