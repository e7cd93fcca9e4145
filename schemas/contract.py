"""The contract of an article row beyond its types: what validate measures of each row, and what is accepted.

One field a check. Its pandera constraint is the limit; its metadata say how much it weighs, which column of the
article it speaks of, and what people are told. How a measure is taken is validate's to say (`tasks.validate.measures`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandera.polars as pa
import polars as pl

from schemas.check_rule import CheckRule
from schemas.reasons import PageKind, Severity
from schemas.table import Table


def _about(column: str, severity: Severity, limits: str, message: str) -> dict[str, str]:
    return {"column": column, "severity": severity.value, "limits": limits, "message": message}


OFF, WARN, HOLD, REJECT = Severity


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
        le=100_000,
        description="Words of the body.",
        metadata=_about("body", REJECT, "20 to 100000 words", "The body is too short or too long for an article."),
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
    body_symbols: float = pa.Field(
        nullable=True,
        le=0.3,
        description="Share of the body's first 200 characters that are no letters, digits, marks or white space.",
        metadata=_about("body", REJECT, "at most 0.3 of the characters", "The body is more signs than words."),
    )
    body_notice: bool = pa.Field(
        nullable=True,
        eq=False,
        description="Whether a body of less than 150 words is a notice of the site's machinery, such as consent.",
        metadata=_about("body", REJECT, "the text of an article", "The body is a notice of the site, not an article."),
    )
    body_mojibake: float = pa.Field(
        nullable=True,
        le=0.002,
        description="Share of the body's characters that begin a letter decoded by the wrong table.",
        metadata=_about("body", HOLD, "at most 0.002 of the characters", "The body was decoded by the wrong table."),
    )
    body_markup: pl.UInt32 = pa.Field(
        nullable=True,
        le=0,
        description="Tags of HTML that stand in the body as text.",
        metadata=_about("body", WARN, "no tags of HTML", "Markup was left in the body."),
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
    canonical_elsewhere: bool = pa.Field(
        nullable=True,
        eq=False,
        description="Whether the canonical URL lies on another site than the URL.",
        metadata=_about(
            "canonical_url", WARN, "the site of the URL", "The page names a page of another site as its own."
        ),
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
    language_unknown: pl.Int32 = pa.Field(
        nullable=True,
        le=99,
        description="Words of a body whose language could not be told.",
        metadata=_about("language", WARN, "known for 100 words or more", "The language of a long body is not known."),
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
    modified_before_published: pl.Int64 = pa.Field(
        nullable=True,
        le=24,
        description="Hours from the last change to publication.",
        metadata=_about(
            "modified_at", WARN, "at most 24 hours before", "It claims to be changed before it was published."
        ),
    )
    author_count: pl.UInt32 = pa.Field(
        nullable=True,
        le=20,
        description="Names of authors.",
        metadata=_about(
            "authors", WARN, "at most 20 names", "More authors than an article has: perhaps a list of links."
        ),
    )
    fields_unknown: pl.UInt32 = pa.Field(
        nullable=True,
        le=0,
        description="Keys of a JSON document that no column stands for.",
        metadata=_about(
            "extra_fields", OFF, "no other keys than the columns'", "The document has keys that are not known."
        ),
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
    return {
        code: CheckInfo(code, data["column"], Severity(data["severity"]), data["limits"], data["message"])
        for code, data in ((code, column.metadata) for code, column in _columns().items())
    }


def bounds_of(code: str) -> tuple[float | None, float | None]:
    """The least and the greatest value that a check accepts, None where it sets none."""
    stated: dict[str, Any] = {}
    for check in _columns()[code].checks:
        stated |= check.statistics
    return stated.get("min_value"), stated.get("max_value")


def contract_with(rules: Mapping[str, CheckRule]) -> tuple[pa.DataFrameSchema, dict[str, CheckInfo]]:
    """The contract as a source's rules change it: the schema of the checks that are made, and what is known of them."""
    schema, checks = Contract.to_schema(), contract_checks()
    for code, rule in rules.items():
        checks[code] = replace(checks[code], severity=rule.severity or checks[code].severity)
        if rule.min is not None or rule.max is not None:
            low, high = bounds_of(code)
            low, high = (low if rule.min is None else rule.min), (high if rule.max is None else rule.max)
            made = ([] if low is None else [pa.Check.ge(low)]) + ([] if high is None else [pa.Check.le(high)])
            schema = schema.update_column(code, checks=made)
            checks[code] = replace(checks[code], limits=_told(low, high))
    off = [code for code, check in checks.items() if check.severity is OFF]
    return schema.remove_columns(off), {code: check for code, check in checks.items() if code not in off}


def _told(low: float | None, high: float | None) -> str:
    least, most = ("" if low is None else f"at least {low:g}"), ("" if high is None else f"at most {high:g}")
    return f"{' and '.join(filter(None, (least, most)))}, as sources.yaml says"


def _columns() -> dict[str, Any]:
    columns: dict[str, Any] = Contract.to_schema().columns
    return columns
