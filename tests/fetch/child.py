"""A process that fetches a shard and may be killed: python -m tests.fetch.child ROOT RUN_ID NOW [SHARD DELAY]."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from tasks.fetch.shard import fetch_shard
from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext
from tests.fetch.cases import settings

if __name__ == "__main__":
    root, run_id, now, *more = sys.argv[1:]
    shard, delay_s = (more[0], float(more[1])) if more else ("0000", 0.0)
    run = RunContext(run_id, datetime.fromisoformat(now), DataFolder(Path(root)))
    asyncio.run(fetch_shard(run, shard, settings(delay_s=delay_s)))
