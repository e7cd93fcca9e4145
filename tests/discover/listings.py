"""Listings of every form and in every state of decay, and what must be read from them."""

import gzip
import json
from dataclasses import dataclass, field
from typing import Any

from schemas.source import SourceKind
from tasks.discover.items import Listing
from tasks.discover.listing import read_listing

URL = "https://feeds.x.org/a/feed.xml"
FEED, SITEMAP, LIST = SourceKind.FEED, SourceKind.SITEMAP, SourceKind.URL_LIST
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'


def rss(items: str, attributes: str = "", channel: str = "", prolog: str = "") -> str:
    """An RSS 2.0 document around the items."""
    return f'{prolog}<rss version="2.0" {attributes}><channel><title>T</title>{channel}{items}</channel></rss>'


def atom(entries: str, attributes: str = "") -> str:
    """An Atom document around the entries."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>T</title>{entries}</feed>'


def urlset(urls: str) -> str:
    """A sitemap around the urls."""
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" {NEWS}>{urls}</urlset>'


def json_feed(*items: Any, **more: Any) -> str:
    """A JSON Feed around the items."""
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": items} | more)


def item(inner: str = "", link: str = "https://x.org/1") -> str:
    """An RSS item with this link."""
    return f"<item><link>{link}</link>{inner}</item>"


ONE = item("<title>One</title>")
TWO = item("<title>Two</title>", "https://x.org/2")
BOTH = ["https://x.org/1", "https://x.org/2"]


def read(body: str | bytes, kind: SourceKind = FEED, content_type: str | None = None) -> Listing:
    """The listing of the body."""
    return read_listing(kind, body if isinstance(body, bytes) else body.encode(), URL, content_type)


@dataclass
class Case:
    """A listing, and what its first item (or all of its URLs) must be."""

    name: str
    body: str | bytes
    urls: list[str] = field(default_factory=lambda: ["https://x.org/1"])
    first: dict[str, Any] = field(default_factory=dict)
    form: str = "rss"
    kind: SourceKind = FEED
    bad: int = 0
    content_type: str | None = None


LATIN = item("<title>ü</title>", "https://x.org/2").encode("latin-1")
NOT_PAGES = (
    "javascript:alert(1)",
    "mailto:a@x.org",
    "file:///etc/passwd",
    "data:text/html,x",
    "http://",
    "http://[::1",
    "http://x.org:99999/",
)
WHOLE = [
    Case(
        "rss with everything",
        rss(
            item(
                "<title>A &amp;amp; B</title><description>&lt;p&gt;One&lt;br/&gt;two&lt;/p&gt;</description>"
                "<pubDate>Mon, 02 Mar 2026 02:15 CET</pubDate><category>Politics</category><category>EU</category>"
                "<author>jo@x.org (Jo Doe)</author><author>Al Fox</author>"
            ),
            channel="<language>en-GB</language>",
        ),
        first={
            "title": "A & B",
            "summary": "One two",
            "published": "Mon, 02 Mar 2026 02:15 CET",
            "modified": None,
            "tags": ("Politics", "EU"),
            "authors": ("Jo Doe", "Al Fox"),
            "language": "en-GB",
        },
    ),
    Case(
        "dublin core",
        rss(
            item(
                "<dc:creator>A</dc:creator><dc:creator>B</dc:creator>"
                "<dc:date>2026-03-02</dc:date><dc:subject>s</dc:subject>"
            ),
            attributes='xmlns:dc="http://purl.org/dc/elements/1.1/"',
        ),
        first={"authors": ("A", "B"), "published": "2026-03-02", "tags": ("s",)},
    ),
    Case(
        "titles and links of pictures are not the item's",
        rss(item("<media:title>Picture</media:title><media:description>d</media:description><title>T</title>"), MEDIA),
        first={"title": "T", "summary": None},
    ),
    Case(
        "rdf",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>T</title><dc:language>ja</dc:language></channel>'
        '<item rdf:about="https://x.org/1"><title>見出し</title><link>https://x.org/1</link>'
        "<dc:date>2026-03-02T02:15+09:00</dc:date></item></rdf:RDF>",
        first={"title": "見出し", "published": "2026-03-02T02:15+09:00", "language": "ja"},
        form="rdf",
    ),
    Case(
        "atom",
        atom(
            '<entry xml:lang="de"><title>a &lt;b&gt;</title><link rel="replies" href="https://x.org/c"/>'
            '<link rel="alternate" type="application/pdf" href="https://x.org/p"/>'
            '<link href="https://x.org/1"/>'
            "<published>2026-03-01T00:00:00Z</published><updated>2026-03-02T00:00:00Z</updated>"
            "<author><name>A</name><email>a@x.org</email></author><author><name>B</name></author>"
            '<category term="t" label="Tag"/><summary type="html">&lt;i&gt;s&lt;/i&gt;</summary></entry>',
            'xml:lang="en"',
        ),
        first={
            "title": "a <b>",
            "published": "2026-03-01T00:00:00Z",
            "modified": "2026-03-02T00:00:00Z",
            "authors": ("A", "B"),
            "tags": ("Tag",),
            "summary": "s",
            "language": "de",
        },
        form="atom",
    ),
    Case(
        "atom with xhtml title, id as link",
        atom(
            '<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>c</b></div></title>'
            "<id>https://x.org/1</id></entry>"
        ),
        first={"title": "a c"},
        form="atom",
    ),
    Case(
        "atom 0.3",
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry>'
        '<link rel="alternate" href="https://x.org/1"/><issued>2004-01-01</issued></entry></feed>',
        first={"published": "2004-01-01"},
        form="atom",
    ),
    Case(
        "json feed",
        json_feed(
            {
                "id": "1",
                "url": "https://x.org/1",
                "title": "T",
                "authors": [{"name": "A"}, {"name": "B"}],
                "tags": ["x", 3],
                "date_published": "2026-03-02T02:15:00Z",
                "date_modified": "2026-03-03",
                "summary": "S",
            },
            language="fr",
            next_url="/a/feed?page=2",
        ),
        first={
            "title": "T",
            "authors": ("A", "B"),
            "tags": ("x",),
            "published": "2026-03-02T02:15:00Z",
            "modified": "2026-03-03",
            "summary": "S",
            "language": "fr",
        },
        form="json_feed",
    ),
    Case(
        "json feed 1.0",
        json_feed({"id": "https://x.org/1", "author": {"name": "A"}}),
        first={"authors": ("A",)},
        form="json_feed",
    ),
    Case(
        "news sitemap",
        urlset(
            "<url><loc> https://x.org/1 </loc><lastmod>2026-03-02</lastmod><news:news>"
            "<news:publication><news:name>N</news:name><news:language>sv</news:language></news:publication>"
            "<news:publication_date>2026-03-01T10:00Z</news:publication_date>"
            "<news:title>A &amp; B</news:title><news:keywords>a, b ,,c</news:keywords></news:news></url>"
        ),
        first={
            "title": "A & B",
            "published": "2026-03-01T10:00Z",
            "modified": "2026-03-02",
            "language": "sv",
            "tags": ("a", "b", "c"),
        },
        form="sitemap",
        kind=SITEMAP,
    ),
    Case(
        "sitemap without namespace",
        "<urlset><url><loc>https://x.org/1</loc></url></urlset>",
        form="sitemap",
        kind=SITEMAP,
    ),
    Case("sitemap where a feed was expected", urlset("<url><loc>https://x.org/1</loc></url>"), form="sitemap"),
    Case(
        "gzipped sitemap with junk behind it",
        gzip.compress(urlset("<url><loc>https://x.org/1</loc></url>").encode(), mtime=0) + b"junk",
        form="sitemap",
        kind=SITEMAP,
    ),
    Case("text sitemap", "https://x.org/1\nhttps://x.org/2\n", BOTH, form="text", kind=SITEMAP),
    Case(
        "comment and doctype before the root",
        rss(
            ONE,
            prolog='<?xml version="1.0"?><!-- <feed> --><!DOCTYPE rss PUBLIC "-//N//DTD" "http://127.0.0.1:9/x.dtd">',
        ),
    ),
]
BROKEN = [
    Case(
        "bare ampersands",
        rss(item("<title>a & b &copy; c</title>", "https://x.org/1?a=1&b=2")),
        ["https://x.org/1?a=1&b=2"],
        {"title": "a & b © c"},
    ),
    Case("unknown entity", rss(item("<title>&nosuch; x</title>") + TWO), BOTH, {"title": "&nosuch; x"}),
    Case("bare less-than", rss(item("<title>1 < 2</title>") + TWO), BOTH, {"title": "1 < 2"}),
    Case("blank line before the prolog", "\n  " + rss(ONE, prolog='<?xml version="1.0"?>')),
    Case("notice before the prolog", "Notice: undefined index\n" + rss(ONE, prolog='<?xml version="1.0"?>')),
    Case("breaks off in a link", rss(ONE + TWO)[:-35], bad=1),
    Case("breaks off between items", rss(ONE)[: -len("</channel></rss>")]),
    Case("breaks off in CDATA", (rss(ONE)[: -len("</channel></rss>")]) + "<item><title><![CDATA[never", bad=1),
    Case("characters that XML cannot hold", rss(item("<title>a&#0;&#xD800;b & c</title>")), first={"title": "ab & c"}),
    Case("characters that XML cannot hold", rss(item("<title>a&#xFFFF;b</title>")), first={"title": "ab"}),
    Case("xml:base that is no URL", rss(ONE, 'xml:base="https://["')),
    Case("control characters", rss(item("<title>a\x0b\x00b</title>")), first={"title": "ab"}),
    Case("prefix without namespace", rss(item("<dc:creator>A</dc:creator>") + TWO), BOTH, {"authors": ("A",)}),
    Case("item that is never closed", rss(ONE.replace("</item>", "") + TWO), BOTH),
    Case(
        "latin-1 declared as UTF-8",
        rss(item("<title>café</title>"), prolog='<?xml version="1.0" encoding="utf-8"?>').encode("latin-1"),
        first={"title": "café"},
    ),
    Case(
        "UTF-8 declared as latin-1",
        rss(item("<title>café</title>"), prolog='<?xml version="1.0" encoding="iso-8859-1"?>'),
        first={"title": "café"},
    ),
    Case(
        "latin-1, declared",
        rss(item("<title>café</title>"), prolog='<?xml version="1.0" encoding="iso-8859-1"?>').encode("latin-1"),
        first={"title": "café"},
    ),
    Case(
        "koi8-r by header only",
        rss(item("<title>Привет</title>")).encode("koi8-r"),
        first={"title": "Привет"},
        content_type="text/xml; charset=KOI8-R",
    ),
    Case(
        "shift_jis, declared",
        rss(item("<title>見出し</title>"), prolog='<?xml version="1.0" encoding="Shift_JIS"?>').encode("shift_jis"),
        first={"title": "見出し"},
    ),
    Case(
        "unknown encoding",
        rss(item("<title>é</title>"), prolog='<?xml version="1.0" encoding="x-nosuch"?>'),
        first={"title": "é"},
    ),
    Case(
        "UTF-16 with its mark",
        rss(item("<title>é</title>"), prolog='<?xml version="1.0" encoding="utf-16"?>').encode("utf-16"),
        first={"title": "é"},
    ),
    Case("UTF-8 with its mark", b"\xef\xbb\xbf" + rss(item("<title>é</title>")).encode(), first={"title": "é"}),
    Case("mixed encodings", rss(item("<title>é</title>")).encode().replace(b"</channel>", LATIN + b"</channel>"), BOTH),
    Case(
        "sitemap that breaks off",
        urlset("<url><loc>https://x.org/1</loc></url><url><loc>https://x.org/2</loc></url>")[:-25],
        form="sitemap",
        kind=SITEMAP,
        bad=1,
    ),
]
LINKS = [
    Case("no link, no guid", rss("<item><title>x</title></item>" + ONE), bad=1),
    Case("guid is the link", rss("<item><guid>https://x.org/1</guid></item>")),
    Case(
        "guid is no link",
        rss("<item><guid isPermaLink='false'>https://x.org/9</guid></item><item><guid>9</guid></item>" + ONE),
        bad=2,
    ),
    Case("link wins over guid", rss("<item><guid>https://x.org/9</guid><link>https://x.org/1</link></item>")),
    Case("changed guid, same link", rss(item("<guid>a</guid>") + item("<guid>b</guid>")), ["https://x.org/1"] * 2),
    Case("relative", rss(item(link="../1?x=2")), ["https://feeds.x.org/1?x=2"]),
    Case("relative to xml:base", rss(item(link="1"), 'xml:base="https://x.org/"')),
    Case("xml:base of the item", rss('<item xml:base="/b/"><link>1</link></item>'), ["https://feeds.x.org/b/1"]),
    Case("protocol-relative", rss(item(link="//x.org/1"))),
    Case(
        "tracking, fragment, capitals, port", rss(item(link="HTTPS://X.org:443/1?utm_source=rss&amp;at_medium=RSS#top"))
    ),
    Case("escaped twice", rss(item(link="https://x.org/1?b=1&amp;amp;a=2")), ["https://x.org/1?a=2&b=1"]),
    Case("line end within", rss(item(link="\n  https://x.org/\n1\n"))),
    Case(
        "behind FeedBurner",
        rss(
            item("<f:origLink>https://x.org/1</f:origLink>", "https://feedproxy.g.com/~r/1"),
            'xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"',
        ),
    ),
    Case(
        "atom link in RSS",
        rss(
            '<item><atom:link rel="alternate" href="https://x.org/1"/></item>',
            'xmlns:atom="http://www.w3.org/2005/Atom"',
        ),
    ),
    Case("not http", rss("".join(item(link=link) for link in NOT_PAGES) + ONE), bad=7),
    Case("too long", rss(item(link="https://x.org/" + "a" * 9000) + ONE), bad=1),
    Case(
        "control characters in it",
        rss(item(link="https://x.org/a%0d%0ab") + item(link="https://x.org/\u202ea")),
        ["https://x.org/a%0D%0Ab"],
        bad=1,
    ),
    Case(
        "json feed of wrong types",
        json_feed(3, None, {"url": 5}, {"url": "https://x.org/1", "title": None, "authors": ["A"], "tags": "x"}),
        form="json_feed",
        bad=3,
    ),
]
