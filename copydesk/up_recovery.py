"""What a start of `copydesk up` does about runs of earlier ones: those that were cut off, those that were missed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.states import Cancelled, Crashed

BEGUN = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]


async def close_interrupted(deployment_ids: Sequence[UUID]) -> int:
    """How many runs were marked as crashed: those that a runner that is gone had begun and never ended.

    Nobody else would do so, and each of them would keep the only place of its deployment.
    """
    crashed: State[None] = Crashed(message="copydesk up ended before this run did; what it had committed is whole.")
    async with get_client() as client:
        runs = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=BEGUN))),
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=list(deployment_ids))),
        )
        for run in runs:
            await client.set_flow_run_state(run.id, crashed, force=True)
    return len(runs)


async def merge_missed(deployment_id: UUID) -> int:
    """How many missed runs of a schedule were cancelled: all but the latest, which catches up for all of them.

    While `up` is not there, the nights that its server had planned pass by; all of them would start at once.
    """
    merged: State[None] = Cancelled(
        message="Missed while copydesk up did not run; a later missed run catches up for it."
    )
    scheduled = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
    past = FlowRunFilterExpectedStartTime.model_validate({"before_": datetime.now(UTC)})
    async with get_client() as client:
        runs = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(state=scheduled, expected_start_time=past),
            deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id])),
            sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        )
        missed = [run for run in runs if run.auto_scheduled][1:]
        for run in missed:
            await client.set_flow_run_state(run.id, merged, force=True)
    return len(missed)
