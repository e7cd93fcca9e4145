"""The runner of `copydesk up` as a child process: makes the deployments, then starts their runs when they are due.

Each run is a process of its own below this one. Talks to its parent by one line of JSON on a pipe: that all is ready,
or what is wrong.
"""

import asyncio
import json
import os
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from copydesk.alarm_to import read_destination
from copydesk.up_children import adopt_orphans, end_with_parent, kill_descendants
from copydesk.up_deployments import OFFERS, UNATTENDED, check_cron, make_deployment
from tasks.errors import UsageError

if TYPE_CHECKING:
    from prefect.runner import Runner

LOG = "runner.log"

POLL_S = 2.0
"""How long a run that is asked for in the UI waits at most; Prefect's 10 s feel broken on one's own machine."""

CONCURRENT_RUNS = 2


@dataclass(frozen=True)
class Orders:
    """What the parent tells the runner, as JSON in its first argument."""

    cron: str
    time_zone: str
    defaults: dict[str, str]
    """Values of parameters for flows that have these parameters."""

    ready_fd: int
    """Descriptor that gets the one line."""

    def to_json(self) -> str:
        """As an argument."""
        return json.dumps(asdict(self))


def main() -> None:
    """Run flows until SIGTERM or the parent's end."""
    # Orphans too: the processes of a run that was killed.
    adopt_orphans()
    end_with_parent(kill_descendants)
    orders = Orders(**json.loads(sys.argv[1]))
    for name, value in UNATTENDED.items():
        os.environ.setdefault(name, value)
    asyncio.run(serve(orders))


async def serve(orders: Orders) -> None:
    """Make the deployments, tell the parent, and start runs until SIGTERM."""
    runner = make_runner()
    told = await _try_to_deploy(runner, orders)
    with os.fdopen(orders.ready_fd, "w") as parent:
        parent.write(json.dumps(told) + "\n")
    if "error" not in told:
        await runner.start()


def make_runner() -> "Runner":
    """Prefect's runner, which leaves the schedules awake when it stops, and stops by SIGTERM without a knot."""
    from prefect.runner import Runner

    class DeskRunner(Runner):
        def handle_sigterm(self, *_args: Any, **_more: Any) -> None:
            # Prefect's own waits, in the signal handler, for the event loop that the signal has interrupted.
            if self.started:
                self.execute_in_background(self.astop)
            elif not self.stopping:
                sys.exit(0)

    return DeskRunner(name="copydesk", pause_on_shutdown=False, query_seconds=POLL_S, limit=CONCURRENT_RUNS)


async def _try_to_deploy(runner: "Runner", orders: Orders) -> dict[str, str]:
    """What the parent is told: `ready`, or `error` with a sentence."""
    from copydesk.alarm_deploy import deploy_alarms
    from copydesk.up_recovery import close_interrupted, merge_missed
    from flows.settings import load_settings

    try:
        check_cron(orders.cron, orders.time_zone)
        await deploy_alarms(read_destination(load_settings().alarm_to), orders.cron, orders.time_zone)
    except UsageError as error:
        return {"error": str(error)}
    made = [await make_deployment(offer, orders.cron, orders.time_zone, orders.defaults) for offer in OFFERS]
    ids = [await runner.aadd_deployment(deployment) for deployment in made]
    await close_interrupted(ids)
    for deployment_id in ids:
        await merge_missed(deployment_id)
    return {"ready": ", ".join(offer.name for offer in OFFERS)}


if __name__ == "__main__":
    main()
