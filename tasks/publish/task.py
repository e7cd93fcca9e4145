"""The Prefect shell of publish."""

import asyncio
from typing import Any

from prefect import State, Task, task
from prefect.client.schemas.objects import TaskRun
from prefect.tasks import exponential_backoff

from tasks.errors import CopydeskError
from tasks.io.folder import DataFolder
from tasks.publish.database import PublishSummary, publish_tables


async def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether the error may pass by itself; its class says so."""
    error = await state.aresult(raise_on_failure=False)
    return isinstance(error, CopydeskError) and error.retryable


@task(
    name="publish",
    retries=2,
    retry_delay_seconds=exponential_backoff(backoff_factor=2),
    retry_jitter_factor=0.5,
    retry_condition_fn=_may_pass,
    persist_result=False,
)
async def publish(folder: DataFolder) -> PublishSummary:
    """What is committed now, as articles.duckdb.

    Raises:
        CopydeskError: as `publish_tables`.
    """
    return await asyncio.to_thread(publish_tables, folder)
