"""What each response means: tables, with the rows that must not match."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest

from schemas.reasons import Outcome, Reason
from tasks.fetch.model import FetchSettings
from tasks.fetch.verdicts import (
    asked_pause,
    judge_content_type,
    judge_error,
    judge_exchange,
    next_try,
    sends_conditions,
)
from tasks.io.captures import payload_digest
from tasks.io.exchange import Exchange, FetchError, Hop

NIGHT = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
BODY = b"<p>x</p>"
KNOWN = payload_digest(BODY)
SETTINGS = FetchSettings()


def answer(status: int = 200, body: bytes = BODY, url: str = "http://a.test/story", **headers: str) -> Exchange:
    """A response to http://a.test/story; another url means a redirect."""
    named = tuple((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())
    hops = (Hop("http://a.test/story", 302, url),) if url != "http://a.test/story" else ()
    return Exchange("http://a.test/story", url, status, "", named, body, NIGHT, hops=hops)


@pytest.mark.parametrize(
    ("exchange", "known", "outcome", "reason"),
    [
        (answer(), None, Outcome.FETCHED, None),
        (answer(203), None, Outcome.FETCHED, None),
        (answer(body=b""), None, Outcome.FETCHED, None),
        (answer(), KNOWN, Outcome.NOT_MODIFIED, None),
        (answer(), "sha1:OTHER", Outcome.FETCHED, None),
        (answer(304, b""), KNOWN, Outcome.NOT_MODIFIED, None),
        (answer(304, b""), None, Outcome.FAILED, Reason.BAD_RESPONSE),
        (answer(404), None, Outcome.GONE, Reason.HTTP_STATUS),
        (answer(404), KNOWN, Outcome.GONE, Reason.HTTP_STATUS),
        (answer(410), None, Outcome.GONE, Reason.HTTP_STATUS),
        (answer(401), None, Outcome.BLOCKED, Reason.HTTP_STATUS),
        (answer(403), None, Outcome.BLOCKED, Reason.HTTP_STATUS),
        (answer(451), None, Outcome.BLOCKED, Reason.HTTP_STATUS),
        (answer(500), None, Outcome.FAILED, Reason.HTTP_STATUS),
        (answer(503), None, Outcome.FAILED, Reason.HTTP_STATUS),
        (answer(202), None, Outcome.FAILED, Reason.HTTP_STATUS),
        (answer(204, b""), None, Outcome.FAILED, Reason.HTTP_STATUS),
        (answer(206), None, Outcome.FAILED, Reason.HTTP_STATUS),
        (answer(302, b""), None, Outcome.FAILED, Reason.HTTP_STATUS),
        (answer(url="http://a.test/"), None, Outcome.REFUSED, Reason.SOFT_404),
        (answer(url="http://www.a.test/index.html"), KNOWN, Outcome.REFUSED, Reason.SOFT_404),
        (answer(url="http://b.test/story"), None, Outcome.FETCHED, None),
        (answer(url="http://a.test/?p=7"), None, Outcome.FETCHED, None),
        (answer(Content_Type="application/pdf"), None, Outcome.REFUSED, Reason.NOT_HTML),
        (answer(Content_Encoding="gzip", body=gzip.compress(BODY, mtime=0)), None, Outcome.FETCHED, None),
        (answer(Content_Encoding="gzip"), None, Outcome.FETCHED, None),
        (
            answer(Content_Encoding="gzip", body=gzip.compress(bytes(10**7), mtime=0)),
            None,
            Outcome.REFUSED,
            Reason.BOMB,
        ),
        (
            answer(Content_Encoding="gzip", body=gzip.compress(BODY, mtime=0)[:-9]),
            None,
            Outcome.FAILED,
            Reason.TRUNCATED,
        ),
    ],
)
def test_responses(exchange: Exchange, known: str | None, outcome: Outcome, reason: Reason | None) -> None:
    """Each kind of response has one outcome and one reason."""
    verdict = judge_exchange(exchange, known, SETTINGS)
    assert (verdict.outcome, verdict.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("content_type", "is_refused"),
    [
        ("image/png", True),
        ("IMAGE/SVG+XML", True),
        ("video/mp4", True),
        ("audio/mpeg", True),
        ("font/woff2", True),
        ("application/pdf", True),
        ("application/zip; x=y", True),
        ("application/vnd.ms-excel", True),
        ("application/vnd.wap.xhtml+xml", False),
        ("text/html; charset=utf-8", False),
        ("text/plain", False),
        ("application/xhtml+xml", False),
        ("application/json", False),
        ("application/octet-stream", False),
        ("nonsense", False),
        ("", False),
        (None, False),
    ],
)
def test_content_types(content_type: str | None, is_refused: bool) -> None:
    """Only what is certainly no page is refused by its label."""
    assert (judge_content_type(content_type) is not None) is is_refused


OUTCOMES = {
    Outcome.REFUSED: {"too_large", "bomb", "refused_address", "refused_scheme", "bad_url"},
    Outcome.FAILED: {"dns", "connect", "timeout", "slow", "tls", "truncated", "bad_response", "redirect_loop"},
    Outcome.BLOCKED: {"robots_disallowed", "robots_unreachable"},
    Outcome.DEFERRED: {"host_paused", "not_reached"},
}


@pytest.mark.parametrize(
    ("outcome", "reason"), [(o, Reason(r)) for o, names in OUTCOMES.items() for r in sorted(names)]
)
def test_errors(outcome: Outcome, reason: Reason) -> None:
    """What may be mended by time fails, what may not is refused, what is forbidden is blocked."""
    assert judge_error(FetchError(reason, "x")).outcome is outcome


@pytest.mark.faults
@pytest.mark.parametrize(
    ("exchange", "seconds"),
    [
        (answer(429, Retry_After="60"), 60),
        (answer(429), 900),
        (answer(429, Retry_After="315360000"), 86_400),
        (answer(503, Retry_After="120"), 120),
        (answer(503), None),
        (answer(200, Retry_After="60"), None),
        (answer(500, Retry_After="60"), None),
    ],
)
def test_A16_A17_pauses(exchange: Exchange, seconds: int | None) -> None:
    """Only 429, and 503 that says how long, pause a host."""
    until = asked_pause(exchange, NIGHT, SETTINGS)
    assert until == (None if seconds is None else NIGHT + timedelta(seconds=seconds))


@pytest.mark.parametrize(("failures", "hours"), [(0, 6), (1, 12), (2, 24), (4, 96), (5, 168), (400, 168), (-1, 6)])
def test_back_off_doubles_to_a_week(failures: int, hours: int) -> None:
    """A URL that fails and fails is tried ever less often, but never given up."""
    assert next_try(failures, NIGHT, SETTINGS) - NIGHT == timedelta(hours=hours)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("known", "days", "expected"),
    [(KNOWN, 1, True), (KNOWN, 13.9, True), (KNOWN, 14, False), (KNOWN, None, False), (None, 1, False)],
)
def test_A21_validators_are_not_believed_for_ever(known: str | None, days: float | None, expected: bool) -> None:
    """Conditions are sent only for a body that is known, and came whole within the last two weeks."""
    last_full_at = None if days is None else NIGHT - timedelta(days=days)
    assert sends_conditions(known, last_full_at, NIGHT, SETTINGS.full_every_s) is expected
