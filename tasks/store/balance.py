"""The sums of a run: found = known + the nine states, for each source and for the run. Pure."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from schemas.reasons import PAGE_STATES, Kind, RunStatus, State
from schemas.run import Run, RunSource
from schemas.summary import Counts, RunSummary, SourceSummary
from schemas.table import frame, polars_schema
from tasks.errors import BalanceError
from tasks.store.facts import RunFacts

_USED = (State.STORED, State.UNCHANGED, State.DUPLICATE)
_LOST = (State.FAILED, State.QUARANTINED, State.BLOCKED)


def count_sources(pages: pl.DataFrame, sources: pl.DataFrame, *, is_selected: bool) -> pl.DataFrame:
    """The `RunSource` rows with the nine states filled in.

    Args:
        pages: Ledger rows of the run's pages.
        sources: `RunSource` rows of discover.
        is_selected: Whether discover came to its end. If not (the run was killed), what it had listed and not made a
            candidate is not counted as found: the next run lists it again.

    Raises:
        BalanceError: found is not known plus the states, or pages belong to a source that discover does not name.
    """
    counted = _count_states(pages)
    strangers = sorted(set(counted) - set(sources["source_id"].to_list()))
    if strangers:
        raise BalanceError(f"Pages belong to sources that discover did not hand over: {', '.join(strangers[:10])}.")
    rows = [
        row | _balanced(row, counted.get(row["source_id"], Counts()), is_selected=is_selected).as_row()
        for row in sources.iter_rows(named=True)
    ]
    return frame(RunSource, rows)


def _count_states(pages: pl.DataFrame) -> dict[str, Counts]:
    found: dict[str, Counts] = {}
    tally = pages.filter(pl.col("kind") == Kind.PAGE).group_by("source_id", "state").len()
    for source_id, state, count in tally.iter_rows():
        if state not in PAGE_STATES:
            raise BalanceError(f"{state!r} is no state of a page (source {source_id}).")
        found[source_id] = found.get(source_id, Counts()) + Counts(**{state: count})
    return found


def _balanced(row: dict[str, Any], states: Counts, *, is_selected: bool) -> Counts:
    if not is_selected:
        return replace(states, found=states.attempted)
    counts = states + Counts(row["found_count"], row["known_count"], also_listed=row["also_listed_count"])
    if not counts.balanced:
        side = "missing" if counts.difference > 0 else "too many"
        raise BalanceError(
            f"Source {row['source_id']}: found {counts.found} is not known {counts.known} + states "
            f"{counts.attempted}; {abs(counts.difference)} URLs are {side}."
        )
    return counts


def judge_run(
    sources: pl.DataFrame, pages: pl.DataFrame, candidates: pl.DataFrame, facts: RunFacts
) -> tuple[RunStatus, str | None]:
    """How the run ended, and why if it failed: no page was usable, or no source could be read.

    Pages that were lost at their last look too do not count: a dead link or a robots rule that is looked at again on
    a quiet night says nothing about the night.
    """
    if facts.status is not None:
        return facts.status, None
    lost_before = candidates.filter(pl.col("known_state").is_in(_LOST)).select("url_id")
    fresh = pages.filter(pl.col("state") != State.DEFERRED).join(lost_before, on="url_id", how="anti")
    lost = fresh.filter(pl.col("state").is_in(_LOST))
    if lost.height and lost.height == fresh.height and not pages["state"].is_in(_USED).any():
        return RunStatus.FAILED, f"No page of {lost.height} was usable: {_why(lost)}."
    failed = sources.filter(pl.col("status") == "failed")
    if failed.height and failed.height == sources.height:
        names = ", ".join(failed["source_id"].head(5).to_list())
        return RunStatus.FAILED, f"None of {failed.height} sources could be read ({names})."
    return RunStatus.COMPLETED, None


def _why(lost: pl.DataFrame) -> str:
    """The states and reasons of the lost pages, the most frequent first: `7 failed (timeout), 2 blocked (...)`."""
    parts = Counter(lost.select("state", pl.col("reason").fill_null("no reason")).iter_rows()).most_common(6)
    return ", ".join(f"{count} {state} ({reason})" for (state, reason), count in parts)


def run_row(
    run_id: str, counts: Counts, sums: dict[str, int], facts: RunFacts, verdict: tuple[RunStatus, str | None]
) -> dict[str, Any]:
    """The run's row but for `run_seq` and `ended_at`, which the commit gives.

    Args:
        run_id: The run.
        counts: Sum over its sources.
        sums: request_count, body_bytes and removal_count.
        facts: What the flow told.
        verdict: Status and reason.
    """
    return {
        "run_id": run_id,
        "flow": facts.flow,
        "status": verdict[0].value,
        "reason": verdict[1],
        "started_at": facts.started_at,
        "settings": facts.settings,
        "copydesk_version": facts.copydesk_version,
        "parser_version": facts.parser_version,
        "rules_version": facts.rules_version,
        **sums,
        **counts.as_row(),
    }


def run_frame(row: dict[str, Any], run_seq: int, ended_at: datetime) -> pl.DataFrame:
    """The run's row as a frame of `Run`."""
    return frame(Run, [row | {"run_seq": run_seq, "ended_at": ended_at}]).select(list(polars_schema(Run)))


def summarise(run: dict[str, Any], sources: pl.DataFrame) -> RunSummary:
    """The summary of a run, from its row of `runs` and its rows of `run_sources`."""
    return RunSummary(
        run_id=run["run_id"],
        flow=run["flow"],
        status=run["status"],
        reason=run["reason"],
        started_at=run["started_at"],
        ended_at=run["ended_at"],
        counts=Counts.from_row(run),
        sources=tuple(
            SourceSummary(
                source_id=row["source_id"],
                kind=row["kind"],
                status=row["status"],
                reason=row["reason"],
                detail=row["detail"],
                counts=Counts.from_row(row),
            )
            for row in sources.sort("source_id").iter_rows(named=True)
        ),
    )
