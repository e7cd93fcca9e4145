"""The Prefect shell of publish."""

import asyncio

from prefect import task
from prefect.tasks import exponential_backoff

from tasks.io.folder import DataFolder
from tasks.publish.database import PublishSummary, publish_tables
from tasks.retries import may_pass


@task(
    name="publish",
    retries=2,
    retry_delay_seconds=exponential_backoff(backoff_factor=2),
    retry_jitter_factor=0.5,
    retry_condition_fn=may_pass,
    persist_result=False,
)
async def publish(folder: DataFolder) -> PublishSummary:
    """What is committed now, as articles.duckdb.

    Raises:
        CopydeskError: as `publish_tables`.
    """
    return await asyncio.to_thread(publish_tables, folder)
