"""From the items of a source to its candidate rows: which are wanted, each once, the newest up to the cap. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars as pl
import pyarrow as arrow

from schemas.capture import Candidate
from schemas.identity import site_of, url_id
from schemas.source import Source, SourceKind
from schemas.table import arrow_schema, polars_schema
from tasks.discover.items import Item
from tasks.discover.local import site_of_document
from tasks.discover.moments import moment

TAKEN: dict[str, str] = {
    "url": "url",
    "listing_url": "listing_url",
    "listed_title": "title",
    "listed_authors": "authors",
    "listed_published_at": "published",
    "listed_modified_at": "modified",
    "listed_summary": "summary",
    "listed_tags": "tags",
    "capture_uri": "capture_uri",
    "capture_offset": "capture_offset",
}
"""Column of a candidate to the field of its item."""
LEDGER_FACTS = (
    "etag", "last_modified", "payload_digest", "last_full_at", "known_state", "known_article_id", "known_version_id",
)  # fmt: skip
TOLERANCE = timedelta(days=1)
"""A date further ahead than this is wrong, and counts as none."""


@dataclass(frozen=True)
class Tally:
    """What was left out of a source's candidates, in items."""

    excluded: int = 0
    """By the source's patterns."""
    foreign: int = 0
    """URLs of other sites, where the source takes none."""
    capped: int = 0
    """Beyond the cap, the oldest."""


def candidate_rows(source: Source, items: Sequence[Item], now: datetime) -> tuple[pl.DataFrame, Tally]:
    """The candidates of a source in the order of its listing, and what was left out.

    Each URL is there once, but in a web archive once a record. The columns from the ledger are empty.
    """
    wanted = [item for item in items if source.wants(item.url)]
    own = wanted if source.takes_other_sites else _of_site(wanted, site_of(source.url or ""))
    rows = _frame(source, _each_once(own))
    kept = newest(rows, source.item_cap, now) if source.kind is not SourceKind.WARC else rows
    tally = Tally(len(items) - len(wanted), len(wanted) - len(own), len(rows) - len(kept))
    return kept, tally


def newest(rows: pl.DataFrame, cap: int | None, now: datetime) -> pl.DataFrame:
    """The newest rows up to the cap, in the order that they had."""
    if cap is None or len(rows) <= cap:
        return rows
    return newest_first(rows, now).head(cap).sort("seq")


def newest_first(rows: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """The rows by date of the listing, newest first; those without a believable one last, as they were listed."""
    dated = pl.coalesce(moment("listed_published_at"), moment("listed_modified_at"))
    believable = pl.when(dated <= now + TOLERANCE).then(dated)
    return rows.sort(believable, "seq", descending=[True, False], nulls_last=True)


def _of_site(items: Iterable[Item], site: str) -> list[Item]:
    return [item for item in items if site_of(item.url) == site]


def _each_once(items: Iterable[Item]) -> list[Item]:
    """The first item of each URL, or of each record of an archive."""
    first: dict[tuple[str, str | None, int | None], Item] = {}
    for item in items:
        first.setdefault((item.url, item.capture_uri, item.capture_offset), item)
    return list(first.values())


def _frame(source: Source, items: Sequence[Item]) -> pl.DataFrame:
    """The items as candidate rows, built by column; the columns from the ledger are empty."""
    columns: dict[str, Sequence[object]] = {
        "url_id": [url_id(item.url) for item in items],
        "site": [_site(source, item.url) for item in items],
        "seq": range(len(items)),
        "listed_language": [source.language or item.language for item in items],
    }
    columns |= {column: [getattr(item, name) for item in items] for column, name in TAKEN.items()}
    schema, types = polars_schema(Candidate), arrow_schema(Candidate)
    typed = [pl.Series(name, arrow.array(values, types.field(name).type)) for name, values in columns.items()]
    return (
        pl.DataFrame(typed)
        .with_columns(
            source_id=pl.lit(source.id), failure_count=pl.lit(0, pl.Int32), unchanged_count=pl.lit(0, pl.Int32)
        )
        .with_columns(pl.lit(None, kind).alias(name) for name, kind in schema.items() if name in LEDGER_FACTS)
        .select(list(schema))
    )


def _site(source: Source, url: str) -> str:
    if source.site:
        return source.site
    return site_of_document(url) if source.kind is SourceKind.FOLDER else site_of(url)
