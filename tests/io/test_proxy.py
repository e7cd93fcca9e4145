"""An HTTP proxy by setting: everything goes through it, nothing tells its password, and no host suffers for it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from schemas.reasons import Reason
from tasks.io.exchange import Exchange, FetchError
from tasks.io.http import HttpClient, HttpSettings
from tests.servers import Server, quick, reply, serve

BASIC = "Basic YW5uOmh1c2gtaHVzaA=="
LOGIN = "ann:hush-hush@"


@dataclass
class Proxy:
    """A running proxy, and the request lines and heads that it has seen."""

    port: int = 0
    heads: list[str] = field(default_factory=list)

    def url(self, login: str = "") -> str:
        """Its address, as in COPYDESK_PROXY."""
        return f"http://{login}127.0.0.1:{self.port}"


@asynccontextmanager
async def proxied(server: Server, answer: bytes | None = None) -> AsyncIterator[Proxy]:
    """A proxy that hands every request to the server, whatever its host; or that gives an answer of its own."""
    proxy = Proxy()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        proxy.heads.append(head.decode())
        if answer is not None:
            writer.write(answer)
        else:
            method, target, rest = head.split(b" ", 2)
            path = b"/" + target.split(b"/", 3)[3]
            upper, lower = await asyncio.open_connection("127.0.0.1", server.port)
            lower.write(b" ".join((method, path, rest.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))))
            writer.write(await upper.read())
            lower.close()
        writer.close()

    listener = await asyncio.start_server(handle, "127.0.0.1", 0)
    proxy.port = listener.sockets[0].getsockname()[1]
    async with listener:
        yield proxy


async def site(request: web.Request) -> web.StreamResponse:
    """A page at /page, and a redirect to a private address."""
    if request.path == "/away":
        return reply("", 302, Location="http://10.0.0.1/x")
    return reply(f"<p>{request.host}</p>")


async def ask(settings: HttpSettings, url: str) -> Exchange | FetchError:
    """The response, or why there is none."""
    async with HttpClient(settings) as client:
        try:
            return await client.get(url)
        except FetchError as error:
            return error


async def test_requests_go_through_it() -> None:
    """A name that only the proxy knows is fetched; the login is the proxy's alone to see, and no repr tells it."""
    async with serve(site) as server, proxied(server) as proxy:
        settings = quick(proxy=proxy.url(LOGIN))
        found = await ask(settings, "http://only-the-proxy-knows.test/page")
    assert isinstance(found, Exchange)
    assert found.body == b"<p>only-the-proxy-knows.test</p>"
    assert proxy.heads[0].startswith("GET http://only-the-proxy-knows.test/page HTTP/1.1\r\n")
    assert f"Proxy-Authorization: {BASIC}" in proxy.heads[0]
    assert proxy.heads[0].count("Authorization") == 1
    assert "hush" not in repr(settings) + settings.proxy_name
    assert settings.proxy_name == proxy.url()


async def test_a_proxy_may_stand_in_a_private_network() -> None:
    """The proxy's own address is not guarded against: its user has named it."""
    async with serve(site) as server, proxied(server) as proxy:
        found = await ask(quick(proxy=proxy.url(), allow_loopback=False), "http://x.test/page")
    assert isinstance(found, Exchange)


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/",
        "http://127.1/",
        "http://0x7f000001/",
        "http://[::1]/",
        "http://localhost/",
        "http://a.test/away",
    ],
)
async def test_A13_addresses_in_urls_stay_ours_to_refuse(url: str) -> None:
    """What stands in a URL (or a redirect) as a private address never reaches the proxy."""
    async with serve(site) as server, proxied(server) as proxy:
        found = await ask(quick(proxy=proxy.url(), allow_loopback=False), url)
    assert isinstance(found, FetchError)
    assert found.reason is Reason.REFUSED_ADDRESS
    assert len(proxy.heads) == (1 if url.endswith("away") else 0)


@pytest.mark.parametrize(
    ("scheme", "answer", "reason"),
    [
        ("http", b"HTTP/1.1 407 Login\r\nContent-Length: 0\r\n\r\n", Reason.NOT_REACHED),
        ("https", b"HTTP/1.1 407 Login\r\nContent-Length: 0\r\n\r\n", Reason.NOT_REACHED),
        ("https", b"HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n", Reason.CONNECT),
    ],
)
@pytest.mark.filterwarnings("error::DeprecationWarning")
async def test_what_the_proxy_refuses(scheme: str, answer: bytes, reason: Reason) -> None:
    """A wrong login is no host's fault; a tunnel that cannot be had is. The login is in no message."""
    async with serve(site) as server, proxied(server, answer) as proxy:
        found = await ask(quick(proxy=proxy.url(LOGIN), retries=0), f"{scheme}://x.test/page")
    assert isinstance(found, FetchError)
    assert found.reason is reason
    assert "hush" not in str(found)
    assert proxy.heads[0].count(f"Proxy-Authorization: {BASIC}") == 1
    assert proxy.heads[0].startswith("CONNECT x.test:443 " if scheme == "https" else "GET http://x.test/page ")


async def test_a_proxy_that_is_not_there() -> None:
    """The page waits for the next run, after a retry, and the host is not blamed."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings = quick(proxy=f"http://{LOGIN}127.0.0.1:{closed.getsockname()[1]}")
        found = await ask(settings, "http://x.test/page")
    assert isinstance(found, FetchError)
    assert (found.reason, found.connection, found.attempt_count) == (Reason.NOT_REACHED, False, 2)
    assert found.detail == f"the proxy {settings.proxy_name} cannot be reached"
