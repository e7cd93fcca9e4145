"""A small web server on 127.0.0.1 for tests: one handler for all hosts, and a record of what was asked when.

    async with serve(handler) as server:
        await client.get(server.url("/page"))              # http://127.0.0.1:PORT/page
        await client.get(server.url("/page", "a.test"))    # http://a.test:PORT/page, with HttpSettings(hosts=...)

A handler takes the request and gives an aiohttp response; `reply` makes the usual ones. Use `quick` for settings.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from aiohttp import web

from tasks.io.http import HttpSettings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
RawHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """A running server and what it has seen."""

    port: int
    asked: list[str] = field(default_factory=list)
    """Path (with query) of each request, in order."""
    headers: list[Mapping[str, str]] = field(default_factory=list)
    times: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    """Host header without port to begin and end of each request, by the monotonic clock."""

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """The URL of a path on this server."""
        return f"http://{host}:{self.port}{path}"

    def count(self, path: str) -> int:
        """How often the path was asked for."""
        return self.asked.count(path)

    def gaps(self, host: str = "127.0.0.1") -> list[float]:
        """Seconds from the end of each request to the begin of the next, as the server saw them."""
        seen = self.times[host]
        return [begin - end for (_, end), (begin, _) in pairwise(seen)]


def quick(hosts: Iterable[str] = (), **changes: Any) -> HttpSettings:
    """Settings for tests: loopback allowed, no delays, short waits; the names given lie on 127.0.0.1."""
    settings: dict[str, Any] = {
        "allow_loopback": True,
        "delay_s": 0.0,
        "retry_wait_s": 0.01,
        "retries": 1,
        "connect_timeout_s": 2.0,
        "read_timeout_s": 2.0,
        "total_timeout_s": 5.0,
        "hosts": dict.fromkeys(hosts, "127.0.0.1"),
    }
    return HttpSettings(**settings | changes)


def reply(
    body: bytes | str = b"", status: int = 200, content_type: str = "text/html", **headers: str
) -> web.StreamResponse:
    """A response; header names are written with underscores (Retry_After)."""
    named = {"Content-Type": content_type} | {name.replace("_", "-"): value for name, value in headers.items()}
    return web.Response(body=body.encode() if isinstance(body, str) else body, status=status, headers=named)


@asynccontextmanager
async def serve(handler: Handler) -> AsyncIterator[Server]:
    """Serve with the handler while the block runs."""
    server = Server(0)

    async def recorded(request: web.Request) -> web.StreamResponse:
        begun, ended = time.monotonic(), None
        server.asked.append(request.path_qs)
        server.headers.append(request.headers)
        try:
            response = await handler(request)
            if not response.prepared:
                await response.prepare(request)
                # Before the last byte goes out: by a stamp behind it, a busy machine would shorten the client's pause.
                ended = time.monotonic()
                await response.write_eof()
        except ConnectionError:
            return web.Response()  # the client has gone, as it should in some tests
        else:
            return response
        finally:
            server.times[request.host.rsplit(":", 1)[0]].append((begun, ended or time.monotonic()))

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", recorded)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server.port = runner.addresses[0][1]
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serve_raw(handler: RawHandler) -> AsyncIterator[Server]:
    """Serve bytes as they are: for answers that no decent server would give. The handler gets the request unread."""

    async def guarded(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handler(reader, writer)
        except ConnectionError:
            return
        finally:
            writer.close()

    listener = await asyncio.start_server(guarded, "127.0.0.1", 0)
    try:
        yield Server(listener.sockets[0].getsockname()[1])
    finally:
        listener.close()
