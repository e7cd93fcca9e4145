"""Cases of section A that need more than one look."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from copydesk.faults.answers import STORY, Answer, article, moved, page, xml
from copydesk.faults.bench import Bench, candidate
from copydesk.faults.model import Fetch, MismatchError, Page, expect
from copydesk.faults.server import closed_port, full_port
from schemas.identity import normalise_url
from schemas.reasons import Reason
from schemas.source import SourceKind
from tasks.fetch.challenges import MARKS, TITLES
from tasks.fetch.hop_leases import HopLeases
from tasks.fetch.host import Desk, fetch_host
from tasks.fetch.portals import refuse_portals
from tasks.io.captures import CaptureWriter
from tasks.io.http import FetchError, HttpClient
from tasks.io.robots import RobotsCache, robots_url

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
"""When the runs of the faults are."""
YESTERDAY = NOW - timedelta(days=1)
LONG_AGO = NOW - timedelta(days=60)

PRIVATE = (
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",  # noqa: S104 - refused
    "[fc00::1]",
    "[fe80::1]",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::a00:1]",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
)
"""Refused even where this machine itself is allowed."""
Play = Callable[[Bench], Awaitable[None]]


def ended(row: dict[str, Any]) -> str:
    """Outcome and reason of a Capture row."""
    return " ".join(filter(None, (row["outcome"], row["reason"])))


def feed(*links: str) -> Answer:
    """An RSS feed of these links."""
    items = "".join(f"<item><title>T</title><link>{link}</link></item>" for link in links)
    return xml(f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>')


def walls() -> tuple[Fetch, ...]:
    """One case for each known wall, and one for what only looks like it."""
    titles = [(title.name, b"<title>" + title.matches + b"</title>", title.spares) for title in TITLES]
    blocked = [(mark.name, mark.matches) for mark in MARKS] + [(name, body) for name, body, _ in titles]
    cases = [
        Fetch(name, {"/page": page(b"<html>" + body)}, (Page("/page", "blocked challenge", name),))
        for name, body in blocked
    ]
    spared = [
        Fetch(f"no {name}", {"/page": page(article(text.decode()))}, (Page("/page", "fetched", parsed="article"),))
        for name, _, text in titles
    ]
    return (*cases, *spared)


async def dead_host_rests_longer(bench: Bench) -> None:
    """The pause of a host that cannot be reached doubles with each run that finds it so, and ends at a week."""
    for failures, hours in ((0, 1), (3, 8), (30, 168)):
        host = bench.host(f"dead{failures}")
        bench.decreed[host] = "nxdomain"
        url = f"http://{host}/x"
        row = await _visit_dead(bench, url, failures)
        expect("pause in hours", (row["paused_until"] - NOW) / timedelta(hours=1), hours)
        expect("robots row", row["outcome"], "failed")


async def _visit_dead(bench: Bench, url: str, failures: int) -> dict[str, Any]:
    """The robots row of a host that cannot be reached, and could not be in so many runs before."""
    known: dict[str, Any] = {"kind": "robots", "url": robots_url(url), "robots_verdict": "disallow_all: dns"}
    known |= {"paused_until": None, "captured_at": YESTERDAY, "failure_count": failures}
    settings = bench.settings(retries=0)
    rows: list[dict[str, Any]] = []
    async with HttpClient(settings.http) as client:
        with CaptureWriter(bench.run.folder, bench.run.run_id, NOW, bench.name) as writer:
            robots = RobotsCache(bench.run.folder, writer, NOW)
            robots.warm([known], same_run=False)
            leases = HopLeases(bench.run.folder, "faults", client, 1.0)
            desk = Desk(client, robots, writer, settings, NOW, lambda _, row: rows.append(row), leases)
            await fetch_host(desk, [candidate(url)])
            expect("page", ended(rows[0]), "failed dns")
            return robots.rows()[0]


async def refused_port(bench: Bench) -> None:
    """Nobody listens: tried again, then the host rests."""
    bench.decreed[bench.host()] = f"127.0.0.1:{closed_port()}"
    rows = await bench.fetch([candidate(f"http://{bench.host()}/{number}") for number in range(3)])
    expect("ends", [ended(row) for row in rows[:3]], ["failed connect", "deferred host_paused", "deferred host_paused"])


async def full_queue(bench: Bench) -> None:
    """A host that never takes the connection costs the connect timeout, and says so."""
    async with full_port() as port:
        bench.decreed[bench.host()] = f"127.0.0.1:{port}"
        row, *_ = await bench.fetch([candidate(f"http://{bench.host()}/x")], connect_timeout_s=0.3, retries=0)
    expect("ends", ended(row), "failed timeout")
    expect(f"phase in {row['detail']!r}", "connect" in row["detail"].lower(), True)


async def smuggled_response(bench: Bench) -> None:
    """Bytes behind the announced end are never read as the next page."""
    evil = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n"
    site = {path: Answer(head + path[1:5].encode() + evil, stays_open=True) for path in ("/onee", "/twoo")}
    host = bench.serve(site)
    async with HttpClient(bench.http(retries=0)) as client:
        for path in site:
            try:
                exchange = await client.get(f"http://{host}{path}")
            except FetchError:
                continue
            expect(path, exchange.body, path[1:].encode())


async def downgrade(bench: Bench) -> None:
    """A redirect from https to http is followed and can be seen in the row; the strict setting refuses it."""
    plain = bench.serve({"/page": STORY})
    secure = bench.serve({"/page": moved(f"http://{plain}/page")}, prefix="tls-")
    url = f"https://{secure}/page"
    for shard, allowed, wanted in (("a", True, "fetched"), ("b", False, "refused refused_scheme")):
        row, *_ = await bench.fetch([candidate(url)], shard, unverified=frozenset({"faults"}), allow_downgrade=allowed)
        expect(f"allowed: {allowed}", ended(row), wanted)
        if allowed:
            expect("final_url", row["final_url"], f"http://{plain}/page")
            expect("is_tls_verified", row["is_tls_verified"], None)


async def private_everywhere(bench: Bench) -> None:
    """Listings and robots.txt are asked for through the same guard; without leave this machine is private too."""
    row, _ = await bench.list(bench.source(SourceKind.FEED, url="http://10.0.0.1/feed"))
    expect("listing", row["reason"], "refused_address")
    host = bench.serve({"/robots.txt": moved("http://192.168.0.1/robots.txt"), "/page": STORY})
    found, *_ = await bench.fetch([candidate(f"http://{host}/page")])
    expect("robots.txt", ended(found), "refused refused_address")
    urls = [f"http://{name}:{bench.server.port}/page" for name in ("127.0.0.1", "localhost", "[::1]")]
    before = len(bench.server.asked)
    rows = await bench.fetch([candidate(url) for url in urls], "own", allow_loopback=False)
    expect("this machine", {ended(row) for row in rows[:3]}, {"refused refused_address"})
    expect("requests", len(bench.server.asked), before)


async def rebinding(bench: Bench) -> None:
    """A name that was fine a moment ago is refused where it turns private."""
    host = bench.serve({"*": STORY})
    first, *_ = await bench.fetch([candidate(f"http://{host}/1")], "a")
    bench.decreed[host] = "10.0.0.1"
    second, *_ = await bench.fetch([candidate(f"http://{host}/2")], "b")
    expect("ends", (ended(first), ended(second)), ("fetched", "refused refused_address"))


async def spellings(bench: Bench) -> None:
    """One page is one candidate, however its URL is spelled."""
    host = bench.host()
    urls = [
        f"http://{host}/a?b=1",
        f"HTTP://{host.upper()}:80/a?b=1#top",
        f"http://{host}/a?utm_source=feed&b=1",
    ]
    bench.serve({"/list": feed(*(url.replace("&", "&amp;") for url in urls))})
    _, listed = await bench.list(bench.source(SourceKind.FEED))
    expect("listed", {row["url"] for row in listed}, {normalise_url(urls[0])})


async def pause_survives(bench: Bench) -> None:
    """The next run reads the pause from the host's row, and asks for nothing before its time."""
    host = bench.serve({"/1": page("", 429, "text/html", Retry_After="7200"), "*": STORY})
    rows = await bench.fetch([candidate(f"http://{host}/1")])
    [kept] = [row for row in rows if row["kind"] == "robots"]
    expect("paused_until", kept["paused_until"], NOW + timedelta(hours=2))
    asked = len(bench.server.asked)
    for after, wanted in ((timedelta(hours=1), Reason.HOST_PAUSED), (timedelta(hours=3), None)):
        async with HttpClient(bench.http()) as client:
            with CaptureWriter(bench.run.folder, bench.run.run_id, NOW, f"{bench.name}later") as writer:
                robots = RobotsCache(bench.run.folder, writer, NOW + after)
                robots.warm([kept], same_run=False)
                decision = await robots.allowed(client, f"http://{host}/2", source_id="faults")
        expect(f"after {after}", decision.reason, wanted)
    expect("requests", len(bench.server.asked), asked)


