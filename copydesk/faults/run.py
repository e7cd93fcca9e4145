"""Plays rows of the list of faults and says what came of them."""

import tempfile
import traceback
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from copydesk.faults.bench import Bench, play
from copydesk.faults.model import MismatchError, Row
from copydesk.faults.plays_a import NOW
from copydesk.faults.server import serve_faults
from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext


@dataclass(frozen=True)
class Result:
    """What came of one row: its cases, and those that ended otherwise than they must."""

    row: Row
    problems: tuple[str, ...]

    @property
    def is_passed(self) -> bool:
        """Whether all its cases ended as they must."""
        return not self.problems


async def play_row(row: Row, root: Path) -> Result:
    """Play all cases of a row, each in a data folder of its own below `root`."""
    problems = []
    async with serve_faults() as server:
        for number, case in enumerate(row.cases):
            name = f"{row.id.lower()}-{number}"
            folder = DataFolder(root / name)
            folder.prepare()
            try:
                await play(Bench(server, RunContext(f"20260302T021500Z-{name}", NOW, folder), name, {}), case)
            except MismatchError as mismatch:
                problems.append(f"{case.name}: {mismatch}")
            except Exception as error:  # noqa: BLE001 - whatever a fault brings about is its result
                where = traceback.extract_tb(error.__traceback__)[-1]
                place = f"{Path(where.filename).name}:{where.lineno}"
                problems.append(f"{case.name}: {type(error).__name__} at {place}: {error}")
    return Result(row, tuple(problems))


async def play_rows(rows: Iterable[Row]) -> AsyncIterator[Result]:
    """Play the rows one after the other, in a folder that is thrown away."""
    async with _scratch() as root:
        for row in rows:
            yield await play_row(row, root / row.id)


@asynccontextmanager
async def _scratch() -> AsyncIterator[Path]:
    with tempfile.TemporaryDirectory(prefix="copydesk-faults-") as place:
        yield Path(place)
