"""Which alarms reach people, as a table: what Prefect waits for, and the words that are sent.

`alarm_deploy` makes an automation of each row. Templates are Prefect's (Jinja, in its sandbox). Imports no Prefect.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tasks.report.alarms import RUN_ENDED

PREFIX = "Copydesk: "
"""How the names of our automations begin; those of others are left alone."""

HEARTBEAT_S = 30
"""Seconds between two signs of life of a run; the shortest that Prefect takes."""
SILENT_S = 100.0
"""Seconds without one until a run counts as dead: three are missed, and Prefect looks every 5 s."""
LATE = timedelta(minutes=15)
"""How long a due run may wait for a runner."""
GRACE = timedelta(hours=6)
"""How much longer than the longest pause of the schedule it may take until a nightly run has completed again."""

_RUN = {"prefect.resource.id": "prefect.flow-run.*"}


def _states(*names: str) -> list[str]:
    return [f"prefect.flow-run.{name}" for name in names]


_ENDED = [*_states("Completed", "Failed", "Crashed", "Cancelled", "TimedOut"), RUN_ENDED]


@dataclass(frozen=True)
class AlarmRow:
    """One kind of alarm.

    Attributes:
        key: what it is called in names and messages.
        what: one sentence for the list of automations in the UI.
        trigger: fields of Prefect's EventTrigger.
        text: template of the message.
        crashes_run: mark the run as crashed instead of sending a message; the state then sends one.
    """

    key: str
    what: str
    trigger: dict[str, Any]
    text: str = ""
    crashes_run: bool = False

    @property
    def name(self) -> str:
        """The name of its automation."""
        return f"{PREFIX}{self.key.replace('-', ' ')}"


def _tag(name: str) -> dict[str, str]:
    """Runs with this tag: those of our deployments, not runs by hand."""
    return {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{name}"}


REACTIVE = (
    AlarmRow(
        "alarm",
        "Tells what a run found: a source that broke, a listing that fails, a disk that fills, a wrong balance.",
        {"posture": "Reactive", "expect": ["copydesk.alarm.*"], "threshold": 1, "within": 0},
        "{{ event.payload.sentence }}",
    ),
    AlarmRow(
        "run-failed",
        "Tells of a run that failed or crashed.",
        {
            "posture": "Reactive",
            "expect": _states("Failed", "Crashed", "TimedOut"),
            "match": _RUN,
            "match_related": _tag("copydesk"),
            "threshold": 1,
            "within": 0,
        },
        "Run {{ flow_run.name }} ({{ flow.name }}) ended as {{ flow_run.state.name }}: {{ flow_run.state.message }}",
    ),
)
"""Alarms about what happened; those about what did not happen depend on the schedule."""


def alarm_rows(longest_pause: timedelta, *, silent_s: float = SILENT_S) -> list[AlarmRow]:
    """All alarms.

    Args:
        longest_pause: The longest time between two starts of the nightly schedule.
        silent_s: Seconds without a sign of life until a run counts as dead.
    """
    return [*REACTIVE, _late(), _missing(longest_pause + GRACE), _died(silent_s)]


def _late() -> AlarmRow:
    minutes = LATE.seconds // 60
    return AlarmRow(
        "run-late",
        f"Tells of a run that was due and has not begun {minutes} minutes later.",
        _silence([*_states("Pending", "Running"), *_ENDED], LATE, after="prefect.flow-run.Late"),
        f"A run is {minutes} minutes late and has not begun: is the runner or worker at work?",
    )


def _missing(overdue: timedelta) -> AlarmRow:
    return AlarmRow(
        "run-missing",
        "Tells that no nightly run has completed for longer than the schedule's pause.",
        _silence(_states("Completed"), overdue, tag="nightly"),
        f"No nightly run has completed for {overdue.total_seconds() / 3600:.0f} hours.",
    )


def _died(silent_s: float) -> AlarmRow:
    return AlarmRow(
        "run-died",
        "Marks a run as crashed when it gives no sign of life.",
        _silence([*_states("heartbeat"), *_ENDED], timedelta(seconds=silent_s), after="prefect.flow-run.heartbeat"),
        "The run gave no sign of life; what it had committed is whole, and the next run finishes the rest.",
        crashes_run=True,
    )


def _silence(
    expected: list[str], within: timedelta, *, after: str | None = None, tag: str = "copydesk"
) -> dict[str, Any]:
    """A trigger of what does not happen in time: after an event, for each run by itself; else over all runs."""
    trigger = {
        "posture": "Proactive",
        "expect": expected,
        "match": _RUN,
        "match_related": _tag(tag),
        "threshold": 1,
        "within": within.total_seconds(),
    }
    return trigger if after is None else trigger | {"after": [after], "for_each": ["prefect.resource.id"]}


def message_template(row: AlarmRow) -> str:
    """The body that a webhook gets, as a template of JSON; `text` is what Slack and Mattermost show.

    An alarm about something that did not happen has no event.
    """
    return (
        f"{{% set text %}}Copydesk: {row.text}{{% endset %}}"
        f'{{"text": {{{{ text | tojson }}}}, "alarm": "{row.key}", '
        '"event": {{ (event.event or "") | string | tojson }}, '
        '"subject": {{ (event.resource.id or "") | string | tojson }}, '
        '"facts": {{ (event.payload or {}) | tojson }}}'
    )
