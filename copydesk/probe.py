"""`copydesk probe URL`: what is there to poll, may we, how much comes, how well it reads; and a ready entry.

A few requests, one at a time and by robots.txt, as any run of ours. Nothing is kept but in a folder that goes again.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from rich.table import Table

from copydesk.entries import Entry, append_entries, entry_text
from copydesk.faces import err, out
from copydesk.probe_parts import (
    FEED_PATHS,
    SITEMAP_PATHS,
    Found,
    PageFacts,
    Sample,
    best_of,
    entry_of,
    found_of,
    host_of,
    page_facts,
)
from flows.settings import load_settings
from schemas.identity import normalise_url, site_of
from schemas.reasons import REASON_TEXT, Outcome, Reason
from schemas.source import Source, SourceKind
from schemas.text import word_count
from tasks.discover.gathered import newest_children
from tasks.discover.items import Item, ListingError
from tasks.discover.listing import read_listing
from tasks.discover.poll import Poller
from tasks.discover.windows import window_of
from tasks.discover.xml_prolog import decode_text
from tasks.errors import UsageError
from tasks.fetch.model import FetchSettings
from tasks.fetch.verdicts import judge_exchange
from tasks.io.captures import CaptureWriter
from tasks.io.decode import DecodeError, decode_body
from tasks.io.exchange import Exchange, FetchError, HttpSettings
from tasks.io.folder import DataFolder
from tasks.io.http import HttpClient
from tasks.io.leases import hold_hosts
from tasks.io.robots import RobotsCache
from tasks.io.robots_rules import DISALLOW_ALL, HostRules
from tasks.io.staging import RunContext
from tasks.parse.children import PoolSettings, close_pool, parse_jobs
from tasks.parse.model import Listed, Refusal
from tasks.parse.zygote import Job

MAX_LISTINGS = 12
"""Listings that are asked for, children of an index included."""
MAX_CHILDREN = 2
SAMPLES = 3
LEASE_WAIT_S = 5.0
PROBE = "probe"


@dataclass(frozen=True)
class Probe:
    """What a probe has found."""

    url: str
    robots: str
    """The verdict, in words."""
    found: tuple[Found, ...]
    tried: tuple[str, ...]
    """Addresses that were no listing, and why."""
    best: Found
    samples: tuple[Sample, ...]
    entry: Entry


def run_probe(
    url: str,
    *,
    append: Path | None = None,
    allow_loopback: bool | None = None,
    delay_s: float | None = None,
) -> Probe:
    """Print what the site offers, and the entry (on standard output); with `append`, add it to that file.

    Raises:
        UsageError: the URL is none, its host cannot be asked, or nothing to poll was found.
        SourcesError: the file cannot be added to.
    """
    settings = load_settings(allow_loopback=allow_loopback, delay_s=delay_s)
    http = HttpSettings(
        contact=settings.contact,
        delay_s=settings.delay_s,
        allow_loopback=settings.allow_loopback,
        proxy=settings.proxy,
        retries=1,
    )
    if not http.is_reachable:
        err.print("No contact is set: COPYDESK_CONTACT tells publishers whom they can turn to.", style="yellow")
    probed = asyncio.run(probe(checked_url(url), http, settings.data))
    show(probed)
    out.print(entry_text([probed.entry]), end="", markup=False, highlight=False, soft_wrap=True)
    if append is not None:
        added = append_entries(append, [probed.entry])
        told = f"Added to {append} as {added[0]}." if added else f"{append} has {probed.entry['url']} already."
        err.print(told, markup=False, highlight=False, soft_wrap=True)
    return probed


def checked_url(text: str) -> str:
    """The URL, normalised; one without a scheme is taken for https.

    Raises:
        UsageError: it is no http(s) URL.
    """
    written = text.strip() if "://" in text else f"https://{text.strip()}"
    try:
        url = normalise_url(written)
        Source(id=PROBE, kind=SourceKind.FEED, url=url)
    except ValueError:
        raise UsageError(f"{text!r} is no http or https address: write it as https://www.example.org/") from None
    return url


async def probe(url: str, http: HttpSettings, data: Path) -> Probe:
    """What is to be found at the (normalised) URL.

    Args:
        url: a front page, any page, a feed or a sitemap.
        http: manners.
        data: the data folder: where it is in use, the site's lease is taken there, so that no run asks at the time.

    Raises:
        UsageError: the host cannot be asked, or nothing to poll was found.
        FolderBusyError: a run is asking the site just now.
    """
    async with AsyncExitStack() as stack:
        folder = DataFolder(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="copydesk-probe-"))))
        folder.prepare()
        run = RunContext(PROBE, datetime.now(UTC), folder)
        if DataFolder(data).leases.is_dir():
            await stack.enter_async_context(hold_hosts(DataFolder(data), [site_of(url)], wait_s=LEASE_WAIT_S))
        writer = stack.enter_context(CaptureWriter(folder, PROBE, run.now, PROBE))
        client = await stack.enter_async_context(HttpClient(http))
        robots = RobotsCache(folder, writer, run.now)
        leases = await stack.enter_async_context(AsyncExitStack())
        source = Source(id=PROBE, kind=SourceKind.SITEMAP, url=url, cross_host=True)
        poller = Poller(run, source, client, writer, robots, leases)
        return await _Search(url, poller).whole()


@dataclass
class _Search:
    """One probe under way."""

    url: str
    poller: Poller
    found: dict[str, Found] = field(default_factory=dict)
    address: dict[str, str] = field(default_factory=dict)
    """URL of a sitemap to the index that named it."""
    tried: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    async def whole(self) -> Probe:
        """All of it."""
        rules = await self._rules()
        facts = await self._start()
        await self._look(facts, rules)
        if not self.found:
            raise UsageError(_nothing(self.url, rules, self.tried))
        found = tuple(self.found.values())
        best = best_of(found)
        if not facts.name:
            facts = replace(facts, name=host_of(self.url))
        address = best.url if best.is_news else self.address.get(best.url, best.url)
        entry = entry_of(best, found, facts, address)
        samples = await self._samples(best.items)
        return Probe(self.url, _told(rules), found, tuple(self.tried), best, samples, entry)

    async def _rules(self) -> HostRules:
        """The wishes of the host.

        Raises:
            UsageError: it cannot be asked at all.
        """
        try:
            rules = await self.poller.robots.rules(self.poller.client, self.url, source_id=PROBE)
        except FetchError as error:
            raise UsageError(f"{host_of(self.url)} was not asked: {error.detail}.") from error
        if rules.failure is not None:
            raise UsageError(f"{host_of(self.url)}: {REASON_TEXT[rules.failure]} ({rules.detail})")
        return rules

    async def _start(self) -> PageFacts:
        """What the page at the URL says; where it is a listing itself, that is the first one found."""
        exchange = await self._get(self.url)
        if exchange is None:
            return PageFacts()
        try:
            body = decode_body(exchange.body, exchange.header("Content-Encoding"))
        except DecodeError as error:
            self.tried.append(f"{self.url}: {error.detail}")
            return PageFacts()
        try:
            read_listing(SourceKind.FEED, body, exchange.final_url)
        except ListingError:
            text = decode_text(body[:2_000_000], None)
            return await asyncio.to_thread(page_facts, text, exchange.final_url)
        await self._try(self.url, SourceKind.FEED)
        return PageFacts()

    async def _look(self, facts: PageFacts, rules: HostRules) -> None:
        """Ask for what the page and robots.txt name, then for the usual places."""
        if self.found:
            return
        for url in facts.feeds:
            await self._try(url, SourceKind.FEED)
        for url in rules.sitemaps:
            await self._try(url, SourceKind.SITEMAP)
        has_feed = any(one.is_feed for one in self.found.values())
        if not has_feed:
            await self._guess(FEED_PATHS, SourceKind.FEED)
        if not rules.sitemaps:
            await self._guess(SITEMAP_PATHS, SourceKind.SITEMAP)

    async def _guess(self, paths: Sequence[str], kind: SourceKind) -> None:
        """Ask for usual places until one is a listing."""
        for path in paths:
            if await self._try(urljoin(self.url, path), kind):
                return

    async def _try(self, url: str, kind: SourceKind) -> bool:
        """Ask for one listing; whether it is one."""
        try:
            url = normalise_url(url)
        except ValueError:
            return False
        if url in self.asked or len(self.asked) >= MAX_LISTINGS:
            return False
        self.asked.add(url)
        try:
            listing = await self.poller.listing(url, kind)
        except ListingError as error:
            self.tried.append(f"{url}: {REASON_TEXT[error.reason]} ({error.detail})")
            return False
        if listing.items:
            window = window_of(listing.items, self.poller.client.now())
            self.found[url] = found_of(url, listing, window)
        children = newest_children(listing.children)
        news = [child.url for child in children if "news" in urlsplit(child.url).path.lower()]
        for child in [*news, *(child.url for child in children)][:MAX_CHILDREN]:
            self.address.setdefault(child, self.address.get(url, url))
            await self._try(child, SourceKind.SITEMAP)
        return bool(listing.items or listing.children)

    async def _get(self, url: str) -> Exchange | None:
        """A page, where robots.txt lets us; why there is none is told."""
        decision = await self.poller.robots.allowed(self.poller.client, url, source_id=PROBE)
        if not decision.allowed:
            self.tried.append(f"{url}: {REASON_TEXT[decision.reason] if decision.reason else 'not allowed'}")
            return None
        try:
            return await self.poller.client.get(url, check_hop=self.poller.check_hop)
        except FetchError as error:
            self.tried.append(f"{url}: {REASON_TEXT[error.reason]} ({error.detail})")
            return None

    async def _samples(self, items: Sequence[Item]) -> tuple[Sample, ...]:
        """The newest pages of a listing, fetched and read."""
        picked = list({item.url: item for item in _newest(items, self.poller.client.now())}.values())[:SAMPLES]
        samples, jobs = dict[int, Sample](), list[tuple[int, Job]]()
        for number, item in enumerate(picked):
            got = await self._page(item)
            if isinstance(got, Job):
                jobs.append((number, got))
            else:
                samples[number] = got
        samples |= await asyncio.to_thread(_read, jobs, picked)
        return tuple(samples[number] for number in sorted(samples))

    async def _page(self, item: Item) -> Job | Sample:
        exchange = await self._get(item.url)
        if exchange is None:
            return Sample(item.url, item.title, problem=self.tried.pop().removeprefix(f"{item.url}: "))
        verdict = judge_exchange(exchange, None, FetchSettings())
        if verdict.outcome is not Outcome.FETCHED:
            reason = REASON_TEXT[verdict.reason] if verdict.reason else str(verdict.outcome)
            return Sample(item.url, item.title, problem=f"{reason} ({verdict.detail})")
        listed = Listed(title=item.title, published_at=item.published, language=item.language)
        payload = decode_body(exchange.body, exchange.header("Content-Encoding"))
        return Job(payload, exchange.final_url, exchange.header("Content-Type"), listed, exchange.captured_at)


def _newest(items: Sequence[Item], now: datetime) -> list[Item]:
    """The items by date, newest first; undated ones last, as they were listed."""
    dated = {item.url: window_of([item], now).newest for item in items[:500]}
    return sorted(items[:500], key=lambda item: dated[item.url] or datetime.min.replace(tzinfo=UTC), reverse=True)


def _read(jobs: Sequence[tuple[int, Job]], items: Sequence[Item]) -> dict[int, Sample]:
    """The pages as articles, read in a child: a stranger's page is not to hurt this process."""
    samples: dict[int, Sample] = {}
    try:
        for number, result in parse_jobs(iter(jobs), PoolSettings(workers=1)):
            item = items[number]
            if isinstance(result, Refusal):
                samples[number] = Sample(item.url, item.title, problem=result.message)
            else:
                words = word_count(result.body.text)
                samples[number] = Sample(item.url, result.title, result.published_at, words)
    finally:
        close_pool()
    return samples


