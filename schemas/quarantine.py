"""What was refused, and why."""

import pandera.polars as pa
import polars as pl

from schemas.table import Table, Timestamp


class Quarantine(Table):
    """One refusal: a page or candidate row that a stage did not let pass, with rule, value and limits."""

    quarantine_id: str = pa.Field(description="Key. Hash of run_id, URL, stage and rule.")
    url: str = pa.Field(description="URL of the page.")
    site: str = pa.Field(description="Site of the page.")
    source_id: str = pa.Field(description="Source that listed it.")
    article_id: str = pa.Field(nullable=True, description="Article it would have been, where that is known.")
    version_id: str = pa.Field(nullable=True, description="Version it would have been, where that is known.")
    stage: str = pa.Field(description="Stage that refused it: fetch, parse, clean, validate, store.")
    severity: str = pa.Field(isin=["reject", "hold"], description="reject, or hold for a person's decision.")
    reason: str = pa.Field(description="Code of the reason (docs/data-dictionary.md lists all).")
    rule: str = pa.Field(description="Check or rule that refused it.")
    field: str = pa.Field(nullable=True, description="Column that the rule looked at.")
    value: str = pa.Field(nullable=True, description="The value found, shortened to 500 characters.")
    limits: str = pa.Field(nullable=True, description="What the rule accepts.")
    message: str = pa.Field(description="One sentence for people.")
    page_kind: str = pa.Field(nullable=True, description="What the page was taken for.")
    candidate: str = pa.Field(nullable=True, description="The whole candidate row as JSON, where one was made.")
    captured_at: Timestamp = pa.Field(nullable=True, description="When the page was fetched, UTC.")
    recorded_at: Timestamp = pa.Field(description="When this row was made, UTC.")
    capture_uri: str = pa.Field(nullable=True, description="WARC file that holds the page.")
    capture_offset: pl.Int64 = pa.Field(nullable=True, ge=0, description="Byte offset of the record in that file.")
    run_id: str = pa.Field(description="Run that made the row.")
