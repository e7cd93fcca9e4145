"""What a robots.txt says, and what the answer to a request for one means (RFC 9309). Pure.

What does not belong here: asking for it and remembering it (`robots`).
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from protego import Protego

from schemas.identity import normalise_url
from schemas.reasons import Reason
from tasks.io.decode import BodyLimits, DecodeError, decode_body
from tasks.io.exchange import PRODUCT, Exchange
from tasks.io.retry_after import retry_after

MAX_BYTES = 512_000
"""What is read of a robots.txt; the RFC asks for 500 KiB at least."""
MAX_AGE = timedelta(hours=24)
LIMITS = BodyLimits(max_bytes=8_000_000, ratio_floor=MAX_BYTES)

RULES, ALLOW_ALL, DISALLOW_ALL = "rules", "allow_all", "disallow_all"


@dataclass(frozen=True)
class HostRules:
    """What is known of one host's wishes."""

    verdict: str
    """`rules`, or `allow_all: why`, or `disallow_all: why`."""
    rules: Protego | None = None
    crawl_delay_s: float | None = None
    sitemaps: tuple[str, ...] = ()
    paused_until: datetime | None = None
    failure: Reason | None = None
    """Why the host could not be reached at all; None when it answered."""
    detail: str | None = None

    def allows(self, url: str) -> bool:
        """Whether the rules let us fetch the URL; a pause does not count here."""
        if self.rules is not None:
            return bool(self.rules.can_fetch(url, PRODUCT))
        return self.verdict.startswith(ALLOW_ALL)


@dataclass(frozen=True)
class RobotsDecision:
    """Whether a URL may be fetched now.

    If not, the reason is robots_disallowed, robots_unreachable (the host answers, but with an error), host_paused,
    or why the host cannot be reached at all (dns, connect, timeout ...).
    """

    allowed: bool
    reason: Reason | None = None
    detail: str | None = None


def robots_url(url: str) -> str:
    """The robots.txt that speaks for the URL: one for each scheme, host and port.

    >>> robots_url("https://example.com:8443/a/b?c")
    'https://example.com:8443/robots.txt'
    """
    parts = urlsplit(url)
    return normalise_url(f"{parts.scheme}://{parts.netloc}/robots.txt")


def judge_robots(exchange: Exchange, now: datetime) -> HostRules:
    """What a response to a request for robots.txt means (RFC 9309 section 2.3.1)."""
    status = exchange.status
    if 200 <= status < 300:
        try:
            return parse_robots(decode_body(exchange.body, exchange.header("Content-Encoding"), LIMITS))
        except DecodeError as error:
            return HostRules(f"{DISALLOW_ALL}: {error.reason}")
    if status == 429 or status >= 500:
        asks = exchange.header("Retry-After")
        until = retry_after(asks, now) if asks or status == 429 else None
        return HostRules(f"{DISALLOW_ALL}: status {status}", paused_until=until)
    return HostRules(f"{ALLOW_ALL}: status {status}")


def parse_robots(body: bytes) -> HostRules:
    """The rules of a robots.txt: UTF-8 with or without a mark, anything else as far as it can be read."""
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace")
    rules = Protego.parse(text)
    delay = float(rules.crawl_delay(PRODUCT) or 0.0)
    is_sane = math.isfinite(delay) and delay > 0
    return HostRules(RULES, rules, delay if is_sane else None, tuple(rules.sitemaps))
