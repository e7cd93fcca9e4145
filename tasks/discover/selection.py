"""Which listed URLs are due in this run, and in which order. Pure: frames in, frames out.

listed rows -> each URL to its first source -> known or due -> newest first, sources in turn -> up to the limit
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars as pl

from schemas.capture import Candidate
from schemas.reasons import State
from schemas.source import Source
from schemas.table import polars_schema
from tasks.discover.candidates import newest_first
from tasks.discover.moments import moment
from tasks.io.forgotten import Forgotten

OPEN_STATES = (str(State.DEFERRED), str(State.FAILED))
"""A local file or record in one of these was not read; in any other it was, and would read the same again."""
FOR_EVER = timedelta(days=3650)
"""A next try further ahead than this is none by time."""
MOST_CHANGED, FEWEST_CHANGED = 0.5, 10
"""A listing that says of more than this share of its known pages, and of so many at least, that they changed since we
looked, is not believed: that is a clock or a template (lastmod "now" on every page, a history published again), no
newsroom. Its pages are then looked at when they are due by what the ledger found of each: the hash of the text decides
whether there was a change, and a page that never changes is looked at ever more seldom."""
FACTS: dict[str, str] = {
    "etag": "etag",
    "last_modified": "last_modified",
    "payload_digest": "payload_digest",
    "last_full_at": "last_full_at",
    "failure_count": "failure_count",
    "unchanged_count": "unchanged_count",
    "known_state": "state",
    "known_article_id": "article_id",
    "known_version_id": "version_id",
}
"""Column of a candidate to the ledger's column that it repeats."""


NOTHING = Forgotten()


@dataclass(frozen=True)
class Selection:
    """What a run is to do: rows to fetch in the order of their turn, rows that wait, and counts of URLs by source."""

    candidates: pl.DataFrame
    deferred: pl.DataFrame
    counts: pl.DataFrame
    """source_id, found_count, known_count, also_listed_count; a source without any has no row."""
    disbelieved: Mapping[str, int] = field(default_factory=dict)
    """Source id to its known URLs whose listed change was not believed (`MOST_CHANGED`)."""


def select(
    listed: pl.DataFrame,
    ledger: pl.DataFrame,
    sources: Sequence[Source],
    now: datetime,
    limit: int | None = None,
    *,
    forgotten: Forgotten = NOTHING,
) -> Selection:
    """The run's share of what was listed.

    Args:
        listed: Candidate rows of all sources.
        ledger: last Ledger rows (kind page) of their URLs.
        sources: in the order of sources.yaml; a URL belongs to the first that lists it.
        now: the run's time.
        limit: most URLs of the run; a source's own limit is in it. What is beyond waits for the next run.
        forgotten: pages that are never fetched again; they count as known.
    """
    order = pl.DataFrame(
        {
            "source_id": [source.id for source in sources],
            "rank": range(len(sources)),
            "most": [source.limit for source in sources],
        },
        schema={"source_id": pl.String, "rank": pl.Int64, "most": pl.Int64},
    )
    ranked = listed.join(order, on="source_id", how="inner", maintain_order="left")
    is_first = pl.col("rank") == pl.col("rank").min().over("url_id")
    owned = _with_facts(ranked.filter(is_first), ledger, now)
    owned = owned.with_columns(is_known=pl.col("is_known") | forgotten.is_page())
    due = _in_turn(owned.filter(~pl.col("is_known")), now)
    has_turn = pl.col("turn").is_not_null()
    is_within = has_turn if limit is None else has_turn & (pl.col("turn") < limit)
    columns = list(polars_schema(Candidate))
    return Selection(
        candidates=due.filter(is_within).select(columns),
        deferred=due.filter(~is_within).select(columns),
        counts=_counts(owned, ranked.filter(~is_first)),
        disbelieved=_disbelieved(owned),
    )


