"""Windows of listings and when they rest: the arithmetic alone."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from schemas.identity import url_id
from tasks.discover.items import Item
from tasks.discover.rests import asked_again_at, due_at, not_due, pace, still_gone, taken_down
from tasks.discover.windows import Window, is_flood, missed_between, window_of
from tests.conftest import NIGHT

HOUR = timedelta(hours=1)


def items(*written: str | None) -> list[Item]:
    """One item for each date."""
    return [Item(f"https://x.org/{number}", published=text) for number, text in enumerate(written)]


def hourly(count: int, newest: datetime = NIGHT) -> list[Item]:
    """Items an hour apart, the newest first."""
    return items(*((newest - number * HOUR).isoformat() for number in range(count)))


@pytest.mark.parametrize(
    ("listed", "count", "rate"),
    [
        (hourly(20), 20, 1.0),
        (hourly(20) + items("1999-01-01"), 20, 1.0),
        ([*hourly(20)[:-1], Item("https://x.org/pinned", published="2001-01-01")], 20, 1.0),
        (items(None, None), 2, None),
        (items("2026-03-01", "2026-03-01"), 2, None),
        (items("2026-03-01"), 1, None),
        (items("nonsense", "2099-01-01", "2026-03-01T00:00Z", "2026-03-01T02:00Z"), 4, 0.5),
        ([], 0, None),
    ],
    ids=["hourly", "same URL", "pinned", "undated", "one moment", "one", "odd dates", "empty"],
)
def test_a_window_and_its_rate(listed: list[Item], count: int, rate: float | None) -> None:
    """Items an hour by their dates; pinned ones, wrong ones and doubles do not count."""
    window = window_of(listed, NIGHT)
    assert (window.count, window.rate_per_h) == (count, rate)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("last", "window", "expected"),
    [
        (window_of(hourly(20, NIGHT - 48 * HOUR), NIGHT), window_of(hourly(20), NIGHT), 31),
        (None, window_of(hourly(20), NIGHT), 31),
        (window_of(hourly(20, NIGHT - 48 * HOUR), NIGHT), Window(count=10), 38),
        (Window(count=10), Window(count=10), None),
        (None, Window(count=5), None),
        (window_of(hourly(20), NIGHT), window_of(hourly(60), NIGHT), 0),
    ],
    ids=["both", "this one only", "the last one only", "undated", "nothing", "times overlap"],
)
def test_C7_what_was_missed_is_estimated(last: Window | None, window: Window, expected: int | None) -> None:
    """The rate times the hours between the last poll, two days ago, and the oldest item (its tenth left out)."""
    found = missed_between(last, NIGHT - 48 * HOUR, window, NIGHT)
    assert found == expected


@pytest.mark.faults
@pytest.mark.parametrize(
    ("before", "after", "expected"), [(40, 10_000, True), (40, 200, False), (1, 6, False), (1000, 1300, False)]
)
def test_C8_a_flood_is_far_more_than_before(before: int, after: int, expected: bool) -> None:
    """Five times as much, and two hundred more."""
    assert is_flood(Window(before), Window(after)) is expected


@pytest.mark.parametrize(
    ("window", "unchanged", "expected"),
    [
        (Window(20, rate_per_h=1.0), 0, HOUR),
        (Window(20, rate_per_h=60.0), 0, timedelta(minutes=30)),
        (Window(1, rate_per_h=0.25), 0, 2 * HOUR),
        (Window(20, rate_per_h=0.001), 0, timedelta(days=3)),
        (Window(20), 0, HOUR),
        (Window(20), 3, 8 * HOUR),
        (Window(20), 3000, timedelta(days=1)),
    ],
)
def test_the_pace_of_a_listing(window: Window, unchanged: int, expected: timedelta) -> None:
    """One new item, or half the window, whichever comes first; within bounds; without dates ever more seldom."""
    assert pace(window, unchanged) == expected
    assert NIGHT < due_at(window, unchanged, NIGHT) <= NIGHT + expected


def gone(**more: Any) -> dict[str, Any]:
    """A ledger row of a listing that was gone two days ago."""
    row = {"state": "gone", "http_status": 410, "captured_at": NIGHT - 48 * HOUR, "url_id": url_id("https://x.org/")}
    return row | {"next_try_at": NIGHT} | more


@pytest.mark.faults
@pytest.mark.parametrize(
    ("status", "known", "days"),
    [
        (410, None, 2),
        (404, None, 20 / 24),
        (410, gone(), 4),
        (404, gone(), 4),
        (410, gone(next_try_at=NIGHT + timedelta(days=500)), 30),
        (410, gone(state="read"), 2),
        (410, gone(next_try_at=None), 2),
        (410, gone(next_try_at=NIGHT - 48 * HOUR), 2),
    ],
)
def test_C9_what_is_gone_is_asked_for_ever_more_seldom(status: int, known: Any, days: float) -> None:
    """Twice as long each time in a row, up to 30 days."""
    until = asked_again_at(status, known, NIGHT)
    assert until == NIGHT + timedelta(days=days)
    assert f"status {status}" in taken_down(status, until)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("known", "rests"),
    [(None, False), (gone(), False), (gone(next_try_at=NIGHT + HOUR), True), (gone(next_try_at=None), False)],
)
def test_C9_a_listing_that_is_gone_rests(known: Any, rests: bool) -> None:
    """Until its time has come; the reason names it."""
    why = still_gone(known, NIGHT)
    assert (why is not None) is rests
    assert why is None or "status 410" in why


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (None, None),
        (gone(state="read", next_try_at=NIGHT + HOUR), NIGHT + HOUR),
        (gone(state="failed", next_try_at=NIGHT + HOUR), None),
        (gone(state="read"), None),
        (gone(state="read", next_try_at=None), None),
    ],
)
def test_a_listing_that_is_not_due(known: Any, expected: datetime | None) -> None:
    """Only one that was read rests by its own pace; a failed one is asked for again."""
    assert not_due(known, NIGHT) == expected
