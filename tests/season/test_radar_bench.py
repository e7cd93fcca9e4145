"""What `make bench-radar` counts: an all-seeing radar has a perfect score, a blind one none, and a nervous one pays."""

from collections.abc import Iterable

import pytest

from benchmarks.radar.bench import print_table, validate_seconds
from benchmarks.radar.scores import Score, score_alarms
from benchmarks.radar.watch import watch
from benchmarks.season.season import Season
from tasks.validate.radar import RadarSettings


@pytest.fixture(scope="module")
def season() -> Season:
    """A season of ten papers; only its labels are asked for."""
    return Season(9, papers=10)


def scored(season: Season, alarms: Iterable[tuple[str, int]]) -> dict[str, float | int]:
    """The figures for these alarms."""
    score, by_source = Score(), dict[str, set[int]]()
    for source_id, night in alarms:
        by_source.setdefault(source_id, set()).add(night)
    nights = [night for night in range(season.night_count) if night not in season.missed]
    polled = {paper.source_id: [night for night in nights if night >= paper.joins] for paper in season.papers}
    score_alarms(score, season, by_source, polled)
    return score.figures()


def test_an_alarm_in_each_break_finds_all(season: Season) -> None:
    """Found at once, without a false alarm."""
    figures = scored(season, [(found.source_id, found.first_night) for found in season.breaks])
    assert figures["found_share"] == 1
    assert figures["mean_delay_nights"] == 0
    assert figures["false_alarms"] == 0


def test_no_alarm_finds_none(season: Season) -> None:
    """Nothing found, nothing false."""
    figures = scored(season, [])
    assert figures["found_share"] == 0
    assert figures["breaks"] == len(season.breaks) > 5
    assert figures["false_alarms_per_source_month"] == 0


def test_nights_in_a_row_are_one_false_alarm(season: Season) -> None:
    """Three nights on end and one apart are two false alarms of four nights; before a source's first break all are."""
    source_id = next(paper.source_id for paper in season.papers if not paper.joins)
    nights = [night for night in range(2, 12) if night not in season.missed]
    figures = scored(season, [(source_id, night) for night in (*nights[:3], nights[5])])
    assert (figures["false_alarms"], figures["false_alarm_nights"]) == (2, 4)


def test_an_alarm_after_a_break_is_false(season: Season) -> None:
    """A source that is whole again is not to be told of."""
    found = season.breaks[0]
    figures = scored(season, [(found.source_id, found.last_night), (found.source_id, found.last_night + 1)])
    assert figures["false_alarms"] == 1
    assert figures["found_share"] == round(1 / len(season.breaks), 4)


def test_the_radar_is_watched_night_by_night(capsys: pytest.CaptureFixture[str]) -> None:
    """A short season runs to its end, every article is counted once, and the table names each kind of break."""
    season, score, told = Season(2, papers=3, nights=70), Score(), list[int]()
    watch(season, score, RadarSettings(), told.append)
    counted = score.healthy.count + sum(part.count for parts in (score.broken, score.beside) for part in parts.values())
    assert counted == sum(len(source.drafts) for night in season.nights() for source in night.sources)
    assert len(told) == 70 - len(season.missed)
    print_table(score)
    printed = capsys.readouterr().out
    assert all(found.kind in printed for found in season.breaks)


def test_validation_is_timed() -> None:
    """A thousand rows take some time, and less than a minute."""
    assert 0 < validate_seconds(1000) < 60