def _told(rules: HostRules) -> str:
    """The verdict of robots.txt in words."""
    delay = f"; asks for {rules.crawl_delay_s:g} s between requests" if rules.crawl_delay_s else ""
    sitemaps = f"; names {len(rules.sitemaps)} sitemaps" if rules.sitemaps else ""
    return f"{rules.verdict}{delay}{sitemaps}"


def _nothing(url: str, rules: HostRules, tried: Sequence[str]) -> str:
    if rules.verdict.startswith(DISALLOW_ALL):
        return f"{host_of(url)}: {REASON_TEXT[Reason.ROBOTS_UNREACHABLE]} ({rules.verdict})"
    if not rules.allows(url):
        return f"The robots.txt of {host_of(url)} asks us not to fetch {url}: name a feed that it allows."
    first = f"; {tried[0]}" if tried else ""
    return f"No feed or sitemap was found at {url}: name the address of one ({len(tried)} places were tried{first})."


def show(probed: Probe) -> None:
    """Print the findings on standard error."""
    err.print(f"robots.txt: {probed.robots}", markup=False, highlight=False)
    table = Table(title="Listings", title_justify="left")
    for column in ("", "form", "pages", "a day", "newest", "url"):
        table.add_column(column, overflow="fold", justify="right" if column in ("pages", "a day") else "left")
    for one in probed.found:
        table.add_row(
            "*" if one is probed.best else "",
            "news sitemap" if one.is_news else one.form.replace("_", " "),
            str(one.window.count),
            "?" if one.per_day is None else f"{one.per_day:.1f}",
            f"{one.window.newest:%Y-%m-%d %H:%M}" if one.window.newest else "?",
            one.url,
        )
    err.print(table)
    pages = Table(title="Samples", title_justify="left")
    for column in ("title", "published", "words", "trouble"):
        pages.add_column(column, overflow="fold", justify="right" if column == "words" else "left")
    for page in probed.samples:
        written = f"{page.published_at:%Y-%m-%d %H:%M}" if page.published_at else "?"
        pages.add_row(_plain(page.title or page.url), written, str(page.words or ""), _plain(page.problem or ""))
    err.print(pages)


def _plain(text: str) -> str:
    """Text of a page as text, not as markup."""
    return text.replace("[", "\\[")
