"""The client against a server that misbehaves: everything ends in a response or a reason, in bounded time."""

import asyncio
import gzip
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from schemas.reasons import Reason
from tasks.io.exchange import Exchange, FetchError
from tasks.io.http import HttpClient, HttpSettings
from tests.servers import RawHandler, quick, reply, serve, serve_raw

A, B = "a.test", "b.test"
PACKED = gzip.compress(b"<p>x</p>", mtime=0)


async def ask(settings: HttpSettings, url: str, **options: Any) -> Exchange | FetchError:
    """The response to one GET, or why there is none."""
    async with HttpClient(settings) as client:
        return await attempt(client, url, **options)


async def attempt(client: HttpClient, url: str, **options: Any) -> Exchange | FetchError:
    """As `ask`, with a client that goes on being used."""
    try:
        return await client.get(url, **options)
    except FetchError as error:
        return error


async def site(request: web.Request) -> web.StreamResponse:
    """The pages of the test's server."""
    port, answers = request.url.port, dict[str, Callable[[], web.StreamResponse]]()
    answers["/page"] = lambda: reply("<p>x</p>", ETag='"v1"')
    answers["/packed"] = lambda: reply(PACKED, Content_Encoding="gzip")
    answers["/empty"] = lambda: reply("")
    answers["/big"] = lambda: reply(b"x" * 300_000)
    answers["/moved"] = lambda: reply("see there", 301, Location="/page")
    answers["/away"] = lambda: reply("", 302, Location=f"http://{B}:{port}/page?a=%7E#top")
    answers["/loop"] = lambda: reply("", 302, Location="/loop2")
    answers["/loop2"] = lambda: reply("", 307, Location="/loop")
    answers["/private"] = lambda: reply("", 302, Location="http://10.0.0.1/latest/meta-data")
    answers["/file"] = lambda: reply("", 302, Location="file:///etc/passwd")
    answers["/nowhere"] = lambda: reply("", 302)
    answers["/big-redirect"] = lambda: reply(b"x" * 300_000, 302, Location="/page")
    answers["/cookie"] = lambda: reply(str(request.headers.get("Cookie")), Set_Cookie="a=b")
    if request.path.startswith("/hops/"):
        return reply("", 302, Location=f"/hops/{int(request.path[6:]) + 1}")
    if request.path.startswith("/status/"):
        return reply("no", int(request.path[8:]))
    return answers[request.path]()


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/page", 200, b"<p>x</p>"),
        ("/packed", 200, PACKED),
        ("/empty", 200, b""),
        ("/moved", 200, b"<p>x</p>"),
        ("/big-redirect", 200, b"<p>x</p>"),
        ("/nowhere", 302, b""),
        ("/status/404", 404, b"no"),
        ("/status/503", 503, b"no"),
    ],
)
async def test_any_status_is_a_response(path: str, status: int, body: bytes) -> None:
    """The last response comes as it was sent: status, headers, body still packed."""
    async with serve(site) as server:
        found = await ask(quick([A, B]), server.url(path, A))
    assert isinstance(found, Exchange)
    assert (found.status, found.body, found.truncated) == (status, body, None)
    assert found.url == server.url(path, A)
    assert (b"Content-Type", b"text/html") in found.headers


async def test_what_is_sent() -> None:
    """We name ourselves, take packed bodies, and send the URL byte for byte; ours are the only cookies: none."""
    async with serve(site) as server:
        found = await ask(quick([A, B], contact="https://desk.test/bot"), server.url("/away", A))
        await ask(quick(), server.url("/cookie"))
        second = await ask(quick(), server.url("/cookie"))
    assert isinstance(found, Exchange)
    assert found.final_url == server.url("/page?a=%7E", B)
    assert [(hop.status, hop.url) for hop in found.hops] == [(302, server.url("/away", A))]
    assert found.attempt_count == 2
    assert server.asked[:2] == ["/away", "/page?a=%7E"]
    assert server.headers[0]["User-Agent"] == "copydesk/0.1 (+https://desk.test/bot)"
    assert server.headers[0]["Accept-Encoding"] == "gzip, deflate, br, zstd"
    assert isinstance(second, Exchange)
    assert second.body == b"None"


