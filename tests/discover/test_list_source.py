"""Polling a source end to end against a server on loopback: parts, captures, conditions, failures, children."""

import asyncio
import gzip
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from aiohttp import web

from schemas.capture import Candidate, Capture
from schemas.run import RunSource
from schemas.source import Source, SourceKind
from schemas.summary import SourceSummary
from tasks.discover import gather, poll
from tasks.discover.list_source import list_source
from tasks.io.captures import iter_records
from tasks.io.leases import hold_hosts
from tasks.io.staging import RunContext, read_part
from tasks.io.stopping import Stop
from tests.discover.listings import ONE, TWO, rss, urlset
from tests.discover.rows import at, ledger, ledger_row
from tests.servers import Server, quick, reply, serve

ROBOTS = "/robots.txt"
FEED = rss(ONE + TWO)


def site(pages: dict[str, Any]) -> Any:
    """A handler: path to body, to (body, status), or to a function of the request; robots.txt allows all."""

    async def handler(request: web.Request) -> web.StreamResponse:
        page = pages.get(request.path, "User-agent: *\nAllow: /" if request.path == ROBOTS else ("no", 404))
        if callable(page):
            page = page(request)
        if isinstance(page, web.StreamResponse):
            return page
        body, status = page if isinstance(page, tuple) else (page, 200)
        return reply(body, status, ETag='"1"', Last_Modified="Sun, 01 Mar 2026 00:00:00 GMT")

    return handler


def feed_of(server: Server, path: str = "/feed", **more: Any) -> Source:
    """A feed of the server."""
    return Source.model_validate({"id": "a", "kind": "feed", "url": server.url(path)} | more)


async def poll_it(run: RunContext, source: Source, **settings: Any) -> SourceSummary:
    """List the source with settings for tests."""
    return await list_source(run, source, quick(**settings))


def parts(run: RunContext, name: str = "a") -> tuple[pl.DataFrame, pl.DataFrame, dict[str, Any]]:
    """What the source has in staging: candidates, captures, its row."""
    row = read_part(run.part("discover", "run_sources", name), RunSource).row(0, named=True)
    candidates = read_part(run.part("discover", "listed", name), Candidate)
    return candidates, read_part(run.part("discover", "captures", name), Capture), row


async def test_a_feed_is_listed_and_kept(run: RunContext) -> None:
    """Candidates, captures of feed and robots.txt, and the source's row are there; the WARC holds both bodies."""
    async with serve(site({"/feed": FEED})) as server:
        summary = await poll_it(run, feed_of(server))
    candidates, captures, row = parts(run)
    assert candidates["url"].to_list() == ["https://x.org/1", "https://x.org/2"]
    assert candidates["listing_url"].unique().to_list() == [server.url("/feed")]
    assert sorted(captures.select("kind", "outcome").rows()) == [("listing", "fetched"), ("robots", "fetched")]
    assert (row["status"], row["listing_count"], row["detail"], row["run_id"]) == ("ok", 1, None, run.run_id)
    assert (summary.status, summary.counts.found, server.asked) == ("ok", 2, [ROBOTS, "/feed"])
    kept = captures.row(by_predicate=pl.col("kind") == "listing", named=True)
    records = list(iter_records(run.folder.resolve(kept["capture_uri"])))
    bodies = {record.target_uri: record.payload for record in records if record.kind == "response"}
    assert bodies[server.url("/feed")] == FEED.encode()
    assert kept["capture_offset"] in [record.offset for record in records]


async def test_a_finished_source_is_not_polled_again(run: RunContext) -> None:
    """After a retry of the task, what is there is only read."""
    async with serve(site({"/feed": FEED})) as server:
        first = await poll_it(run, feed_of(server))
        assert await poll_it(run, feed_of(server)) == first
        assert server.count("/feed") == 1


