"""The order of the stages, shared by all flows. Reads as the list that it is.

discover -> fetch -> parse -> clean -> validate -> store -> publish -> report
"""

import asyncio
import shutil
from collections.abc import Awaitable, Iterable, Mapping
from datetime import datetime
from importlib.metadata import version

from prefect.logging import get_run_logger

from flows.begin import Begun, begin_run, load_run
from flows.calls import Call
from flows.releases import release_facts
from flows.settings import Settings
from flows.stage_settings import (
    clean_settings,
    fetch_settings,
    list_settings,
    parse_settings,
    validate_settings,
    watch_settings,
)
from flows.stopping import draining
from schemas.capture import Candidate
from schemas.reasons import RunStatus
from schemas.source import Source, WhenHealthy
from schemas.summary import RunSummary
from tasks.clean import RULES_VERSION
from tasks.clean.task import clean_shard, learn_site_lines
from tasks.discover.task import list_source, select_candidates
from tasks.errors import CopydeskError, RunFailedError
from tasks.fetch.task import fetch_shard, refuse_portals, replay_shard
from tasks.io.access import Access
from tasks.io.commit import remove_staging
from tasks.io.folder import DataFolder
from tasks.io.progress import advance
from tasks.io.recovery import dead_runs, hold_run
from tasks.io.staging import read_parts
from tasks.parse import PARSER_VERSION
from tasks.parse.task import parse_shard
from tasks.publish.task import publish
from tasks.report.task import report
from tasks.store.facts import REPROCESS, RunFacts
from tasks.store.task import recover, release_held, store_run
from tasks.validate.task import validate_shard, watch_sources


async def collect(begun: Begun, settings: Settings, call: Call) -> RunSummary:
    """One whole run, from the listings to the report.

    Raises:
        RunFailedError: nothing of it may be trusted, or no page was usable; `summary` is its funnel, if it has one.
        CopydeskError: the disk, a table or the sources stand in the way; what was captured waits for the next run.
    """
    async with draining():
        with hold_run(begun.context.folder, begun.context.run_id):
            shards = await discover(begun, settings, call)
            await every(fetch_and_parse(begun, shard, settings, call) for shard in shards)
            summary = await finish(begun, shards, settings, call)
        if summary.status == RunStatus.FAILED:
            raise RunFailedError(summary.reason or "The run failed.", summary)
        return summary


async def discover(begun: Begun, settings: Settings, call: Call) -> list[str]:
    """Read every listing, then choose what is due. Returns the names of the shards."""
    advance("discover", total=len(begun.sources))
    await every(list_one(begun, source, settings, call) for source in begun.sources)
    shards: list[str] = await call(select_candidates, begun.context, begun.sources, begun.limit)
    return shards


async def list_one(begun: Begun, source: Source, settings: Settings, call: Call) -> None:
    """Read the listings of one source. Whatever is wrong with it, the other sources' night goes on.

    Errors of the disk or the tables are nobody's listing, and end the run.
    """
    try:
        await call(list_source, begun.context, source, list_settings(begun, settings, source))
    except CopydeskError:
        raise
    except Exception:  # noqa: BLE001 - a listing that trips a mistake of ours; selection records the source as failed
        get_run_logger().exception("The listing of source %s could not be read, by a mistake of Copydesk's.", source.id)
    advance("discover", done=1)


async def fetch_and_parse(begun: Begun, shard: str, settings: Settings, call: Call) -> None:
    """Fetch one shard and parse it, so that a slow host delays no other shard's parsing."""
    await call(fetch_shard, begun.context, shard, fetch_settings(begun, settings))
    await call(parse_shard, begun.context, shard, parse_settings(begun, settings))


async def finish(
    begun: Begun, shards: list[str], settings: Settings, call: Call, status: RunStatus | None = None
) -> RunSummary:
    """Everything after parse, and what users see of it: see `store_shards`, then releases, publish and report."""
    summary = await store_shards(begun, shards, settings, call, status)
    healthy = [source.id for source in begun.sources if source.when_healthy is WhenHealthy.RELEASE]
    await call(release_held, begun.context.folder, healthy, release_facts())
    await call(publish, begun.context.folder)
    await call(report, begun.context.folder, summary)
    return summary


