"""Removes captures that are older than a policy says, after writing down which; their articles stay."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from schemas.reasons import DecisionKind
from tasks.io.decisions import Choice, decide
from tasks.io.expired import expired_captures
from tasks.io.folder import DataFolder, disk_errors, sync_folder
from tasks.io.points import passed
from tasks.io.tables import Snapshot

OPERATION = "retain"
_DAY = re.compile(r"run_date=(\d{4}-\d{2}-\d{2})")
"""The folder of a day's captures. Matches: run_date=2026-03-02. Not: run_date=now."""


@dataclass(frozen=True)
class Expired:
    """What was removed."""

    files: int
    bytes: int


def capture_days(folder: DataFolder) -> dict[date, list[Path]]:
    """The capture files of each day of runs, oldest first."""
    found: dict[date, list[Path]] = {}
    for place in sorted(folder.captures.glob("run_date=*")):
        match = _DAY.fullmatch(place.name)
        if match is not None:
            found[date.fromisoformat(match[1])] = sorted(place.glob("*.warc.gz"))
    return found


def expire(folder: DataFolder, now: datetime, *, keep_days: int, actor: str | None = None) -> Expired:
    """Remove the captures of runs that began more than so many days ago.

    The caller holds the folder (`tasks.io.decisions.alone`). The decision is committed first, so a file that is
    missing is always explained; what a kill left lying is removed the next time.

    Args:
        folder: Data folder.
        now: Time that counts as now.
        keep_days: Days for which captures are kept.
        actor: Who set the policy.

    Raises:
        DiskError: the disk refused it.
    """
    last = now.date() - timedelta(days=keep_days)
    old = [path for day, paths in capture_days(folder).items() if day < last for path in paths]
    uris = [folder.relative(path) for path in old]

    def choose(snapshot: Snapshot) -> list[Choice]:
        known = expired_captures(snapshot)
        return [Choice(DecisionKind.EXPIRE, uri) for uri in uris if uri not in known]

    decide(folder, OPERATION, choose, note=f"captures are kept for {keep_days} days", actor=actor, now=now)
    passed("expiry decided")
    size = sum(path.stat().st_size for path in old)
    for path in _unlinked(old):
        passed(f"removed {path.name}")
    return Expired(len(old), size)


def _unlinked(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        with disk_errors(path):
            path.unlink(missing_ok=True)
        yield path
    for parent in {path.parent for path in paths}:
        with disk_errors(parent):
            sync_folder(parent)
            if not any(parent.iterdir()):
                parent.rmdir()
