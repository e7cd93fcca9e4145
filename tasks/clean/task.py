"""The Prefect shell of clean. Never retried: the same shard gives the same result."""

from prefect import task

from schemas.shard import ShardSummary
from tasks.clean.article import CleanSettings
from tasks.clean.memory_rules import learn_site_lines as _learn_site_lines
from tasks.clean.shard import clean_shard as _clean_shard
from tasks.io.staging import RunContext


@task(name="clean", task_run_name="clean {shard}", retries=0, persist_result=False)
def clean_shard(run: RunContext, shard: str, settings: CleanSettings) -> ShardSummary:
    """Counts of one cleaned shard; see `tasks.clean.shard.clean_shard`."""
    return _clean_shard(run, shard, settings)


@task(name="learn site lines", retries=0, persist_result=False)
def learn_site_lines(run: RunContext) -> int:
    """How many rules of sites hold in the run; see `tasks.clean.memory_rules.learn_site_lines`."""
    return _learn_site_lines(run)
