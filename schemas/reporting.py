"""The views that the report of a run is made from (`sql/069_run_reports.sql`): one model a view."""

import pandera.polars as pa
import polars as pl

from schemas.table import Table, Timestamp

_RUN = "Run."


class RunFunnel(Table):
    """How many URLs of one source ended in one state in one run; states without URLs have no row."""

    run_id: str = pa.Field(description=_RUN)
    source_id: str = pa.Field(description="Source.")
    state: str = pa.Field(description="known, or the final state.")
    url_count: pl.Int64 = pa.Field(ge=1, description="Distinct page URLs.")


class RunVolume(Table):
    """New pages that one source listed in one run, beside what the 28 runs before had."""

    run_id: str = pa.Field(description=_RUN)
    source_id: str = pa.Field(description="Source; only where its listing could be read.")
    run_seq: pl.Int64 = pa.Field(ge=1, description="Place of the run in the order of commits.")
    ended_at: Timestamp = pa.Field(description="End of the run, UTC.")
    new_count: pl.Int64 = pa.Field(ge=0, description="Pages listed that were not known, or were due again.")
    low_count: float = pa.Field(
        nullable=True, description="A tenth of the 28 runs before had fewer; null with fewer than seven runs."
    )
    usual_count: float = pa.Field(nullable=True, description="Their median.")
    high_count: float = pa.Field(nullable=True, description="A tenth of them had more.")


class RunFreshness(Table):
    """Hours from publication to capture of one site's new articles in one run."""

    run_id: str = pa.Field(description=_RUN)
    site: str = pa.Field(description="Site.")
    article_count: pl.Int64 = pa.Field(ge=1, description="First versions whose date is known and not in the future.")
    median_hours: float = pa.Field(ge=0, description="Median of the hours.")
    slow_hours: float = pa.Field(ge=0, description="A tenth of the articles took longer.")
    newest_at: Timestamp = pa.Field(description="The newest publication date, UTC.")


class RunRefusal(Table):
    """Pages that one rule refused in one run, with one of them as an example."""

    run_id: str = pa.Field(description=_RUN)
    stage: str = pa.Field(description="Stage that refused them.")
    severity: str = pa.Field(description="reject or hold.")
    reason: str = pa.Field(description="Code of the reason.")
    rule: str = pa.Field(description="Check or rule.")
    page_count: pl.Int64 = pa.Field(ge=1, description="Pages.")
    source_count: pl.Int64 = pa.Field(ge=1, description="Sources that they are from.")
    url: str = pa.Field(description="The first of their URLs, by name.")
    value: str = pa.Field(nullable=True, description="The value found there.")
    limits: str = pa.Field(nullable=True, description="What the rule accepts.")
    message: str = pa.Field(nullable=True, description="One sentence for people.")


class RunCut(Table):
    """What cleaning cut or repaired of one kind in one run."""

    run_id: str = pa.Field(description=_RUN)
    kind: str = pa.Field(description="Kind of removal.")
    receipt_count: pl.Int64 = pa.Field(ge=1, description="Receipts.")
    version_count: pl.Int64 = pa.Field(ge=1, description="Versions with such receipts.")
    char_count: pl.Int64 = pa.Field(description="Characters that the texts became shorter by.")
    text: str = pa.Field(description="The shortest of the stretches.")


class RunHost(Table):
    """How one host answered in one run."""

    run_id: str = pa.Field(description=_RUN)
    host: str = pa.Field(description="Host, with its port where the URLs name one.")
    request_count: pl.Int64 = pa.Field(ge=1, description="Pages, listings and robots.txt that it answered.")
    median_ms: float = pa.Field(ge=0, description="Median time from request to last byte.")
    slow_ms: float = pa.Field(ge=0, description="One in twenty took longer.")
    failed_count: pl.Int64 = pa.Field(ge=0, description="Of them blocked or failed.")


class RunQuality(Table):
    """What the versions of one run had: each quality measure as one number."""

    run_id: str = pa.Field(unique=True, description=_RUN)
    run_seq: pl.Int64 = pa.Field(ge=1, description="Place in the order of commits.")
    ended_at: Timestamp = pa.Field(description="End of the run, UTC.")
    version_count: pl.Int64 = pa.Field(ge=0, description="Versions stored.")
    author_share: float = pa.Field(nullable=True, description="Share of them with an author.")
    date_share: float = pa.Field(nullable=True, description="Share with a publication date.")
    section_share: float = pa.Field(nullable=True, description="Share with a section.")
    image_share: float = pa.Field(nullable=True, description="Share with a lead image.")
    language_share: float = pa.Field(nullable=True, description="Share whose language could be told.")
    median_words: float = pa.Field(nullable=True, description="Median words of a body.")
    refused_share: float = pa.Field(nullable=True, description="Pages quarantined or held, of those that were read.")
    lost_share: float = pa.Field(nullable=True, description="Pages blocked or failed, of those asked for.")
    cut_chars: float = pa.Field(nullable=True, description="Characters cut for each version.")


REPORTING: dict[str, type[Table]] = {
    "run_funnel": RunFunnel,
    "run_volumes": RunVolume,
    "run_freshness": RunFreshness,
    "run_refusals": RunRefusal,
    "run_cuts": RunCut,
    "run_hosts": RunHost,
    "run_quality": RunQuality,
}
"""The views by name, in the order of the report."""
