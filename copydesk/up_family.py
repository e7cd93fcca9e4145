"""The server and the runner of `copydesk up`: how the two are started, watched and stopped, and when to stop."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from types import FrameType

from copydesk.up_children import start_child, stop_child
from copydesk.up_runner import LOG as RUNNER_LOG
from copydesk.up_runner import Orders
from copydesk.up_server import LOG as SERVER_LOG
from copydesk.up_server import start_server, url_of

RUNS_STOP_S = 20.0
SERVER_STOP_S = 5.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
OUR_PACKAGES = ("copydesk", "flows", "tasks", "schemas")


@dataclass
class Patience:
    """Counts requests to stop (Ctrl-C, SIGTERM, a closed terminal): after the first we stop in order, then at once."""

    requests: int = 0

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        """Take a signal."""
        self.requests += 1

    def is_asked(self) -> bool:
        """Whether we are to stop."""
        return self.requests > 0

    def is_lost(self) -> bool:
        """Whether we are to stop at once."""
        return self.requests > 1


@contextmanager
def stop_signals() -> Iterator[Patience]:
    """Count the signals instead of dying by them."""
    patience = Patience()
    before = {number: signal.signal(number, patience.ask) for number in STOP_SIGNALS}
    try:
        yield patience
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


LOG_LINE = re.compile(r"\d\d:\d\d:\d\d\.\d{3} \| .*")
"""A line of Prefect's log. The rest that a run prints (tracebacks, a library's last words) stays in the file; a library
that ends without a line end has the next log line after it."""


class Tail:
    """The log lines that are added to a file from now on."""

    def __init__(self, path: Path) -> None:
        self._file = path.open(encoding="utf-8", errors="replace")
        self._file.seek(0, os.SEEK_END)
        self._begun = ""

    def lines(self) -> list[str]:
        """Those that are whole and have not been given yet."""
        *whole, self._begun = (self._begun + self._file.read()).split("\n")
        return [found[0] for line in whole if (found := LOG_LINE.search(line))]

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@dataclass(frozen=True)
class Family:
    """The two children."""

    home: Path
    server: subprocess.Popen[bytes]
    runner: subprocess.Popen[bytes]
    ready: int
    """Descriptor that gives the runner's one line."""
    log: "Tail"
    """What the runner and its runs log from now on."""

    def dead(self) -> str | None:
        """Which child has ended by itself and where it may have said why; None while both live."""
        for name, child, log in (("server", self.server, SERVER_LOG), ("runner", self.runner, RUNNER_LOG)):
            if child.poll() is not None:
                return f"The Prefect {name} ended by itself: {self.home / log} may say why."
        return None


def start_family(
    home: Path, listening: socket, lock: int, cron: str, time_zone: str, defaults: dict[str, str]
) -> Family:
    """Server and runner, both starting at the same time: the socket listens already, so the runner may just ask."""
    server = start_server(home, listening, lock, ui=True)
    ready, told = os.pipe()
    orders = Orders(cron, time_zone, defaults, told)
    env = {
        **os.environ,
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"{url_of(listening)}/api",
        "COPYDESK_DATA": defaults["data"],
        "COPYDESK_SOURCES_FILE": defaults["sources_file"],
        "DO_NOT_TRACK": "1",
    }
    log = home / RUNNER_LOG
    with shadow_free(home):
        runner = start_child("copydesk.up_runner", [orders.to_json()], env, pass_fds=(told, lock), log=log)
    os.close(told)
    return Family(home, server, runner, ready, Tail(log))


@contextmanager
def shadow_free(home: Path) -> Iterator[None]:
    """Start children in a folder where nothing hides our packages: here if it can be, else in the Prefect home.

    Prefect puts the working directory first when it imports a flow, and a folder `flows` is common.
    """
    here = Path.cwd()
    ours = Path(__file__).resolve().parents[1]
    is_hidden = here.resolve() != ours and any((here / name).exists() for name in OUR_PACKAGES)
    if is_hidden:
        os.chdir(home)
    try:
        yield
    finally:
        os.chdir(here)


def stop_family(family: Family, patience: Patience) -> None:
    """Stop the runner and its runs, then the server, which until then takes their last states."""
    if patience.is_asked() and not patience.is_lost():
        print("Stopping: the runs first, then the server. Ctrl-C again stops at once.", file=sys.stderr)  # noqa: T201
    with ExitStack() as stack:
        stack.callback(family.log.close)
        for child in (family.runner, family.server):
            stack.callback(_reap, child)
        # Without a server, runs can tell nobody how they end, and wait for it in vain.
        patient_s = RUNS_STOP_S if family.server.poll() is None else SERVER_STOP_S
        stop_child(family.runner, patient_s, patience.is_lost)
        stop_child(family.server, SERVER_STOP_S, patience.is_lost)


def _reap(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.kill()
    child.wait()
    if child.stdin is not None:
        child.stdin.close()
