"""Child processes of the tests. Spawned, never forked: a forked child would keep its parent's locks."""

import os
import signal
from pathlib import Path

from schemas.reasons import RunStatus
from tasks.io import points
from tasks.io.folder import DataFolder
from tasks.io.recovery import hold_run, recover
from tasks.io.staging import RunContext
from tasks.store.run import store_run
from tests.store.staged import at, facts


class KillAt:
    """Kills its own process at the n-th point (from 0), as a power cut would: nothing is cleaned up."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, point: str) -> None:
        """One point is passed."""
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1


def store(root: str, run_id: str, kill_at: int | None = None, status: str | None = None) -> None:
    """Recover and store a staged run, killed at a point if asked for; for multiprocessing."""
    if kill_at is not None:
        points.watch(KillAt(kill_at))
    folder = DataFolder(Path(root))
    with hold_run(folder, run_id):
        recover(folder)
        store_run(RunContext(run_id, at(10), folder), facts(RunStatus(status) if status else None))


def recover_only(root: str, kill_at: int) -> None:
    """Recover the folder and be killed at a point of it."""
    points.watch(KillAt(kill_at))
    recover(DataFolder(Path(root)))


class StopAt:
    """Stops its own process at the first point of that name, until somebody lets it go on or kills it."""

    def __init__(self, point: str) -> None:
        self.point = point

    def __call__(self, point: str) -> None:
        """One point is passed."""
        if point == self.point:
            os.kill(os.getpid(), signal.SIGSTOP)


def store_and_stop(root: str, run_id: str, point: str) -> None:
    """Store a staged run and stop at a point of it, with whatever it holds then."""
    points.watch(StopAt(point))
    store(root, run_id)
