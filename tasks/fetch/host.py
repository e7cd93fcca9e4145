"""Fetch the candidates of one host, one after the other, and stop when the host wants or needs rest."""

import asyncio
import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from schemas.reasons import Outcome, Reason, Reservation
from tasks.errors import CopydeskError
from tasks.fetch.hop_leases import HopLeases
from tasks.fetch.model import FetchSettings
from tasks.fetch.verdicts import asked_pause, judge_error, judge_exchange, next_try, reserve, sends_conditions
from tasks.io.capture_rows import Asked, Row, Verdict, absent_row, escape, keep_error, keep_exchange
from tasks.io.captures import CaptureWriter
from tasks.io.exchange import Exchange, FetchError
from tasks.io.hosts import host_key
from tasks.io.http import ASKED_TO_STOP, HttpClient
from tasks.io.reservations import in_order
from tasks.io.robots import RobotsCache, robots_url

LOG = logging.getLogger("copydesk.fetch")
LONGEST_TRACE = 4000
REFUSED = frozenset({Reason.HTTP_STATUS, Reason.CHALLENGE, Reason.RESERVED})
"""Reasons of blocked pages that are looked at again ever more seldom."""

LISTED_COLUMNS = (
    "listed_title", "listed_authors", "listed_published_at", "listed_modified_at", "listed_summary", "listed_tags",
    "listed_language",
)  # fmt: skip
"""What parse needs of a listing; kept with each capture."""

Candidate = Mapping[str, Any]
"""A row of `Candidate` by column."""


@dataclass(frozen=True)
class Desk:
    """What the hosts of one shard share."""

    client: HttpClient
    robots: RobotsCache
    writer: CaptureWriter
    settings: FetchSettings
    now: datetime
    done: Callable[[Candidate, Row], None]
    """Called once for each candidate, with its row."""
    leases: HopLeases


def asked_of(candidate: Candidate) -> Asked:
    """Which URL the candidate asks for, and for whom."""
    listed = {name: candidate[name] for name in LISTED_COLUMNS if candidate[name]}
    return Asked(candidate["url"], candidate["site"], candidate["source_id"], listed=listed)


async def fetch_host(desk: Desk, candidates: Sequence[Candidate]) -> None:
    """Give one row for each candidate of a host, in order.

    Raises:
        DiskError: a capture could not be written.
    """
    host = _Host(desk)
    for source in {candidate["source_id"] for candidate in candidates} & set(desk.settings.delays_s):
        desk.client.hosts.use_delay(host_key(candidates[0]["url"]), desk.settings.delays_s[source])
    for candidate in candidates:
        try:
            row = await host.fetch(candidate)
        except CopydeskError:
            raise
        except Exception as error:  # noqa: BLE001 - an input that trips a mistake of ours costs one page, not the night
            row = _unforeseen(desk, candidate, error)
        desk.done(candidate, row)


def _unforeseen(desk: Desk, candidate: Candidate, error: Exception) -> Row:
    # Escaped as a whole, because the message of an exception may quote what a server sent.
    trace = escape("".join(traceback.format_exception(error)), LONGEST_TRACE)
    LOG.error("%s could not be fetched, by a mistake of Copydesk's: %s", escape(candidate["url"]), trace)
    detail = f"a mistake of Copydesk's: {type(error).__name__}: {error}"
    due = next_try(candidate["failure_count"], desk.now, desk.settings)
    return absent_row(asked_of(candidate), Verdict(Outcome.FAILED, Reason.BAD_RESPONSE, detail, due), desk.now)


