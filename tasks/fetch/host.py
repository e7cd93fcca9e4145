"""Fetch the candidates of one host, one after the other, and stop when the host wants or needs rest."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from schemas.reasons import Outcome, Reason
from tasks.fetch.model import FetchSettings
from tasks.fetch.verdicts import asked_pause, judge_error, judge_exchange, next_try
from tasks.io.capture_rows import Asked, Row, Verdict, absent_row, keep_error, keep_exchange
from tasks.io.captures import CaptureWriter
from tasks.io.exchange import Exchange, FetchError
from tasks.io.hosts import host_key
from tasks.io.http import HttpClient
from tasks.io.robots import RobotsCache

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


def asked_of(candidate: Candidate) -> Asked:
    """Which URL the candidate asks for, and for whom."""
    return Asked(candidate["url"], candidate["site"], candidate["source_id"])


async def fetch_host(desk: Desk, candidates: Sequence[Candidate]) -> None:
    """Give one row for each candidate of a host, in order.

    Raises:
        DiskError: a capture could not be written.
    """
    host = _Host(desk)
    for source in {candidate["source_id"] for candidate in candidates} & set(desk.settings.delays_s):
        desk.client.hosts.use_delay(host_key(candidates[0]["url"]), desk.settings.delays_s[source])
    for candidate in candidates:
        desk.done(candidate, await host.fetch(candidate))


class _Host:
    """One host while its candidates are fetched: its errors in a row, and why the rest has to wait."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._errors = 0
        self._halt: Verdict | None = None

    async def fetch(self, candidate: Candidate) -> Row:
        """The candidate's row."""
        asked, desk = asked_of(candidate), self._desk
        if self._halt is not None:
            return absent_row(asked, self._halt, desk.now)
        try:
            await self._check(asked, asked.url)
        except FetchError as error:
            return self._refused(candidate, asked, error)
        return await self._get(candidate, asked)

    def _refused(self, candidate: Candidate, asked: Asked, error: FetchError) -> Row:
        """The row of a URL that robots.txt or the host's rest forbid, or whose host cannot be reached."""
        desk, verdict = self._desk, judge_error(error)
        if error.reason is Reason.HOST_PAUSED:
            self._halt = verdict
        if verdict.outcome is not Outcome.FAILED:
            return absent_row(asked, verdict, desk.now)
        self._rest(asked, f"its robots.txt could not be asked for: {error.reason}")
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

    def _verifies(self, asked: Asked) -> bool:
        return asked.source_id not in self._desk.settings.unverified

    async def _get(self, candidate: Candidate, asked: Asked) -> Row:
        desk, known = self._desk, candidate["payload_digest"]
        # Conditions only where the body is known: a 304 for a body that nobody has would lose the page.
        conditions = {} if known is None else {name: candidate[name] for name in ("etag", "last_modified")}
        try:
            exchange = await desk.client.get(
                asked.url,
                verify_tls=self._verifies(asked),
                check_hop=lambda url: self._check(asked, url),
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
        until = asked_pause(exchange, desk.now, desk.settings)
        if until is None:
            verdict = self._due(candidate, verdict)
        else:
            verdict = Verdict(Outcome.FAILED, Reason.RATE_LIMITED, f"status {exchange.status}", until)
            self._pause(asked, exchange.final_url, until, f"status {exchange.status}")
        return keep_exchange(desk.writer, asked, exchange, verdict, known_digest=known)

    def _failed(self, candidate: Candidate, asked: Asked, error: FetchError) -> Row:
        desk = self._desk
        self._errors = self._errors + 1 if error.connection else 0
        if error.connection and (error.reason is Reason.DNS or self._errors >= desk.settings.circuit_errors):
            self._rest(asked, f"{self._errors} connection errors in a row, the last: {error.reason}")
        verdict = self._due(candidate, judge_error(error))
        return keep_error(desk.writer, asked, error, verdict, desk.client.now())

    def _due(self, candidate: Candidate, verdict: Verdict) -> Verdict:
        if verdict.outcome is not Outcome.FAILED:
            return verdict
        desk = self._desk
        return replace(verdict, next_try_at=next_try(candidate["failure_count"], desk.now, desk.settings))

    def _rest(self, asked: Asked, why: str) -> None:
        """Open the host's circuit."""
        until = self._desk.now + timedelta(seconds=self._desk.settings.circuit_pause_s)
        self._pause(asked, asked.url, until, why)

    def _pause(self, asked: Asked, url: str, until: datetime, why: str) -> None:
        """Let the host that answered rest; if it is the one whose turn it is, the rest of its URLs wait."""
        self._desk.robots.pause(url, until, why, source_id=asked.source_id)
        if host_key(url) == host_key(asked.url):
            self._halt = Verdict(Outcome.DEFERRED, Reason.HOST_PAUSED, why, until)

    async def _sync(self) -> None:
        if self._desk.writer.is_sync_due():
            await asyncio.to_thread(self._desk.writer.flush)
