"""The only memory of a URL, a listing and a host."""

import pandera.polars as pa
import polars as pl

from schemas.table import Table, Timestamp


class Ledger(Table):
    """One URL of one run with its final state. The last row of a URL by commit order is what is known of it."""

    run_id: str = pa.Field(description="Run that made the row.")
    kind: str = pa.Field(isin=["page", "listing", "robots"], description="page, listing or robots.")
    url_id: str = pa.Field(description="Hash of the normalised URL; with kind the key within a run.")
    url: str = pa.Field(description="The URL, normalised.")
    site: str = pa.Field(description="Registered domain, or the name that the source gives.")
    source_id: str = pa.Field(description="Source that listed it first in this run.")
    state: str = pa.Field(description="Final state in this run; read for a listing or robots.txt that was understood.")
    reason: str = pa.Field(nullable=True, description="Code of the reason for any state but stored, unchanged, read.")
    detail: str = pa.Field(
        nullable=True, description="What exactly was seen, for people; escaped, at most 300 characters."
    )
    final_url: str = pa.Field(nullable=True, description="URL that answered, after redirects.")
    http_status: pl.Int32 = pa.Field(nullable=True, description="HTTP status of the last response.")
    attempt_count: pl.Int32 = pa.Field(ge=0, description="Requests made for it in this run.")
    failure_count: pl.Int32 = pa.Field(ge=0, description="Runs in a row that ended without a usable response.")
    unchanged_count: pl.Int32 = pa.Field(ge=0, description="Runs in a row that found nothing new.")
    etag: str = pa.Field(nullable=True, description="ETag to send as If-None-Match.")
    last_modified: str = pa.Field(nullable=True, description="Last-Modified to send as If-Modified-Since.")
    payload_digest: str = pa.Field(nullable=True, description="Digest of the last full body.")
    last_full_at: Timestamp = pa.Field(
        nullable=True, description="When a whole body last came, UTC; days later it is asked for without conditions."
    )
    is_tls_verified: bool = pa.Field(
        nullable=True,
        description="Whether the certificate of the host that answered was verified; null: it was not asked by https.",
    )
    captured_at: Timestamp = pa.Field(nullable=True, description="When it was last fetched, UTC.")
    next_try_at: Timestamp = pa.Field(
        nullable=True, description="Not due before this time, UTC; null: due when listed."
    )
    paused_until: Timestamp = pa.Field(nullable=True, description="Robots rows: the whole host rests until then, UTC.")
    robots_verdict: str = pa.Field(nullable=True, description="Robots rows: rules, allow_all or disallow_all, and why.")
    crawl_delay_s: float = pa.Field(nullable=True, ge=0, description="Robots rows: Crawl-delay in seconds.")
    capture_uri: str = pa.Field(nullable=True, description="WARC file that holds the response.")
    capture_offset: pl.Int64 = pa.Field(nullable=True, ge=0, description="Byte offset of the record in that file.")
    capture_length: pl.Int64 = pa.Field(nullable=True, ge=0, description="Bytes of the record in that file.")
    body_bytes: pl.Int64 = pa.Field(nullable=True, ge=0, description="Bytes of the body as they came.")
    duration_ms: pl.Int64 = pa.Field(nullable=True, ge=0, description="Time from request to last byte.")
    article_id: str = pa.Field(nullable=True, description="Article that the page is, or was when it was last read.")
    version_id: str = pa.Field(nullable=True, description="Version that the page was when it was last read.")
    recorded_at: Timestamp = pa.Field(description="When this row was made, UTC.")
