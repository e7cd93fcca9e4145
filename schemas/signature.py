"""How texts that are nearly the same are found again: a few numbers for each text."""

from typing import Annotated

import pandera.polars as pa
import polars as pl

from schemas.table import Table, Timestamp

BANDS = Annotated[pl.List, pl.Int64()]


class Signature(Table):
    """One text and the numbers by which near-duplicates of it are found; derived from articles."""

    content_hash: str = pa.Field(description="The text: hash of title and body. One row each, of its first version.")
    version_id: str = pa.Field(description="The version that brought the text first.")
    article_id: str = pa.Field(description="Article of that version.")
    url: str = pa.Field(description="URL of that version.")
    site: str = pa.Field(description="Site of that version.")
    captured_at: Timestamp = pa.Field(description="When that version was fetched, UTC.")
    method: str = pa.Field(description="How the numbers were made; only those of one method can be compared.")
    bands: BANDS = pa.Field(
        description="MinHash signature of the body's shingles: each number is two of its 32-bit values."
    )
    run_id: str = pa.Field(description="Run that made the row.")
