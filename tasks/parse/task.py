"""The Prefect shell of parse. Never retried: the same shard gives the same result."""

from prefect import task

from schemas.shard import ShardSummary
from tasks.io.staging import RunContext
from tasks.parse.shard import ParseSettings
from tasks.parse.shard import parse_shard as _parse_shard


@task(name="parse", task_run_name="parse {shard}", retries=0, persist_result=False)
def parse_shard(run: RunContext, shard: str, settings: ParseSettings) -> ShardSummary:
    """Counts of one parsed shard; see `tasks.parse.shard.parse_shard`."""
    return _parse_shard(run, shard, settings)
