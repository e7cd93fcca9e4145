"""The radar over a whole run: reads what validate let pass, and takes out the pages that must wait for a person.

Called when all shards are validated, because only a look at all pages of a source tells a broken template from an odd
page. Three steps, each whole: the rows of the held pages (`validate/quarantine/radar`), the measures
(`validate/measures/all`, by which the verdict stands), then the shards without the held pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from schemas.article import Article
from schemas.candidate import candidate_json
from schemas.capture import Candidate
from schemas.measure import Measure
from schemas.quarantine import Quarantine
from schemas.reasons import RadarVerdict, Reason, Severity, State
from schemas.run import RunSource
from schemas.source import Radar
from schemas.table import empty, frame
from tasks.io.memory import retracted_runs
from tasks.io.staging import RunContext, read_part, read_parts, write_part
from tasks.io.tables import Snapshot, fetch
from tasks.validate.radar import Judged, RadarSettings, Verdict, held_pages, judge, measure, name_templates, read_signs
from tasks.validate.radar.limits import LIMITS
from tasks.validate.radar.signs import ARTICLE, SIGNS
from tasks.validate.shard import about

RADAR = "radar"
"""Name of the part with the radar's quarantine rows; shards have numbers."""
REMEMBERED = timedelta(days=240)
"""How far back measures are read: eight weeks of learned nights, with room for months that were held."""

_HISTORY = """
    SELECT measures.* FROM measures SEMI JOIN asked ON measures.source_id = asked.value
    WHERE recorded_at >= $since AND run_id NOT IN (SELECT value FROM retracted)
"""


@dataclass(frozen=True)
class WatchSettings:
    """How sources are watched: the limits, and each source's own wish (hold where it says nothing)."""

    limits: RadarSettings = field(default_factory=RadarSettings)
    sources: Mapping[str, Radar] = field(default_factory=dict)
    is_again: bool = False
    """Whether pages of the quarantine are read again: they are no night of their sources, so nothing is measured, and
    only what must still wait is found."""


@dataclass(frozen=True)
class WatchSummary:
    """What came of it."""

    verdicts: tuple[tuple[str, str], ...]
    """Kind and sentence of each verdict."""
    held_count: int


def watch_sources(run: RunContext, settings: WatchSettings) -> WatchSummary:
    """Measure and judge the run's sources, and hold pages; done again after a kill it ends the same.

    Raises:
        DiskError: a part could not be written.
        TableError: a committed file is missing or damaged.
    """
    measures, held = run.part("validate", "measures", "all"), run.part("validate", "quarantine", RADAR)
    if not measures.exists():
        judged, rows = _judge(run, settings)
        write_part(held, Quarantine, rows)
        write_part(measures, Measure, judged.measures)
    rows = read_part(held, Quarantine)
    for shard in _shards(run):
        _take_out(shard, rows)
    told = read_part(measures, Measure).filter(pl.col("message").is_not_null())
    said = told.select("verdict", "message").unique(maintain_order=True)
    return WatchSummary(tuple((row[0], row[1]) for row in said.iter_rows()), rows["url"].n_unique())


def _shards(run: RunContext) -> list[Path]:
    folder = run.folder.staged(run.run_id, "validate", "articles")
    return sorted(folder.glob("[!.]*.parquet")) if folder.is_dir() else []


def _take_out(shard: Path, held: pl.DataFrame) -> None:
    rows = read_part(shard, Article) if not held.is_empty() else empty(Article)
    kept = rows.join(held, on=["url", "captured_at"], how="anti", maintain_order="left")
    if kept.height != rows.height:
        write_part(shard, Article, kept)


def _judge(run: RunContext, settings: WatchSettings) -> tuple[Judged, pl.DataFrame]:
    """Measures with verdicts, and the quarantine rows of the pages that are held."""
    candidates = _candidates(run)
    unread = [State.QUARANTINED.value, State.HELD.value] if settings.is_again else []
    new = candidates.filter(pl.col("known_state").is_null() | pl.col("known_state").is_in(unread))
    signs = _signs(run, new["url"])
    listed = _listed(run, new, settings)
    signs = signs.join(listed, on="source_id", how="semi")
    history = read_history(Snapshot.open(run.folder), run, listed["source_id"])
    signs = name_templates(signs, history)
    refused = _refused(run).join(listed, on="source_id", how="semi")
    judged = judge(history, measure(signs, refused, listed, run_id=run.run_id, now=run.now), settings.limits)
    judged = _as_wished(judged, settings)
    if settings.is_again:
        holds = tuple(one for one in judged.verdicts if one.kind == RadarVerdict.HOLD)
        judged = Judged(empty(Measure), holds)
    return judged, _held_rows(run, held_pages(signs, judged.verdicts), judged.verdicts)


