"""What Copydesk has learned of a site's furniture."""

import pandera.polars as pa
import polars as pl

from schemas.table import Table, Timestamp


class SiteLine(Table):
    """What is known of a line, prefix, suffix or block that recurs on pages of a site with different articles."""

    site: str = pa.Field(description="Site on whose pages it stands.")
    line_hash: str = pa.Field(description="Key of the rule. Hash of the site and the text with single spaces.")
    text: str = pa.Field(description="The text as first seen.")
    position: str = pa.Field(description="line, prefix, suffix, inside or block.")
    article_count: pl.Int64 = pa.Field(
        ge=0, description="Different articles that carry it, among the newest 200 of the site."
    )
    first_seen_at: Timestamp = pa.Field(description="captured_at of the first of them, UTC.")
    last_seen_at: Timestamp = pa.Field(description="captured_at of the last of them, UTC.")
    state: str = pa.Field(description="learned, confirmed or refused.")
    rules_version: str = pa.Field(description="Version of the rules that counted it.")
    run_id: str = pa.Field(description="Run that made the row.")
