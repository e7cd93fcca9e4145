"""Prefect's shell of the stage: each task one call."""

from prefect import Task, get_run_logger, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import exponential_backoff

from tasks.errors import CopydeskError
from tasks.fetch import shard as stage
from tasks.fetch.model import FetchSettings, FetchSummary
from tasks.io.staging import RunContext


async def _may_pass(_task: Task[..., object], _run: TaskRun, state: State[object]) -> bool:
    """Whether the failure may pass by itself: only then is it tried again."""
    failure = await state.aresult(raise_on_failure=False)
    return isinstance(failure, CopydeskError) and failure.retryable


@task(
    name="fetch",
    task_run_name="fetch {shard}",
    tags=["fetch", "network"],
    retries=2,
    retry_delay_seconds=exponential_backoff(10),
    retry_jitter_factor=0.5,
    retry_condition_fn=_may_pass,
    persist_result=False,
)
async def fetch_shard(run: RunContext, shard: str, settings: FetchSettings) -> FetchSummary:
    """Counts of one fetched shard; see `tasks.fetch.shard.fetch_shard`."""
    summary = await stage.fetch_shard(run, shard, settings)
    _log(summary)
    return summary


@task(name="replay fetch", task_run_name="replay fetch {shard}", tags=["fetch"], retries=0, persist_result=False)
def replay_shard(run: RunContext, shard: str) -> FetchSummary:
    """Counts of one shard of a run that died, as its WARC files tell; see `tasks.fetch.shard.replay_shard`."""
    summary = stage.replay_shard(run, shard)
    _log(summary)
    return summary


def _log(summary: FetchSummary) -> None:
    counts = ", ".join(f"{count} {outcome}" for outcome, count in summary.outcomes.items())
    get_run_logger().info("%s: %s; %s requests", summary.shard, counts or "no pages", summary.request_count)
