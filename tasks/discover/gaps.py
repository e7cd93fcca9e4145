"""What came and went between two polls of a feed or sitemap: noticed, estimated, and filled as far as it can be.

A gap is likely when none of a listing's items was there at the last poll, nor is known in the ledger. Older items are
then looked for in the feed's own archives and pages (RFC 5005, JSON Feed's next_url), and in the sitemap that the
source names. What does not belong here: the arithmetic (`windows`).
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from schemas.identity import normalise_url, site_of, url_id
from schemas.reasons import Kind, State
from schemas.source import REMOTE_KINDS, Source, SourceKind
from tasks.discover.gathered import Gathered, newest_children
from tasks.discover.items import Item, Listing, ListingError
from tasks.discover.listing import read_listing
from tasks.discover.moments import moment
from tasks.discover.poll import Polled, Poller, old_body
from tasks.discover.windows import is_flood, missed_between, window_of
from tasks.io.folder import DataFolder
from tasks.io.memory import last_rows, retracted_runs
from tasks.io.staging import RunContext
from tasks.io.tables import Snapshot, fetch

MAX_ARCHIVES = 50
"""Archive documents or pages that are read to fill one gap."""
MAX_GAP_CHILDREN = 50
"""Children of a sitemap index that are read to fill one gap."""
MARGIN = timedelta(days=1)
"""How far before the last poll dates of a sitemap count too: they may name no hour, and no zone."""

_LAST_READ = """
    SELECT ledger.* FROM ledger JOIN runs USING (run_id) ANTI JOIN retracted ON ledger.run_id = retracted.run_id
    WHERE ledger.kind = 'listing' AND ledger.url_id = $url_id AND ledger.state = 'read'
    ORDER BY runs.run_seq DESC LIMIT 1
