"""robots.txt by RFC 9309: what each answer means, what is remembered, what is asked again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from schemas.capture import Capture
from schemas.reasons import Reason
from schemas.table import frame
from tasks.io.capture_rows import Row, recorded_rows
from tasks.io.captures import CaptureWriter, read_record
from tasks.io.folder import DataFolder
from tasks.io.http import HttpClient
from tasks.io.robots import MAX_BYTES, RobotsCache, RobotsDecision, parse_robots, robots_url
from tasks.io.staging import RunContext
from tests.servers import Handler, Server, quick, reply, serve, serve_raw

HOSTS = ("a.test", "b.test")


@dataclass
class Bench:
    """A server, a client, and a cache over both."""

    server: Server
    client: HttpClient
    robots: RobotsCache

    async def allowed(self, path: str, host: str = "a.test") -> RobotsDecision:
        """The decision on a path of the server."""
        return await self.robots.allowed(self.client, self.server.url(path, host), source_id="feed")

    @property
    def rows(self) -> list[Row]:
        """The rows so far."""
        return self.robots.rows()


@asynccontextmanager
async def bench(run: RunContext, handler: Handler, name: str = "0000", **changes: Any) -> AsyncIterator[Bench]:
    """A bench whose server answers with the handler."""
    async with serve(handler) as server, HttpClient(quick(HOSTS, **changes)) as client:
        with CaptureWriter(run.folder, run.run_id, run.now, name) as writer:
            yield Bench(server, client, RobotsCache(run.folder, writer, run.now))


def robots_of(body: bytes | str = b"", status: int = 200, **headers: str) -> Handler:
    """A server whose robots.txt is this, and whose pages are all there."""

    async def handler(request: web.Request) -> web.StreamResponse:
        if request.path == "/robots.txt":
            return reply(body, status, "text/plain", **headers)
        return reply("<p>x</p>")

    return handler


async def redirecting(request: web.Request) -> web.StreamResponse:
    """A robots.txt that lies five redirects away."""
    number = int(request.query.get("n", "0"))
    if number == 5:
        return reply("User-agent: *\nDisallow: /x")
    return reply("", 302, Location=f"/robots.txt?n={number + 1}")


async def looping(_request: web.Request) -> web.StreamResponse:
    """A robots.txt whose redirects do not end."""
    return reply("", 302, Location="/robots.txt")


RULES = "User-agent: *\nDisallow: /x\n"
HTML = "<html><body>Disallow: /</body></html>"
CASES: dict[str, tuple[Handler, bool, bool, str]] = {
    # case: server, may /x be fetched, may /y, verdict
    "rules": (robots_of(RULES), False, True, "rules"),
    "for us": (robots_of("User-agent: CopyDesk\nDisallow: /y\n\nUser-agent: *\nDisallow: /"), True, False, "rules"),
    "allow wins ties": (robots_of("User-agent: *\nAllow: /x\nDisallow: /x"), True, True, "rules"),
    "longest wins": (robots_of("User-agent: *\nDisallow: /\nAllow: /x"), True, False, "rules"),
    "wildcards": (robots_of("User-agent: *\nDisallow: /*x$"), False, True, "rules"),
    "mark": (robots_of(b"\xef\xbb\xbf" + RULES.encode()), False, True, "rules"),
    "latin-1": (robots_of(b"# \xe9\xe8\nUser-agent: *\nDisallow: /x"), False, True, "rules"),
    "bare CR": (robots_of("User-agent: *\rDisallow: /x"), False, True, "rules"),
    "HTML": (robots_of(HTML), True, True, "rules"),
    "empty": (robots_of(b""), True, True, "rules"),
    "binary": (robots_of(bytes(range(256)) * 4), True, True, "rules"),
    "404": (robots_of("Disallow: /", 404), True, True, "allow_all: status 404"),
    "401": (robots_of("", 401), True, True, "allow_all: status 401"),
    "403": (robots_of("", 403), True, True, "allow_all: status 403"),
    "410": (robots_of("", 410), True, True, "allow_all: status 410"),
    "500": (robots_of("", 500), False, False, "disallow_all: status 500"),
    "503": (robots_of("", 503), False, False, "disallow_all: status 503"),
    "five redirects": (redirecting, False, True, "rules"),
    "redirect loop": (looping, True, True, "allow_all: redirect_loop"),
    "broken gzip": (robots_of(b"\x1f\x8b\x08\0\0", Content_Encoding="gzip"), False, False, "disallow_all: truncated"),
}


@pytest.mark.faults
@pytest.mark.parametrize("case", CASES)
async def test_B1_every_answer_has_its_meaning(run: RunContext, case: str) -> None:
    """RFC 9309 section 2.3.1: 2xx is read, 4xx allows all, 5xx allows nothing; one request for all pages."""
    handler, x_allowed, y_allowed, verdict = CASES[case]
    async with bench(run, handler, retries=0) as made:
        decisions = [(await made.allowed(path)).allowed for path in ("/x", "/y", "/x")]
        [row] = made.rows
    assert decisions == [x_allowed, y_allowed, x_allowed]
    assert row["robots_verdict"] == verdict
    assert made.server.count("/robots.txt") == 1
    assert frame(Capture, recorded_rows(run.folder, run.run_id, "0000")).equals(frame(Capture, made.rows))


@pytest.mark.faults
async def test_B1_a_huge_file_is_read_to_500_kib(run: RunContext) -> None:
    """Rules within the first 500 KiB count, and no more than that is taken from the server."""
    body = RULES + "# padding\n" * 2_000_000
    async with bench(run, robots_of(body)) as made:
        assert not (await made.allowed("/x")).allowed
        [row] = made.rows
    assert row["body_bytes"] == MAX_BYTES
    assert read_record(run.folder, row["capture_uri"], row["capture_offset"]).warc_header("WARC-Truncated") == "length"


@pytest.mark.faults
@pytest.mark.parametrize(
    ("value", "seconds"), [("0.1", 0.1), ("30", 30.0), ("86400", 86_400.0), ("abc", None), ("-1", None)]
)
def test_B3_crawl_delay_is_read(value: str, seconds: float | None) -> None:
    """What is a number is kept as it was wished; the cap is the client's."""
    assert parse_robots(f"User-agent: *\nCrawl-delay: {value}".encode()).crawl_delay_s == seconds


