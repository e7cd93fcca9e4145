"""How versions belong together."""

import pandera.polars as pa

from schemas.table import Table, Timestamp


class Link(Table):
    """One tie between a version and an older one: alias, duplicate or story."""

    version_id: str = pa.Field(description="The later version, by (captured_at, url).")
    other_id: str = pa.Field(description="The earlier version that it belongs to.")
    kind: str = pa.Field(description="alias (same site), duplicate (same text on another site) or story.")
    url: str = pa.Field(description="URL of the later one; for an alias the second URL of the article.")
    story_id: str = pa.Field(nullable=True, description="Key of the story, for kind story.")
    jaccard: float = pa.Field(nullable=True, ge=0, le=1, description="Share of common five-word shingles.")
    recorded_at: Timestamp = pa.Field(description="When this row was made, UTC.")
    run_id: str = pa.Field(description="Run that made the row.")