async def test_conditions_are_sent_as_they_were_given() -> None:
    """ETag and Last-Modified go out as validators; one that could break the request does not."""
    async with serve(site) as server:
        await ask(quick(), server.url("/page"), etag='W/"1"', last_modified="Mon, 02 Mar 2026 12:30:00 GMT")
        await ask(quick(), server.url("/page"), etag='"1"\r\nX: y', last_modified="ä")
    first, second = server.headers
    assert (first["If-None-Match"], first["If-Modified-Since"]) == ('W/"1"', "Mon, 02 Mar 2026 12:30:00 GMT")
    assert not {"If-None-Match", "If-Modified-Since", "X"} & set(second)


REFUSED: list[tuple[str, Reason, int]] = [
    # path, reason, requests that the server sees
    ("/loop", Reason.REDIRECT_LOOP, 2),
    ("/hops/0", Reason.REDIRECT_LOOP, 4),
    ("/private", Reason.REFUSED_ADDRESS, 1),
    ("/file", Reason.REFUSED_SCHEME, 1),
    ("/big", Reason.TOO_LARGE, 1),
]


@pytest.mark.faults
@pytest.mark.parametrize(("path", "reason", "requests"), REFUSED)
async def test_A11_A12_A13_bad_redirects_and_sizes_end_with_a_reason(path: str, reason: Reason, requests: int) -> None:
    """Loops, chains, private targets, other schemes and endless bodies are refused, and not tried again."""
    async with serve(site) as server:
        found = await ask(quick(max_redirects=3, max_body_bytes=100_000), server.url(path))
    assert isinstance(found, FetchError)
    assert (found.reason, len(server.asked)) == (reason, requests)
    assert not found.retryable


@pytest.mark.faults
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", A])  # noqa: S104 - refused
async def test_A13_A14_private_addresses_are_refused_before_a_byte_is_sent(host: str) -> None:
    """A literal address and a name that turns out to be private are refused where the socket is made."""
    async with serve(site) as server:
        found = await ask(quick([A], allow_loopback=False), server.url("/page", host))
    assert isinstance(found, FetchError)
    assert (found.reason, server.asked) == (Reason.REFUSED_ADDRESS, [])


async def test_a_cut_body_can_be_asked_for() -> None:
    """With keep_cut a body beyond the limit comes cut to it, and marked."""
    async with serve(site) as server:
        found = await ask(quick(), server.url("/big"), max_body_bytes=1000, keep_cut=True)
    assert isinstance(found, Exchange)
    assert (len(found.body), found.truncated) == (1000, "length")


async def test_a_hop_can_be_forbidden() -> None:
    """check_hop sees each redirect before it is asked for, and its refusal is the reason."""
    seen: list[str] = []

    async def check(url: str) -> None:
        seen.append(url)
        raise FetchError(Reason.ROBOTS_DISALLOWED, url)

    async with serve(site) as server:
        found = await ask(quick([A, B]), server.url("/away", A), check_hop=check)
    assert isinstance(found, FetchError)
    assert found.reason is Reason.ROBOTS_DISALLOWED
    assert (seen, server.asked) == ([server.url("/page?a=%7E", B)], ["/away"])


