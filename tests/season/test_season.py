"""The season that the radar is measured on: the same each time, labelled truly, and as uneven as real papers are."""

from collections import Counter
from datetime import date
from itertools import pairwise
from statistics import fmean, variance

import pytest

from benchmarks.season.breaks import FIRST_NIGHT, KINDS, LONGEST, REST, Break
from benchmarks.season.calendars import WEEKDAYS, easter, holidays
from benchmarks.season.damage import SPOILERS
from benchmarks.season.frames import article_rows, label_rows, page_rows, source_rows
from benchmarks.season.season import DEV_SEEDS, HELD_OUT_SEEDS, Season
from benchmarks.season.sources import Paper
from schemas.article import Article


@pytest.fixture(scope="module")
def season() -> Season:
    """A season of all sizes; its nights are made when they are asked for."""
    return Season(7)


def test_a_seed_gives_the_same_season_again(season: Season) -> None:
    """Labels and rows are a function of the seed alone, in whatever order nights are asked for."""
    again = Season(7)
    assert again.breaks == season.breaks
    assert again.papers == season.papers
    again.night(5)
    assert article_rows(again.night(90)).equals(article_rows(season.night(90)))
    assert Season(8).breaks != season.breaks


def test_seeds_to_tune_on_and_seeds_to_report_on_are_apart() -> None:
    """No season is in both, nor the same under another number."""
    assert not set(DEV_SEEDS) & set(HELD_OUT_SEEDS)
    breaks = [tuple(Season(seed).breaks) for seed in (*DEV_SEEDS, *HELD_OUT_SEEDS)]
    assert len(set(breaks)) == len(breaks)


def test_rows_are_articles_as_validate_gets_them(season: Season) -> None:
    """A night fits the model, and each helper frame has its row for each article or source."""
    night = season.night(120)
    rows = article_rows(night)
    Article.to_schema().validate(rows, lazy=True)
    assert rows["url"].to_list() == page_rows(night)["url"].to_list() == label_rows(night)["url"].to_list()
    assert source_rows(night)["articles"].sum() == rows.height
    counted = [len(body.split()) for body in rows["body"]]
    assert counted == rows["word_count"].to_list()


def test_every_kind_has_its_damage_and_its_place() -> None:
    """No kind without a rule of what it does, none that two seasons never show."""
    assert {kind.name for kind in KINDS} == set(SPOILERS)
    placed = Counter(found.kind for seed in HELD_OUT_SEEDS for found in Season(seed).breaks)
    assert set(placed) == set(SPOILERS)
    assert max(placed.values()) <= 4 * min(placed.values())


def test_breaks_are_apart_and_leave_time_to_learn(season: Season) -> None:
    """A source is whole for six weeks before its first break and for five between two; none lasts for months."""
    joins = {paper.source_id: paper.joins for paper in season.papers}
    for source_id, joined in joins.items():
        own = sorted((found for found in season.breaks if found.source_id == source_id), key=lambda it: it.first_night)
        assert all(later.first_night - earlier.last_night >= REST for earlier, later in pairwise(own))
        assert all(found.first_night >= joined + FIRST_NIGHT for found in own)
        assert all(found.last_night - found.first_night <= LONGEST for found in own)


def test_only_articles_of_a_broken_source_are_labelled(season: Season) -> None:
    """A broken article stands in a night of its source's break and bears its kind; a whole one differs from none."""
    for number in range(80, 360, 40):
        night = season.night(number)
        for source in night.sources:
            found = season.broken(source.source_id, number)
            kinds = {draft.broken for draft in source.drafts} - {None}
            assert kinds <= ({found.kind} if found else set())


@pytest.mark.parametrize("kind", sorted(set(SPOILERS) - {"volume_collapse", "section_missing"}))
def test_a_break_shows_in_the_rows(kind: str) -> None:
    """Over a break at least ten articles are labelled, and a partial one leaves most as they are."""
    season, found = _first(kind)
    paper = _paper(season, found.source_id)
    nights = range(found.first_night, found.last_night + 1)
    drafts = [draft for night in nights for draft in season.source_night(paper, night).drafts]
    broken = [draft for draft in drafts if draft.broken == kind]
    assert len(broken) >= (4 if kind == "template_loses_body" else 5)
    if kind.startswith("partial"):
        assert 0.1 < len(broken) / len(drafts) < 0.5


