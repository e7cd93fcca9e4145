"""The verdicts of a night: every source of the run against its own history, and which pages are held for it."""

from collections.abc import Iterator, Set
from dataclasses import dataclass

import polars as pl

from tasks.validate.radar.breach import Breach, find_breach
from tasks.validate.radar.limits import LIMITS, RadarSettings, Way, Weight
from tasks.validate.radar.mark import mark
from tasks.validate.radar.measure import ALL, CLASSES, FIELDS, VOLUME, see_symptoms
from tasks.validate.radar.past import Past, Series, minus, read_past
from tasks.validate.radar.shift import find_shift
from tasks.validate.radar.templates import LEAST_PART
from tasks.validate.radar.verdict import Verdict
from tasks.validate.radar.volume import judge_volume, learn_rate, tide
from tasks.validate.radar.words import breach_sentence, template_sentence, volume_sentence

REDESIGN_SHARE = 0.5
LENGTHS = ("body_words", "title_chars")
LENIENT = frozenset({"title_chars"})
"""Classes that are held against the next one: a redesign may add or drop the site's name."""


@dataclass(frozen=True)
class Judged:
    """What came of a night."""

    measures: pl.DataFrame
    """Tonight's `Measure` rows with bands and verdicts: what the history gets."""
    verdicts: tuple[Verdict, ...]


def judge(history: pl.DataFrame, tonight: pl.DataFrame, settings: RadarSettings) -> Judged:
    """The verdicts of a run.

    Args:
        history: `Measure` rows of the runs before, as `judge` gave them; of the last half year at least.
        tonight: Rows of this run, as `measure` gave them.
        settings: Limits.
    """
    pasts = {past.source_id: past for past in read_past(history, tonight)}
    known = {name: (past, rate) for name, past in pasts.items() if (rate := learn_rate(past, settings)) is not None}
    verdicts: list[Verdict] = []
    for name, past in pasts.items():
        verdicts += _of_shares(past, settings)
        if name in known:
            found = judge_volume(*known[name], tide(known, name), settings)
            if found is not None:
                sentence = volume_sentence(name, found)
                verdicts.append(
                    Verdict(name, Weight.ALARM.value, VOLUME, ALL, found.kind, is_whole=False, count=found.count,
                            of_count=found.count, usual=found.usual, chance=found.chance, message=sentence)
                )  # fmt: skip
    rates = {name: rate for name, (_, rate) in known.items()}
    return Judged(mark(tonight, pasts, rates, verdicts, settings), tuple(verdicts))


def _of_shares(past: Past, settings: RadarSettings) -> Iterator[Verdict]:
    """Parts first; what is wrong with a part is then taken out of the whole."""
    parts = sorted({one.part for one in past.series.values() if one.part != ALL and one.of_counts[-1]})
    for measure in LIMITS:
        apart = {part for part in parts if _was_released(past, part, measure)}
        for part in parts:
            breach = None if part in apart else _worst(past, part, measure, settings)
            if breach is not None:
                apart.add(part)
                yield _verdict(past, breach, settings)
        breach = _worst(past, ALL, measure, settings, without=apart)
        if breach is not None:
            yield _verdict(past, breach, settings)
    yield from _notes(past, set(parts), settings)


def _was_released(past: Past, part: str, measure: str) -> bool:
    flags = past.stopped.get((part, measure))
    return flags is not None and bool((flags & past.released).any())


def _worst(
    past: Past, part: str, measure: str, settings: RadarSettings, *, without: Set[str] = frozenset()
) -> Breach | None:
    """The breach of a measure that hit most pages, over all its values or cuts; a part is held against the whole."""
    pairs = list(_pairs(past, part, measure, without))
    found = [find_breach(past, own, learned_from, settings) for own, learned_from in pairs]
    if measure == "body_words" and not any(found):
        found.append(find_shift(past, pairs, settings))
    told = [one for one in found if one is not None]
    return max(told, key=lambda one: (one.hit_share, one.series.bin), default=None)


