"""Live blogs: their entries with times, from JSON-LD or microdata, and none for what is no live blog."""

from datetime import UTC, datetime

import pytest

from schemas.article import Article
from schemas.table import empty
from tasks.parse.live import places_of
from tasks.parse.model import Block, Entry
from tests.parse.pages_kit import SENTENCE, STORY, URL, article, page

EARLY, LATE = datetime(2026, 1, 30, 6, 10, tzinfo=UTC), datetime(2026, 1, 30, 9, 45, tzinfo=UTC)


def blog(updates: str) -> str:
    """A JSON-LD script of a live blog with these updates."""
    node = f'{{"@type": "LiveBlogPosting", "headline": "H", "liveBlogUpdate": {updates}}}'
    return f'<script type="application/ld+json">{node}</script>'


UPDATES = [
    (
        "two_newest_first",
        '[{"@type": "BlogPosting", "headline": "Power back", "datePublished": "2026-01-30T10:45:00+01:00",'
        ' "url": "#b"},'
        ' {"@type": "BlogPosting", "headline": "Ferries stop", "datePublished": "2026-01-30T06:10:00Z"}]',
        [Entry(EARLY, "Ferries stop", None), Entry(LATE, "Power back", URL)],
    ),
    ("one", '{"headline": "Ferries", "datePublished": "2026-01-30T06:10:00Z"}', [Entry(EARLY, "Ferries", None)]),
    (
        "without_time",
        '[{"headline": "Soon"}, {"datePublished": "2026-01-30T06:10:00Z"}]',
        [Entry(EARLY, None, None), Entry(None, "Soon", None)],
    ),
    ("doubled", '[{"headline": "A"}, {"headline": "A"}]', [Entry(None, "A", None)]),
    ("odd", '[5, null, "x", {"headline": 7, "datePublished": "soon"}]', []),
]  # fmt: skip


@pytest.mark.faults
@pytest.mark.parametrize(("updates", "entries"), [case[1:] for case in UPDATES], ids=[case[0] for case in UPDATES])
def test_D11_live_blog_entries(updates: str, entries: list[Entry]) -> None:
    """Each update is an entry with its moment in time, the oldest first; what is none is left alone."""
    found = article(page(blog(updates)))
    assert found.page_kind == "live_blog"
    assert list(found.entries) == entries


def test_microdata() -> None:
    """Without JSON-LD updates, elements with itemprop liveBlogUpdate are the entries."""
    updates = (
        '<div itemprop="liveBlogUpdate"><h2 itemprop="headline">Ferries stop</h2>'
        f'<time itemprop="datePublished" datetime="2026-01-30T06:10:00Z">6.10</time><p>{SENTENCE * 3}</p></div>'
    )
    found = article(page(blog("[]"), STORY + updates))
    assert list(found.entries) == [Entry(EARLY, "Ferries stop", None)]


def test_entries_have_their_place_in_the_text() -> None:
    """By headline, else by the first words; equal ones in their order, and None for what the text does not have."""
    blocks = [
        Block("paragraph", text) for text in ("Welcome to our blog", "Ferries stop", SENTENCE, "Ferries stop", "x")
    ]
    entries = [
        Entry(None, "Ferries stop", None), Entry(None, "FERRIES STOP!", None), Entry(None, "Ferries stop", None),
        Entry(None, "Other words", None, SENTENCE * 3), Entry(EARLY, None, None), Entry(None, "x", None),
    ]  # fmt: skip
    assert places_of(entries, blocks) == (1, 3, None, 2, None, None)


def test_places_of_a_page() -> None:
    """The row's places lead to the blocks that the entries begin with, the oldest entry first."""
    updates = (
        '[{"headline": "Ferries stop at noon", "datePublished": "2026-01-30T06:10:00Z"},'
        ' {"headline": "Power is back again", "datePublished": "2026-01-30T09:45:00Z"}]'
    )
    body = f"{STORY}<h2>Power is back again</h2><p>{SENTENCE * 4}</p><h2>Ferries stop at noon</h2><p>{SENTENCE * 5}</p>"
    found = article(page(blog(updates), body))
    starts = [found.body.blocks[place].text for place in found.entry_places if place is not None]
    assert starts == ["Ferries stop at noon", "Power is back again"]


def test_articles_have_none() -> None:
    """An article that carries updates of another page stays without entries."""
    assert article(page()).entries == ()


def test_older_rows_are_read() -> None:
    """The column may be null: rows that were written before it are good rows."""
    assert empty(Article).schema["entries"].inner.fields[0].dtype.time_zone == "UTC"  # type: ignore[attr-defined]
    assert Article.to_schema().columns["entries"].nullable
