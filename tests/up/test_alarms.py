"""Alarms reach people: a real Prefect server on 127.0.0.1, and a webhook that it calls."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from copydesk.alarm_table import PREFIX, alarm_rows, message_template
from copydesk.alarm_to import Destination, read_destination
from copydesk.demo.papers import write_sources
from tasks.discover.sources_file import load_sources
from tasks.errors import UsageError
from tasks.io.folder import DataFolder
from tasks.report.alarms import RUN_ENDED
from tasks.report.figures import read_summary
from tasks.report.page import report_path
from tests.flows.editions import Editions
from tests.flows.nights import run_night
from tests.up.conftest import make_place
from tests.up.desk import END_STATES, Desk, desk_up, run_copydesk, wait_for
from tests.up.listener import Listener, mail_server, webhook

LEARNING = "3"
SECRET = "hook/T0/very-secret"


@dataclass(frozen=True)
class Alarmed:
    """A `copydesk up` whose alarms go to a webhook."""

    desk: Desk
    hook: Listener

    @property
    def address(self) -> str:
        """The webhook's address, with a secret in it."""
        return f"http://127.0.0.1:{self.hook.port}/{SECRET}"

    def emit(
        self, event: str, resource: str, payload: dict[str, Any] | None = None, tags: tuple[str, ...] = ()
    ) -> None:
        """Send an event as a run sends it."""
        related = [{"prefect.resource.id": f"prefect.tag.{tag}", "prefect.resource.role": "tag"} for tag in tags]
        sent = {
            "id": str(uuid.uuid4()),
            "event": event,
            "occurred": datetime.now(UTC).isoformat(),
            "resource": {"prefect.resource.id": resource},
            "related": related,
            "payload": payload or {},
        }
        self.desk.api.ask("/events", [sent])

    def hurry(self, name: str) -> float:
        """Let an automation wait for 10 s only, the shortest that Prefect takes; gives how long it waited before."""
        (found,) = [made for made in self.desk.api.ask("/automations/filter", {}) if made["name"] == name]
        kept = {field: found[field] for field in ("name", "description", "tags", "actions")}
        trigger = {field: value for field, value in found["trigger"].items() if field != "id"} | {"within": 10}
        self.desk.api.ask(f"/automations/{found['id']}", kept | {"trigger": trigger}, method="PUT")
        return float(found["trigger"]["within"])


@pytest.fixture(scope="module")
def alarmed(tmp_path_factory: pytest.TempPathFactory, silent_port: int) -> Iterator[Alarmed]:
    """One for all tests of this file; a run that fails is not tried again."""
    place = make_place(tmp_path_factory.mktemp("alarmed"), silent_port)
    with webhook() as hook:
        address = f"http://127.0.0.1:{hook.port}/{SECRET}"
        more = {"PREFECT_FLOW_DEFAULT_RETRIES": "0", "COPYDESK_LEARNING_NIGHTS": LEARNING}
        with desk_up(place.data, place.sources, COPYDESK_ALARM_TO=address, **more) as desk:
            desk.wait_until_ready()
            yield Alarmed(desk, hook)


@pytest.mark.flow
def test_automations_come_with_the_deployments(alarmed: Alarmed) -> None:
    """Each row of the table is an automation that is switched on, and none shows where messages go."""
    found = {made["name"]: made for made in alarmed.desk.api.ask("/automations/filter", {})}
    assert set(found) == {row.name for row in alarm_rows(timedelta(days=1))}
    assert all(made["enabled"] for made in found.values())
    assert "very-secret" not in json.dumps(found)
    assert found["Copydesk: run missing"]["trigger"]["within"] == 30 * 3600


@pytest.mark.flow
def test_a_trial_is_sent(alarmed: Alarmed) -> None:
    """`copydesk alarm --test` makes the server call the webhook and tells of the answer; the address stays secret."""
    ended = run_copydesk("alarm", "--test", "--data", str(alarmed.desk.data), COPYDESK_ALARM_TO=alarmed.address)
    assert ended.returncode == 0, ended.stderr
    assert "answered with status 200" in ended.stdout
    assert "webhook at 127.0.0.1" in ended.stdout
    assert "secret" not in ended.stdout
    assert [told["event"] for told in alarmed.hook.about("alarm", "This is a trial")] == ["copydesk.alarm.trial"]


