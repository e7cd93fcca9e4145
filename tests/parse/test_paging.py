"""Articles in several pages: joined in order, once, under the first page's name; or flagged, or refused by name."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from schemas.capture import Candidate, Capture
from schemas.table import empty, frame
from tasks.io.captures import CaptureWriter
from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext
from tasks.parse.model import ParsedPage, Pattern
from tasks.parse.paging import FORMS, numbered
from tasks.parse.shard import ParseSettings, parse_captures
from tests.parse.pages_kit import SENTENCE, article, page
from tests.parse.test_shard import AT, capture

STEM = "https://www.harbour-herald.example/news/long-read"
INTRO = "The harbour has had four bridges in three hundred years, and this is the tale of every one of them."


@pytest.mark.parametrize("form", FORMS, ids=["query", "step", "bare", "file"])
def test_forms(form: Pattern) -> None:
    """Each way of numbering matches its example and spares the URL like it."""
    assert form.regex.match(form.matches)
    assert not form.regex.match(form.spares)


@pytest.mark.parametrize(
    ("url", "stem", "number"),
    [
        (f"{STEM}?page=3", STEM, 3),
        (f"{STEM}?a=1&page=3", f"{STEM}?a=1", 3),
        (f"{STEM}?page=3&z=1", f"{STEM}?z=1", 3),
        (f"{STEM}?a=1&page=3&z=1", f"{STEM}?a=1&z=1", 3),
        (f"{STEM}/page/2/", STEM, 2),
        (f"{STEM}/2/", STEM, 2),
        (f"{STEM}_2.html", f"{STEM}.html", 2),
        (f"{STEM}/", STEM, 1),
        ("https://a.example/2024/05/12", "https://a.example/2024/05/12", 1),
    ],
)
def test_numbered(url: str, stem: str, number: int) -> None:
    """All pages of an article share a stem; a date is no number of a page."""
    assert numbered(url) == (stem, number)


def part(number: int, last: int, *, rel: bool = True) -> str:
    """One page of an article in parts, with its neighbours and the introduction that each page repeats."""
    near = [at for at in (number - 1, number + 1) if 1 <= at <= last]
    names = {number - 1: "prev", number + 1: "next"}
    urls = {at: STEM if at == 1 else f"{STEM}?page={at}" for at in near}
    head = "".join(f'<link rel="{names[at]}" href="{urls[at]}">' for at in near) if rel else ""
    feet = "" if rel else "".join(f'<a href="{urls[at]}"><b>{at}</b></a>' for at in near)
    story = "".join(f"<p>{SENTENCE * 3}Part {number}, paragraph {line} ends here.</p>" for line in range(3))
    shown = f'<img src="/i/all.jpg"><img src="/i/{number}.jpg">'
    return page(head, f"<p>{INTRO}</p>{shown}{story}<div>{feet}</div>")


def parsed(folder: Path, pages: dict[str, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(articles, quarantine) of these pages, captured a minute apart."""
    run = RunContext("20260301T000000-aaaaaa", datetime(2026, 3, 1, tzinfo=UTC), DataFolder(folder))
    rows = []
    with CaptureWriter(run.folder, run.run_id, run.now, "s1") as writer:
        for minute, (url, markup) in enumerate(pages.items()):
            at = AT + timedelta(minutes=minute)
            place = writer.write_resource(url, at, markup.encode(), "text/html")
            where = {"capture_uri": place.uri, "capture_offset": place.offset, "payload_digest": place.digest}
            rows.append(capture(url, **{**where, "captured_at": at}))
    captures = frame(Capture, rows)
    return parse_captures(captures, empty(Candidate), run, ParseSettings(workers=0))


def urls(last: int) -> dict[int, str]:
    """The URLs of an article in so many pages."""
    return {number: STEM if number == 1 else f"{STEM}?page={number}" for number in range(1, last + 1)}


@pytest.mark.faults
@pytest.mark.parametrize("rel", [True, False])
def test_D12_pages_are_joined_in_order(tmp_path: Path, rel: bool) -> None:
    """Three pages, fetched in any order, are one article with one text; what each repeats stands there once."""
    pages = {urls(3)[number]: part(number, 3, rel=rel) for number in (2, 1, 3)}
    articles, refused = parsed(tmp_path, pages)
    assert refused.is_empty()
    assert articles.height == 3  # one row for each URL: store keeps one and calls the others its further names
    assert articles["article_id"].n_unique() == articles["content_hash"].n_unique() == 1
    assert set(articles["canonical_url"]) == {STEM}
    body = articles["body"][0]
    places = [body.index(f"Part {number}, paragraph {line}") for number in (1, 2, 3) for line in range(3)]
    assert places == sorted(places)
    assert body.count(INTRO) == 1
    shown = [(image["url"].rpartition("/")[2], image["place"]) for image in articles["images"][0]]
    assert shown == [("all.jpg", 1), ("1.jpg", 1), ("2.jpg", 4), ("3.jpg", 7)]
    assert not any("partial" in flags for flags in articles["flags"])
    assert {"field": "body", "origin": "pages", "value": "1-3"} in articles["field_sources"][0].to_list()


@pytest.mark.faults
def test_D12_a_missing_page_is_flagged(tmp_path: Path) -> None:
    """Without page 2 the article is page 1, flagged partial; page 3 alone is refused by its kind, not stored."""
    pages = {urls(3)[number]: part(number, 3) for number in (1, 3)}
    articles, refused = parsed(tmp_path, pages)
    assert articles["flags"].to_list() == [["partial"]]
    assert "Part 3" not in articles["body"][0]
    assert refused.select("reason", "page_kind").rows() == [("page_kind", "later_page")]


def test_a_later_page_alone_is_no_article(tmp_path: Path) -> None:
    """Page 2 never stands for its article, which may be stored whole."""
    articles, refused = parsed(tmp_path, {urls(3)[2]: part(2, 3)})
    assert articles.is_empty()
    assert refused["rule"].to_list() == ["page_without_those_before_it"]


SINGLE = [
    ("next_post", '<link rel="next" href="/news/another-story">', "", STEM),
    ("comments", "", f'<div id="comments"><a href="{STEM}?page=2">2</a></div>', STEM),
    ("footnote", "", '<a href="#2">2</a>', STEM),
    ("number_of_another", "", '<a href="/news/other?page=2">2</a>', STEM),
    ("words", "", f'<a href="{STEM}?page=2">The second part of the plan</a>', STEM),
    ("own_number_alone", "", "", f"{STEM}?page=2"),
    ("slug", '<link rel="prev" href="/news/flight_369.html">', "", "https://www.harbour-herald.example/news/flight_370.html"),
]  # fmt: skip


@pytest.mark.parametrize(("head", "foot", "url"), [case[1:] for case in SINGLE], ids=[case[0] for case in SINGLE])
def test_single_pages(head: str, foot: str, url: str) -> None:
    """Next posts, comments, footnotes and numbers that nobody confirms make no article in parts."""
    story = "".join(f"<p>{SENTENCE * 3}Paragraph {line} ends here.</p>" for line in range(4))
    found = article(page(head, story + foot), url=url)
    assert isinstance(found, ParsedPage)
    assert found.paging is None
