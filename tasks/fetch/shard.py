"""Fetch one shard: every candidate gets its row, after a kill too, and no page is fetched twice in a run."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import polars as pl

from schemas.capture import Candidate as CandidateTable
from schemas.capture import Capture
from schemas.identity import site_of, url_id
from schemas.reasons import Kind, Outcome, Reason
from schemas.table import frame
from tasks.errors import CopydeskError, FolderBusyError
from tasks.fetch.hop_leases import HopLeases
from tasks.fetch.host import Candidate, Desk, asked_of, fetch_host
from tasks.fetch.local import fetch_local, is_local
from tasks.fetch.model import FetchSettings, FetchSummary, summarise
from tasks.fetch.verdicts import judge_error
from tasks.io.capture_rows import Row, Verdict, absent_row, recorded_rows
from tasks.io.captures import SYNC_SECONDS, CaptureWriter
from tasks.io.exchange import FetchError
from tasks.io.hosts import host_key
from tasks.io.http import HttpClient
from tasks.io.leases import lease_number
from tasks.io.memory import last_rows
from tasks.io.progress import advance
from tasks.io.robots import RobotsCache, robots_url
from tasks.io.staging import RunContext, read_part, read_parts, write_part
from tasks.io.stopping import STOP, Stop
from tasks.io.urls import check_url

STAGE = "fetch"

PageKey = tuple[str, str | None, int | None]
"""A candidate within its shard: URL, and for a record of a web archive its file and offset."""


@dataclass(frozen=True)
class Earlier:
    """What an attempt that was killed has left in this shard's WARC files."""

    pages: dict[str, Row]
    robots: dict[str, Row]


async def fetch_shard(run: RunContext, shard: str, settings: FetchSettings, stop: Stop = STOP) -> FetchSummary:
    """Fetch the candidates of `discover/candidates/<shard>` and write `fetch/captures/<shard>`: one row for each.

    A shard whose part exists is finished and is not fetched again. After a kill, pages that lie in the shard's WARC
    files are not asked for again; their rows are made from the records.

    Args:
        run: the run; its time counts as now.
        shard: name of the part, letters, digits and `_.=-`.
        settings: manners, limits, waits.
        stop: once it is asked, requests under way are finished within `drain_s`, and all other pages are deferred.

    Raises:
        DiskError: captures or the part could not be written.
        TableError: the ledger cannot be read.
    """
    path = run.part(STAGE, "captures", shard)
    if path.exists():
        return summarise(shard, read_part(path, Capture))
    candidates = list(read_part(run.part("discover", "candidates", shard), CandidateTable).iter_rows(named=True))
    rows = await _fetch_all(run, shard, candidates, settings, stop)
    captures = frame(Capture, rows)
    write_part(path, Capture, captures)
    return summarise(shard, captures)


def replay_shard(run: RunContext, shard: str) -> FetchSummary:
    """Write `fetch/captures/<shard>` of a run that died, without network.

    What lies in its WARC files is what it was; the rest is deferred.

    Raises:
        DiskError: the part could not be written.
    """
    path = run.part(STAGE, "captures", shard)
    if path.exists():
        return summarise(shard, read_part(path, Capture))
    earlier = read_earlier(run, shard)
    verdict = Verdict(Outcome.DEFERRED, Reason.NOT_REACHED, "the run ended before this URL was reached")
    rows = []
    for candidate in read_part(run.part("discover", "candidates", shard), CandidateTable).iter_rows(named=True):
        row = earlier.pages.get(candidate["url"]) if candidate["capture_uri"] is None else None
        rows.append(row or absent_row(asked_of(candidate), verdict, run.now))
    captures = frame(Capture, [*rows, *earlier.robots.values()])
    write_part(path, Capture, captures)
    return summarise(shard, captures)


async def _fetch_all(
    run: RunContext, shard: str, candidates: Sequence[Candidate], settings: FetchSettings, stop: Stop
) -> list[Row]:
    """One row for each candidate, in their order, then one for each robots.txt. All captures are durable."""
    advance(STAGE, total=len(candidates))
    earlier = read_earlier(run, shard)
    pages: dict[PageKey, Row] = {}
    with CaptureWriter(run.folder, run.run_id, run.now, shard) as writer:
        robots = RobotsCache(run.folder, writer, run.now)
        async with HttpClient(settings.http) as client, _synced(writer):
            leases = HopLeases(run.folder, run.run_id, client, settings.hop_wait_s)
            desk = Desk(client, robots, writer, settings, run.now, _keeper(pages), leases)
            with stop.heard(client.stop):
                remote = [one for one in candidates if not _settle(desk, run, one, earlier)]
                warm_robots(robots, run, remote, earlier)
                await _fetch_remote(desk, run, remote)
        asked = earlier.robots | {row["url"]: row for row in robots.rows()}
    return [pages[page_key(one)] for one in candidates] + list(asked.values())


