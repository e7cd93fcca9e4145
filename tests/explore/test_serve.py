"""The command: one sentence when it cannot begin, and a clean end, also while a query is running."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from copydesk.up_children import descendants
from tests.explore.conftest import NEVER_ENDING

PATIENCE_S = 60


@contextmanager
def serving(data: Path) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """The command at a free port, and a client of it."""
    words = ["-m", "copydesk", "explore", "--data", str(data), "--port", "0", "--no-browser"]
    with subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        said = re.match(r"http://127\.0\.0\.1:\d+", server.stdout.readline())
        assert said is not None
        with httpx.Client(base_url=said[0], timeout=PATIENCE_S) as client:
            yield server, client
        server.kill()


def until(true: object) -> None:
    """Wait for a condition."""
    end = time.monotonic() + PATIENCE_S
    while not true():  # type: ignore[operator]  # a function
        assert time.monotonic() < end
        time.sleep(0.05)


def ask_for_ever(client: httpx.Client) -> None:
    """Ask what is never answered; the server goes away meanwhile."""
    token = re.findall(r'name="token" value="([^"]+)"', client.get("/sql").text)[0]
    with pytest.raises(httpx.HTTPError):
        client.post("/sql", data={"sql": NEVER_ENDING, "token": token, "seconds": "120"}).raise_for_status()


def test_it_stops_at_once_while_a_query_runs(data: Path) -> None:
    """By Ctrl-C: exit code 0 and nothing said; the query's process is gone. SIGTERM is tried in test_browser.py."""
    with serving(data) as (server, client):
        asking = threading.Thread(target=ask_for_ever, args=(client,))
        asking.start()
        until(lambda: descendants(server.pid))
        (child,) = descendants(server.pid)
        server.send_signal(signal.SIGINT)
        assert server.communicate(timeout=PATIENCE_S) == ("", "")
        assert server.returncode == 0
        asking.join()
        assert not Path(f"/proc/{child}").exists()


@pytest.mark.kill
def test_a_query_does_not_outlive_a_killed_server(data: Path) -> None:
    """Its process sees that its standard input is closed."""
    with serving(data) as (server, client):
        asking = threading.Thread(target=ask_for_ever, args=(client,))
        asking.start()
        until(lambda: descendants(server.pid))
        (child,) = descendants(server.pid)
        os.kill(server.pid, signal.SIGKILL)
        asking.join()
        until(lambda: not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text())


def test_a_port_in_use_is_a_sentence(data: Path) -> None:
    """Exit code 2, the port, and what to do; the one that runs still answers."""
    with serving(data) as (_, client):
        port = str(client.base_url.port)
        words = ["-m", "copydesk", "explore", "--data", str(data), "--port", port, "--no-browser"]
        ended = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
        assert ended.returncode == 2
        assert f"Port {port} cannot be used (Address already in use): give another one with --port" in ended.stderr
        assert client.get("/sql").status_code == 200
