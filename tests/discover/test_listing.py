"""Listings of every form and in every state of decay: what is read from them, and what is refused and why."""

import contextlib
import gzip
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Reason
from schemas.source import SourceKind
from tasks.discover import sitemap
from tasks.discover.feed import _MAIL_AND_NAME
from tasks.discover.items import Item, Listing, ListingError, page_url, plain_text
from tasks.discover.listing import charset_of
from tests.discover.listings import (
    BOTH,
    BROKEN,
    FEED,
    LINKS,
    LIST,
    ONE,
    SITEMAP,
    URL,
    WHOLE,
    Case,
    atom,
    item,
    json_feed,
    read,
    rss,
    urlset,
)


def check(case: Case) -> None:
    """Compare what is read with what the case says."""
    found = read(case.body, case.kind, case.content_type)
    assert [one.url for one in found.items] == case.urls
    assert {name: getattr(found.items[0], name) for name in case.first} == case.first
    assert (found.form, found.bad_count) == (case.form, case.bad)


@pytest.mark.parametrize("case", WHOLE, ids=lambda case: case.name)
def test_reads(case: Case) -> None:
    """Every form is recognised by its content and read with the dates as written."""
    check(case)


@pytest.mark.faults
@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_C2_malformed_listings_keep_their_good_items(case: Case) -> None:
    """Broken XML and wrong encodings lose no good item and invent none."""
    check(case)


@pytest.mark.faults
@pytest.mark.parametrize("case", LINKS, ids=lambda case: case.name)
def test_C5_links_are_found_resolved_and_normalised(case: Case) -> None:
    """The page's URL is the same whatever the feed does with guid, base and tracking."""
    check(case)


@pytest.mark.faults
def test_C5_guid_flip_of_the_whole_feed_changes_no_url() -> None:
    """A feed that gives new guids to all its items lists the URLs that it listed before."""
    before, after = (
        rss("".join(item(f"<guid isPermaLink='false'>{prefix}{n}</guid>", f"https://x.org/{n}") for n in range(50)))
        for prefix in ("post-", "https://x.org/?p=")
    )
    assert read(before).items == read(after).items


