"""All listings of one source into one: a sitemap index with its children, a feed or list as it is."""

import asyncio
from collections import deque

from schemas.identity import normalise_url, site_of, url_id
from schemas.reasons import Reason
from schemas.source import Polling, Source
from tasks.discover.gaps import close_gap
from tasks.discover.gathered import Gathered, newest_children
from tasks.discover.items import Listing, ListingError
from tasks.discover.poll import Poller
from tasks.discover.rests import due_at, not_due, still_gone
from tasks.discover.windows import window_of

__all__ = ["MAX_CHILDREN", "MAX_DEPTH", "Gathered", "gather", "newest_children"]

MAX_DEPTH = 3
"""Indexes within indexes that are followed; the protocol allows none, sites have them."""
MAX_CHILDREN = 500
"""Children of a source's indexes that one run reads, newest first."""


async def gather(poller: Poller, source: Source) -> Gathered:
    """Read the source's listing, and below an index its children, newest first, until the cap is reached.

    A child that fails is noted and the others go on. A child is read once, however often it is named. Where items may
    have slipped by since the last poll, older ones are looked for (`gaps`). A listing that rests is not asked for.

    Raises:
        ListingError: the first listing failed, or no child names a URL.
        DiskError: a capture could not be kept.
    """
    first = normalise_url(source.url or "")
    gathered = Gathered()
    poller.recall([first])
    known = poller.known.get(url_id(first))
    why_not = still_gone(known, poller.run.now)
    if why_not:
        raise ListingError(Reason.HTTP_STATUS, why_not)
    gathered.rests_until = not_due(known, poller.run.now) if source.poll is Polling.ADAPTIVE else None
    if gathered.rests_until:
        return gathered
    polled = await poller.poll(first)
    gathered.add(polled.listing, first)
    if polled.moved_to:
        gathered.events.append(f"it has moved for good: put {polled.moved_to} into the sources file")
    if polled.listing.children:
        await _descend(poller, source, gathered, polled.listing, first)
        if not gathered.items:
            notes = gathered.notes[:1] or ["they name no URL"]
            raise ListingError(Reason.EMPTY_LISTING, f"{gathered.listing_count - 1} children were read; {notes[0]}")
    else:
        await close_gap(poller, source, gathered, polled, first)
    if source.poll is Polling.ADAPTIVE:
        now = poller.client.now()
        window = await asyncio.to_thread(window_of, polled.listing.items or gathered.items, now)
        poller.rest(first, due_at(window, known["unchanged_count"] if known else 0, now))
    return gathered


async def _descend(poller: Poller, source: Source, gathered: Gathered, index: Listing, first: str) -> None:
    visited = {first}
    waiting = deque((child, 1) for child in _next_children(poller, source, index, visited))
    asked = 0
    while waiting:
        if asked == MAX_CHILDREN or (source.item_cap and len(gathered.items) >= source.item_cap):
            gathered.notes.append(f"{len(waiting)} older children of the index were not read")
            return
        url, depth = waiting.popleft()
        asked += 1
        try:
            listing = await poller.listing(url)
        except ListingError as error:
            gathered.notes.append(f"{url}: {error.reason}: {error.detail}")
            continue
        gathered.add(listing, url)
        if listing.children and depth >= MAX_DEPTH:
            gathered.notes.append(f"{url}: an index {depth} levels down; its children were not read")
        elif listing.children:
            waiting.extendleft(
                (child, depth + 1) for child in reversed(_next_children(poller, source, listing, visited))
            )


def _next_children(poller: Poller, source: Source, index: Listing, visited: set[str]) -> list[str]:
    """The children that are to be read, newest first; what the ledger knows of them is looked up at once."""
    own = site_of(source.url or "")
    urls = [
        child.url for child in newest_children(index.children) if source.takes_other_sites or site_of(child.url) == own
    ]
    fresh = [url for url in dict.fromkeys(urls) if url not in visited]
    visited.update(fresh)
    poller.recall(fresh[:MAX_CHILDREN])
    return fresh
