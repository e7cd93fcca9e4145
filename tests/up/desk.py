"""A `copydesk up` of the tests: started as a user starts it, asked by its API, searched for what it leaves behind."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

COPYDESK = Path(sys.executable).with_name("copydesk")
BUSY_S = 20.0
JSON = {"Content-Type": "application/json"}
MARK = "COPYDESK_TEST_MARK"
END_STATES = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}

Answer = TypeVar("Answer")


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def wait_for(ask: Callable[[], Answer | None], seconds: float, what: str) -> Answer:
    """The first answer that is something; fails when none comes in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")


def clean_env(**more: str) -> dict[str, str]:
    """Our environment without any setting of Prefect or Copydesk, and with these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "COPYDESK_"))}
    return {**kept, **more}


@dataclass
class Api:
    """A Prefect API."""

    url: str

    def ask(self, path: str, body: object = None, method: str | None = None) -> Any:
        """The answer as JSON; a body makes it a POST."""
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, content, JSON, method=method)  # noqa: S310 - http
        until = time.monotonic() + BUSY_S
        while True:
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - http
                    return json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as error:
                # Its database is locked for a moment; nothing was done. Prefect's own client asks again, too.
                if error.code != 503 or time.monotonic() > until:
                    raise
                time.sleep(0.5)

    def deployment(self, name: str) -> dict[str, Any]:
        """A deployment; flow and deployment have the same name."""
        found: dict[str, Any] = self.ask(f"/deployments/name/{name}/{name}")
        return found

    def runs(self, name: str, *types: str) -> list[dict[str, Any]]:
        """The runs of a deployment in these states, the next ones first."""
        states = {"state": {"type": {"any_": list(types)}}} if types else {}
        found: list[dict[str, Any]] = self.ask(
            "/flow_runs/filter",
            {"flow_runs": states, "deployments": {"name": {"any_": [name]}}, "sort": "EXPECTED_START_TIME_ASC"},
        )
        return found

    def start(self, name: str, **parameters: object) -> str:
        """The id of a run that was asked for, as the UI asks."""
        asked = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        return str(self.ask(f"/deployments/{self.deployment(name)['id']}/create_flow_run", asked)["id"])

    def state(self, run_id: str) -> tuple[str, str]:
        """Type and message of a run's state."""
        state = self.ask(f"/flow_runs/{run_id}")["state"]
        return state["type"], state["message"] or ""

    def wait_for_state(self, run_id: str, *types: str, seconds: float = 60) -> str:
        """The state type, once it is one of these."""
        return wait_for(lambda: t if (t := self.state(run_id)[0]) in types else None, seconds, f"run {types}")


@dataclass
class Desk:
    """One `copydesk up`: its process, its API, its mark in the environment of all its processes."""

    process: subprocess.Popen[bytes]
    url: str
    data: Path
    log: Path
    mark: str = field(repr=False)

    @property
    def api(self) -> Api:
        """Its API."""
        return Api(f"{self.url}/api")

    def said(self) -> str:
        """What it has printed so far."""
        return self.log.read_text(encoding="utf-8")

    def family(self) -> dict[int, str]:
        """Every living process that has inherited its mark: process id and command line."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if f"{MARK}={self.mark}".encode() in (folder / "environ").read_bytes():
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def child(self, module: str) -> int:
        """The process id of the child that runs a module."""
        return next(pid for pid, line in self.family().items() if f"-m {module} " in line)

    def wait_until_ready(self, seconds: float = 90) -> None:
        """Come back when it says that it is up."""

        def ready() -> bool:
            assert self.process.poll() is None, self.said()
            return "Copydesk is up" in self.said()

        wait_for(ready, seconds, "copydesk up is ready")

    def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = 40) -> int:
        """Its exit code after a signal."""
        self.process.send_signal(number)
        return self.process.wait(seconds)

    def is_gone(self) -> bool:
        """Whether none of its processes lives."""
        return not self.family()


@contextmanager
def desk_up(data: Path, sources: Path, *words: str, cwd: Path | None = None, **more: str) -> Iterator[Desk]:
    """A `copydesk up` on a free port, with more in its environment; what is left of it at the end is killed."""
    port, mark = free_port(), uuid.uuid4().hex
    log = data.parent / f"up-{mark[:6]}.log"
    command = [str(COPYDESK), "up", "--data", str(data), "--sources", str(sources), "--port", str(port), *words]
    env = clean_env(**{MARK: mark, "COPYDESK_ALLOW_LOOPBACK": "true", "PYTHONUNBUFFERED": "1", **more})
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=env, stdout=out, stderr=out, cwd=cwd or data.parent, start_new_session=True
        )
    desk = Desk(process, f"http://127.0.0.1:{port}", data, log, mark)
    try:
        yield desk
    finally:
        for pid in desk.family():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        process.wait()


def run_copydesk(*words: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """One command of the command line, done."""
    return subprocess.run(
        [str(COPYDESK), *words], env=clean_env(**env), cwd=cwd, capture_output=True, text=True, timeout=120, check=False
    )


def recorded_state(data: Path, run_id: str) -> str:
    """The state of a run in Prefect's database, without a server."""
    with closing(sqlite3.connect(data / "prefect" / "prefect.db")) as database:
        return str(database.execute("SELECT state_type FROM flow_run WHERE id = ?", [run_id]).fetchone()[0])
