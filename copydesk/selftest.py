"""`copydesk selftest --faults`: plays the list of faults on this machine, against a server on 127.0.0.1."""

import asyncio
import logging

from rich.table import Table
from rich.text import Text

from copydesk.faces import err, out
from copydesk.faults.rows import ROWS, UNPLAYED
from copydesk.faults.run import Result, play_rows
from tasks.errors import CopydeskError, UsageError


def run_selftest(*, faults: bool) -> None:
    """Play every row of the list of faults and print a table of what came of them.

    Nothing leaves this machine, and no data folder of the user's is touched.

    Raises:
        UsageError: it was not said what to test.
        CopydeskError: a row ended otherwise than it must; the table says how.
    """
    if not faults:
        raise UsageError("Say what to test: `copydesk selftest --faults`.")
    logging.getLogger("copydesk").setLevel(logging.CRITICAL)
    results = asyncio.run(_play())
    out.print(table_of(results))
    failed = [result.row.id for result in results if not result.is_passed]
    cases = sum(len(result.row.cases) for result in results)
    out.print(f"{len(results) - len(failed)} of {len(results)} rows passed, {cases} cases.")
    out.print(f"Not played here: {', '.join(f'{name} ({why})' for name, why in UNPLAYED.items())}.", style="dim")
    if failed:
        raise CopydeskError(f"Faults that ended otherwise than they must: {', '.join(failed)}.")


def table_of(results: list[Result]) -> Table:
    """One line a row: its name, what it is, how many cases it has, and what came of it."""
    table = Table(title="Faults", title_justify="left")
    for name in ("row", "fault", "cases", "result"):
        table.add_column(name, justify="right" if name == "cases" else "left", overflow="fold")
    for result in results:
        said = Text("passed", "green") if result.is_passed else Text("\n".join(result.problems), "red")
        table.add_row(result.row.id, Text(result.row.title), str(len(result.row.cases)), said)
    return table


async def _play() -> list[Result]:
    results = []
    with err.status("Playing faults") as status:
        async for result in play_rows(ROWS):
            results.append(result)
            status.update(f"Played {result.row.id}: {result.row.title}")
    return results
