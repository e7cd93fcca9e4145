"""What the listings of one source say together, and the order in which the children of an index are read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import polars as pl

from tasks.discover.items import Child, Item, Listing
from tasks.discover.moments import moment


@dataclass
class Gathered:
    """What the listings of a source say together."""

    items: list[Item] = field(default_factory=list)
    listing_count: int = 0
    bad_count: int = 0
    notes: list[str] = field(default_factory=list)
    """What was wrong with a listing, each with its place."""
    events: list[str] = field(default_factory=list)
    """What a person should know of the source: a gap, a flood, a move."""
    gap_estimate: int | None = None
    """Items that have probably been missed since the last poll and were not recovered; None: no gap, or not known."""
    rests_until: datetime | None = None
    """The listing was not asked for, because it is not due before then."""

    def add(self, listing: Listing, url: str | None) -> None:
        """Take over one listing."""
        self.items += [replace(item, listing_url=url) for item in listing.items] if url else listing.items
        self.listing_count += 1
        self.bad_count += listing.bad_count
        self.notes += listing.notes


def newest_children(children: Sequence[Child]) -> list[Child]:
    """The children by lastmod, newest first; those without one last, as they were listed."""
    written = pl.DataFrame({"modified": [child.modified for child in children]}, schema={"modified": pl.String})
    order = written.select(pl.arg_sort_by(moment("modified"), descending=True, nulls_last=True, maintain_order=True))
    return [children[index] for index in order.to_series()]
