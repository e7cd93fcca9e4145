"""Which Prefect a command talks to. Call before anything imports Prefect, which reads its environment only once.

Each data folder has a Prefect home of its own (`<data>/prefect`). A flow run of a command is reported

- to the server that the user names with PREFECT_API_URL, if any;
- else to the `copydesk up` of the data folder, if one runs: the run shows up in its UI at once;
- else to a private server, which `flow_api` starts at once and stops at the end. It keeps its database in the home, so
  that a later `copydesk up` shows the run; only when another command works there, it takes a temporary home.
"""

import asyncio
import atexit
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from copydesk.up_children import stop_child
from copydesk.up_home import find_server, hold_home, home_of
from copydesk.up_server import LOG, listen, start_server, url_of
from tasks.errors import CopydeskError, FolderBusyError

Result = TypeVar("Result")

QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # Where Prefect starts a temporary server by itself: time for the first migration on a slow disk, and no
    # tracebacks of its services when it is stopped in the middle of a write.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "60",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
    # The command shows progress and a funnel of its own; the API still gets every line.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "WARNING",
}
"""Set unless the user has set them."""


def use_home(data: Path) -> None:
    """Point Prefect's environment at the home of a data folder, and at its `copydesk up` where one runs.

    What the user has set stays. Starts nothing.
    """
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    home = home_of(data)
    os.environ["PREFECT_HOME"] = str(home)
    if os.environ.get("PREFECT_API_URL"):
        return
    # Empty means not set to people, but is an address without a server to Prefect.
    os.environ.pop("PREFECT_API_URL", None)
    server = find_server(home)
    if server is not None and server.kind == "up":
        os.environ["PREFECT_API_URL"] = server.api


RUNNING_S = 10.0
"""How long a server that others have started may take to answer."""


@dataclass(frozen=True)
class FlowApi:
    """The API that flow runs of this process report to."""

    url: str
    process: subprocess.Popen[bytes] | None = None
    log: Path | None = None

    def wait(self, seconds: float = 60.0) -> None:
        """Come back when the API answers; call it after the imports and before the first flow run.

        Raises:
            CopydeskError: it does not; the message names its log, or the address that does not answer.
        """
        until = time.monotonic() + (seconds if self.process else min(seconds, RUNNING_S))
        while self.process is None or self.process.poll() is None:
            if healthy(self.url, seconds):
                return
            if time.monotonic() >= until:
                break
            time.sleep(0.05)
        if self.log is None:
            raise CopydeskError(f"The Prefect API at {self.url} does not answer: start it, or unset PREFECT_API_URL.")
        raise CopydeskError(f"The Prefect server of this run did not start: {self.log} says why.")

    def run(self, start: Callable[[], Awaitable[Result]]) -> Result:
        """What an async flow run returns; what it raises is raised. Its log and events are with the API afterwards.

        Args:
            start: Gives the awaitable of the run, as `lambda: nightly(limit=3)`; called inside the event loop.
        """

        async def awaited() -> Result:
            return await start()

        self.wait()
        try:
            return asyncio.run(awaited())
        finally:
            _drain_prefect()


def healthy(api: str, seconds: float = 2.0) -> bool:
    """Whether a Prefect API answers that it is well."""
    try:
        with urllib.request.urlopen(f"{api}/health", timeout=seconds) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def flow_api(data: Path) -> Iterator[FlowApi]:
    """An API for the flow runs of the block: the user's, the one of `copydesk up`, or a private one.

    The private server starts while the caller goes on with its imports; `wait()` then costs little. The server ends
    with the block, and with this process, however it ends. Must be entered in the process's environment alone:
    not by two threads at once.
    """
    before = dict(os.environ)
    use_home(data)
    try:
        with ExitStack() as stack:
            given = os.environ.get("PREFECT_API_URL")
            api = FlowApi(given) if given else stack.enter_context(_private_api(home_of(data)))
            os.environ["PREFECT_API_URL"] = api.url
            stack.enter_context(_known_to_prefect(api.url))
            yield api
    finally:
        os.environ.clear()
        os.environ.update(before)


_open: dict[Path, FlowApi] = {}


def open_api(data: Path) -> FlowApi:
    """As `flow_api`, but until this process ends, and the same one when asked again: for commands.

    Opened before Prefect is imported, it is closed after Prefect has sent its last log lines.
    """
    home = home_of(data)
    if home not in _open:
        stack = ExitStack()
        _open[home] = stack.enter_context(flow_api(data))
        atexit.register(stack.close)
    return _open[home]


@contextmanager
def _private_api(home: Path) -> Iterator[FlowApi]:
    with ExitStack() as stack:
        listening = stack.enter_context(listen("127.0.0.1", 0))
        url = url_of(listening)
        try:
            lock = stack.enter_context(hold_home(home, "run", url))
        except FolderBusyError:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="copydesk-prefect-")))
            lock = stack.enter_context(hold_home(home, "run", url))
        server = start_server(home, listening, lock, ui=False)
        listening.close()
        try:
            yield FlowApi(f"{url}/api", server, home / LOG)
        finally:
            _drain_prefect()
            _stop(server)


def _drain_prefect() -> None:
    """Send what Prefect's threads still hold: they would go on trying for a minute after the server is gone."""
    if "prefect" not in sys.modules:
        return
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for sender in (APILogWorker, EventsWorker):
        # "Still processing items" is what a drain is for.
        logging.getLogger(sender.__name__).setLevel(logging.ERROR)

    def drain() -> None:
        APILogWorker.drain_all(timeout=10, at_exit=False)
        EventsWorker.drain_all(timeout=10, at_exit=False)

    # In a thread without an event loop: with one, draining gives a coroutine instead of doing it.
    worker = threading.Thread(target=drain)
    worker.start()
    worker.join()


def _stop(server: subprocess.Popen[bytes]) -> None:
    if not stop_child(server, 5.0, impatient=lambda: False):
        server.kill()
    server.wait()
    if server.stdin is not None:
        server.stdin.close()


@contextmanager
def _known_to_prefect(url: str) -> Iterator[None]:
    """Tell a Prefect that this process has imported already (several runs in one process, tests)."""
    if "prefect" not in sys.modules:
        yield
        return
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: url}):
        yield
