"""Who said what: side files of the files of articles, which publish makes from the texts.

They can be made again at any time, and are no part of the tables.
"""

import pandera.polars as pa
import polars as pl

from schemas.table import Table


class Quote(Table):
    """One thing that somebody is quoted with in the current version of an article."""

    version_id: str = pa.Field(description="The version.")
    article_id: str = pa.Field(description="Its article.")
    site: str = pa.Field(description="Its site.")
    seq: pl.Int32 = pa.Field(ge=1, description="Number of the quote in its article, from 1.")
    speaker: str = pa.Field(
        nullable=True,
        description="Name of the person in the longest form that the article has; null when it gives no name, or when "
        "it is not certain whose it is.",
    )
    spoken_as: str = pa.Field(
        nullable=True, description="How the text names the speaker beside the quote: Mr. Brawner, he, the ambassador."
    )
    verb: str = pa.Field(nullable=True, description="Verb of saying, as it is written; null when there is none.")
    quote: str = pa.Field(description="What stands between the marks; paragraphs parted by one empty line.")
    place: pl.Int32 = pa.Field(ge=0, description="Characters of the body before it.")


class QuoteRow(Quote):
    """One row of a side file: a quote with the place of its version in the word index."""

    part: pl.Int64 = pa.Field(description="Number of the file of articles, as in text_rows.")
    row_no: pl.Int32 = pa.Field(ge=0, description="Place of the version in that file, from 0.")
