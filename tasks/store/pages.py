"""The last word on every page of a run: one ledger row for each candidate, in one of the nine states.

Pure. What happened to a page are *events*: a reading that was judged, a refusal, or a fetch that brought no page. A
page that a web archive holds several times has several; it is stored if one of them was, else the last one counts.
"""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from schemas.ledger import Ledger
from schemas.reasons import Kind, Outcome, Reason, Severity, State
from schemas.table import polars_schema
from tasks.errors import BalanceError
from tasks.store.parts import RunParts
from tasks.store.recheck import RecheckPolicy, next_try

NAMED_URLS = 10
"""How many URLs an error message names."""

_READABLE = (Outcome.FETCHED, Outcome.REFUSED)
"""Outcomes that parse must have made an article or a quarantine row of."""

_EVENT = pl.Schema(
    {
        "url": pl.String(),
        "captured_at": pl.Datetime("us", "UTC"),
        "state": pl.String(),
        "reason": pl.String(),
        "detail": pl.String(),
        "article_id": pl.String(),
        "version_id": pl.String(),
    }
)


@dataclass(frozen=True)
class Clock:
    """When the run is, and how long pages rest."""

    run_id: str
    now: datetime
    policy: RecheckPolicy


def settle_pages(parts: RunParts, readings: pl.DataFrame, clock: Clock) -> pl.DataFrame:
    """The ledger rows of all candidates, in the columns of `Ledger`.

    Args:
        parts: What the run has staged.
        readings: `Verdicts.readings`.
        clock: The run's id and time, and the recheck policy.

    Raises:
        BalanceError: a page has no state, or two, or nobody listed it; a slip of a stage, never of a user.
    """
    _check_listed(parts)
    _check_read(parts)
    events = pl.concat([_of_readings(readings), _of_refusals(parts), _of_captures(parts)])
    last = (
        events.join(_last_captures(parts).select("url", last_at="captured_at"), on="url", how="left")
        .with_columns(captured_at=pl.coalesce("captured_at", "last_at"), is_stored=pl.col("state") == State.STORED)
        .sort("is_stored", "captured_at", maintain_order=True)
        .group_by("url", maintain_order=True)
        .last()
        .select(list(_EVENT))
        .drop("captured_at")
    )
    rows = parts.candidates.join(last, on="url", how="left").with_columns(_unreached(parts))
    _check_settled(rows)
    return _ledger_rows(rows, parts, clock)


def _of_readings(readings: pl.DataFrame) -> pl.DataFrame:
    is_alias = pl.col("state") == State.DUPLICATE
    return readings.with_columns(
        reason=pl.lit(None, pl.String),
        detail=pl.when(is_alias).then(pl.lit("the text of ") + pl.col("target_url").str.slice(0, 280)),
        article_id=pl.col("target_article"),
        version_id=pl.col("target_id"),
    ).select(pl.col(name).cast(kind) for name, kind in _EVENT.items())


def _of_refusals(parts: RunParts) -> pl.DataFrame:
    """Where several rules refused one page, a refusal outweighs a hold."""
    is_hold = pl.col("severity") == Severity.HOLD
    return (
        parts.quarantine.sort(is_hold, descending=True, maintain_order=True)
        .with_columns(
            state=pl.when(is_hold).then(pl.lit(State.HELD.value)).otherwise(pl.lit(State.QUARANTINED.value)),
            detail=pl.col("message").str.slice(0, 300),
            article_id=pl.lit(None, pl.String),
            version_id=pl.lit(None, pl.String),
        )
        .select(pl.col(name).cast(kind) for name, kind in _EVENT.items())
    )


def _of_captures(parts: RunParts) -> pl.DataFrame:
    is_same = pl.col("outcome") == Outcome.NOT_MODIFIED
    return (
        parts.captures.filter(~pl.col("outcome").is_in(_READABLE))
        .with_columns(
            state=pl.when(is_same).then(pl.lit(State.UNCHANGED.value)).otherwise("outcome"),
            reason=pl.when(~is_same).then("reason"),
            article_id=pl.lit(None, pl.String),
            version_id=pl.lit(None, pl.String),
        )
        .select(pl.col(name).cast(kind) for name, kind in _EVENT.items())
    )


def _last_captures(parts: RunParts) -> pl.DataFrame:
    """The last capture of each URL, with the requests of all of them.

    Its place is that of the last record in the same file: by it discover sees that an archive was read to there.
    """
    place = ["capture_offset", "capture_length"]
    deepest = [
        pl.col(name).sort_by("capture_offset", nulls_last=False).last().over("url", "capture_uri") for name in place
    ]
    return (
        parts.captures.sort("captured_at", "capture_offset", nulls_last=False, maintain_order=True)
        .with_columns(pl.col("attempt_count").sum().over("url"), *deepest)
        .group_by("url", maintain_order=True)
        .last()
    )


def _unreached(parts: RunParts) -> list[pl.Expr]:
    """State and reason of candidates that nothing has happened to, because the run did not get so far."""
    open_ = pl.col("state").is_null()
    limited = open_ & pl.col("is_over_limit")
    # A page that was fetched, but whose shard no one read to the end, is fetched again: nothing is known of it yet.
    broken_off = open_ & ~pl.col("shard").is_in(list(parts.fetched & parts.validated))
    reason = (
        pl.when(limited)
        .then(pl.lit(Reason.LIMIT.value))
        .when(broken_off)
        .then(pl.lit(Reason.NOT_REACHED.value))
        .otherwise("reason")
    )
    state = pl.when(limited | broken_off).then(pl.lit(State.DEFERRED.value)).otherwise("state")
    return [state.alias("state"), reason.alias("reason")]


