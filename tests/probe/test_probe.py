"""`copydesk probe` on the demo's newspapers and on a small server: what it finds, chooses, refuses and writes."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from copydesk.demo.papers import NIGHTS, PAPERS
from copydesk.demo.server import DemoSite
from copydesk.entries import append_entries
from copydesk.probe import checked_url, probe, run_probe
from copydesk.probe_parts import Found, PageFacts, best_of, entry_of, page_facts
from schemas.source import Source
from tasks.discover.items import Item
from tasks.discover.sources_file import load_sources
from tasks.discover.windows import Window
from tasks.errors import FolderBusyError, UsageError
from tasks.io.folder import DataFolder
from tasks.io.leases import hold, lease_number
from tests.discover.listings import ONE, TWO, rss, urlset
from tests.discover.test_gaps import Paper
from tests.flows.nights import run_night
from tests.io.test_proxy import proxied
from tests.servers import quick, reply, serve

PORTS = dict.fromkeys(PAPERS, 0)


@pytest.mark.flow
@pytest.mark.parametrize(("paper", "kind"), [("gazette", "feed"), ("valle", "sitemap"), ("talbote", "feed")])
def test_each_demo_paper_gives_an_entry_that_runs(
    paper: str, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entry, added to a file, is loaded and run unchanged, and its articles are stored."""
    monkeypatch.setenv("COPYDESK_DATA", str(tmp_path / "data"))
    sources_file = tmp_path / "sources.yaml"
    with DemoSite(PORTS) as site:
        found = run_probe(site.bases[paper], append=sources_file, allow_loopback=True, delay_s=0.0)
        sources = load_sources(sources_file)
        summary = run_night(DataFolder(tmp_path / "data"), sources, NIGHTS[1])
    printed = capsys.readouterr().out
    assert printed in sources_file.read_text(encoding="utf-8")
    assert [(source.kind, source.name) for source in sources] == [(kind, PAPERS[paper].name)]
    assert sources[0].language == {"gazette": "en-US", "valle": "es", "talbote": "de"}[paper]
    assert (summary.status, summary.sources[0].status) == ("completed", "ok")
    assert summary.counts.stored >= 6
    assert len(found.samples) == 3
    assert any(sample.words > 50 and sample.published_at for sample in found.samples)
    assert found.best.per_day


async def look(paper: Paper, path: str = "/", tmp_path: Path | None = None, **settings: Any) -> Any:
    """Probe a path of the paper; what was found, and what was asked for."""
    async with serve(paper) as server:
        data = tmp_path or Path("no-such-folder")
        found = await probe(server.url(path), quick(**settings), data)
        return found, [asked for asked in server.asked if not asked.startswith("/p")]


FRONT = (
    '<html lang="fr"><title>Le Phare - accueil</title><meta property="og:site_name" content="Le Phare">'
    '<link rel="alternate" type="application/rss+xml" href="/une.xml">'
    '<link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
    '<link rel="alternate" hreflang="en" href="/en/"></html>'
)


async def test_the_page_names_its_feed() -> None:
    """rel=alternate is enough: no place is guessed but for a sitemap; comments and translations are left out."""
    paper = Paper(**{"": FRONT, "une.xml": rss(ONE + TWO)})
    found, asked = await look(paper)
    assert found.entry == found.entry | {"kind": "feed", "name": "Le Phare", "language": "fr"}
    assert found.entry["url"].endswith("/une.xml")
    assert asked[:3] == ["/robots.txt", "/", "/une.xml"]
    assert all("sitemap" in path for path in asked[3:])
    assert len(found.samples) == 2
    assert all(sample.problem for sample in found.samples)  # x.org is nowhere


async def test_a_listing_itself_is_taken() -> None:
    """The address of a feed is used as it is, and nothing else is asked for."""
    found, asked = await look(Paper(feed=rss(ONE)), "/feed")
    assert found.entry["url"].endswith("/feed")
    assert set(asked) == {"/robots.txt", "/feed"}