@pytest.mark.flow
def test_a_refused_trial_is_an_error(alarmed: Alarmed) -> None:
    """A webhook that answers 403: exit code 1 and one sentence with the status."""
    alarmed.hook.status = 403
    try:
        ended = run_copydesk("alarm", "--test", "--data", str(alarmed.desk.data))
    finally:
        alarmed.hook.status = 200
    assert ended.returncode == 1
    assert "refused with status 403" in ended.stderr


@pytest.mark.flow
def test_a_source_that_broke_is_told(alarmed: Alarmed) -> None:
    """An event of a run reaches the webhook as JSON, whatever characters its sentence has."""
    said = 'gazette: authors on 2 % of the articles, "usual" are 90 to 97 % <b>'
    alarmed.emit("copydesk.alarm.source_broke", "copydesk.source.gazette", {"sentence": said, "count": 41})
    (told,) = wait_for(lambda: alarmed.hook.about("alarm", "gazette"), 20, "the webhook is called")
    assert told["text"] == f"Copydesk: {said}"
    assert told["subject"] == "copydesk.source.gazette"
    assert told["facts"]["count"] == 41


@pytest.mark.flow
def test_a_run_that_fails_is_told(alarmed: Alarmed) -> None:
    """A nightly run whose sources file is not there: the message says which run and why."""
    run_id = alarmed.desk.api.start("nightly", sources_file="/no/such/sources.yaml")
    (told,) = wait_for(lambda: alarmed.hook.about("run-failed", "no/such"), 60, "the webhook is called")
    assert "(nightly) ended as Failed" in told["text"]
    assert told["subject"] == f"prefect.flow-run.{run_id}"


@pytest.mark.flow
@pytest.mark.faults
def test_I1_a_run_without_a_sign_of_life_is_crashed_and_told(alarmed: Alarmed) -> None:
    """A run whose machine is gone: crashed after the silence, its place free, and people are told.

    The silence is 10 s here, the shortest that Prefect takes; a run's process, killed beside a living runner, is in
    test_stop.
    """
    api = alarmed.desk.api
    assert alarmed.hurry("Copydesk: run died") == 100
    nightly = api.deployment("nightly")
    asked = {"flow_id": nightly["flow_id"], "deployment_id": nightly["id"], "tags": ["copydesk"]}
    ended, run = (api.ask("/flow_runs/", asked | {"state": {"type": "RUNNING"}})["id"] for _ in range(2))
    for one in (ended, run):
        alarmed.emit("prefect.flow-run.heartbeat", f"prefect.flow-run.{one}", tags=("copydesk",))
    alarmed.emit(RUN_ENDED, f"prefect.flow-run.{ended}", tags=("copydesk",))
    api.wait_for_state(run, "CRASHED", seconds=60)
    assert api.state(ended)[0] == "RUNNING"  # it said itself that it had ended, and Prefect has not heard of it yet
    assert "no sign of life" in api.state(run)[1]
    (told,) = wait_for(lambda: alarmed.hook.about("run-failed", "no sign of life"), 20, "the webhook is called")
    assert "ended as Crashed" in told["text"]
    limit = api.deployment("nightly")["global_concurrency_limit"]
    assert limit["active_slots"] == 0


@pytest.mark.flow
def test_a_night_that_does_not_come_is_told(alarmed: Alarmed) -> None:
    """No nightly run completes in the time (10 s here): a message without an event, and a valid one."""
    assert alarmed.hurry("Copydesk: run missing") == 30 * 3600
    told = wait_for(lambda: alarmed.hook.about("run-missing"), 60, "the webhook is called")
    assert "No nightly run has completed for 30 hours" in told[0]["text"]


