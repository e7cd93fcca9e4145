"""`copydesk pin`: a captured page becomes a fixture of the user's own, and all fixtures are checked."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from copydesk.faces import out
from schemas.identity import normalise_url
from tasks.errors import RulesError, UsageError
from tasks.io.captures import BodyLimits, read_record
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot, fetch
from tasks.parse.model import Refusal
from tasks.parse.pins import Pinned, check_pins, pin_path, write_pin
from tasks.parse.shard import read_payload
from tasks.parse.site_rules import load_rules

CAPTURES = """
SELECT url, site, final_url, captured_at, capture_uri, capture_offset FROM ledger
WHERE kind = 'page' AND url = ? AND capture_uri IS NOT NULL AND captured_at < ? ORDER BY captured_at DESC
"""


def run_pin(data: Path, rules: Path, url: str | None, day: str | None, *, force: bool) -> None:
    """Pin the last capture of the URL, and say where.

    Raises:
        UsageError: no URL, no capture of it, or it is pinned already; RulesError: a rule is wrong.
    """
    if url is None:
        raise UsageError("Name the URL of a captured page, or check what is pinned with --check.")
    pinned = captured_page(DataFolder(data), _normalised(url), _end_of(day))
    path = pin_path(rules, pinned.asked_url, pinned.site)
    if path.exists() and not force:
        raise UsageError(f"{url} is pinned already in {path}; replace it with --force.")
    written = write_pin(rules, pinned, load_rules(rules))
    _say(f"Pinned {pinned.asked_url} as of {pinned.captured_at:%Y-%m-%d} in {written}.")
    _say("Look at what is expected there, and mend it where it is wrong; then `copydesk pin --check`.")


def run_check(rules: Path, url: str | None) -> None:
    """Read all pins again and show each difference.

    Raises:
        UsageError: there is no such pin; RulesError: a pin is damaged, or is not as expected.
    """
    verdicts = list(check_pins(rules, load_rules(rules), _normalised(url) if url else None))
    if not verdicts:
        raise UsageError(f"{url or 'Nothing'} is pinned in {rules}; pin a page with: copydesk pin URL --rules {rules}")
    wrong = [verdict for verdict in verdicts if verdict.differences]
    for verdict in wrong:
        _say(f"{verdict.url} ({verdict.path})")
        for line in verdict.differences:
            _say(f"  {line}")
    if wrong:
        raise RulesError(f"{len(wrong)} of {len(verdicts)} pins are not as expected; mend the rules, or pin them anew.")
    _say(f"{len(verdicts)} pins are as expected.")


def captured_page(folder: DataFolder, url: str, before: datetime) -> Pinned:
    """The last capture of the URL before that time that holds a whole page.

    Raises:
        UsageError: there is none.
    """
    folder.check()
    for row in _captures(folder, url, before):
        payload = read_payload(row, folder, BodyLimits())
        if isinstance(payload, Refusal):
            continue  # a revisit or a damaged record: the one before it may be whole
        record = read_record(folder, row["capture_uri"], row["capture_offset"])
        named = record.warc_header if record.status is None else record.header
        final = row["final_url"] or row["url"]
        return Pinned(payload, final, row["url"], row["site"], named("Content-Type"), row["captured_at"])
    raise UsageError(
        f"There is no capture of {url} in {folder.name}; the table ledger has the URLs of all that was captured."
    )


def _captures(folder: DataFolder, url: str, before: datetime) -> Iterator[Mapping[str, Any]]:
    with Snapshot.open(folder).connect("ledger") as connection:
        rows = fetch(connection, CAPTURES, "ledger", [url, before])
    yield from rows.iter_rows(named=True)


def _normalised(url: str) -> str:
    try:
        return normalise_url(url)
    except ValueError as error:
        raise UsageError(f"{url!r} is no URL of a page ({error}).") from error


def _end_of(day: str | None) -> datetime:
    """The first moment after the day, UTC; without one, after all time."""
    try:
        last = date.fromisoformat(day) if day else date(9998, 1, 1)
    except ValueError as error:
        raise UsageError(f"--day: {day!r} is not a day; write it as 2026-03-01.") from error
    return datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)


def _say(line: str) -> None:
    out.print(line, markup=False, highlight=False, soft_wrap=True)
