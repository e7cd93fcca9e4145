"""Prefect's shell of the stage: three tasks, each a call or two."""

from collections.abc import Sequence

from prefect import task
from prefect.tasks import exponential_backoff

from schemas.summary import RunSummary
from tasks.io import recovery
from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext
from tasks.retries import may_pass
from tasks.store import plan
from tasks.store import run as stage
from tasks.store.facts import RunFacts
from tasks.store.held import release_healthy
from tasks.store.release import publish_released


@task(
    name="store run",
    retries=3,
    retry_delay_seconds=exponential_backoff(2),
    retry_jitter_factor=0.5,
    retry_condition_fn=may_pass,
    persist_result=False,
)
def store_run(run: RunContext, facts: RunFacts) -> RunSummary:
    """The summary of the run, committed exactly once; see `tasks.store.run.store_run`."""
    return stage.store_run(run, facts)


@task(name="plan run", retries=0, persist_result=False)
def plan_run(run: RunContext, facts: RunFacts, *, tables_version: int, page_count: int) -> plan.Plan:
    """What the run would commit; see `tasks.store.plan.plan_run`."""
    return plan.plan_run(run, facts, tables_version=tables_version, page_count=page_count)


@task(
    name="recover",
    retries=3,
    retry_delay_seconds=exponential_backoff(2),
    retry_jitter_factor=0.5,
    retry_condition_fn=may_pass,
    persist_result=False,
)
def recover(folder: DataFolder) -> recovery.Recovered:
    """What was finished of runs that died while they committed; see `tasks.io.recovery.recover`."""
    return recovery.recover(folder)


@task(
    name="release held",
    retries=3,
    retry_delay_seconds=exponential_backoff(2),
    retry_jitter_factor=0.5,
    retry_condition_fn=may_pass,
    persist_result=False,
)
def release_held(folder: DataFolder, healthy: Sequence[str], facts: RunFacts) -> list[RunSummary]:
    """The runs that published released pages; see `tasks.store.release.publish_released`.

    Args:
        folder: Data folder.
        healthy: Sources whose held pages are released once they look healthy again.
        facts: `flows.releases.release_facts`.
    """
    release_healthy(folder, healthy)
    return publish_released(folder, facts)