async def store_shards(
    begun: Begun, shards: list[str], settings: Settings, call: Call, status: RunStatus | None = None
) -> RunSummary:
    """Everything after parse: nothing of it needs a network, and the same captures give the same result.

    All shards are parsed before the first is cleaned, because cleaning learns from all pages of a site; and only a
    look at all sites of a run tells a captive portal from a page.
    """
    for shard in await call(refuse_portals, begun.context, fetch_settings(begun, settings)):
        await call(parse_shard, begun.context, shard, parse_settings(begun, settings))
    await check_shards(begun, shards, call)
    await call(watch_sources, begun.context, watch_settings(begun, settings))
    summary: RunSummary = await call(store_run, begun.context, facts_of(begun, status))
    return summary


async def check_shards(begun: Begun, shards: Iterable[str], call: Call) -> None:
    """Learn from all parsed pages of a run, then clean them and hold them against the contract."""
    await call(learn_site_lines, begun.context)
    await every(clean_and_validate(begun, shard, call) for shard in shards)


async def clean_and_validate(begun: Begun, shard: str, call: Call) -> None:
    """Clean one shard's articles and hold them against the contract."""
    await call(clean_shard, begun.context, shard, clean_settings(begun))
    await call(validate_shard, begun.context, shard, validate_settings(begun))


def facts_of(begun: Begun, status: RunStatus | None = None) -> RunFacts:
    """What the row of the run says beside its counts."""
    return RunFacts(
        flow=begun.flow,
        settings=begun.settings,
        copydesk_version=version("copydesk"),
        parser_version=PARSER_VERSION,
        rules_version=RULES_VERSION,
        started_at=begun.context.now,
        status=status,
    )


async def recover_dead(begun: Begun, settings: Settings, call: Call) -> None:
    """Bring runs that were killed to their end, before a new one begins.

    A dead run that cannot be finished stays where it is, with a warning: it must not stop tonight's.
    """
    folder = begun.context.folder
    await call(recover, folder)
    await call(release_held, folder, [], release_facts())
    for run_id in await asyncio.to_thread(dead_runs, folder):
        if run_id == begun.context.run_id:
            continue
        try:
            dead = load_run(folder, run_id)
            await (drop_dead(dead) if dead.flow == REPROCESS else finish_dead(dead, settings, call))
        except CopydeskError as error:
            get_run_logger().warning("Run %s, which was killed, could not be finished: %s", run_id, error)


async def finish_dead(begun: Begun, settings: Settings, call: Call) -> RunSummary:
    """A killed run's end: what it had captured becomes articles, what it had not reached is deferred."""
    context = begun.context
    with hold_run(context.folder, context.run_id):
        chosen = context.folder.staged(context.run_id, "discover", "candidates")
        shards = sorted(part.stem for part in chosen.glob("[!.]*.parquet"))
        for shard in shards:
            await call(replay_shard, context, shard)
            await call(parse_shard, context, shard, parse_settings(begun, settings))
        return await finish(begun, shards, settings, call, status=RunStatus.RECOVERED)


async def drop_dead(begun: Begun) -> None:
    """Forget a killed run that read captures again: it has fetched nothing, and was never decided."""
    with hold_run(begun.context.folder, begun.context.run_id):
        await asyncio.to_thread(remove_staging, begun.context.folder, begun.context.run_id)


async def look(
    folder: DataFolder,
    sources: list[Source],
    settings: Settings,
    call: Call,
    *,
    limit: int | None,
    now: datetime | None,
    access: Mapping[str, Access] | None = None,
) -> list[str]:
    """What a run would fetch, as URLs in order; nothing is kept of it.

    Raises:
        CopydeskError: as `collect`.
    """
    begun = begin_run(folder, "nightly", sources, settings.recorded(), limit=limit, now=now, access=access)
    staged = folder.run(begun.context.run_id)
    try:
        async with draining():
            with hold_run(folder, begun.context.run_id):
                await discover(begun, settings, call)
            due = read_parts(folder.staged(begun.context.run_id, "discover", "candidates"), Candidate)
        get_run_logger().info("%s pages are due.", due.height)
        return [str(url) for url in due["url"]]
    finally:
        shutil.rmtree(staged)
        for capture in folder.captures.glob(f"*/{begun.context.run_id}-*"):
            capture.unlink()


async def every(calls: Iterable[Awaitable[None]]) -> None:
    """Wait for all, also when one fails, so that no work under way is thrown away; then raise the first failure."""
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
