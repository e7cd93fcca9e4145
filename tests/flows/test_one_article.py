"""Several pages of one article, and what comes of it night after night: one article, every URL one final state."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from schemas.source import Source, SourceKind
from tasks.io.captures import CaptureWriter
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot
from tests.flows.nights import NIGHT, run_night
from tests.parse.pages_kit import SENTENCE, page
from tests.parse.test_paging import STEM, part, urls

pytestmark = pytest.mark.faults

OTHER = "https://www.harbour-herald.example/news/ferry"
OTHER_PAGE = page(
    body="".join(
        f"<p>The ferry stays for winter {number}, the council said on Monday, and {number + 40} people clapped.</p>"
        for number in range(9)
    ),
    title="The ferry stays for the winter",
)
"""Another article, so that a night is not one in which every page was refused."""


def night(root: Path, day: int, pages: dict[str, str]) -> dict[str, str]:
    """URL -> state after a night that reads these pages from an archive; the balance is checked by the run."""
    archive = DataFolder(root / f"archive-{day}")
    at = NIGHT + timedelta(days=day)
    with CaptureWriter(archive, f"202603{day:02}T000000-aaaaaa", at, "s1") as writer:
        for minute, (url, markup) in enumerate(pages.items()):
            writer.write_resource(
                url, at - timedelta(hours=1) + timedelta(minutes=minute), markup.encode(), "text/html"
            )
    source = Source(id="papers", kind=SourceKind.WARC, path=archive.root / "captures")
    run_night(DataFolder(root / "data"), [source], at)
    return states(root, at)


def states(root: Path, at: datetime) -> dict[str, str]:
    """URL -> last state of the pages in the ledger, as of that night."""
    rows = Snapshot.open(DataFolder(root / "data")).read("ledger")
    pages = rows.filter((rows["kind"] == "page") & (rows["recorded_at"] == at))
    return dict(pages.select("url", "state").iter_rows())


def versions(root: Path) -> list[tuple[str, str]]:
    """(canonical URL, body) of all versions."""
    rows = Snapshot.open(DataFolder(root / "data")).read("articles").sort("captured_at")
    return list(rows.select("canonical_url", "body").iter_rows())


def test_D12_three_pages_are_one_stored_article(tmp_path: Path) -> None:
    """Page 1 is stored with the whole text, pages 2 and 3 are further names of it."""
    found = night(tmp_path, 1, {urls(3)[number]: part(number, 3) for number in (1, 2, 3)})
    assert found == {urls(3)[1]: "stored", urls(3)[2]: "duplicate", urls(3)[3]: "duplicate"}
    ((canonical, body),) = versions(tmp_path)
    assert canonical == STEM
    assert "Part 3, paragraph 2" in body


def test_D12_a_later_page_leaves_the_whole_article_alone(tmp_path: Path) -> None:
    """When page 2 comes alone another night, it is refused, and the article stays as it was."""
    night(tmp_path, 1, {urls(2)[number]: part(number, 2) for number in (1, 2)})
    found = night(tmp_path, 2, {urls(2)[2]: part(2, 2).replace("ends here", "ends there"), OTHER: OTHER_PAGE})
    assert found == {urls(2)[2]: "quarantined", OTHER: "stored"}
    assert [canonical for canonical, _ in versions(tmp_path)] == [STEM, OTHER]


FULL = "".join(f"<p>{SENTENCE * 4}Paragraph {number} of the story ends here.</p>" for number in range(5))
STUB = f"<p>{SENTENCE * 2}</p><p>Subscribe to continue reading this story.</p>"
LD = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A", "isAccessibleForFree": %s}</script>'


def test_D13_a_stub_never_replaces_a_full_text(tmp_path: Path) -> None:
    """The night on which the page went behind the paywall leaves the text of the night before, and says why."""
    assert night(tmp_path, 1, {STEM: page(LD % "true", FULL)}) == {STEM: "stored"}
    assert night(tmp_path, 2, {STEM: page(LD % "false", STUB), OTHER: OTHER_PAGE}) == {
        STEM: "quarantined",
        OTHER: "stored",
    }
    (_, body), _ = versions(tmp_path)
    assert "Paragraph 4 of the story" in body
    refused = Snapshot.open(DataFolder(tmp_path / "data")).read("quarantine")
    assert refused["page_kind"].to_list() == ["paywall_stub"]


@pytest.mark.parametrize(
    "variant",
    [f"{STEM}/amp", f"{STEM}?output=amp", f"{STEM}?print=1", "https://m.harbour-herald.example/news/long-read"],
)
@pytest.mark.parametrize("names_its_canonical", [True, False])
def test_F3_variants_are_one_article(tmp_path: Path, variant: str, names_its_canonical: bool) -> None:
    """AMP, print and mobile pages are further readings of their article, also where they read a little differently.

    A mobile page that does not say whose variant it is, is known by its text alone.
    """
    head = f'<link rel="canonical" href="{STEM}">'
    told = names_its_canonical or "//m." not in variant
    more = f"<p>{SENTENCE}The end of this printed page.</p>" if told else ""
    pages = {STEM: page(head, FULL), variant: page(head if names_its_canonical else "", FULL + more)}
    night(tmp_path, 1, pages)
    assert {canonical for canonical, _ in versions(tmp_path)} == {STEM}
