"""The reprocess flow: read captures again with today's parser, rules and decisions. No page is asked for.

First a plan: what would change. Only then, and only while the tables are what they were, it is committed.
"""

import asyncio
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from prefect import flow
from prefect.runtime import flow_run

from flows.begin import RECORD, Begun, begin_run
from flows.calls import Call, task_runner, through_prefect
from flows.ending import ENDS
from flows.settings import Settings, load_settings
from flows.stage_settings import parse_settings, watch_settings
from flows.steps import check_shards, facts_of, recover_dead
from schemas.reasons import RunStatus
from schemas.source import Source
from schemas.summary import RunSummary
from tasks.discover.sources_file import load_sources
from tasks.errors import PlanMovedError, UsageError
from tasks.fetch.again import Selection, Staged
from tasks.fetch.task import stage_again
from tasks.io.folder import INTENT, DataFolder, disk_errors
from tasks.io.recovery import LOCK, hold_run
from tasks.io.tables import Snapshot
from tasks.parse.site_rules import load_rules
from tasks.parse.task import parse_shard
from tasks.publish.task import publish
from tasks.report.task import report
from tasks.store.facts import REPROCESS
from tasks.store.plan import Plan
from tasks.store.run import MOVED
from tasks.store.task import plan_run, store_run
from tasks.validate.task import watch_sources

BATCH_ROWS = 300
OTHERWISE = (
    "Something that steers the result has changed since the plan was made (the selection, rules, settings or the "
    "version of Copydesk): look at a new one with --dry-run."
)


@dataclass(frozen=True)
class Reprocessed:
    """What came of it."""

    plan: Plan | None
    """None for a run that was killed after its commit was decided, and taken up again."""
    missing: dict[str, int]
    """Capture files to how many of their records could not be read; these versions keep their text."""
    summary: RunSummary | None
    """None when nothing was committed: it was a look, or there is nothing to change."""


@flow(
    name="reprocess",
    description="Read captures again with today's parser, rules and decisions; nothing is fetched.",
    task_runner=task_runner(),
    validate_parameters=True,
    on_completion=ENDS,
    on_failure=ENDS,
    on_crashed=ENDS,
    on_cancellation=ENDS,
)
async def reprocess(
    site: str | None = None,
    since: datetime | None = None,
    quarantined: bool = False,
    dry_run: bool = False,
    plan: str | None = None,
    data: str | None = None,
    sources_file: str | None = None,
) -> Reprocessed:
    """Read the captures of stored versions again, and store what differs as new versions.

    Args:
        site: Only this site's.
        since: Only what was captured since then (UTC where it names no zone).
        quarantined: Instead of stored versions, pages that were refused; what passes now is published.
        dry_run: Only tell what would change.
        plan: Token of such a look: commit exactly what it told, or nothing.
        data: Data folder; none means COPYDESK_DATA, or else data.
        sources_file: File that lists the sources; none means COPYDESK_SOURCES_FILE, or else sources.yaml.

    Returns:
        The plan, and the run's funnel where something was committed.

    Raises:
        PlanMovedError: the plan does not hold any more; nothing is changed.
        CopydeskError: a parameter, the sources file or the data folder is wrong, or the disk refuses a write.
    """
    settings = load_settings(data=data, sources_file=sources_file)
    if since is not None and since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    selection = Selection(site, since, quarantined)
    sources = load_sources(settings.sources_file)
    folder = DataFolder(settings.data)
    return await read_again(
        folder, sources, settings, selection, through_prefect, dry_run=dry_run, token=plan, key=flow_run.get_id()
    )


async def read_again(
    folder: DataFolder,
    sources: list[Source],
    settings: Settings,
    selection: Selection,
    call: Call,
    *,
    dry_run: bool,
    token: str | None = None,
    key: str | None = None,
    now: datetime | None = None,
) -> Reprocessed:
    """One whole run of the flow, from the choice of captures to the report.

    Raises:
        UsageError: the token is none.
        PlanMovedError, CopydeskError: as `reprocess`.
    """
    _check_token(token)
    load_rules(settings.rules_folder)  # what is wrong with a rule is said before anything is read
    folder.prepare()
    begun = begin_run(folder, REPROCESS, sources, settings.recorded(), now=now, key=key)
    await recover_dead(begun, settings, call)
    try:
        with hold_run(folder, begun.context.run_id):
            done = await _plan_and_store(begun, settings, selection, call, dry_run=dry_run, token=token)
    finally:
        await asyncio.to_thread(_clear, begun, keep=())
    if done.summary is not None:
        await call(publish, folder)
        await call(report, folder, done.summary)
    return done


async def _plan_and_store(
    begun: Begun, settings: Settings, selection: Selection, call: Call, *, dry_run: bool, token: str | None
) -> Reprocessed:
    context, facts = begun.context, facts_of(begun, RunStatus.COMPLETED)
    if _is_decided(begun):
        return Reprocessed(None, {}, await call(store_run, context, facts))
    _clear(begun, keep=(RECORD, LOCK))
    staged: Staged = await call(stage_again, context, selection, BATCH_ROWS)
    if token is not None and int(token.partition("-")[0]) != staged.tables_version:
        raise PlanMovedError(MOVED)
    for shard in staged.shards:
        await call(parse_shard, context, shard, parse_settings(begun, settings))
    await check_shards(begun, staged.shards, call)
    if selection.quarantined:
        await call(watch_sources, context, watch_settings(begun, settings, is_again=True))
    plan: Plan = await call(
        plan_run, context, facts, tables_version=staged.tables_version, page_count=staged.page_count
    )
    if token is not None and token != plan.token:
        raise PlanMovedError(OTHERWISE)
    missing = dict(staged.missing)
    if dry_run or plan.is_empty:
        return Reprocessed(plan, missing, None)
    summary = await call(store_run, context, replace(facts, only_at=plan.tables_version))
    return Reprocessed(plan, missing, summary)


def _check_token(token: str | None) -> None:
    if token is not None and not token.partition("-")[0].isdecimal():
        raise UsageError(f"{token!r} is no plan: `copydesk reprocess --dry-run` prints one.")


def _is_decided(begun: Begun) -> bool:
    """Whether an earlier try of this run was killed after its commit was decided."""
    folder, run_id = begun.context.folder, begun.context.run_id
    return (folder.run(run_id) / INTENT).exists() or Snapshot.open(folder).has_run(run_id)


def _clear(begun: Begun, keep: tuple[str, ...]) -> None:
    """Remove what the run has staged; never a commit that was decided."""
    staged = begun.context.folder.run(begun.context.run_id)
    if not staged.is_dir() or (staged / INTENT).exists():
        return
    with disk_errors(staged):
        if not keep:
            shutil.rmtree(staged)
            return
        for path in staged.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name not in keep:
                path.unlink()
