"""The Prefect shells of maintenance: each holds the data folder alone while it works."""

import asyncio
from datetime import datetime, timedelta

from prefect import task

from tasks.io.decisions import alone
from tasks.io.folder import DataFolder
from tasks.maintain.checkpoints import checkpoint_logs
from tasks.maintain.compact import Compacted, compact
from tasks.maintain.forecast import Growth, forecast
from tasks.maintain.retention import Expired, expire
from tasks.maintain.vacuum import Vacuumed, vacuum

WAIT_S = 3600.0
"""A night may go on when maintenance is due."""


@task(name="compact", persist_result=False)
async def compact_tables(folder: DataFolder, now: datetime, target_bytes: int) -> list[Compacted]:
    """Tables whose small files were joined.

    Raises:
        CopydeskError: as `tasks.maintain.compact.compact`; FolderBusyError when a run does not end.
    """

    def work() -> list[Compacted]:
        with alone(folder, "maintain", wait_s=WAIT_S):
            return compact(folder, now, target_bytes=target_bytes)

    return await asyncio.to_thread(work)


@task(name="expire", persist_result=False)
async def expire_captures(folder: DataFolder, now: datetime, keep_days: int) -> Expired:
    """Captures that were removed by the policy.

    Raises:
        CopydeskError: as `tasks.maintain.retention.expire`; FolderBusyError when a run does not end.
    """

    def work() -> Expired:
        with alone(folder, "maintain", wait_s=WAIT_S):
            return expire(folder, now, keep_days=keep_days)

    return await asyncio.to_thread(work)


@task(name="vacuum", persist_result=False)
async def vacuum_tables(folder: DataFolder, now: datetime, grace: timedelta) -> Vacuumed:
    """Files that were removed after their time of grace; the views are published without them.

    Raises:
        CopydeskError: as `tasks.maintain.vacuum.vacuum`; FolderBusyError when a run does not end.
    """

    def work() -> Vacuumed:
        with alone(folder, "maintain", wait_s=WAIT_S):
            return vacuum(folder, now, grace=grace)

    return await asyncio.to_thread(work)


@task(name="checkpoint", persist_result=False)
async def checkpoint(folder: DataFolder) -> int:
    """How many logs got a checkpoint.

    Raises:
        CopydeskError: as `checkpoint_logs`.
    """
    return await asyncio.to_thread(checkpoint_logs, folder)


@task(name="forecast", persist_result=False)
async def measure_growth(folder: DataFolder, now: datetime, keep_days: int | None) -> Growth:
    """How large the folder is, and will be.

    Raises:
        CopydeskError: as `tasks.maintain.forecast.forecast`.
    """
    return await asyncio.to_thread(forecast, folder, now, keep_days)
