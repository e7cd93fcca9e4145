"""What a response, an error or a status means for a URL. Pure: no network, no disk, the time is an argument."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from schemas.reasons import Outcome, Reason, Reservation
from tasks.fetch.challenges import challenge_of, wall_behind
from tasks.fetch.model import FetchSettings
from tasks.io.capture_rows import Verdict
from tasks.io.captures import payload_digest
from tasks.io.decode import DecodeError, decode_body
from tasks.io.exchange import Exchange, FetchError
from tasks.io.reservations import header_reservations, in_order, page_reservations
from tasks.io.retry_after import retry_after
from tasks.io.urls import is_home_page

READABLE = frozenset({200, 203})
GONE = frozenset({404, 410})
BLOCKED = frozenset({401, 403, 451})

NO_PAGE = re.compile(
    r"(?:image|video|audio|font)/|application/(?:pdf|zip|gzip|x-gzip|x-tar|x-rar|x-7z-compressed|msword|epub\+zip"
    r"|x-bittorrent|java-archive|wasm|vnd\.(?!wap\.xhtml))",
    re.IGNORECASE,
)
"""Content types that are certainly no page. Match: image/png, application/pdf. Do not match: text/html,
application/xhtml+xml, application/json, application/octet-stream (observed on pages)."""

REFUSALS = frozenset(
    {Reason.TOO_LARGE, Reason.BOMB, Reason.REFUSED_ADDRESS, Reason.REFUSED_SCHEME, Reason.BAD_URL, Reason.NOT_HTML}
)
"""Errors that trying again does not mend; they go to quarantine."""


def judge_status(status: int | None) -> Verdict:
    """What a status alone means; None is a record without HTTP.

    >>> judge_status(404).outcome, judge_status(451).outcome, judge_status(500).outcome
    (<Outcome.GONE: 'gone'>, <Outcome.BLOCKED: 'blocked'>, <Outcome.FAILED: 'failed'>)
    """
    if status is None or status in READABLE:
        return Verdict(Outcome.FETCHED)
    outcome = Outcome.GONE if status in GONE else Outcome.BLOCKED if status in BLOCKED else Outcome.FAILED
    return Verdict(outcome, Reason.HTTP_STATUS, f"status {status}")


def judge_content_type(content_type: str | None) -> Verdict | None:
    """A refusal where the content type is certainly no page's; None otherwise, also where there is none."""
    if content_type and NO_PAGE.match(content_type.strip()):
        return Verdict(Outcome.REFUSED, Reason.NOT_HTML, f"content type {content_type}")
    return None


def judge_exchange(exchange: Exchange, known_digest: str | None, settings: FetchSettings) -> Verdict:
    """What a whole response means for the page that was asked for; pauses are `asked_pause`'s."""
    if exchange.status == 304:
        if known_digest is not None:
            return Verdict(Outcome.NOT_MODIFIED)
        return Verdict(Outcome.FAILED, Reason.BAD_RESPONSE, "status 304 to a request without conditions")
    if (exchange.header("cf-mitigated") or "").lower() == "challenge":
        return Verdict(Outcome.BLOCKED, Reason.CHALLENGE, f"Cloudflare challenge, status {exchange.status}")
    verdict = judge_status(exchange.status)
    if verdict.outcome is not Outcome.FETCHED:
        return verdict
    wall = wall_behind(exchange.url, exchange.final_url)
    if wall is not None:
        return Verdict(Outcome.BLOCKED, Reason.CHALLENGE, f"redirected to a {wall}: {exchange.final_url}")
    if exchange.hops and is_home_page(exchange.final_url) and not is_home_page(exchange.url):
        return Verdict(Outcome.REFUSED, Reason.SOFT_404, f"redirected to the home page {exchange.final_url}")
    refusal = judge_content_type(exchange.header("Content-Type"))
    if refusal is not None:
        return refusal
    if known_digest is not None and payload_digest(exchange.body) == known_digest:
        return Verdict(Outcome.NOT_MODIFIED)
    return _judge_body(exchange, settings)


def reserve(
    exchange: Exchange,
    verdict: Verdict,
    settings: FetchSettings,
    *,
    robots: frozenset[Reservation] = frozenset(),
    respected: frozenset[Reservation] = frozenset(),
) -> Verdict:
    """The verdict with what the publisher reserves, and a refusal where the source respects one of that.

    The page's own head is read only where it can refuse: parse reads it for all.

    Args:
        exchange: the response.
        verdict: `judge_exchange`'s.
        settings: limits of the body.
        robots: what robots.txt reserves for the page.
        respected: which reservations refuse a page.
    """
    found = robots | header_reservations(exchange.headers)
    if verdict.outcome not in (Outcome.FETCHED, Outcome.NOT_MODIFIED):
        return replace(verdict, reservations=found)
    if respected and exchange.body:
        try:
            page = decode_body(exchange.body, exchange.header("Content-Encoding"), settings.limits)
        except DecodeError as error:
            return judge_error(FetchError(error.reason, error.detail))
        found |= page_reservations(page)
    refusing = found & respected
    if not refusing:
        return replace(verdict, reservations=found)
    return Verdict(Outcome.BLOCKED, Reason.RESERVED, f"reserved: {', '.join(in_order(refusing))}", reservations=found)


def _judge_body(exchange: Exchange, settings: FetchSettings) -> Verdict:
    try:
        page = decode_body(exchange.body, exchange.header("Content-Encoding"), settings.limits)
    except DecodeError as error:
        return judge_error(FetchError(error.reason, error.detail))
    wall = challenge_of(page)
    return Verdict(Outcome.FETCHED) if wall is None else Verdict(Outcome.BLOCKED, Reason.CHALLENGE, wall)


def judge_error(error: FetchError) -> Verdict:
    """What it means that there is no usable response."""
    outcome = Outcome.REFUSED if error.reason in REFUSALS else Outcome.FAILED
    if error.reason in (Reason.ROBOTS_DISALLOWED, Reason.ROBOTS_UNREACHABLE, Reason.RESERVED):
        outcome = Outcome.BLOCKED
    if error.reason in (Reason.HOST_PAUSED, Reason.NOT_REACHED):
        outcome = Outcome.DEFERRED
    return Verdict(outcome, error.reason, error.detail)


def asked_pause(exchange: Exchange, now: datetime, settings: FetchSettings) -> datetime | None:
    """Until when the host wants to be left alone: a 429, or a 503 that says how long; None when it does not."""
    value = exchange.header("Retry-After")
    if exchange.status == 429 or (exchange.status == 503 and value):
        return retry_after(value, now, default_s=settings.retry_after_default_s, cap_s=settings.retry_after_cap_s)
    return None


def sends_conditions(payload_digest: str | None, last_full_at: datetime | None, now: datetime, every_s: float) -> bool:
    """Whether a page may be asked for with its validators: its body is known, and came whole not too long ago.

    A 304 for a body that nobody has would lose the page; one for ever would hide its changes (observed by Media Cloud).
    """
    if payload_digest is None or last_full_at is None:
        return False
    return now - last_full_at < timedelta(seconds=every_s)


def next_try(failure_count: int, now: datetime, settings: FetchSettings) -> datetime:
    """When a URL that failed is due again: the base, doubled for each failure before, up to the cap."""
    doubled = settings.backoff_base_s * 2.0 ** min(max(failure_count, 0), 32)
    return now + timedelta(seconds=min(doubled, settings.backoff_cap_s))
