"""One season before the radar: night by night, as the stage would call it, and what it said held against the truth."""

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import polars as pl
from lxml import html

from benchmarks.radar.scores import Score, score_alarms
from benchmarks.season.frames import article_rows, label_rows, source_rows
from benchmarks.season.season import Night, Season
from schemas.measure import Measure
from schemas.table import empty
from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext
from tasks.parse.template import fingerprint
from tasks.validate.radar import RadarSettings, Verdict, held_pages, judge, measure, name_templates, read_signs
from tasks.validate.shard import ValidateSettings, split_rows

MEMORY_NIGHTS = 200
"""Nights of measures that the radar is shown: it asks for half a year."""
LOUD = ("alarm", "hold")
"""Kinds of verdicts that a person is told of."""


def watch(
    season: Season, score: Score, settings: RadarSettings, told: Callable[[int], None] = lambda _night: None
) -> None:
    """Add a whole season to a score.

    Nobody decides anything during the season: what is held stays held, and nothing is released by hand.
    """
    history, prints = empty(Measure), _fingerprints(season)
    alarms: dict[str, set[int]] = defaultdict(set)
    polled: dict[str, list[int]] = defaultdict(list)
    for night in season.nights():
        run = RunContext(f"night{night.number:03d}", night.ran_at, DataFolder(Path("unused")))
        rows = article_rows(night, prints)
        accepted = split_rows(rows, run, ValidateSettings()).accepted
        signs = name_templates(read_signs(accepted), history)
        tonight = measure(signs, _refused(night, accepted), _listed(night), run_id=run.run_id, now=night.ran_at)
        judged = judge(history, tonight, settings)
        held = held_pages(signs, judged.verdicts)
        history = _remembered(pl.concat([history, judged.measures]), night.number, season)
        for verdict in judged.verdicts:
            if verdict.kind in LOUD:
                alarms[verdict.source_id].add(night.number)
        _blame(score, season, night.number, judged.verdicts, held)
        for source in night.sources:
            polled[source.source_id].append(night.number)
        _count(score, season, night, accepted, held)
        told(night.number)
    score_alarms(score, season, alarms, polled)


def _fingerprints(season: Season) -> Callable[[str], str]:
    """Name of a page's template to its fingerprint, as parse takes it from the markup."""

    @cache
    def of_word(word: str) -> str:
        nested = []
        for path in season.elements(word):
            steps = [step.split(".") for step in path.split(">")]
            nested.append("".join(f'<{tag} class="{name}">' for tag, name in steps))
            nested.append("".join(f"</{tag}>" for tag, _ in reversed(steps)))
        return fingerprint(html.document_fromstring(f"<body>{''.join(nested)}</body>"))

    return of_word


def _listed(night: Night) -> pl.DataFrame:
    return source_rows(night).select("source_id", new_count="listed")


def _refused(night: Night, accepted: pl.DataFrame) -> pl.DataFrame:
    """Pages that parse or the contract refused, by source."""
    passed = accepted.group_by("source_id").agg(passed=pl.len().cast(pl.Int64))
    counted = source_rows(night).join(passed, on="source_id", how="left")
    return counted.select("source_id", refused_count=pl.col("listed") - pl.col("passed").fill_null(0))


def _remembered(history: pl.DataFrame, night: int, season: Season) -> pl.DataFrame:
    """The history without nights that are too old to matter; cut now and then."""
    if night % 20:
        return history
    since = season.ran_at(max(0, night - MEMORY_NIGHTS))
    return history.filter(pl.col("recorded_at") >= since)


def _blame(score: Score, season: Season, night: int, verdicts: tuple[Verdict, ...], held: pl.DataFrame) -> None:
    """Note which measures spoke of sources that are whole and at work."""
    pages = dict(held.group_by("place").len().iter_rows())
    for place, verdict in enumerate(verdicts):
        name = verdict.source_id
        if verdict.kind in LOUD and season.broken(name, night) is None and not season.paused(name, night):
            score.blamed[verdict.measure][0] += 1
            score.blamed[verdict.measure][1] += pages.get(place, 0)


def _count(score: Score, season: Season, night: Night, accepted: pl.DataFrame, held: pl.DataFrame) -> None:
    """What became of each article of a night, beside whether it was broken."""
    fate = label_rows(night).with_columns(
        refused=~pl.col("url").is_in(accepted["url"].implode()), held=pl.col("url").is_in(held["url"].implode())
    )
    counts = fate.group_by("source_id", "broken").agg(pl.len(), pl.col("refused").sum(), pl.col("held").sum())
    for source_id, kind, count, refused, stopped in counts.iter_rows():
        spell = season.broken(source_id, night.number)
        if kind is not None:
            score.broken[kind].add(count, refused, stopped)
        elif spell is not None:
            score.beside[spell.kind].add(count, refused, stopped)
        else:
            score.healthy.add(count, refused, stopped)
