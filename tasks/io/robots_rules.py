"""What a robots.txt says, and what the answer to a request for one means (RFC 9309). Pure.

What does not belong here: asking for it and remembering it (`robots`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from schemas.identity import normalise_url
from schemas.reasons import Reason, Reservation
from tasks.io.decode import BodyLimits, DecodeError, decode_body
from tasks.io.exchange import PRODUCT, Exchange
from tasks.io.retry_after import retry_after
from tasks.io.robots_match import Group, our_group

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
    rules: Group | None = None
    crawl_delay_s: float | None = None
    sitemaps: tuple[str, ...] = ()
    paused_until: datetime | None = None
    failure: Reason | None = None
    """Why the host could not be reached at all; None when it answered."""
    detail: str | None = None

    def reservations(self, url: str) -> frozenset[Reservation]:
        """What the file reserves for the URL, beside whether it may be fetched."""
        return frozenset() if self.rules is None else self.rules.reservations(url)

    def allows(self, url: str) -> bool:
        """Whether the rules let us fetch the URL; a pause does not count here."""
        if self.rules is not None:
            return self.rules.allows(url)
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
    crawl_delay_s: float | None = None
    """The pause that the host wishes between two requests, as it was written."""
    reservations: frozenset[Reservation] = frozenset()
    """What robots.txt reserves for the URL, though it may be fetched."""


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


def told_delay(crawl_delay_s: float | None, cap_s: float) -> str | None:
    """What the row of a host says of a Crawl-delay that is not honoured to the letter; None when it is."""
    if crawl_delay_s is None or crawl_delay_s <= cap_s:
        return None
    return f"Crawl-delay of {crawl_delay_s:g} s: a request every {cap_s:g} s, and fewer pages a run"


def parse_robots(body: bytes) -> HostRules:
    """The rules of a robots.txt: UTF-8 with or without a mark, anything else as far as it can be read."""
    group = our_group(body[:MAX_BYTES].decode("utf-8-sig", "replace"), PRODUCT)
    return HostRules(RULES, group, group.crawl_delay_s, group.sitemaps)
