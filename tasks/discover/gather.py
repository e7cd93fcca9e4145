"""All listings of one source into one: a sitemap index with its children, a feed or list as it is."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from schemas.identity import normalise_url, site_of
from schemas.reasons import Reason
from schemas.source import Source
from tasks.discover.items import Child, Item, Listing, ListingError
from tasks.discover.moments import moment
from tasks.discover.poll import Poller

MAX_DEPTH = 3
"""Indexes within indexes that are followed; the protocol allows none, sites have them."""
MAX_CHILDREN = 500
"""Children of a source's indexes that one run reads, newest first."""


@dataclass
class Gathered:
    """What the listings of a source say together."""

    items: list[Item] = field(default_factory=list)
    listing_count: int = 0
    bad_count: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, listing: Listing, url: str | None) -> None:
        """Take over one listing."""
        self.items += [replace(item, listing_url=url) for item in listing.items] if url else listing.items
        self.listing_count += 1
        self.bad_count += listing.bad_count
        self.notes += listing.notes


async def gather(poller: Poller, source: Source) -> Gathered:
    """Read the source's listing, and below an index its children, newest first, until the cap is reached.

    A child that fails is noted and the others go on. A child is read once, however often it is named.

    Raises:
        ListingError: the first listing failed, or no child names a URL.
        DiskError: a capture could not be kept.
    """
    first = normalise_url(source.url or "")
    gathered = Gathered()
    poller.recall([first])
    listing = await poller.listing(first)
    gathered.add(listing, first)
    if listing.children:
        await _descend(poller, source, gathered, listing, first)
        if not gathered.items:
            notes = gathered.notes[:1] or ["they name no URL"]
            raise ListingError(Reason.EMPTY_LISTING, f"{gathered.listing_count - 1} children were read; {notes[0]}")
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


def newest_children(children: Sequence[Child]) -> list[Child]:
    """The children by lastmod, newest first; those without one last, as they were listed."""
    written = pl.DataFrame({"modified": [child.modified for child in children]}, schema={"modified": pl.String})
    order = written.select(pl.arg_sort_by(moment("modified"), descending=True, nulls_last=True, maintain_order=True))
    return [children[index] for index in order.to_series()]
