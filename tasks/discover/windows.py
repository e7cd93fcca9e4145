"""The window of a listing: how many items it shows, of which time, and what may have slipped by between two. Pure.

A feed shows its newest items only. When it turns over faster than it is polled, the ones in between are never seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl

from tasks.discover.candidates import TOLERANCE
from tasks.discover.items import Item
from tasks.discover.moments import moment

LEFT_OUT = 0.1
"""Share of the oldest items that do not count for the pace: a feed may have a piece of last year pinned to it."""
FLOOD_FACTOR, FLOOD_ITEMS = 5, 200
"""A listing floods when it has so many times the items of the last poll, and so many more."""


@dataclass(frozen=True)
class Window:
    """What a listing shows at one time."""

    count: int = 0
    """Distinct URLs."""
    oldest: datetime | None = None
    """Of its items but for the oldest tenth; None when fewer than two have a believable date."""
    newest: datetime | None = None
    rate_per_h: float | None = None
    """New items an hour; None when the dates do not say."""


def window_of(items: Sequence[Item], now: datetime) -> Window:
    """The window that the items make; a date further ahead than a day is not believed."""
    urls = {item.url: item.published or item.modified for item in items}
    written = pl.DataFrame({"written": list(urls.values())}, schema={"written": pl.String})
    dates = written.select(date=moment("written")).drop_nulls().filter(pl.col("date") <= now + TOLERANCE)
    newest_first = dates["date"].sort(descending=True).to_list()
    kept = newest_first[: len(newest_first) - int(len(newest_first) * LEFT_OUT)]
    if len(kept) < 2 or kept[0] == kept[-1]:
        return Window(len(urls), newest=kept[0] if kept else None)
    return Window(len(urls), kept[-1], kept[0], (len(kept) - 1) / hours(kept[0] - kept[-1]))


def missed_between(last: Window | None, last_at: datetime, window: Window, now: datetime) -> int | None:
    """About how many items came and went between two polls whose windows share none; None when nothing tells.

    The mean of what the windows say of items an hour, times the hours between the last poll and the oldest item of
    this window; without dates in this one, what must have come since the last poll less what is seen of it.

    Args:
        last: the last window, if it can still be read.
        last_at: when it was seen.
        window: this window.
        now: when it was seen.
    """
    rates = [one.rate_per_h for one in (last, window) if one is not None and one.rate_per_h is not None]
    if not rates:
        return None
    rate = sum(rates) / len(rates)
    if window.oldest is None:
        return max(0, round(rate * hours(now - last_at)) - window.count)
    return max(0, round(rate * hours(window.oldest - last_at)))


def is_flood(last: Window, window: Window) -> bool:
    """Whether a listing suddenly shows far more than it did, as one that publishes its whole history again."""
    return window.count >= FLOOD_FACTOR * last.count and window.count >= last.count + FLOOD_ITEMS


def hours(span: timedelta) -> float:
    """A span in hours.

    >>> hours(timedelta(minutes=90))
    1.5
    """
    return span / timedelta(hours=1)