def gone(request: web.Request) -> web.StreamResponse:
    """A 304 whatever was asked."""
    return reply(b"", 304)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("pages", "reason", "outcome", "detail"),
    [
        ({}, "http_status", "gone", "status 404"),
        ({"/feed": ("", 410)}, "http_status", "gone", "status 410"),
        ({"/feed": ("", 403)}, "http_status", "blocked", "status 403"),
        ({"/feed": ("", 500)}, "http_status", "failed", "status 500"),
        ({"/feed": lambda _: reply("", 429, Retry_After="60")}, "rate_limited", "failed", "status 429"),
        ({"/feed": gone}, "http_status", "failed", "status 304"),
        ({"/feed": "<html><title>Log in</title></html>"}, "not_a_listing", "failed", "login"),
        ({"/feed": ""}, "empty_listing", "failed", "no content"),
        ({"/feed": rss("")}, "empty_listing", "failed", "no entry"),
        ({"/feed": lambda _: reply("plain text", Content_Encoding="gzip")}, "not_a_listing", "failed", "neither"),
        ({ROBOTS: "User-agent: *\nDisallow: /feed"}, "robots_disallowed", "blocked", ROBOTS),
        ({ROBOTS: ("", 503)}, "robots_unreachable", "blocked", ""),
    ],
)  # fmt: skip
async def test_C1_a_source_that_fails_says_why(
    run: RunContext, pages: dict[str, Any], reason: str, outcome: str, detail: str
) -> None:
    """A listing that cannot be had or read fails its source with a reason, raises nothing, and stays on record."""
    async with serve(site(pages)) as server:
        summary = await poll_it(run, feed_of(server))
    candidates, captures, row = parts(run)
    assert (summary.status, summary.reason, row["reason"]) == ("failed", reason, reason)
    assert detail in (row["detail"] or "")
    listing = captures.row(by_predicate=pl.col("kind") == "listing", named=True)
    assert (listing["outcome"], listing["reason"], len(candidates)) == (outcome, reason, 0)


async def test_a_dead_host_fails_its_source(run: RunContext) -> None:
    """A host that is down is one failed source, not an exception."""
    async with serve(site({})) as server:
        source = feed_of(server)
    summary = await poll_it(run, source)
    assert (summary.status, summary.reason) == ("failed", "connect")
    assert parts(run)[1]["kind"].to_list() == ["listing", "robots"]


async def test_a_429_pauses_the_host(run: RunContext) -> None:
    """The pause that a listing's answer asks for stands in the host's robots row, for pages to keep."""
    async with serve(site({"/feed": lambda _: reply("", 429, Retry_After="600")})) as server:
        await poll_it(run, feed_of(server))
    robots = parts(run)[1].filter(pl.col("kind") == "robots")
    assert robots["paused_until"].null_count() == 0


@pytest.mark.parametrize("held", [ROBOTS, "/feed", "a lease"])
async def test_a_wish_to_stop_is_heard(run: RunContext, held: str) -> None:
    """A listing that does not come, or whose site another holds, is left to the next run, and soon."""
    asked, stop = asyncio.Event(), Stop()

    async def silent(request: web.Request) -> web.StreamResponse:
        if request.path != held:
            return reply("", 404)
        asked.set()
        await asyncio.sleep(60)
        return reply(FEED)

    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serve(silent))
        if held == "a lease":
            await stack.enter_async_context(hold_hosts(run.folder, ["127.0.0.1"], owner="other"))
            asked.set()
        settings = quick(drain_s=0.1, total_timeout_s=60.0, read_timeout_s=60.0, retries=3)
        listing = asyncio.create_task(list_source(run, feed_of(server), settings, stop))
        await asked.wait()
        stop.ask()
        summary = await asyncio.wait_for(listing, 20)
    assert (summary.status, summary.reason) == ("failed", "not_reached")
    assert all(row["outcome"] == "deferred" for row in parts(run)[1].iter_rows(named=True) if row["kind"] == "listing")


