"""Section C of the list of faults: feeds, sitemaps, lists, folders and web archives."""

import gzip
from collections.abc import Iterable
from typing import Any

from copydesk.faults import plays_c as plays
from copydesk.faults.answers import STORY, Answer, Reply, article, moved, page, text, xml
from copydesk.faults.model import Fetch, Listing, Page, Row, Scenario
from copydesk.faults.plays_a import YESTERDAY
from copydesk.faults.rows_a_more import KNOWN
from schemas.source import SourceKind


def rss(*items: str, prolog: str = "") -> str:
    """An RSS document of these items."""
    return f'{prolog}<rss version="2.0"><channel><title>T</title>{"".join(items)}</channel></rss>'


def item(link: str, more: str = "<title>T</title>") -> str:
    """An RSS item."""
    return f"<item>{more}<link>{link}</link></item>"


def urlset(urls: Iterable[str], more: str = "") -> str:
    """A sitemap of these URLs."""
    inside = "".join(f"<url><loc>{url}</loc>{more}</url>" for url in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inside}</urlset>'


def index(*children: str) -> str:
    """A sitemap index of these children."""
    inside = "".join(f"<sitemap><loc>{child}</loc></sitemap>" for child in children)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inside}</sitemapindex>'


def feed(name: str, answer: Reply, urls: tuple[str, ...] = (), reason: str | None = None, **more: Any) -> Listing:
    """A feed with this answer."""
    return Listing(name, {"/list": answer} | more.pop("site", {}), urls, reason, **more)


def sitemap(name: str, answer: Reply, urls: tuple[str, ...] = (), reason: str | None = None, **more: Any) -> Listing:
    """A sitemap with this answer."""
    return feed(name, answer, urls, reason, kind=SourceKind.SITEMAP, **more)


def own(body: str) -> Reply:
    """A listing in which HOST stands for the host that is asked."""
    return lambda request: xml(body.replace("HOST", request.host))


BOMB = "<!DOCTYPE rss [" + "".join(
    f'<!ENTITY e{n} "{(f"&e{n - 1};" if n else "ha") * 10}">' for n in range(12)
) + "]>"  # fmt: skip
XXE = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
DTD = '<!DOCTYPE rss SYSTEM "http://HOST/evil.dtd">'
QUADRATIC = f'<!DOCTYPE rss [<!ENTITY x "{"x" * 50_000}">]>'
BROKEN = (
    item("/1", "<title>Fish & chips</title>")
    + "<item><title>no link</title></item>"
    + item("/2", "<title>\x0b</title>")
)

