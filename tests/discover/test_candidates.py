"""From items to candidate rows: patterns, other sites, caps, one row a URL."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from schemas.capture import Candidate
from schemas.source import Source
from schemas.table import empty
from tasks.discover.candidates import Tally, candidate_rows
from tasks.discover.items import Item
from tests.conftest import NIGHT


def source(**more: Any) -> Source:
    """A feed, unless told otherwise."""
    return Source.model_validate({"id": "a", "kind": "feed", "url": "https://feeds.x.org/rss"} | more)


def items(*urls: str) -> list[Item]:
    """Items of these URLs."""
    return [Item(url=url) for url in urls]


def test_rows_say_what_the_items_say() -> None:
    """Every fact of the listing is in its column; what the user says of the language stands above the feed."""
    facts = {"title": "T", "authors": ("A", "B"), "published": "P", "modified": "M", "summary": "S", "tags": ("t",)}
    item = Item(url="https://www.x.co.uk/1", language="en-us", listing_url="L", **facts)  # type: ignore[arg-type]
    row = candidate_rows(source(), [item], NIGHT)[0].row(0, named=True)
    assert row | {"url_id": ""} == {
        "url_id": "", "url": "https://www.x.co.uk/1", "site": "x.co.uk", "source_id": "a", "seq": 0,
        "listing_url": "L", "listed_title": "T", "listed_authors": ["A", "B"], "listed_published_at": "P",
        "listed_modified_at": "M", "listed_summary": "S", "listed_tags": ["t"], "listed_language": "en-us",
        "etag": None, "last_modified": None, "payload_digest": None, "failure_count": 0, "unchanged_count": 0,
        "last_full_at": None, "known_state": None, "known_article_id": None, "known_version_id": None,
        "capture_uri": None, "capture_offset": None,
    }  # fmt: skip
    told = candidate_rows(source(language="en", site="The X"), [item], NIGHT)[0].row(0, named=True)
    assert (told["listed_language"], told["site"]) == ("en", "The X")


def test_no_items_make_an_empty_frame() -> None:
    """A source that failed still has a part, with the right columns."""
    rows, tally = candidate_rows(source(), [], NIGHT)
    assert rows.schema == empty(Candidate).schema
    assert (len(rows), tally) == (0, Tally())


def test_doubles_are_one_row() -> None:
    """A URL that a listing names twice is one candidate, with what the first item says; a second record is another."""
    rows, _ = candidate_rows(source(), [Item(url="https://x.org/1", title="first"), *items("https://x.org/1")], NIGHT)
    assert rows["listed_title"].to_list() == ["first"]
    records = [Item(url="https://x.org/1", capture_uri="w", capture_offset=offset) for offset in (0, 9, 9)]
    archive = source(kind="warc", url=None, path="w.warc")
    assert candidate_rows(archive, records, NIGHT)[0]["capture_offset"].to_list() == [0, 9]


@pytest.mark.faults
@pytest.mark.parametrize(
    ("more", "kept", "foreign"),
    [
        ({"kind": "sitemap"}, ["https://x.org/1", "https://www.x.org/2"], 1),
        ({"kind": "sitemap", "cross_host": True}, ["https://x.org/1", "https://www.x.org/2", "https://y.org/3"], 0),
        ({}, ["https://x.org/1", "https://www.x.org/2", "https://y.org/3"], 0),
        ({"cross_host": False}, ["https://x.org/1", "https://www.x.org/2"], 1),
    ],
)
def test_C11_other_sites_only_where_the_source_takes_them(more: dict[str, Any], kept: list[str], foreign: int) -> None:
    """A sitemap's URLs of other sites are left out and counted, a feed's are taken, and the user may say otherwise."""
    rows, tally = candidate_rows(
        source(**more), items("https://x.org/1", "https://www.x.org/2", "https://y.org/3"), NIGHT
    )
    assert (rows["url"].to_list(), tally.foreign) == (kept, foreign)


def test_patterns_leave_out_and_count() -> None:
    """What the patterns leave out is counted, and does not use up the cap."""
    listed = items(*(f"https://x.org/{'sport' if n % 2 else 'news'}/{n}" for n in range(10)))
    rows, tally = candidate_rows(source(exclude=["/sport/*"], max_items=3), listed, NIGHT)
    assert rows["url"].to_list() == [f"https://x.org/news/{n}" for n in (0, 2, 4)]
    assert tally == Tally(excluded=5, capped=2)


@pytest.mark.faults
def test_C4_the_cap_keeps_the_newest() -> None:
    """Beyond the cap the oldest are left out and counted; a date far ahead does not count as new."""
    days = [NIGHT - timedelta(days=n) for n in range(5)]
    listed = [Item(url=f"https://x.org/{n}", published=day.isoformat()) for n, day in enumerate(reversed(days))]
    listed.insert(0, Item(url="https://x.org/ahead", published="2099-01-01"))
    rows, tally = candidate_rows(source(max_items=2), listed, NIGHT)
    assert rows["url"].to_list() == ["https://x.org/3", "https://x.org/4"]
    assert tally.capped == 4


@pytest.mark.faults
def test_C8_a_feed_of_its_whole_history_is_capped() -> None:
    """30,000 items at once cost 10,000 candidates at most; the rest is in capped_count."""
    rows, tally = candidate_rows(source(), items(*(f"https://x.org/{n}" for n in range(30_000))), NIGHT)
    assert (len(rows), tally.capped) == (10_000, 20_000)


def test_site_of_documents() -> None:
    """A document's site is its folder's name, unless the source names one."""
    listed = [Item(url="file:///d/gazette/a.txt", modified="M")]
    folder = source(kind="folder", url=None, path=Path("d"))
    assert candidate_rows(folder, listed, NIGHT)[0]["site"].to_list() == ["gazette"]
    named = folder.model_copy(update={"site": "gazette.org"})
    assert candidate_rows(named, listed, NIGHT)[0]["site"].to_list() == ["gazette.org"]
