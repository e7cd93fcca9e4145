"""`copydesk up`: the Prefect server, its UI, the nightly schedule and a runner, started and stopped as one.

This process is light: it only starts two children (the server, the runner), watches them and stops them. It is the
parent of everything, so that nothing can be left behind: see `up_family` and `up_children`.
"""

import json
import os
import select
import sys
import time
import urllib.request
import zoneinfo
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from copydesk.up_children import adopt_orphans, kill_descendants
from copydesk.up_family import Family, Patience, start_family, stop_family, stop_signals
from copydesk.up_home import hold_home, home_of
from copydesk.up_server import listen, url_of
from tasks.errors import CopydeskError, SourcesError, UsageError
from tasks.io.folder import DataFolder

START_S = 120.0
"""A first start on a slow disk migrates the database; on two cores it takes 7 s."""


def run_up(data: Path, sources: Path, *, host: str, port: int, cron: str, time_zone: str) -> None:
    """Serve until Ctrl-C or SIGTERM; comes back when nothing of it runs any more.

    Args:
        data: Data folder; made if missing.
        sources: File of sources, the default of the nightly run.
        host: Address to listen on.
        port: Port of UI and API.
        cron: When the nightly run starts, five fields.
        time_zone: Name in the time zone database.

    Raises:
        UsageError: the sources file, cron, time zone or host is wrong; PortError (exit code 1): the port is in use.
        FolderBusyError: another `copydesk up`, or a run, works with this data folder.
        DataFolderError, DiskError: the folder cannot be used.
        CopydeskError: server or runner did not start, or ended by itself.
    """
    folder = DataFolder(data)
    folder = folder if folder.address else DataFolder(data.resolve())
    folder.check()
    if not sources.is_file():
        raise SourcesError(f"{sources} does not exist: write it, or name another file with --sources.")
    check_time_zone(time_zone)
    defaults = {"data": folder.name, "sources_file": str(sources.resolve())}
    with stop_signals() as patience, listen(host, port) as listening:
        url = url_of(listening)
        folder.prepare()
        home = home_of(data)
        with hold_home(home, "up", url) as lock:
            adopt_orphans()
            try:
                family = start_family(home, listening, lock, cron, time_zone, defaults)
                listening.close()
                _serve(family, url, patience)
            finally:
                kill_descendants()
    if patience.is_lost():
        raise KeyboardInterrupt


def check_time_zone(name: str) -> None:
    """Raise unless the time zone is known.

    Raises:
        UsageError: it is not.
    """
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"--time-zone {name} is unknown: use a name like UTC or Europe/Berlin.") from None


def _serve(family: Family, url: str, patience: Patience) -> None:
    """From the start to the end of both children."""

    def is_over() -> bool:
        return patience.is_asked() or family.dead() is not None

    try:
        _wait_until_ready(family, is_over)
        if not is_over():
            _say_hello(url, is_over)
        while not is_over():
            # Only until we stop: what Prefect logs of runs that are being stopped is long and says nothing.
            for line in family.log.lines():
                print(line, flush=True)  # noqa: T201 - the command's output
            time.sleep(0.1)
        trouble = None if patience.is_asked() else family.dead()
    finally:
        stop_family(family, patience)
    if trouble is not None:
        raise CopydeskError(trouble)


def _wait_until_ready(family: Family, is_over: Callable[[], bool]) -> None:
    """Come back when the runner has made its deployments, or when it is over before that.

    Raises:
        UsageError: what the runner says is wrong.
        CopydeskError: it took too long.
    """
    until = time.monotonic() + START_S
    with os.fdopen(family.ready) as lines:
        while not select.select([lines], [], [], 0.1)[0]:
            if is_over():
                return
            if time.monotonic() > until:
                raise CopydeskError(f"Nothing was ready after {START_S:.0f} s: see the logs in {family.home}.")
        # An empty line: the runner has died; `dead` tells.
        told = json.loads(lines.readline() or "{}")
    if "error" in told:
        raise UsageError(told["error"])
    if "ready" not in told:
        family.runner.wait()


def _say_hello(url: str, give_up: Callable[[], bool]) -> None:
    from rich.console import Console

    out = Console()
    out.print(f"[bold]Copydesk is up.[/bold] Open [link={url}]{url}[/link] in a browser, press Ctrl-C to stop.")
    out.print(next_night(f"{url}/api", give_up), highlight=False)
    sys.stdout.flush()


def next_night(api: str, give_up: Callable[[], bool], seconds: float = 15.0) -> str:
    """One line on when `nightly` starts next, by the run that the server has made for it.

    Asked for rather than computed: it also shows that the schedule works (with a wrong sqlalchemy it does not).
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until and not give_up():
        # The server makes the runs of a new schedule within 5 s.
        with suppress(OSError):
            if _ask(f"{api}/deployments/name/nightly/nightly")["paused"]:
                return "The nightly schedule is paused: resume it in the UI under Deployments."
            if runs := _ask(f"{api}/flow_runs/filter", NEXT_NIGHT):
                start = datetime.fromisoformat(runs[0]["expected_start_time"])
                return f"Next nightly run: {start.astimezone():%A %Y-%m-%d %H:%M %Z}"
        time.sleep(0.5)
    return "The schedule has made no run yet: look in the UI under Deployments."


NEXT_NIGHT = {
    "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
    "deployments": {"name": {"any_": ["nightly"]}},
    "sort": "EXPECTED_START_TIME_ASC",
    "limit": 1,
}


def _ask(url: str, body: object = None) -> Any:
    """The answer of the API; a body makes it a POST."""
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, content, {"Content-Type": "application/json"})  # noqa: S310 - our own address
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - as above
        return json.load(answer)
