"""Dates of listings as points in time: which spellings are read, and which are not guessed at."""

from datetime import UTC, datetime

import polars as pl
import pytest

from tasks.discover.moments import ZONES, moment


def read(text: str | None, *, end_of_day: bool = False) -> datetime | None:
    """The moment of one written date."""
    frame = pl.DataFrame({"date": [text]}, schema={"date": pl.String})
    found: datetime | None = frame.select(moment("date", end_of_day=end_of_day)).item()
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02T02:15:00Z", "2026-03-02 02:15:00"),
        ("2026-03-02T02:15:00.123+01:00", "2026-03-02 01:15:00"),
        ("2026-03-02T02:15+0100", "2026-03-02 01:15:00"),
        ("2026-03-02 02:15:00", "2026-03-02 02:15:00"),
        ("2026-03-02", "2026-03-02 00:00:00"),
        ("Mon, 02 Mar 2026 02:15:00 GMT", "2026-03-02 02:15:00"),
        ("Mon, 2 Mar 2026 2:15 +0100", "2026-03-02 01:15:00"),
        ("2 March 2026 02:15:00 CET", "2026-03-02 01:15:00"),
        ("2 Mar 2026 02:15:00 EST", "2026-03-02 07:15:00"),
        ("2 Mar 2026 02:15:00 XYZ", "2026-03-02 02:15:00"),
        ("Mon, 02 Mar 26 02:15:00 GMT", None),
        ("Lun, 02 mars 2026 02:15:00", None),
        ("31 Feb 2026 00:00:00 GMT", None),
        ("2026-02-31", None),
        ("2026-03-02T25:15:00Z", None),
        ("99999-01-01T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_moment(text: str | None, expected: str | None) -> None:
    """W3C and mail dates become UTC; what is no date is null and never today."""
    wanted = None if expected is None else datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert read(text) == wanted


def test_end_of_day() -> None:
    """A date alone may mean any hour of its day; a date with a time means that time."""
    assert read("2026-03-02", end_of_day=True) == datetime(2026, 3, 2, 23, 59, tzinfo=UTC)
    assert read("2026-03-02T01:00Z", end_of_day=True) == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(("zone", "offset"), ZONES.items())
def test_zone_names(zone: str, offset: str) -> None:
    """Each zone name of the table is read as its offset."""
    assert read(f"2 Mar 2026 12:00:00 {zone}") == read(f"2 Mar 2026 12:00:00 {offset}")
