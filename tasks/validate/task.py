"""The Prefect shell of validate. Never retried: the same shard gives the same result."""

from prefect import get_run_logger, task

from schemas.reasons import RadarVerdict
from schemas.shard import ShardSummary
from tasks.io.staging import RunContext
from tasks.validate.shard import ValidateSettings
from tasks.validate.shard import validate_shard as _validate_shard
from tasks.validate.watch import WatchSettings, WatchSummary
from tasks.validate.watch import watch_sources as _watch_sources


@task(name="validate", task_run_name="validate {shard}", retries=0, persist_result=False)
def validate_shard(run: RunContext, shard: str, settings: ValidateSettings) -> ShardSummary:
    """Counts of one checked shard; see `tasks.validate.shard.validate_shard`."""
    return _validate_shard(run, shard, settings)


@task(name="watch sources", retries=0, persist_result=False)
def watch_sources(run: RunContext, settings: WatchSettings) -> WatchSummary:
    """What the radar says of the run's sources, with pages held by it; see `tasks.validate.watch.watch_sources`."""
    summary = _watch_sources(run, settings)
    for kind, sentence in summary.verdicts:
        log = get_run_logger().info if kind == RadarVerdict.NOTE else get_run_logger().warning
        log("%s", sentence)
    return summary
