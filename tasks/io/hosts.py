"""Whose turn it is: one request at a time to a host, with a pause between two, measured from the end of the first.

What does not belong here: leases between processes (`leases`), and what a host's pause in the ledger means (fetch).
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit


@lru_cache(maxsize=4096)
def host_key(url: str) -> str:
    """The host whose patience a request to the URL costs: its name, with the port unless that is 80 or 443.

    >>> host_key("https://Example.com/a"), host_key("http://example.com:8080/")
    ('example.com', 'example.com:8080')
    """
    parts = urlsplit(url)
    name = (parts.hostname or "").rstrip(".")
    return name if parts.port in (None, 80, 443) else f"{name}:{parts.port}"


@dataclass
class _Host:
    delay_s: float
    ready_at: float
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Hosts:
    """The hosts that one client has talked to, and whose turn it is.

    Before the first request to a host one full delay passes, because another process may have asked it just
    before it let go of the lease.

    Args:
        delay_s: pause between two requests, unless `slow_down` says more.
        max_crawl_delay_s: the most that `slow_down` makes of it.
    """

    def __init__(self, delay_s: float, max_crawl_delay_s: float = 60.0) -> None:
        self._delay_s = delay_s
        self._max_crawl_delay_s = max_crawl_delay_s
        self._hosts: dict[str, _Host] = {}

    def use_delay(self, key: str, delay_s: float) -> None:
        """Use another delay than the client's for a host (its source says so); of two the longer counts."""
        host = self._hosts.get(key)
        if host is None:
            self._hosts[key] = _Host(delay_s, time.monotonic() + delay_s)
        else:
            _lengthen(host, delay_s)

    def slow_down(self, key: str, crawl_delay_s: float | None) -> None:
        """Honour a Crawl-delay, up to the cap; it never makes us faster than our own delay."""
        _lengthen(self._host(key), min(crawl_delay_s or 0.0, self._max_crawl_delay_s))

    def rest(self, key: str) -> None:
        """Let a host's pause begin anew: another process may have asked it since we did."""
        host = self._host(key)
        host.ready_at = max(host.ready_at, time.monotonic() + host.delay_s)

    def delay_of(self, key: str) -> float:
        """The pause between two requests to the host, in seconds."""
        return self._host(key).delay_s

    @asynccontextmanager
    async def turn(self, key: str, stopping: asyncio.Event | None = None) -> AsyncIterator[None]:
        """Wait for the host's turn, hold it while the block runs, and let the pause begin at its end.

        When `stopping` is set the wait ends early: the block must then not ask the host for anything.
        """
        host = self._host(key)
        async with host.lock:
            pause = host.ready_at - time.monotonic()
            if pause > 0:
                await pause_unless(stopping, pause)
            try:
                yield
            finally:
                if stopping is None or not stopping.is_set():
                    host.ready_at = time.monotonic() + host.delay_s

    def _host(self, key: str) -> _Host:
        if key not in self._hosts:
            self._hosts[key] = _Host(self._delay_s, time.monotonic() + self._delay_s)
        return self._hosts[key]


async def pause_unless(stopping: asyncio.Event | None, seconds: float) -> None:
    """Sleep, but no longer than until the event is set."""
    if stopping is None:
        await asyncio.sleep(seconds)
        return
    with suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), seconds)


def _lengthen(host: _Host, delay_s: float) -> None:
    more = max(0.0, delay_s - host.delay_s)
    host.delay_s += more
    host.ready_at += more
