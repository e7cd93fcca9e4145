"""The site serves on loopback what expected() says, with plain urllib, and leaves nothing behind."""

import gzip
import html
import json
import re
import socket
import threading
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from email.message import Message
from urllib.robotparser import RobotFileParser

import ftfy
import pytest

from copydesk.demo.expected import Expected, expected
from copydesk.demo.papers import DEFAULT_PORTS, NIGHTS, PAPERS
from copydesk.demo.server import DemoSite
from tasks.errors import UsageError

FREE = dict.fromkeys(PAPERS, 0)
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def site() -> Iterator[DemoSite]:
    """A running site on free ports; each test sets the night that it looks at."""
    with DemoSite(FREE) as running:
        yield running


def get(url: str, **headers: str) -> tuple[int, Message, bytes]:
    """Status, headers and body of one request, whatever the status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, headers=named)  # noqa: S310 - our own http URL
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310 - our own http URL
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def text_of(page: str) -> str:
    """What a reader sees of a page, spaces folded; scripts and styles left out."""
    page = re.sub(r"(?s)<(script|style)\b.*?</\1>", "", page)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


def read(row: Expected, body: bytes, charset: str) -> str:
    """The text of a page, mended where it was served as mojibake."""
    page = body.decode("cp1252" if charset.lower() == "iso-8859-1" else charset)
    return ftfy.fix_text(page, unescape_html=False, uncurl_quotes=False) if row.is_mojibake else page


@pytest.mark.parametrize("night", NIGHTS)
def test_each_listed_url_answers_as_foretold(site: DemoSite, night: int) -> None:
    """Status of every URL; for an article headline, each paragraph and each piece of junk stand on the page."""
    site.set_night(night)
    for url, row in expected(night, site.bases).items():
        status, headers, body = get(url)
        assert status == row.http_status, url
        if row.title is None:
            continue
        page = read(row, body, headers.get_content_charset() or "")
        seen = text_of(page)
        assert row.title in seen, url
        for part in [*row.paragraphs, *(mark.text.strip() for mark in row.removed)]:
            if part not in seen:
                part = _as_written(part, row)
            assert part in seen, (url, part)
        assert f'<link rel="canonical" href="{row.canonical_url}">' in page


def _as_written(text: str, row: Expected) -> str:
    """A paragraph as the page writes it, where a slip of the keyboard was mended in it."""
    for mark in row.removed:
        if mark.replacement:
            text = text.replace(mark.replacement, mark.text)
    return text


def test_the_listings_name_exactly_what_is_expected(site: DemoSite) -> None:
    """Feed, sitemaps behind their index, Atom and JSON Feed are well-formed and complete, on each night."""
    for night in NIGHTS:
        site.set_night(night)
        rows = expected(night, site.bases).values()
        for source_id, links in _listed(site).items():
            wanted = {row.url for row in rows if source_id in (row.source_id, *row.also_listed_by)}
            assert {link.split("?utm_")[0] for link in links} == wanted, (night, source_id)


def _listed(site: DemoSite) -> dict[str, list[str]]:
    bases = site.bases
    rss = ET.fromstring(get(bases["gazette"] + "/feed/")[2])  # noqa: S314 - our own
    index = ET.fromstring(get(bases["valle"] + "/sitemap.xml")[2])  # noqa: S314
    maps = [ET.fromstring(gzip.decompress(get(str(loc.text))[2])) for loc in index.iter(f"{SITEMAP}loc")]  # noqa: S314
    atom = ET.fromstring(get(bases["talbote"] + "/atom.xml")[2])  # noqa: S314
    feed = json.loads(get(bases["talbote"] + "/feed.json")[2])
    return {
        "harbour-gazette": [str(link.text) for link in rss.iter("link")][1:],
        "valle-noticias": [str(loc.text) for tree in maps for loc in tree.iter(f"{SITEMAP}loc")],
        "talbote": [entry.find(f"{ATOM}link").attrib["href"] for entry in atom.iter(f"{ATOM}entry")],  # type: ignore[union-attr]  # each has one
        "talbote-sport-kultur": [item["url"] for item in feed["items"]],
    }


def test_one_feed_has_an_item_without_a_link_and_one_twice(site: DemoSite) -> None:
    """Two small troubles of feeds: nothing to fetch, and tracking parameters."""
    rss = ET.fromstring(get(site.bases["gazette"] + "/feed/")[2])  # noqa: S314
    items = list(rss.iter("item"))
    assert len([item for item in items if item.find("link") is None]) == 1
    links = [str(link.text) for item in items for link in item.findall("link")]
    tracked = [link for link in links if "?utm_source=" in link]
    assert len(tracked) == 1
    assert tracked[0].split("?")[0] in links


def test_robots_are_three_kinds(site: DemoSite) -> None:
    """One paper disallows a listed path, one names its sitemap, one has none."""
    rules = RobotFileParser()
    rules.parse(get(site.bases["gazette"] + "/robots.txt")[2].decode().splitlines())
    listed = expected(1, site.bases).values()
    refused = [row for row in listed if row.source_id == "harbour-gazette" and not rules.can_fetch("copydesk", row.url)]
    assert [row.reason for row in refused] == ["robots_disallowed"]
    assert f"Sitemap: {site.bases['valle']}/sitemap.xml" in get(site.bases["valle"] + "/robots.txt")[2].decode()
    assert get(site.bases["talbote"] + "/robots.txt")[0] == 404


@pytest.mark.parametrize(
    ("paper", "sends", "second"), [("gazette", True, 304), ("valle", True, 200), ("talbote", False, 200)]
)
def test_validators_are_honoured_ignored_or_missing(site: DemoSite, paper: str, sends: bool, second: int) -> None:
    """A second request with the validators of the first."""
    site.set_night(1)
    url = next(u for u, row in expected(1, site.bases).items() if row.state == "stored" and site.bases[paper] in u)
    _, headers, _ = get(url)
    assert (headers["ETag"] is not None) == (headers["Last-Modified"] is not None) == sends
    etag, modified = headers["ETag"] or '"x"', headers["Last-Modified"] or "Mon, 02 Mar 2026 02:15:00 GMT"
    assert get(url, If_None_Match=etag)[0] == second
    assert get(url, If_None_Match=f'"other", W/{etag}')[0] == second
    assert get(url, If_Modified_Since=modified)[0] == second
    assert get(url, If_None_Match='"other"', If_Modified_Since=modified)[0] == 200
    assert get(url, If_Modified_Since="yesterday")[0] == 200


def test_a_304_is_never_given_for_a_changed_page(site: DemoSite) -> None:
    """The validators of night 1 do not hold on night 2 where the Gazette changed a page, and do where it did not."""
    rows = [row for row in expected(2, site.bases).values() if row.source_id == "harbour-gazette" and row.title]
    site.set_night(1)
    before = {row.url: get(row.url) for row in rows}
    site.set_night(2)
    for row in rows:
        status, headers, _ = before[row.url]
        if status == 200:
            again, _, _ = get(row.url, If_None_Match=headers["ETag"])
            since, _, _ = get(row.url, If_Modified_Since=headers["Last-Modified"])
            assert again == since == (200 if row.change else 304), row.url


def test_the_talbote_page_changes_its_bytes_every_night_but_not_its_text(site: DemoSite) -> None:
    """Its footer names the hour: only the text can tell that nothing is new."""
    row = next(
        row for row in expected(2, site.bases).values() if row.source_id == "talbote" and row.state == "unchanged"
    )
    site.set_night(1)
    first = get(row.url)[2]
    site.set_night(2)
    assert get(row.url)[2] != first


def test_the_damaged_pages_are_damaged(site: DemoSite) -> None:
    """Cut gzip, mojibake, latin-1 with a wrong name, half HTML, a PDF called HTML, a shell without text."""
    site.set_night(1)
    rows = expected(1, site.bases)
    cut = next(url for url, row in rows.items() if row.reason == "truncated")
    with pytest.raises(EOFError):
        gzip.decompress(get(cut)[2])
    mojibake = next(row for row in rows.values() if row.is_mojibake)
    assert mojibake.paragraphs[1] not in get(mojibake.url)[2].decode()
    pages = {row.title: get(url) for url, row in rows.items() if row.title}
    latin = pages["La biblioteca que llega en mula cumple veinticinco años"]
    assert latin[1].get_content_charset() == "iso-8859-1"
    with pytest.raises(UnicodeDecodeError):
        latin[2].decode("utf-8")
    half = pages["In der „Alten Post“ wird wieder gekocht"][2]
    assert half.count(b"<div") > half.count(b"</div")
    assert b"</body>" not in half
    pdf = get(next(url for url, row in rows.items() if row.reason == "not_html"))
    assert pdf[1].get_content_type() == "text/html"
    assert pdf[2].startswith(b"%PDF-")


def test_the_site_remembers_who_asked_for_what() -> None:
    """Paper, path with query, and status, in order."""
    with DemoSite(FREE) as running:
        get(running.bases["talbote"] + "/nothing?x=1")
        get(running.bases["gazette"] + "/robots.txt")
        assert running.requests == [("talbote", "/nothing?x=1", 404), ("gazette", "/robots.txt", 200)]


def test_start_and_stop_leave_no_thread_and_no_port() -> None:
    """Also with a connection that the client keeps open; a stopped site can be stopped again and started again."""
    before = set(threading.enumerate())
    site = DemoSite(FREE)
    bases = site.start()
    port = int(bases["gazette"].rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port)) as idle:
        idle.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(64).startswith(b"HTTP/1.1 200")
        site.stop()
    site.stop()
    assert set(threading.enumerate()) == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    with DemoSite(FREE | {"gazette": port}) as again:
        assert get(again.bases["gazette"] + "/")[0] == 200


def test_a_port_in_use_is_told_and_none_stays_open() -> None:
    """One sentence with the port; the ports that were opened before it are closed again."""
    with socket.create_server(("127.0.0.1", 0)) as holder, socket.create_server(("127.0.0.1", 0)) as probe:
        taken, free = holder.getsockname()[1], probe.getsockname()[1]
        probe.close()
        with pytest.raises(UsageError, match=rf"^Port {taken}, where .* is in use: .*\.$"):
            DemoSite({"gazette": free, "valle": taken, "talbote": 0}).start()
        with socket.create_server(("127.0.0.1", free)):
            pass


def test_there_is_no_fourth_night(site: DemoSite) -> None:
    """A wrong night is refused, and the site goes on as it was."""
    with pytest.raises(ValueError, match="nights 1, 2, 3"):
        site.set_night(4)
    assert get(site.bases["gazette"] + "/")[0] == 200


def test_the_default_ports_are_outside_the_ephemeral_ranges() -> None:
    """No program that merely opens connections can hold one: Linux gives 32768 and up, macOS 49152 and up."""
    assert len(set(DEFAULT_PORTS.values())) == 3
    assert all(1024 < port < 32768 for port in DEFAULT_PORTS.values())
