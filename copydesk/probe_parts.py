"""What a probe concludes: where listings may be, which of those found is best, and the entry for sources.yaml. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from resiliparse.parse.html import HTMLTree

from copydesk.entries import Entry, slug
from schemas.identity import site_of
from schemas.source import Source, SourceKind
from tasks.discover.items import Item, Listing, one_line, page_url
from tasks.discover.windows import Window

FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "application/json",
     "text/xml", "application/xml"}
)  # fmt: skip
FEED_PATHS = (
    "/feed/",
    "/rss.xml",
    "/atom.xml",
    "/feed.json",
    "/feed.xml",
    "/index.xml",
    "/rss",
    "/feeds/posts/default",
)
"""Where feeds are when no page says so, the most frequent first (WordPress, static site generators, Blogger)."""
SITEMAP_PATHS = ("/sitemap.xml", "/news-sitemap.xml", "/sitemap_news.xml", "/sitemap_index.xml")
SKIPPED = ("comments/feed", "/comments", "/oembed", "wp-json")
"""Parts of addresses that name no listing of articles."""
DAY_H = 24
MUCH_MORE = 1.5
"""A news sitemap that names so many times the pages of the best feed is taken instead of it."""


@dataclass(frozen=True)
class PageFacts:
    """What a front page says of its site."""

    feeds: tuple[str, ...] = ()
    name: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Found:
    """One listing that was found and read."""

    url: str
    form: str
    items: tuple[Item, ...]
    window: Window
    is_news: bool = False
    """A news sitemap: Google's extension gives its pages titles and dates."""

    @property
    def is_feed(self) -> bool:
        """Whether it is a feed rather than a sitemap."""
        return self.form in ("rss", "rdf", "atom", "json_feed")

    @property
    def per_day(self) -> float | None:
        """Pages a day, by its dates."""
        return None if self.window.rate_per_h is None else self.window.rate_per_h * DAY_H


@dataclass(frozen=True)
class Sample:
    """One page that was fetched and read on trial."""

    url: str
    title: str | None = None
    published_at: datetime | None = None
    words: int = 0
    problem: str | None = None
    """Why it is no article."""


def page_facts(html: str, url: str) -> PageFacts:
    """Feeds that the page links to (rel=alternate), the site's name and language; `url` is where it came from.

    >>> page_facts('<link rel="alternate" type="application/rss+xml" href="/f"><title>A</title>', "http://x.org/").feeds
    ('http://x.org/f',)
    """
    tree = HTMLTree.parse(html)
    if tree.document is None:
        return PageFacts()
    feeds: dict[str, None] = {}
    for link in tree.document.query_selector_all("link[rel][href]"):
        is_alternate = "alternate" in (link.getattr("rel") or "").lower().split()
        kind = (link.getattr("type") or "").partition(";")[0].strip().lower()
        found = page_url(link.getattr("href"), url) if is_alternate and kind in FEED_TYPES else None
        if found and not any(part in found for part in SKIPPED):
            feeds[found] = None
    named = tree.document.query_selector('meta[property="og:site_name"]')
    name = named.getattr("content") if named else tree.title
    root = tree.document.query_selector("html")
    return PageFacts(tuple(feeds), one_line(name, 200), one_line(root.getattr("lang") if root else None, 35))


def found_of(url: str, listing: Listing, window: Window) -> Found:
    """A listing that was read, as the probe sees it."""
    titled = sum(1 for item in listing.items if item.title and item.published)
    is_news = listing.form == "sitemap" and 2 * titled > len(listing.items)
    return Found(url, listing.form, tuple(listing.items), window, is_news)


def best_of(found: Sequence[Found]) -> Found:
    """The listing to poll: the feed with most pages a day; a news sitemap where it names far more; else any sitemap.

    `found` is not empty; of equal ones the first wins.
    """
    feeds = [one for one in found if one.is_feed]
    news = [one for one in found if one.is_news]
    rest = [one for one in found if not one.is_feed and not one.is_news]
    feed, paper = _busiest(feeds), _busiest(news)
    if feed and paper:
        return paper if (paper.per_day or 0) > MUCH_MORE * (feed.per_day or 0) else feed
    chosen = feed or paper or _busiest(rest)
    if chosen is None:
        raise ValueError("nothing was found")
    return chosen


def _busiest(found: Sequence[Found]) -> Found | None:
    """By pages a day, then by the number of pages; the first of equal ones."""
    return max(found, key=lambda one: (one.per_day or 0.0, one.window.count), default=None)


def entry_of(best: Found, found: Sequence[Found], facts: PageFacts, listing_url: str) -> Entry:
    """The entry for sources.yaml.

    Args:
        best: the chosen listing.
        found: all that were found; a news sitemap among them fills the gaps of a feed.
        facts: what the front page says.
        listing_url: the address to poll: of a sitemap index, the index.
    """
    kind = SourceKind.FEED if best.is_feed else SourceKind.SITEMAP
    sites = Counter(site_of(item.url) for item in best.items)
    is_foreign = kind is SourceKind.SITEMAP and sites.most_common(1)[0][0] != site_of(listing_url)
    news = next((one.url for one in found if one.is_news and site_of(one.url) == site_of(best.url)), None)
    entry: Mapping[str, object] = {
        "id": slug(host_of(listing_url)),
        "kind": str(kind),
        "url": listing_url,
        "name": facts.name,
        "language": _language(best, facts),
        "cross_host": True if is_foreign else None,
        "sitemap": news if kind is SourceKind.FEED else None,
    }
    return {key: value for key, value in entry.items() if value is not None}


def host_of(url: str) -> str:
    """The host without `www.`, with its port where that is not the usual one.

    >>> host_of("https://www.x.org/feed"), host_of("http://127.0.0.1:8000/")
    ('x.org', '127.0.0.1-8000')
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    return host if parts.port is None else f"{host}-{parts.port}"


def _language(best: Found, facts: PageFacts) -> str | None:
    """The language of most items, else of the page, in the spelling that the model of a source takes."""
    listed = Counter(item.language for item in best.items if item.language)
    for written in [*(name for name, _ in listed.most_common(1)), facts.language]:
        primary, dash, rest = (written or "").strip().partition("-")
        spelt = primary.lower() + dash + rest
        try:
            Source(id="x", kind=SourceKind.FEED, url="https://x.org/", language=spelt)
        except ValueError:
            continue
        return spelt
    return None
