"""The maintenance flow: join small files, remove what nobody reads any more, say how the folder grows."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from prefect import flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas import filters
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import ObjectNotFound
from prefect.logging import get_run_logger
from pydantic import Field

from flows.calls import task_runner, through_prefect
from flows.ending import ENDS
from flows.settings import load_settings
from tasks.io.bucket.share import NO_MAINTENANCE, refuse
from tasks.io.folder import DataFolder
from tasks.maintain.compact import Compacted
from tasks.maintain.forecast import Growth
from tasks.maintain.retention import Expired
from tasks.maintain.task import checkpoint, compact_tables, expire_captures, measure_growth, vacuum_tables
from tasks.maintain.vacuum import Vacuumed
from tasks.publish.task import publish

FLOWS = ["nightly", "backfill", "reprocess", "maintain"]
"""Flows of ours: a server may hold runs of others, which are none of our business."""
PAGE = 200
PRUNE_S = 300.0
"""Longest time for the API: data never depends on it."""


@dataclass(frozen=True)
class Maintained:
    """What maintenance did."""

    compacted: tuple[Compacted, ...]
    expired: Expired | None
    """None: no policy, captures are kept."""
    vacuumed: Vacuumed
    checkpoints: int
    flow_runs: int
    """Old runs that left Prefect's database."""
    growth: Growth


@flow(
    name="maintain",
    description="Join small files, remove what nobody reads any more, and forecast the disk's growth.",
    task_runner=task_runner(),
    validate_parameters=True,
    on_completion=ENDS,
    on_failure=ENDS,
    on_crashed=ENDS,
    on_cancellation=ENDS,
)
async def maintain(
    keep_captures_days: Annotated[int | None, Field(ge=1)] = None,
    grace_days: Annotated[float, Field(ge=0)] = 7,
    target_mb: Annotated[int, Field(ge=1)] = 128,
    keep_flow_runs_days: Annotated[int, Field(ge=1)] = 90,
    data: str | None = None,
    pretend_now: datetime | None = None,
) -> Maintained:
    """Keep a data folder small and quick.

    Args:
        keep_captures_days: Remove captures that are older; none means COPYDESK_KEEP_CAPTURES_DAYS, or else keep all.
        grace_days: Files that were replaced stay so many days for readers that still have them.
        target_mb: Join small files up to about so many megabytes.
        keep_flow_runs_days: Runs that ended earlier leave Prefect's database; their data stay.
        data: Data folder; none means COPYDESK_DATA, or else data.
        pretend_now: Act as if it were this time (for tests); none means the clock's.

    Returns:
        What was done, and how the folder grows.

    Raises:
        CopydeskError: the data folder is wrong, a run does not end, or the disk refuses a write.
    """
    settings = load_settings(data=data, keep_captures_days=keep_captures_days)
    folder, keep_days = DataFolder(settings.data), settings.keep_captures_days
    refuse(folder, "Maintenance", NO_MAINTENANCE)
    folder.prepare()
    now = pretend_now or datetime.now(UTC)
    compacted = await through_prefect(compact_tables, folder, now, target_mb * 1_000_000)
    expired = None if keep_days is None else await through_prefect(expire_captures, folder, now, keep_days)
    await through_prefect(publish, folder)
    done = Maintained(
        compacted=tuple(compacted),
        expired=expired,
        vacuumed=await through_prefect(
            vacuum_tables, folder, pretend_now or datetime.now(UTC), timedelta(days=grace_days)
        ),
        checkpoints=await through_prefect(checkpoint, folder),
        flow_runs=await prune_flow_runs(now - timedelta(days=keep_flow_runs_days)),
        growth=await through_prefect(measure_growth, folder, now, keep_days),
    )
    for line in sentences(done):
        get_run_logger().info("%s", line)
    return done


async def prune_flow_runs(before: datetime) -> int:
    """How many of our flow runs that ended before then were deleted, with their logs; whatever the API says."""
    try:
        async with asyncio.timeout(PRUNE_S), get_client() as client:
            return await _prune(client, before)
    except Exception as error:  # noqa: BLE001 - the API is not ours: its trouble must not fail what was done to data
        get_run_logger().warning("Old runs could not be deleted from Prefect's database: %s", error)
        return 0


async def _prune(client: PrefectClient, before: datetime) -> int:
    wanted = {
        "flow_filter": filters.FlowFilter(name=filters.FlowFilterName(any_=FLOWS)),
        "flow_run_filter": filters.FlowRunFilter(end_time=filters.FlowRunFilterEndTime(before_=before)),  # type: ignore[arg-type]  # pydantic takes a datetime
    }
    count = 0
    while runs := await client.read_flow_runs(**wanted, limit=PAGE):  # type: ignore[arg-type]  # two filters of two types
        deleted = sum([await _delete(client, run) for run in runs])
        count += deleted
        if not deleted:
            break
    return count


async def _delete(client: PrefectClient, run: FlowRun) -> int:
    try:
        await client.delete_flow_run(run.id)
    except ObjectNotFound:
        return 0
    return 1


def sentences(done: Maintained) -> Iterator[str]:
    """What was done and what is to come, one sentence each."""
    for table in done.compacted:
        yield f"{table.table}: {table.files_before} files became {table.files_after}."
    if done.expired is not None and done.expired.files:
        yield f"{done.expired.files} capture files with {_size(done.expired.bytes)} were too old and are gone."
    if done.vacuumed.files:
        yield f"{done.vacuumed.files} files with {_size(done.vacuumed.bytes)} that nobody reads any more are gone."
    if done.flow_runs:
        yield f"{done.flow_runs} old runs left Prefect's database."
    yield from _outlook(done.growth)


def _outlook(growth: Growth) -> Iterator[str]:
    now, per_day = growth.bytes_in(0), growth.captures_per_day + growth.tables_per_day
    kept = "for ever" if growth.keep_days is None else f"for {growth.keep_days} days"
    yield f"The folder has {_size(now)} and grows by {_size(per_day)} a day; captures are kept {kept}."
    full = growth.full_in_days()
    last = "The disk does not fill up within ten years." if full is None else f"The disk is full in {full} days."
    yield f"In 30 days it will have {_size(growth.bytes_in(30))}, in a year {_size(growth.bytes_in(365))}. {last}"


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"
