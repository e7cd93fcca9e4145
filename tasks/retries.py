"""When a task that failed is tried again: only after an error that may pass by itself. Shared by the stages' shells."""

from typing import Any

from tasks.errors import CopydeskError


async def may_pass(_task: object, _run: object, state: Any) -> bool:
    """Whether a task run's failure may pass by itself; the error's class says so.

    A `retry_condition_fn` of Prefect's; `state` is the failed run's state. It knows no more of Prefect than that.
    """
    error = await state.aresult(raise_on_failure=False)
    return isinstance(error, CopydeskError) and error.retryable
