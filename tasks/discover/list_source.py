"""Lists one source: its candidates, its captures and its row, as three parts in staging."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from schemas.capture import Candidate, Capture
from schemas.identity import normalise_url, site_of, url_id
from schemas.reasons import REASON_TEXT, Kind, Reason
from schemas.run import RunSource
from schemas.source import Source, SourceKind
from schemas.summary import Counts, SourceSummary
from schemas.table import empty, frame
from tasks.discover.candidates import Tally, candidate_rows
from tasks.discover.gather import Gathered, gather
from tasks.discover.items import ListingError
from tasks.discover.local import file_url, list_folder, list_warcs
from tasks.discover.poll import Poller
from tasks.errors import FolderBusyError
from tasks.io.capture_rows import Row, escape
from tasks.io.captures import CaptureWriter
from tasks.io.exchange import HttpSettings
from tasks.io.http import ASKED_TO_STOP, HttpClient
from tasks.io.leases import hold_hosts, lease_number
from tasks.io.memory import last_rows
from tasks.io.robots import RobotsCache, robots_url
from tasks.io.staging import RunContext, read_part, write_part
from tasks.io.stopping import STOP, Stop

STAGE = "discover"
OK, FAILED = "ok", "failed"


@dataclass(frozen=True)
class Listed:
    """What listing a source came to."""

    rows: pl.DataFrame
    captures: list[Row]
    gathered: Gathered
    tally: Tally
    problem: ListingError | None = None


async def list_source(run: RunContext, source: Source, settings: HttpSettings, stop: Stop = STOP) -> SourceSummary:
    """Poll the source and write its parts; a source that fails has a row that says why, and raises nothing.

    Writes discover/listed/<id> (Candidate), discover/captures/<id> (Capture: listings and robots.txt) and, last,
    discover/run_sources/<id> (RunSource). When that is there already, nothing is done again.

    Args:
        run: the run.
        source: what to poll; its delay_s and verify_tls stand above the settings'.
        settings: limits and manners of the client.
        stop: once it is asked, a request under way may end within `drain_s`, and nothing more is asked for.

    Returns:
        The source's status; `counts.found` is what it listed, before sources are compared.

    Raises:
        DiskError: the data folder refuses a write.
    """
    done = run.part(STAGE, "run_sources", source.id)
    if not done.exists():
        listed = await _list(run, source, settings, stop)
        captures = frame(Capture, listed.captures) if listed.captures else empty(Capture)
        write_part(run.part(STAGE, "listed", source.id), Candidate, listed.rows, durable=True)
        write_part(run.part(STAGE, "captures", source.id), Capture, captures, durable=True)
        write_part(done, RunSource, frame(RunSource, [source_row(run, source, listed)]), durable=True)
    row = read_part(done, RunSource).row(0, named=True)
    found = read_part(run.part(STAGE, "listed", source.id), Candidate)["url_id"].n_unique()
    return summary_of(row, Counts(found=found))


def source_row(run: RunContext, source: Source, listed: Listed) -> Row:
    """The RunSource row with what listing alone can say; the balance is zero until store fills it."""
    problem = listed.problem
    return Counts().as_row() | {
        "run_id": run.run_id,
        "source_id": source.id,
        "kind": str(source.kind),
        "status": FAILED if problem else OK,
        "reason": str(problem.reason) if problem else None,
        "detail": _detail(listed),
        "listing_count": listed.gathered.listing_count,
        "bad_item_count": listed.gathered.bad_count,
        "capped_count": listed.tally.capped,
        "gap_estimate": listed.gathered.gap_estimate,
        "time_zone": source.time_zone,
    }


def summary_of(row: Row, counts: Counts) -> SourceSummary:
    """A RunSource row as a summary with these counts."""
    return SourceSummary(row["source_id"], row["kind"], row["status"], row["reason"], row["detail"], counts)


async def _list(run: RunContext, source: Source, settings: HttpSettings, stop: Stop) -> Listed:
    gathered, captures, problem = Gathered(), list[Row](), None
    try:
        if source.kind is SourceKind.FOLDER:
            gathered.add(await asyncio.to_thread(list_folder, _path(source)), None)
        elif source.kind is SourceKind.WARC:
            gathered.add(await asyncio.to_thread(list_warcs, _path(source), run.folder), None)
        else:
            gathered = await _poll(run, source, settings, captures, stop)
        if not gathered.items and not gathered.rests_until:
            raise ListingError(Reason.EMPTY_LISTING, _why_empty(source, gathered))
    except ListingError as error:
        problem = error
    rows, tally = await asyncio.to_thread(candidate_rows, source, gathered.items, run.now)
    return Listed(rows, captures, gathered, tally, problem)


async def _poll(run: RunContext, source: Source, settings: HttpSettings, captures: list[Row], stop: Stop) -> Gathered:
    """Ask for the listings while the site's lease is held; `captures` gets the rows of all that was asked for."""
    own = replace(
        settings,
        delay_s=settings.delay_s if source.delay_s is None else source.delay_s,
        verify_tls=settings.verify_tls and source.verify_tls,
    )
    async with AsyncExitStack() as stack:
        writer = stack.enter_context(CaptureWriter(run.folder, run.run_id, run.now, f"listing-{source.id}"))
        client = await stack.enter_async_context(HttpClient(own))
        stack.enter_context(stop.heard(client.stop))
        robots = RobotsCache(run.folder, writer, run.now)
        leases = await stack.enter_async_context(AsyncExitStack())
        poller = Poller(run, source, client, writer, robots, leases)
        try:
            if source.path is not None:
                gathered = Gathered()
                gathered.add(await poller.file(source.path), file_url(source.path))
                return gathered
            url = normalise_url(source.url or "")
            await _take_lease(leases, run, url, client)
            poller.held.add(lease_number(site_of(url)))
            known = last_rows(run.folder, Kind.ROBOTS, [url_id(robots_url(url))])
            robots.warm(known.iter_rows(named=True), same_run=False)
            return await gather(poller, source)
        finally:
            captures += [*poller.rows, *robots.rows()]