async def others_not_slowed(bench: Bench) -> None:
    """While one host rests, every page of the others comes, and they do not wait for its pause."""
    stormy = bench.serve({"*": page("", 503, "text/html", Retry_After="600")}, "storm")
    calm = [bench.serve({"*": STORY}, f"calm{number}") for number in range(3)]
    urls = [f"http://{host}/{number}" for number in range(4) for host in (stormy, *calm)]
    rows = await bench.fetch([candidate(url) for url in urls])
    ends = {row["url"]: row["outcome"] for row in rows}
    expect("calm hosts", {ends[url] for url in urls if stormy not in url}, {"fetched"})
    expect("requests to the stormy one", bench.server.count(stormy), 1)


async def captive_portal(bench: Bench) -> None:
    """The same page for three sites fails for all of them before anything is published; a fourth site stays."""
    apart = bench.later(f"{bench.run.run_id}-portal")
    login = page(article("Welcome to the hotel"))
    hosts = [bench.serve({"*": login}, f"p{number}") for number in range(3)]
    hosts.append(bench.serve({"*": STORY}, "own"))
    rows = await apart.fetch([candidate(f"http://{host}/story") for host in hosts])
    expect("fetched", {ended(row) for row in rows[:4]}, {"fetched"})
    await apart.parse()
    expect("shards", refuse_portals(apart.run, bench.settings()), [bench.name])
    expect("parsed before", apart.run.part("parse", "articles", bench.name).exists(), False)
    rows = await apart.fetch([candidate(f"http://{host}/story") for host in hosts])
    expect("refused", [ended(row) for row in rows[:4]], ["failed captive_portal"] * 3 + ["fetched"])


