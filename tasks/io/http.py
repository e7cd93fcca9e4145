"""The one HTTP client: polite to each host, safe against private addresses, limited in bytes, time and redirects.

Nothing here decides what a status means for a URL; it gives the response, or the reason why there is none.
"""

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.helpers import strip_auth_from_url
from multidict import CIMultiDict
from yarl import URL

from schemas.reasons import Reason
from tasks.io.access import NO_ACCESS, Access
from tasks.io.addresses import NamedHosts, is_allowed, socket_guard, written_address
from tasks.io.cookies import ChainCookies
from tasks.io.decode import ACCEPT_ENCODING
from tasks.io.exchange import Exchange, FetchError, Hop, HttpSettings
from tasks.io.hosts import Hosts, host_key, pause_unless
from tasks.io.http_errors import PROXY_REFUSES, PROXY_WANTS_LOGIN, as_fetch_error
from tasks.io.urls import check_url, redirect_target

__all__ = ["Exchange", "FetchError", "Hop", "HttpClient", "HttpSettings", "host_key"]

REDIRECTS = frozenset({301, 302, 303, 307, 308})
RETRIED_STATUSES = frozenset({500, 502, 504})
"""Statuses that often pass in seconds. 503 and 429 are not among them: they ask for rest."""
KEPT_OF_TOO_LARGE = 65_536
"""Bytes of a body beyond the limit that are kept to show what it was."""
MAX_REDIRECT_BODY = 65_536
ASKED_TO_STOP = "the run was asked to stop"
HopCheck = Callable[[str], Awaitable[None]]
ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@dataclass
class _Request:
    """One call of `get`: what is asked, and how many requests it has taken so far."""

    url: str
    headers: Mapping[str, str]
    max_body_bytes: int
    keep_cut: bool = False
    verify_tls: bool = True
    check_hop: HopCheck | None = None
    access: Access = NO_ACCESS
    cookies: ChainCookies = field(default_factory=ChainCookies)
    sent: int = 0
    has_begun: bool = False
    """The body of the last response was on its way."""
    is_cut: bool = False
    """That body went beyond the limit."""


class _Names:
    """How names become addresses: by decree, by the given resolver, or by the system's."""

    def __init__(self, given: AbstractResolver | None, decreed: Mapping[str, str]) -> None:
        self._given = given
        self._decreed = decreed
        self._resolver: AbstractResolver | None = None
        self._addresses: dict[str, str | None] = {}

    def resolver(self) -> AbstractResolver:
        """A resolver for one session, which closes it."""
        self._resolver = NamedHosts(self._given or aiohttp.DefaultResolver(), self._decreed)
        return self._resolver

    async def address(self, host: str, port: int) -> str | None:
        """The first address of a name, asked for once; None when it has none."""
        if host not in self._addresses and self._resolver is not None:
            try:
                found = await self._resolver.resolve(host, port, socket.AF_UNSPEC)
                self._addresses[host] = found[0]["host"] if found else None
            except OSError:
                self._addresses[host] = None
        return self._addresses.get(host)


