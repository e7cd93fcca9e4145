"""What a run was, in numbers: store makes it from the ledger, the flow shows it, report writes it down."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import reduce
from typing import Any

from schemas.reasons import PAGE_STATES, State


@dataclass(frozen=True)
class Counts:
    """The balance of a run or of one of its sources, over distinct page URLs: found = known + the nine states.

    >>> Counts(found=3, known=1, stored=2).balanced
    True
    """

    found: int = 0
    known: int = 0
    stored: int = 0
    unchanged: int = 0
    duplicate: int = 0
    quarantined: int = 0
    held: int = 0
    blocked: int = 0
    gone: int = 0
    failed: int = 0
    deferred: int = 0
    also_listed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """The counts of both together."""
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @property
    def states(self) -> dict[State, int]:
        """How many URLs ended in each of the nine states, in the order of `PAGE_STATES`."""
        return {state: int(getattr(self, state.value)) for state in PAGE_STATES}

    @property
    def attempted(self) -> int:
        """URLs that ended in a state, that is all but the known ones."""
        return sum(self.states.values())

    @property
    def balanced(self) -> bool:
        """Whether found = known + the sum of the nine states."""
        return self.found == self.known + self.attempted

    @property
    def difference(self) -> int:
        """Found - known - the sum of the states; 0 when balanced."""
        return self.found - self.known - self.attempted

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Counts":
        """The counts of one row of `runs` or `run_sources` (columns found_count, known_count ...)."""
        return cls(**{f.name: int(row[f"{f.name}_count"] or 0) for f in fields(cls)})

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> "Counts":
        """The counts of several rows together; all zero when there is none."""
        return reduce(cls.__add__, map(cls.from_row, rows), cls())

    def as_row(self) -> dict[str, int]:
        """The counts under the names of their columns, to be joined into a row of `runs` or `run_sources`."""
        return {f"{f.name}_count": getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True)
class SourceSummary:
    """One source in one run."""

    source_id: str
    kind: str
    status: str
    """ok, or failed when its listing could not be read."""
    reason: str | None
    """Code of the reason when it failed."""
    detail: str | None
    """The reason in one sentence."""
    counts: Counts


@dataclass(frozen=True)
class RunSummary:
    """One run: how it ended, and where every URL went."""

    run_id: str
    flow: str
    """nightly, backfill, reprocess or maintain."""
    status: str
    """completed, failed or recovered."""
    reason: str | None
    """Why it failed, in one sentence; None when it did not."""
    started_at: datetime
    ended_at: datetime
    counts: Counts
    sources: tuple[SourceSummary, ...] = ()
