"""Dates as publishers write them, strictest reading first; what cannot be read for certain is None, never "now".

A text names a moment only with year, month and day. 01/02/2023 says nothing: half the world reads it the other way.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from importlib import import_module
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateparser import data as dateparser_data

DATE_ONLY = "date_only"
ZONE_ASSUMED = "zone_assumed"

ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"
    r"(?:\s*[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?",
    re.IGNORECASE,
)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(Z)?)?")
EPOCH = re.compile(r"\d{10}(?:\d{3})?")
WORDED = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|°)?\.?\s+(?:de\s+|of\s+|d')?([^\W\d_]{3,12})\.?,?\s+(?:de\s+|del\s+)?((?:19|20)\d\d)(?!\d)"
    r"|(?<!\w)([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)(?!\d)",
    re.IGNORECASE,
)
"""31 October 2023, 31. Oktober 2023, 31 de octubre de 2023; October 31, 2023."""
EASTERN = re.compile(r"((?:19|20)\d\d)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
"""25.12.2023: dots put the day first; slashes and hyphens count only when one number must be the day."""

CLOCK = re.compile(
    r"(?<![\d.:/-])(?P<hour>\d{1,2})(?::(?P<a>\d\d)|\.(?P<b>\d\d)(?=\s*Uhr)|h(?P<c>\d\d))(?::\d\d)?(?![\d.:/-])"
    r"(?:\s*(?P<half>[ap])\.?\s?m\b)?",
    re.IGNORECASE,
)
"""6:40 p. m., 14:05, 14.05 Uhr, 14h05."""

HALF_DAY = re.compile(r"\b[ap]\.?m\b", re.IGNORECASE)
"""email.utils reads 01:00 PM as one in the night; such a text keeps its day and loses its hour."""

EARLIEST = 1900


@dataclass(frozen=True)
class Moment:
    """A moment with the publisher's own offset, and what had to be assumed (`date_only`, `zone_assumed`)."""

    at: datetime
    assumed: str | None = None


def parse_date(text: str, *, zone: str | None = None, language: str | None = None) -> Moment | None:
    """The moment that a text names, or None.

    Args:
        text: a date as it stands in JSON-LD, a meta element, a listing or on the page.
        zone: IANA name of the zone meant where none is written; None: UTC.
        language: of the page, for names of months; English is always understood.

    >>> parse_date("2023-12-22T10:00:00+02:00").at.isoformat()
    '2023-12-22T10:00:00+02:00'
    >>> parse_date("01/02/2023") is None
    True
    """
    text = " ".join(text.split())[:200]
    if not text:
        return None
    try:
        return _iso(text, zone) or _epoch(text) or _mail(text, zone) or _words(text, zone, language)
    except (ValueError, OverflowError):
        return None


def _iso(text: str, zone: str | None) -> Moment | None:
    match = ISO.match(text)
    if match is None:
        match = COMPACT.fullmatch(text)
        if match is None:
            return None
    year, month, day, hour, minute, second, offset = match.groups()
    if hour is None:
        return _day(int(year), int(month), int(day))
    return _moment(
        datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0)),  # noqa: DTZ001 - zone follows
        _offset(offset),
        zone,
    )


def _offset(text: str | None) -> tzinfo | None:
    """The fixed offset written, or None; -0000 means that the zone is not known (RFC 3339, section 4.3)."""
    if not text:
        return None
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _moment(naive: datetime, offset: tzinfo | None, zone: str | None) -> Moment | None:
    if naive.year < EARLIEST:
        return None
    if offset is not None:
        return Moment(_safe(naive.replace(tzinfo=offset)))
    return Moment(_safe(naive.replace(tzinfo=_zone(zone))), ZONE_ASSUMED)


def _safe(moment: datetime) -> datetime:
    """The moment, once it is certain that it exists in UTC.

    Raises:
        OverflowError: it lies outside the years that a datetime can hold.
    """
    moment.astimezone(UTC)
    return moment


