"""A shard against a server: every candidate ends in one row, the captures hold what came, hosts are spared."""

import errno
import gzip
import os
import sys
from asyncio import create_subprocess_exec
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from schemas.capture import Capture
from schemas.table import frame
from tasks.errors import DiskError
from tasks.fetch.shard import fetch_shard, read_earlier, replay_shard
from tasks.fetch.verdicts import judge_exchange
from tasks.io.access import Access
from tasks.io.capture_rows import Verdict
from tasks.io.captures import iter_records, payload_digest, read_record
from tasks.io.exchange import Exchange
from tasks.io.leases import hold_hosts
from tasks.io.staging import RunContext, write_part
from tests.fetch.cases import candidate, captures, fetch, list_shard, pages, settings
from tests.servers import reply, serve

ROOT = Path(__file__).resolve().parents[2]
BODY = b"<p>x</p>"
KNOWN = payload_digest(BODY)


def site(**paths: Callable[[web.Request], web.StreamResponse]) -> Callable[[web.Request], Any]:
    """A server without robots.txt; a path without a rule of its own is a page."""

    async def handler(request: web.Request) -> web.StreamResponse:
        name = request.path.strip("/").replace(".", "_")
        if name == "robots_txt" and name not in paths:
            return reply("", 404)
        return paths[name](request) if name in paths else reply(BODY)

    return handler


def conditional(request: web.Request) -> web.StreamResponse:
    """A page that answers 304 to its validators."""
    if request.headers.get("If-None-Match") == '"v1"':
        return reply("", 304, ETag='"v1"')
    return reply(BODY, ETag='"v1"')


async def test_each_candidate_has_its_row(run: RunContext) -> None:
    """Fetched, unchanged, gone, blocked, failed and refused, in the order of the candidates, with what was seen."""
    paths = {
        "gone": lambda _: reply("no", 404),
        "paid": lambda _: reply("no", 403),
        "bad": lambda _: reply("no", 500),
        "conditional": conditional,
        "picture": lambda _: reply(b"PNG", content_type="image/png"),
        "dead": lambda _: reply("", 302, Location="/"),
        "bomb": lambda _: reply(gzip.compress(bytes(10**7)), Content_Encoding="gzip"),
        "huge": lambda _: reply(bytes(300_000)),
        "metadata": lambda _: reply("", 302, Location="http://10.0.0.1/latest"),
        "moved": lambda request: reply("", 301, Location=f"http://b.test:{request.url.port}/there"),
    }
    async with serve(site(**paths)) as server:
        rows = [
            candidate(server.url("/page", "a.test")),
            candidate(server.url("/same", "a.test"), payload_digest=KNOWN),
            candidate(server.url("/conditional", "a.test"), payload_digest=KNOWN, last_full_at=run.now, etag='"v1"'),
            *(
                candidate(server.url(f"/{name}", "a.test"), failure_count=1)
                for name in ("gone", "paid", "bad", "picture")
            ),
            *(candidate(server.url(f"/{name}", "a.test")) for name in ("dead", "bomb", "huge", "metadata", "moved")),
            candidate("http://a.test:1/x"),
        ]
        summary = await fetch(run, rows, max_body_bytes=200_000)
    found = pages(run)
    assert [row["url"] for row in found] == [row["url"] for row in rows]
    assert [(row["outcome"], row["reason"]) for row in found] == [
        ("fetched", None),
        ("not_modified", None),
        ("not_modified", None),
        ("gone", "http_status"),
        ("blocked", "http_status"),
        ("failed", "http_status"),
        ("refused", "not_html"),
        ("refused", "soft_404"),
        ("refused", "bomb"),
        ("refused", "too_large"),
        ("refused", "refused_address"),
        ("fetched", None),
        ("failed", "connect"),
    ]
    assert [row["next_try_at"] for row in found if row["outcome"] == "failed"] == [
        run.now + timedelta(hours=12),
        run.now + timedelta(hours=6),
    ]
    assert found[11]["final_url"] == server.url("/there", "b.test")
    assert [row["payload_digest"] for row in found[:3]] == [KNOWN] * 3
    assert (summary.read_count, summary.passed_count, sum(summary.outcomes.values())) == (13, 4, 13)
    robots = [row for row in captures(run) if row["kind"] == "robots"]
    assert [row["robots_verdict"] for row in robots if row["http_status"]] == ["allow_all: status 404"] * 2