ROWS_C = (
    Row(
        "C1",
        "A feed that is none",
        (
            feed("HTML", page(article()), reason="not_a_listing"),
            feed("login page", page("<html><form action=/login>"), reason="not_a_listing"),
            feed("JSON", page('{"error": 1}', 200, "application/json"), reason="not_a_listing"),
            feed("empty feed", xml(rss()), reason="empty_listing"),
            feed("0 bytes", xml(""), reason="empty_listing"),
            feed("500", page("", 500), reason="http_status"),
            feed("reset", Answer(is_reset=True), reason="connect"),
        ),
    ),
    Row(
        "C2",
        "Malformed XML",
        (
            feed(
                "unescaped, without link, control characters", xml(rss(BROKEN)), ("/1", "/2"), row={"bad_item_count": 1}
            ),
            feed("text before the prolog", xml("\n junk" + rss(item("/1"), prolog='<?xml version="1.0"?>')), ("/1",)),
            feed("cut", xml(rss(item("/1"), item("/2"))[:-40]), ("/1",)),
            feed(
                "wrong encoding declared",
                xml(
                    rss(item("/1", "<title>\xfc</title>"), prolog='<?xml version="1.0" encoding="utf-8"?>').encode(
                        "latin-1"
                    )
                ),
                ("/1",),
            ),
        ),
    ),
    Row(
        "C3",
        "Entities",
        (
            feed("billion laughs", xml(rss(item("/1", "<title>&e11;</title>"), prolog=BOMB)), reason="not_a_listing"),
            feed("quadratic", xml(rss(item("/1", "&x;" * 10_000), prolog=QUADRATIC)), reason="not_a_listing"),
            feed("file", xml(rss(item("/1", "<title>&x;</title>"), prolog=XXE)), reason="not_a_listing"),
            feed("external DTD", own(rss(item("/1"), prolog=DTD)), ("/1",), unasked=("/evil.dtd",)),
        ),
    ),
    Row(
        "C4",
        "Feeds without measure",
        (
            feed(
                "20,000 items",
                xml(rss(*(item(f"/{number}") for number in range(20_000)))),
                tuple(f"/{number}" for number in range(50)),
                more={"max_items": 50},
                row={"capped_count": 19_950},
            ),
            feed("an item of 5 MB", xml(rss(item("/1", f"<description>{'x' * 5_000_000}</description>"))), ("/1",)),
            feed("10,000 authors", xml(rss(item("/1", "<author>A</author>" * 10_000))), ("/1",)),
        ),
    ),
    Row(
        "C5",
        "Links, guids and tracking",
        (
            feed(
                "relative, tracked, twice, none",
                xml(rss(item("/1"), item("1"), item("/2?utm_source=rss"), "<item><title>no link</title></item>")),
                ("/1", "/2"),
            ),
            feed(
                "guid that is no link",
                xml(rss("<item><guid isPermaLink='false'>7</guid><link>/1</link></item>")),
                ("/1",),
            ),
            Scenario("new guids for the whole feed bring no new page", plays.guid_flip),
        ),
    ),
    Row("C6", "Dates", (Scenario("read, or left empty", plays.dates),)),
    Row(
        "C8",
        "A feed that lists its whole history again",
        (
            Scenario("newest first, to the cap", plays.whole_history),
            Fetch(
                "pages that did not change are not news",
                {"/page": STORY},
                (Page("/page", "not_modified", known=KNOWN | {"last_full_at": YESTERDAY}),),
            ),
        ),
    ),
    Row(
        "C9",
        "Feeds that move or go",
        (
            feed("moved for good", moved("/new", 301), ("/1",), site={"/new": xml(rss(item("/1")))}),
            feed("gone", page("", 410), reason="http_status"),
        ),
    ),
    Row(
        "C10",
        "Sitemaps",
        (
            sitemap(
                "an index that names itself",
                own(index("http://HOST/list", "http://HOST/a")),
                ("/1",),
                site={"/a": own(urlset(["http://HOST/1"]))},
            ),
            sitemap(
                "a child that fails",
                own(index("http://HOST/bad", "http://HOST/a")),
                ("/1",),
                site={"/a": own(urlset(["http://HOST/1"])), "/bad": page("", 500)},
            ),
            sitemap(
                "50 levels",
                own(index("http://HOST/d1")),
                reason="empty_listing",
                site={f"/d{n}": own(index(f"http://HOST/d{n + 1}")) for n in range(1, 51)},
                unasked=("/d20",),
            ),
            sitemap(
                "50,001 URLs",
                own(urlset(f"http://HOST/{n}" for n in range(50_001))),
                tuple(f"/{n}" for n in range(5)),
                more={"max_items": 5},
            ),
            sitemap(
                ".gz that is not packed",
                own(urlset(["http://HOST/1"])),
                ("/1",),
                path="/list.gz",
                site={"/list.gz": own(urlset(["http://HOST/1"]))},
            ),
            sitemap(
                "packed, with junk behind",
                lambda request: page(
                    gzip.compress(urlset([f"http://{request.host}/1"]).encode()) + b"junk", 200, "application/gzip"
                ),
                ("/1",),
            ),
            sitemap(
                "60 MB",
                page(gzip.compress(b"<urlset>" + b" " * 60_000_000), 200, "application/gzip"),
                reason="bomb",
            ),
        ),
    ),
    Row(
        "C11",
        "URLs of other hosts",
        (
            sitemap("a sitemap's are left out", own(urlset(["http://HOST/1", "http://other-site.test/2"])), ("/1",)),
            sitemap(
                "unless the source wants them",
                own(urlset(["http://HOST/1", "http://other-site.test/2"])),
                ("/1", "http://other-site.test/2"),
                more={"cross_host": True},
            ),
        ),
    ),
    Row(
        "C12",
        "lastmod that is always now",
        (Scenario("the body decides", plays.lying_lastmod),),
    ),
    Row(
        "C13",
        "Lists of URLs",
        (
            feed(
                "comments, mark, CRLF, twice, spaces, not UTF-8",
                lambda request: text(
                    b"\xef\xbb\xbf# list\r\n"
                    + "\r\n".join(
                        [
                            f"http://{request.host}/1",
                            f"  http://{request.host}/2  # why",
                            "",
                            "no url",
                            f"http://{request.host}/1",
                        ]
                    ).encode()
                    + b"\r\n\xff\xfe\r\n"
                ),
                ("/1", "/2"),
                kind=SourceKind.URL_LIST,
                row={"bad_item_count": 2},
            ),
            Scenario("100,000 lines", plays.long_list),
        ),
    ),
    Row("C14", "Folders", (Scenario("links, pipes, empty and odd files", plays.folder),)),
    Row("C15", "Web archives", (Scenario("damage costs only what it hit", plays.archive),)),
)
