"""What a row of the list of faults is: cases, each with what the server does and what must come of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from copydesk.faults.answers import Site
from schemas.source import SourceKind

if TYPE_CHECKING:
    from copydesk.faults.bench import Bench


class MismatchError(Exception):
    """Something else came of a fault than what must."""


def expect(name: str, found: object, wanted: object) -> None:
    """Compare, and say what differs.

    Raises:
        MismatchError: they differ.
    """
    if found != wanted:
        raise MismatchError(f"{name}: {found!r}, not {wanted!r}")


@dataclass(frozen=True)
class Page:
    """One page of the case's host, and how it must end."""

    path: str
    """Path on the host, or a whole URL."""
    ends: str
    """Outcome, or outcome and reason: `fetched`, `failed timeout`."""
    detail: str = ""
    """A piece of the row's detail."""
    known: Mapping[str, Any] = field(default_factory=dict)
    """What the ledger knows of it (columns of Candidate)."""
    parsed: str = ""
    """Where it must not be left at that: `article`, or the reason for which parse must refuse it."""
    row: Mapping[str, Any] = field(default_factory=dict)
    """Further columns of its Capture row."""


@dataclass(frozen=True)
class Fetch:
    """Pages fetched from one host as one shard."""

    name: str
    site: Site
    pages: tuple[Page, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Fields of FetchSettings and HttpSettings."""
    requests: int | None = None
    """How many the host must have seen, robots.txt not counted."""
    decree: str | None = None
    """The host's address, where it is not the server's."""
    scheme: str = "http"
    sites: Mapping[str, Site] = field(default_factory=dict)
    """Further hosts that redirects lead to."""


@dataclass(frozen=True)
class Listing:
    """A source that is listed from one host."""

    name: str
    site: Site
    urls: tuple[str, ...] = ()
    """Paths (or whole URLs) that must be listed, in order."""
    reason: str | None = None
    """Why the source must have failed; None: it must not."""
    kind: SourceKind = SourceKind.FEED
    path: str = "/list"
    more: Mapping[str, Any] = field(default_factory=dict)
    """Further fields of the source."""
    row: Mapping[str, Any] = field(default_factory=dict)
    """Columns of its RunSource row."""
    unasked: tuple[str, ...] = ()
    """Paths that must not have been asked for."""


@dataclass(frozen=True)
class Scenario:
    """A case that needs more than one look; it raises MismatchError."""

    name: str
    play: Callable[["Bench"], Awaitable[None]]


Case = Fetch | Listing | Scenario


@dataclass(frozen=True)
class Row:
    """One row of the list."""

    id: str
    title: str
    cases: tuple[Case, ...]