@pytest.mark.flow
@pytest.mark.faults
def test_G2_a_template_that_changed_overnight_reaches_people(
    alarmed: Alarmed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three nights that teach, then a run of the deployment after a redesign: held, published, told by a webhook."""
    monkeypatch.setenv("COPYDESK_LEARNING_NIGHTS", LEARNING)
    folder = DataFolder(alarmed.desk.data)
    with Editions({"gazette": 0, "valle": 0, "talbote": 0}) as site:
        write_sources(tmp_path / "sources.yaml", site.bases)
        sources = load_sources(tmp_path / "sources.yaml")
        for night in range(1, int(LEARNING) + 1):
            run_night(folder, sources, site.print(night))
        now = site.print(int(LEARNING) + 1, is_redesigned=True)
        given = {"sources_file": str(tmp_path / "sources.yaml"), "pretend_now": now.isoformat()}
        run_id = alarmed.desk.api.start("nightly", **given)
        assert alarmed.desk.api.wait_for_state(run_id, *END_STATES, seconds=120) == "COMPLETED"
    summary = read_summary(folder, None)
    counts = {source.source_id: source.counts for source in summary.sources}
    held = {name: found.held for name, found in counts.items() if found.held}
    assert set(held) == {"harbour-gazette"}
    assert all(found.stored + found.duplicate for name, found in counts.items() if name not in held)
    told = wait_for(lambda: alarmed.hook.about("alarm", "harbour-gazette"), 30, "the webhook is called")
    assert {one["subject"] for one in told} == {"copydesk.source.harbour-gazette"}
    assert told[0]["facts"]["count"] == held["harbour-gazette"]
    page = report_path(folder, summary.run_id).read_text(encoding="utf-8")
    assert "pages of harbour-gazette wait for a decision" in page


@pytest.mark.flow
def test_setting_up_again_keeps_what_was_switched_off(alarmed: Alarmed) -> None:
    """`copydesk alarm --deploy` sends to another place from now on; an automation that is off stays off.

    The place is a mail server this time. It is the last test, because the webhook gets nothing more.
    """
    api = alarmed.desk.api
    (late,) = [made for made in api.ask("/automations/filter", {}) if made["name"] == "Copydesk: run late"]
    api.ask(f"/automations/{late['id']}", {"enabled": False}, method="PATCH")
    with mail_server() as mail:
        address = f"mailto://127.0.0.1:{mail.port}?from=copydesk@desk.example&to=night@desk.example&mode=insecure"
        words = ("alarm", "--deploy", "--test", "--data", str(alarmed.desk.data))
        ended = run_copydesk(*words, COPYDESK_ALARM_TO=address)
        assert ended.returncode == 0, ended.stderr
        assert "run late: off" in ended.stdout
        assert "This is a trial" in mail.got[0]
        assert "Subject: Copydesk: alarm" in mail.got[0]
    names = [made["name"] for made in api.ask("/automations/filter", {})]
    assert sorted(names) == sorted({row.name for row in alarm_rows(timedelta(days=1))})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://hooks.example/T0/secret", "webhook at hooks.example"),
        ("mailtos://me:secret@mail.example?to=a@b.example", "mailtos by way of mail.example"),
        ("block:slack-webhook/newsroom", "block slack-webhook/newsroom"),
    ],
)
def test_a_destination_is_shown_without_its_secret(text: str, shown: str) -> None:
    """Kind and host, never more."""
    destination = read_destination(text)
    assert destination is not None
    assert destination.shown == shown
    assert "secret" not in repr(destination)


@pytest.mark.parametrize(
    "text", ["hooks.example/secret", "block:", "block:slack-webhook", "https://", "x:secret", "http://[secret"]
)
def test_what_is_no_destination_is_refused_without_repeating_it(text: str) -> None:
    """One sentence that names the variable and what it may be."""
    with pytest.raises(UsageError, match="COPYDESK_ALARM_TO") as raised:
        read_destination(text)
    assert "secret" not in str(raised.value)


def test_none_is_none() -> None:
    """An empty variable is no destination."""
    assert read_destination("") is None


def test_names_and_messages_of_the_table() -> None:
    """Names begin as ours do and differ; every message is a template of JSON with a text."""
    rows = alarm_rows(timedelta(days=1))
    assert len({row.name for row in rows}) == len(rows)
    assert all(row.name.startswith(PREFIX) for row in rows)
    assert all('"text"' in message_template(row) for row in rows)


@pytest.mark.parametrize(
    ("cron", "hours"), [("15 2 * * *", 24), ("0 3 * * 1", 168), ("0 3 * * 1-5", 72), ("0 */6 * * *", 6)]
)
async def test_the_longest_pause_of_a_schedule(cron: str, hours: int) -> None:
    """What a missing night is measured by: over a weekend too."""
    from copydesk.alarm_deploy import longest_pause

    assert await longest_pause(cron, "UTC") == timedelta(hours=hours)


def test_without_a_server_there_is_one_sentence() -> None:
    """A trial without a server: exit code 2; asking where alarms go: exit code 0."""
    ended = run_copydesk("alarm", "--test", "--data", "/nonexistent/data")
    assert ended.returncode == 2
    assert "copydesk up" in ended.stderr
    asked = run_copydesk("alarm", "--data", "/nonexistent/data")
    assert asked.returncode == 0
    assert "COPYDESK_ALARM_TO is not set" in asked.stdout


def test_a_block_that_is_not_there_is_one_sentence() -> None:
    """The type of a destination is part of what is compared; the block itself is looked for on the server."""
    assert read_destination("block:webhook/none") == Destination("block", "webhook/none")
