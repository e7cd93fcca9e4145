"""Each flow tells its end itself, by an event that waits for no other."""

import logging
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prefect import Flow, flow
from prefect.client.schemas.objects import FlowRun
from prefect.states import Completed

from copydesk.alarm_table import alarm_rows
from flows import ending
from flows.backfill import backfill
from flows.maintain import maintain
from flows.nightly import nightly
from flows.reprocess import reprocess
from tasks.report.alarms import RUN_ENDED


@flow
def empty() -> None:
    """A flow for the hook."""


def ended() -> FlowRun:
    """A run with the tags of a deployment."""
    return FlowRun(id=uuid4(), flow_id=uuid4(), name="quiet-otter", tags=["copydesk", "nightly"])


@pytest.mark.parametrize("made", [nightly, backfill, reprocess, maintain], ids=lambda made: made.name)
def test_every_end_is_told(made: Flow[..., Any]) -> None:
    """Whether it completes, fails, crashes or is cancelled."""
    for hooks in (made.on_completion_hooks, made.on_failure_hooks, made.on_crashed_hooks, made.on_cancellation_hooks):
        assert ending.tell_end in hooks


def test_the_event_names_the_run_and_follows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is what the automation waits for, with the tags by which it knows our runs."""
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(ending, "emit_event", lambda event, **more: told.append({"event": event, **more}))
    run = ended()
    ending.tell_end(empty, run, Completed())
    (event,) = told
    assert event["event"] == RUN_ENDED
    assert event["resource"]["prefect.resource.id"] == f"prefect.flow-run.{run.id}"
    assert [tag["prefect.resource.id"] for tag in event["related"]] == ["prefect.tag.copydesk", "prefect.tag.nightly"]
    assert "follows" not in event
    waiting = [row for row in alarm_rows(timedelta(days=1)) if row.crashes_run]
    assert [RUN_ENDED in row.trigger["expect"] for row in waiting] == [True]


def test_an_api_that_fails_fails_no_run(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """It is a warning: the run has ended all the same."""

    def refuse(*_: object, **__: object) -> None:
        raise httpx.ConnectError("nobody there")

    monkeypatch.setattr(ending, "emit_event", refuse)
    monkeypatch.setattr(ending, "get_run_logger", lambda: logging.getLogger("copydesk"))
    ending.tell_end(empty, ended(), Completed())
    assert "nobody there" in caplog.text
