"""When a page is due again."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from schemas.reasons import State

NEVER = datetime(2262, 1, 1, tzinfo=UTC)
"""Not due by time: a local file or a page in an archive is read again only when it has changed, which discover
sees by its digest. The last whole year that readers with nanosecond timestamps can hold."""


@dataclass(frozen=True)
class RecheckPolicy:
    """How long a page of the web rests after each state. Failed pages rest as long as fetch has said."""

    first: timedelta = timedelta(hours=20)
    """After a new version: the next night, whatever the hour."""
    longest: timedelta = timedelta(days=30)
    """The rest doubles with every look in a row that finds nothing new (40 h, 80 h ...), up to this."""
    gone: timedelta = timedelta(days=30)
    """A page that was taken down seldom comes back."""
    refused: timedelta = timedelta(days=7)
    """A page that a check refused or held may be repaired by its publisher, or better understood by newer rules."""
    blocked: timedelta = timedelta(days=7)
    """Publishers do change their robots.txt, though not often."""

    def rests(self) -> pl.Expr:
        """The rest as a duration, from the columns `state` and `unchanged_count` (which counts this look too)."""
        state = pl.col("state")
        doubled = _microseconds(self.first) * 2 ** pl.col("unchanged_count").clip(0, 16).cast(pl.Int64)
        growing = pl.duration(microseconds=doubled.clip(upper_bound=_microseconds(self.longest)))
        return (
            pl.when(state == State.STORED)
            .then(pl.lit(self.first))
            .when(state.is_in([State.UNCHANGED, State.DUPLICATE]))
            .then(growing)
            .when(state == State.GONE)
            .then(pl.lit(self.gone))
            .when(state.is_in([State.QUARANTINED, State.HELD]))
            .then(pl.lit(self.refused))
            .when(state == State.BLOCKED)
            .then(pl.lit(self.blocked))
        )


def _microseconds(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def next_try(policy: RecheckPolicy, now: datetime) -> pl.Expr:
    """When the page is due again, UTC; null: as soon as it is listed.

    From the columns `state`, `unchanged_count`, `is_local` (a file or a page in an archive), and `asked_next_try_at`
    (what fetch has said).
    """
    state = pl.col("state")
    moment = pl.lit(now).cast(pl.Datetime("us", "UTC"))
    return (
        pl.when(state == State.DEFERRED)
        .then(None)
        .when(state == State.FAILED)
        .then(pl.col("asked_next_try_at"))
        .when(pl.col("is_local"))
        .then(pl.lit(NEVER).cast(pl.Datetime("us", "UTC")))
        .otherwise(pl.coalesce("asked_next_try_at", moment + policy.rests()))
    )
