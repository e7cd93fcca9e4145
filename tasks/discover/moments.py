"""Dates of listings as points in time, whole columns at once; for ordering and comparing only, never to be stored.

A date that cannot be read is null. A date without a zone counts as UTC: order needs no more.
"""

import polars as pl

ZONES: dict[str, str] = {
    "Z": "+0000", "UT": "+0000", "UTC": "+0000", "GMT": "+0000", "WET": "+0000",
    "BST": "+0100", "CET": "+0100", "CEST": "+0200", "MEZ": "+0100", "EET": "+0200", "EEST": "+0300",
    "EST": "-0500", "EDT": "-0400", "CST": "-0600", "CDT": "-0500", "MST": "-0700", "MDT": "-0600",
    "PST": "-0800", "PDT": "-0700", "JST": "+0900", "KST": "+0900", "AEST": "+1000", "AEDT": "+1100",
}  # fmt: skip
"""Zone names of RFC 822 and those seen in feeds; the American reading of CST and the British of BST."""
_ISO = r"^\s*(\d{4}-\d{2}-\d{2})(?:[Tt ]+(\d{2}:\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*([Zz]|[+-]\d{2}:?\d{2})?)?"
"""W3C dates. Matches: 2026-03-02, 2026-03-02T02:15+01:00, 2026-03-02 02:15:00.5Z. Does not match: 2.3.2026."""
_MAIL = (
    r"(\d{1,2})[ -](Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?[ -](\d{4}),? +"
    r"(\d{1,2}:\d{2})(?::(\d{2}))?\s*([+-]\d{2}:?\d{2}|[A-Z]{1,4})?"
)
"""RFC 822 and 5322. Matches: Mon, 2 Mar 2026 02:15:00 GMT. Does not match: 2 Mars 2026."""


def moment(column: str, *, end_of_day: bool = False) -> pl.Expr:
    """The column of written dates as Datetime in UTC.

    Args:
        column: name of a String column.
        end_of_day: a date without a time counts as the last second of its day instead of the first.
    """
    return pl.coalesce(_iso(column, "23:59" if end_of_day else "00:00"), _mail(column))


def _iso(column: str, default_time: str) -> pl.Expr:
    part = [pl.col(column).str.extract(_ISO, group) for group in range(1, 5)]
    zone = part[3].str.to_uppercase().str.replace("Z", "+0000", literal=True).str.replace(":", "", literal=True)
    text = pl.concat_str(
        part[0],
        pl.lit("T"),
        part[1].fill_null(default_time),
        pl.lit(":"),
        part[2].fill_null("00"),
        zone.fill_null("+0000"),
    )
    return _parsed(text, "%Y-%m-%dT%H:%M:%S%z")


def _mail(column: str) -> pl.Expr:
    part = [pl.col(column).str.extract(_MAIL, group) for group in range(1, 7)]
    zone = part[5].replace(ZONES).str.replace(":", "", literal=True)
    known = pl.when(zone.str.contains(r"^[+-]\d{4}$")).then(zone).otherwise(pl.lit("+0000"))
    space, colon = pl.lit(" "), pl.lit(":")
    text = pl.concat_str(
        part[0].str.zfill(2), space, part[1], space, part[2], space, part[3].str.zfill(5),
        colon, part[4].fill_null("00"), space, known,
    )  # fmt: skip
    return _parsed(text, "%d %b %Y %H:%M:%S %z")


def _parsed(text: pl.Expr, form: str) -> pl.Expr:
    return text.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC")
