"""Live blogs: their entries with times, from JSON-LD or microdata, and none for what is no live blog."""

from datetime import UTC, datetime

import pytest

from schemas.article import Article
from schemas.table import empty
from tasks.parse.model import Entry
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


def test_articles_have_none() -> None:
    """An article that carries updates of another page stays without entries."""
    assert article(page()).entries == ()


def test_older_rows_are_read() -> None:
    """The column may be null: rows that were written before it are good rows."""
    assert empty(Article).schema["entries"].inner.fields[0].dtype.time_zone == "UTC"  # type: ignore[attr-defined]
    assert Article.to_schema().columns["entries"].nullable
