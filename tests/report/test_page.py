"""The page of a run: all of it in one file, true, and safe whatever stands in the pages of others."""

import re
from pathlib import Path

import pytest
from lxml import etree
from markupsafe import Markup

from schemas.summary import Counts, RunSummary
from tasks.errors import DataFolderError, DiskError, UsageError
from tasks.io.folder import DataFolder
from tasks.report import charts, page
from tasks.report import task as shell
from tasks.report.facts import RunFacts, read_facts
from tasks.report.figures import RunFigures, read_figures, read_summary
from tasks.report.page import hours, link, number, percent, report_page, write_page
from tests.report.season import LAST, MARKUP, thirty_nights
from tests.sql.dataset import day, newspaper
from tests.up.desk import run_copydesk


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """Thirty nights, published."""
    folder = DataFolder(tmp_path_factory.mktemp("season") / "data")
    folder.prepare()
    thirty_nights(folder)
    return folder


@pytest.fixture(scope="module")
def html(season: DataFolder) -> str:
    """The page of the last night."""
    return write_page(
        season, read_summary(season, LAST), read_facts(season, LAST), read_figures(season, LAST)
    ).read_text(encoding="utf-8")


@pytest.mark.faults
def test_I9_what_stands_in_pages_of_others_is_text(html: str) -> None:
    """A script in titles, values, messages, receipts and a URL: shown as text, and no link but http and https."""
    assert MARKUP not in html
    assert "&lt;script&gt;" in html
    assert re.findall(r"<(script|img|iframe|object|embed|form|link)\b", html) == []
    assert re.findall(r'href="(?!https?://)', html) == []
    assert "javascript:&lt;script" in html


def test_the_page_asks_for_nothing(html: str) -> None:
    """No address but of links that a person follows; a policy forbids all else; scripts there are none."""
    assert "default-src 'none'; style-src 'unsafe-inline'" in html
    assert re.findall(r"<[a-z][^>]*\bsrc=|url\(|@import|<base", html) == []
    assert len(html) < 100_000


def test_it_tells_what_the_views_tell(season: DataFolder, html: str) -> None:
    """Funnel, a source far below its band, what was held and why, cuts, a stealth edit and the slowest host."""
    figures = read_figures(season, LAST)
    (low,) = [row for row in figures.volumes if row["source_id"] == "abendblatt"]
    assert low["runs"][-1]["n"] < low["runs"][-1]["low"]
    assert len(low["runs"]) == 30
    assert [row["page_count"] for row in figures.refusals] == [41, 14, 1]
    assert figures.hosts[0]["host"] == "harbour-post.example"
    assert figures.edits[0]["kind_of_change"] == "stealth_edit"
    assert len(figures.quality) == 30
    assert len(figures.freshness) == 5
    for told in (
        "2 % of 41 pages had an author.",
        "12 million",
        "21 million",
        "odd-text",
        "stealth edit",
        "harbour-post",
    ):
        assert told in html


def test_a_night_before_others_has_no_band(season: DataFolder) -> None:
    """The first runs of a source have nothing to be held against, and no later run is looked at."""
    figures = read_figures(season, "night03")
    assert all(len(row["runs"]) == 3 and row["runs"][-1]["low"] is None for row in figures.volumes)
    assert len(figures.quality) == 3
    assert "no band yet" in report_page(read_summary(season, "night03"), RunFacts(), figures)


def test_a_run_without_rows_has_a_page() -> None:
    """A run that found nothing, or failed before it stored anything."""
    summary = RunSummary("r", "nightly", "failed", "The disk <b>is</b> full.", day(1), day(1), Counts())
    html = report_page(summary, RunFacts(alarms=(("disk_low", "dataset", 7, 2048, ""),)), RunFigures())
    assert "The disk &lt;b&gt;is&lt;/b&gt; full." in html
    assert "Only 7 MB are free" in html


def test_every_part_of_the_first_dataset_has_a_page(folder: DataFolder) -> None:
    """Two nights of two small papers, as other tests know them."""
    newspaper(folder)
    html = report_page(read_summary(folder, None), read_facts(folder, "night2"), read_figures(folder, "night2"))
    assert "Run night2" in html
    assert "<del>brigde</del> <ins>bridge</ins>" in html


def test_a_run_that_is_not_there_is_one_sentence(season: DataFolder) -> None:
    """No run of that name; and nothing published at all."""
    with pytest.raises(UsageError, match="no run nobody"):
        read_summary(season, "nobody")
    with pytest.raises(DataFolderError, match="yet"):
        read_summary(DataFolder(season.root / "empty"), None)


def test_the_command_writes_the_page_and_says_where(season: DataFolder) -> None:
    """`copydesk report` takes the last run, `copydesk report RUN` another; a wrong one is exit code 2."""
    last = run_copydesk("report", "--data", str(season.root))
    assert last.returncode == 0, last.stderr
    assert Path(last.stdout.strip()) == (season.reports / f"{LAST}.html").resolve()
    wrong = run_copydesk("report", "nobody", "--data", str(season.root))
    assert wrong.returncode == 2
    assert "no run nobody" in wrong.stderr


async def test_a_full_disk_fails_no_run_by_its_report(season: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page cannot be written: the report is made all the same, without one."""

    def full(*_args: object) -> Path:
        raise DiskError("The disk is full.")

    monkeypatch.setattr(shell, "write_page", full)
    made = await shell.report.fn(season, read_summary(season, LAST))
    assert made.page is None
    assert "# Run night30" in made.markdown


@pytest.mark.parametrize(
    "drawn",
    [
        charts.stacked_bar([("good", 3), ("bad", 0), ("warn", 1)]),
        charts.stacked_bar([]),
        charts.bar(3, 4),
        charts.bar(0, 0),
        charts.spread_bar(1, 2, 2),
        charts.band_line([1, None, 3, 4], [None, 0, 1, 1], [None, 4, 4, 3]),
        charts.band_line([0], [None], [None]),
        charts.trend_line([0.5, 0.5]),
        charts.trend_line([None, 1, 2, None]),
    ],
)
def test_charts_are_whole_svg(drawn: Markup) -> None:
    """Each is XML, has a view box, and no number that is none."""
    root = etree.fromstring(drawn)
    assert root.tag.endswith("svg")
    assert root.get("viewBox")
    assert "nan" not in drawn
    assert "None" not in drawn


def test_a_value_outside_of_its_band_stands_out() -> None:
    """The dot of the last value is odd below or above the band, and not within it or without one."""
    assert "odd" in charts.band_line([1, 9], [2, 2], [4, 4])
    assert "odd" in charts.band_line([3, 1], [2, 2], [4, 4])
    assert "odd" not in charts.band_line([9, 3], [2, 2], [4, 4])
    assert "odd" not in charts.band_line([9, 3], [None, None], [None, None])
    assert charts.trend_line([None, None]) == ""


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (number(0), "0"),
        (number(1234567), "1\u202f234\u202f567"),
        (number(7.25), "7.2"),
        (number(None), "–"),
        (percent(0.5), "50 %"),
        (percent(None), "–"),
        (hours(0.4), "24 min"),
        (hours(60), "2.5 d"),
        (link("https://a.example/"), "https://a.example/"),
        (link("file:///etc/passwd"), None),
        (page.sentence("no such code"), ""),
    ],
)
def test_values_for_people(shown: str | None, text: str | None) -> None:
    """Numbers, shares, times and links as the page writes them."""
    assert shown == text
