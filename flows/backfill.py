"""The backfill flow: take in what lies on this machine already - documents, folders, URL lists, web archives."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from prefect import flow
from prefect.runtime import flow_run
from pydantic import Field

from flows.begin import begin_run
from flows.calls import task_runner, through_prefect
from flows.ending import ENDS
from flows.inputs import sources_of
from flows.settings import load_settings
from flows.steps import collect, recover_dead
from schemas.summary import RunSummary
from tasks.io.folder import DataFolder
from tasks.parse.site_rules import load_rules


@flow(
    name="backfill",
    description="Take in local documents, folders, lists of URLs and web archives.",
    task_runner=task_runner(),
    validate_parameters=True,
    on_completion=ENDS,
    on_failure=ENDS,
    on_crashed=ENDS,
    on_cancellation=ENDS,
)
async def backfill(
    inputs: list[str],
    site: str | None = None,
    limit: Annotated[int | None, Field(ge=0)] = None,
    data: str | None = None,
    pretend_now: datetime | None = None,
) -> RunSummary:
    """Collect the articles of files and folders.

    Args:
        inputs: Paths of folders, .html, .txt and .json documents, lists of URLs, or WARC files.
        site: Site of local documents; none means the name of the folder that each lies in.
        limit: Take at most so many pages; the rest is deferred. None means no limit.
        data: Data folder; none means COPYDESK_DATA, or else data.
        pretend_now: Act as if it were this time (for replays); none means the clock's.

    Returns:
        The run's funnel.

    Raises:
        CopydeskError: an input is missing, the data folder is wrong, or the run failed.
    """
    sources = sources_of([Path(name) for name in inputs], site)
    settings = load_settings(data=data)
    load_rules(settings.rules_folder)  # what is wrong with a rule is said before anything is fetched
    folder = DataFolder(settings.data)
    folder.prepare()
    begun = begin_run(
        folder, "backfill", sources, settings.recorded(), limit=limit, now=pretend_now, key=flow_run.get_id()
    )
    await recover_dead(begun, settings, through_prefect)
    return await collect(begun, settings, through_prefect)
