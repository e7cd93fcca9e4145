"""The demo site: three newspapers on three ports of 127.0.0.1, in one thread with its own event loop."""

import asyncio
import errno
import os
import socket
from concurrent.futures import Future
from threading import Thread
from types import TracebackType
from typing import Self

from aiohttp import web

from copydesk.demo.papers import DEFAULT_PORTS, NIGHTS, PAPERS, Paper, base_urls
from copydesk.demo.responses import Responses, find, responses
from tasks.errors import UsageError

HOST = "127.0.0.1"


class DemoSite:
    """Serves the papers as they are on one night. `with DemoSite() as site:` starts and stops it.

    Attributes:
        bases: Base URL of each paper, by its key; set by `start`.
        requests: (paper, path with query, status) of each request so far, in order.
    """

    def __init__(self, ports: dict[str, int] | None = None, night: int = 1) -> None:
        self._ports = DEFAULT_PORTS if ports is None else ports
        self._night = night
        self._responses: Responses = {}
        self._thread: Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: asyncio.Event | None = None
        self.bases: dict[str, str] = {}
        self.requests: list[tuple[str, str, int]] = []

    def start(self) -> dict[str, str]:
        """The base URL of each paper; when this returns, all of them answer. Port 0 takes any free one.

        Raises:
            UsageError: a port is in use.
        """
        sockets = _listen(self._ports)
        self.bases = base_urls({key: listener.getsockname()[1] for key, listener in sockets.items()})
        self.set_night(self._night)
        ready: Future[None] = Future()
        self._thread = Thread(target=lambda: asyncio.run(self._serve(sockets, ready)), name="copydesk-demo")
        self._thread.daemon = True
        self._thread.start()
        ready.result()
        return self.bases

    def set_night(self, night: int) -> None:
        """Serve the papers of another night, from the next request on.

        Raises:
            ValueError: there is no such night.
        """
        if night not in NIGHTS:
            raise ValueError(f"the demo has the nights {', '.join(map(str, NIGHTS))}, not {night}")
        self._night = night
        self._responses = responses(self.bases, night)

    def stop(self) -> None:
        """Close all ports and connections and end the thread; a second call does nothing."""
        if self._thread and self._loop and self._end:
            self._loop.call_soon_threadsafe(self._end.set)
            self._thread.join()
        self._thread = None

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop."""
        self.stop()

    async def _serve(self, sockets: dict[str, socket.socket], ready: "Future[None]") -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        runners = [await self._open(PAPERS[key], listener) for key, listener in sockets.items()]
        ready.set_result(None)
        await self._end.wait()
        for runner in runners:
            await runner.cleanup()

    async def _open(self, paper: Paper, listener: socket.socket) -> web.ServerRunner:
        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            response = find(self._responses, paper, request.path_qs, request.headers)
            self.requests.append((paper.key, request.path_qs, response.status))
            return web.Response(status=response.status, body=response.body, headers=response.headers)

        runner = web.ServerRunner(web.Server(handle), shutdown_timeout=1)
        await runner.setup()
        await web.SockSite(runner, listener).start()
        return runner


def _listen(ports: dict[str, int]) -> dict[str, socket.socket]:
    """A listening socket for each paper, or none at all."""
    found: dict[str, socket.socket] = {}
    for key, port in ports.items():
        try:
            found[key] = socket.create_server((HOST, port))
        except OSError as error:
            for listener in found.values():
                listener.close()
            raise UsageError(_taken(key, port, error)) from error
    return found


def _taken(key: str, port: int, error: OSError) -> str:
    name = PAPERS[key].name
    if error.errno == errno.EADDRINUSE:
        return f"Port {port}, where the demo serves {name}, is in use: wait until the other demo has ended, or stop it."
    return f"Port {port}, where the demo serves {name}, cannot be opened: {os.strerror(error.errno or 0)}."
