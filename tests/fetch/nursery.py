"""Forks processes that fetch a shard, and kills each at a random moment: python -m tests.fetch.nursery ROOT RUN NOW N.

Forked, so that the imports are paid for once. Prints `killed` or `ended` for each.
"""

import asyncio
import os
import random
import signal
import sys
import time
from datetime import datetime
from pathlib import Path

from tasks.fetch.shard import fetch_shard
from tasks.io.captures import capture_files
from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext
from tests.fetch.cases import settings

LONGEST_S = 0.06
EARLY = 5
"""Every so many children are killed at a random moment of their begin; the others once they write captures."""


def main(root: str, run_id: str, now: str, count: str) -> None:
    """Fork, wait, kill, so many times."""
    run = RunContext(run_id, datetime.fromisoformat(now), DataFolder(Path(root)))
    moments = random.Random(4)
    for number in range(int(count)):
        files = len(capture_files(run.folder, run_id, "0000"))
        child = os.fork()
        if child == 0:
            asyncio.run(fetch_shard(run, "0000", settings()))
            os._exit(0)
        while number % EARLY and is_alive(child) and len(capture_files(run.folder, run_id, "0000")) == files:
            time.sleep(0.001)
        time.sleep(moments.uniform(0.0, LONGEST_S))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else "ended", flush=True)  # noqa: T201 - read by the test


def is_alive(child: int) -> bool:
    """Whether a child has not ended yet."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


if __name__ == "__main__":
    main(*sys.argv[1:])
