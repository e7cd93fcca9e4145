"""Prefect's shell of the stage: two tasks, each one call."""

from collections.abc import Sequence

from prefect import task
from prefect.tasks import exponential_backoff

from schemas.source import Source
from schemas.summary import SourceSummary
from tasks.discover import list_source as listing_stage
from tasks.discover import select_candidates as selection_stage
from tasks.io.exchange import HttpSettings
from tasks.io.staging import RunContext
from tasks.retries import may_pass


@task(
    name="list source",
    task_run_name="list {source.id}",
    retries=2,
    retry_delay_seconds=exponential_backoff(2),
    retry_jitter_factor=0.5,
    retry_condition_fn=may_pass,
    persist_result=False,
)
async def list_source(run: RunContext, source: Source, settings: HttpSettings) -> SourceSummary:
    """What polling the source came to; see `tasks.discover.list_source.list_source`."""
    return await listing_stage.list_source(run, source, settings)


@task(
    name="select candidates",
    retries=2,
    retry_delay_seconds=exponential_backoff(2),
    retry_jitter_factor=0.5,
    retry_condition_fn=may_pass,
    persist_result=False,
)
def select_candidates(run: RunContext, sources: Sequence[Source], limit: int | None = None) -> list[str]:
    """The names of the run's shards, in order; see `tasks.discover.select_candidates.select_candidates`."""
    return selection_stage.select_candidates(run, sources, limit)