def known_listing(run: RunContext, **more: Any) -> pl.DataFrame:
    """The ledger row that the run's capture of the listing becomes."""
    listing = parts(run)[1].row(by_predicate=pl.col("kind") == "listing", named=True)
    facts = (
        "etag",
        "last_modified",
        "payload_digest",
        "capture_uri",
        "capture_offset",
        "capture_length",
        "captured_at",
    )
    return ledger(ledger_row(listing["url"], "listing", "read", **{name: listing[name] for name in facts} | more))


def remember(monkeypatch: pytest.MonkeyPatch, known: pl.DataFrame) -> None:
    """Let the ledger hold these rows."""
    monkeypatch.setattr(poll, "last_rows", lambda _folder, kind, ids: known.filter(kind=kind, url_id=next(iter(ids))))


def conditional(request: web.Request) -> Any:
    """The feed, or 304 to who has it."""
    return reply(b"", 304) if request.headers.get("If-None-Match") == '"1"' else FEED


@pytest.mark.faults
async def test_A21_unchanged_listing_still_names_its_pages(run: RunContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a 304 the old body is read from its capture; the row goes on naming it, night after night."""
    async with serve(site({"/feed": conditional})) as server:
        await poll_it(run, feed_of(server))
        first = parts(run)[1].filter(pl.col("kind") == "listing")
        for night in ("2", "3"):
            remember(monkeypatch, known_listing(run))
            run = RunContext(night, run.now, run.folder)
            await poll_it(run, feed_of(server))
            candidates, captures, row = parts(run)
            listing = captures.filter(pl.col("kind") == "listing")
            assert (len(candidates), row["status"], listing["outcome"].item()) == (2, "ok", "not_modified")
            place = ("capture_uri", "capture_offset", "etag", "payload_digest")
            assert listing.select(place).row(0) == first.select(place).row(0)


@pytest.mark.faults
@pytest.mark.parametrize(
    "lost",
    [{"capture_uri": "captures/gone.warc.gz"}, {"capture_offset": 3}, {"capture_uri": None}, {"unchanged_count": 6}],
    ids=["file", "offset", "never kept", "it is time for a whole one"],
)
async def test_A21_without_the_old_body_it_is_fetched_whole(
    run: RunContext, monkeypatch: pytest.MonkeyPatch, lost: dict[str, Any]
) -> None:
    """Where the old body is missing, or a whole fetch is due, the listing is asked for without condition."""
    async with serve(site({"/feed": conditional})) as server:
        await poll_it(run, feed_of(server))
        remember(monkeypatch, known_listing(run, **lost))
        again = RunContext("2", run.now, run.folder)
        await poll_it(again, feed_of(server))
        assert "If-None-Match" not in server.headers[-1]
    assert len(parts(again)[0]) == 2


async def test_the_same_bytes_are_kept_once(run: RunContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server without conditions that sends the same bytes again gets a revisit record, not a second copy."""
    async with serve(site({"/feed": lambda _: reply(FEED)})) as server:
        await poll_it(run, feed_of(server))
        remember(monkeypatch, known_listing(run))
        again = RunContext("2", run.now, run.folder)
        await poll_it(again, feed_of(server))
    candidates, captures, _ = parts(again)
    listing = captures.row(by_predicate=pl.col("kind") == "listing", named=True)
    assert (len(candidates), listing["outcome"]) == (2, "not_modified")
    assert (
        listing["capture_uri"] == parts(run)[1].row(by_predicate=pl.col("kind") == "listing", named=True)["capture_uri"]
    )


@pytest.mark.faults
async def test_C9_a_feed_that_moved_is_read_where_it_went(run: RunContext) -> None:
    """Relative links are relative to where the feed was found."""
    pages = {"/feed": lambda _: reply("", 301, Location="/new/feed"), "/new/feed": rss("<item><link>1</link></item>")}
    async with serve(site(pages)) as server:
        await poll_it(run, feed_of(server))
        assert parts(run)[0]["url"].to_list() == [server.url("/new/1")]


def index(*paths: str) -> Any:
    """A sitemap index of these paths on the same server; a path may have `=lastmod` behind it."""

    def page(request: web.Request) -> str:
        inner = ""
        for path, _, modified in (text.partition("=") for text in paths):
            location = path if path.startswith("http") else f"http://{request.host}{path}"
            inner += f"<sitemap><loc>{location}</loc><lastmod>{modified}</lastmod></sitemap>"
        return f"<sitemapindex>{inner}</sitemapindex>"

    return page


def urls_of(*names: str) -> Any:
    """A sitemap of these pages on the same server."""
    return lambda request: urlset("".join(f"<url><loc>http://{request.host}/{name}</loc></url>" for name in names))


def listed(run: RunContext) -> list[str]:
    """The last part of each candidate's URL."""
    return [url.rpartition("/")[2] for url in parts(run)[0]["url"]]


@pytest.mark.faults
async def test_C10_an_index_is_followed_with_care(run: RunContext) -> None:
    """Loops, doubles, other sites and a failing child cost nothing but themselves; .gz need not be gzip."""
    pages = {
        "/s": index("/s", "/a", "/a", "/bad", "/deep", "/b.gz", "/plain.gz", "http://y.test/s"),
        "/a": urls_of("1", "2"),
        "/bad": "<html></html>",
        "/deep": index("/s", "/a", "/c"),
        "/b.gz": lambda request: reply(gzip.compress(urls_of("3")(request).encode()) + b"junk"),
        "/plain.gz": urls_of("4"),
        "/c": urls_of("5", "1"),
    }
    async with serve(site(pages)) as server:
        await poll_it(run, feed_of(server, "/s", kind="sitemap"))
        assert sorted(server.asked) == sorted([ROBOTS, *pages])
    _, captures, row = parts(run)
    assert listed(run) == ["1", "2", "5", "3", "4"]
    assert (row["status"], row["listing_count"]) == ("ok", 6)
    assert "/bad: not_a_listing" in row["detail"]
    assert captures.filter(pl.col("kind") == "listing").height == 7


@pytest.mark.faults
async def test_C10_depth_and_number_of_children_are_limited(run: RunContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index of indexes without end is left at the third level, one of very many children at the limit."""
    pages = {f"/d{n}": index(f"/d{n + 1}", f"/u{n}") for n in range(50)} | {
        f"/u{n}": urls_of(f"p{n}") for n in range(50)
    }
    async with serve(site(pages)) as server:
        await poll_it(run, feed_of(server, "/d0", kind="sitemap"))
        assert listed(run) == ["p2", "p1", "p0"]
        monkeypatch.setattr(gather, "MAX_CHILDREN", 2)
        again = RunContext("2", run.now, run.folder)
        await poll_it(again, feed_of(server, "/d0", kind="sitemap"))
    assert "were not read" in parts(again)[2]["detail"]


async def test_newest_children_first_until_the_cap(run: RunContext) -> None:
    """Children are read by lastmod, newest first, and no more of them than the cap needs."""
    pages = {"/s": index("/old=2020-01-01", "/none", "/new=2026-03-01"), "/old": urls_of("o"), "/none": urls_of("n")}
    async with serve(site(pages | {"/new": urls_of("1", "2")})) as server:
        await poll_it(run, feed_of(server, "/s", kind="sitemap", max_items=3))
        assert server.asked == [ROBOTS, "/s", "/new", "/old"]
    assert listed(run) == ["1", "2", "o"]
    assert "1 older children" in parts(run)[2]["detail"]


async def test_an_index_whose_children_all_fail(run: RunContext) -> None:
    """No child could be read: the source has failed and says what the first one was."""
    async with serve(site({"/s": index("/a", "/b")})) as server:
        summary = await poll_it(run, feed_of(server, "/s", kind="sitemap"))
    assert (summary.status, summary.reason) == ("failed", "empty_listing")
    assert "status 404" in (summary.detail or "")


async def test_robots_txt_as_a_sitemap(run: RunContext) -> None:
    """A robots.txt leads to the sitemaps that it names."""
    robots = {ROBOTS: lambda request: f"User-agent: *\nAllow: /\nSitemap: http://{request.host}/s.xml\n"}
    async with serve(site(robots | {"/s.xml": urls_of("1")})) as server:
        await poll_it(run, feed_of(server, ROBOTS, kind="sitemap"))
    assert listed(run) == ["1"]


async def test_lists_of_urls(run: RunContext, tmp_path: Path) -> None:
    """A list from the web and one from the disk both give candidates, captures and notes of bad lines."""
    text = "https://x.org/1\nnonsense\nhttps://x.org/2 # why\n"
    path = tmp_path / "list.txt"
    path.write_text(text)
    async with serve(site({"/list": text})) as server:
        await poll_it(run, feed_of(server, "/list", kind="url_list"))
    await poll_it(run, Source(id="b", kind=SourceKind.URL_LIST, path=path))
    for name in ("a", "b"):
        candidates, captures, row = parts(run, name)
        assert candidates["url"].to_list() == ["https://x.org/1", "https://x.org/2"]
        assert (row["bad_item_count"], "line 2" in row["detail"]) == (1, True)
        assert captures.filter(pl.col("kind") == "listing").height == 1


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        ("folder", "empty", "empty_listing"),
        ("folder", "nothing", "unreadable"),
        ("warc", "empty", "empty_listing"),
        ("warc", "nothing.warc", "unreadable"),
        ("url_list", "nothing.txt", "unreadable"),
        ("url_list", "empty", "unreadable"),
    ],
)
async def test_local_sources_that_fail(run: RunContext, tmp_path: Path, kind: str, name: str, reason: str) -> None:
    """An empty folder, a missing path and a folder where a file should be are one clear reason each."""
    (tmp_path / "empty").mkdir()
    summary = await poll_it(run, Source.model_validate({"id": "a", "kind": kind, "path": tmp_path / name}))
    assert (summary.status, summary.reason) == ("failed", reason)
    assert (summary.detail or "").endswith(")")


async def test_a_folder_is_listed(run: RunContext, tmp_path: Path) -> None:
    """Documents become candidates of their folder's site, dated by their last change."""
    (tmp_path / "in" / "gazette").mkdir(parents=True)
    (tmp_path / "in" / "gazette" / "a.txt").write_text("Title\nText")
    await poll_it(run, Source(id="a", kind=SourceKind.FOLDER, path=tmp_path / "in"))
    candidates, captures, row = parts(run)
    assert candidates["site"].to_list() == ["gazette"]
    assert at(candidates["listed_modified_at"].item()[:-6]).year >= 2020
    assert (len(captures), row["listing_count"]) == (0, 1)


async def test_what_was_left_out_is_said(run: RunContext) -> None:
    """Patterns, cap and bad items are in the source's row."""
    body = rss(ONE + TWO + "<item/>" + "".join(f"<item><link>https://x.org/s/{n}</link></item>" for n in range(3)))
    async with serve(site({"/feed": body})) as server:
        await poll_it(run, feed_of(server, exclude=["/s/*"], max_items=1))
    row = parts(run)[2]
    assert (row["bad_item_count"], row["capped_count"]) == (1, 1)
    assert row["detail"] == "3 left out by its patterns; 1 older ones beyond the cap; item 3: no usable link"


async def test_the_sources_manners_stand_above_the_settings(run: RunContext) -> None:
    """delay_s of the source is kept between robots.txt and the listing."""
    async with serve(site({"/feed": FEED})) as server:
        await poll_it(run, feed_of(server, delay_s=0.2))
        assert min(server.gaps()) >= 0.19
