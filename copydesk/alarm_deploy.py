"""The alarms as automations of Prefect: made with the deployments, by `copydesk up` or `copydesk alarm --deploy`.

Prefect keeps the destination as a block, encrypted. What a person has switched off in the UI stays off.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from uuid import UUID

from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.blocks.notifications import SlackWebhook
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import CallWebhook, ChangeFlowRunState, SendNotification
from prefect.events.schemas.automations import AutomationCore, EventTrigger
from prefect.server.schemas.schedules import CronSchedule
from pydantic import SecretStr

from copydesk.alarm_table import SILENT_S, AlarmRow, alarm_rows, message_template
from copydesk.alarm_to import VARIABLE, Destination
from tasks.errors import UsageError

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.events.actions import ActionTypes

BLOCK = "copydesk-alarm"
STARTS_LOOKED_AT = 60

Act = Callable[[AlarmRow], "ActionTypes"]


async def deploy_alarms(
    destination: Destination | None, cron: str, time_zone: str, *, silent_s: float = SILENT_S
) -> list[str]:
    """The names of the automations that are there now and that we keep: made, or brought up to date.

    Without a destination only those that need none; those of an earlier destination stay as they are.

    Args:
        destination: Where messages go.
        cron: When the nightly run starts.
        time_zone: Zone of `cron`.
        silent_s: Seconds without a sign of life until a run counts as dead.

    Raises:
        UsageError: the destination cannot be used.
    """
    send = await _sender(destination) if destination else None
    names = []
    async with get_client() as client:
        for row in alarm_rows(await longest_pause(cron, time_zone), silent_s=silent_s):
            act = _crash if row.crashes_run else send
            if act is not None:
                await _keep(client, row, act)
                names.append(row.name)
    return names


async def longest_pause(cron: str, time_zone: str) -> timedelta:
    """The longest time between two of the next starts of a schedule."""
    dates = await CronSchedule(cron=cron, timezone=time_zone).get_dates(STARTS_LOOKED_AT, start=datetime.now(UTC))
    return max((later - earlier for earlier, later in pairwise(dates)), default=timedelta(days=1))


async def _sender(destination: Destination) -> Act:
    """What makes the action that tells people."""
    block_id, is_webhook = await _block(destination)

    def send(row: AlarmRow) -> "ActionTypes":
        if is_webhook:
            return CallWebhook(block_document_id=block_id, payload=message_template(row))
        subject = f"Copydesk: {row.key.replace('-', ' ')}"
        return SendNotification(block_document_id=block_id, subject=subject, body=row.text)

    return send


def _crash(row: AlarmRow) -> "ActionTypes":
    return ChangeFlowRunState(state=StateType.CRASHED, name="Crashed", message=row.text, force=True)


async def _block(destination: Destination) -> tuple[UUID, bool]:
    """Id of the block that sends, and whether it is a webhook.

    Raises:
        UsageError: there is no such block, it cannot send, or Apprise does not know the address.
    """
    if destination.kind == "block":
        return await _block_of_user(destination)
    made: Webhook | SlackWebhook
    if destination.kind == "webhook":
        json = {"Content-Type": "application/json"}
        made = Webhook.model_validate({"method": "POST", "url": destination.address, "headers": json})
    else:
        made = _apprise_block(destination)
    return await made.save(BLOCK, overwrite=True), destination.kind == "webhook"


def _apprise_block(destination: Destination) -> SlackWebhook:
    """A block for any address that Apprise knows.

    Prefect has no class for mail by SMTP. This one hands each address that is not Slack's on to Apprise, and a class
    of our own would not be known to a server that others run.
    """
    from apprise import Apprise

    if not Apprise().add(destination.address):
        raise UsageError(f"{VARIABLE} ({destination.shown}) is no address that Apprise understands.")
    return SlackWebhook(url=SecretStr(destination.address))


async def _block_of_user(destination: Destination) -> tuple[UUID, bool]:
    try:
        block: Block = await Block.aload(destination.address)
    except ValueError:
        raise UsageError(f"{VARIABLE}: Prefect has no {destination.shown}; make it in its UI under Blocks.") from None
    block_id: UUID | None = block._block_document_id  # Prefect has no public name for it
    if block_id is None or not isinstance(block, Webhook | NotificationBlock):
        raise UsageError(f"{VARIABLE}: the {destination.shown} is neither a webhook nor one that notifies.")
    return block_id, isinstance(block, Webhook)


async def _keep(client: "PrefectClient", row: AlarmRow, act: Act) -> None:
    """Make the automation, or bring it up to date; one that is as it should be is not touched.

    An update would begin the waiting for a missing run anew at every start.
    """
    wanted = AutomationCore(
        name=row.name,
        description=row.what,
        trigger=EventTrigger.model_validate(row.trigger),
        actions=[act(row)],
        tags=["copydesk"],
    )
    found = await client.read_automations_by_name(row.name)
    if not found:
        await client.create_automation(wanted)
        return
    if _meaning(wanted) != _meaning(found[0]):
        await client.update_automation(found[0].id, wanted.model_copy(update={"enabled": found[0].enabled}))


def _meaning(automation: AutomationCore) -> dict[str, Any]:
    """What is compared: all but ids, and whether it is switched on."""
    return automation.model_dump(mode="json", include={"name", "description", "trigger", "actions"})
