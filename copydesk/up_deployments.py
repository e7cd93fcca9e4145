"""What `copydesk up` and prefect.yaml offer to run: a table, the same for both (a test compares them)."""

from dataclasses import dataclass
from importlib import import_module, metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copydesk.alarm_table import HEARTBEAT_S
from tasks.errors import UsageError
from tasks.io.folder import DataFolder

if TYPE_CHECKING:
    from prefect import Flow
    from prefect.deployments.runner import RunnerDeployment

CRON = "15 2 * * *"
TIME_ZONE = "UTC"

UNATTENDED = {
    "PREFECT_FLOW_DEFAULT_RETRIES": "1",
    "PREFECT_FLOW_DEFAULT_RETRY_DELAY_SECONDS": "60",
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_S),
}
"""Environment of runs that nobody sits in front of: a run that fails is tried once more, a minute later, and gives
signs of life, by which a dead one is found.

A setting and not the flows' own: at the command line a person is told at once.
"""


@dataclass(frozen=True)
class Offer:
    """One deployment: the flow and the deployment have the same name."""

    name: str
    collision: str
    """What becomes of a run that starts while another one of this deployment goes on: ENQUEUE or CANCEL_NEW."""

    is_scheduled: bool = False

    cron: str | None = None
    """When it starts, in UTC; None where the user says when, or nobody."""

    @property
    def entrypoint(self) -> str:
        """Module and function, not a file: a file cannot import its neighbours, and holds a path of one machine."""
        return f"flows.{self.name}.{self.name}"

    @property
    def tags(self) -> list[str]:
        """Tags in the UI."""
        return ["copydesk", self.name]


OFFERS = (
    # A night that starts late while another one goes on finds nothing that this one does not find.
    Offer("nightly", collision="CANCEL_NEW", is_scheduled=True),
    # Each backfill has inputs of its own: none may be left out.
    Offer("backfill", collision="ENQUEUE"),
    # So has each reprocess.
    Offer("reprocess", collision="ENQUEUE"),
    # On Sundays, before the papers of Monday; a second one would find nothing left to do.
    Offer("maintain", collision="CANCEL_NEW", cron="45 5 * * 0"),
)


def load_flow(offer: Offer) -> "Flow[Any, Any]":
    """The flow of a deployment, imported."""
    module, _, function = offer.entrypoint.rpartition(".")
    flow: Flow[Any, Any] = getattr(import_module(module), function)
    return flow


def check_cron(cron: str, time_zone: str) -> None:
    """Raise unless a cron expression is one that Prefect's scheduler understands.

    Raises:
        UsageError: it is not.
    """
    from prefect.client.schemas.schedules import CronSchedule
    from pydantic import ValidationError

    try:
        CronSchedule(cron=cron, timezone=time_zone)
    except ValidationError as error:
        raise UsageError(f"--cron {cron!r} is no cron expression: {error.errors()[0]['msg']}") from None


async def make_deployment(offer: Offer, cron: str, time_zone: str, defaults: dict[str, str]) -> "RunnerDeployment":
    """The deployment as Prefect takes it; what a person has paused in the UI stays paused.

    Args:
        offer: Which one.
        cron: When a scheduled one starts.
        time_zone: Name in the time zone database.
        defaults: Values of parameters for flows that have these parameters.
    """
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    flow = load_flow(offer)
    known = flow.parameters.properties
    before = await _as_it_was(offer)
    schedule = None
    if offer.cron is not None and not _is_refused(defaults):
        schedule = Cron(offer.cron, timezone=TIME_ZONE, active=before.is_schedule_active)
    elif offer.is_scheduled:
        schedule = Cron(cron, timezone=time_zone, active=before.is_schedule_active)
    return await flow.ato_deployment(
        name=offer.name,
        schedule=schedule,
        paused=before.is_paused,
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy(offer.collision)),
        parameters={name: value for name, value in defaults.items() if name in known},
        tags=offer.tags,
        version=metadata.version("copydesk"),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _is_refused(defaults: dict[str, str]) -> bool:
    """Whether the data lie in a bucket, where what we schedule ourselves (maintenance) is refused."""
    return DataFolder(Path(defaults.get("data", "data"))).address is not None


@dataclass(frozen=True)
class _Before:
    """What a person may have switched off in the UI."""

    is_paused: bool = False
    is_schedule_active: bool = True


async def _as_it_was(offer: Offer) -> _Before:
    """How the deployment was left; Prefect's own update would switch everything on again."""
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    async with get_client() as client:
        try:
            found = await client.read_deployment_by_name(f"{offer.name}/{offer.name}")
        except ObjectNotFound:
            return _Before()
    return _Before(found.paused, all(schedule.active for schedule in found.schedules))