def _day(year: int, month: int, day: int) -> Moment | None:
    return Moment(datetime(year, month, day, tzinfo=UTC), DATE_ONLY) if year >= EARLIEST else None


@lru_cache(maxsize=64)
def _zone(name: str | None) -> tzinfo:
    try:
        return ZoneInfo(name) if name else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _epoch(text: str) -> Moment | None:
    if not EPOCH.fullmatch(text):
        return None
    seconds = int(text) / (1000 if len(text) == 13 else 1)
    return Moment(datetime.fromtimestamp(seconds, UTC)) if seconds >= 0 else None


def _mail(text: str, zone: str | None) -> Moment | None:
    """RFC 5322, as RSS writes: Fri, 22 Dec 2023 10:00:00 GMT."""
    if ":" not in text or HALF_DAY.search(text):
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if found.year < EARLIEST:
        return None
    return _moment(found.replace(tzinfo=None), found.tzinfo, zone)


def _words(text: str, zone: str | None, language: str | None) -> Moment | None:
    """The one day that a line names in words or numbers; None when it names none, or two.

    With the hour where the line names one and the publisher's zone is known: an hour of an unknown zone may well be
    on another day in UTC.
    """
    days = {day for day in (*_worded(text, language), *_eastern(text), *_numeric(text)) if day is not None}
    if len(days) != 1:
        return None
    day = days.pop()
    clock = _clock(text) if zone else None
    return _moment(datetime(*day, *clock), None, zone) if clock else _day(*day)  # noqa: DTZ001 - zone follows


def _clock(text: str) -> tuple[int, int] | None:
    """Hour and minute of the one clock time in a text."""
    found = set()
    for match in CLOCK.finditer(text):
        hour, minute = int(match["hour"]), int(match["a"] or match["b"] or match["c"])
        if match["half"]:
            hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
        if hour < 24 and minute < 60:
            found.add((hour, minute))
    return found.pop() if len(found) == 1 else None


Day = tuple[int, int, int]


def _worded(text: str, language: str | None) -> list[Day]:
    found = []
    for match in WORDED.finditer(text):
        day, month, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        number = _month(month.lower(), (language or "en")[:2])
        if number and 1 <= int(day) <= 31:
            found.append((int(year), number, int(day)))
    return found


@lru_cache(maxsize=4096)
def _month(name: str, language: str) -> int | None:
    """The month that a word names in the language or in English."""
    bare = _bare(name)
    return _months("en").get(bare) or _months(language).get(bare)


@lru_cache(maxsize=64)
def _months(language: str) -> Mapping[str, int]:
    """Names of months in a language, from dateparser's tables; to ask dateparser itself takes milliseconds a word."""
    if not (language.isascii() and language.isalpha()):
        return {}
    try:
        told: Mapping[str, Sequence[str]] = import_module(f"{NAMES_OF_MONTHS}.{language}").info
    except ImportError:  # a language that dateparser does not know
        return {}
    return {_bare(name): number for number, month in enumerate(MONTHS, 1) for name in told.get(month, ())}


def _bare(name: str) -> str:
    """The word in lower case without accents."""
    apart = unicodedata.normalize("NFKD", name.lower())
    return "".join(char for char in apart if unicodedata.category(char) != "Mn")


NAMES_OF_MONTHS = f"{dateparser_data.__name__}.date_translation_data"
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december")  # fmt: skip


def _eastern(text: str) -> list[Day]:
    return [(int(match[1]), int(match[2]), int(match[3])) for match in EASTERN.finditer(text)]


def _numeric(text: str) -> list[Day]:
    found = []
    for match in NUMERIC.finditer(text):
        first, second = int(match[1]), int(match[3])
        if match[2] == "." or first > 12 or first == second:
            found.append((int(match[4]), second, first))
        elif second > 12:
            found.append((int(match[4]), first, second))
    return found
