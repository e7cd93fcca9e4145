"""How long the contract takes, and how much memory beside the table."""

import time
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from benchmarks.season.frames import article_rows
from benchmarks.season.season import DEV_SEEDS, Season
from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext
from tasks.validate.shard import ValidateSettings, split_rows

UNUSED = datetime(2026, 1, 1, tzinfo=UTC)
_PEAK, _NOW = "VmHWM", "VmRSS"


def contract_figures(count: int) -> dict[str, float]:
    """Of so many healthy rows.

    Returns:
        validate_s_per_million: seconds of CPU time of all threads for a million rows, so of one core; the better of
            two. validate_peak_share: the most memory that was in use, over the table that was there before.
            validate_row_bytes: mean size of a row, which both hang on.
    """
    rows = many_rows(count)
    run = RunContext("timed", UNUSED, DataFolder(Path("unused")))
    taken, extra = [], []
    for _ in range(2):
        _forget_peak()
        before, begun = _memory(_NOW), time.process_time()
        split_rows(rows, run, ValidateSettings())
        taken.append(time.process_time() - begun)
        extra.append(_memory(_PEAK) - before)
    size = rows.estimated_size()
    return {
        "validate_s_per_million": round(min(taken) * 1e6 / rows.height, 2),
        "validate_peak_share": round(1 + max(extra) / size, 2),
        "validate_row_bytes": round(size / rows.height),
    }


def many_rows(count: int) -> pl.DataFrame:
    """So many healthy article rows, all with ids of their own."""
    frames, height = [], 0
    for night in Season(DEV_SEEDS[0]).nights():
        frames.append(article_rows(night))
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