@pytest.mark.faults
@pytest.mark.parametrize(
    ("body", "kind", "reason", "detail"),
    [
        (b"", FEED, Reason.EMPTY_LISTING, "no content"),
        (b" \r\n\x00\xef\xbb\xbf", FEED, Reason.EMPTY_LISTING, "no content"),
        ("<!DOCTYPE html><html><head><title>Log in</title></head></html>", FEED, Reason.NOT_A_LISTING, "HTML page"),
        ("<html><body>" + ONE + "</body></html>", FEED, Reason.NOT_A_LISTING, "HTML page"),
        ('{"error": "not found"}', FEED, Reason.NOT_A_LISTING, "JSON without the items"),
        ("[1, 2]", FEED, Reason.NOT_A_LISTING, "JSON without the items"),
        ('{"items": [', FEED, Reason.NOT_A_LISTING, "not valid JSON"),
        ("[" * 100_000, FEED, Reason.NOT_A_LISTING, "not valid JSON"),
        ("Service unavailable", FEED, Reason.NOT_A_LISTING, "neither XML nor JSON"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", FEED, Reason.NOT_A_LISTING, "<svg>"),
        ("%PDF-1.7\n", SITEMAP, Reason.NOT_A_LISTING, "no line is a URL"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", SITEMAP, Reason.NOT_A_LISTING, ""),
        ("<html></html>", LIST, Reason.NOT_A_LISTING, "not a text"),
        (b"a\x00b\n", LIST, Reason.NOT_A_LISTING, "not a text"),
        ("no urls here\n", LIST, Reason.NOT_A_LISTING, "line 1"),
        ("# only\n\n# comments\n", LIST, Reason.EMPTY_LISTING, "has no entry"),
        (rss(""), FEED, Reason.EMPTY_LISTING, "the rss has no entry"),
        (rss("<item/>"), FEED, Reason.EMPTY_LISTING, "none of 1 entries"),
        (json_feed(), FEED, Reason.EMPTY_LISTING, "has no entry"),
        (urlset(""), SITEMAP, Reason.EMPTY_LISTING, "the sitemap has no entry"),
        (gzip.compress(b"a" * 10_000, mtime=0)[:40], SITEMAP, Reason.TRUNCATED, ""),
    ],
)
def test_C1_what_is_no_listing_is_refused(body: str | bytes, kind: SourceKind, reason: Reason, detail: str) -> None:
    """HTML, JSON, nothing at all and a login page are refused with the reason, never read as no news."""
    with pytest.raises(ListingError) as caught:
        read(body, kind)
    assert (caught.value.reason, detail in caught.value.detail) == (reason, True), caught.value.detail


UTF_16 = '<?xml version="1.0" encoding="utf-16"?>'
ENTITY_BOMB = "<!DOCTYPE rss [" + "".join(
    f'<!ENTITY e{n} "{(f"&e{n - 1};" if n else "ha") * 10}">' for n in range(12)
) + "]>"  # fmt: skip


@pytest.mark.faults
@pytest.mark.parametrize(
    "body",
    [
        rss(item("<title>&e11;</title>"), prolog=ENTITY_BOMB),
        rss(item("<title>&e11;</title>"), prolog=UTF_16 + ENTITY_BOMB).encode("utf-16"),
        rss(item("<title>&x;</title>"), prolog='<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        rss(item("<title>&x;</title>"), prolog='<!DOCTYPE rss [<!ENTITY x SYSTEM "http://127.0.0.1:9/">]>'),
        rss(item("<title>x</title>"), prolog='<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd">%x;]>'),
        rss(item("<title>x</title>"), prolog="<!-- " + "x" * 70_000 + ' --><!DOCTYPE rss [<!ENTITY x "&#60;">]>'),
        '<!DOCTYPE urlset [<!entity x "https://x.org/1">]>' + urlset("<url><loc>&x;</loc></url>"),
    ],
    ids=["laughs", "laughs in UTF-16", "file", "network", "parameter entity", "behind a long comment", "sitemap"],
)  # fmt: skip
def test_C3_entities_are_refused_unread(body: str | bytes) -> None:
    """A document that declares entities is refused at once, with flat memory, without file or network."""
    tracemalloc.start()
    with pytest.raises(ListingError) as caught:
        read(body, SITEMAP)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.reason is Reason.NOT_A_LISTING
    assert peak < 5_000_000


@pytest.mark.faults
def test_C3_entity_that_is_named_but_not_declared_stays_as_written() -> None:
    """An external DTD is not read, so what it would declare stays a word in the text."""
    body = rss(item("<title>a &x; b</title>"), prolog='<!DOCTYPE rss SYSTEM "file:///etc/passwd">')
    assert read(body).items[0].title == "a &x; b"


@pytest.mark.faults
@pytest.mark.parametrize(("opening", "closing"), [("", ""), ("<![CDATA[", "]]>")])
def test_C4_monstrous_items_are_cut(opening: str, closing: str) -> None:
    """10,000 authors, an endless title and an item of 12 MB cost one item its surplus, not the feed."""
    body = rss(
        item("<title>" + "x" * 100_000 + "</title>" + "".join(f"<author>a{n}</author>" for n in range(10_000)))
        + item(f"<description>{opening}{'y' * 12_000_000}{closing}</description>", "https://x.org/2")
        + item("", "https://x.org/3")
    )
    found = read(body)
    assert [len(found.items[0].authors), len(found.items[0].title or "")] == [50, 1000]
    assert len(found.items[1].summary or "") == 5000
    assert [one.url for one in found.items] == [*BOTH, "https://x.org/3"]


@pytest.mark.faults
def test_C6_dates_stay_as_written() -> None:
    """Impossible and foreign dates are handed on as they stand; none becomes today."""
    dates = ["31 Feb 2026", "lundi 2 mars 2026", "0001-01-01", "99999-01-01", "02/03/04", "now"]
    found = read(rss("".join(item(f"<pubDate>{date}</pubDate>", f"https://x.org/{n}") for n, date in enumerate(dates))))
    assert [one.published for one in found.items] == dates
    assert read(rss(ONE)).items[0].published is None


@pytest.mark.faults
def test_C10_index_and_robots_name_children() -> None:
    """A sitemap index and a robots.txt both give children, with lastmod where there is one."""
    inner = "<sitemap><loc>/s1.xml</loc><lastmod>2026-03-02</lastmod></sitemap><sitemap/>"
    index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{inner}</sitemapindex>'
    found = read(index, SITEMAP)
    assert [(child.url, child.modified) for child in found.children] == [("https://feeds.x.org/s1.xml", "2026-03-02")]
    assert (found.form, found.bad_count) == ("sitemap_index", 1)
    robots = read("User-agent: *\nDisallow: /sitemap\nSitemap: https://x.org/s.xml\nsitemap:/t.xml\n", SITEMAP)
    assert [child.url for child in robots.children] == ["https://x.org/s.xml", "https://feeds.x.org/t.xml"]


@pytest.mark.faults
def test_C10_50001_urls_are_cut_to_the_protocol() -> None:
    """One URL too many costs that URL and is counted; the others are read in reasonable time and memory."""
    body = urlset("".join(f"<url><loc>https://x.org/{n}</loc></url>" for n in range(sitemap.MAX_ITEMS + 1)))
    found = read(body, SITEMAP)
    assert (len(found.items), found.bad_count) == (sitemap.MAX_ITEMS, 1)
    assert "beyond" in found.notes[0]


@pytest.mark.faults
def test_C10_sizes_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """A listing beyond the limit is refused, packed or not."""
    monkeypatch.setattr("tasks.discover.listing.MAX_BYTES", 10_000)
    body = urlset("<url><loc>https://x.org/1</loc></url>" * 1000).encode()
    for packed, reason in ((body, Reason.TOO_LARGE), (gzip.compress(body), Reason.BOMB)):
        with pytest.raises(ListingError) as caught:
            read(packed, SITEMAP)
        assert caught.value.reason is reason


@pytest.mark.parametrize("opener", ["<![CDATA[", "&a", "<!--", "<a ", "<!DOCTYPE [", "&", "<?", "</item>", "<item><"])
@pytest.mark.timeout(60)
def test_repetition_takes_linear_time(opener: str) -> None:
    """No pattern of ours runs wild on 2 MB of one repeated beginning."""
    body = "<rss><channel>" + ONE + opener * (2_000_000 // len(opener))
    with contextlib.suppress(ListingError):
        read(body)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Fish &amp; chips", "Fish & chips"),
        ("<p>One</p><p>two</p>", "One two"),
        ("1 &lt; 2", "1 < 2"),
        ("a\n\t b\u202e\x07", "a b"),
        ("<script>x()</script>", None),
        ("  ", None),
        (None, None),
    ],
)
def test_plain_text(markup: str | None, text: str | None) -> None:
    """Summaries become one line of text."""
    assert plain_text(markup) == text


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/xml; charset=utf-8", "utf-8"),
        ('a/b; CHARSET="KOI8-R"', "koi8-r"),
        ("text/xml", None),
        ("x\r\ny; charset=a", "a"),
        (None, None),
    ],
)
def test_charset_of(header: str | None, charset: str | None) -> None:
    """The charset is found however the header is spelled."""
    assert charset_of(header) == charset


