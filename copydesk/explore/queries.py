"""Queries of strangers: each in a process of its own, with a limit of time, and stopped when nobody waits for it."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tasks.errors import UsageError
from tasks.io.folder import DataFolder

AT_ONCE = 2
"""Queries at the same time: as many as the cores of a small machine."""
SQL_CHARS = 100_000
CELL_CHARS = 2_000
TOTAL_CHARS = 8_000_000
WAKE_S = 0.2
"""How long a cancelled query may go on unnoticed."""
GRACE_S = 3
"""On top of the time limit: the start of the process."""

_KEPT_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONPATH", "SYSTEMROOT")
"""What the process of a query gets of the environment: no secret of a source may be in it."""

Gone = Callable[[], Awaitable[bool]]
"""Says whether the one who asked has left."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take."""

    seconds: int = 30
    rows: int = 1000
    cell_chars: int = CELL_CHARS
    total_chars: int = TOTAL_CHARS


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a query as plain values; `more` says that there are others."""

    columns: list[tuple[str, str]]
    rows: list[list[Any]]
    more: bool
    seconds: float


class CancelledQueryError(UsageError):
    """Who asked has left."""


class Queries:
    """Runs queries over one data folder, a few at once."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def answer(self, sql: str, limits: Limits, gone: Gone) -> Answer:
        """The rows of one SELECT or EXPLAIN.

        Raises:
            UsageError: it is no such statement, is wrong, takes too long or too much; a sentence.
            CancelledQueryError: nobody waits for it any more; its process is gone.
        """
        if not sql.strip():
            raise UsageError("There is no statement: write one, as in `from articles limit 10`.")
        if len(sql) > SQL_CHARS:
            raise UsageError(f"The statement is longer than {SQL_CHARS} characters.")
        if self._slots.locked():
            raise UsageError(f"{AT_ONCE} queries are running: cancel one, or wait until it is done.")
        async with self._slots:
            told = await self._told(sql, limits, gone)
        if "error" in told:
            raise UsageError(str(told["error"]))
        columns = [(name, kind) for name, kind in told["columns"]]
        return Answer(columns, told["rows"], told["more"], told["seconds"])

    async def _told(self, sql: str, limits: Limits, gone: Gone) -> dict[str, Any]:
        order = {
            "database": str(self._folder.database),
            "sql": sql,
            "rows": limits.rows,
            "seconds": limits.seconds,
            "cell_chars": limits.cell_chars,
            "total_chars": limits.total_chars,
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "copydesk.explore.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            # Not the working directory: a folder `flows` in it would hide ours.
            env=_environment() | {"PYTHONSAFEPATH": "1"},
            start_new_session=True,
        )
        try:
            return await _watched(process, json.dumps(order).encode() + b"\n", limits.seconds, gone)
        except BaseException:
            # Not where it has answered: kill() looks first whether it lives, and so takes its end away from asyncio.
            with suppress(ProcessLookupError):
                process.kill()
            raise
        finally:
            await process.wait()


async def _watched(process: asyncio.subprocess.Process, order: bytes, seconds: int, gone: Gone) -> dict[str, Any]:
    """What the process says, while time is left and somebody waits."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the process was started with pipes")
    with suppress(ConnectionError):
        process.stdin.write(order)
        await process.stdin.drain()
    reading = asyncio.ensure_future(process.stdout.read())
    clock = asyncio.get_running_loop().time
    until = clock() + seconds + GRACE_S
    try:
        while not reading.done():
            await asyncio.wait((reading,), timeout=WAKE_S)
            if reading.done():
                break
            if clock() > until:
                raise UsageError(f"The query was stopped after {seconds} seconds: narrow it, or allow it more time.")
            if await gone():
                raise CancelledQueryError("The query was cancelled.")
    finally:
        reading.cancel()
    said = reading.result()
    if not said:
        raise UsageError(
            "The process of the query died: it took more memory or time than one here may have, or broke DuckDB."
        )
    told: dict[str, Any] = json.loads(said)
    return told


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
