"""A night in a process of its own, to be killed: `python -m tests.flows.child DATA DOCUMENTS POINT`.

It kills itself with SIGKILL right after the stage named POINT has finished its first shard.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

import flows.steps as steps
from flows.inputs import sources_of
from tasks.io.folder import DataFolder
from tests.flows.nights import NIGHT, run_night


def kill_after(stage: str) -> None:
    """Let the process die when the task of that name comes back for the first time."""
    task = getattr(steps, stage)
    function = task.fn

    def dying(*args: Any, **kwargs: Any) -> Any:
        function(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    async def dying_later(*args: Any, **kwargs: Any) -> Any:
        await function(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    task.fn = dying_later if task.isasync else dying


if __name__ == "__main__":
    kill_after(sys.argv[3])
    run_night(DataFolder(Path(sys.argv[1])), sources_of([Path(sys.argv[2])], "paper.example"), NIGHT)
