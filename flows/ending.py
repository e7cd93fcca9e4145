"""The sign that a run has ended, for the automation that takes silent runs for dead (copydesk/alarm_table.py).

Prefect's own event of the end follows the one of the state before, and so on back to the planning of the run. Of runs
that were planned less than five minutes before they began, the server never sees the first of these, holds back all
that follow it for fifteen minutes, and meanwhile takes the last heartbeat for the last sign of life (seen with 3.7:
runs that had completed were marked as crashed). This event follows none.
"""

from typing import Any

from prefect import Flow, State
from prefect.client.schemas.objects import FlowRun
from prefect.events import emit_event
from prefect.flows import FlowStateHook
from prefect.logging import get_run_logger

from tasks.report.alarms import RUN_ENDED
from tasks.report.task import API_TROUBLE


def tell_end(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Tell Prefect that the run has ended; as a hook of a flow, for each way in which one can end."""
    tags = [{"prefect.resource.id": f"prefect.tag.{tag}", "prefect.resource.role": "tag"} for tag in flow_run.tags]
    resource = {"prefect.resource.id": f"prefect.flow-run.{flow_run.id}", "prefect.resource.name": flow_run.name}
    try:
        emit_event(RUN_ENDED, resource=resource, related=tags, payload={"flow": flow.name, "state": state.name})
    except API_TROUBLE as error:
        get_run_logger().warning("The end of the run was not told, because Prefect's API failed: %s", error)


ENDS: list[FlowStateHook[..., Any]] = [tell_end]
"""The hooks of a flow's end."""
