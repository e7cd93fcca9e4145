"""What the command shows: one place for its console, its funnel, its progress bars and its way of saying errors."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from schemas.reasons import State
from schemas.summary import Counts, RunSummary
from tasks.io.progress import listen

PIPE_WIDTH = 120
"""Columns of what is printed where there is no terminal to ask."""


def _width(stream: TextIO) -> int | None:
    return None if stream.isatty() else PIPE_WIDTH


out = Console(width=_width(sys.stdout))
err = Console(width=_width(sys.stderr), stderr=True)

STAGES = {
    "discover": "listings",
    "fetch": "fetched",
    "parse": "parsed",
    "clean": "cleaned",
    "validate": "checked",
    "export": "rows",
}

_STATE_STYLE = {
    State.STORED: "green",
    State.UNCHANGED: "green",
    State.DUPLICATE: "green",
    State.QUARANTINED: "yellow",
    State.HELD: "yellow",
    State.BLOCKED: "yellow",
    State.GONE: "yellow",
    State.FAILED: "red",
    State.DEFERRED: "cyan",
}


def say_error(message: object) -> None:
    """Print one error for people on standard error; markup in it is shown, not obeyed."""
    err.print("error:", style="bold red", end=" ")
    err.print(str(message), markup=False, highlight=False, soft_wrap=True)


def show_funnel(summary: RunSummary) -> None:
    """Print where every URL of a run went, as a sum for each source: found = known + the states."""
    table = Table(title=f"Run {summary.run_id}: {summary.status}", title_justify="left", show_footer=True)
    table.add_column("source", footer="all", overflow="fold")
    table.add_column("found", justify="right", footer=str(summary.counts.found))
    table.add_column("= known + the states", footer=_sum_of(summary.counts))
    for source in summary.sources:
        table.add_row(source.source_id, str(source.counts.found), _sum_of(source.counts))
    out.print(table)
    _show_notes(summary)


def _sum_of(counts: Counts) -> Text:
    """The right side of the balance; states that no URL ended in are left out."""
    text = Text(f"{counts.known} known", style="dim")
    for state, count in counts.states.items():
        if count:
            text.append(" + ", style="dim").append(f"{count} {state.value}", style=_STATE_STYLE[state])
    return text


def _show_notes(summary: RunSummary) -> None:
    """What the table does not say: sources that failed, why the run failed, URLs listed twice."""
    for source in summary.sources:
        if source.status == "failed" or source.detail:
            style = "red" if source.status == "failed" else "yellow"
            out.print(f"  {source.source_id}: {source.detail or source.reason}", style=style, markup=False)
    if summary.counts.also_listed:
        out.print(f"  {summary.counts.also_listed} URLs were listed by an earlier source too.", style="dim")
    if summary.reason:
        out.print(f"  {summary.reason}", style="red", markup=False)


def show_due(urls: Sequence[str]) -> None:
    """Print the URLs that a dry run found due, one a line on standard output."""
    for url in urls:
        out.print(url, markup=False, highlight=False, soft_wrap=True)
    err.print(f"{len(urls)} pages are due; nothing was fetched or kept.")


@contextmanager
def progress() -> Iterator[None]:
    """Show one bar a stage while the block runs; on a terminal only, so that logs stay clean."""
    if not sys.stderr.isatty():
        yield
        return
    columns = (TextColumn("{task.description:>9}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def advance(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage), total=0)
            bar = bars.tasks[tasks[stage]]
            bars.update(tasks[stage], total=(bar.total or 0) + total, advance=done)

        with listen(advance):
            yield
