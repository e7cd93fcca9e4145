"""The Prefect shell of report: the run's report as artifacts of its flow run."""

import asyncio
import shutil
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
from prefect import get_run_logger, task
from prefect.artifacts import acreate_link_artifact, acreate_markdown_artifact, acreate_table_artifact
from prefect.context import FlowRunContext, TaskRunContext
from prefect.events import emit_event
from prefect.exceptions import PrefectException
from pydantic import ValidationError

from schemas.summary import RunSummary
from tasks.errors import DiskError
from tasks.io.folder import DataFolder
from tasks.report.alarms import alarm_sentence, alarm_subject, run_alarms
from tasks.report.facts import Row, RunFacts, read_facts
from tasks.report.figures import read_figures
from tasks.report.markdown import balance, funnel_rows, report_markdown
from tasks.report.page import write_page

REPORT_KEY = "run-report"
PAGE_KEY = "run-page"
FUNNEL_KEY = "run-funnel"

API_TROUBLE = (httpx.HTTPError, PrefectException, OSError, RuntimeError, ValidationError)
"""What Prefect's client raises when its server is away, restarting, busy or of another version (RuntimeError:
'Failed to reach API')."""


@dataclass(frozen=True)
class ReportSummary:
    """What was reported."""

    run_id: str
    markdown: str
    page: Path | None
    """The HTML page; None where the disk refused it."""
    artifact_count: int
    """Artifacts that reached Prefect; 0 outside a flow run."""


@task(name="report", persist_result=False)
async def report(folder: DataFolder, summary: RunSummary) -> ReportSummary:
    """The run's report as a page beside the dataset, and in a flow run as Markdown, table and link.

    An API that cannot be reached is a warning in the log: the run's data is committed and published by now.

    Raises:
        DataFolderError: nothing is published yet.
    """
    facts, page, trouble = await asyncio.to_thread(_write, folder, summary)
    text = report_markdown(summary, facts)
    line = balance(summary.counts)
    sent = 0
    if FlowRunContext.get() is not None or TaskRunContext.get() is not None:
        for alarm in facts.alarms:
            get_run_logger().warning("%s", alarm_sentence(alarm))
        sent += await _send(acreate_markdown_artifact(text, key=REPORT_KEY, description=line))
        sent += await _send(acreate_table_artifact(funnel_rows(summary), key=FUNNEL_KEY, description=line))
        if page is not None:
            link = page.resolve().as_uri()
            sent += await _send(acreate_link_artifact(link, link_text=page.name, key=PAGE_KEY, description=line))
        else:
            get_run_logger().warning("The page of the run was not written: %s", trouble)
        emit_alarms(facts.alarms, summary.run_id)
    return ReportSummary(run_id=summary.run_id, markdown=text, page=page, artifact_count=sent)


def _write(folder: DataFolder, summary: RunSummary) -> tuple[RunFacts, Path | None, str]:
    """The facts with the run's own alarms, the page, and why there is none: a full disk fails no run by its report."""
    facts = read_facts(folder, summary.run_id)
    free = shutil.disk_usage(folder.root).free
    facts = replace(facts, alarms=facts.alarms + run_alarms(summary, free))
    try:
        return facts, write_page(folder, summary, facts, read_figures(folder, summary.run_id)), ""
    except DiskError as error:
        return facts, None, str(error)


def emit_alarms(alarms: Sequence[Row], run_id: str) -> None:
    """Tell Prefect of each alarm by an event, `copydesk.alarm.<kind>`, that an automation may act on."""
    for alarm in alarms:
        kind, subject, count, of_count, detail = alarm
        resource = {"prefect.resource.id": alarm_subject(str(kind), str(subject))}
        told = {"count": count, "of_count": of_count, "detail": detail, "run_id": run_id}
        told |= {"sentence": alarm_sentence(alarm)}
        try:
            emit_event(f"copydesk.alarm.{kind}", resource=resource, payload=told)
        except API_TROUBLE as error:
            get_run_logger().warning("An event of the run was not sent, because Prefect's API failed: %s", error)


async def _send(artifact: Awaitable[object]) -> int:
    """1 when the artifact was made, 0 when the API could not be reached."""
    try:
        await artifact
    except API_TROUBLE as error:
        get_run_logger().warning("An artifact of the run was not made, because Prefect's API failed: %s", error)
        return 0
    return 1
