"""A process that fetches a shard and may be killed: python -m tests.fetch.child ROOT RUN_ID NOW."""

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from tasks.fetch.shard import fetch_shard
from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext
from tests.fetch.cases import settings

if __name__ == "__main__":
    root, run_id, now = sys.argv[1:]
    run = RunContext(run_id, datetime.fromisoformat(now), DataFolder(Path(root)))
    asyncio.run(fetch_shard(run, "0000", settings()))
