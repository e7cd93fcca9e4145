"""When a listing is asked for again: one that was taken down, and one whose source is polled at its own pace. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from schemas.reasons import State
from tasks.discover.windows import Window

FIRST_REST: Mapping[int, timedelta] = {404: timedelta(hours=20), 410: timedelta(days=2)}
"""How long a listing that is gone rests at first: a 404 is asked for again the next night, a 410 means what it says
(RFC 9110 section 15.5.11), and yet feeds do come back."""
LONGEST_REST = timedelta(days=30)
LEAST_PACE, MOST_PACE = timedelta(minutes=30), timedelta(days=3)
UNDATED_PACE = timedelta(hours=1)
"""First pace of a listing without dates; it doubles with each poll in a row without news, up to a day."""
SLACK = 0.9
"""Share of the pace that must have passed: a run that begins some minutes early is not to wait for the next one."""


def asked_again_at(status: int, known: Mapping[str, Any] | None, now: datetime) -> datetime:
    """When a listing that answers 404 or 410 is asked for again: each time in a row its rest is twice as long.

    Args:
        status: the status.
        known: last ledger row of the listing.
        now: the time of the answer.
    """
    first = FIRST_REST.get(status, FIRST_REST[404])
    if known is None or known["state"] != State.GONE or not known["next_try_at"] or not known["captured_at"]:
        return now + first
    rested: timedelta = known["next_try_at"] - known["captured_at"]
    return now + min(max(2 * rested, first), LONGEST_REST)


def taken_down(status: int, until: datetime) -> str:
    """The notice of a listing that is gone."""
    meaning = "taken down for good; remove the source or set enabled: false" if status == 410 else "there is none"
    return f"status {status}: {meaning}; asked again from {until:%Y-%m-%d %H:%M} UTC"


def still_gone(known: Mapping[str, Any] | None, now: datetime) -> str | None:
    """Why a listing is not asked for in this run, because it was gone not long ago; None when it is."""
    is_resting = known is not None and known["state"] == State.GONE and known["next_try_at"] is not None
    if known is None or not is_resting or known["next_try_at"] <= now:
        return None
    seen = f"status {known['http_status']} on {known['captured_at']:%Y-%m-%d}"
    return f"not asked: {seen}; asked again from {known['next_try_at']:%Y-%m-%d %H:%M} UTC"


def not_due(known: Mapping[str, Any] | None, now: datetime) -> datetime | None:
    """Until when a listing that was read, and is polled at its own pace, is left out; None when it is due."""
    if known is None or known["state"] != State.READ or known["next_try_at"] is None:
        return None
    until: datetime = known["next_try_at"]
    return until if until > now else None


def pace(window: Window, unchanged_count: int) -> timedelta:
    """How long a listing may rest without anything of it being missed: half the time in which its window turns over.

    And no longer than it takes, on average, for one new item to come, so that news is not late; within bounds.

    >>> pace(Window(count=48, rate_per_h=2.0), 0)
    datetime.timedelta(seconds=1800)
    """
    if window.rate_per_h is None:
        return min(UNDATED_PACE * (1 << min(unchanged_count, 8)), timedelta(days=1))
    hours = min(window.count / 2, 1.0) / window.rate_per_h
    return min(max(timedelta(hours=min(hours, 1e6)), LEAST_PACE), MOST_PACE)


def due_at(window: Window, unchanged_count: int, now: datetime) -> datetime:
    """When a listing that was read now is due by its own pace."""
    return now + SLACK * pace(window, unchanged_count)
