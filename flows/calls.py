"""How a flow calls a stage: through Prefect as a task run, or straight, where no Prefect server is wanted.

Submitted to the flow's task runner rather than called, so that the same flows spread over a Dask cluster when
the task runner is prefect-dask's.
"""

import asyncio
import inspect
from typing import Any, Protocol

from prefect import Task
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

CONCURRENT_TASKS = 8
"""Tasks of one run at once; each holds one shard in memory."""


def task_runner() -> TaskRunner[Any]:
    """Where a flow's tasks run: threads of its own process."""
    return ThreadPoolTaskRunner(max_workers=CONCURRENT_TASKS)


class Call(Protocol):
    """Calls a stage's task and gives what it returns."""

    async def __call__(self, task: Task[Any, Any], /, *args: Any, **kwargs: Any) -> Any:
        """What the task returns; what it raises is raised."""


async def through_prefect(task: Task[Any, Any], /, *args: Any, **kwargs: Any) -> Any:
    """The task's result, run as a task run of the flow run that we are in."""
    future = task.submit(*args, **kwargs)
    return await asyncio.to_thread(future.result)


async def directly(task: Task[Any, Any], /, *args: Any, **kwargs: Any) -> Any:
    """The result of the task's function, run in this process without Prefect.

    Whoever runs a flow's steps so does it inside `prefect.logging.disable_run_logger()`, because there is no run to
    log to.
    """
    if inspect.iscoroutinefunction(task.fn):
        return await task.fn(*args, **kwargs)
    return await asyncio.to_thread(task.fn, *args, **kwargs)