class _Host:
    """One host while its candidates are fetched: its errors in a row, and why the rest has to wait."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._errors = 0
        self._refusals = 0
        self._pages = 0
        self._halt: Verdict | None = None
        self._reserved: frozenset[Reservation] = frozenset()
        """What robots.txt reserves for the page under way, redirects included."""

    async def fetch(self, candidate: Candidate) -> Row:
        """The candidate's row."""
        asked, desk = asked_of(candidate), self._desk
        if desk.client.stopping.is_set():
            self._halt = Verdict(Outcome.DEFERRED, Reason.NOT_REACHED, ASKED_TO_STOP)
        self._reserved = frozenset()
        if self._halt is None:
            try:
                await self._check(asked, asked.url)
            except FetchError as error:
                return self._refused(candidate, asked, error)
        if self._halt is not None:
            return absent_row(asked, self._halt, desk.now)
        self._pages += 1
        async with AsyncExitStack() as hops:
            return await self._get(candidate, asked, hops)

    def _refused(self, candidate: Candidate, asked: Asked, error: FetchError) -> Row:
        """The row of a URL that robots.txt or the host's rest forbid, or whose host cannot be reached."""
        desk, verdict = self._desk, judge_error(error)
        if error.reason is Reason.HOST_PAUSED:
            self._halt = verdict
        if verdict.outcome is not Outcome.FAILED:
            return absent_row(asked, verdict, desk.now)
        self._rest(asked, f"its robots.txt could not be asked for: {error.reason}", error.reason)
        return keep_error(desk.writer, asked, error, self._due(candidate, verdict), desk.client.now())

    async def _check(self, asked: Asked, url: str) -> None:
        """Raise unless the URL may be fetched; also for each redirect."""
        site = asked.site if host_key(url) == host_key(asked.url) else None
        desk = self._desk
        decision = await desk.robots.allowed(
            desk.client,
            url,
            source_id=asked.source_id,
            site=site,
            verify_tls=self._verifies(asked),
        )
        if not decision.allowed:
            raise FetchError(decision.reason or Reason.ROBOTS_DISALLOWED, decision.detail or url)
        self._reserved |= decision.reservations
        refusing = decision.reservations & desk.settings.respect.get(asked.source_id, frozenset())
        if refusing:
            raise FetchError(Reason.RESERVED, f"reserved by {robots_url(url)}: {', '.join(in_order(refusing))}")
        if url == asked.url:
            self._spare(decision.crawl_delay_s)

    async def _check_hop(self, asked: Asked, url: str, hops: AsyncExitStack) -> None:
        """As `_check`, for the target of a redirect, whose site must not be another fetcher's at the time."""
        await self._desk.leases.take(url, hops)
        await self._check(asked, url)

    def _spare(self, crawl_delay_s: float | None) -> None:
        """Take fewer pages of a host whose Crawl-delay is beyond the cap; the rest waits for the next run."""
        if crawl_delay_s is None or crawl_delay_s <= self._desk.settings.http.max_crawl_delay_s:
            return
        most = max(1, int(self._desk.settings.crawl_budget_s // crawl_delay_s))
        if self._pages >= most:
            detail = f"Crawl-delay of {crawl_delay_s:g} s: at most {most} pages a run"
            self._halt = Verdict(Outcome.DEFERRED, Reason.HOST_PAUSED, detail)

    def _verifies(self, asked: Asked) -> bool:
        return asked.source_id not in self._desk.settings.unverified

    async def _get(self, candidate: Candidate, asked: Asked, hops: AsyncExitStack) -> Row:
        desk = self._desk
        is_conditional = sends_conditions(
            candidate["payload_digest"], candidate["last_full_at"], desk.now, desk.settings.full_every_s
        )
        conditions = {name: candidate[name] for name in ("etag", "last_modified")} if is_conditional else {}
        try:
            exchange = await desk.client.get(
                asked.url,
                verify_tls=self._verifies(asked),
                check_hop=lambda url: self._check_hop(asked, url, hops),
                access=desk.settings.access.get(asked.source_id),
                **conditions,
            )
        except FetchError as error:
            row = self._failed(candidate, asked, error)
        else:
            row = self._answered(candidate, asked, exchange)
        await self._sync()
        return row

    def _answered(self, candidate: Candidate, asked: Asked, exchange: Exchange) -> Row:
        desk, known = self._desk, candidate["payload_digest"]
        self._errors = 0
        verdict = judge_exchange(exchange, known, desk.settings)
        respected = desk.settings.respect.get(asked.source_id, frozenset())
        verdict = reserve(exchange, verdict, desk.settings, robots=self._reserved, respected=respected)
        if verdict.reason is Reason.RESERVED and exchange.body:
            # What is not to be used is not kept: the head stays, to show why.
            exchange = replace(exchange, body=b"", truncated="unspecified")
        until = asked_pause(exchange, desk.now, desk.settings)
        if until is None:
            verdict = self._due(candidate, verdict)
        else:
            detail = f"status {exchange.status}"
            verdict = Verdict(Outcome.FAILED, Reason.RATE_LIMITED, detail, until, verdict.reservations)
            self._pause(asked, exchange.final_url, until, f"status {exchange.status}")
        self._count_refusal(asked, verdict)
        known_at = candidate["last_full_at"]
        return keep_exchange(desk.writer, asked, exchange, verdict, known_digest=known, last_full_at=known_at)

    def _count_refusal(self, asked: Asked, verdict: Verdict) -> None:
        """Leave a host alone that refuses page after page: asking on would only make it worse."""
        is_refused = verdict.outcome is Outcome.BLOCKED and verdict.reason is not Reason.RESERVED
        self._refusals = self._refusals + 1 if is_refused else 0
        if self._refusals >= self._desk.settings.refusals_in_a_row:
            self._rest(asked, f"{self._refusals} refusals in a row, the last: {verdict.detail}", Reason.RATE_LIMITED)

    def _failed(self, candidate: Candidate, asked: Asked, error: FetchError) -> Row:
        desk = self._desk
        self._errors = self._errors + 1 if error.connection else 0
        is_dead = error.reason is Reason.DNS and not error.retryable
        if error.connection and (is_dead or self._errors >= desk.settings.circuit_errors):
            self._rest(asked, f"{self._errors} connection errors in a row, the last: {error.reason}", error.reason)
        verdict = self._due(candidate, judge_error(error))
        if verdict.outcome is Outcome.DEFERRED:
            return absent_row(asked, verdict, desk.now, attempt_count=error.attempt_count)
        return keep_error(desk.writer, asked, error, verdict, desk.client.now())

    def _due(self, candidate: Candidate, verdict: Verdict) -> Verdict:
        is_refused = verdict.outcome is Outcome.BLOCKED and verdict.reason in REFUSED
        if verdict.outcome is not Outcome.FAILED and not is_refused:
            return verdict
        desk = self._desk
        return replace(verdict, next_try_at=next_try(candidate["failure_count"], desk.now, desk.settings))

    def _rest(self, asked: Asked, why: str, failure: Reason) -> None:
        """Open the host's circuit: for an hour, twice as long with each run in a row that found it so."""
        desk = self._desk
        doubled = desk.settings.circuit_pause_s * 2.0 ** min(desk.robots.failures(asked.url), 32)
        until = desk.now + timedelta(seconds=min(doubled, desk.settings.backoff_cap_s))
        self._pause(asked, asked.url, until, why, failure)

    def _pause(self, asked: Asked, url: str, until: datetime, why: str, failure: Reason | None = None) -> None:
        """Let the host that answered rest; if it is the one whose turn it is, the rest of its URLs wait."""
        self._desk.robots.pause(url, until, why, source_id=asked.source_id, failure=failure)
        if host_key(url) == host_key(asked.url):
            self._halt = Verdict(Outcome.DEFERRED, Reason.HOST_PAUSED, why, until)

    async def _sync(self) -> None:
        if self._desk.writer.is_sync_due():
            await asyncio.to_thread(self._desk.writer.flush)
