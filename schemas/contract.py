"""The contract of an article row beyond its types: what validate measures of each row, and what is accepted.

One field a check. Its pandera constraint is the limit; its metadata say how much it weighs, which column of the
article it speaks of, and what people are told. How a measure is taken is validate's to say (`tasks.validate.measures`).
"""

from dataclasses import dataclass
from typing import Any

import pandera.polars as pa
import polars as pl

from schemas.reasons import PageKind, Severity
from schemas.table import Table


def _about(column: str, severity: Severity, limits: str, message: str) -> dict[str, str]:
    return {"column": column, "severity": severity.value, "limits": limits, "message": message}


REJECT, HOLD, WARN = Severity.REJECT, Severity.HOLD, Severity.WARN


class Contract(Table):
    """What is measured of one article row, under the code of the check that reads it.

    A measure of a missing value is null and passes: that values are there is the model `Article`'s to say.
    """

    title_length: pl.UInt32 = pa.Field(
        nullable=True,
        ge=3,
        le=500,
        description="Characters of the title.",
        metadata=_about("title", REJECT, "3 to 500 characters", "The title is missing, too short or too long."),
    )
    title_is_site: bool = pa.Field(
        nullable=True,
        eq=False,
        description="Whether the title is the site's name.",
        metadata=_about(
            "title", REJECT, "another text than the site's name", "The title is only the name of the site."
        ),
    )
    body_words: pl.Int32 = pa.Field(
        nullable=True,
        ge=20,
        description="Words of the body.",
        metadata=_about("body", REJECT, "at least 20 words", "The body is too short for an article."),
    )
    body_lost: float = pa.Field(
        nullable=True,
        le=0.01,
        description="Share of the body's characters that are U+FFFD.",
        metadata=_about("body", REJECT, "at most 0.01 of the characters", "Too many characters of the body were lost."),
    )
    body_repeats: float = pa.Field(
        nullable=True,
        le=0.5,
        description="Share of the body's paragraphs that stand in it before already.",
        metadata=_about("body", REJECT, "at most 0.5 of the paragraphs", "Most of the body is the same text again."),
    )
    word_count_wrong: bool = pa.Field(
        nullable=True,
        eq=False,
        description="Whether word_count cannot be the number of words of a body of this length.",
        metadata=_about("word_count", REJECT, "a count that fits the body", "The word count is not that of the body."),
    )
    url_form: str = pa.Field(
        nullable=True,
        str_matches=r"^(?:https?://[^/\s]|file:)",
        description="The URL.",
        metadata=_about("url", REJECT, "http, https or file", "The URL is not one that a page can have."),
    )
    canonical_url_form: str = pa.Field(
        nullable=True,
        str_matches=r"^(?:https?://[^/\s]|file:)",
        description="The canonical URL.",
        metadata=_about("canonical_url", REJECT, "http, https or file", "The canonical URL is not one of a page."),
    )
    site_named: pl.UInt32 = pa.Field(
        nullable=True,
        ge=1,
        description="Characters of the site.",
        metadata=_about("site", REJECT, "not empty", "The row does not say which site it is from."),
    )
    language_code: str = pa.Field(
        nullable=True,
        str_matches=r"^[a-z]{2}$",
        description="The language.",
        metadata=_about("language", REJECT, "two small letters, or null", "The language is not an ISO 639-1 code."),
    )
    page_kind_known: str = pa.Field(
        nullable=True,
        isin=[PageKind.ARTICLE.value, PageKind.LIVE_BLOG.value],
        description="The page kind.",
        metadata=_about("page_kind", REJECT, "article or live_blog", "The page is of a kind that is not published."),
    )
    version_repeated: bool = pa.Field(
        nullable=True,
        eq=False,
        description="Whether a row before it has the same version_id.",
        metadata=_about("version_id", REJECT, "each version once", "The same version stands in the shard twice."),
    )
    date_before_1990: pl.Int32 = pa.Field(
        nullable=True,
        ge=1990,
        description="Year of publication.",
        metadata=_about("published_at", WARN, "1990 or later", "The publication date is before the web."),
    )
    date_in_future: pl.Int64 = pa.Field(
        nullable=True,
        le=48,
        description="Hours from capture to publication.",
        metadata=_about("published_at", WARN, "at most 48 hours after the capture", "It claims to be from the future."),
    )


@dataclass(frozen=True)
class CheckInfo:
    """What is known of one check beside its limit."""

    code: str
    column: str
    severity: Severity
    limits: str
    message: str


def contract_checks() -> dict[str, CheckInfo]:
    """Code to what is known of its check, in the contract's order."""
    columns: dict[str, Any] = Contract.to_schema().columns
    return {
        code: CheckInfo(code, data["column"], Severity(data["severity"]), data["limits"], data["message"])
        for code, data in ((code, column.metadata) for code, column in columns.items())
    }
