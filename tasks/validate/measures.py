"""How each measure of the contract is taken from article rows: native polars expressions, never Python row by row."""

import polars as pl

from schemas.text import SPACELESS_LANGUAGES
from tasks.validate.notices import MARKUP, MOJIBAKE, NOTICE, NOTICE_HINTS

MAX_WORD = 100
"""Characters of a body for each word, at most, before the count cannot be right."""
MIN_PARAGRAPHS = 5
"""Fewer paragraphs than this may repeat one another: a poem, a list of results."""

SHORT = 150
"""Words below which a body may be nothing but a notice of the site's machinery."""


def _letters(text: pl.Expr) -> pl.Expr:
    # Pieces put together: to replace what is between them costs ten times as much, also for rows that are null.
    return text.str.to_lowercase().str.extract_all(r"[\p{L}\p{N}]+").list.join("")


def _is_site_name() -> pl.Expr:
    """The title against the site and its first label: BBC on bbc.co.uk. A longer title is another text."""
    # By hand over the few short titles: an expression would take apart the titles of all rows.
    return pl.struct("title", "site").map_batches(_name_sites, return_dtype=pl.Boolean)


def _name_sites(both: pl.Series) -> pl.Series:
    rows = both.struct.unnest().with_row_index("row")
    short = rows.filter(pl.col("title").str.len_chars() <= pl.col("site").str.len_chars() + 4)
    title, label = _letters(pl.col("title")), pl.col("site").str.extract(r"^([^.]*)", 1)
    named = short.filter((title == _letters(pl.col("site"))) | (title == _letters(label)))
    return rows["row"].is_in(named["row"].implode())


def _lost_share() -> pl.Expr:
    # To look for one is twenty times cheaper than to count them, and nearly all bodies have none.
    some = pl.when(pl.col("body").str.contains("\ufffd", literal=True)).then("body")
    return (some.str.count_matches("\ufffd", literal=True) / _length()).fill_null(0.0)


def _length() -> pl.Expr:
    return pl.max_horizontal(pl.col("body").str.len_chars(), 1)


def _repeated_share() -> pl.Expr:
    """Of the blocks, which are the body's paragraphs: to split the body again costs ten times as much."""
    blocks = pl.col("blocks")
    count = blocks.list.len()
    unique = blocks.list.eval(pl.element().struct.field("text")).list.n_unique()
    return pl.when(count >= MIN_PARAGRAPHS).then(1 - unique / count).otherwise(0.0)


def _symbol_share() -> pl.Expr:
    """After Gopher's rule of symbols to words (Rae et al. 2021), for any script and a small piece of the text."""
    begin = pl.col("body").str.head(200)
    return begin.str.count_matches(r"[^\p{L}\p{M}\p{N}\s]") / pl.max_horizontal(begin.str.len_chars(), 1)


def _is_notice() -> pl.Expr:
    short = pl.when(pl.col("word_count") < SHORT).then("body").str.head(400)
    hinted = pl.when(short.str.contains_any(list(NOTICE_HINTS), ascii_case_insensitive=True)).then(short)
    return hinted.str.contains(NOTICE).fill_null(value=False)


def _elsewhere() -> pl.Expr:
    """The last two labels of the hosts differ; where the site itself is no domain, nothing is compared."""
    differs = pl.when((pl.col("url") != pl.col("canonical_url")) & pl.col("url").str.starts_with("http"))
    return (_domain(differs.then("url")) != _domain(differs.then("canonical_url"))).fill_null(value=False)


def _domain(url: pl.Expr) -> pl.Expr:
    return url.str.extract(r"^https?://(?:[^/?#@]*@)?(?:[^/?#:]*\.)?([^/?#:.]+\.[^/?#:.]+)[/:?#]?", 1)


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
    "body_symbols": _symbol_share(),
    "body_notice": _is_notice(),
    "body_mojibake": pl.col("body").str.count_matches(MOJIBAKE) / _length(),
    "body_markup": pl.col("body").str.count_matches(MARKUP),
    "word_count_wrong": _impossible_count(),
    "url_form": pl.col("url"),
    "canonical_url_form": pl.col("canonical_url"),
    "canonical_elsewhere": _elsewhere(),
    "site_named": pl.col("site").str.len_chars(),
    "language_code": pl.col("language"),
    "language_unknown": pl.when(pl.col("language").is_null()).then("word_count"),
    "page_kind_known": pl.col("page_kind"),
    "version_repeated": ~pl.col("version_id").is_first_distinct(),
    "date_before_1990": pl.col("published_at").dt.year(),
    "date_in_future": (pl.col("published_at") - pl.col("captured_at")).dt.total_hours(),
    "modified_before_published": (pl.col("published_at") - pl.col("modified_at")).dt.total_hours(),
    "author_count": pl.col("authors").list.len(),
    "fields_unknown": pl.col("extra_fields").list.len(),
}
"""Code of a check to the measure that it reads; one for each field of the contract, in its order."""
