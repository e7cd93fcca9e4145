"""A wish to stop: requests under way are finished, everything else waits for the next run, and soon."""

import asyncio
import signal
import sys
import time
from pathlib import Path

import pytest
from aiohttp import web

from tasks.fetch.shard import fetch_shard
from tasks.io.leases import hold_hosts
from tasks.io.staging import RunContext
from tasks.io.stopping import Stop
from tests.fetch.cases import candidate, captures, list_shard, pages, settings
from tests.servers import Server, reply, serve

ROOT = Path(__file__).resolve().parents[2]


class Gate:
    """A site whose pages come when they are let through."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.open = asyncio.Event()

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """A page, as soon as the gate is open."""
        if request.path == "/robots.txt":
            return reply("", 404)
        self.asked.set()
        await self.open.wait()
        return reply("<p>x</p>")


def ended(run: RunContext) -> list[tuple[str, str | None]]:
    """Outcome and reason of each page."""
    return [(row["outcome"], row["reason"]) for row in pages(run)]


def list_pages(run: RunContext, server: Server) -> None:
    """Three pages of one host and one of another."""
    list_shard(run, [candidate(server.url(path, "a.test")) for path in ("/1", "/2", "/3")])


async def test_what_is_under_way_is_finished_and_the_rest_deferred(run: RunContext) -> None:
    """The request that was sent before the wish is captured; no other is sent, though a long pause was to pass."""
    gate, stop = Gate(), Stop()
    async with serve(gate) as server:
        list_pages(run, server)
        fetching = asyncio.create_task(fetch_shard(run, "0000", settings(delay_s=0.01), stop))
        await gate.asked.wait()
        stop.ask()
        gate.open.set()
        await fetching
    assert ended(run) == [("fetched", None), ("deferred", "not_reached"), ("deferred", "not_reached")]
    assert server.count("/2") == 0


async def test_a_request_that_does_not_end_is_given_up(run: RunContext) -> None:
    """After `drain_s` a request under way is cut off and its page deferred: not failed, it was our wish."""
    gate, stop = Gate(), Stop()
    async with serve(gate) as server:
        list_pages(run, server)
        fetching = asyncio.create_task(fetch_shard(run, "0000", settings(drain_s=0.1, retries=2), stop))
        await gate.asked.wait()
        stop.ask()
        await fetching
    assert set(ended(run)) == {("deferred", "not_reached")}
    assert server.count("/1") == 1


async def test_pauses_and_leases_are_not_waited_for(run: RunContext) -> None:
    """A host whose turn comes in an hour, and a site that another holds, keep nobody from stopping."""
    stop = Stop()
    async with serve(Gate()) as server, hold_hosts(run.folder, ["b.test"], owner="other"):
        list_shard(run, [candidate(server.url("/1", host)) for host in ("a.test", "b.test")])
        fetching = asyncio.create_task(fetch_shard(run, "0000", settings(delay_s=3600.0), stop))
        await asyncio.sleep(0.05)
        stop.ask()
        await asyncio.wait_for(fetching, 20)
    assert {outcome for outcome, _ in ended(run)} == {"deferred"}
    assert server.asked == []


async def test_a_wish_before_the_begin_sends_nothing(run: RunContext) -> None:
    """A shard that is begun after the wish asks for nothing, and writes no robots.txt off as unreachable."""
    stop = Stop()
    stop.ask()
    async with serve(Gate()) as server:
        list_pages(run, server)
        await fetch_shard(run, "0000", settings(), stop)
    assert server.asked == []
    assert [row["kind"] for row in captures(run)] == ["page"] * 3


SCRIPT = """
import asyncio, sys, time
from tasks.io.stopping import STOP, stop_on_signals
async def main():
    heard = asyncio.Event()
    with STOP.heard(heard.set):
        print("ready", flush=True)
        await heard.wait()
        print("heard", flush=True)
        await asyncio.sleep(float(sys.argv[1]))
with stop_on_signals():
    asyncio.run(main())
"""


@pytest.mark.faults
@pytest.mark.parametrize(("drain_s", "signals", "code"), [("0", 1, 0), ("60", 2, -signal.SIGTERM)])
async def test_I2_the_first_signal_asks_and_the_second_ends(drain_s: str, signals: int, code: int) -> None:
    """One SIGTERM lets the work end by itself; two end it at once."""
    begun = time.monotonic()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SCRIPT, drain_s, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    for line in (b"ready\n", b"heard\n")[:signals]:
        assert await child.stdout.readline() == line
        child.send_signal(signal.SIGTERM)
    assert await child.wait() == code
    assert time.monotonic() - begun < 30