def read_earlier(run: RunContext, shard: str) -> Earlier:
    """The rows that lie in the shard's WARC files, by URL; the last one of a URL counts."""
    rows = list(recorded_rows(run.folder, run.run_id, shard))
    by_kind = {kind: {row["url"]: row for row in rows if row["kind"] == kind} for kind in (Kind.PAGE, Kind.ROBOTS)}
    return Earlier(by_kind[Kind.PAGE], by_kind[Kind.ROBOTS])


def warm_robots(robots: RobotsCache, run: RunContext, candidates: Iterable[Candidate], earlier: Earlier) -> None:
    """Tell the cache what the ledger, discover's part of this run and an earlier attempt know of the hosts."""
    urls = {robots_url(one["url"]) for one in candidates}
    if not urls:
        return
    listed = read_parts(run.folder.staged(run.run_id, "discover", "captures"), Capture)
    listed = listed.filter((pl.col("kind") == Kind.ROBOTS) & pl.col("url").is_in(urls))
    missing = urls - set(listed["url"]) - set(earlier.robots)
    robots.warm(
        last_rows(run.folder, Kind.ROBOTS, [url_id(url) for url in missing]).iter_rows(named=True), same_run=False
    )
    robots.warm(listed.iter_rows(named=True), same_run=True)
    robots.warm(earlier.robots.values(), same_run=True)


def page_key(candidate: Candidate) -> PageKey:
    """What tells a candidate from the others of its shard."""
    return candidate["url"], candidate["capture_uri"], candidate["capture_offset"]


class _keeper:  # noqa: N801 - a function with a memory
    """Keeps the row of a candidate and tells who watches."""

    def __init__(self, pages: dict[PageKey, Row]) -> None:
        self._pages = pages

    def __call__(self, candidate: Candidate, row: Row) -> None:
        self._pages[page_key(candidate)] = row
        advance(STAGE, done=1)


def _settle(desk: Desk, run: RunContext, candidate: Candidate, earlier: Earlier) -> bool:
    """Whether the candidate needs no network: an earlier attempt has it, it is local, or it cannot be asked for."""
    if candidate["capture_uri"] is None and candidate["url"] in earlier.pages:
        desk.done(candidate, earlier.pages[candidate["url"]])
        return True
    if is_local(candidate):
        desk.done(candidate, fetch_local(desk, run.folder, candidate))
        return True
    try:
        check_url(candidate["url"], desk.settings.http.max_url_length)
    except FetchError as error:
        desk.done(candidate, absent_row(asked_of(candidate), judge_error(error), run.now))
        return True
    return False


async def _fetch_remote(desk: Desk, run: RunContext, candidates: Sequence[Candidate]) -> None:
    """Fetch from all hosts at once, as many as there are slots; sites that share a lease take it together."""
    groups: defaultdict[int, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[lease_number(site_of(candidate["url"]))].append(candidate)
    try:
        async with asyncio.TaskGroup() as tasks:
            for group in groups.values():
                tasks.create_task(_fetch_group(desk, run, group))
    except* CopydeskError as errors:
        raise _first(errors) from None


async def _fetch_group(desk: Desk, run: RunContext, candidates: Sequence[Candidate]) -> None:
    """Fetch from the sites of one lease while it is held; where it is not to be had, all wait for the next run."""
    hosts: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        hosts[host_key(candidate["url"])].append(candidate)
    sites = {site_of(candidate["url"]) for candidate in candidates}
    try:
        async with (
            desk.leases.own(sites, desk.settings.lease_wait_s),
            asyncio.TaskGroup() as tasks,
        ):
            for host in hosts.values():
                tasks.create_task(fetch_host(desk, host))
    except FolderBusyError as error:
        verdict = Verdict(Outcome.DEFERRED, Reason.HOST_PAUSED, str(error))
        for candidate in candidates:
            desk.done(candidate, absent_row(asked_of(candidate), verdict, run.now))


@asynccontextmanager
async def _synced(writer: CaptureWriter) -> AsyncIterator[None]:
    """Make what was written durable every second while the block runs.

    Raises:
        DiskError: the disk refused to; what was written since may be lost, so the shard must not go on.
    """

    async def sync() -> None:
        while True:
            await asyncio.sleep(SYNC_SECONDS)
            if writer.is_sync_due():
                await asyncio.to_thread(writer.flush)

    task = asyncio.create_task(sync())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
    if not task.cancelled():
        task.result()


def _first(errors: BaseExceptionGroup[CopydeskError]) -> BaseException:
    """The first error of a group of groups."""
    first: BaseException = errors
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    return first