async def _take_lease(leases: AsyncExitStack, run: RunContext, url: str, client: HttpClient) -> None:
    """Hold the lease of the source's own site, however long another fetcher keeps it, but not beyond a wish to stop."""
    gives_up = client.stopping.is_set
    try:
        await leases.enter_async_context(hold_hosts(run.folder, [site_of(url)], owner=run.run_id, gives_up=gives_up))
    except FolderBusyError as error:
        raise ListingError(Reason.NOT_REACHED, ASKED_TO_STOP) from error


def _path(source: Source) -> Path:
    return source.path or Path()


def _why_empty(source: Source, gathered: Gathered) -> str:
    if gathered.notes:
        return gathered.notes[0]
    return "no .html, .htm, .txt or .json file" if source.kind is SourceKind.FOLDER else "no page record"


def _detail(listed: Listed) -> str | None:
    """One line for people: why it failed, or what was left out of it; None when there is nothing to say."""
    if listed.problem:
        return escape(f"{REASON_TEXT[listed.problem.reason]} ({listed.problem.detail})")
    tally, parts = listed.tally, list(listed.gathered.events)
    if listed.gathered.rests_until:
        parts.append(f"not asked: by its own pace it is due from {listed.gathered.rests_until:%Y-%m-%d %H:%M} UTC")
    if tally.excluded:
        parts.append(f"{tally.excluded} left out by its patterns")
    if tally.foreign:
        parts.append(f"{tally.foreign} of other sites left out")
    if tally.capped:
        parts.append(f"{tally.capped} older ones beyond the cap")
    parts += listed.gathered.notes[:5]
    return escape("; ".join(parts)) if parts else None
