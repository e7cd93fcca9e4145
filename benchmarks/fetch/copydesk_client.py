"""Fetches the pages as the flow does: all shards at once, robots.txt, captures, rows. Prints one line of JSON."""

import argparse
import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from benchmarks.fetch.meter import Meter
from benchmarks.fetch.site import HOSTS, host_name, page_url
from schemas.capture import Candidate, Capture
from schemas.identity import site_of, url_id
from schemas.table import frame
from tasks.discover.shards import make_shards
from tasks.fetch.model import FetchSettings, FetchSummary
from tasks.fetch.shard import fetch_shard
from tasks.io.exchange import HttpSettings
from tasks.io.folder import DataFolder
from tasks.io.staging import RunContext, read_parts, write_part


def settings(delay_s: float) -> FetchSettings:
    """Copydesk's own settings, but for the delay and the names."""
    names = {host_name(number): "127.0.0.1" for number in range(HOSTS)}
    return FetchSettings(http=HttpSettings(delay_s=delay_s, allow_loopback=True, hosts=names))


def prepare(run: RunContext, numbers: range, port: int) -> list[str]:
    """Write the candidates of the pages; the names of their shards."""
    run.folder.prepare()
    urls = [page_url(number, port) for number in numbers]
    rows = [
        {
            "url": url,
            "url_id": url_id(url),
            "site": site_of(url),
            "source_id": "bench",
            "seq": seq,
            "listed_authors": [],
            "listed_tags": [],
            "failure_count": 0,
            "unchanged_count": 0,
        }
        for seq, url in enumerate(urls)
    ]
    shards = make_shards(frame(Candidate, rows))
    for name, part in shards.items():
        write_part(run.part("discover", "candidates", name), Candidate, part)
    return list(shards)


def runs_of(folder: DataFolder, names: list[str]) -> list[RunContext]:
    """One run for each name."""
    return [RunContext(run_id=name, now=datetime.now(UTC), folder=folder) for name in names]


async def fetch_all(runs: list[RunContext], shards: list[list[str]], how: FetchSettings) -> list[FetchSummary]:
    """Fetch all shards of all runs at once, as flows do."""
    calls = [fetch_shard(run, shard, how) for run, names in zip(runs, shards, strict=True) for shard in names]
    return await asyncio.gather(*calls)


def main() -> None:
    """Read the options, fetch, report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--pages", type=int, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--delay", type=float, default=0.0)
    options.add_argument("--runs", nargs="+", default=["bench"])
    options.add_argument("--core", type=int, default=None)
    given = options.parse_args()
    if given.core is not None:
        os.sched_setaffinity(0, {given.core})
    runs = runs_of(DataFolder(given.out), given.runs)
    shards = [prepare(run, range(given.pages), given.port) for run in runs]
    meter = Meter()
    summaries = asyncio.run(fetch_all(runs, shards, settings(given.delay)))
    fetched = sum(one.outcomes.get("fetched", 0) for one in summaries)
    meter.report(pages=fetched, body_mb=round(sum(one.body_bytes for one in summaries) / 1e6, 1))
    captures = read_parts(runs[0].folder.staged(runs[0].run_id, "fetch", "captures"), Capture)
    pages = captures.filter(pl.col("kind") == "page")
    if fetched != given.pages * len(runs) or pages["capture_offset"].null_count():
        raise SystemExit(f"only {fetched} of {given.pages * len(runs)} pages came: {summaries[0].outcomes}")


if __name__ == "__main__":
    main()
