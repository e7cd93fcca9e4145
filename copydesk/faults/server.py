"""The fault server: all hosts that end in .test, on two ports of 127.0.0.1 (plain, and TLS that nobody vouches for)."""

import asyncio
import socket
import ssl
import struct
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from copydesk.faults.answers import NO_ROBOTS, Answer, Request, Site, page

HOST = "127.0.0.1"
TLS_PREFIX = "tls-"
"""Hosts that begin so are served by TLS."""
_CERTIFICATE = Path(__file__).with_name("self_signed.pem")


@dataclass
class FaultServer:
    """A running server: what it is to say, and what it was asked."""

    port: int = 0
    tls_port: int = 0
    sites: dict[str, Site] = field(default_factory=dict)
    """Host to what it answers."""
    asked: list[Request] = field(default_factory=list)
    spans: defaultdict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    """Host to begin and end of each request, by the monotonic clock."""
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _turns: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, host: str, path: str | None = None) -> int:
        """How often a path of the host (None: any but robots.txt) was asked for."""
        own = [request.path for request in self.asked if request.host == host]
        return own.count(path) if path else len(own) - own.count("/robots.txt")

    def smallest_gap(self, *hosts: str) -> float:
        """The shortest time between two requests to the hosts (as if they were one), from the begin of each.

        Measured from begin to begin, the time that the first took included; overlapping requests count as 0.
        """
        spans = sorted(span for host in hosts for span in self.spans[host])
        return min((max(0.0, begin - end) for (_, end), (begin, _) in pairwise(spans)), default=float("inf"))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection; its end, whoever brings it about, is no error."""
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            while (request := await _read(reader)) is not None:
                self.asked.append(request)
                begun = time.monotonic()
                answer = self._answer(request)
                try:
                    await _send(writer, answer)
                finally:
                    self.spans[request.host].append((begun, time.monotonic()))
                if not answer.stays_open:
                    return
        except (ConnectionError, asyncio.CancelledError):
            return
        finally:
            writer.close()

    async def end(self) -> None:
        """End all connections."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks)

    def _answer(self, request: Request) -> Answer:
        site = self.sites.get(request.host, {})
        path = request.path if request.path in site else request.path.split("?", 1)[0]
        default = NO_ROBOTS if path == "/robots.txt" else site.get("*", page("nothing here", 404))
        reply = site.get(path, default)
        turn = self._turns[request.host, path]
        self._turns[request.host, path] += 1
        if isinstance(reply, tuple):
            reply = reply[min(turn, len(reply) - 1)]
        return reply if isinstance(reply, Answer) else reply(request)


class ServedHosts(Mapping[str, str]):
    """The address of every .test name: the server's, unless something else is decreed for it."""

    def __init__(self, server: FaultServer, decreed: Mapping[str, str]) -> None:
        self._server = server
        self._decreed = decreed

    def __getitem__(self, host: str) -> str:
        """The address.

        Raises:
            KeyError: it is no .test name.
        """
        if host in self._decreed:
            return self._decreed[host]
        if not host.endswith(".test"):
            raise KeyError(host)
        port = self._server.tls_port if host.startswith(TLS_PREFIX) else self._server.port
        return f"{HOST}:{port}"

    def __iter__(self) -> Iterator[str]:
        return iter(self._decreed)

    def __len__(self) -> int:
        return len(self._decreed)


@asynccontextmanager
async def serve_faults() -> AsyncIterator[FaultServer]:
    """Serve while the block runs."""
    server = FaultServer()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_CERTIFICATE)
    async with AsyncExitStack() as stack:
        plain = await asyncio.start_server(server.serve, HOST, 0)
        stack.callback(plain.close)
        secure = await asyncio.start_server(server.serve, HOST, 0, ssl=context)
        stack.callback(secure.close)
        stack.push_async_callback(server.end)
        server.port, server.tls_port = (one.sockets[0].getsockname()[1] for one in (plain, secure))
        yield server


def closed_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def full_port() -> AsyncIterator[int]:
    """A port that lets nobody in: its queue is full and never emptied, so that a connection waits for ever."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            with suppress(BlockingIOError):
                one.connect(listener.getsockname())
        await asyncio.sleep(0.05)
        try:
            yield int(listener.getsockname()[1])
        finally:
            for one in waiting:
                one.close()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection; None at its end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
    }
    return Request(headers.get("host", "").rsplit(":", 1)[0], first.split(" ")[1], headers)


async def _send(writer: asyncio.StreamWriter, answer: Answer) -> None:
    await asyncio.sleep(answer.wait_s)
    if answer.is_reset:
        _reset(writer)
        return
    writer.write(answer.sent)
    await writer.drain()
    while answer.drip:
        await asyncio.sleep(answer.pause_s)
        writer.write(answer.drip)
        await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """End the connection without the usual goodbye (RST)."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
