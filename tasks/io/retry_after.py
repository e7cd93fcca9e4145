"""When a server wants to be left alone until."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

CAP_S = 86_400.0
DEFAULT_S = 900.0


def retry_after(value: str | None, now: datetime, *, default_s: float = DEFAULT_S, cap_s: float = CAP_S) -> datetime:
    """The end of the pause that a Retry-After header asks for (RFC 9110 section 10.2.3: seconds or a date).

    Garbage and a missing header count as `default_s`; no pause is longer than `cap_s`, none ends before `now`.

    >>> noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    >>> [f"{retry_after(text, noon):%d %H:%M}" for text in ("60", "Mon, 02 Mar 2026 12:30:00 GMT", "soon", "315360000")]
    ['02 12:01', '02 12:30', '02 12:15', '03 12:00']
    """
    seconds = _seconds(value, now)
    wanted = default_s if seconds is None else max(0.0, seconds)
    return now + timedelta(seconds=min(wanted, cap_s))


def _seconds(value: str | None, now: datetime) -> float | None:
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return (until - now).total_seconds()
