"""How a test plays one row of the list of faults."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from copydesk.faults.rows import row
from copydesk.faults.run import play_row

Play = Callable[[str], Awaitable[None]]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Plays the row of this name; whatever ended otherwise than it must fails the test."""

    async def run(name: str) -> None:
        result = await play_row(row(name), tmp_path)
        assert not result.problems, "\n".join(result.problems)

    return run