class HttpClient:
    """The client of one process or task. Use as `async with HttpClient(settings) as client:`.

    A site's lease must be held by the caller before it asks anything of the site (`tasks.io.leases.hold_hosts`).

    Args:
        settings: limits and manners.
        resolver: how names become addresses; by default the system's.
    """

    def __init__(self, settings: HttpSettings, *, resolver: AbstractResolver | None = None) -> None:
        self.settings = settings
        self._proxy: URL | None = None
        self._proxy_login: dict[str, str] = {}
        if settings.proxy:
            self._proxy, login = strip_auth_from_url(URL(settings.proxy))
            if login is not None:
                self._proxy_login = {"Proxy-Authorization": login.encode()}
        self.hosts = Hosts(settings.delay_s, settings.max_crawl_delay_s)
        self._names = _Names(resolver, settings.hosts)
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._stack = AsyncExitStack()
        self._session: aiohttp.ClientSession | None = None
        self._under_way: set[asyncio.Timeout] = set()
        self.stopping = asyncio.Event()
        """Set by `stop`: nothing more is sent."""

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=0,
            resolver=self._names.resolver(),
            ssl=self.settings.verify_tls,
            socket_factory=socket_guard(self.settings),
        )
        self._session = await self._stack.enter_async_context(
            aiohttp.ClientSession(
                connector=connector,
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
                timeout=self._timeouts(),
                max_line_size=self.settings.max_header_bytes,
                max_field_size=self.settings.max_header_bytes,
                max_headers=self.settings.max_header_count,
            )
        )
        # aiohttp sends a request again at once when a connection breaks; ours wait for their turn, and are counted.
        self._session._retry_connection = False
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()
        self._session = None

    def stop(self) -> None:
        """Send nothing more, and give requests under way `drain_s` to end; all others raise NOT_REACHED at once."""
        self.stopping.set()
        end = asyncio.get_running_loop().time() + self.settings.drain_s
        for limit in self._under_way:
            limit.reschedule(min(end, limit.when() or end))

    def now(self) -> datetime:
        """The time by which captures are dated, UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.settings.clock_shift_s)

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_body_bytes: int | None = None,
        keep_cut: bool = False,
        headers: Mapping[str, str] | None = None,
        verify_tls: bool = True,
        check_hop: HopCheck | None = None,
        access: Access | None = None,
    ) -> Exchange:
        """The last response to a GET, after redirects and retries; any status is a response.

        Args:
            url: absolute http(s) URL.
            etag: sent as If-None-Match, which wins over If-Modified-Since (RFC 9110 section 13.2.2).
            last_modified: sent as If-Modified-Since.
            max_body_bytes: instead of the settings' limit, for example for sitemaps.
            keep_cut: give a body beyond the limit cut to it (`truncated` is "length") instead of raising.
            headers: further request headers.
            verify_tls: False does not verify certificates, for a source whose user says so.
            check_hop: awaited with the URL of each redirect before it is followed; it raises FetchError to forbid it.
            access: the reader's own, which only its site is sent, whatever the redirects; None: the settings'.

        Raises:
            FetchError: there is no usable response; says why, and after how many requests.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        sent = {name: value for name, value in conditions.items() if value and value.isascii() and value.isprintable()}
        limit = max_body_bytes or self.settings.max_body_bytes
        access = self.settings.access if access is None else access
        request = _Request(url, sent | dict(headers or {}), limit, keep_cut, verify_tls, check_hop, access)
        for attempt in range(self.settings.retries + 1):
            is_last = attempt == self.settings.retries
            try:
                exchange = await self._follow(request)
                if is_last or exchange.status not in RETRIED_STATUSES or exchange.header("Retry-After"):
                    return replace(access.redacted(exchange), attempt_count=request.sent)
            except FetchError as error:
                error.attempt_count = request.sent
                error.exchange = error.exchange and access.redacted(error.exchange)
                if is_last or not error.retryable:
                    raise
            await pause_unless(self.stopping, self._retry_wait(attempt))
        raise AssertionError("the last attempt returns or raises")

    def _retry_wait(self, attempt: int) -> float:
        longest = min(self.settings.retry_wait_s * (1 << attempt), 30.0)
        return longest * (0.5 + random.random() / 2)  # noqa: S311 - jitter, no secret

    async def _follow(self, request: _Request) -> Exchange:
        """Ask, and follow redirects by hand, so that each hop is checked and waits for its host's turn."""
        url, hops = request.url, list[Hop]()
        seen = {url}
        while True:
            target_url = check_url(url, self.settings.max_url_length)
            self._check_written(target_url)
            async with self.hosts.turn(host_key(url), self.stopping), self._address_turn(target_url), self._slots:
                if self.stopping.is_set():
                    raise FetchError(Reason.NOT_REACHED, ASKED_TO_STOP)
                request.sent += 1
                exchange = await self._ask(target_url, request)
            location = exchange.header("Location") if exchange.status in REDIRECTS else None
            if location is None:
                return replace(exchange, url=request.url, final_url=url, hops=tuple(hops))
            target = redirect_target(url, location)
            hops.append(Hop(url, exchange.status, target))
            has_new_cookies = request.cookies.take(url, exchange.header_lines("Set-Cookie"))
            self._check_downgrade(url, target)
            if target in seen and not has_new_cookies:
                raise FetchError(Reason.REDIRECT_LOOP, f"{url} redirects to {target}, which was asked before")
            if len(hops) > self.settings.max_redirects:
                raise FetchError(Reason.REDIRECT_LOOP, f"more than {self.settings.max_redirects} redirects")
            seen.add(target)
            check_url(target, self.settings.max_url_length)
            if request.check_hop is not None:
                await request.check_hop(target)
            url = target

    @asynccontextmanager
    async def _address_turn(self, url: URL) -> AsyncIterator[None]:
        """Wait for the turn of the host's address too, where the settings say that addresses have turns."""
        delay = None if self._proxy else self.settings.address_delay_s
        address = None if delay is None else await self._names.address(url.host or "", url.port or 0)
        if delay is None or address is None:
            yield
            return
        key = f"address {address}"
        self.hosts.use_delay(key, delay)
        async with self.hosts.turn(key, self.stopping):
            yield

    def _check_written(self, url: URL) -> None:
        """Behind a proxy the addresses of names are the proxy's to check; those that stand in URLs stay ours."""
        address = written_address(url.host or "") if self._proxy else None
        if address is not None and not is_allowed(address, self.settings):
            raise FetchError(Reason.REFUSED_ADDRESS, f"refused address {address}")

    def _check_downgrade(self, url: str, target: str) -> None:
        if not self.settings.allow_downgrade and url.startswith("https:") and target.startswith("http:"):
            raise FetchError(Reason.REFUSED_SCHEME, f"{url} redirects to plain http: {target}")

    async def _ask(self, url: URL, request: _Request) -> Exchange:
        """One request and its response, whatever its status.

        Raises:
            FetchError: no response, or not a whole one.
        """
        if self._session is None:
            raise RuntimeError("HttpClient is used outside of its async with block")
        begun = time.monotonic()
        request.has_begun = request.is_cut = False
        verifies = request.verify_tls and self.settings.verify_tls
        try:
            async with (
                self._limited(),
                self._session.get(
                    url,
                    headers=self._headers(url, request),
                    allow_redirects=False,
                    ssl=verifies,
                    proxy=self._proxy,
                    proxy_headers=self._proxy_login or None,
                ) as response,
            ):
                if self._proxy and response.status == PROXY_WANTS_LOGIN:
                    raise FetchError(Reason.NOT_REACHED, PROXY_REFUSES)
                body = await self._body(response, request)
        except FetchError:
            raise
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            if self.stopping.is_set() and isinstance(error, TimeoutError):
                raise FetchError(Reason.NOT_REACHED, ASKED_TO_STOP) from error
            raise as_fetch_error(error, self.settings, has_begun=request.has_begun) from error
        exchange = self._exchange(response, body, begun)
        exchange = replace(exchange, is_tls_verified=verifies if url.scheme == "https" else None)
        if request.is_cut and request.keep_cut:
            return replace(exchange, body=body[: request.max_body_bytes], truncated="length")
        if request.is_cut:
            cut = replace(exchange, url=request.url, body=body[:KEPT_OF_TOO_LARGE], truncated="length")
            raise FetchError(Reason.TOO_LARGE, f"more than {request.max_body_bytes} bytes", exchange=cut)
        return exchange

    @asynccontextmanager
    async def _limited(self) -> AsyncIterator[None]:
        """The total time of one request, which `stop` may shorten."""
        async with asyncio.timeout(self.settings.total_timeout_s) as limit:
            self._under_way.add(limit)
            try:
                yield
            finally:
                self._under_way.discard(limit)

    def _headers(self, url: URL, request: _Request) -> CIMultiDict[str]:
        named = {"User-Agent": self.settings.agent(), "Accept": ACCEPT, "Accept-Encoding": ACCEPT_ENCODING}
        cookies = request.cookies.header(str(url))
        sent = CIMultiDict(named | dict(request.headers) | ({"Cookie": cookies} if cookies else {}))
        sent.update(request.access.sent_to(str(url), cookies))
        if url.scheme == "http":  # what goes through a tunnel is not for the proxy to read: its login opens the tunnel
            sent.update(self._proxy_login)
        return sent

    async def _body(self, response: aiohttp.ClientResponse, request: _Request) -> bytes:
        """The body; of a redirect only as much as keeps the connection fit for use."""
        request.has_begun = True
        is_redirect = response.status in REDIRECTS
        bound = MAX_REDIRECT_BODY if is_redirect else request.max_body_bytes
        enough = bound if request.keep_cut else KEPT_OF_TOO_LARGE
        parts: list[bytes] = []
        size, begun = 0, time.monotonic()
        is_over = (response.content_length or 0) > bound
        if not is_over or not is_redirect:
            async for part in response.content.iter_any():
                parts.append(part)
                size += len(part)
                is_over = is_over or size > bound
                if is_over and size >= enough:
                    break
                self._check_rate(size, time.monotonic() - begun)
        if is_over:
            response.close()
            request.is_cut = not is_redirect
        return b"".join(parts)

    def _check_rate(self, size: int, lasted: float) -> None:
        if lasted > self.settings.rate_grace_s and size < self.settings.min_bytes_per_s * lasted:
            raise FetchError(Reason.SLOW, f"{size} bytes in {lasted:.0f} s", retryable=False)

    def _exchange(self, response: aiohttp.ClientResponse, body: bytes, begun: float) -> Exchange:
        version = response.version
        return Exchange(
            url=str(response.url),
            final_url=str(response.url),
            status=response.status,
            reason=response.reason or "",
            headers=tuple((bytes(name), bytes(value)) for name, value in response.raw_headers),
            body=body,
            captured_at=self.now(),
            duration_ms=round((time.monotonic() - begun) * 1000),
            http_version=f"{version.major}.{version.minor}" if version else "1.1",
        )

    def _timeouts(self) -> aiohttp.ClientTimeout:
        connect, read = self.settings.connect_timeout_s, self.settings.read_timeout_s
        return aiohttp.ClientTimeout(total=None, connect=connect, sock_connect=connect, sock_read=read)
