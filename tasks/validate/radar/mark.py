"""Tonight's measures with the band that was usual for each, and with the verdicts: what the history gets."""

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from schemas.reasons import RadarVerdict
from tasks.validate.radar.baseline import learn
from tasks.validate.radar.limits import RadarSettings
from tasks.validate.radar.measure import ALL, CLASSES, KEY, VOLUME, YES
from tasks.validate.radar.past import Past
from tasks.validate.radar.verdict import Verdict
from tasks.validate.radar.volume import Rate, exposures


def mark(
    tonight: pl.DataFrame,
    pasts: Mapping[str, Past],
    rates: Mapping[str, Rate],
    verdicts: Iterable[Verdict],
    settings: RadarSettings,
) -> pl.DataFrame:
    """Tonight's rows with low, high and verdict."""
    bands = [row for name, past in pasts.items() for row in _bands(past, rates.get(name), settings)]
    schema = {"source_id": pl.String, "part": pl.String, "measure": pl.String, "bin": pl.String,
              "new_low": pl.Float64, "new_high": pl.Float64}  # fmt: skip
    known = pl.DataFrame(bands, schema=schema, orient="row")
    said: dict[tuple[str, str, str], list[Verdict]] = {}
    for verdict in verdicts:
        said.setdefault((verdict.source_id, verdict.part, verdict.measure), []).append(verdict)
    rows = tonight.join(known, on=list(KEY), how="left", maintain_order="left")
    words = [_word(row, said.get(row[:3], [])) for row in rows.select(*KEY, "new_high").iter_rows()]
    told = pl.DataFrame(words, schema={"verdict": pl.String, "message": pl.String}, orient="row")
    marked = rows.drop("verdict", "message").hstack(told).with_columns(low=pl.col("new_low"), high=pl.col("new_high"))
    return marked.select(tonight.columns)


def _word(row: tuple[str, str, str, str, float | None], verdicts: list[Verdict]) -> tuple[str, str | None]:
    for verdict in verdicts:
        if _is_about(row[2], row[3], verdict.bin):
            return verdict.kind, verdict.message
    return (RadarVerdict.LEARNING if row[4] is None else RadarVerdict.USUAL).value, None


def _is_about(measure: str, value: str, told: str) -> bool:
    if measure in CLASSES and told[:2] in ("<=", ">="):
        return value <= told[2:] if told.startswith("<=") else value >= told[2:]
    return measure in (VOLUME, "desk") or value == told


def _bands(past: Past, rate: Rate | None, settings: RadarSettings) -> list[tuple[str, str, str, str, float, float]]:
    shown = [one for one in past.series.values() if one.measure != VOLUME and one.of_counts[-1]]
    rows = []
    if shown:
        counts, of_counts = np.stack([one.counts for one in shown]), np.stack([one.of_counts for one in shown])
        usable = ~past.held
        usable[-1] = False
        known = learn(counts, of_counts, usable, past.weekdays, settings)
        lows, highs = known.bands(of_counts[:, -1])
        rows = [
            (past.source_id, one.part, one.measure, one.bin, float(low), float(high))
            for one, low, high, nights in zip(shown, lows, highs, known.nights, strict=True)
            if nights >= settings.learning_nights
        ]
    if rate is not None:
        days = float(np.asarray(exposures(past.days))[-1])
        rows.append((past.source_id, ALL, VOLUME, YES, *rate.band(int(past.weekdays[-1]), days)))
    return rows
