"""Dates as publishers write them, and what must not be taken for one."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.parse.dates import DATE_ONLY, ZONE_ASSUMED, parse_date

READ = [
    ("2026-02-27T18:05:00+01:00", None, "2026-02-27T18:05:00+01:00", None),
    ("2026-02-27T18:05:00Z", None, "2026-02-27T18:05:00+00:00", None),
    ("2026-02-27T18:05:00.123456789Z", None, "2026-02-27T18:05:00+00:00", None),
    ("2026-02-27T18:05-0500", None, "2026-02-27T18:05:00-05:00", None),
    ("2026-02-27 18:05:00 UTC", None, "2026-02-27T18:05:00+00:00", None),
    ("2026-02-27 T 18:05:00 +0330", None, "2026-02-27T18:05:00+03:30", None),
    ("2026-2-7T08:05:00", None, "2026-02-07T08:05:00+00:00", ZONE_ASSUMED),
    ("2026-02-27", None, "2026-02-27T00:00:00+00:00", DATE_ONLY),
    ("2026/02/27", None, "2026-02-27T00:00:00+00:00", DATE_ONLY),
    ("20260227", None, "2026-02-27T00:00:00+00:00", DATE_ONLY),
    ("1772215500", None, "2026-02-27T18:05:00+00:00", None),
    ("1772215500000", None, "2026-02-27T18:05:00+00:00", None),
    ("Fri, 27 Feb 2026 18:05:00 GMT", None, "2026-02-27T18:05:00+00:00", None),
    ("Fri, 27 Feb 2026 18:05:00 -0000", None, "2026-02-27T18:05:00+00:00", ZONE_ASSUMED),
    ("Friday, February 27, 2026, 06:05 PM", None, "2026-02-27T00:00:00+00:00", DATE_ONLY),
    ("Published Feb. 27, 2026", None, "2026-02-27T00:00:00+00:00", DATE_ONLY),
    ("27th February 2026", None, "2026-02-27T00:00:00+00:00", DATE_ONLY),
    ("27. Februar 2026", "de", "2026-02-27T00:00:00+00:00", DATE_ONLY),
    ("3 de marzo de 2025", "es", "2025-03-03T00:00:00+00:00", DATE_ONLY),
    ("12 décembre 2022", "fr", "2022-12-12T00:00:00+00:00", DATE_ONLY),
    ("2026年2月27日", None, "2026-02-27T00:00:00+00:00", DATE_ONLY),
    ("27.02.2026 18:05", None, "2026-02-27T00:00:00+00:00", DATE_ONLY),
    ("02/27/2026", None, "2026-02-27T00:00:00+00:00", DATE_ONLY),
]
NOT_READ = [
    "",
    "   ",
    "now",
    "today",
    "2 hours ago",
    "yesterday at 5",
    "soon",
    "02/03/2026",
    "2026",
    "February 2026",
    "31 Feb 2026",
    "2026-02-31",
    "2026-13-01",
    "99999-01-01",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-12:00",
    "27 Foo 2026",
    "1 May 2026 or 2 May 2026",
    "99",
    "12345",
    "2022-02-112023-06-08",
    "-1772215500",
]


@pytest.mark.parametrize(("text", "language", "moment", "assumed"), READ)
def test_parse_date(text: str, language: str | None, moment: str, assumed: str | None) -> None:
    """Each way of writing gives the moment, and says what had to be assumed."""
    found = parse_date(text, language=language)
    assert found is not None
    assert (found.at.isoformat(), found.assumed) == (moment, assumed)


@pytest.mark.parametrize("text", NOT_READ)
def test_parse_date_refuses(text: str) -> None:
    """What names no certain day is no date, least of all today."""
    assert parse_date(text) is None


def test_zone_of_the_source() -> None:
    """A time without zone is read in the source's zone, also on summer days, and flagged."""
    found = parse_date("2026-07-01 12:00:00", zone="Europe/Vienna")
    assert found is not None
    assert (found.at.isoformat(), found.assumed) == ("2026-07-01T12:00:00+02:00", ZONE_ASSUMED)


def test_unknown_zone_is_utc() -> None:
    """A zone that nobody knows does not lose the date."""
    found = parse_date("2026-07-01 12:00:00", zone="Middle/Earth")
    assert found is not None
    assert found.at.isoformat() == "2026-07-01T12:00:00+00:00"


@given(st.text(max_size=60) | st.from_regex(r"[0-9]{1,5}[-/. ][0-9A-Za-z]{1,9}[-/. ][0-9]{1,5}.{0,20}", fullmatch=True))
def test_any_text_is_a_date_or_none(text: str) -> None:
    """No text raises, and every moment has a zone and exists in UTC."""
    found = parse_date(text)
    assert found is None or found.at.utcoffset() is not None


@pytest.mark.parametrize(
    ("text", "zone", "moment"),
    [
        ("Viernes, 27 de febrero de 2026, 6:40 p. m.", "America/Bogota", "2026-02-27T23:40:00+00:00"),
        ("12 de marzo de 2026, 12:05 a. m.", "America/Bogota", "2026-03-12T05:05:00+00:00"),
        ("Montag, 2. März 2026, 14.05 Uhr", "Europe/Berlin", "2026-03-02T13:05:00+00:00"),
        ("1 March 2026 14:05", "Europe/London", "2026-03-01T14:05:00+00:00"),
        ("March 1, 2026, at 14:05", None, "2026-03-01T00:00:00+00:00"),
        ("1 March 2026, from 14:05 to 15:10", "Europe/London", "2026-03-01T00:00:00+00:00"),
        ("25.12.2025", "Europe/Berlin", "2025-12-25T00:00:00+00:00"),
        ("1 March 2026, 25:70", "Europe/London", "2026-03-01T00:00:00+00:00"),
    ],
)
def test_hour_of_a_date_in_words(text: str, zone: str | None, moment: str) -> None:
    """Taken where the line names one, and the zone is the source's."""
    found = parse_date(text, zone=zone, language={"America/Bogota": "es", "Europe/Berlin": "de"}.get(zone or "", "en"))
    assert found is not None
    assert found.at.astimezone(UTC).isoformat() == moment


@pytest.mark.parametrize("language", ["..", "a.b", "e\0", "zz", "é!", "__", ""])
def test_a_language_that_is_none_knows_no_months(language: str) -> None:
    """Whatever is written for a language, English months are understood, and nothing is loaded by such a name."""
    assert parse_date("3 March 2025", language=language) is not None
    assert parse_date("3 Marzo 2025", language=language) is None