async def test_crawl_delay_slows_the_client(run: RunContext) -> None:
    """A host's wish becomes its pace, at most 60 s."""
    async with bench(run, robots_of("User-agent: *\nCrawl-delay: 900")) as made:
        assert (await made.allowed("/y")).allowed
        assert made.client.hosts.delay_of(f"a.test:{made.server.port}") == 60.0
        assert made.rows[0]["crawl_delay_s"] == 900.0


@pytest.mark.faults
@pytest.mark.parametrize(("status", "headers", "seconds"), [(503, {"Retry-After": "60"}, 60), (429, {}, 900)])
async def test_A17_a_host_that_wants_rest_gets_it(
    run: RunContext, status: int, headers: dict[str, str], seconds: int
) -> None:
    """429, or 503 with Retry-After, on robots.txt pauses the host; the row says until when."""
    async with bench(run, robots_of("", status, **headers)) as made:
        decision = await made.allowed("/y")
        [row] = made.rows
    assert (decision.allowed, decision.reason) == (False, Reason.HOST_PAUSED)
    assert row["paused_until"] == run.now + timedelta(seconds=seconds)


@pytest.mark.faults
async def test_B1_no_answer_disallows_with_the_reason(run: RunContext) -> None:
    """A host that does not answer is no reason to go on; why is told."""

    async def hang_up(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    async with serve_raw(hang_up) as server, HttpClient(quick(HOSTS, retries=0)) as client:
        with CaptureWriter(run.folder, run.run_id, run.now, "0000") as writer:
            robots = RobotsCache(run.folder, writer, run.now)
            decision = await robots.allowed(client, server.url("/y"), source_id="feed")
            [row] = robots.rows()
    assert (decision.allowed, decision.reason) == (False, Reason.CONNECT)
    assert (row["outcome"], row["robots_verdict"]) == ("failed", "disallow_all: connect")


async def test_hosts_are_asked_once_each_also_at_the_same_time(run: RunContext) -> None:
    """Twenty questions at once cost one request a host."""
    async with bench(run, robots_of(RULES)) as made:
        await asyncio.gather(*(made.allowed(f"/{n}", HOSTS[n % 2]) for n in range(20)))
        assert made.server.count("/robots.txt") == 2
        assert len(made.rows) == 2


def older(rows: list[Row], **changes: Any) -> list[Row]:
    """The rows as a table gives them, with other values."""
    return [row | changes for row in frame(Capture, rows).iter_rows(named=True)]


@pytest.mark.faults
@pytest.mark.parametrize(
    ("hours", "same_run", "requests"),
    [(1, False, 0), (23, False, 0), (25, False, 1), (25, True, 0)],
)
async def test_B2_rules_are_remembered_for_24_hours(run: RunContext, hours: int, same_run: bool, requests: int) -> None:
    """Rules of an earlier run are read from its capture while they are fresh; older ones are asked for again."""
    async with bench(run, robots_of(RULES)) as made:
        await made.allowed("/x")
        rows = older(made.rows, captured_at=run.now - timedelta(hours=hours))
    async with bench(run, robots_of(RULES), "0001") as made:
        made.robots.warm(moved(rows, made.server), same_run=same_run)
        assert not (await made.allowed("/x")).allowed
        assert (await made.allowed("/y")).allowed
        assert made.server.count("/robots.txt") == requests


def moved(rows: list[Row], server: Server) -> list[Row]:
    """The rows as if they were of this server (each has its own port)."""
    return [row | {"url": robots_url(server.url("/", "a.test"))} for row in rows]


@pytest.mark.parametrize(("same_run", "requests", "allowed"), [(False, 1, True), (True, 0, False)])
async def test_a_failure_is_not_remembered_beyond_its_run(
    run: RunContext, same_run: bool, requests: int, allowed: bool
) -> None:
    """A robots.txt that could not be read is asked for again by the next run, but not within one."""
    async with bench(run, robots_of("", 500), retries=0) as made:
        await made.allowed("/y")
        rows = older(made.rows)
    async with bench(run, robots_of(RULES), "0001") as made:
        made.robots.warm(moved(rows, made.server), same_run=same_run)
        assert (await made.allowed("/y")).allowed is allowed
        assert made.server.count("/robots.txt") == requests


@pytest.mark.parametrize(("minutes", "requests"), [(5, 0), (-5, 1)])
async def test_a_pause_of_an_earlier_run_counts_until_it_ends(run: RunContext, minutes: int, requests: int) -> None:
    """A host that asked for rest is not even asked for its robots.txt before the time has come."""
    until = run.now + timedelta(minutes=minutes)
    async with bench(run, robots_of(RULES)) as made:
        await made.allowed("/y")
        rows = older(made.rows, captured_at=run.now - timedelta(hours=30), paused_until=until)
    async with bench(run, robots_of(RULES), "0001") as made:
        made.robots.warm(moved(rows, made.server), same_run=False)
        decision = await made.allowed("/y")
        assert decision.reason is (Reason.HOST_PAUSED if minutes > 0 else None)
        assert made.server.count("/robots.txt") == requests


async def test_a_pause_is_kept_with_the_rules(run: RunContext) -> None:
    """The row of a paused host still names the capture of its rules, in the row and in the WARC."""
    async with bench(run, robots_of(RULES)) as made:
        await made.allowed("/y")
        [before] = made.rows
        made.robots.pause(made.server.url("/y", "a.test"), run.now + timedelta(hours=1), "status 429", source_id="feed")
        [after] = made.rows
        assert (await made.allowed("/y")).reason is Reason.HOST_PAUSED
    assert after["paused_until"] == run.now + timedelta(hours=1)
    assert [after[name] for name in ("capture_uri", "capture_offset")] == [
        before[name] for name in ("capture_uri", "capture_offset")
    ]
    kept = list(recorded_rows(run.folder, run.run_id, "0000"))
    assert frame(Capture, kept[-1:]).equals(frame(Capture, [after]))


async def test_a_lost_capture_is_asked_for_again(run: RunContext) -> None:
    """Rules whose WARC file is gone are no rules; the host is asked."""
    async with bench(run, robots_of(RULES)) as made:
        await made.allowed("/y")
        rows = older(made.rows)
    DataFolder(run.folder.root).resolve(rows[0]["capture_uri"]).unlink()
    async with bench(run, robots_of(RULES), "0001") as made:
        made.robots.warm(moved(rows, made.server), same_run=False)
        assert not (await made.allowed("/x")).allowed
        assert made.server.count("/robots.txt") == 1


def test_sitemaps_are_told() -> None:
    """The sitemaps that a robots.txt names come with its rules."""
    found = parse_robots(b"Sitemap: https://a.test/s.xml\nUser-agent: *\nDisallow: /x\nsitemap: https://a.test/n.xml")
    assert found.sitemaps == ("https://a.test/s.xml", "https://a.test/n.xml")
