"""`copydesk alarm`: where alarms go, setting them up on a server that others run, and a trial."""

import asyncio
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from copydesk.alarm_table import PREFIX
from copydesk.alarm_to import VARIABLE, Destination, read_destination
from copydesk.faces import out
from copydesk.prefect_home import healthy, use_home
from copydesk.up_deployments import CRON, TIME_ZONE
from tasks.errors import CopydeskError, UsageError

TRIAL_S = 20.0
"""How long a trial waits for word that it was sent."""
TRIAL = "copydesk.alarm.trial"


def run_alarm(data: Path, *, test: bool, deploy: bool, cron: str = CRON, time_zone: str = TIME_ZONE) -> None:
    """Say where alarms go and which are set up; set them up, or send a trial, where that is asked for.

    Raises:
        UsageError: the destination cannot be used, or there is no server.
        CopydeskError: the trial did not arrive.
    """
    from flows.settings import load_settings

    destination = read_destination(load_settings().alarm_to)
    _say(f"Alarms go to: {destination.shown}" if destination else f"{VARIABLE} is not set.")
    use_home(data)
    url = os.environ.get("PREFECT_API_URL", "")
    if not url or not healthy(url):
        if test or deploy:
            raise UsageError("There is no Prefect server to do it: start copydesk up, or set PREFECT_API_URL.")
        _say("No Prefect server is at work here, so none is set up to be seen.")
        return
    asyncio.run(_on_server(destination if deploy else None, cron, time_zone, deploy=deploy, test=test))


async def _on_server(destination: Destination | None, cron: str, time_zone: str, *, deploy: bool, test: bool) -> None:
    from copydesk.alarm_deploy import deploy_alarms

    if deploy:
        await deploy_alarms(destination, cron, time_zone)
    for automation in await _automations():
        _say(f"- {automation.name}: {'on' if automation.enabled else 'off'}. {automation.description}")
    if test:
        _say(await send_trial())


async def _automations() -> list[Any]:
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        found = await client.read_automations()
    return sorted((one for one in found if one.name.startswith(PREFIX)), key=lambda one: one.name)


async def send_trial(seconds: float = TRIAL_S) -> str:
    """One sentence on how a trial alarm arrived, by what the server says of sending it.

    Raises:
        CopydeskError: it was refused on the way, or nothing was sent in the time.
    """
    from prefect.events.clients import get_events_client
    from prefect.events.schemas.events import Event, Resource

    trial = Event(
        event=TRIAL,
        resource=Resource({"prefect.resource.id": "copydesk.desk"}),
        payload={"sentence": "This is a trial; nothing is wrong."},
    )
    started = datetime.now(UTC)
    async with get_events_client() as events:
        await events.emit(trial)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for event in await _outcomes(started):
            if f"prefect.event.{trial.id}" in [related.id for related in event.related]:
                return _outcome(event)
        await asyncio.sleep(0.3)
    raise CopydeskError(f"No alarm was sent in {seconds:.0f} s: set {VARIABLE}, then copydesk alarm --deploy.")


async def _outcomes(since: datetime) -> list[Any]:
    """What became of actions of automations since a time."""
    from prefect.client.orchestration import get_client
    from prefect.events.filters import EventFilter, EventNameFilter, EventOccurredFilter

    wanted = EventFilter(
        event=EventNameFilter(name=["prefect.automation.action.executed", "prefect.automation.action.failed"]),
        occurred=EventOccurredFilter.model_validate({"since": since}),
    )
    async with get_client() as client:
        return list((await client.read_events(wanted, limit=50)).events)


def _outcome(event: Any) -> str:
    """The sentence of one outcome.

    Raises:
        CopydeskError: the other side refused it.
    """
    status = event.payload.get("status_code")
    if event.event.endswith(".failed"):
        raise CopydeskError(f"The trial was not sent: {event.payload.get('reason', 'no reason is known')}")
    if status is not None and status >= 400:
        raise CopydeskError(f"The trial was refused with status {status}: {event.payload.get('response_body', '')}")
    return "The trial was sent." if status is None else f"The trial was sent and answered with status {status}."


def _say(text: str) -> None:
    out.print(text, markup=False, highlight=False, soft_wrap=True)
