"""Which days are which: weekdays, public holidays, and what a day does to the number of articles.

Night n collects what was published on the day before it.
"""

from datetime import date, timedelta
from functools import cache

WEEKDAYS: dict[str, tuple[float, ...]] = {
    "daily": (1.0, 1.05, 1.05, 1.05, 1.0, 0.65, 0.45),
    "around_the_clock": (1.0, 1.0, 1.0, 1.0, 1.0, 0.8, 0.75),
    "business": (1.0, 1.1, 1.1, 1.1, 1.0, 0.25, 0.12),
    "local": (0.9, 1.0, 1.0, 1.0, 1.1, 0.8, 0.05),
    "sunday": (0.7, 0.8, 0.8, 0.9, 1.0, 1.2, 1.5),
    "weekly": (0.04, 0.04, 0.3, 6.2, 0.3, 0.05, 0.02),
}
"""Articles of a weekday, Monday first, as a multiple of the source's usual ones."""
FIXED_HOLIDAYS = {
    "US": ((1, 1), (7, 4), (11, 11), (12, 25)),
    "GB": ((1, 1), (12, 25), (12, 26)),
    "DE": ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26)),
    "FR": ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)),
    "ES": ((1, 1), (1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25)),
    "PT": ((1, 1), (4, 25), (5, 1), (6, 10), (8, 15), (10, 5), (12, 1), (12, 8), (12, 25)),
}
AFTER_EASTER = {
    "US": (), "GB": (-2, 1), "DE": (-2, 1, 39, 50), "FR": (1, 39, 50), "ES": (-3, -2), "PT": (-2, 0, 60),
}  # fmt: skip
"""Days after Easter Sunday."""


@cache
def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876).

    >>> easter(2026)
    datetime.date(2026, 4, 5)
    """
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    f = (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country in a year."""
    moving = {easter(year) + timedelta(days) for days in AFTER_EASTER[country]}
    if country == "US":
        moving |= {_nth(year, 11, 3, 4), _nth(year, 9, 0, 1)}
    return frozenset(moving | {date(year, month, day) for month, day in FIXED_HOLIDAYS[country]})


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta((weekday - first.weekday()) % 7 + 7 * (count - 1))


def day_factor(profile: str, country: str, day: date) -> float:
    """Articles of a day as a multiple of the source's usual ones: weekday, holiday, and the quiet weeks of the year."""
    factor = WEEKDAYS[profile][day.weekday()]
    if day in holidays(country, day.year):
        factor = min(factor, 0.5) if profile != "weekly" else factor * 0.9
    if (day.month, day.day) >= (12, 23) or (day.month, day.day) <= (1, 3):
        factor *= 0.65
    elif day.month == 8:
        factor *= 0.8
    return factor
