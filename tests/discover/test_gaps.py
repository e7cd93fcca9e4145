"""Gaps between two polls end to end, with a server on loopback: noticed, filled, told; and floods, moves, rests."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from aiohttp import web
from prefect.logging import disable_run_logger

from flows.calls import directly
from flows.steps import collect
from schemas.run import RunSource
from schemas.source import Source
from schemas.summary import SourceSummary
from tasks.discover import gaps, poll
from tasks.discover.list_source import list_source
from tasks.discover.select_candidates import select_candidates
from tasks.errors import RunFailedError
from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext, read_part
from tasks.io.tables import Snapshot
from tests.discover.listings import atom, json_feed, read, rss, urlset
from tests.discover.rows import ledger, ledger_row
from tests.discover.test_list_source import feed_of, parts
from tests.flows.nights import begin, settings_of
from tests.servers import Server, quick, reply, serve

HOUR = timedelta(hours=1)
LONG_AGO = datetime.fromisoformat("2026-02-01T00:00:00+00:00")
ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'


def entries(numbers: Iterable[int]) -> str:
    """RSS items, an hour apart, numbered from LONG_AGO on."""
    return "".join(
        f"<item><link>https://x.org/{number}</link><pubDate>{(LONG_AGO + number * HOUR).isoformat()}</pubDate></item>"
        for number in numbers
    )


def link(relation: str, path: str) -> str:
    """An Atom link in an RSS channel."""
    return f'<atom:link rel="{relation}" href="{path}"/>'


class Nights:
    """Polls one source night after night; the ledger knows the listing, and the pages that it is told of."""

    def __init__(self, run: RunContext, monkeypatch: pytest.MonkeyPatch) -> None:
        self.run = run
        self.known = ledger()
        self.asked: list[str] = []
        for module in (poll, gaps):
            monkeypatch.setattr(module, "last_rows", self._last_rows)

    def _last_rows(self, _folder: Any, kind: str, keys: Iterable[str]) -> pl.DataFrame:
        return self.known.filter((pl.col("kind") == kind) & pl.col("url_id").is_in(list(keys)))

    async def poll(self, source: Source, at: datetime | None = None) -> SourceSummary:
        """Poll, and remember the listings as store would."""
        self.run = RunContext(f"{self.run.run_id}x", at or self.run.now, self.run.folder)
        shift = ((at or self.run.now) - datetime.now(self.run.now.tzinfo)).total_seconds()
        summary = await list_source(self.run, source, quick(clock_shift_s=shift))
        captures = parts(self.run)[1].filter(kind="listing")
        rows = [self._row(row) for row in captures.iter_rows(named=True)]
        self.known = pl.concat([self.known.join(captures, on="url_id", how="anti"), ledger(*rows)])
        return summary

    @staticmethod
    def _row(row: dict[str, Any]) -> dict[str, Any]:
        states = {"fetched": "read", "not_modified": "read"}
        names = ("etag", "last_modified", "payload_digest", "capture_uri", "capture_offset", "captured_at")
        more = {name: row[name] for name in (*names, "next_try_at", "http_status", "final_url")}
        return ledger_row(row["url"], "listing", states.get(row["outcome"], row["outcome"]), **more)

    def know(self, *numbers: int) -> None:
        """Let the ledger hold these pages."""
        self.known = pl.concat([self.known, ledger(*(ledger_row(f"https://x.org/{number}") for number in numbers))])

    @property
    def row(self) -> dict[str, Any]:
        """The source's row of the last night."""
        return parts(self.run)[2]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the pages of the last night, in order."""
        return sorted(int(url.rpartition("/")[2]) for url in parts(self.run)[0]["url"])


@pytest.fixture
def nights(run: RunContext, monkeypatch: pytest.MonkeyPatch) -> Nights:
    """Nights that begin on the first of February."""
    return Nights(RunContext("night", LONG_AGO + 20 * HOUR, run.folder), monkeypatch)


class Paper:
    """A site whose pages a test changes; no page has validators, so that only its bytes tell."""

    def __init__(self, **pages: Any) -> None:
        self.pages: dict[str, Any] = {f"/{name}": page for name, page in pages.items()}

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        page = self.pages.get(request.path, ("", 404))
        page = page(request) if callable(page) else page
        if isinstance(page, web.StreamResponse):
            return page
        return reply(*(page if isinstance(page, tuple) else (page, 200)))


@pytest.mark.faults
async def test_C7_a_window_that_overlaps_is_no_gap(nights: Nights) -> None:
    """One common item is enough, and the archive is not asked for; the first poll has no gap either."""
    paper = Paper(feed=rss(entries(range(1, 21)), ATOM, link("prev-archive", "/a1")))
    async with serve(paper) as server:
        await nights.poll(feed_of(server))
        assert (nights.row["gap_estimate"], nights.row["detail"]) == (None, None)
        paper.pages["/feed"] = rss(entries(range(20, 40)), ATOM, link("prev-archive", "/a1"))
        await nights.poll(feed_of(server), LONG_AGO + 40 * HOUR)
        assert (nights.row["gap_estimate"], nights.row["detail"]) == (None, None)
        assert server.count("/a1") == 0


@pytest.mark.faults
async def test_C7_a_gap_without_an_archive_is_estimated(nights: Nights) -> None:
    """An item an hour, two days between: about as many as came."""
    paper = Paper(feed=rss(entries(range(1, 21))))
    async with serve(paper) as server:
        await nights.poll(feed_of(server))
        paper.pages["/feed"] = rss(entries(range(61, 81)))
        summary = await nights.poll(feed_of(server), LONG_AGO + 80 * HOUR)
    assert summary.status == "ok"
    assert 38 <= nights.row["gap_estimate"] <= 45
    assert "no archive" in nights.row["detail"]
    assert "2026-02-01 20:00 UTC" in nights.row["detail"]


@pytest.mark.faults
@pytest.mark.parametrize("relation", ["prev-archive", "next", "json"])
async def test_C7_archives_are_read_until_a_known_item(nights: Nights, relation: str) -> None:
    """RFC 5005 archives, paged feeds and next_url of JSON Feed: all that was missed is there, nothing older is read."""

    def page(numbers: range, older: str) -> str:
        if relation == "json":
            listed = [{"id": str(n), "url": f"https://x.org/{n}"} for n in numbers]
            dated = [
                one | {"date_published": (LONG_AGO + n * HOUR).isoformat()}
                for one, n in zip(listed, numbers, strict=True)
            ]
            return json_feed(*dated, next_url=older)
        return rss(entries(numbers), ATOM, link(relation, older))

    paper = Paper(feed=page(range(1, 21), "/a0"))
    async with serve(paper) as server:
        await nights.poll(feed_of(server))
        paper.pages |= {
            "/feed": page(range(61, 81), "/a3"),
            "/a3": page(range(41, 61), "/a2"),
            "/a2": page(range(18, 41), "/a1"),
            "/a1": page(range(1, 18), "/a0"),
        }
        await nights.poll(feed_of(server), LONG_AGO + 80 * HOUR)
        assert (server.count("/a3"), server.count("/a2"), server.count("/a1")) == (1, 1, 0)
    assert nights.numbers == list(range(18, 81))
    assert nights.row["gap_estimate"] == 0
    assert "40 recovered from 2 older listings, back to a known one" in nights.row["detail"]
    assert nights.row["listing_count"] == 3


@pytest.mark.faults
async def test_C7_an_archive_that_does_not_reach_back(nights: Nights) -> None:
    """What is still missing is the estimate less what was recovered; a loop and a dead end stop the search."""
    paper = Paper(feed=rss(entries(range(1, 21))))
    async with serve(paper) as server:
        await nights.poll(feed_of(server))
        paper.pages |= {
            "/feed": rss(entries(range(161, 181)), ATOM, link("prev-archive", "/a1")),
            "/a1": rss(entries(range(141, 161)), ATOM, link("prev-archive", "/feed")),
        }
        await nights.poll(feed_of(server), LONG_AGO + 180 * HOUR)
    assert 115 <= nights.row["gap_estimate"] <= 125
    assert "20 recovered from 1 older listings, not back to a known one" in nights.row["detail"]


@pytest.mark.faults
async def test_C7_the_number_of_archives_is_limited(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive without end costs a bounded number of requests."""
    monkeypatch.setattr(gaps, "MAX_ARCHIVES", 3)
    paper = Paper(feed=rss(entries(range(1, 21))))
    async with serve(paper) as server:
        await nights.poll(feed_of(server))
        paper.pages |= {"/feed": rss(entries([9999]), ATOM, link("next", "/a0"))}
        paper.pages |= {f"/a{n}": rss(entries([9000 - n]), ATOM, link("next", f"/a{n + 1}")) for n in range(10)}
        await nights.poll(feed_of(server), LONG_AGO + 9999 * HOUR)
        assert [path for path in server.asked if path.startswith("/a")] == ["/a0", "/a1", "/a2"]
    assert "what is older was not read" in nights.row["detail"]