def test_a_collapsed_source_lists_little() -> None:
    """What it still lists is far less than what was expected of it, and all of that is whole."""
    season, found = _first("volume_collapse")
    paper, nights = _paper(season, found.source_id), range(found.first_night, found.last_night + 1)
    drafts = [draft for night in nights for draft in season.source_night(paper, night).drafts]
    assert len(drafts) < 0.4 * sum(season.expected(paper, night) for night in nights)
    assert not any(draft.broken for draft in drafts)


def test_a_missing_section_is_gone_and_the_others_are_not() -> None:
    """The largest section is there the night before, and not once in the break."""
    season, found = _first("section_missing")
    paper = _paper(season, found.source_id)
    lost = max(paper.sections, key=lambda name: paper.sections[name])
    before, broken = (
        {draft.section for night in nights for draft in season.source_night(paper, night).drafts}
        for nights in (range(found.first_night - 14, found.first_night), range(found.first_night, found.last_night + 1))
    )
    assert before - broken == {lost}


def test_days_are_uneven_as_real_ones_are(season: Season) -> None:
    """A day's articles vary more than by chance alone, and follow the weekday and the trend that was drawn."""
    paper = max(season.papers, key=lambda paper: paper.size)
    nights = [night for night in range(1, 120) if not season.broken(paper.source_id, night)]
    ratios = [season.source_night(paper, night).listed - season.expected(paper, night) for night in nights]
    expected = fmean(season.expected(paper, night) for night in nights)
    assert variance(ratios) > 2 * expected
    assert abs(fmean(ratios)) < 0.1 * expected


def test_papers_are_of_all_kinds(season: Season) -> None:
    """From two articles a day to hundreds, weeklies too; authors from a third of the articles to all of them."""
    sizes = [paper.size for paper in season.papers]
    assert min(sizes) < 3
    assert 200 < max(sizes) <= 300
    assert sum(paper.profile == "weekly" for paper in season.papers) >= 2
    fills = [paper.fill["authors"] for paper in season.papers]
    assert min(fills) < 0.55
    assert max(fills) > 0.95
    assert any(paper.redesigns for paper in season.papers)
    assert any(paper.pause for paper in season.papers)


def test_nothing_is_written_on_a_holiday_of_the_paper() -> None:
    """A paper that pauses gives no article, and no break touches its pause."""
    season = next(season for season in map(Season, DEV_SEEDS) if any(paper.pause for paper in season.papers))
    for paper in season.papers:
        if paper.pause:
            assert not any(
                season.source_night(paper, night).listed for night in range(paper.pause[0], paper.pause[1] + 1)
            )
            assert not any(season.broken(paper.source_id, night) for night in range(paper.pause[0], paper.pause[1] + 1))


def test_the_night_after_a_missed_one_brings_both_days() -> None:
    """Two nights of a season have no run; what they would have brought comes a night later."""
    season = Season(7, papers=2)
    assert not season.missed & {night.number for night in season.nights()}
    missed, papers = sorted(season.missed), season.papers
    collected = [[season.expected(paper, night + 1) for paper in papers] for night in missed]
    season.missed = frozenset()
    apart = [
        [season.expected(paper, night) + season.expected(paper, night + 1) for paper in papers] for night in missed
    ]
    assert collected == [pytest.approx(both) for both in apart]


@pytest.mark.parametrize(
    ("year", "sunday"), [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5))]
)
def test_easter(year: int, sunday: date) -> None:
    """Known dates of Easter."""
    assert easter(year) == sunday


def test_holidays_of_countries() -> None:
    """Moving ones move, and a working day is none."""
    assert date(2025, 4, 21) in holidays("DE", 2025)
    assert date(2025, 11, 27) in holidays("US", 2025)
    assert date(2025, 3, 12) not in holidays("DE", 2025)
    assert all(len(factors) == 7 for factors in WEEKDAYS.values())


def test_elements_of_a_page_change_with_the_template(season: Season) -> None:
    """Two pages of one template share nearly all elements, those of two eras few, and a build renames half of some."""
    plain = next(paper for paper in season.papers if not paper.hashed)
    old, again, new = (
        set(season.elements(f"{plain.source_id}/{word}"))
        for word in ("0/article/a/0", "0/article/b/0", "1/article/a/0")
    )
    assert len(old & again) / len(old | again) > 0.9
    assert len(old & new) / len(old | new) < 0.4


def _first(kind: str) -> tuple[Season, Break]:
    return next(
        (season, found) for season in map(Season, HELD_OUT_SEEDS) for found in season.breaks if found.kind == kind
    )


def _paper(season: Season, source_id: str) -> Paper:
    return next(paper for paper in season.papers if paper.source_id == source_id)
