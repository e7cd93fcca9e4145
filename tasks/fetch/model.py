"""What fetch is told (its settings) and what it tells (a summary). No page content in either."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from schemas.reasons import Kind, Outcome, Reservation
from schemas.shard import ShardSummary
from tasks.io.access import Access
from tasks.io.decode import BodyLimits
from tasks.io.http import HttpSettings


@dataclass(frozen=True)
class FetchSettings:
    """How fetch behaves beyond the client's own manners. Times in seconds."""

    http: HttpSettings = field(default_factory=HttpSettings)
    limits: BodyLimits = field(default_factory=BodyLimits)
    circuit_errors: int = 3
    """Connection errors in a row after which a host's remaining URLs wait for the next run."""
    circuit_pause_s: float = 3600.0
    """How long such a host rests."""
    retry_after_default_s: float = 900.0
    """Pause of a host that answers 429 without saying how long."""
    retry_after_cap_s: float = 86_400.0
    full_every_s: float = 14 * 86_400.0
    """A page whose body last came so long ago is asked for without conditions: some validators lie."""
    refusals_in_a_row: int = 10
    """Refusals (401, 403, 451, challenges) in a row after which a host's remaining URLs wait for the next run."""
    crawl_budget_s: float = 3600.0
    """A host whose Crawl-delay is beyond the cap gives this time divided by its delay in pages a run, at least one."""
    hop_wait_s: float = 30.0
    """Longest wait for a site that a redirect leads to and another fetcher is busy with."""
    backoff_base_s: float = 6 * 3600.0
    """A failed URL is due again after this, doubled for each failure in a row before."""
    backoff_cap_s: float = 7 * 86_400.0
    lease_wait_s: float = 1800.0
    """Longest wait for another process that fetches from the same hosts."""
    delays_s: Mapping[str, float] = field(default_factory=dict)
    """Source id to its own delay between two requests to one of its hosts."""
    access: Mapping[str, Access] = field(default_factory=dict)
    """Source id to what that source's own site is sent beside the usual headers."""
    respect: Mapping[str, frozenset[Reservation]] = field(default_factory=dict)
    """Source id to the reservations that refuse its pages."""
    unverified: frozenset[str] = frozenset()
    """Ids of sources whose hosts' certificates are not verified (verify_tls: false)."""


@dataclass(frozen=True)
class FetchSummary(ShardSummary):
    """What came of one shard: passed are the pages that came or are unchanged, refused all others."""

    outcomes: Mapping[str, int] = field(default_factory=dict)
    """Pages by outcome."""
    request_count: int = 0
    """Requests sent, robots.txt included."""
    body_bytes: int = 0


def summarise(shard: str, captures: pl.DataFrame) -> FetchSummary:
    """The summary of a shard's Capture rows."""
    pages = captures.filter(pl.col("kind") == Kind.PAGE)
    outcomes: dict[str, int] = dict(pages.group_by("outcome").len().sort("outcome").iter_rows())
    passed = outcomes.get(Outcome.FETCHED, 0) + outcomes.get(Outcome.NOT_MODIFIED, 0)
    was_asked = pl.col("url").str.starts_with("http")
    requests, size = captures.select(pl.col("attempt_count").filter(was_asked).sum(), pl.col("body_bytes").sum()).row(0)
    return FetchSummary(
        stage="fetch",
        shard=shard,
        read_count=pages.height,
        passed_count=passed,
        refused_count=pages.height - passed,
        outcomes=outcomes,
        request_count=int(requests),
        body_bytes=int(size),
    )
