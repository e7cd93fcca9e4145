"""`copydesk selftest`: the list of faults against a server on 127.0.0.1 (--faults), and runs that die (--crash)."""

import asyncio
import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from copydesk.faces import err, out
from copydesk.faults.rows import ROWS, UNPLAYED
from copydesk.faults.run import Result, play_rows
from tasks.errors import CopydeskError, UsageError

if TYPE_CHECKING:
    from copydesk.crash.matrix import Outcome

TOLD_EACH = 25
"""Where no terminal shows the status, a line is printed after so many deaths."""


def run_selftest(*, faults: bool, crash: bool = False, count: int = 0) -> None:
    """Play what was asked for and print what came of it.

    Nothing leaves this machine, and no data folder of the user's is touched.

    Raises:
        UsageError: it was not said what to test.
        CopydeskError: something ended otherwise than it must; what was printed says how.
    """
    if not faults and not crash:
        raise UsageError("Say what to test: `copydesk selftest --faults`, or --crash.")
    if faults:
        _play_faults()
    if crash:
        _play_crashes(count)


def _play_crashes(count: int) -> None:
    """Let a run of 200 documents die at every change of the disk, or at so many of them.

    The last line is JSON: survived, tried, unreached (points behind the end of their run, also the second time).
    Ctrl-C ends it with what was found so far.
    """
    from copydesk.crash.run import plan, played, scratch, seats_of_this_machine

    found = {"survived": 0, "tried": 0, "unreached": 0}

    seats = seats_of_this_machine()
    with scratch() as root, err.status("Running the nights that nothing is done to") as status:
        what = plan(Path(root), seats, count)
        err.print(f"{len(what.ground.calls)} changes of the disk, {what.all_points} ways to die, {seats} at a time.")
        try:
            for outcome in played(what, seats):
                _count_death(found, outcome)
                done = found["tried"] + found["unreached"]
                status.update(f"{done} of {len(what.points)} deaths, {found['survived']} survived")
                if not err.is_terminal and done % TOLD_EACH == 0:
                    err.print(f"{done} of {len(what.points)} deaths, {found['survived']} survived")
        except KeyboardInterrupt:
            err.print(f"Stopped after {found['tried'] + found['unreached']} of {len(what.points)} deaths.")
    sys.stdout.write(json.dumps(found) + "\n")
    if found["survived"] < found["tried"]:
        raise CopydeskError(f"{found['tried'] - found['survived']} of {found['tried']} deaths were not survived.")


def _count_death(found: dict[str, int], outcome: "Outcome") -> None:
    """Add what became of one death, and say what was wrong with it."""
    found["unreached" if not outcome.is_reached and not outcome.problems else "tried"] += 1
    found["survived"] += outcome.is_reached and not outcome.problems
    if outcome.problems or not outcome.is_reached:
        said = "; ".join(outcome.problems) or "the run ended before it"
        err.print(f"{outcome.point}: {said}", markup=False, highlight=False)


def _play_faults() -> None:
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