async def test_usual_places_are_tried_until_one_is_a_listing() -> None:
    """A site that names nothing: the first feed that is there ends the search for feeds."""
    found, asked = await look(Paper(**{"atom.xml": rss(ONE)}))
    assert found.entry["url"].endswith("/atom.xml")
    assert "/feed.json" not in asked
    assert any("/feed/" in line for line in found.tried)


async def test_a_news_sitemap_below_an_index_of_robots_txt() -> None:
    """robots.txt, index, child: the news sitemap is polled itself, an ordinary one by its index."""
    entry = (
        "<url><loc>http://{host}/p{n}</loc><news:news><news:publication_date>2026-03-0{n}</news:publication_date>"
        "<news:title>T{n}</news:title></news:news></url>"
    )

    def news(request: Any) -> Any:
        return reply(urlset("".join(entry.format(host=request.host, n=n) for n in (1, 2, 3))))

    def index(request: Any) -> Any:
        names = "".join(f"<sitemap><loc>http://{request.host}/{name}</loc></sitemap>" for name in ("all", "news1"))
        return reply(f"<sitemapindex>{names}</sitemapindex>")

    paper = Paper(s=index, news1=news, all=lambda r: reply(urlset(f"<url><loc>http://{r.host}/p1</loc></url>")))
    paper.pages["/robots.txt"] = lambda r: reply(f"User-agent: *\nAllow: /\nSitemap: http://{r.host}/s")
    found, _ = await look(paper)
    assert found.entry["kind"] == "sitemap"
    assert found.entry["url"].endswith("/news1")
    assert found.best.is_news
    paper.pages["/news1"] = ("", 404)
    found, _ = await look(paper)
    assert found.entry["url"].endswith("/s")


async def test_robots_are_kept() -> None:
    """What robots.txt forbids is not asked for, and the error says so."""
    paper = Paper(**{"": FRONT, "robots.txt": "User-agent: *\nDisallow: /"})
    with pytest.raises(UsageError, match="asks us not to fetch"):
        await look(paper)


async def test_robots_that_cannot_be_read_are_a_no() -> None:
    """A 503 for robots.txt counts as a full disallow, and nothing else is asked for."""
    paper = Paper(**{"": FRONT, "robots.txt": ("", 503)})
    with pytest.raises(UsageError, match="could not be read"):
        await look(paper)


async def test_a_busy_site_is_left_alone(tmp_path: Path) -> None:
    """While a run holds the site's lease, a probe waits a little and gives up."""
    folder = DataFolder(tmp_path)
    folder.prepare()
    with (
        hold(folder.leases / f"host-{lease_number('127.0.0.1'):02d}.lock", owner="nightly"),
        pytest.raises(FolderBusyError, match="nightly"),
    ):
        await look(Paper(feed=rss(ONE)), "/feed", tmp_path)


@pytest.mark.parametrize(
    ("pages", "message"),
    [({}, "No feed or sitemap was found"), ({"": "<html></html>", "feed/": "<html></html>"}, "were tried")],
)
async def test_nothing_is_one_sentence(pages: dict[str, Any], message: str) -> None:
    """What was looked for is told."""
    with pytest.raises(UsageError, match=message) as caught:
        await look(Paper(**pages))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "ftp://x.org", "https://", "http://a b/", "https://u:p@x.org/", "mailto:a@x.org"])
def test_what_is_no_address_is_refused(text: str) -> None:
    """Before anything is asked."""
    with pytest.raises(UsageError, match="write it as"):
        checked_url(text)


def test_a_scheme_may_be_left_out() -> None:
    """As people type it."""
    assert checked_url(" Example.org") == "https://example.org/"