def answering(answer: bytes) -> RawHandler:
    """A server that gives these bytes, whatever is asked."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    return handle


OK = b"HTTP/1.1 200 OK\r\n"
BROKEN: dict[str, tuple[bytes, Reason | bytes]] = {
    # fault: answer, reason (or body, where it is read all the same)
    "A7 cut body": (OK + b"Content-Length: 100\r\n\r\nhello", Reason.TRUNCATED),
    "A7 cut chunk": (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nhe", Reason.TRUNCATED),
    "A8 two lengths": (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", Reason.BAD_RESPONSE),
    "A8 negative length": (OK + b"Content-Length: -5\r\n\r\nhello", Reason.BAD_RESPONSE),
    "A8 no number": (OK + b"Content-Length: abc\r\n\r\nhello", Reason.BAD_RESPONSE),
    "A8 no length": (OK + b"\r\nhello", b"hello"),
    "A25 long header": (OK + b"X: " + b"y" * 1_000_000 + b"\r\n\r\nhello", Reason.BAD_RESPONSE),
    "A25 many headers": (OK + b"X: y\r\n" * 10_000 + b"\r\nhello", Reason.BAD_RESPONSE),
    "A25 bad header": (OK + b"X\xff: a\0b\r\n\r\nhello", Reason.BAD_RESPONSE),
    "A25 odd bytes": (b"HTTP/1.1 200 D\xe9j\xe0\r\nX: \xe9\r\nContent-Length: 2\r\n\r\nok", b"ok"),
    "no HTTP": (b"SSH-2.0-OpenSSH\r\n\r\n", Reason.BAD_RESPONSE),
    "A24 nothing at all": (b"", Reason.CONNECT),
}


@pytest.mark.faults
@pytest.mark.parametrize("case", BROKEN)
async def test_A7_A8_A24_A25_broken_answers_have_a_reason(case: str) -> None:
    """What is no whole, valid HTTP response never passes for one."""
    answer, expected = BROKEN[case]
    async with serve_raw(answering(answer)) as server:
        found = await ask(quick(), server.url("/"))
    if isinstance(expected, bytes):
        assert isinstance(found, Exchange)
        assert found.body == expected
    else:
        assert isinstance(found, FetchError)
        assert found.reason is expected
        assert found.attempt_count == (2 if expected in (Reason.TRUNCATED, Reason.CONNECT) else 1)


@pytest.mark.faults
async def test_A8_a_body_longer_than_announced_does_not_reach_the_next_response() -> None:
    """Bytes behind the announced end are never read as the next page."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while path := (await reader.readuntil(b"\r\n\r\n")).split()[1]:
            smuggled = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
            writer.write(OK + b"Content-Length: 4\r\n\r\n" + path[:4] + smuggled)
            await writer.drain()

    async with serve_raw(handle) as server, HttpClient(quick(retries=0)) as client:
        found = {path: await attempt(client, server.url(path)) for path in ("/one", "/two", "/six")}
    for path, answer in found.items():
        is_own = isinstance(answer, Exchange) and answer.body == path.encode()
        assert is_own or isinstance(answer, FetchError)


async def slow(request: web.Request) -> web.StreamResponse:
    """A server that takes its time."""
    if request.path == "/silent":
        await asyncio.sleep(3)
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(60):
        await response.write(b"x")
        await asyncio.sleep(0.05)
    return response


@pytest.mark.faults
@pytest.mark.parametrize(
    ("path", "limits", "reason"),
    [
        ("/silent", {"read_timeout_s": 0.1}, Reason.TIMEOUT),
        ("/silent", {"total_timeout_s": 0.1}, Reason.TIMEOUT),
        ("/drip", {"total_timeout_s": 0.2}, Reason.SLOW),
        ("/drip", {"rate_grace_s": 0.1, "min_bytes_per_s": 1000.0}, Reason.SLOW),
    ],
)
async def test_A4_A5_nobody_keeps_us_waiting(path: str, limits: dict[str, float], reason: Reason) -> None:
    """Silence and dripping end at their limits, each with its reason."""
    async with serve(slow) as server:
        found = await ask(quick(retries=0, **limits), server.url(path))
    assert isinstance(found, FetchError)
    assert found.reason is reason


@pytest.mark.faults
async def test_A6_an_endless_body_is_cut_at_the_limit() -> None:
    """A chunked body without an end is left at the limit, with its begin kept."""

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65_536)

    async with serve(endless) as server:
        found = await ask(quick(max_body_bytes=500_000), server.url("/"))
    assert isinstance(found, FetchError)
    assert found.reason is Reason.TOO_LARGE
    assert found.exchange is not None
    assert (len(found.exchange.body), found.exchange.truncated) == (65_536, "length")


