"""Forked children of a process that has imported everything and started nothing: 20 ms instead of 3 s.

A fork has none of its parent's threads, so whatever uses polars, DuckDB, pyarrow or delta-rs runs in a child.
"""

import json
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Child:
    """A child at work."""

    pid: int
    answer: Path

    def wait(self) -> Any:
        """What its work gave.

        Raises:
            RuntimeError: it ended with an error, which is the message.
        """
        with suppress(ChildProcessError):  # the tracer waits for any child, and may have taken this one
            os.waitpid(self.pid, 0)
        found = json.loads(self.answer.read_text(encoding="utf-8")) if self.answer.exists() else {"error": "it died"}
        if "error" in found:
            raise RuntimeError(found["error"])
        return found["gave"]


def start(work: Callable[[], Any], answer: Path) -> Child:
    """A child that does the work, whose result (as JSON) or error goes to the file `answer`."""
    answer.unlink(missing_ok=True)
    pid = os.fork()
    if pid:
        return Child(pid, answer)
    try:
        found = {"gave": work()}
    except BaseException as error:  # noqa: BLE001 - the end of a process: whatever it was is the answer
        found = {"error": f"{type(error).__name__}: {error}"}
    answer.write_text(json.dumps(found), encoding="utf-8")
    sys.stderr.flush()
    os._exit(0)