def news(numbers: Iterable[int]) -> str:
    """A sitemap with dates."""
    return urlset(
        "".join(
            f"<url><loc>https://x.org/{n}</loc><lastmod>{(LONG_AGO + n * HOUR).isoformat()}</lastmod></url>"
            for n in numbers
        )
        + "<url><loc>https://x.org/7777</loc></url>"
    )


@pytest.mark.faults
async def test_C7_the_sitemap_that_the_source_names_fills_the_gap(nights: Nights) -> None:
    """Of an index only children changed since the last poll are read, and of these the pages dated after it."""
    paper = Paper(feed=rss(entries(range(1, 21))))
    async with serve(paper) as server:
        source = feed_of(server, sitemap=server.url("/s"))
        await nights.poll(source)
        assert server.count("/s") == 0
        index = "".join(
            f"<sitemap><loc>{server.url(f'/{name}')}</loc><lastmod>{day}</lastmod></sitemap>"
            for name, day in (("old", "2026-01-01"), ("new", "2026-02-04"))
        )
        paper.pages |= {
            "/feed": rss(entries(range(61, 81))),
            "/s": f"<sitemapindex>{index}</sitemapindex>",
            "/new": news(range(19, 70)),
        }
        await nights.poll(source, LONG_AGO + 80 * HOUR)
        assert (server.count("/new"), server.count("/old")) == (1, 0)
    assert nights.numbers == list(range(19, 81))
    assert nights.row["gap_estimate"] == 0
    assert "40 recovered" in nights.row["detail"]


