"""How large the folder will become, from what its last weeks have added. The arithmetic is pure."""

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from schemas.tables import TABLES
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot
from tasks.maintain.retention import capture_days

DAYS = 28
"""Whole weeks that are looked at: papers have weekends."""
YEAR = 365


@dataclass(frozen=True)
class Growth:
    """Bytes now, and what a day adds; a folder without a whole day of runs has no rate."""

    captures_bytes: int
    tables_bytes: int
    captures_per_day: int
    tables_per_day: int
    free_bytes: int
    keep_days: int | None
    """Captures are removed after so many days; None: never."""

    def bytes_in(self, days: int) -> int:
        """Bytes of captures and tables after so many days, with the policy as it is."""
        captures = self.captures_bytes + days * self.captures_per_day
        if self.keep_days is not None:
            captures = min(captures, max(self.captures_bytes, self.keep_days * self.captures_per_day))
        return captures + self.tables_bytes + days * self.tables_per_day

    def full_in_days(self, longest: int = 10 * YEAR) -> int | None:
        """Days until the disk is full, as far as this folder fills it; None: not within ten years."""
        now = self.bytes_in(0)
        if self.bytes_in(longest) - now <= self.free_bytes:
            return None
        first, last = 0, longest
        while last - first > 1:
            middle = (first + last) // 2
            first, last = (middle, last) if self.bytes_in(middle) - now <= self.free_bytes else (first, middle)
        return last


def daily(sizes: dict[date, int], today: date) -> int:
    """Mean bytes a day over the last `DAYS` days, or since the first of them; 0 when there is none.

    >>> daily({date(2026, 3, 1): 10, date(2026, 3, 2): 30}, date(2026, 3, 2))
    20
    """
    recent = {day: size for day, size in sizes.items() if today - timedelta(days=DAYS) < day <= today}
    if not recent:
        return 0
    return sum(recent.values()) // ((today - min(recent)).days + 1)


def forecast(folder: DataFolder, now: datetime, keep_days: int | None = None) -> Growth:
    """The growth of a data folder.

    Raises:
        TableError: a log cannot be read.
    """
    captures = {day: sum(path.stat().st_size for path in paths) for day, paths in capture_days(folder).items()}
    snapshot = Snapshot.open(folder)
    tables = sum(path.stat().st_size for table in TABLES for path in snapshot.files(table))
    began = snapshot.read("runs", ["started_at"])["started_at"].min()
    days = (now - began).days + 1 if isinstance(began, datetime) else 1
    return Growth(
        captures_bytes=sum(captures.values()),
        tables_bytes=tables,
        captures_per_day=daily(captures, now.date()),
        tables_per_day=tables // max(1, days),
        free_bytes=shutil.disk_usage(folder.root).free,
        keep_days=keep_days,
    )
