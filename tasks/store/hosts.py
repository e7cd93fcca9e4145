"""The last word on listings and robots.txt: one ledger row for each, the last capture of the run."""

from datetime import datetime

import polars as pl

from schemas.ledger import Ledger
from schemas.reasons import Outcome, State
from schemas.table import polars_schema

_STATES = {
    Outcome.FETCHED: State.READ,
    Outcome.NOT_MODIFIED: State.READ,
    Outcome.BLOCKED: State.BLOCKED,
    Outcome.GONE: State.GONE,
    Outcome.FAILED: State.FAILED,
    Outcome.DEFERRED: State.DEFERRED,
    Outcome.REFUSED: State.FAILED,
}
"""A listing that came but could not be understood has failed: it named no page."""


def settle_hosts(listings: pl.DataFrame, known: pl.DataFrame, run_id: str, now: datetime) -> pl.DataFrame:
    """The ledger rows of all listings and robots.txt of a run, in the columns of `Ledger`.

    Args:
        listings: `Capture` rows of kind listing and robots; where two have the same time, the later row counts.
        known: Their last ledger rows.
        run_id: The run.
        now: Its time.
    """
    before = known.select(
        "kind", "url_id", *(pl.col(name).alias(f"{name}_old") for name in (*_KEPT, *_COUNTED)), state_old="state"
    )
    last = (
        listings.sort("captured_at", maintain_order=True)
        .with_columns(attempt_count=pl.col("attempt_count").sum().over("kind", "url_id"))
        .group_by("kind", "url_id", maintain_order=True)
        .last()
        .join(before, on=["kind", "url_id"], how="left")
    )
    state = pl.col("outcome").replace_strict({str(k): v.value for k, v in _STATES.items()}, return_dtype=pl.String)
    is_same = (pl.col("outcome") == Outcome.NOT_MODIFIED) | (
        (pl.col("outcome") == Outcome.FETCHED) & (pl.col("payload_digest") == pl.col("payload_digest_old"))
    ).fill_null(value=False)
    failed = pl.col("state").is_in([State.FAILED, State.BLOCKED])
    return (
        last.with_columns(state=state)
        .with_columns(
            failure_count=pl.when(failed).then(_counted("failure_count")).otherwise(_held("failure_count")),
            unchanged_count=pl.when(is_same)
            .then(_counted("unchanged_count"))
            .when(failed)
            .then(pl.col("unchanged_count_old").fill_null(0))
            .otherwise(_held("unchanged_count")),
            reason=pl.when(pl.col("state") != State.READ).then("reason"),
            run_id=pl.lit(run_id),
            article_id=pl.lit(None),
            version_id=pl.lit(None),
            recorded_at=pl.lit(now),
            **{name: _kept(name) for name in _KEPT},
        )
        .select(pl.col(name).cast(kind) for name, kind in polars_schema(Ledger).items())
    )


_KEPT = ("etag", "last_modified", "payload_digest")
_COUNTED = ("failure_count", "unchanged_count")


def _kept(name: str) -> pl.Expr:
    """New with a body; new or else old with a 304; old when nothing came that was understood."""
    return (
        pl.when(pl.col("outcome") == Outcome.FETCHED)
        .then(name)
        .when(pl.col("outcome") == Outcome.NOT_MODIFIED)
        .then(pl.coalesce(name, f"{name}_old"))
        .otherwise(f"{name}_old")
    )


def _counted(name: str) -> pl.Expr:
    return pl.col(f"{name}_old").fill_null(0) + 1


def _held(name: str) -> pl.Expr:
    """As before when the run did not look, else 0."""
    return pl.when(pl.col("state") == State.DEFERRED).then(pl.col(f"{name}_old").fill_null(0)).otherwise(0)