@pytest.mark.faults
async def test_C7_pages_that_the_ledger_knows_are_no_gap(nights: Nights) -> None:
    """Also where the last window cannot be read any more."""
    paper = Paper(feed=rss(entries(range(1, 21))))
    async with serve(paper) as server:
        await nights.poll(feed_of(server))
        nights.known = nights.known.with_columns(capture_uri=pl.lit("captures/gone.warc.gz"))
        nights.know(61)
        paper.pages["/feed"] = rss(entries(range(61, 81)))
        await nights.poll(feed_of(server), LONG_AGO + 80 * HOUR)
    assert nights.row["gap_estimate"] is None


@pytest.mark.faults
async def test_C7_a_complete_feed_and_a_new_spelling_of_urls_are_no_loss(nights: Nights) -> None:
    """A feed that says it is complete cannot miss anything; URLs that changed are told, and no archive is searched."""
    history = 'xmlns:fh="http://purl.org/syndication/history/1.0"'
    paper = Paper(feed=rss(entries(range(1, 21))))
    async with serve(paper) as server:
        await nights.poll(feed_of(server))
        paper.pages["/feed"] = rss(entries(range(61, 81)), history, "<fh:complete/>")
        await nights.poll(feed_of(server), LONG_AGO + 80 * HOUR)
        assert nights.row["gap_estimate"] is None
        respelt = entries(range(55, 81)).replace("x.org/", "x.org/news/")
        paper.pages["/feed"] = rss(respelt, ATOM, link("next", "/a1"))
        await nights.poll(feed_of(server), LONG_AGO + 81 * HOUR)
        assert server.count("/a1") == 0
    assert nights.row["gap_estimate"] == 0
    assert "URLs may have changed" in nights.row["detail"]


@pytest.mark.faults
async def test_C8_a_history_published_again_is_an_alarm(nights: Nights) -> None:
    """Far more items than at the last poll: the source's row says so, and goes on."""
    paper = Paper(feed=rss(entries(range(1, 21))))
    async with serve(paper) as server:
        await nights.poll(feed_of(server))
        paper.pages["/feed"] = rss(entries(range(1, 1001)))
        summary = await nights.poll(feed_of(server), LONG_AGO + 21 * HOUR)
    assert summary.status == "ok"
    assert nights.row["detail"].startswith("volume alarm: 1000 items, where the last poll had 20")
    assert nights.row["gap_estimate"] is None


@pytest.mark.faults
@pytest.mark.parametrize(("status", "is_proposed"), [(301, True), (308, True), (302, False), (307, False)])
async def test_C9_a_move_for_good_is_a_proposal(nights: Nights, status: int, is_proposed: bool) -> None:
    """The new address is told; one of today only is followed and not told."""
    paper = Paper(feed=lambda _: reply("", status, Location="/new"), new=rss(entries([1])))
    async with serve(paper) as server:
        await nights.poll(feed_of(server))
        assert nights.numbers == [1]
        assert (server.url("/new") in (nights.row["detail"] or "")) is is_proposed


@pytest.mark.faults
async def test_C9_a_feed_that_is_gone_rests_and_comes_back(nights: Nights) -> None:
    """A 410 fails the source with a notice; it is asked for again after two days, then four, and is read when back."""
    paper = Paper(feed=("", 410))
    async with serve(paper) as server:
        for hour, asked in ((0, 1), (24, 1), (49, 2), (100, 2), (49 + 97, 3)):
            summary = await nights.poll(feed_of(server), LONG_AGO + hour * HOUR)
            assert (summary.status, summary.reason, server.count("/feed")) == ("failed", "http_status", asked)
            assert "asked again from" in (summary.detail or "")
        paper.pages["/feed"] = rss(entries([1]))
        summary = await nights.poll(feed_of(server), LONG_AGO + 9999 * HOUR)
    assert summary.status == "ok"