def _pairs(past: Past, part: str, measure: str, without: Set[str]) -> Iterator[tuple[Series, Series]]:
    """Each series of a part that is judged, and what it is held against."""
    for series in past.judged.get((part, measure), {}).values():
        own = series
        for other in without:
            own = minus(own, _same(past, other, series))
        learned_from = past.judged.get((ALL, measure), {}).get(_nearer(series))
        if learned_from is not None:
            yield own, learned_from


def _same(past: Past, part: str, series: Series) -> Series | None:
    """The series of another part for the same value or cut."""
    return past.judged.get((part, series.measure), {}).get(series.bin)


def _nearer(series: Series) -> str:
    if series.measure not in LENIENT:
        return series.bin
    step = 1 if series.bin.startswith("<=") else -1
    return f"{series.bin[:2]}{int(series.bin[2:]) + step:02d}"


def _verdict(past: Past, breach: Breach, settings: RadarSettings) -> Verdict:
    series = breach.series
    least = settings.whole_length_share if series.measure in LENGTHS else settings.whole_share
    is_whole = breach.hit_share >= least
    kind = "warn" if breach.is_learning else breach.limit.weight.value
    if kind == Weight.ALARM and is_whole and breach.limit.way is Way.MORE:
        kind = Weight.HOLD.value
    return Verdict(
        past.source_id, kind, series.measure, series.part, series.bin, is_whole, breach.count, breach.of_count,
        breach.baseline.share, breach.chance, breach_sentence(past.source_id, breach),
    )  # fmt: skip


def _notes(past: Past, parts: Set[str], settings: RadarSettings) -> Iterator[Verdict]:
    """A redesign, once: the night in which most pages have a template that the source did not have."""
    for one in past.of_part(ALL):
        nights = int((one.of_counts[:-1] > 0).sum())
        count, of_count = int(one.counts[-1]), int(one.of_counts[-1])
        is_first = not (one.counts[:-1] >= REDESIGN_SHARE * one.of_counts[:-1])[one.of_counts[:-1] > 0].any()
        if (
            one.measure == "template" and one.bin in parts and of_count > LEAST_PART and is_first
            and count >= REDESIGN_SHARE * of_count and nights >= settings.learning_nights
        ):  # fmt: skip
            yield Verdict(
                past.source_id, "note", "template", ALL, one.bin, is_whole=False, count=count, of_count=of_count,
                usual=0.0, chance=0.0, message=template_sentence(past.source_id, count, of_count),
            )  # fmt: skip


def held_pages(signs: pl.DataFrame, verdicts: tuple[Verdict, ...]) -> pl.DataFrame:
    """Which pages are held: columns source_id, url and `place`, the first verdict (by its place) that holds it.

    Args:
        signs: `SIGNS` of the run's pages, templates named.
        verdicts: Of that run.
    """
    seen = see_symptoms(signs)
    found = [seen.clear().select("source_id", "url", place=pl.lit(0, pl.Int32))]
    for place, verdict in enumerate(verdicts):
        if verdict.kind != Weight.HOLD:
            continue
        is_part = pl.lit(value=True) if verdict.part == ALL else pl.col("template") == verdict.part
        shows = pl.lit(value=True) if verdict.is_whole else shows_it(verdict)
        rows = seen.filter((pl.col("source_id") == verdict.source_id) & is_part & shows)
        found.append(rows.select("source_id", "url", place=pl.lit(place, pl.Int32)))
    return pl.concat(found).unique(["source_id", "url"], keep="first", maintain_order=True)


def shows_it(verdict: Verdict) -> pl.Expr:
    """Whether a page (of `see_symptoms`) shows what the verdict is about."""
    name = verdict.measure
    if name in FIELDS:
        return ~pl.col(name)
    if name in CLASSES:
        edge = int(verdict.bin[2:])
        return pl.col(name) <= edge if verdict.bin.startswith("<=") else pl.col(name) >= edge
    if name in ("language", "desk"):
        return pl.col(name) == verdict.bin
    if name == "refused":
        return pl.lit(value=False)
    return pl.col(name) if LIMITS[name].way is Way.MORE else ~pl.col(name)
