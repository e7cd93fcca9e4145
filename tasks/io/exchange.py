"""What one fetch needs and gives: the settings of the client, a response, or the reason why there is none.

What does not belong here: sockets. `tasks.io.http` holds the client itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from schemas.reasons import Reason
from tasks.io.access import NO_ACCESS, Access

PRODUCT = "copydesk"
"""The product token that robots.txt files address us by (RFC 9309 section 2.2.1)."""

Headers = tuple[tuple[bytes, bytes], ...]
"""Header lines in their order, names and values as they came."""


@dataclass(frozen=True)
class HttpSettings:
    """Limits and manners of the client. Sizes in bytes, times in seconds."""

    contact: str = ""
    """URL or mail address at which a publisher reaches us; part of the User-Agent."""
    user_agent: str = ""
    """A User-Agent of one's own; empty: `copydesk/0.1 (+contact)`."""
    delay_s: float = 1.0
    """Pause between two requests to one host, from the end of the one to the begin of the next."""
    max_crawl_delay_s: float = 60.0
    """A host whose Crawl-delay is longer is slowed to this, and gives fewer pages a run."""
    address_delay_s: float | None = None
    """Pause between two requests of this process to one address, whatever the names of its hosts; None: names count."""
    concurrency: int = 50
    """Requests under way at once, over all hosts."""
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 20.0
    """Longest silence of a server."""
    total_timeout_s: float = 60.0
    """From the begin of one request to its last byte; waiting for a host's turn is not counted."""
    min_bytes_per_s: float = 500.0
    """Slowest accepted response, measured once it has lasted `rate_grace_s`."""
    rate_grace_s: float = 10.0
    max_body_bytes: int = 20_000_000
    """Largest body as it comes over the wire, before content encodings are undone."""
    max_header_bytes: int = 32_768
    """Longest single header line."""
    max_header_count: int = 300
    max_url_length: int = 8192
    max_redirects: int = 10
    allow_downgrade: bool = True
    """Follow a redirect from https to http; the row's final_url and is_tls_verified tell of it."""
    retries: int = 2
    """Further attempts after an error that may pass by itself."""
    drain_s: float = 10.0
    """How long requests under way may go on once the process was asked to stop."""
    retry_wait_s: float = 1.0
    """First wait before a retry; it doubles, with jitter, up to 30 s."""
    verify_tls: bool = True
    proxy: str = field(default="", repr=False)
    """URL of an HTTP proxy that all requests go through, perhaps with user and password; empty: none."""
    access: Access = NO_ACCESS
    """What a client of one source sends to that source's own site."""
    allow_loopback: bool = False
    """Only for tests and the demo: fetch from this machine, but from no other private address."""
    hosts: Mapping[str, str] = field(default_factory=dict)
    """Names that have an address by decree, as in /etc/hosts (tests and the demo): `ip`, `ip:port`, or `nxdomain` and
    `servfail` for a resolver that says no such name, or not now."""
    clock_shift_s: float = 0.0
    """Added to the clock that dates captures (the demo plays three nights in a minute)."""

    @property
    def is_reachable(self) -> bool:
        """Whether publishers are told whom they can turn to; on this machine alone nobody need be."""
        return bool(self.contact or self.user_agent or self.allow_loopback)

    @property
    def proxy_name(self) -> str:
        """The proxy without user and password, fit to be shown; empty: none."""
        parts = urlsplit(self.proxy)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()

    def agent(self) -> str:
        """The User-Agent header."""
        if self.user_agent:
            return self.user_agent
        return f"{PRODUCT}/0.1 (+{self.contact})" if self.contact else f"{PRODUCT}/0.1"


@dataclass(frozen=True)
class Hop:
    """One redirect on the way: who answered, with which status, and where it sent us."""

    url: str
    status: int
    target: str


@dataclass(frozen=True)
class Exchange:
    """One response as it came: still content-encoded, de-chunked. `url` was asked for, `final_url` answered."""

    url: str
    final_url: str
    status: int
    reason: str
    headers: Headers
    body: bytes
    captured_at: datetime
    """When the last byte had come, UTC."""
    duration_ms: int = 0
    """From the request that was answered to the last byte."""
    attempt_count: int = 1
    """Requests sent, redirects and retries included."""
    hops: tuple[Hop, ...] = ()
    truncated: str | None = None
    """Why the body is not whole (WARC-Truncated: length, time, disconnect); None: it is whole."""
    http_version: str = "1.1"
    is_tls_verified: bool | None = None
    """Whether the certificate of the host that answered was verified; None: it was asked by plain http."""

    def header(self, name: str) -> str | None:
        """The first header of that name as text; None when there is none. Never raises on odd bytes."""
        return next(self.header_lines(name), None)

    def header_lines(self, name: str) -> Iterator[str]:
        """All headers of that name, in their order."""
        wanted = name.lower().encode("ascii")
        return (value.decode("utf-8", "replace").strip() for key, value in self.headers if key.lower() == wanted)


class FetchError(Exception):
    """No usable response. Not a failure of the run: it becomes the row of one URL.

    Args:
        reason: the code that the row gets.
        detail: what exactly was seen, for people.
        retryable: it may pass by itself.
        exchange: what had come before it broke off, if anything had.
        attempt_count: requests sent.
        connection: the host could not be talked to at all (counts towards its circuit).
    """

    def __init__(
        self,
        reason: Reason,
        detail: str,
        *,
        retryable: bool = False,
        exchange: Exchange | None = None,
        attempt_count: int = 0,
        connection: bool = False,
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.retryable = retryable
        self.exchange = exchange
        self.attempt_count = attempt_count
        self.connection = connection
