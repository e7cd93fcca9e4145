"""The Prefect shell of validate. Never retried: the same shard gives the same result."""

from prefect import task

from schemas.shard import ShardSummary
from tasks.io.staging import RunContext
from tasks.validate.shard import ValidateSettings
from tasks.validate.shard import validate_shard as _validate_shard


@task(name="validate", task_run_name="validate {shard}", retries=0, persist_result=False)
def validate_shard(run: RunContext, shard: str, settings: ValidateSettings) -> ShardSummary:
    """Counts of one checked shard; see `tasks.validate.shard.validate_shard`."""
    return _validate_shard(run, shard, settings)