def test_pattern_of_mail_and_name() -> None:
    """RSS's form of an author matches, a plain name and a bare address do not."""
    assert _MAIL_AND_NAME.fullmatch("lawyer@boyer.net (Lawyer Boyer)")
    assert not _MAIL_AND_NAME.fullmatch("Lawyer Boyer (BBC)")
    assert not _MAIL_AND_NAME.fullmatch("lawyer@boyer.net")


def test_patterns_of_sitemap_lines() -> None:
    """The Sitemap line of robots.txt matches, a rule about a path does not."""
    assert sitemap._SITEMAP_LINE.match("Sitemap: https://x.org/s.xml")
    assert not sitemap._SITEMAP_LINE.match("Disallow: /sitemap")


def test_page_url_refuses_what_cannot_be_asked() -> None:
    """Nothing but http and https with a host is a page."""
    assert page_url(" /a ", "http://x.org") == "http://x.org/a"
    assert all(page_url(text, "http://x.org") is None for text in ("", None, "ftp://x.org/", "tel:1", "http://\x00/"))


def test_next_page_is_named() -> None:
    """Paged feeds say where they go on (RFC 5005, JSON Feed)."""
    assert read(atom(f'<link rel="next" href="?p=2"/><entry><link href="{BOTH[0]}"/></entry>')).next_url == URL + "?p=2"
    assert read(json_feed({"url": BOTH[0]}, next_url="?p=2")).next_url == URL + "?p=2"


def test_items_compare_by_what_they_say() -> None:
    """Two items with the same facts are the same."""
    assert Item(url="https://x.org/1") == read(rss(item())).items[0]


PIECES = (
    b"<", b">", b"&", b"<![CDATA[", b"]]>", b"<!--", b"<!DOCTYPE x [", b"\x00", b"\xff", b"<item>", b"</item>",
    b"&#xD800;", b'xml:base="http://["', b'<?xml version="1.0" encoding="utf-7"?>', b"\xed\xa0\x80",
    b'<?xml version="1.0" encoding="zlib"?>',
)  # fmt: skip
BODIES = [case.body if isinstance(case.body, bytes) else case.body.encode() for case in (*WHOLE, *BROKEN, *LINKS)]
EDITS = st.lists(st.tuples(st.integers(0, 600), st.integers(0, 20), st.sampled_from(PIECES)), max_size=5)


@given(st.sampled_from(BODIES), EDITS, st.sampled_from([FEED, SITEMAP, LIST]))
def test_no_bytes_raise_anything_else(body: bytes, edits: list[tuple[int, int, bytes]], kind: SourceKind) -> None:
    """Listings with pieces cut out and put in are read or refused; what is read fits into a table."""
    for at, cut, piece in edits:
        body = body[:at] + piece + body[at + cut :]
    try:
        found = read(body, kind)
    except ListingError as error:
        found = Listing(str(error.reason))
    for one in found.items:
        assert page_url(one.url, "") == one.url
        texts = (one.title, one.published, one.modified, one.summary, one.language, *one.authors, *one.tags)
        assert all(text is None or (text and text.encode()) for text in texts)
