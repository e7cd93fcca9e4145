"""The nightly flow: read the sources, fetch what is new or due, publish it, report."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

from prefect import flow
from prefect.runtime import flow_run
from pydantic import Field

from flows.begin import begin_run
from flows.calls import task_runner, through_prefect
from flows.ending import ENDS
from flows.secrets import resolve_access
from flows.settings import load_settings
from flows.steps import collect, look, recover_dead
from schemas.source import Source
from schemas.summary import RunSummary
from tasks.discover.sources_file import load_sources, pick_sources
from tasks.io.folder import DataFolder
from tasks.parse.site_rules import load_rules


@flow(
    name="nightly",
    description="Read the sources, fetch what is new or due, clean and check it, publish it for SQL.",
    task_runner=task_runner(),
    validate_parameters=True,
    on_completion=ENDS,
    on_failure=ENDS,
    on_crashed=ENDS,
    on_cancellation=ENDS,
)
async def nightly(
    sources: list[str] | None = None,
    limit: Annotated[int | None, Field(ge=0)] = None,
    dry_run: bool = False,
    data: str | None = None,
    sources_file: str | None = None,
    pretend_now: datetime | None = None,
) -> RunSummary | list[str]:
    """Collect the articles of all sources, or of some.

    Args:
        sources: Ids of the sources to read; none means all that are enabled.
        limit: Fetch at most so many pages; the rest is deferred to the next run. None means no limit.
        dry_run: Only list what is due: no page is fetched and nothing is kept.
        data: Data folder; none means COPYDESK_DATA, or else data.
        sources_file: File that lists the sources; none means COPYDESK_SOURCES_FILE, or else sources.yaml.
        pretend_now: Act as if it were this time (for replays); none means the clock's.

    Returns:
        The run's funnel; for a dry run the URLs that are due, in order.

    Raises:
        CopydeskError: a parameter, the sources file or the data folder is wrong, or the run failed.
    """
    settings = load_settings(data=data, sources_file=sources_file)
    load_rules(settings.rules_folder)  # what is wrong with a rule is said before anything is fetched
    chosen = chosen_sources(settings.sources_file, sources)
    access = await resolve_access(chosen)
    folder = DataFolder(settings.data)
    folder.prepare()
    if dry_run:
        return await look(folder, chosen, settings, through_prefect, limit=limit, now=pretend_now, access=access)
    begun = begin_run(
        folder,
        "nightly",
        chosen,
        settings.recorded(),
        limit=limit,
        now=pretend_now,
        key=flow_run.get_id(),
        access=access,
    )
    await recover_dead(begun, settings, through_prefect)
    return await collect(begun, settings, through_prefect)


def chosen_sources(sources_file: Path, ids: Sequence[str] | None) -> list[Source]:
    """The sources of the file with these ids, in its order; all that are enabled where no id is given.

    Raises:
        SourcesError: the file is wrong, or has no such source.
    """
    return pick_sources(load_sources(sources_file), ids or ())
