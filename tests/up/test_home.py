"""Which Prefect a command talks to: the user's, the `copydesk up` of the data folder, or a private server."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from copydesk.prefect_home import QUIET, FlowApi, use_home
from copydesk.up_home import find_server, hold_home, home_of
from copydesk.up_server import PortError, listen, url_of
from tasks.errors import CopydeskError, FolderBusyError, UsageError
from tests.up.desk import clean_env, free_port

ANY = "0.0.0.0"  # noqa: S104 - what is tested

RUN = """
import json, os, sys
from pathlib import Path
from typing import Any
from copydesk.prefect_home import open_api
from copydesk.up_home import hold_home, home_of
import contextlib
data = Path(sys.argv[1])
with contextlib.ExitStack() as stack:
    if "busy" in sys.argv:
        stack.enter_context(hold_home(home_of(data), "run", "http://127.0.0.1:1"))
    api = open_api(data)
    from prefect import flow, task
    from prefect.client.orchestration import get_client

    @task
    async def add(number: int) -> int:
        return number + 1

    @flow(log_prints=True)
    async def count() -> int:
        print("counting")
        return [await add(number) for number in range(9)][-1]

    async def runs() -> int:
        async with get_client() as client:
            return len(await client.read_flow_runs())

    first, second = api.run(count), api.run(count)
    home = Path(os.environ["PREFECT_HOME"])
    print(json.dumps({"results": [first, second], "runs": api.run(runs), "pid": api.process.pid, "log": str(api.log)}))
"""


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which the user has set nothing of Prefect; what `use_home` sets is undone."""
    for name in [*QUIET, "PREFECT_HOME", "PREFECT_API_URL"]:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return monkeypatch


def test_each_data_folder_has_a_home(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Prefect works below the data folder and sends nothing home; no API is named, and nothing is made."""
    use_home(tmp_path / "data")
    assert os.environ["PREFECT_HOME"] == str(tmp_path / "data" / "prefect")
    assert "PREFECT_API_URL" not in os.environ
    assert os.environ["DO_NOT_TRACK"] == "1"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PREFECT_API_URL", "http://prefect.example/api"),
        ("PREFECT_HOME", "/srv/prefect"),
        ("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "DEBUG"),
    ],
)
def test_what_the_user_has_set_stays(env: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str) -> None:
    """A user with a Prefect of their own keeps it."""
    env.setenv(name, value)
    use_home(tmp_path)
    assert os.environ[name] == value


def test_an_empty_address_counts_as_none(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """PREFECT_API_URL= is how people unset; Prefect would take it for an address without a server."""
    env.setenv("PREFECT_API_URL", "")
    use_home(tmp_path)
    assert "PREFECT_API_URL" not in os.environ


@pytest.mark.parametrize(("kind", "is_used"), [("up", True), ("run", False)])
def test_a_running_up_is_used(env: pytest.MonkeyPatch, tmp_path: Path, kind: str, is_used: bool) -> None:
    """Runs of commands are reported to the `copydesk up` of their data folder, but not to another command's server."""
    with hold_home(home_of(tmp_path), kind, "http://127.0.0.1:4200"):
        use_home(tmp_path)
    assert os.environ.get("PREFECT_API_URL") == ("http://127.0.0.1:4200/api" if is_used else None)


def test_a_home_has_one_holder(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The second is refused with process and address of the first; afterwards the home is free again."""
    home = home_of(tmp_path)
    with hold_home(home, "up", "http://127.0.0.1:4200"):
        with pytest.raises(FolderBusyError, match=rf"process {os.getpid()} at http://127.0.0.1:4200"):
            hold_home(home, "up", "http://127.0.0.1:4201").__enter__()
        found = find_server(home)
        assert found is not None
        assert (found.kind, found.pid) == ("up", os.getpid())
    assert find_server(home) is None
    with hold_home(home, "run", "http://127.0.0.1:4202"), pytest.raises(FolderBusyError, match="when it has ended"):
        hold_home(home, "up", "http://127.0.0.1:4203").__enter__()


def test_what_a_killed_holder_has_written_is_not_believed(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An entry without a lock, and an entry that is damaged, name no server."""
    home = home_of(tmp_path)
    home.mkdir(parents=True)
    entry = {"kind": "up", "pid": 1, "url": "http://127.0.0.1:4200", "started_at": "2026-03-02T02:15:00+00:00"}
    (home / "server.lock").write_text(json.dumps(entry), encoding="utf-8")
    assert find_server(home) is None
    with hold_home(home, "up", "http://127.0.0.1:4200"):
        (home / "server.lock").write_text("{", encoding="utf-8")
        assert find_server(home) is None


def test_the_lock_lives_as_long_as_a_child(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A child that was given the lock keeps the home held after its parent has let go."""
    home = home_of(tmp_path)
    with hold_home(home, "up", "http://127.0.0.1:4200") as lock:
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(lock,))
    with pytest.raises(FolderBusyError, match="just starting or stopping"):
        hold_home(home, "up", "http://127.0.0.1:4200").__enter__()
    child.communicate(b"\n")
    with hold_home(home, "up", "http://127.0.0.1:4200"):
        pass


def test_an_api_that_does_not_answer_is_one_sentence() -> None:
    """The user's API is down: its address, and what to do."""
    url = f"http://127.0.0.1:{free_port()}/api"
    with pytest.raises(CopydeskError, match=f"{url} does not answer"):
        FlowApi(url).wait(0.1)


def test_a_port_in_use_is_told_from_a_wrong_host() -> None:
    """Exit code 1 for a port in use, 2 for a host that is none."""
    with listen("127.0.0.1", 0) as taken:
        assert url_of(taken) == f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(PortError, match="is in use") as caught:
            listen("127.0.0.1", taken.getsockname()[1])
    assert caught.value.exit_code == 1
    with pytest.raises(UsageError, match="no address") as wrong:
        listen("no.such.host.example", 0)
    assert wrong.value.exit_code == 2


@pytest.mark.parametrize("host", [ANY, "::", "::1"])
def test_the_url_is_one_that_a_browser_here_can_open(host: str) -> None:
    """Addresses that mean all of this machine's, and IPv6, become something to click on."""
    if ":" in host and not Path("/proc/net/if_inet6").exists():
        pytest.skip("needs IPv6")
    with listen(host, 0) as listening:
        assert url_of(listening).startswith("http://127.0.0.1:" if host == ANY else "http://[::1]:")


@pytest.mark.flow
def test_a_command_has_a_private_server(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two runs on one server, kept for a later `up`, without noise; when the home is busy, in a temporary one."""
    alone, beside = run_private(tmp_path), run_private(tmp_path, "busy")
    assert alone["results"] == beside["results"] == [9, 9]
    assert alone["runs"] == beside["runs"] == 2
    assert not any(Path(f"/proc/{told['pid']}").exists() for told in (alone, beside))
    assert Path(alone["log"]).exists()
    assert not Path(beside["log"]).exists()
    with closing(sqlite3.connect(tmp_path / "prefect" / "prefect.db")) as database:
        kept = database.execute("SELECT (SELECT count(*) FROM flow_run), (SELECT count(*) FROM task_run)").fetchone()
    assert kept == (2, 18)


def run_private(data: Path, *words: str) -> dict[str, Any]:
    """What a process says that ran two flows in its private server."""
    command = [sys.executable, "-c", RUN, str(data), *words]
    ended = subprocess.run(command, env=clean_env(), capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    told: dict[str, Any] = json.loads(ended.stdout)
    return told
