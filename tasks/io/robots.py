"""May we? robots.txt by RFC 9309, its error rules included, with a memory of 24 hours.

Status 2xx: its rules (the first 500 KiB). 4xx and endless redirects: everything is allowed. 5xx, 429 and no answer:
nothing is. Crawl-delay is not in the RFC but honoured, up to a cap (`tasks.io.hosts`).
What does not belong here: what a refusal means for a URL; discover and fetch decide that.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from schemas.capture import Capture
from schemas.identity import site_of
from schemas.reasons import Kind, Outcome, Reason
from schemas.table import polars_schema
from tasks.io.access import NO_ACCESS
from tasks.io.capture_rows import Asked, Row, Verdict, absent_row, escape, keep_error, keep_exchange
from tasks.io.captures import CaptureWriter, DecodeError, decoded_body, read_record
from tasks.io.exchange import FetchError
from tasks.io.folder import DataFolder
from tasks.io.hosts import host_key
from tasks.io.http import HttpClient
from tasks.io.robots_rules import (
    ALLOW_ALL,
    DISALLOW_ALL,
    LIMITS,
    MAX_AGE,
    MAX_BYTES,
    HostRules,
    RobotsDecision,
    judge_robots,
    parse_robots,
    robots_url,
    told_delay,
)

__all__ = ["MAX_BYTES", "HostRules", "RobotsCache", "RobotsDecision", "judge_robots", "parse_robots", "robots_url"]


class RobotsCache:
    """The wishes of the hosts that one task talks to. The sites' leases are the caller's to hold.

    Args:
        folder: where captured robots.txt files are read from again.
        writer: where new ones are kept.
        now: the run's time; what is older than 24 h by it is asked for again.
    """

    def __init__(self, folder: DataFolder, writer: CaptureWriter, now: datetime) -> None:
        self._folder = folder
        self._writer = writer
        self._now = now
        self._known: dict[str, HostRules] = {}
        self._rows: dict[str, Row] = {}
        self._last_rows: dict[str, Row] = {}
        self._failures: dict[str, int] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def warm(self, rows: Iterable[Mapping[str, Any]], *, same_run: bool) -> None:
        """Take over what earlier robots rows say (columns of Capture or Ledger; others are left out).

        Of an earlier run only what is fresh counts, and no failure: that is asked for again. A pause always counts.
        """
        for row in rows:
            if row["kind"] != Kind.ROBOTS or not row["robots_verdict"]:
                continue
            self._failures[row["url"]] = row.get("failure_count") or 0
            is_fresh = same_run or self._now - row["captured_at"] <= MAX_AGE
            is_usable = is_fresh and (same_run or not row["robots_verdict"].startswith(DISALLOW_ALL))
            known = self._from_row(row) if is_usable else None
            until = row["paused_until"]
            if known is None and until is not None and until > self._now:
                known = HostRules(row["robots_verdict"], paused_until=until)
            if known is not None:
                self._known[row["url"]] = known
                self._last_rows[row["url"]] = dict(row)

    async def allowed(
        self, client: HttpClient, url: str, *, source_id: str, site: str | None = None, verify_tls: bool = True
    ) -> RobotsDecision:
        """Whether the URL may be fetched now; asks for the host's robots.txt where that is not known.

        Raises:
            DiskError: the capture could not be written.
            FetchError: NOT_REACHED, when the client was stopped before it had an answer.
        """
        rules = await self.rules(client, url, source_id=source_id, site=site, verify_tls=verify_tls)
        if rules.paused_until is not None and rules.paused_until > self._now:
            return RobotsDecision(False, Reason.HOST_PAUSED, f"until {rules.paused_until:%Y-%m-%d %H:%M} UTC")
        if rules.failure is not None:
            return RobotsDecision(False, rules.failure, f"robots.txt: {rules.detail}")
        if rules.verdict.startswith(DISALLOW_ALL):
            return RobotsDecision(False, Reason.ROBOTS_UNREACHABLE, rules.verdict)
        if not rules.allows(url):
            return RobotsDecision(False, Reason.ROBOTS_DISALLOWED, robots_url(url))
        return RobotsDecision(True, crawl_delay_s=rules.crawl_delay_s, reservations=rules.reservations(url))

    async def rules(
        self, client: HttpClient, url: str, *, source_id: str, site: str | None = None, verify_tls: bool = True
    ) -> HostRules:
        """What the URL's host wishes, its sitemaps included; asks for robots.txt where that is not known."""
        key = robots_url(url)
        async with self._locks[key]:
            if key not in self._known:
                asked = Asked(key, site or site_of(url), source_id, Kind.ROBOTS)
                self._known[key] = await self._ask(client, asked, verify_tls)
            rules = self._known[key]
        client.hosts.slow_down(host_key(url), rules.crawl_delay_s)
        return rules

    def failures(self, url: str) -> int:
        """Runs in a row before this one in which the URL's host could not be talked to."""
        return self._failures.get(robots_url(url), 0)

    def pause(
        self,
        url: str,
        until: datetime,
        why: str,
        *,
        source_id: str,
        site: str | None = None,
        failure: Reason | None = None,
    ) -> None:
        """Let the URL's host rest until then. The pause is kept in the WARC at once and in the host's robots row.

        With a failure the host counts as one that could not be talked to in this run (`failures` of the next).

        Raises:
            DiskError: the capture could not be written.
        """
        key = robots_url(url)
        self._known[key] = replace(self._known.get(key, HostRules(ALLOW_ALL)), paused_until=until)
        row = self._last_rows.get(key) or self._unasked_row(key, source_id, site or site_of(url))
        # Requests that another part of the run has counted are not counted again.
        counted = {} if key in self._rows else {"attempt_count": 0}
        row = _capture_columns(row) | counted | {"paused_until": until}
        if failure is not None:
            row |= {"outcome": str(Outcome.FAILED), "reason": str(failure), "detail": escape(why)}
        self._writer.write_absence(key, self._now, str(Reason.HOST_PAUSED), why, row)
        self._keep_row(key, row)

    def rows(self) -> list[Row]:
        """The Capture rows of kind robots that came about here: one a host that was asked or paused."""
        return list(self._rows.values())

    async def _ask(self, client: HttpClient, asked: Asked, verify_tls: bool) -> HostRules:
        try:
            # What a host wishes of everybody is asked for as by anybody.
            exchange = await client.get(
                asked.url, max_body_bytes=MAX_BYTES, keep_cut=True, verify_tls=verify_tls, access=NO_ACCESS
            )
        except FetchError as error:
            if error.reason is Reason.NOT_REACHED:
                raise
            return self._unreachable(asked, error, client.now())
        rules = judge_robots(exchange, self._now)
        verdict = Verdict(Outcome.FETCHED, None, told_delay(rules.crawl_delay_s, client.settings.max_crawl_delay_s))
        if rules.verdict.startswith(DISALLOW_ALL):
            reason = Reason.RATE_LIMITED if exchange.status == 429 else Reason.HTTP_STATUS
            verdict = Verdict(Outcome.FAILED, reason, rules.verdict)
        self._keep_row(asked.url, keep_exchange(self._writer, asked, exchange, verdict, **_row_columns(rules)))
        return rules

    def _unreachable(self, asked: Asked, error: FetchError, moment: datetime) -> HostRules:
        """No answer: nothing is allowed. Endless redirects: as if there were none (RFC 9309 section 2.3.1.2)."""
        if error.reason is Reason.REDIRECT_LOOP:
            rules = HostRules(f"{ALLOW_ALL}: {error.reason}")
        else:
            rules = HostRules(f"{DISALLOW_ALL}: {error.reason}", failure=error.reason, detail=error.detail)
        verdict = Verdict(Outcome.FAILED, error.reason, error.detail)
        self._keep_row(asked.url, keep_error(self._writer, asked, error, verdict, moment, **_row_columns(rules)))
        return rules

    def _from_row(self, row: Mapping[str, Any]) -> HostRules | None:
        """The rules that a row stands for; None when its capture cannot be read any more."""
        verdict, until = str(row["robots_verdict"]), row["paused_until"]
        if verdict.startswith(ALLOW_ALL):
            return HostRules(verdict, paused_until=until)
        if verdict.startswith(DISALLOW_ALL):
            failure = Reason(row["reason"]) if row["reason"] and row["http_status"] is None else None
            return HostRules(verdict, paused_until=until, failure=failure, detail=row["detail"])
        if row["capture_uri"] is None or row["capture_offset"] is None:
            return None
        try:
            record = read_record(self._folder, row["capture_uri"], row["capture_offset"])
            body = decoded_body(record, LIMITS)
        except (OSError, DecodeError):
            return None
        return None if record.status is None else replace(parse_robots(body), paused_until=until)

    def _unasked_row(self, key: str, source_id: str, site: str) -> Row:
        asked = Asked(key, site, source_id, Kind.ROBOTS)
        return absent_row(asked, Verdict(Outcome.FETCHED), self._now, robots_verdict=f"{ALLOW_ALL}: not asked")

    def _keep_row(self, key: str, row: Row) -> None:
        self._rows[key] = row
        self._last_rows[key] = row


_CAPTURE_COLUMNS = tuple(polars_schema(Capture))


def _capture_columns(row: Mapping[str, Any]) -> Row:
    """A row of Capture or Ledger in the columns of Capture, its place included."""
    return {name: row.get(name) for name in _CAPTURE_COLUMNS} | {"outcome": row.get("outcome") or str(Outcome.FETCHED)}


def _row_columns(rules: HostRules) -> dict[str, Any]:
    return {
        "robots_verdict": rules.verdict,
        "crawl_delay_s": rules.crawl_delay_s,
        "paused_until": rules.paused_until,
    }