def _candidates(run: RunContext) -> pl.DataFrame:
    columns = ["url", "source_id", "known_state"]
    frames = [
        read_parts(run.folder.staged(run.run_id, "discover", table), Candidate).select(columns)
        for table in ("candidates", "deferred")
    ]
    return pl.concat(frames).unique("url", keep="first", maintain_order=True)


def _signs(run: RunContext, new_urls: pl.Series) -> pl.DataFrame:
    made = [pl.DataFrame(schema=SIGNS)]
    for shard in _shards(run):
        rows = pl.DataFrame(pl.from_arrow(pq.read_table(shard, columns=list(ARTICLE))))
        made.append(read_signs(rows, new_urls))
    return pl.concat(made)


def _listed(run: RunContext, new: pl.DataFrame, settings: WatchSettings) -> pl.DataFrame:
    """Each source that is watched and whose listing could be read, with the number of its new pages."""
    sources = read_parts(run.folder.staged(run.run_id, "discover", "run_sources"), RunSource)
    off = [name for name, wish in settings.sources.items() if wish is Radar.OFF]
    read = sources.filter((pl.col("status") == "ok") & ~pl.col("source_id").is_in(off)).select("source_id").unique()
    counted = new.group_by("source_id").agg(new_count=pl.len().cast(pl.Int64))
    return read.join(counted, on="source_id", how="left").fill_null(0).sort("source_id")


def read_history(snapshot: Snapshot, run: RunContext, sources: pl.Series) -> pl.DataFrame:
    """The measures of these sources in the runs before, without those of retracted runs.

    Raises:
        TableError: a committed file is missing or damaged.
    """
    if not snapshot.files("measures"):
        return empty(Measure)
    retracted = pl.DataFrame({"value": sorted(retracted_runs(snapshot))}, schema={"value": pl.String})
    with snapshot.connect("measures") as connection:
        connection.register("asked", pl.DataFrame({"value": sources}).to_arrow())
        connection.register("retracted", retracted.to_arrow())
        rows = fetch(connection, _HISTORY, "measures", {"since": run.now - REMEMBERED})
    return rows.select(list(empty(Measure).columns))


def _refused(run: RunContext) -> pl.DataFrame:
    frames = [
        read_parts(run.folder.staged(run.run_id, stage, "quarantine"), Quarantine).select("source_id", "url")
        for stage in ("parse", "clean", "validate")
    ]
    return pl.concat(frames).group_by("source_id").agg(refused_count=pl.col("url").n_unique())


def _as_wished(judged: Judged, settings: WatchSettings) -> Judged:
    """The verdicts, warnings only for sources that ask for no more."""
    mild = [name for name, wish in settings.sources.items() if wish is Radar.WARN]
    stern = [RadarVerdict.HOLD.value, RadarVerdict.ALARM.value]
    verdicts = tuple(
        replace(one, kind=RadarVerdict.WARN.value) if one.source_id in mild and one.kind in stern else one
        for one in judged.verdicts
    )
    is_mild = pl.col("source_id").is_in(mild) & pl.col("verdict").is_in(stern)
    word = pl.when(is_mild).then(pl.lit(RadarVerdict.WARN.value)).otherwise("verdict")
    return Judged(judged.measures.with_columns(verdict=word), verdicts)


def _held_rows(run: RunContext, held: pl.DataFrame, verdicts: tuple[Verdict, ...]) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    for shard in _shards(run) if not held.is_empty() else []:
        found = read_part(shard, Article).join(
            held.select("url", "place"), on="url", how="inner", maintain_order="left"
        )
        rows += [_held_row(run, row, verdicts[row.pop("place")]) for row in found.iter_rows(named=True)]
    return frame(Quarantine, rows)


def _held_row(run: RunContext, row: dict[str, Any], verdict: Verdict) -> dict[str, Any]:
    return about(row, f"radar_{verdict.measure}", run) | {
        "severity": Severity.HOLD.value,
        "reason": Reason.SOURCE_BROKEN.value,
        "field": LIMITS[verdict.measure].field,
        "value": f"{verdict.count} of {verdict.of_count} pages",
        "limits": f"usual are {100 * verdict.usual:.0f} %",
        "message": verdict.message,
        "candidate": candidate_json(row),
    }