def server_clock(year: int) -> Play:
    """A play in which the server believes that it is another year."""

    async def play(bench: Bench) -> None:
        date = f"Thu, 01 Jan {year} 00:00:00 GMT"
        host = bench.serve({"/page": page(article(), 200, "text/html", Date=date, Last_Modified=date)})
        begun = datetime.now(UTC)
        row, *_ = await bench.fetch([candidate(f"http://{host}/page")])
        if not begun <= row["captured_at"] <= datetime.now(UTC):
            raise MismatchError(f"captured_at is {row['captured_at']}, not the time of the fetch")
        expect("parsed", (await bench.parse())[row["url"]], "article")
        published = bench.articles()[0]["published_at"]
        expect("published_at", published, None)

    return play


async def cookies_stay_home(bench: Bench) -> None:
    """What one host sets, another never sees, though a redirect leads there."""
    other = bench.serve({"/page": STORY}, "other")
    host = bench.serve({"/page": moved(f"http://{other}/page", 302, Set_Cookie="secret=1; Domain=test; Path=/")})
    row, *_ = await bench.fetch([candidate(f"http://{host}/page")])
    expect("ends", ended(row), "fetched")
    seen = [request.headers.get("cookie") for request in bench.server.asked if request.host == other]
    expect("cookies at the other host", set(seen), {None})
