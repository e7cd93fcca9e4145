"""The receipts of cleaning."""

import pandera.polars as pa
import polars as pl

from schemas.table import Table


class Removal(Table):
    """One receipt: a stretch of extracted text that cleaning cut or changed.

    The receipts of one (version_id, field) do not overlap. Putting each `text` back in place of its
    `replacement`, from the first to the last, turns the clean text into the extracted one, byte for byte.
    """

    version_id: str = pa.Field(description="Version whose text was changed.")
    article_id: str = pa.Field(description="Article of that version.")
    site: str = pa.Field(description="Site of that article.")
    field: str = pa.Field(
        isin=["title", "body", "authors", "section", "summary", "tags"],
        description="Column that was changed; the values of a list are lines of one text.",
    )
    seq: pl.Int32 = pa.Field(ge=0, description="Place among the receipts of this version and field, from 0.")
    repair: str = pa.Field(description="Name of the repair.")
    rule: str = pa.Field(description="Rule of the repair that matched.")
    kind: str = pa.Field(description="What it was: ad_marker, promo_link, shortcode, editor_initials, typo ...")
    char_offset: pl.Int64 = pa.Field(ge=0, description="Where it began in the extracted text, in characters.")
    char_count: pl.Int64 = pa.Field(ge=0, description="How many characters of the extracted text it covers.")
    text: str = pa.Field(description="The characters themselves.")
    replacement: str = pa.Field(description="What stands in their place; empty for a cut.")
    evidence: str = pa.Field(nullable=True, description="Why the rule was sure.")
    run_id: str = pa.Field(description="Run that made the row.")
