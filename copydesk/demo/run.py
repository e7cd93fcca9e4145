"""`copydesk demo`: three nights of the three papers through the real flow, then four questions in SQL.

Time only goes forward: a second demo in the same folder runs the nights after the first, on which the papers stay as
they are, and so shows what a run makes of pages that it knows.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from copydesk.connection import connect
from copydesk.demo.papers import NIGHTS, PAPERS, write_sources
from copydesk.demo.server import DemoSite
from copydesk.faces import out, progress, show_funnel
from copydesk.query import run_query
from copydesk.runs import prepare, run_at, showing_failure
from tasks.io.folder import DataFolder
from tasks.publish.templates import load

QUESTIONS = (
    "examples/articles_per_site_and_day.sql",
    "examples/changed_overnight.sql",
    "examples/refused_and_why.sql",
    "examples/cut_most.sql",
)

LOOPBACK = "COPYDESK_ALLOW_LOOPBACK"


def run_demo(data: Path, nights: int = max(NIGHTS), ports: dict[str, int] | None = None) -> None:
    """Serve the papers, run the nights, print each night's funnel and the four answers.

    Args:
        data: Data folder; a second demo in it finds the pages that it knows.
        nights: How many nights, from the one after the folder's last run.
        ports: Port of each paper by its key; None: the fixed ones.

    Raises:
        UsageError: a port is in use.
        CopydeskError: as the nightly flow.
    """
    prepare(data)
    with DemoSite(ports) as site, _loopback_allowed():
        sources_file = DataFolder(data).root / "sources.yaml"
        write_sources(sources_file, site.bases)
        for key, paper in PAPERS.items():
            out.print(f"{paper.name} at {site.bases[key]}/", highlight=False)
        first = next_night(data)
        for night in range(first, first + nights):
            site.set_night(min(night, max(NIGHTS)))
            out.print(f"\nNight {night}, {time_of(night):%Y-%m-%d %H:%M} UTC", style="bold", highlight=False)
            _run_night(data, sources_file, time_of(night))
    for name in QUESTIONS:
        ask(data, name)


def next_night(data: Path) -> int:
    """The number of the first night after the last run in a data folder; 1 where there is none."""
    if not DataFolder(data).database.exists():
        return 1
    with connect(data) as dataset:
        [(last,)] = dataset.execute("select max(started_at) from runs").fetchall()
    return 1 if last is None else max(1, (last - NIGHTS[1]).days + 2)


def time_of(night: int) -> datetime:
    """When a night's run begins, UTC; also of nights after the third."""
    return NIGHTS[1] + timedelta(days=night - 1)


def ask(data: Path, name: str) -> None:
    """Print one example query of sql/ and its answer."""
    sql = load(name)
    title, _, _ = sql.partition("\n")
    out.print(f"\n{title.removeprefix('-- ')} (sql/{name})", style="bold", highlight=False, markup=False)
    run_query(data, sql)


def _run_night(data: Path, sources_file: Path, now: datetime) -> None:
    with showing_failure(), progress():
        summary = run_at(data, sources_file, now)
    show_funnel(summary)


@contextmanager
def _loopback_allowed() -> Iterator[None]:
    """The setting that lets a run fetch from this machine, for as long as the demo serves."""
    before = os.environ.get(LOOPBACK)
    os.environ[LOOPBACK] = "true"
    try:
        yield
    finally:
        if before is None:
            del os.environ[LOOPBACK]
        else:
            os.environ[LOOPBACK] = before
