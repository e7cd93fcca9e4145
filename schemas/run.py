"""Runs, their sources, and what people decided.

Run and RunSource inherit twice because pandera puts the columns of the last base first: key, balance, the rest.
"""

import pandera.polars as pa
import polars as pl

from schemas.table import Table, Timestamp


class Counts(Table):
    """The balance: found = known + the sum of the nine states, over distinct page URLs."""

    found_count: pl.Int64 = pa.Field(ge=0, description="Distinct page URLs listed.")
    known_count: pl.Int64 = pa.Field(ge=0, description="Of them known already and not due; they get no ledger row.")
    stored_count: pl.Int64 = pa.Field(ge=0, description="State stored.")
    unchanged_count: pl.Int64 = pa.Field(ge=0, description="State unchanged.")
    duplicate_count: pl.Int64 = pa.Field(ge=0, description="State duplicate.")
    quarantined_count: pl.Int64 = pa.Field(ge=0, description="State quarantined.")
    held_count: pl.Int64 = pa.Field(ge=0, description="State held.")
    blocked_count: pl.Int64 = pa.Field(ge=0, description="State blocked.")
    gone_count: pl.Int64 = pa.Field(ge=0, description="State gone.")
    failed_count: pl.Int64 = pa.Field(ge=0, description="State failed.")
    deferred_count: pl.Int64 = pa.Field(ge=0, description="State deferred.")
    also_listed_count: pl.Int64 = pa.Field(
        ge=0, description="URLs that an earlier source of the run had listed already."
    )


class RunKey(Table):
    """What names a run and says how it ended."""

    run_id: str = pa.Field(unique=True, description="Key; the same over all retries of the flow run.")
    run_seq: pl.Int64 = pa.Field(ge=1, description="Order of commits: runs are counted as they commit, from 1.")
    flow: str = pa.Field(description="nightly, backfill, reprocess or maintain.")
    status: str = pa.Field(description="completed, failed or recovered (killed, and finished by a later run).")
    reason: str = pa.Field(nullable=True, description="Why it failed; null when it did not.")
    started_at: Timestamp = pa.Field(description="Begin, UTC.")
    ended_at: Timestamp = pa.Field(description="When its rows were staged for commit, UTC.")


class Run(Counts, RunKey):
    """One run of a flow, with its balance."""

    settings: str = pa.Field(description="Settings that steer the result, as JSON, without secrets.")
    copydesk_version: str = pa.Field(description="Version of Copydesk.")
    parser_version: str = pa.Field(description="Version of the parser.")
    rules_version: str = pa.Field(description="Version of the cleaning rules.")
    request_count: pl.Int64 = pa.Field(ge=0, description="Requests sent, robots.txt and listings included.")
    body_bytes: pl.Int64 = pa.Field(ge=0, description="Bytes of bodies received.")
    removal_count: pl.Int64 = pa.Field(ge=0, description="Receipts written.")
    crowded_count: pl.Int64 = pa.Field(
        nullable=True,
        ge=0,
        description="Groups of look-alike texts (templates, mostly) that were too large to compare all with all.",
    )


class RunSourceKey(Table):
    """What names a source in a run and says whether it could be read."""

    run_id: str = pa.Field(description="Run.")
    source_id: str = pa.Field(description="Source of sources.yaml.")
    kind: str = pa.Field(description="feed, sitemap, url_list, folder or warc.")
    status: str = pa.Field(description="ok, or failed when its listing could not be read.")
    reason: str = pa.Field(nullable=True, description="Code of the reason when it failed.")
    detail: str = pa.Field(
        nullable=True, description="Why it failed; or what to know of it: gaps, floods, moves, what was left out."
    )


class RunSource(Counts, RunSourceKey):
    """One source in one run, with its balance."""

    listing_count: pl.Int64 = pa.Field(ge=0, description="Listings read (a sitemap index has many).")
    bad_item_count: pl.Int64 = pa.Field(ge=0, description="Items of its listings that name no usable URL.")
    capped_count: pl.Int64 = pa.Field(
        ge=0, description="Items beyond the cap of a listing; they are not in found_count."
    )
    gap_estimate: pl.Int64 = pa.Field(
        nullable=True, ge=0, description="Articles probably missed since the last poll; null when none or not known."
    )
    time_zone: str = pa.Field(
        nullable=True,
        description="Its time_zone in sources.yaml: whose days its articles are counted by; null for UTC.",
    )


class Decision(Table):
    """One decision of a person; the next publish or run applies it."""

    decision_id: str = pa.Field(unique=True, description="Key.")
    kind: str = pa.Field(description="release, drop, confirm, refuse, retract_run, forget, expire, close or undo.")
    target: str = pa.Field(
        description="What it is about: <run_id>/<source_id> of held pages, line_hash, run_id or decision_id; for forget"
        " `url:` and a url_id, `article:` and an article_id, or `site:` and a site; for expire a capture_uri."
    )
    note: str = pa.Field(nullable=True, description="Why, in the person's words.")
    actor: str = pa.Field(nullable=True, description="Who decided.")
    decided_at: Timestamp = pa.Field(description="When, UTC.")
    run_id: str = pa.Field(description="Run or command that recorded it.")