"""


@dataclass(frozen=True)
class LastPoll:
    """The last poll that was understood."""

    at: datetime
    items: tuple[Item, ...]
    """Empty: its capture cannot be read any more."""


@dataclass
class _Gap:
    """A gap while it is being filled."""

    poller: Poller
    source: Source
    gathered: Gathered
    last: LastPoll
    recovered: int = 0
    read: int = 0
    is_closed: bool = False
    """An item was met that is known, so nothing is missing in between."""

    async def take(self, items: Sequence[Item], url: str, listing: Listing) -> None:
        """Take over items of an older listing, and see whether it reaches back to what is known."""
        self.read += 1
        known = await asyncio.to_thread(known_urls, self.poller.run, self.source, self.last, items)
        before = {item.url for item in self.gathered.items}
        wanted = {item.url for item in items if self.source.wants(item.url)}
        self.recovered += len(wanted - known - before)
        self.is_closed = self.is_closed or bool(known)
        self.gathered.add(replace(listing, items=list(items)), url)


async def close_gap(poller: Poller, source: Source, gathered: Gathered, polled: Polled, url: str) -> None:
    """Notice a gap between the last poll and this one, fill it as far as may be, and tell of it in `gathered`."""
    known, listing, now = poller.known.get(url_id(url)), polled.listing, poller.client.now()
    is_window = source.kind in REMOTE_KINDS and listing.form != "text" and not listing.is_complete
    if known is None or polled.is_same or not listing.items or not is_window:
        return
    last = await asyncio.to_thread(last_poll, poller.run, source, known, url)
    if last is None:
        return
    window = window_of(listing.items, now)
    last_window = window_of(last.items, last.at) if last.items else None
    if last_window and is_flood(last_window, window):
        gathered.events.append(f"volume alarm: {window.count} items, where the last poll had {last_window.count}")
    wanted = {item.url for item in listing.items if source.wants(item.url)}
    overlap = {item.url for item in listing.items} & {item.url for item in last.items}
    if overlap or not wanted:  # the ledger need not be asked
        return
    if await asyncio.to_thread(known_urls, poller.run, source, last, listing.items):
        return
    missed = missed_between(last_window, last.at, window, now)
    gap = _Gap(poller, source, gathered, last)
    if missed != 0:
        await _fill(gap, listing, url)
    gathered.gap_estimate = 0 if gap.is_closed else None if missed is None else max(0, missed - gap.recovered)
    gathered.events.insert(0, told(gap.last.at, missed, gap.recovered, gap.read, is_closed=gap.is_closed))


def told(at: datetime, missed: int | None, recovered: int, read: int, *, is_closed: bool) -> str:
    """The gap in words."""
    start = f"possible gap: no item of the last poll ({at:%Y-%m-%d %H:%M} UTC) is left, "
    if missed == 0:
        return start + "though its time is; its URLs may have changed"
    estimate = "how many were missed is not known" if missed is None else f"about {missed} were missed"
    if not read:
        return f"{start}{estimate}; there is no archive to look for them"
    reach = ", back to a known one" if is_closed else ", not back to a known one"
    return f"{start}{estimate}; {recovered} recovered from {read} older listings{reach}"


def last_poll(run: RunContext, source: Source, known: dict[str, Any], url: str) -> LastPoll | None:
    """The last poll of the listing that was understood; None when there was none."""
    row = known if known["state"] == State.READ else _last_read(run.folder, known["url_id"])
    if row is None or row["captured_at"] is None:
        return None
    old = old_body(run, row)
    try:
        items = read_listing(source.kind, old[0], row["final_url"] or url, old[1]).items if old else []
    except ListingError:
        items = []
    return LastPoll(row["captured_at"], tuple(items))


def _last_read(folder: DataFolder, key: str) -> dict[str, Any] | None:
    """The last ledger row of a listing in which it was read: after an outage the last row of all says nothing."""
    snapshot = Snapshot.open(folder)
    if not snapshot.files("ledger"):
        return None
    retracted = pl.DataFrame({"run_id": sorted(retracted_runs(snapshot))}, schema={"run_id": pl.String})
    with snapshot.connect("ledger", "runs") as connection:
        connection.register("retracted", retracted.to_arrow())
        found = fetch(connection, _LAST_READ, "ledger", {"url_id": key})
    return None if found.is_empty() else found.row(0, named=True)


def known_urls(run: RunContext, source: Source, last: LastPoll, items: Iterable[Item]) -> set[str]:
    """Which URLs of the items the last poll named or the ledger knows."""
    urls = {item.url for item in items}
    wanted = {url_id(url): url for url in urls if source.wants(url)}
    rows = last_rows(run.folder, Kind.PAGE, wanted)
    return urls & {item.url for item in last.items} | {wanted[key] for key in rows["url_id"]}


async def _fill(gap: _Gap, listing: Listing, url: str) -> None:
    await _read_archives(gap, listing, url)
    if not gap.is_closed and gap.source.sitemap:
        try:
            await _read_sitemap(gap, normalise_url(gap.source.sitemap))
        except ListingError as error:
            gap.gathered.notes.append(f"{gap.source.sitemap}: {error.reason}: {error.detail}")


async def _read_archives(gap: _Gap, listing: Listing, url: str) -> None:
    """Read older documents of the feed until one names a known item."""
    visited, current = {url}, listing
    while not gap.is_closed:
        older = current.archive_url or current.next_url
        if older is None or older in visited or not _may_read(gap, older, MAX_ARCHIVES):
            return
        visited.add(older)
        gap.poller.recall([older])
        try:
            current = await gap.poller.listing(older)
        except ListingError as error:
            gap.gathered.notes.append(f"{older}: {error.reason}: {error.detail}")
            return
        await gap.take(current.items, older, current)


def _may_read(gap: _Gap, url: str, most: int) -> bool:
    """Whether one more listing may be read; why not is noted."""
    cap = gap.source.item_cap
    if gap.read >= most or (cap is not None and len(gap.gathered.items) >= cap):
        gap.gathered.notes.append(f"{url} and what is older was not read")
        return False
    if not gap.source.takes_other_sites and site_of(url) != site_of(gap.source.url or ""):
        gap.gathered.notes.append(f"{url} is of another site and was not read")
        return False
    return True


async def _read_sitemap(gap: _Gap, url: str) -> None:
    """Take from the sitemap what is dated after the last poll; of an index, from the children changed since then."""
    gap.poller.recall([url])
    listing = await gap.poller.listing(url, SourceKind.SITEMAP)
    await gap.take(_since(listing.items, gap.last.at), url, listing)
    begin = gap.read
    for child in newest_children(listing.children):
        if gap.read - begin >= MAX_GAP_CHILDREN or _is_before(child.modified, gap.last.at):
            return
        gap.poller.recall([child.url])
        try:
            found = await gap.poller.listing(child.url, SourceKind.SITEMAP)
        except ListingError as error:
            gap.gathered.notes.append(f"{child.url}: {error.reason}: {error.detail}")
            continue
        await gap.take(_since(found.items, gap.last.at), child.url, found)


def _since(items: Sequence[Item], at: datetime) -> list[Item]:
    """The items that are dated, and not before the last poll (less a margin)."""
    written = [item.published or item.modified for item in items]
    dates = pl.DataFrame({"written": written}, schema={"written": pl.String}).select(
        (moment("written", end_of_day=True) >= at - MARGIN).fill_null(value=False)
    )
    return [item for item, is_new in zip(items, dates.to_series(), strict=True) if is_new]


def _is_before(written: str | None, at: datetime) -> bool:
    """Whether a lastmod says that nothing has changed since the last poll; one that is missing says nothing."""
    dates = pl.DataFrame({"written": [written]}, schema={"written": pl.String})
    return bool(dates.select((moment("written", end_of_day=True) < at - MARGIN).fill_null(value=False)).item())
