"""How each measure of the contract is taken from article rows: native polars expressions, never Python row by row."""

import polars as pl

from schemas.article import PARAGRAPH_BREAK
from schemas.text import SPACELESS_LANGUAGES

MAX_WORD = 100
"""Characters of a body for each word, at most, before the count cannot be right."""
MIN_PARAGRAPHS = 5
"""Fewer paragraphs than this may repeat one another: a poem, a list of results."""


def _letters(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]", "")


def _is_site_name() -> pl.Expr:
    """The title against the site and its first label: BBC on bbc.co.uk."""
    title, site = _letters(pl.col("title")), pl.col("site")
    label = site.str.split(".").list.first()
    return (title == _letters(site)) | (title == _letters(label))


def _lost_share() -> pl.Expr:
    lost = pl.col("body").str.count_matches("\ufffd", literal=True)
    return lost / pl.max_horizontal(pl.col("body").str.len_chars(), 1)


def _repeated_share() -> pl.Expr:
    paragraphs = pl.col("body").str.split(PARAGRAPH_BREAK)
    count = paragraphs.list.len()
    return pl.when(count >= MIN_PARAGRAPHS).then(1 - paragraphs.list.n_unique() / count).otherwise(0.0)


def _impossible_count() -> pl.Expr:
    """Words have a space between them, but for scripts without spaces, and are not endless.

    An exact recount costs five times all other checks together; clean has just counted by the same rule.
    """
    characters, words = pl.col("body").str.len_chars().cast(pl.Int64), pl.col("word_count").cast(pl.Int64)
    unspaced = pl.col("language").is_in(list(SPACELESS_LANGUAGES)).fill_null(value=True)
    most = pl.when(unspaced).then(characters).otherwise((characters + 1) // 2)
    return (words > most) | (words * MAX_WORD < characters)


MEASURES: dict[str, pl.Expr] = {
    "title_length": pl.col("title").str.len_chars(),
    "title_is_site": _is_site_name(),
    "body_words": pl.col("word_count"),
    "body_lost": _lost_share(),
    "body_repeats": _repeated_share(),
    "word_count_wrong": _impossible_count(),
    "url_form": pl.col("url"),
    "canonical_url_form": pl.col("canonical_url"),
    "site_named": pl.col("site").str.len_chars(),
    "language_code": pl.col("language"),
    "page_kind_known": pl.col("page_kind"),
    "version_repeated": ~pl.col("version_id").is_first_distinct(),
    "date_before_1990": pl.col("published_at").dt.year(),
    "date_in_future": (pl.col("published_at") - pl.col("captured_at")).dt.total_hours(),
}
"""Code of a check to the measure that it reads; one for each field of the contract, in its order."""
