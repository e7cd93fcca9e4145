"""Three nights of the demo site through the real steps, held against what its content files foretell."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

import copydesk
from copydesk.demo.expected import Expected, expected
from copydesk.demo.papers import NIGHTS, write_sources
from copydesk.demo.server import DemoSite
from schemas.summary import RunSummary
from tasks.discover.sources_file import load_sources
from tasks.io.folder import DataFolder
from tests.flows.nights import run_night

ANY_PORTS = {"gazette": 0, "valle": 0, "talbote": 0}


class Nights:
    """What the three nights left: the folder, each night's summary, and what was foretold."""

    def __init__(self, folder: DataFolder, summaries: dict[int, RunSummary], bases: dict[str, str]) -> None:
        self.folder = folder
        self.summaries = summaries
        self.foretold = {night: expected(night, bases) for night in NIGHTS}
        self.rerun: RunSummary | None = None

    def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        """The answer of a query over the published database."""
        with copydesk.connect(self.folder.root) as dataset:
            answer = dataset.execute(query, parameters)
            names = [column[0] for column in answer.description]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    """Three nights, and then the third once more, an hour later."""
    folder = DataFolder(tmp_path_factory.mktemp("demo") / "dä ta%20")
    folder.prepare()
    with DemoSite(ANY_PORTS) as site:
        path = folder.root / "sources.yaml"
        write_sources(path, site.bases)
        sources = load_sources(path)
        summaries = {}
        for night in NIGHTS:
            site.set_night(night)
            summaries[night] = run_night(folder, sources, NIGHTS[night])
        found = Nights(folder, summaries, dict(site.bases))
        found.rerun = run_night(folder, sources, NIGHTS[3].replace(hour=3))
        yield found


@pytest.mark.parametrize("night", NIGHTS)
def test_every_url_ends_as_foretold(nights: Nights, night: int) -> None:
    """Each listed URL is known, or has the one ledger row with the foretold state and reason."""
    summary = nights.summaries[night]
    ledger = {
        row["url"]: (row["state"], row["reason"])
        for row in nights.rows("from ledger where run_id = ? and kind = 'page'", summary.run_id)
    }
    foretold = {url: (row.state, row.reason) for url, row in nights.foretold[night].items()}
    assert summary.counts.balanced
    assert summary.counts.found == len(foretold)
    assert summary.counts.known == len(foretold) - len(ledger)
    assert ledger == {url: foretold[url] for url in ledger}


def newest(nights: Nights) -> dict[str, Expected]:
    """What was foretold of each URL on the last night on which it was stored."""
    found = {}
    for night in NIGHTS:
        found.update({url: row for url, row in nights.foretold[night].items() if row.state == "stored"})
    return found


def test_the_current_articles_are_as_foretold(nights: Nights) -> None:
    """Title, body, people, dates and what moved into columns, of every article."""
    articles = {row["url"]: row for row in nights.rows("from articles")}
    foretold = newest(nights)
    assert set(articles) == set(foretold)
    for url, row in foretold.items():
        found = articles[url]
        assert (found["title"], found["body"]) == (row.title, row.body)
        assert (found["site"], found["source_id"]) == (row.site, row.source_id)
        assert found["canonical_url"] == row.canonical_url
        assert tuple(found["authors"]) == row.authors, url
        assert (found["language"], found["page_kind"]) == (row.language, row.page_kind), url
        assert (found["agency"], found["dateline"]) == (row.agency, row.dateline), url
        assert tuple(found["editor_initials"]) == row.editor_initials, url
        assert found["published_at"] == row.published_at, url


LEFT_OUT = {"promo_link", "promo_heading", "shortcode", "newsletter"}
"""Kinds of junk of which extraction leaves out some: boxes and links that were never text of the article."""
LONG_CUT = 8
"""Characters of a receipt that tell one from others; typos and initials are shorter."""


def test_every_cut_has_its_receipt(nights: Nights) -> None:
    """No foretold piece of junk is in a body; what extraction did not leave out was cut with a receipt."""
    bodies = {row["url"]: row["body"] for row in nights.rows("from articles")}
    for url, row in newest(nights).items():
        for mark in row.removed:
            assert mark.text not in bodies[url], (url, mark)
    receipts = nights.rows("from removals")
    cut = [row["text"] for row in receipts if len(row["text"]) >= LONG_CUT]
    marks = [mark for row in newest(nights).values() for mark in row.removed]
    uncut = {mark.kind for mark in marks if not any(mark.text in text or text in mark.text for text in cut)}
    assert uncut - {"typo", "editor_initials"} == LEFT_OUT
    kinds = Counter(row["kind"] for row in receipts)
    assert {"ad_marker", "promo_link", "editor_initials", "dateline"} <= set(kinds)


def test_changes_are_named(nights: Nights) -> None:
    """The fixed page, the rewritten one, the stealth edit and the one that goes back to its first text."""
    found = {
        (row["url"], row["kind_of_change"])
        for row in nights.rows("from article_versions where kind_of_change <> 'first'")
    }
    foretold = {
        (row.url, row.change)
        for night in NIGHTS
        for row in nights.foretold[night].values()
        if row.state == "stored" and row.change not in (None, "first")
    }
    assert found == foretold
    assert {"correction", "rewrite", "stealth_edit", "reverted"} <= {change for _, change in found}


def test_a_syndicated_copy_is_linked_and_a_page_taken_down_keeps_its_text(nights: Nights) -> None:
    """duplicate_of leads to the paper that was first; gone_at is set, the article stays."""
    copies = {row.url: row.same_text_as for row in newest(nights).values() if row.same_text_as}
    pairs = nights.rows(
        "select a.url, b.url as original from articles a join articles b on a.duplicate_of = b.version_id"
    )
    assert {row["url"]: row["original"] for row in pairs} == copies
    gone = nights.rows("select url, body, gone_at from articles where gone_at is not null")
    assert [row["url"] for row in gone] == [
        url for url, row in nights.foretold[3].items() if row.state == "gone" and url in newest(nights)
    ]
    assert all(row["body"] for row in gone)


def test_an_hour_later_nothing_is_new(nights: Nights) -> None:
    """All pages are known and not due, but those that failed; no version is added."""
    assert nights.rerun is not None
    counts = nights.rerun.counts
    assert counts.balanced
    assert counts.stored == 0
    assert counts.found == counts.known + counts.failed


def test_the_database_opens_with_plain_duckdb_from_anywhere(
    nights: Nights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """read_only, from another working directory."""
    monkeypatch.chdir(tmp_path)
    with duckdb.connect(str(nights.folder.database), read_only=True) as database:
        sites = database.execute("select site, count(*) from articles group by all").fetchall()
    assert {site for site, _ in sites} == {"harbourgazette.example", "vallenoticias.example", "talbote.example"}
