"""How a flow run hears a wish to stop, and what Prefect is told of it.

Prefect's own handler ends a flow run at the first SIGTERM; ours lets it finish what is under way.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRunPolicy
from prefect.runtime import flow_run

from tasks.io.stopping import STOP, stop_on_signals


@asynccontextmanager
async def draining() -> AsyncIterator[None]:
    """The first signal lets the block drain, the second ends the run as Prefect would have done at the first.

    What fails after the wish is not tried again: the process would wait for its next try until it is killed.
    """
    with stop_on_signals():
        try:
            yield
        except Exception:
            if STOP.is_asked:
                await _forbid_retries()
            raise


async def _forbid_retries() -> None:
    run_id = flow_run.get_id()
    if run_id is None:
        return  # called without Prefect, which alone tries again
    async with get_client() as client:
        await client.update_flow_run(UUID(run_id), empirical_policy=FlowRunPolicy(retries=0))