@pytest.mark.faults
@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://10.0.0.1/", "http://0x7f000001/"])
def test_A13_private_addresses_are_refused(url: str) -> None:
    """A probe is guarded as any fetch is; loopback needs the setting."""
    with pytest.raises(UsageError):
        run_probe(url, allow_loopback=False, delay_s=0.0)


async def test_the_proxy_of_the_settings_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """COPYDESK_PROXY holds for a probe too; one that is not there is said in a sentence, without its password."""
    monkeypatch.setenv("COPYDESK_DATA", "no-such-folder")
    paper = Paper(**{"": FRONT, "une.xml": rss(ONE + TWO)})
    async with serve(paper) as server, proxied(server) as proxy:
        monkeypatch.setenv("COPYDESK_PROXY", proxy.url("ann:hush-hush@"))
        url = "http://only-the-proxy-knows.test/une.xml"
        found = await asyncio.to_thread(run_probe, url, allow_loopback=True, delay_s=0.0)
    assert found.entry["url"] == url
    assert proxy.heads
    with pytest.raises(UsageError, match=r"the proxy http://127.0.0.1:[0-9]+ cannot be reached") as told:
        await asyncio.to_thread(run_probe, url, allow_loopback=True, delay_s=0.0)
    assert "hush" not in str(told.value)


def found_one(form: str, rate: float | None, count: int = 10, *, is_news: bool = False) -> Found:
    """A listing of that make."""
    items = (Item("https://x.org/1", language="EN-gb"),)
    return Found(f"https://x.org/{form}{is_news}", form, items, Window(count, rate_per_h=rate), is_news)


RSS, SLOW, NEWS, FAST_NEWS, ALL = (
    found_one("rss", 1.0),
    found_one("atom", 0.5, 500),
    found_one("sitemap", 1.2, is_news=True),
    found_one("sitemap", 9.0, is_news=True),
    found_one("sitemap", 20.0, 9000),
)


@pytest.mark.parametrize(
    ("found", "best"),
    [
        ([SLOW, RSS], RSS),
        ([RSS, NEWS], RSS),
        ([RSS, FAST_NEWS], FAST_NEWS),
        ([ALL, NEWS], NEWS),
        ([ALL, RSS], RSS),
        ([ALL], ALL),
        ([found_one("rss", None, 3), found_one("atom", None, 4)], found_one("atom", None, 4)),
    ],
)
def test_the_best_listing(found: list[Found], best: Found) -> None:
    """The busiest feed; a news sitemap where it has far more; any other sitemap only where there is nothing else."""
    assert best_of(found) == best


def test_the_entry_is_one_that_the_reader_takes() -> None:
    """A feed gets the news sitemap for its gaps, and the language a valid spelling; a foreign sitemap says so."""
    entry = entry_of(RSS, [RSS, NEWS], PageFacts(name="X"), RSS.url)
    assert entry == {
        "id": "x-org", "kind": "feed", "url": RSS.url, "name": "X", "language": "en-gb", "sitemap": NEWS.url
    }  # fmt: skip
    Source.model_validate(entry)
    foreign = entry_of(ALL, [ALL], PageFacts(language="not a language"), "https://y.org/sitemap.xml")
    assert (foreign["cross_host"], Source.model_validate(foreign).takes_other_sites) == (True, True)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<",
        "\x00",
        "<link rel=alternate>",
        "<link rel='alternate' type='text/xml' href='http://['>",
        "<title></title>",
    ],
)
def test_any_page_has_facts(html: str) -> None:
    """Odd pages name no feed, and nothing is raised."""
    assert page_facts(html, "https://x.org/").feeds == ()


def test_the_same_listing_is_not_added_twice(tmp_path: Path) -> None:
    """A second probe of a site adds nothing."""
    entry = {"id": "a", "kind": "feed", "url": "https://x.org/f"}
    path = tmp_path / "sources.yaml"
    assert append_entries(path, [entry]) == ["a"]
    before = path.read_bytes()
    assert append_entries(path, [entry]) == []
    assert path.read_bytes() == before
