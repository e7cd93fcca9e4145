"""Pins: captured pages that are kept with what was read out of them, to be read again after each change.

A pin is two files in `<rules>/pins/<site>/`: `<name>.page` (the body as it came, content encodings undone) and
`<name>.json` (how it was fetched, and the record that is expected; people edit it where the record is wrong).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from schemas.identity import digest
from tasks.errors import RulesError
from tasks.io.folder import disk_errors, write_durably
from tasks.parse.model import Listed, ParsedPage, Refusal
from tasks.parse.page import parse_page
from tasks.parse.site_rules.model import RuleBook

NAME_CHARS = 60
SHOWN_CHARS = 120
"""Characters of a value in a report."""


@dataclass(frozen=True)
class Pinned:
    """A page as it was captured: everything that reading it depends on but the rules."""

    payload: bytes
    url: str
    asked_url: str
    """The URL that was asked for, which names the pin; `url` is the one that answered."""
    site: str
    content_type: str | None
    captured_at: datetime


@dataclass(frozen=True)
class Verdict:
    """What became of one pin: where it lies, and each difference as a line; none when it is as expected."""

    path: Path
    url: str
    differences: tuple[str, ...]


def read_pinned(pinned: Pinned, rules: RuleBook) -> dict[str, Any]:
    """The record of the page by today's parser and rules, at the time when it was captured."""
    return record_of(
        parse_page(
            pinned.payload,
            url=pinned.url,
            content_type=pinned.content_type,
            listed=Listed(),
            captured_at=pinned.captured_at,
            rules=rules.of(pinned.site, pinned.url, pinned.captured_at),
        )
    )


def record_of(found: ParsedPage | Refusal) -> dict[str, Any]:
    """What was read as plain values; of a refusal its reason, rule and page kind."""
    if isinstance(found, Refusal):
        kind = found.page_kind.value if found.page_kind else None
        return {"refused": found.reason.value, "rule": found.rule, "page_kind": kind}
    return {
        "title": found.title,
        "authors": list(found.authors),
        "published_at": found.published_at and found.published_at.isoformat(),
        "modified_at": found.modified_at and found.modified_at.isoformat(),
        "language": found.language,
        "section": found.section,
        "tags": list(found.tags),
        "access": found.access,
        "page_kind": found.page_kind,
        "summary": found.summary,
        "image_url": found.image_url,
        "canonical_url": found.canonical_url,
        "flags": list(found.flags),
        "encoding": next(([fact.origin, fact.value] for fact in found.field_sources if fact.field == "encoding"), None),
        "blocks": [[block.kind, block.text] for block in found.body.blocks],
    }


def pin_path(folder: Path, asked_url: str, site: str) -> Path:
    """The JSON file of the URL's pin."""
    tail = re.sub(r"[^a-z0-9]+", "-", asked_url.partition("://")[2].partition("/")[2].lower()).strip("-")
    name = f"{tail[:NAME_CHARS].strip('-') or 'page'}-{digest(asked_url)[:8]}.json"
    return folder / "pins" / re.sub(r"[^\w.-]+", "-", site) / name


def write_pin(folder: Path, pinned: Pinned, rules: RuleBook) -> Path:
    """The JSON file of the pin, written with what is read out of the page now.

    Raises:
        DiskError: the disk refused it.
    """
    path = pin_path(folder, pinned.asked_url, pinned.site)
    told = {
        "url": pinned.asked_url,
        "final_url": pinned.url,
        "site": pinned.site,
        "content_type": pinned.content_type,
        "captured_at": pinned.captured_at.astimezone(UTC).isoformat(),
        "expected": read_pinned(pinned, rules),
    }
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path.with_suffix(".page"), pinned.payload)
        write_durably(path, text.encode("utf-8"))
    return path


def check_pins(folder: Path, rules: RuleBook, asked_url: str | None = None) -> Iterator[Verdict]:
    """A verdict for each pin of the folder, in order of their paths; with a URL, only for its own.

    Raises:
        RulesError: a pin cannot be read.
    """
    for path in sorted(folder.glob("pins/*/*.json")):
        pinned, expected = load_pin(path)
        if asked_url is None or pinned.asked_url == asked_url:
            found = read_pinned(pinned, rules)
            yield Verdict(path, pinned.asked_url, tuple(differences(expected, found)))


def load_pin(path: Path) -> tuple[Pinned, Mapping[str, Any]]:
    """The page of a pin and the record that is expected of it.

    Raises:
        RulesError: a file is missing or damaged; the message names it and the field.
    """
    try:
        told = json.loads(path.read_bytes())
        payload = path.with_suffix(".page").read_bytes()
    except OSError as error:
        raise RulesError(f"{error.filename} cannot be read ({error.strerror}); pin the page again.") from error
    except ValueError as error:
        raise RulesError(f"{path} is no JSON ({error}); mend it or pin the page again.") from error
    told = told if isinstance(told, dict) else {}
    for name, kind in {"url": str, "final_url": str, "site": str, "captured_at": str, "expected": dict}.items():
        if not isinstance(told.get(name), kind):
            raise RulesError(f"{path}: field '{name}' is missing or wrong; mend it or pin the page again.")
    try:
        captured_at = datetime.fromisoformat(told["captured_at"])
    except ValueError as error:
        raise RulesError(f"{path}: field 'captured_at': {error}; write it as 2026-03-01T02:15:00+00:00.") from error
    if captured_at.tzinfo is None:
        raise RulesError(f"{path}: field 'captured_at' names no zone; write it as 2026-03-01T02:15:00+00:00.")
    content_type = told.get("content_type")
    page = Pinned(payload, told["final_url"], told["url"], told["site"], content_type, captured_at)
    return page, told["expected"]


def differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """One line for each field that is not as expected; of the blocks, the first that differs."""
    for name in dict.fromkeys([*expected, *found]):
        wanted, got = expected.get(name), found.get(name)
        if wanted == got:
            continue
        if name == "blocks" and isinstance(wanted, list) and isinstance(got, list):
            place = next((at for at, pair in enumerate(zip(wanted, got, strict=False)) if pair[0] != pair[1]), None)
            at = min(len(wanted), len(got)) if place is None else place
            yield f"blocks: {len(wanted)} expected, {len(got)} found; number {at + 1}: {_pair(wanted[at:], got[at:])}"
        else:
            yield f"{name}: {_short(wanted)} expected, {_short(got)} found"


def _pair(wanted: list[Any], got: list[Any]) -> str:
    first, second = ((_short(blocks[0]) if blocks else "nothing") for blocks in (wanted, got))
    return f"{first} expected, {second} found"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}..."
