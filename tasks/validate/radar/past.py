"""The history of one source as arrays: one row a value, one column a night, the last column tonight."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tasks.validate.radar.measure import ALL, CLASSES

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

STOPPED = ("hold", "alarm")
LAG_CUTS = ("<=00", "<=01", ">=09", ">=10", ">=11")
"""Ages that tell of a wrong date: in the future, the very fetch, and more than eight days. What lies between hangs on
when the run before was."""
RELEASED = "released"
"""Measure of the rows that a release writes: bin is the run whose pages were released."""


@dataclass(frozen=True)
class Series:
    """One count over the nights."""

    part: str
    measure: str
    bin: str
    """A value; for classes also a cut, as <=08 or >=12."""
    counts: Ints
    of_counts: Ints


@dataclass(frozen=True)
class Past:
    """What is known of one source."""

    source_id: str
    weekdays: Ints
    days: NDArray[np.float64]
    """Time of each night in days."""
    held: Flags
    """Nights whose pages were held and not released: nothing is learned of them."""
    released: Flags
    """Nights that were held and then released: what was wrong with them is normal from then on."""
    series: Mapping[tuple[str, str, str], Series]
    stopped: Mapping[tuple[str, str], Flags]
    """(part, measure) to the nights in which it was a breach."""

    def of_part(self, part: str) -> Iterator[Series]:
        """The series of one part."""
        return (one for one in self.series.values() if one.part == part)

    @cached_property
    def judged(self) -> Mapping[tuple[str, str], Mapping[str, Series]]:
        """(part, measure) to the series that are judged: of each value, or for classes of each cut from both ends."""
        found: dict[tuple[str, str], dict[str, Series]] = {}
        for one in self.series.values():
            found.setdefault((one.part, one.measure), {})[one.bin] = one
        edges = {name: _span([int(one.bin) for one in self.series.values() if one.measure == name]) for name in CLASSES}
        return {key: _cuts(bins, edges[key[1]]) if key[1] in CLASSES else bins for key, bins in found.items()}


def _span(classes: list[int]) -> list[str]:
    """All classes from the lowest to the highest that was seen."""
    return [f"{number:02d}" for number in range(min(classes), max(classes) + 1)] if classes else []


def _cuts(classes: Mapping[str, Series], edges: list[str]) -> dict[str, Series]:
    """The pages up to each class, and those from each class on. All parts of a source get the same cuts."""
    first = next(iter(classes.values()))
    none = np.zeros_like(first.counts)
    upto = np.cumsum([classes[edge].counts if edge in classes else none for edge in edges], axis=0)
    made = []
    for place, (edge, following) in enumerate(pairwise(edges)):
        made.append(replace(first, bin=f"<={edge}", counts=upto[place]))
        made.append(replace(first, bin=f">={following}", counts=first.of_counts - upto[place]))
    if first.measure == "body_words":
        made = [one for one in made if one.bin.startswith("<=")]
    return {one.bin: one for one in made if first.measure != "date_lag" or one.bin in LAG_CUTS}


def read_past(history: pl.DataFrame, tonight: pl.DataFrame) -> Iterator[Past]:
    """The past of each source of tonight, in the order of their ids.

    Args:
        history: `Measure` rows of earlier runs, in any order.
        tonight: Those of this run.
    """
    sources = tonight["source_id"].unique().sort().to_list()
    told = pl.concat([history, tonight.with_columns(is_tonight=pl.lit(value=True))], how="diagonal")
    told = told.filter(pl.col("source_id").is_in(sources)).with_columns(pl.col("is_tonight").fill_null(value=False))
    for _, rows in sorted(told.partition_by("source_id", as_dict=True).items()):
        yield _past_of(rows)


def _past_of(rows: pl.DataFrame) -> Past:
    source_id = rows["source_id"][0]
    freed = rows.filter(pl.col("measure") == RELEASED)["bin"].unique()
    rows = rows.filter(pl.col("measure") != RELEASED)
    order = rows.group_by("run_id").agg(
        pl.col("recorded_at").first(), pl.col("is_tonight").first(), is_held=(pl.col("verdict") == "hold").any()
    )
    order = order.sort("is_tonight", "recorded_at", "run_id").with_row_index("night")
    is_released = order["run_id"].is_in(freed.implode()).to_numpy()
    is_held = order["is_held"].to_numpy()
    placed = rows.join(order.select("run_id", "night"), on="run_id")
    return Past(
        source_id=source_id,
        weekdays=order["recorded_at"].dt.weekday().to_numpy().astype(np.int64),
        days=order["recorded_at"].dt.timestamp("us").to_numpy() / 86_400e6,
        held=is_held & ~is_released,
        released=is_held & is_released,
        series=_series(placed, order.height),
        stopped=_stopped(placed, order.height),
    )


def _series(placed: pl.DataFrame, nights: int) -> dict[tuple[str, str, str], Series]:
    """Counts of each value in each night; a value that a night does not name was not seen in it."""
    totals: dict[tuple[str, str], Ints] = {}
    for (part, measure), group in placed.group_by("part", "measure"):
        of_counts = np.zeros(nights, dtype=np.int64)
        of_counts[group["night"].to_numpy()] = group["of_count"].to_numpy()
        totals[str(part), str(measure)] = of_counts
    found = {}
    for key, group in placed.group_by("part", "measure", "bin", maintain_order=True):
        part, measure, value = (str(one) for one in key)
        counts = np.zeros(nights, dtype=np.int64)
        counts[group["night"].to_numpy()] = group["count"].to_numpy()
        found[part, measure, value] = Series(part, measure, value, counts, totals[part, measure])
    return found


def _stopped(placed: pl.DataFrame, nights: int) -> dict[tuple[str, str], Flags]:
    found = {}
    for (part, measure), group in placed.filter(pl.col("verdict").is_in(STOPPED)).group_by("part", "measure"):
        flags = np.zeros(nights, dtype=np.bool_)
        flags[group["night"].to_numpy()] = True
        found[str(part), str(measure)] = flags
    return found


def minus(one: Series, other: Series | None) -> Series:
    """The pages of one that are not among those of the other, tonight: parts of a source add up."""
    if other is None:
        return one
    counts, of_counts = one.counts.copy(), one.of_counts.copy()
    counts[-1] = max(0, counts[-1] - other.counts[-1])
    of_counts[-1] = max(0, of_counts[-1] - other.of_counts[-1])
    return Series(ALL, one.measure, one.bin, counts, of_counts)
