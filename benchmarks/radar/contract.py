"""How long the contract takes, and how much memory beside the table."""

import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import polars as pl

from benchmarks.season.frames import article_rows, label_rows
from benchmarks.season.season import DEV_SEEDS, Season
from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext
from tasks.validate.shard import ValidateSettings, split_rows

UNUSED = datetime(2026, 1, 1, tzinfo=UTC)
_PEAK, _NOW = "VmHWM", "VmRSS"


def validate_seconds(count: int) -> float:
    """Seconds of CPU time of all threads, so of one core, for so many healthy rows; the better of two."""
    rows, taken = many_rows(count), []
    for _ in range(2):
        begun = time.process_time()
        _validate(rows)
        taken.append(time.process_time() - begun)
    return min(taken) * count / rows.height


def validate_peak_share(count: int) -> float:
    """The most memory in use while so many rows are validated, beside what was in use before, over their table."""
    rows = many_rows(count)
    _forget_peak()
    before = _memory(_NOW)
    _validate(rows)
    return 1 + (_memory(_PEAK) - before) / rows.estimated_size()


def row_bytes(count: int) -> float:
    """Mean size of a row, which the other figures hang on."""
    rows = many_rows(count)
    return rows.estimated_size() / rows.height


def _validate(rows: pl.DataFrame) -> None:
    split_rows(rows, RunContext("timed", UNUSED, DataFolder(Path("unused"))), ValidateSettings())


@cache
def many_rows(count: int) -> pl.DataFrame:
    """So many healthy article rows, all with ids of their own."""
    frames, height = [], 0
    for night in Season(DEV_SEEDS[0]).nights():
        spoiled = label_rows(night)["broken"].is_not_null()
        frames.append(article_rows(night).filter(~spoiled))
        height += frames[-1].height
        if height >= count:
            break
    return pl.concat(frames, rechunk=True).head(count)


def _forget_peak() -> None:
    """Let the kernel count the peak from now on (proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5")


def _memory(name: str) -> int:
    """Bytes, as the kernel counts them for this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(name))