async def test_an_adaptive_source_is_left_out_until_it_is_due(nights: Nights) -> None:
    """Its URLs count nothing in that run, and it has not failed; one that is polled in every run is asked each time."""
    paper = Paper(feed=rss(entries(range(1, 21))))
    async with serve(paper) as server:
        source = feed_of(server, poll="adaptive")
        await nights.poll(source)
        summary = await nights.poll(source, nights.run.now + HOUR / 2)
        assert (summary.status, summary.counts.found, server.count("/feed")) == ("ok", 0, 1)
        assert "not asked: by its own pace" in (summary.detail or "")
        assert select_candidates(nights.run, [source]) == []
        chosen = read_part(nights.run.part("discover", "selected_sources", "all"), RunSource)
        assert (chosen["status"].item(), chosen["found_count"].item()) == ("ok", 0)
        await nights.poll(source, nights.run.now + HOUR)
        assert server.count("/feed") == 2
        await nights.poll(feed_of(server), nights.run.now)
        assert server.count("/feed") == 3


async def test_a_redirect_asks_the_robots_of_where_it_leads(nights: Nights) -> None:
    """A listing that redirects to what robots.txt forbids is not read."""
    paper = Paper(feed=lambda _: reply("", 301, Location="/private/feed"))
    paper.pages |= {"/private/feed": rss(entries([1])), "/robots.txt": "User-agent: *\nDisallow: /private/"}
    async with serve(paper) as server:
        summary = await nights.poll(feed_of(server))
        assert server.count("/private/feed") == 0
    assert (summary.status, summary.reason) == ("failed", "robots_disallowed")


PAGE = "<html><title>A</title><article><h1>A</h1><p>" + "A sentence of some length. " * 30 + "</p></article></html>"


def local(server: Server, numbers: Iterable[int]) -> str:
    """A feed of pages of the server itself."""
    return rss(entries(numbers).replace("https://x.org", server.url("")))


async def whole_night(folder: DataFolder, source: Source, at: datetime) -> dict[str, Any]:
    """One run with all its stages and tables; what it says of the source."""
    begun = begin(folder, [source], at)
    with disable_run_logger(), suppress(RunFailedError):
        await collect(begun, settings_of(folder), directly)
    return Snapshot.open(folder).read("run_sources").filter(run_id=begun.context.run_id).row(0, named=True)


async def test_rests_of_listings_go_through_the_tables(folder: DataFolder) -> None:
    """Whole nights: an adaptive source is left out until it is due, one that is gone too; the balance holds."""
    paper = Paper(feed="", **{str(number): PAGE for number in range(1, 6)})
    async with serve(paper) as server:
        paper.pages["/feed"] = local(server, range(1, 6))
        source = feed_of(server, poll="adaptive")
        for minutes, asked, found in ((0, 1, 5), (20, 1, 0), (90, 2, 5)):
            row = await whole_night(folder, source, LONG_AGO + 6 * HOUR + timedelta(minutes=minutes))
            assert (row["status"], row["found_count"], server.count("/feed")) == ("ok", found, asked)
        paper.pages["/feed"] = ("", 410)
        for hour, asked in ((10, 3), (34, 3), (59, 4)):
            row = await whole_night(folder, feed_of(server), LONG_AGO + hour * HOUR)
            assert (row["status"], row["reason"], server.count("/feed")) == ("failed", "http_status", asked)


@pytest.mark.faults
async def test_C7_after_an_outage_the_last_poll_that_was_read_counts(folder: DataFolder) -> None:
    """Three whole nights with their tables: read, down, read again without overlap."""
    paper = Paper(**{str(number): PAGE for number in (*range(1, 6), *range(61, 66))})
    async with serve(paper) as server:
        for hour, feed in ((6, local(server, range(1, 6))), (30, ("", 500)), (66, local(server, range(61, 66)))):
            paper.pages["/feed"] = feed
            row = await whole_night(folder, feed_of(server), LONG_AGO + hour * HOUR)
    assert 50 <= row["gap_estimate"] <= 60
    assert "2026-02-01 06:00 UTC" in row["detail"]


def test_atom_names_its_archive() -> None:
    """The links of RFC 5005 in Atom; relations are compared without case."""
    links = '<link rel="Prev-Archive" href="/2025"/><link rel="next" href="?page=2"/>'
    listing = read(atom(links + '<entry><link href="https://x.org/1"/></entry>'))
    assert (listing.archive_url, listing.is_complete) == ("https://feeds.x.org/2025", False)
    assert listing.next_url == "https://feeds.x.org/a/feed.xml?page=2"