async def test_captures_hold_what_came(run: RunContext) -> None:
    """A page's record has its body as it came; an unchanged page has a revisit, a page without answer its reason."""
    packed = gzip.compress(BODY)
    paths = {"packed": lambda _: reply(packed, Content_Encoding="gzip"), "conditional": conditional}
    async with serve(site(**paths)) as server:
        rows = [
            candidate(server.url("/packed", "a.test")),
            candidate(server.url("/conditional", "a.test"), payload_digest=KNOWN, last_full_at=run.now, etag='"v1"'),
            candidate(server.url("/hops", "a.test")),
        ]
        await fetch(run, rows)
    first, second, _ = pages(run)
    record = read_record(run.folder, first["capture_uri"], first["capture_offset"], with_length=True)
    assert (record.payload, record.length) == (packed, first["capture_length"])
    assert record.date == first["captured_at"]
    revisit = read_record(run.folder, second["capture_uri"], second["capture_offset"])
    assert (revisit.kind, revisit.status, revisit.digest) == ("revisit", 304, KNOWN)


async def test_conditions_need_a_known_body(run: RunContext) -> None:
    """Without the digest of a body we have, no 304 is asked for: it would lose the page."""
    async with serve(site(conditional=conditional)) as server:
        await fetch(run, [candidate(server.url("/conditional", "a.test"), etag='"v1"', last_modified="x")])
    assert pages(run)[0]["outcome"] == "fetched"
    assert not {"If-None-Match", "If-Modified-Since"} & set(server.headers[-1])


@pytest.mark.faults
async def test_A16_a_host_that_asks_for_rest_is_left_alone(run: RunContext) -> None:
    """After a 429 the host's other URLs wait, other hosts do not, and the pause stands in the robots row."""
    limited = {"two": lambda _: reply("", 429, Retry_After="7200")}
    async with serve(site(**limited)) as server:
        rows = [candidate(server.url(f"/{name}", "a.test")) for name in ("one", "two", "three", "four")]
        await fetch(run, [*rows, candidate(server.url("/three", "b.test"))])
    until = run.now + timedelta(hours=2)
    assert [(row["outcome"], row["reason"], row["next_try_at"]) for row in pages(run)] == [
        ("fetched", None, None),
        ("failed", "rate_limited", until),
        ("deferred", "host_paused", until),
        ("deferred", "host_paused", until),
        ("fetched", None, None),
    ]
    paused = {row["url"]: row["paused_until"] for row in captures(run) if row["kind"] == "robots"}
    assert paused == {server.url("/robots.txt", "a.test"): until, server.url("/robots.txt", "b.test"): None}
    assert server.count("/four") == 0


