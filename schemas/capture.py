"""What discover hands to fetch, and fetch to parse."""

import pandera.polars as pa
import polars as pl

from schemas.table import StringList, Table, Timestamp


class Candidate(Table):
    """One page URL that is due in a run, with what its listing says of it (handed from discover to fetch and parse)."""

    url_id: str = pa.Field(description="Hash of the normalised URL.")
    url: str = pa.Field(description="URL, normalised.")
    site: str = pa.Field(description="Registered domain, or the name that the source gives.")
    source_id: str = pa.Field(description="Source that listed it first.")
    seq: pl.Int32 = pa.Field(ge=0, description="Place in the source's listing, from 0.")
    listing_url: str = pa.Field(nullable=True, description="Listing that named it.")
    listed_title: str = pa.Field(nullable=True, description="Title in the listing.")
    listed_authors: StringList = pa.Field(description="Authors in the listing.")
    listed_published_at: str = pa.Field(nullable=True, description="Publication date in the listing, as written.")
    listed_modified_at: str = pa.Field(nullable=True, description="lastmod or updated in the listing, as written.")
    listed_summary: str = pa.Field(nullable=True, description="Summary in the listing, as plain text.")
    listed_tags: StringList = pa.Field(description="Categories or keywords in the listing.")
    listed_language: str = pa.Field(nullable=True, description="Language that the listing gives.")
    etag: str = pa.Field(nullable=True, description="From the ledger: ETag of the last response.")
    last_modified: str = pa.Field(nullable=True, description="From the ledger: Last-Modified of the last response.")
    payload_digest: str = pa.Field(nullable=True, description="From the ledger: digest of the last full body.")
    last_full_at: Timestamp = pa.Field(nullable=True, description="From the ledger: when a whole body last came, UTC.")
    failure_count: pl.Int32 = pa.Field(ge=0, description="From the ledger: runs in a row without a usable response.")
    unchanged_count: pl.Int32 = pa.Field(ge=0, description="From the ledger: runs in a row that found nothing new.")
    known_state: str = pa.Field(nullable=True, description="From the ledger: state of the URL's last row.")
    known_article_id: str = pa.Field(nullable=True, description="From the ledger: article that the page was.")
    known_version_id: str = pa.Field(nullable=True, description="From the ledger: version that the page was.")
    capture_uri: str = pa.Field(nullable=True, description="Set when the page lies in a WARC already (kind warc).")
    capture_offset: pl.Int64 = pa.Field(nullable=True, description="Byte offset of the record in that file.")


class Capture(Table):
    """One response (or its absence) for one URL: what fetch hands to parse, and what the ledger repeats."""

    url_id: str = pa.Field(description="Hash of the normalised URL.")
    url: str = pa.Field(description="URL that was asked for, normalised.")
    site: str = pa.Field(description="Registered domain, or the name that the source gives.")
    source_id: str = pa.Field(description="Source that listed it first.")
    kind: str = pa.Field(isin=["page", "listing", "robots"], description="page, listing or robots.")
    outcome: str = pa.Field(description="fetched, not_modified, blocked, gone, failed, deferred or refused.")
    reason: str = pa.Field(
        nullable=True, description="Code of the reason for any outcome but fetched and not_modified."
    )
    detail: str = pa.Field(nullable=True, description="What exactly was seen; escaped, at most 300 characters.")
    final_url: str = pa.Field(nullable=True, description="URL that answered, after redirects.")
    http_status: pl.Int32 = pa.Field(nullable=True, description="HTTP status of the last response.")
    content_type: str = pa.Field(nullable=True, description="Content-Type header of the last response.")
    attempt_count: pl.Int32 = pa.Field(ge=0, description="Requests made.")
    etag: str = pa.Field(nullable=True, description="ETag of the response.")
    last_modified: str = pa.Field(nullable=True, description="Last-Modified of the response.")
    payload_digest: str = pa.Field(
        nullable=True, description="sha1: and base32, of the body as it came, as in WARC-Payload-Digest."
    )
    last_full_at: Timestamp = pa.Field(
        nullable=True, description="When a whole body last came, UTC; a 304 says nothing of the body."
    )
    is_tls_verified: bool = pa.Field(
        nullable=True,
        description="Whether the certificate of the host that answered was verified; null: it was not asked by https.",
    )
    reservations: StringList = pa.Field(
        nullable=True,
        description="What robots.txt and headers reserve for the page (and its head, where a source respects it): "
        "noindex, noarchive, noai, tdm, ai_train, ai_input, ai_agents; null when it was not asked for.",
    )
    captured_at: Timestamp = pa.Field(description="When the response came (for a file: its last change), UTC.")
    next_try_at: Timestamp = pa.Field(nullable=True, description="Not due before this time, UTC.")
    paused_until: Timestamp = pa.Field(nullable=True, description="Robots rows: the host rests until then, UTC.")
    robots_verdict: str = pa.Field(nullable=True, description="Robots rows: rules, allow_all or disallow_all, and why.")
    crawl_delay_s: float = pa.Field(nullable=True, ge=0, description="Robots rows: Crawl-delay in seconds.")
    capture_uri: str = pa.Field(nullable=True, description="WARC file: a path below the data folder, or a URI.")
    capture_offset: pl.Int64 = pa.Field(nullable=True, ge=0, description="Byte offset of the record in that file.")
    capture_length: pl.Int64 = pa.Field(nullable=True, ge=0, description="Bytes of the record in that file.")
    body_bytes: pl.Int64 = pa.Field(nullable=True, ge=0, description="Bytes of the body as they came.")
    duration_ms: pl.Int64 = pa.Field(nullable=True, ge=0, description="Time from request to last byte.")
