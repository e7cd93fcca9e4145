"""The same as tracer.py for machines that cannot trace: only the commit's own points are seen (tasks/io/points.py)."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

from copydesk.crash.child import start
from copydesk.crash.tracer import CRASHED, Fault, Traced
from tasks.io import points


def run_watched(work: Callable[[], None], folder: Path, fault: Fault | None) -> Traced:
    """What became of `work`, run in a forked child that kills itself at the n-th point of a commit.

    Args:
        work: What the child does.
        folder: What it writes to; the names of the points are noted beside it.
        fault: None only counts. A refusal cannot be played here.
    """
    noted, answer = folder.with_name("points"), folder.with_name("watched")
    noted.write_text("", encoding="utf-8")

    def watched() -> int:
        points.watch(_note)
        try:
            work()
        except SystemExit as error:
            return int(error.code or 0)
        return 0

    def _note(point: str) -> None:
        with noted.open("a", encoding="utf-8") as file:
            file.write(f"{point}\n")
        if fault is not None and len(noted.read_text(encoding="utf-8").splitlines()) >= fault.number:
            os.kill(os.getpid(), signal.SIGKILL)

    child = start(watched, answer)
    try:
        status = int(child.wait())
    except RuntimeError:
        status = CRASHED if answer.exists() else -signal.SIGKILL
    return Traced(calls=noted.read_text(encoding="utf-8").splitlines(), status=status)
