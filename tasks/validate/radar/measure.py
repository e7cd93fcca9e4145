"""From the signs of a run's pages to counts: how many pages of each source show what.

Three forms of measures, all of them counts of pages out of pages, so that parts of a source add up:
*shares* (yes or no), *classes* in order (lengths, ages), and *names* (languages, templates).
"""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from schemas.measure import Measure
from schemas.reasons import RadarVerdict
from schemas.table import polars_schema

ALL = ""
"""The part that is the whole source."""
YES = "yes"

FIELDS = ("has_authors", "has_date", "has_section", "has_tags", "has_summary", "has_image")
"""Shares of pages that have a field."""
REPEATS = ("title_same", "author_same", "date_same", "body_same", "boilerplate")
"""Shares of pages that say what most others say: the most frequent title, authors, time or text of the source tonight.

Not: what any other page says. That share grows with the number of pages, so that a busy night would look broken."""
COPIES = ("title_same", "author_same", "date_same")
SHARES = (*FIELDS, *REPEATS, "author_odd", "letters_lost", "ends_open")
CLASSES = ("body_words", "title_chars", "date_lag")
NAMES = ("language", "desk", "template")
MOST_DESKS = 24
"""Desks of a source that are counted in a run: a site may file each page in a folder of its own."""

VOLUME, REFUSED = "volume", "refused"
"""New pages that were listed; pages that parse, clean or validate refused, of all that were read."""

SHARED_CHARS = 0.3
"""Share of a body in paragraphs that many pages of the run have, from which it counts as boilerplate."""
MANY_PAGES = 0.15
"""Share of the source's different texts, two at least, that have a paragraph which counts as shared."""


def see_symptoms(signs: pl.DataFrame) -> pl.DataFrame:
    """The signs with a column for each measure: true or false, a class, or a name; null: the page does not count."""
    rows = signs.with_row_index("row")
    shared = _shared_lines(rows)
    is_copy = ~pl.struct("source_id", "body_key").is_first_distinct()
    return (
        rows.join(shared, on="row", how="left")
        .with_columns(body_same=is_copy)
        .with_columns(
            title_same=_repeated("title_key"),
            author_same=_repeated("author_key"),
            date_same=_repeated("date_key"),
            boilerplate=(pl.col("shared") >= SHARED_CHARS).fill_null(value=False),
        )
        .drop("row", "shared")
    )


def _repeated(key: str) -> pl.Expr:
    """Whether the page has the source's most frequent value, and is not alone; null where nothing can be compared.

    A copy of another page's text has its title, date and authors by right, and does not count.
    """
    own = pl.when(~pl.col("body_same")).then(key)
    same = pl.when(own.is_not_null()).then(own.count().over("source_id", key))
    is_alone = own.count().over("source_id") < 2
    return pl.when(own.is_not_null() & ~is_alone).then((same > 1) & (same == same.max().over("source_id")))


def _shared_lines(rows: pl.DataFrame) -> pl.DataFrame:
    """For each row the share of its characters in paragraphs that many rows of its source have."""
    lines = rows.select("row", "source_id", "body_key", "lines").explode("lines").unnest("lines").drop_nulls("key")
    # Copies of one text are counted as such (body_same); here only different texts tell of a frame.
    pages = lines.group_by("source_id", "key").agg(texts=pl.col("body_key").n_unique())
    joined = lines.join(pages, on=["source_id", "key"]).with_columns(of=pl.col("body_key").n_unique().over("source_id"))
    is_shared = pl.col("texts") >= pl.max_horizontal(2, MANY_PAGES * pl.col("of"))
    chars = pl.col("chars").cast(pl.Int64)
    return joined.group_by("row").agg(shared=chars.filter(is_shared).sum() / pl.max_horizontal(chars.sum(), 1))


def measure(
    signs: pl.DataFrame,
    refused: pl.DataFrame,
    listed: pl.DataFrame,
    *,
    run_id: str,
    now: datetime,
) -> pl.DataFrame:
    """The counts of a run as rows of `Measure`, verdict `learning` until they are judged; sorted.

    Args:
        signs: Signs of all pages that passed, templates named (`name_templates`).
        refused: Columns source_id and refused_count: pages that parse, clean or validate refused.
        listed: Columns source_id and new_count, a row for each source whose listing could be read: pages it listed
            that no run had read before.
        run_id: The run.
        now: Its time, UTC.
    """
    seen = see_symptoms(signs)
    pages = pl.concat([seen.with_columns(part=pl.lit(ALL)), seen.filter(pl.col("part").is_not_null())])
    rows = [
        *(_count_share(pages, name) for name in SHARES),
        *(_count_bins(pages, name) for name in (*CLASSES, "language")),
        _count_bins(pages.filter(pl.col("part") == ALL), "desk"),
        _count_bins(pages.filter(pl.col("part") == ALL), "template"),
        _count_refused(signs, refused),
        listed.select("source_id", part=pl.lit(ALL), measure=pl.lit(VOLUME), bin=pl.lit(YES),
                      count=pl.col("new_count").cast(pl.Int64), of_count=pl.col("new_count").cast(pl.Int64)),
    ]  # fmt: skip
    types = polars_schema(Measure)
    told = pl.concat(rows).with_columns(
        run_id=pl.lit(run_id),
        recorded_at=pl.lit(now),
        low=None,
        high=None,
        message=None,
        verdict=pl.lit(RadarVerdict.LEARNING.value),
    )
    return told.select(pl.col(name).cast(kind) for name, kind in types.items()).sort(KEY)


KEY: Sequence[str] = ("source_id", "part", "measure", "bin")


def _count_share(pages: pl.DataFrame, name: str) -> pl.DataFrame:
    """Pages with it; for repeats those beyond the first, so that two pages that are alike are one event."""
    counted = pages.group_by("source_id", "part").agg(
        count=pl.col(name).sum().cast(pl.Int64), of_count=pl.col(name).count().cast(pl.Int64)
    )
    if name in COPIES:
        counted = counted.with_columns(count=(pl.col("count") - 1).clip(lower_bound=0), of_count=pl.col("of_count") - 1)
    return counted.filter(pl.col("of_count") > 0).select(
        "source_id", "part", measure=pl.lit(name), bin=pl.lit(YES), count="count", of_count="of_count"
    )


def _count_bins(pages: pl.DataFrame, name: str) -> pl.DataFrame:
    there = pages.drop_nulls(name)
    text = pl.col(name) if name in NAMES else pl.col(name).cast(pl.String).str.zfill(2)
    counted = there.group_by("source_id", "part", bin=text).agg(count=pl.len().cast(pl.Int64))
    of_count = pl.col("count").sum().over("source_id", "part")
    if name == "desk":
        counted = counted.sort("count", "bin", descending=[True, False]).group_by("source_id", "part").head(MOST_DESKS)
    return counted.select("source_id", "part", measure=pl.lit(name), bin="bin", count="count", of_count=of_count)


def _count_refused(signs: pl.DataFrame, refused: pl.DataFrame) -> pl.DataFrame:
    passed = signs.group_by("source_id").agg(passed=pl.len().cast(pl.Int64))
    both = passed.join(refused, on="source_id", how="full", coalesce=True).fill_null(0)
    count = pl.col("refused_count").cast(pl.Int64)
    return both.select(
        "source_id", part=pl.lit(ALL), measure=pl.lit(REFUSED), bin=pl.lit(YES), count=count,
        of_count=count + pl.col("passed"),
    ).filter(pl.col("of_count") > 0)  # fmt: skip