@pytest.mark.faults
async def test_A1_A3_A23_hosts_that_cannot_be_talked_to() -> None:
    """A closed port is tried again, a name that does not exist and a wrong certificate are not."""
    async with serve(site) as server:
        tls = await ask(quick(), f"https://127.0.0.1:{server.port}/page")
    refused = await ask(quick(), server.url("/page"))
    unknown = await ask(quick(), "http://no-such-name.invalid/")
    found = [error for error in (tls, refused, unknown) if isinstance(error, FetchError)]
    assert [(error.reason, error.connection) for error in found] == [
        (Reason.TLS, True),
        (Reason.CONNECT, True),
        (Reason.DNS, True),
    ]
    assert [error.attempt_count for error in found[:2]] == [1, 2]


@pytest.mark.parametrize(
    ("statuses", "requests", "last"),
    [([500, 200], 2, 200), ([502, 504, 500], 3, 500), ([503], 1, 503), ([429], 1, 429), ([404], 1, 404)],
)
async def test_only_what_may_pass_is_tried_again(statuses: list[int], requests: int, last: int) -> None:
    """Errors of a moment are tried again, answers and wishes for rest are not."""
    left = list(statuses)

    async def handler(_request: web.Request) -> web.StreamResponse:
        return reply("x", left.pop(0))

    async with serve(handler) as server:
        found = await ask(quick(retries=2), server.url("/"))
    assert isinstance(found, Exchange)
    assert (found.status, found.attempt_count, len(server.asked)) == (last, requests, requests)


@pytest.mark.faults
async def test_B4_one_request_at_a_time_and_a_pause_between() -> None:
    """Redirects and retries wait for their turn too; the server never sees two requests nearer than the delay."""
    left = [500, 302, 200, 200, 200, 200]

    async def handler(_request: web.Request) -> web.StreamResponse:
        return reply("x", left.pop(0) if left else 200, Location="/b")

    async with serve(handler) as server, HttpClient(quick([A], delay_s=0.05)) as client:
        await asyncio.gather(*(client.get(server.url(f"/{number}", A)) for number in range(4)))
    assert len(server.asked) == 6
    assert min(server.gaps(A)) >= 0.05


async def test_other_hosts_are_not_slowed() -> None:
    """A host's turn is its own: while one waits, the others are asked."""
    async with serve(site) as server, HttpClient(quick([A, B])) as client:
        client.hosts.use_delay(f"{A}:{server.port}", 30.0)
        waiting = asyncio.create_task(client.get(server.url("/page", A)))
        found = await client.get(server.url("/page", B))
        waiting.cancel()
    assert found.status == 200
    assert server.times[A] == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False),
        ({"contact": "desk@a.test"}, True),
        ({"user_agent": "x (+y)"}, True),
        ({"allow_loopback": True}, True),
    ],
)
def test_publishers_are_told_whom_to_turn_to(changes: dict[str, Any], expected: bool) -> None:
    """Without a contact a live run warns; on this machine alone nobody need be told."""
    assert HttpSettings(**changes).is_reachable is expected


async def test_a_cookie_wall_is_passed_and_a_loop_with_cookies_ends() -> None:
    """A redirect to the same URL with a new cookie is followed; one whose cookies are always new ends at the limit."""

    async def wall(request: web.Request) -> web.StreamResponse:
        if request.path == "/wall":
            return (
                reply("in")
                if "a=1" in request.headers.get("Cookie", "")
                else reply("", 302, Set_Cookie="a=1", Location="/wall")
            )
        return reply("", 302, Location="/new", Set_Cookie=f"a={len(request.headers.get('Cookie', ''))}{id(request)}")

    async with serve(wall) as server:
        passed = await ask(quick(), server.url("/wall"))
        looped = await ask(quick(max_redirects=5), server.url("/new"))
    assert isinstance(passed, Exchange)
    assert passed.body == b"in"
    assert isinstance(looped, FetchError)
    assert (looped.reason, server.count("/new")) == (Reason.REDIRECT_LOOP, 6)