def _with_facts(rows: pl.DataFrame, ledger: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """The rows with what the ledger knows of their URLs, and whether that is enough (`is_known`)."""
    names = FACTS | {name: name for name in ("state", "captured_at", "next_try_at", "capture_uri", "capture_offset")}
    known = ledger.select("url_id", *(pl.col(column).alias(f"_{name}") for name, column in names.items()))
    joined = rows.join(known, on="url_id", how="left", maintain_order="left")
    joined = joined.with_columns(claims_change=_claims_change(now)).with_columns(is_believed=_is_believed())
    joined = joined.with_columns(is_known=_is_known(now).fill_null(value=False))
    filled = joined.with_columns(
        pl.coalesce(f"_{name}", name).cast(polars_schema(Candidate)[name]).alias(name) for name in FACTS
    )
    return filled.drop(f"_{name}" for name in names)


def _is_early(now: datetime) -> pl.Expr:
    """Whether a page's own time has not come."""
    until = pl.col("_next_try_at")
    return ((until > now) & (until < now + FOR_EVER)).fill_null(value=False)


def _claims_change(now: datetime) -> pl.Expr:
    """Whether the listing says that a page, whose own time has not come, has changed since it was looked at."""
    changed_at = moment("listed_modified_at", end_of_day=True)
    is_later = (changed_at > pl.col("_captured_at")) & (moment("listed_modified_at") <= now)
    return _is_early(now) & is_later.fill_null(value=False)


def _is_believed() -> pl.Expr:
    """Whether the listing that names the page is believed when it speaks of changes."""
    listing = ["source_id", "listing_url"]
    known = pl.col("_state").is_not_null().sum().over(listing)
    claims = pl.col("claims_change").sum().over(listing)
    return (claims < FEWEST_CHANGED) | (claims <= MOST_CHANGED * known)


def _disbelieved(owned: pl.DataFrame) -> dict[str, int]:
    found = owned.filter(pl.col("claims_change") & ~pl.col("is_believed")).group_by("source_id")
    return dict(found.agg(pl.col("url_id").n_unique()).iter_rows())


def _is_known(now: datetime) -> pl.Expr:
    """Whether there is nothing to fetch for the URL in this run, for all of its rows together.

    A page: it is not due yet, unless the listing says, and is believed, that it changed since. A file: its last change
    is the one that was read. A record: the ledger names this archive, at its offset or a later one. What was read from
    an archive rests for ever (store), which says nothing of the page on the web.
    """
    waits = pl.col("_next_try_at") > now
    is_settled = ~pl.col("_state").is_in(OPEN_STATES) | waits.fill_null(value=False)
    is_same_file = (pl.col("_last_modified") == pl.col("listed_modified_at")) & is_settled
    was_read = (pl.col("_capture_uri") == pl.col("capture_uri")) & (
        pl.col("_capture_offset") >= pl.col("capture_offset")
    )
    return (
        pl.when(pl.col("capture_uri").is_not_null())
        .then((was_read.fill_null(value=False) & is_settled).all().over("url_id"))
        .when(pl.col("url").str.starts_with("file:"))
        .then(is_same_file)
        .otherwise(_is_early(now) & ~(pl.col("claims_change") & pl.col("is_believed")))
    )


def _in_turn(due: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """The rows in the order of their URLs' turns (`turn`, from 0): the newest of each source, sources one by one.

    URLs beyond their source's limit have no turn and come last.
    """
    urls = newest_first(due, now).unique("url_id", keep="first", maintain_order=True)
    placed = urls.with_columns(place=pl.int_range(pl.len()).over("source_id"))
    within = placed.filter(pl.col("most").is_null() | (pl.col("place") < pl.col("most"))).sort("place", "rank")
    turns = within.select("url_id").with_row_index("turn")
    return due.join(turns, on="url_id", how="left", maintain_order="left").sort("turn", "rank", "seq", nulls_last=True)


def _counts(owned: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    own = owned.group_by("source_id").agg(
        found_count=pl.col("url_id").n_unique(),
        known_count=pl.col("url_id").filter("is_known").n_unique(),
    )
    also = others.group_by("source_id").agg(also_listed_count=pl.col("url_id").n_unique())
    counts = ("found_count", "known_count", "also_listed_count")
    joined = own.join(also, on="source_id", how="full", coalesce=True)
    return joined.with_columns(pl.col(name).fill_null(0).cast(pl.Int64) for name in counts).sort("source_id")
