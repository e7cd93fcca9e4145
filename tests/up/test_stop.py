"""However `copydesk up` ends, no process of it lives on, and its deployments wait for the next start."""

import os
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from tests.up.conftest import Place, make_place
from tests.up.desk import END_STATES, Desk, desk_up, recorded_state, wait_for

pytestmark = pytest.mark.flow


@pytest.fixture(scope="module")
def shared_place(tmp_path_factory: pytest.TempPathFactory, silent_port: int) -> Place:
    """One place for all stops in turn: each start after a stop or kill is a test of what that one left."""
    return make_place(tmp_path_factory.mktemp("stop"), silent_port)


def start_a_run_that_waits(desk: Desk) -> str:
    """The id of a run in state RUNNING that would go on for long."""
    desk.wait_until_ready()
    run_id = desk.api.start("nightly", sources=["silent"])
    assert desk.api.wait_for_state(run_id, "RUNNING", "COMPLETED", "FAILED", "CRASHED") == "RUNNING"
    wait_for(lambda: any("prefect.engine" in line for line in desk.family().values()), 10, "the run is a process")
    return run_id


def plan_for_the_past(place: Place, run_id: str, moment: datetime) -> None:
    """Let a planned run have been planned for a moment that is past; Prefect keeps it in three places."""
    with closing(sqlite3.connect(place.data / "prefect" / "prefect.db")) as database, database:
        database.execute(
            "UPDATE flow_run SET expected_start_time = ?1, next_scheduled_start_time = ?1 WHERE id = ?2",
            [f"{moment:%Y-%m-%d %H:%M:%S.%f}", run_id],
        )
        database.execute(
            "UPDATE flow_run_state SET state_details = json_set(state_details, '$.scheduled_time', ?) "
            "WHERE flow_run_id = ?",
            [moment.isoformat(), run_id],
        )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["term", "ctrl-c"])
def test_a_signal_stops_all_in_order(shared_place: Place, number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C: the run ends as cancelled, then the server; exit code 0, nothing lives, lock free."""
    with desk_up(shared_place.data, shared_place.sources) as desk:
        run_id = start_a_run_that_waits(desk)
        assert desk.stop(number) == 0
        assert desk.is_gone(), desk.family()
        assert "Traceback" not in desk.said()
    assert (shared_place.data / "prefect" / "server.lock").read_text() == ""
    assert recorded_state(shared_place.data, run_id) == "CANCELLED"


@pytest.mark.kill
def test_a_killed_up_leaves_no_process(shared_place: Place) -> None:
    """SIGKILL of `up` in the middle of a run: within 10 s all is gone.

    The next start says that the run crashed, has a free place for another, and leaves paused what a person had paused.
    """
    with desk_up(shared_place.data, shared_place.sources) as desk:
        run_id = start_a_run_that_waits(desk)
        nightly = desk.api.deployment("nightly")
        assert nightly["paused"] is False
        desk.api.ask(f"/deployments/{nightly['id']}/pause_deployment", {})
        assert len(desk.family()) >= 4
        os.kill(desk.process.pid, signal.SIGKILL)
        desk.process.wait()
        wait_for(desk.is_gone, 10, f"all processes are gone: {desk.family()}")
    with desk_up(shared_place.data, shared_place.sources) as desk:
        wait_for(lambda: "schedule is paused" in desk.said(), 90, "it says that the schedule is paused")
        state, message = desk.api.state(run_id)
        assert (state, message.partition(" before")[0]) == ("CRASHED", "copydesk up ended")
        nightly = desk.api.deployment("nightly")
        assert nightly["paused"] is True
        assert nightly["global_concurrency_limit"]["active_slots"] == 0
        assert desk.api.deployment("backfill")["paused"] is False
        assert desk.stop() == 0


@pytest.mark.kill
@pytest.mark.parametrize("module", ["copydesk.up_runner", "copydesk.up_server"])
def test_a_killed_child_stops_the_rest(shared_place: Place, module: str) -> None:
    """When the server or the runner dies, `up` does not go on as half of itself: exit code 1, one sentence."""
    with desk_up(shared_place.data, shared_place.sources) as desk:
        if module == "copydesk.up_runner":
            # Its run becomes an orphan, which `up` has to find.
            start_a_run_that_waits(desk)
        desk.wait_until_ready()
        os.kill(desk.child(module), signal.SIGKILL)
        assert desk.process.wait(40) == 1
        assert desk.is_gone(), desk.family()
        assert f"The Prefect {module.rpartition('_')[2]} ended by itself" in desk.said()


def test_a_second_signal_stops_at_once(shared_place: Place) -> None:
    """Ctrl-C twice: no waiting for the run, exit code 130."""
    with desk_up(shared_place.data, shared_place.sources) as desk:
        start_a_run_that_waits(desk)
        desk.process.send_signal(signal.SIGINT)
        wait_for(lambda: "Stopping:" in desk.said(), 5, "it says that it stops")
        assert desk.stop(signal.SIGINT, seconds=3) == 130
        assert desk.is_gone(), desk.family()


def test_a_signal_while_starting_stops_too(place: Place) -> None:
    """Ctrl-C before anything is ready: exit code 0, nothing lives."""
    with desk_up(place.data, place.sources) as desk:
        wait_for(lambda: any("up_runner" in line for line in desk.family().values()), 10, "the runner starts")
        assert desk.stop(signal.SIGINT) == 0
        assert desk.is_gone(), desk.family()


@pytest.mark.faults
@pytest.mark.kill
def test_I1_a_killed_run_is_crashed_and_frees_its_place(desk: Desk) -> None:
    """SIGKILL of a run's process (as when memory is short): crashed within seconds, place free, `up` goes on."""
    run_id = start_a_run_that_waits(desk)
    os.kill(next(pid for pid, line in desk.family().items() if "prefect.engine" in line), signal.SIGKILL)
    assert desk.api.wait_for_state(run_id, "CRASHED", seconds=20) == "CRASHED"
    limit = wait_for(lambda: desk.api.deployment("nightly")["global_concurrency_limit"], 5, "the limit")
    assert limit["active_slots"] == 0
    assert desk.process.poll() is None


@pytest.mark.faults
def test_I3_missed_nights_are_caught_up_once(shared_place: Place) -> None:
    """Three nights passed while `up` was not there: the next start runs one of them and cancels the others."""
    with desk_up(shared_place.data, shared_place.sources) as desk:
        desk.wait_until_ready()
        nightly = desk.api.deployment("nightly")["id"]
        desk.api.ask(f"/deployments/{nightly}/resume_deployment", {})
        planned = wait_for(lambda: p if len(p := desk.api.runs("nightly", "SCHEDULED")) >= 3 else None, 30, "a plan")
        desk.stop()
    ids = [run["id"] for run in planned[:3]]
    for days, run_id in zip((3, 2, 1), ids, strict=True):
        plan_for_the_past(shared_place, run_id, datetime.now(UTC) - timedelta(days=days))
    with desk_up(shared_place.data, shared_place.sources) as desk:
        desk.wait_until_ready()
        ended = [desk.api.wait_for_state(run_id, *END_STATES) for run_id in ids]
        assert ended == ["CANCELLED", "CANCELLED", "COMPLETED"]
        assert "catches up" in desk.api.state(ids[0])[1]
        desk.stop()
