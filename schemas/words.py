"""The word index: side files of the files of articles, in which SQL looks words up.

Publish makes them from the texts. They can be made again at any time, and are no part of the tables.
"""

import pandera.polars as pa
import polars as pl

from schemas.table import IntList, Table, Timestamp


class TextRow(Table):
    """One version in one file of articles, by its place there, with the day that it counts for."""

    part: pl.Int64 = pa.Field(description="Number of the file of articles, made from its name and footer.")
    row_no: pl.Int32 = pa.Field(ge=0, description="Place of the version in that file, from 0.")
    version_id: str = pa.Field(description="The version.")
    article_id: str = pa.Field(description="Its article.")
    site: str = pa.Field(description="Its site.")
    run_id: str = pa.Field(description="Run that stored it.")
    told_at: Timestamp = pa.Field(
        description="published_at of a first version; captured_at of a later one, or where no date is believable; UTC."
    )
    day: pl.Date = pa.Field(
        description="Day in the time zone of its source by published_at, or captured_at where no date is believable."
    )


class Term(Table):
    """One word in one file of articles: which versions have it, and how often."""

    term: str = pa.Field(description="The word in lower case; in scripts without spaces each character is one too.")
    part: pl.Int64 = pa.Field(description="Number of the file of articles, as in text_rows.")
    row_nos: IntList = pa.Field(description="Places of the versions in that file, ascending.")
    counts: IntList = pa.Field(description="How often each of them has the word, in title and body.")


class TermDay(Table):
    """One word on one day in one file of articles, over the current versions."""

    day: pl.Date = pa.Field(description="Day in the time zone of the sources.")
    term: str = pa.Field(description="The word, of two letters or more, in lower case.")
    article_count: pl.Int64 = pa.Field(ge=1, description="Articles of the day that have it.")
    mention_count: pl.Int64 = pa.Field(ge=1, description="How often it stands in them.")
