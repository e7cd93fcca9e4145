"""What the radar looks at of one page: small values, made from article rows shard by shard, without the texts."""

import polars as pl

from schemas.article import PARAGRAPH_BREAK
from tasks.validate.radar.bylines import ODD_AUTHOR

ARTICLE = pl.Schema(
    {
        "source_id": pl.String(), "url": pl.String(), "captured_at": pl.Datetime("us", "UTC"), "title": pl.String(),
        "authors": pl.List(pl.String()), "published_at": pl.Datetime("us", "UTC"), "section": pl.String(),
        "tags": pl.List(pl.String()), "language": pl.String(), "summary": pl.String(), "image_url": pl.String(),
        "body": pl.String(), "word_count": pl.Int32(), "template": pl.String(),
    }
)  # fmt: skip
"""Columns of `Article` that are read."""

SIGNS = pl.Schema(
    {
        "source_id": pl.String(), "url": pl.String(), "template": pl.String(), "is_new": pl.Boolean(),
        "has_authors": pl.Boolean(), "has_date": pl.Boolean(), "has_section": pl.Boolean(), "has_tags": pl.Boolean(),
        "has_summary": pl.Boolean(), "has_image": pl.Boolean(), "author_odd": pl.Boolean(),
        "letters_lost": pl.Boolean(), "language": pl.String(), "desk": pl.String(), "body_words": pl.Int8(),
        "title_chars": pl.Int8(), "date_lag": pl.Int8(), "ends_open": pl.Boolean(), "title_key": pl.UInt64(),
        "author_key": pl.UInt64(), "date_key": pl.Int64(), "body_key": pl.UInt64(),
        "lines": pl.List(pl.Struct({"key": pl.UInt64(), "chars": pl.UInt32()})),
    }
)  # fmt: skip
"""What is kept of a page. `body_words`, `title_chars` and `date_lag` are classes, see below; null: it has none.
`lines` are its paragraphs as hashes with their lengths."""

UNKNOWN = "unknown"
"""The language of a page whose language could not be told, and the template of one without."""

LAGS_H = (-1.0, 1.0, 3.0, 6.0, 12.0, 24.0, 48.0, 96.0, 192.0, 720.0, 8760.0)
"""Edges in hours of the classes of `date_lag`, time from the publication date to fetch. Class 0 is the future."""

LINES = 60
"""Paragraphs of a page that are looked at; longer ones are live blogs and laws."""

_END = r"[.!?…:;)\]\"'”’»›。！？」』*\d]\s*$"
"""How a text ends that is whole. Matches: `... he said."` and `(dpa)`; not: `... the council of the`."""


def read_signs(articles: pl.DataFrame, new_urls: pl.Series | None = None) -> pl.DataFrame:
    """The signs (`SIGNS`) of article rows, in their order.

    Args:
        articles: At least the columns of `ARTICLE`.
        new_urls: URLs that no earlier run had read (None: all are new). Only these tell of dates: an old page that is
            read again has an old date.
    """
    rows = articles.select(pl.col(name).cast(kind) for name, kind in ARTICLE.items())
    is_new = pl.lit(value=True) if new_urls is None else pl.col("url").is_in(new_urls.implode())
    made = rows.with_columns(is_new=is_new).with_columns(
        template=pl.col("template").fill_null(UNKNOWN),
        has_authors=pl.col("authors").list.len() > 0,
        has_date=pl.col("published_at").is_not_null(),
        has_section=_filled("section"),
        has_tags=pl.col("tags").list.len() > 0,
        has_summary=_filled("summary"),
        has_image=_filled("image_url"),
        author_odd=_odd_authors(),
        letters_lost=pl.col("body").str.contains("\ufffd", literal=True),
        language=pl.col("language").fill_null(UNKNOWN),
        desk=_desk(),
        body_words=_halvings(pl.col("word_count")),
        title_chars=_halvings(pl.col("title").str.len_chars()),
        date_lag=_lag(),
        ends_open=~pl.col("body").str.contains(_END),
        title_key=pl.col("title").str.to_lowercase().hash(),
        author_key=pl.when(pl.col("authors").list.len() > 0).then(pl.col("authors").list.join("\n").hash()),
        date_key=pl.when("is_new").then(pl.col("published_at").dt.timestamp("us")),
        body_key=pl.col("body").hash(),
        lines=_lines(),
    )
    return made.select(pl.col(name).cast(kind) for name, kind in SIGNS.items())


def _filled(column: str) -> pl.Expr:
    return (pl.col(column).str.strip_chars().str.len_chars() > 0).fill_null(value=False)


def _odd_authors() -> pl.Expr:
    """Whether an author has the shape of no name; null without authors."""
    is_odd = pl.element().str.contains(ODD_AUTHOR)
    return pl.when(pl.col("authors").list.len() > 0).then(pl.col("authors").list.eval(is_odd).list.any())


def _desk() -> pl.Expr:
    """The first folder of the page's address if it is a word, as in /sport/2026/a-page; else the section that is named.

    The address tells where the paper filed the page, however the page is read.
    """
    folder = pl.col("url").str.extract(r"^https?://[^/?#]+/([\p{L}_-]{2,30})/[^/?#]", 1)
    return pl.coalesce(folder, pl.col("section").str.strip_chars().str.head(30)).str.to_lowercase()


def _halvings(size: pl.Expr) -> pl.Expr:
    """Half steps of doubling: 0 for nothing, 2 for 1, 4 for 2 ... 20 for 500: half a text is two classes lower."""
    return pl.when(size > 0).then((2 * size.cast(pl.Float64).log(2)).floor() + 2).otherwise(0).clip(0, 40)


def _lag() -> pl.Expr:
    hours = (pl.col("captured_at") - pl.col("published_at")).dt.total_seconds() / 3600
    steps = pl.sum_horizontal([(hours >= edge).cast(pl.Int8) for edge in LAGS_H])
    return pl.when(pl.col("is_new") & hours.is_not_null()).then(steps)


def _lines() -> pl.Expr:
    line = pl.element().str.strip_chars()
    both = pl.struct(key=line.hash(), chars=line.str.len_chars())
    return pl.col("body").str.split(PARAGRAPH_BREAK).list.head(LINES).list.eval(both)
