"""How versions belong together."""

import pandera.polars as pa

from schemas.table import Table, Timestamp


class Link(Table):
    """One tie between a version and an older one: alias, duplicate or story. What is tied are their texts."""

    version_id: str = pa.Field(description="The later version, by (captured_at, url).")
    other_id: str = pa.Field(description="The earlier version that it belongs to.")
    kind: str = pa.Field(
        description="alias (same text, same site), duplicate (same text on another site) or story (nearly the same)."
    )
    url: str = pa.Field(description="URL of the later one; for an alias the second URL of the article.")
    jaccard: float = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="Shingles (five words in a row) that both bodies have, as a share of those that one has.",
    )
    change_share: float = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="Share of words that are not in both bodies; words that only moved do not count.",
    )
    recorded_at: Timestamp = pa.Field(description="When this row was made, UTC.")
    run_id: str = pa.Field(description="Run that made the row.")