@pytest.mark.faults
async def test_A3_a_hosts_circuit_opens_after_three_errors(run: RunContext) -> None:
    """Connection errors in a row stop us; what stands behind waits instead of failing one by one."""

    def hang_up(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.close()
        return reply("")

    paths = dict.fromkeys(("one", "three", "four", "five"), hang_up)
    async with serve(site(**paths)) as server:
        names = ("one", "two", "three", "four", "five", "six")
        await fetch(run, [candidate(server.url(f"/{name}", "a.test")) for name in names], retries=0)
    assert [(row["outcome"], row["reason"]) for row in pages(run)] == [
        ("failed", "connect"),
        ("fetched", None),
        ("failed", "connect"),
        ("failed", "connect"),
        ("failed", "connect"),
        ("deferred", "host_paused"),
    ]


async def test_a_dead_redirect_target_does_not_stop_its_host(run: RunContext) -> None:
    """A page that redirects to a host that does not exist fails alone."""
    paths = {"out": lambda _: reply("", 302, Location="http://no-such-name.invalid/x")}
    async with serve(site(**paths)) as server:
        await fetch(run, [candidate(server.url(f"/{name}", "a.test")) for name in ("out", "in")])
    assert [(row["outcome"], row["reason"]) for row in pages(run)] == [("failed", "dns"), ("fetched", None)]


@pytest.mark.faults
async def test_A1_a_dead_name_costs_one_try(run: RunContext) -> None:
    """A host that does not exist fails once; its other URLs are deferred, and nothing hammers the resolver."""
    await fetch(run, [candidate(f"http://no-such-name.invalid/{number}") for number in range(3)])
    assert [(row["outcome"], row["reason"]) for row in pages(run)] == [
        ("failed", "dns"),
        ("deferred", "host_paused"),
        ("deferred", "host_paused"),
    ]


async def test_robots_forbids(run: RunContext) -> None:
    """A disallowed page is blocked without a request, directly and behind a redirect."""
    paths = {
        "robots_txt": lambda _: reply("User-agent: *\nDisallow: /secret", content_type="text/plain"),
        "door": lambda _: reply("", 302, Location="/secret"),
    }
    async with serve(site(**paths)) as server:
        await fetch(run, [candidate(server.url(f"/{name}", "a.test")) for name in ("secret", "door", "open")])
    assert [(row["outcome"], row["reason"]) for row in pages(run)] == [
        ("blocked", "robots_disallowed"),
        ("blocked", "robots_disallowed"),
        ("fetched", None),
    ]
    assert server.count("/secret") == 0


async def test_robots_that_cannot_be_read_forbids_all(run: RunContext) -> None:
    """RFC 9309: a 500 on robots.txt is a full disallow."""
    async with serve(site(robots_txt=lambda _: reply("", 500))) as server:
        await fetch(run, [candidate(server.url(f"/{name}", "a.test")) for name in ("one", "two")], retries=0)
    assert {(row["outcome"], row["reason"]) for row in pages(run)} == {("blocked", "robots_unreachable")}
    assert server.asked == ["/robots.txt"]


async def test_robots_of_discover_is_not_asked_for_again(run: RunContext) -> None:
    """What discover has asked for in this run is known to fetch."""
    async with serve(site(robots_txt=lambda _: reply("User-agent: *\nDisallow: /secret"))) as server:
        rows = [candidate(server.url(f"/{name}", "a.test")) for name in ("open", "secret")]
        await fetch(run, rows)
        known = [row for row in captures(run) if row["kind"] == "robots"]
        write_part(run.part("discover", "captures", "feed"), Capture, frame(Capture, known))
        list_shard(run, rows, "0001")
        await fetch_shard(run, "0001", settings())
    assert server.count("/robots.txt") == 1
    assert [row["outcome"] for row in captures(run, "0001")] == ["fetched", "blocked"]


@pytest.mark.faults
async def test_B4_the_pace_is_kept(run: RunContext) -> None:
    """The server never sees two requests of one host nearer than the delay; two hosts go on side by side."""
    async with serve(site()) as server:
        rows = [candidate(server.url(f"/{number}", host)) for number in range(4) for host in ("a.test", "b.test")]
        await fetch(run, rows, delay_s=0.05)
    for host in ("a.test", "b.test"):
        assert len(server.gaps(host)) == 4
        assert min(server.gaps(host)) >= 0.05
    spans = sorted(span for host in ("a.test", "b.test") for span in server.times[host])
    assert spans[1][0] - spans[0][1] < 0.05


async def test_a_sources_own_delay_counts(run: RunContext) -> None:
    """A delay of the source replaces the run's for the hosts of its pages."""
    async with serve(site()) as server:
        rows = [candidate(server.url(f"/{number}", "a.test"), source_id="shy") for number in range(3)]
        await fetch(run, rows, delays_s={"shy": 0.06})
    assert min(server.gaps("a.test")) >= 0.06


async def test_only_the_sources_own_pages_are_sent_its_access(run: RunContext) -> None:
    """Pages of its site that it lists get it; robots.txt, other sites and other sources do not; no capture has it."""
    access = {"paid": Access(frozenset({"a.test"}), {"X-Key": "hush-hush-7"}, {"sid": "hush-hush-8"})}
    paths = {"echo": lambda request: reply(BODY, X_Echo=request.headers.get("X-Key", "none"))}
    async with serve(site(**paths)) as server:
        rows = [
            candidate(server.url("/echo", "a.test"), source_id="paid"),
            candidate(server.url("/free", "a.test"), source_id="other"),
            candidate(server.url("/else", "b.test"), source_id="paid"),
        ]
        await fetch(run, rows, access=access)
    sent = dict(zip(server.asked, server.headers, strict=True))
    assert (sent["/echo"]["X-Key"], sent["/echo"]["Cookie"]) == ("hush-hush-7", "sid=hush-hush-8")
    assert not [path for path, headers in sent.items() if path != "/echo" and "hush" in str(headers)]
    kept = [gzip.decompress(path.read_bytes()) for path in run.folder.captures.rglob("*.gz")]
    assert b"X-Echo: [redacted]" in kept[0]
    assert b"hush" not in b"".join(kept)


async def test_a_finished_shard_is_not_fetched_again(run: RunContext) -> None:
    """The part is the mark of the end."""
    async with serve(site()) as server:
        rows = [candidate(server.url("/one", "a.test"))]
        first = await fetch(run, rows)
        assert await fetch(run, rows) == first
    assert server.count("/one") == 1


async def test_hosts_of_another_fetcher_are_left_to_it(run: RunContext) -> None:
    """A site that another process fetches from is deferred once we have waited long enough."""
    async with serve(site()) as server, hold_hosts(run.folder, ["a.test"], owner="other"):
        rows = [candidate(server.url("/one", host)) for host in ("a.test", "b.test")]
        await fetch(run, rows, lease_wait_s=0.1)
    assert [(row["outcome"], row["reason"]) for row in pages(run)] == [("deferred", "host_paused"), ("fetched", None)]
    assert server.times["a.test"] == []


async def test_a_run_that_died_is_replayed_from_its_captures(run: RunContext) -> None:
    """Without network: what was captured is what it was, what was not is deferred as not reached."""
    async with serve(site()) as server:
        rows = [candidate(server.url(f"/{number}", "a.test")) for number in range(3)]
        await fetch(run, rows[:2])
        before = captures(run)
    run.part("fetch", "captures", "0000").unlink()
    list_shard(run, rows)
    summary = replay_shard(run, "0000")
    assert summary.outcomes == {"deferred": 1, "fetched": 2}
    after = captures(run)
    assert [row for row in after if row["reason"] != "not_reached"] == before


@pytest.mark.faults
async def test_H3_a_full_disk_stops_the_shard(run: RunContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """One clear error, no part; with room again the shard goes on, and what was captured is not asked for again."""
    real, left = os.write, [4]

    def full(handle: int, data: bytes) -> int:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, data)

    async with serve(site()) as server:
        rows = [candidate(server.url(f"/{number}", "a.test")) for number in range(5)]
        with monkeypatch.context() as patch:
            patch.setattr("tasks.io.captures.os.write", full)
            with pytest.raises(DiskError, match="No space left"):
                await fetch(run, rows)
        assert not run.part("fetch", "captures", "0000").exists()
        summary = await fetch(run, rows)
    assert summary.outcomes == {"fetched": 5}
    assert [server.count(f"/{number}") for number in range(5)] == [1, 1, 2, 1, 1]


@pytest.mark.faults
async def test_I9_nothing_from_a_page_can_forge_a_line(run: RunContext) -> None:
    """Header values of a server cannot put line ends or terminal codes into a row."""
    async with serve(site(odd=lambda _: reply("no", 418, content_type="text/html; x=\x1b[31m"))) as server:
        await fetch(run, [candidate(server.url("/odd", "a.test"))])
    assert all(value is None or str(value).isprintable() for value in pages(run)[0].values())


async def test_every_capture_is_whole(run: RunContext) -> None:
    """All records of a shard's file are flawless, warcinfo first."""
    async with serve(site()) as server:
        await fetch(run, [candidate(server.url(f"/{number}", "a.test")) for number in range(5)])
    [path] = run.folder.captures.glob("run_date=*/*.warc.gz")
    records = list(iter_records(path))
    assert [record.kind for record in records] == ["warcinfo", *["response"] * 6]
    assert {record.problem for record in records} == {None}


async def test_a_redirect_to_a_site_of_another_fetcher_waits(run: RunContext) -> None:
    """Two fetchers never ask one host at once by way of a redirect; the page is deferred, and nothing is recorded."""
    async with serve(
        site(door=lambda request: reply("", 302, Location=f"http://b.test:{request.url.port}/x"))
    ) as server:
        rows = [candidate(server.url("/door", "a.test")), candidate(server.url("/one", "a.test"))]
        async with hold_hosts(run.folder, ["b.test"], owner="other"):
            await fetch(run, rows, hop_wait_s=0.1)
    assert [(row["outcome"], row["reason"]) for row in pages(run)] == [("deferred", "host_paused"), ("fetched", None)]
    assert server.times["b.test"] == []
    assert [row["url"] for row in read_earlier(run, "0000").pages.values()] == [rows[1]["url"]]


async def test_a_mistake_of_ours_costs_one_page(run: RunContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever an input trips, the other pages of the night are fetched, and the page is tried again."""

    def trip(exchange: Exchange, *rest: Any) -> Verdict:
        if exchange.url.endswith("/odd"):
            raise KeyError("unforeseen")
        return judge_exchange(exchange, *rest)

    monkeypatch.setattr("tasks.fetch.host.judge_exchange", trip)
    async with serve(site()) as server:
        await fetch(run, [candidate(server.url(f"/{name}", "a.test")) for name in ("one", "odd", "two")])
    assert [row["outcome"] for row in pages(run)] == ["fetched", "failed", "fetched"]
    assert "KeyError" in pages(run)[1]["detail"]
    assert pages(run)[1]["next_try_at"] == run.now + timedelta(hours=6)


@pytest.mark.faults
async def test_B4_two_processes_of_two_runs_keep_one_pace(run: RunContext) -> None:
    """Two runs with two processes each on one host: the server never sees two requests nearer than the delay."""
    runs = [run, RunContext(f"{run.run_id}-2", run.now, run.folder)]
    children = []
    async with serve(site()) as server:
        for one in runs:
            for shard in ("0000", "0001"):
                list_shard(one, [candidate(server.url(f"/{one.run_id}{shard}{n}", "a.test")) for n in range(3)], shard)
                arguments = (str(one.folder.root), one.run_id, one.now.isoformat(), shard, "0.05")
                children.append(
                    await create_subprocess_exec(sys.executable, "-m", "tests.fetch.child", *arguments, cwd=ROOT)
                )
        assert [await child.wait() for child in children] == [0] * 4
    assert [row["outcome"] for one in runs for shard in ("0000", "0001") for row in pages(one, shard)] == [
        "fetched"
    ] * 12
    assert len(server.gaps("a.test")) == 15
    assert min(server.gaps("a.test")) >= 0.05
