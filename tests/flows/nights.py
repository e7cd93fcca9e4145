"""Runs the flows' steps without a Prefect server, as the tests of whole nights need them."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from prefect.logging import disable_run_logger

from flows.begin import Begun, begin_run
from flows.calls import directly
from flows.settings import Settings, load_settings
from flows.steps import collect, recover_dead
from schemas.source import Source
from schemas.summary import RunSummary
from tasks.io.folder import DataFolder

NIGHT = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)


def settings_of(folder: DataFolder) -> Settings:
    """Settings for loopback: no delay worth waiting for, pages parsed in this process."""
    return load_settings(data=folder.root, allow_loopback=True, delay_s=0.01, workers=0)


def begin(folder: DataFolder, sources: Sequence[Source], now: datetime, limit: int | None = None) -> Begun:
    """A nightly run that has begun at that time."""
    folder.prepare()
    return begin_run(folder, "nightly", list(sources), settings_of(folder).recorded(), limit=limit, now=now)


def run_night(folder: DataFolder, sources: Sequence[Source], now: datetime, limit: int | None = None) -> RunSummary:
    """The summary of one whole night; raises what the flow raises."""
    begun = begin(folder, sources, now, limit)

    async def night() -> RunSummary:
        await recover_dead(begun, settings_of(folder), directly)
        return await collect(begun, settings_of(folder), directly)

    with disable_run_logger():
        return asyncio.run(night())


def write_pages(folder: Path, count: int) -> Path:
    """A folder with text documents that are all different."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        lines = [f"Headline number {number} of the paper"]
        lines += [
            f"Sentence {line} of text {number} speaks of {number * 97 + line} ordinary things." for line in range(8)
        ]
        (folder / f"text-{number:03}.txt").write_text("\n".join(lines), encoding="utf-8")
    return folder
