"""A kill in the middle of a shard loses no page and fetches none twice."""

import asyncio
import os
import sys
from collections import Counter
from pathlib import Path

import pytest
from aiohttp import web

from tasks.fetch.shard import fetch_shard
from tasks.io.captures import capture_files, iter_records
from tasks.io.staging import RunContext
from tests.fetch.cases import candidate, list_shard, pages, settings
from tests.servers import Server, reply, serve

ROOT = Path(__file__).resolve().parents[2]
PAGES = 24
KILL_AT = (6, 15)
"""Pages that the server has been asked for when each child is killed."""


async def slow_page(request: web.Request) -> web.StreamResponse:
    """A page of its own for each path; it takes a moment, so that a kill meets one under way."""
    if request.path == "/robots.txt":
        return reply("User-agent: *\nDisallow: /secret", content_type="text/plain")
    await asyncio.sleep(0.02)
    return reply(os.urandom(2000) + request.path.encode())


async def kill_midway(run: RunContext, server: Server, count: int) -> None:
    """Fetch in a child process until the server has seen so many pages, then SIGKILL it."""
    arguments = (str(run.folder.root), run.run_id, run.now.isoformat())
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.fetch.child", *arguments, cwd=ROOT)
    while sum(path != "/robots.txt" for path in server.asked) < count:
        assert child.returncode is None, "the child ended before it was killed"
        await asyncio.sleep(0.005)
    child.kill()
    assert await child.wait() == -9


@pytest.mark.kill
async def test_a_kill_loses_no_page_and_fetches_none_twice(run: RunContext) -> None:
    """After two kills the third attempt finishes; the captures hold each page once, and each row finds its own."""
    async with serve(slow_page) as server:
        rows = [
            candidate(server.url(f"/{number}", host)) for number in range(PAGES // 2) for host in ("a.test", "b.test")
        ]
        list_shard(run, rows)
        for count in KILL_AT:
            await kill_midway(run, server, count)
        assert not run.part("fetch", "captures", "0000").exists()
        await fetch_shard(run, "0000", settings())
        asked = Counter(path for path in server.asked if path == "/robots.txt")
    files = capture_files(run.folder, run.run_id, "0000")
    records = [record for path in files for record in iter_records(path) if record.problem is None]
    stored = Counter(record.target_uri for record in records if record.kind == "response")
    assert len(files) == 3
    assert stored == Counter(
        {row["url"]: 1 for row in rows} | {server.url("/robots.txt", f"{h}.test"): 1 for h in "ab"}
    )
    assert asked["/robots.txt"] == 2
    found = pages(run)
    assert [row["url"] for row in found] == [row["url"] for row in rows]
    assert {row["outcome"] for row in found} == {"fetched"}
    places = {(run.folder.relative(path), record.offset): record for path in files for record in iter_records(path)}
    for row in found:
        assert places[row["capture_uri"], row["capture_offset"]].target_uri == row["url"]


MOMENTS = 50
MANY = 1600


@pytest.mark.kill
async def test_a_kill_at_50_random_moments_keeps_every_page_once(run: RunContext) -> None:
    """However often and wherever it is killed: after the last resume the captures hold each page exactly once."""

    async def quick_page(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.005)
        return reply("", 404) if request.path == "/robots.txt" else reply(f"<p>{request.host}{request.path}</p>")

    async with serve(quick_page) as server:
        hosts = [f"{letter}.test" for letter in "abcd"]
        rows = [candidate(server.url(f"/{number}", host)) for number in range(MANY // 4) for host in hosts]
        list_shard(run, rows)
        arguments = (str(run.folder.root), run.run_id, run.now.isoformat(), str(MOMENTS))
        nursery = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.fetch.nursery", *arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        told, _ = await nursery.communicate()
        assert told.split() == [b"killed"] * MOMENTS
        assert not run.part("fetch", "captures", "0000").exists()
        before = len(server.asked)
        await fetch_shard(run, "0000", settings())
        assert 0 < len(server.asked) - before < MANY
    files = capture_files(run.folder, run.run_id, "0000")
    whole = [record for path in files for record in iter_records(path) if record.problem is None]
    stored = Counter(record.target_uri for record in whole if record.kind == "response")
    assert {url: count for url, count in stored.items() if "robots.txt" not in str(url)} == {r["url"]: 1 for r in rows}
    assert [row["url"] for row in pages(run)] == [row["url"] for row in rows]
    assert {row["outcome"] for row in pages(run)} == {"fetched"}
