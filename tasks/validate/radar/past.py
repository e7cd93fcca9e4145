"""The history of one source as arrays: one row a value, one column a night, the last column tonight."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tasks.validate.radar.measure import ALL, CLASSES, KEY

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

STOPPED = ("hold", "alarm")
LAG_CUTS = ("<=00", "<=01", ">=09", ">=10", ">=11")
"""Ages that tell of a wrong date: in the future, the very fetch, and more than eight days. What lies between hangs on
when the run before was."""
RELEASED = "released"
"""Measure of the rows that a release writes: bin is the run whose pages were released."""


@dataclass(frozen=True, slots=True)
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
    named = {f"<={edge}": counts for edge, counts in zip(edges[:-1], upto, strict=False)}
    if first.measure != "body_words":
        named |= {f">={edge}": first.of_counts - counts for edge, counts in zip(edges[1:], upto, strict=False)}
    return {
        cut: Series(first.part, first.measure, cut, counts, first.of_counts)
        for cut, counts in named.items()
        if first.measure != "date_lag" or cut in LAG_CUTS
    }


def read_past(history: pl.DataFrame, tonight: pl.DataFrame) -> Iterator[Past]:
    """The past of each source of tonight, in the order of their ids.

    Args:
        history: `Measure` rows of earlier runs, in any order.
        tonight: Those of this run.
    """
    columns = [*KEY, "run_id", "recorded_at", "count", "of_count", "verdict", "is_tonight"]
    asked = tonight["source_id"].unique()
    known = history.filter(pl.col("source_id").is_in(asked.implode())).with_columns(is_tonight=pl.lit(value=False))
    told = pl.concat([known.select(columns), tonight.with_columns(is_tonight=pl.lit(value=True)).select(columns)])
    for _, rows in sorted(told.partition_by("source_id", as_dict=True).items()):
        yield _past_of(rows)


def _past_of(rows: pl.DataFrame) -> Past:
    freed = rows.filter(pl.col("measure") == RELEASED)["bin"].unique()
    rows = rows.filter(pl.col("measure") != RELEASED)
    order = rows.group_by("run_id").agg(
        pl.col("recorded_at").first(), pl.col("is_tonight").first(), is_held=(pl.col("verdict") == "hold").any()
    )
    order = order.sort("is_tonight", "recorded_at", "run_id").with_row_index("night")
    is_released = order["run_id"].is_in(freed.implode()).to_numpy()
    is_held = order["is_held"].to_numpy()
    placed = rows.join(order.select("run_id", "night"), on="run_id", maintain_order="left")
    return Past(
        source_id=rows["source_id"][0],
        weekdays=order["recorded_at"].dt.weekday().to_numpy().astype(np.int64),
        days=order["recorded_at"].dt.timestamp("us").to_numpy() / 86_400e6,
        held=is_held & ~is_released,
        released=is_held & is_released,
        series=_series(placed, order.height),
        stopped=_stopped(placed, order.height),
    )


def _series(placed: pl.DataFrame, nights: int) -> dict[tuple[str, str, str], Series]:
    """Counts of each value in each night; a value that a night does not name was not seen in it."""
    names = placed.select("part", "measure", "bin").unique(maintain_order=True).with_row_index("row")
    groups = names.select("part", "measure").unique(maintain_order=True).with_row_index("group")
    names = names.join(groups, on=["part", "measure"], maintain_order="left")
    found = placed.join(names, on=["part", "measure", "bin"], maintain_order="left")
    night = found["night"].to_numpy()
    counts = np.zeros((names.height, nights), dtype=np.int64)
    of_counts = np.zeros((groups.height, nights), dtype=np.int64)
    counts[found["row"].to_numpy(), night] = found["count"].to_numpy()
    of_counts[found["group"].to_numpy(), night] = found["of_count"].to_numpy()
    return {
        (part, measure, value): Series(part, measure, value, counts[row], of_counts[group])
        for row, part, measure, value, group in names.iter_rows()
    }


def _stopped(placed: pl.DataFrame, nights: int) -> dict[tuple[str, str], Flags]:
    found: dict[tuple[str, str], Flags] = {}
    told = placed.filter(pl.col("verdict").is_in(STOPPED)).select("part", "measure", "night")
    for part, measure, night in told.iter_rows():
        found.setdefault((part, measure), np.zeros(nights, dtype=np.bool_))[night] = True
    return found


def minus(one: Series, other: Series | None) -> Series:
    """The pages of one that are not among those of the other, tonight: parts of a source add up."""
    if other is None:
        return one
    counts, of_counts = one.counts.copy(), one.of_counts.copy()
    counts[-1] = max(0, counts[-1] - other.counts[-1])
    of_counts[-1] = max(0, of_counts[-1] - other.of_counts[-1])
    return Series(ALL, one.measure, one.bin, counts, of_counts)