def _ledger_rows(rows: pl.DataFrame, parts: RunParts, clock: Clock) -> pl.DataFrame:
    captured = _last_captures(parts).drop("url_id", "site", "source_id", "shard", "reason", "detail", "kind")
    joined = rows.join(captured, on="url", how="left", suffix="_new").with_columns(
        is_local=pl.col("capture_uri").is_not_null() | pl.col("url").str.starts_with("file:"),
        asked_next_try_at=pl.col("next_try_at"),
        unchanged_count=_count_on(State.UNCHANGED, "unchanged_count"),
        failure_count=_count_on((State.FAILED, State.BLOCKED), "failure_count"),
    )
    return joined.with_columns(
        run_id=pl.lit(clock.run_id),
        kind=pl.lit(Kind.PAGE.value),
        attempt_count=pl.col("attempt_count").fill_null(0),
        article_id=pl.coalesce("article_id", "known_article_id"),
        version_id=pl.coalesce("version_id", "known_version_id"),
        next_try_at=next_try(clock.policy, clock.now),
        capture_uri=pl.col("capture_uri_new"),
        last_full_at=pl.coalesce("last_full_at_new", "last_full_at"),
        recorded_at=pl.lit(clock.now),
        **_validators(),
    ).select(pl.col(name).cast(kind) for name, kind in polars_schema(Ledger).items())


def _count_on(states: State | tuple[State, ...], column: str) -> pl.Expr:
    """One more than before in these states, as before where the page was not looked at, else 0."""
    wanted = [states] if isinstance(states, State) else list(states)
    unseen = [State.DEFERRED, State.FAILED, State.BLOCKED]
    return (
        pl.when(pl.col("state").is_in(wanted))
        .then(pl.col(column) + 1)
        .when(pl.col("state").is_in(unseen))
        .then(pl.col(column))
        .otherwise(0)
    )


def _validators() -> dict[str, pl.Expr]:
    """ETag, Last-Modified and digest for the next request.

    Only what came with a page that was read: sent back after a refusal, or for a page that was fetched and never read,
    they would bring a 304 and the text would never be seen. A local file keeps its own, by which a change is seen.
    """
    read = pl.col("state").is_in([State.STORED, State.UNCHANGED, State.DUPLICATE])
    refused = pl.col("state").is_in([State.QUARANTINED, State.HELD])
    unseen = pl.col("state").is_in([State.DEFERRED, State.FAILED, State.BLOCKED])
    return {
        name: (
            pl.when(read | (refused & (pl.col("is_local") if name != "payload_digest" else pl.lit(value=True))))
            .then(pl.coalesce(f"{name}_new", name) if name == "payload_digest" else _fresh(name))
            .when(unseen)
            .then(name)
        )
        for name in ("etag", "last_modified", "payload_digest")
    }


def _fresh(name: str) -> pl.Expr:
    """The new response's header; a 304 may leave it out, and then the old one holds (RFC 9111, section 4.3.4)."""
    is_same = (pl.col("outcome") == Outcome.NOT_MODIFIED).fill_null(value=False)
    return pl.when(is_same).then(pl.coalesce(f"{name}_new", name)).otherwise(f"{name}_new")


def _check_listed(parts: RunParts) -> None:
    """Each URL is one candidate, and every row of a later stage belongs to one."""
    _refuse("are candidates of two shards or sources", parts.candidates.filter(pl.col("url").is_duplicated())["url"])
    for what, rows in (("captured", parts.captures), ("read", parts.readings), ("refused", parts.quarantine)):
        _refuse(f"were {what} but never listed", rows.join(parts.candidates, on="url", how="anti")["url"])


def _check_read(parts: RunParts) -> None:
    """Each page that came, of a shard that was read to its end, is an article or refused: never both, never neither."""
    key = ["url", "captured_at"]
    read = parts.captures.filter(pl.col("outcome").is_in(_READABLE) & pl.col("shard").is_in(list(parts.validated)))
    anywhere = parts.quarantine.filter(pl.col("captured_at").is_null()).select("url")
    lost = read.join(parts.readings, on=key, how="anti").join(parts.quarantine, on=key, how="anti")
    _refuse("were fetched but neither stored nor refused", lost.join(anywhere, on="url", how="anti")["url"])
    single = read.filter(pl.struct(key).is_unique())
    both = single.join(parts.readings, on=key, how="semi").join(parts.quarantine, on=key, how="semi")
    _refuse("were both let pass and refused", both["url"])


def _check_settled(rows: pl.DataFrame) -> None:
    _refuse("have no state", rows.filter(pl.col("state").is_null())["url"])


def _refuse(what: str, urls: pl.Series) -> None:
    found = sorted(set(urls.to_list()))
    if found:
        more = f" and {len(found) - NAMED_URLS} more" if len(found) > NAMED_URLS else ""
        raise BalanceError(f"{len(found)} pages {what}: {', '.join(found[:NAMED_URLS])}{more}.")
