"""Prefect's shell of the stage: each task one call."""

from functools import lru_cache

from prefect import get_run_logger, task
from prefect.tasks import exponential_backoff

from tasks.fetch import again, portals
from tasks.fetch import shard as stage
from tasks.fetch.model import FetchSettings, FetchSummary
from tasks.io.staging import RunContext
from tasks.retries import may_pass


@task(
    name="fetch",
    task_run_name="fetch {shard}",
    tags=["fetch", "network"],
    retries=2,
    retry_delay_seconds=exponential_backoff(10),
    retry_jitter_factor=0.5,
    retry_condition_fn=may_pass,
    persist_result=False,
)
async def fetch_shard(run: RunContext, shard: str, settings: FetchSettings) -> FetchSummary:
    """Counts of one fetched shard; see `tasks.fetch.shard.fetch_shard`."""
    summary = await stage.fetch_shard(run, shard, settings)
    if summary.request_count and not settings.http.is_reachable:
        _warn_of_no_contact(run.run_id)
    if summary.request_count and settings.http.proxy:
        _tell_of_proxy(run.run_id, settings.http.proxy_name)
    _log(summary)
    return summary


@task(name="replay fetch", task_run_name="replay fetch {shard}", tags=["fetch"], retries=0, persist_result=False)
def replay_shard(run: RunContext, shard: str) -> FetchSummary:
    """Counts of one shard of a run that died, as its WARC files tell; see `tasks.fetch.shard.replay_shard`."""
    summary = stage.replay_shard(run, shard)
    _log(summary)
    return summary


@task(name="choose captures", tags=["fetch"], retries=0, persist_result=False)
def stage_again(run: RunContext, selection: again.Selection, batch_rows: int) -> again.Staged:
    """The captures that are read again, as shards; see `tasks.fetch.again.stage_again`."""
    return again.stage_again(run, selection, batch_rows)


@task(name="refuse portals", tags=["fetch"], retries=0, persist_result=False)
def refuse_portals(run: RunContext, settings: FetchSettings) -> list[str]:
    """Shards that must be parsed again, because a captive portal answered; see `tasks.fetch.portals.refuse_portals`."""
    shards = portals.refuse_portals(run, settings)
    if shards:
        get_run_logger().warning("The same page came for several sites, which no site sent: %s.", ", ".join(shards))
    return shards


@lru_cache(maxsize=8)
def _warn_of_no_contact(run_id: str) -> None:
    """Once a run: a publisher who is bothered by us has nobody to tell."""
    get_run_logger().warning(
        "%s asks publishers' servers without a contact: set COPYDESK_CONTACT to an address they can write to.", run_id
    )


@lru_cache(maxsize=8)
def _tell_of_proxy(run_id: str, proxy: str) -> None:
    """Once a run: who guards against private addresses."""
    get_run_logger().info(
        "%s asks through the proxy %s: which addresses it may reach is the proxy's to check.", run_id, proxy
    )


def _log(summary: FetchSummary) -> None:
    counts = ", ".join(f"{count} {outcome}" for outcome, count in summary.outcomes.items())
    get_run_logger().info("%s: %s; %s requests", summary.shard, counts or "no pages", summary.request_count)
