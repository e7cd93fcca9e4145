"""From what the stages have made of a run to the rows that it will commit. Pure: no file is opened."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from schemas.article import WORD_CHANGE
from schemas.link import Link
from schemas.reasons import ChangeKind, State
from schemas.summary import Counts
from schemas.table import polars_schema
from tasks.store.again import keep_memory
from tasks.store.balance import count_sources, judge_run, run_row
from tasks.store.changes import compare, name_change
from tasks.store.facts import RunFacts
from tasks.store.hosts import settle_hosts
from tasks.store.pages import Clock, settle_pages
from tasks.store.parts import RunParts
from tasks.store.versions import Verdicts, judge

PAIR = pl.Schema(
    {
        "version_id": pl.String(),
        "is_reverted": pl.Boolean(),
        "is_reprocessed": pl.Boolean(),
        "old_text": pl.String(),
        "new_text": pl.String(),
    }
)
"""A new version and the text of the one before it."""


CHANGE = pl.Schema(
    {
        "version_id": pl.String(),
        "kind_of_change": pl.String(),
        "change_share": pl.Float64(),
        "word_changes": pl.List(WORD_CHANGE),
    }
)
"""How a new version differs from the one before it."""

VERSION = ("version_id", "url", "captured_at", "supersedes", "previous_id", "is_reverted", "is_reprocessed")
"""What is known of a version to be stored, beside its row."""

CAPTURE = ("of_version", "capture_uri", "capture_offset", "capture_digest")


@dataclass(frozen=True)
class Settled:
    """The small tables of a run, and which articles it stores. Their texts stay in the parts until they are written."""

    stored: pl.DataFrame
    """Versions to store, of this run's pages: `VERSION`."""
    resighted: pl.DataFrame
    """Versions to store that are copies of stored ones (`of_version`), because an older text came between: `VERSION`
    and the place of the capture."""
    links: pl.DataFrame
    ledger: pl.DataFrame
    sources: pl.DataFrame
    quarantine: pl.DataFrame
    run: dict[str, Any] = field(repr=False)
    """The run's row but for run_seq, ended_at and removal_count."""


def settle(
    parts: RunParts,
    stored: pl.DataFrame,
    sightings: pl.DataFrame,
    known_hosts: pl.DataFrame,
    clock: Clock,
    facts: RunFacts,
    known_pages: pl.DataFrame | None = None,
) -> Settled:
    """Give every candidate of a run its state, and every reading its place among the versions.

    Args:
        parts: What the stages have staged.
        stored: `lookup.stored_readings` for the articles and hashes of `parts.readings`.
        sightings: `lookup.sightings` of them.
        known_hosts: Last ledger rows of the run's listings and robots.txt.
        clock: The run's id and time, and the recheck policy.
        facts: What the flow told.
        known_pages: Last ledger rows of the run's pages, where what they know is to stay (`RunFacts.is_again`).

    Raises:
        BalanceError: a URL has no state, or the sums do not agree.
    """
    known = parts.candidates.select("url", "known_version_id", "known_article_id").unique("url", keep="first")
    verdicts = judge(parts.readings.join(known, on="url", how="left"), stored, sightings)
    pages = settle_pages(parts, verdicts.readings, clock)
    if known_pages is not None:
        pages = keep_memory(pages, known_pages)
    hosts = settle_hosts(parts.listings, known_hosts, clock.run_id, clock.now)
    sources = count_sources(pages, parts.sources, is_selected=parts.is_selected)
    counts = Counts.from_rows(sources.iter_rows(named=True))
    asked = pl.concat([parts.captures.drop("shard"), parts.listings])
    sums = {"request_count": int(asked["attempt_count"].sum()), "body_bytes": int(asked["body_bytes"].sum())}
    return Settled(
        stored=_stored(verdicts),
        resighted=verdicts.resighted.select(*VERSION, *CAPTURE),
        links=_links(verdicts, clock),
        ledger=pl.concat([pages, hosts]),
        sources=sources,
        quarantine=parts.quarantine,
        run=run_row(clock.run_id, counts, sums, facts, judge_run(sources, pages, parts.candidates, facts)),
    )


def _stored(verdicts: Verdicts) -> pl.DataFrame:
    kept = verdicts.readings.filter(pl.col("state") == State.STORED).unique("version_id", keep="first")
    return kept.sort("version_id").select(VERSION)


def _links(verdicts: Verdicts, clock: Clock) -> pl.DataFrame:
    return verdicts.links.with_columns(
        jaccard=pl.lit(1.0), change_share=pl.lit(0.0), recorded_at=pl.lit(clock.now), run_id=pl.lit(clock.run_id)
    ).select(pl.col(name).cast(kind) for name, kind in polars_schema(Link).items())


def change_columns(pairs: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """`CHANGE` of new versions, from rows of `PAIR`.

    A version that reads the same capture by other rules is `reprocessed`, one that goes back to an earlier text
    `reverted`, whatever the words say.
    """
    rows = []
    for pair in pairs:
        found = compare(pair["old_text"], pair["new_text"])
        if pair["is_reprocessed"]:
            kind = ChangeKind.REPROCESSED
        elif pair["is_reverted"]:
            kind = ChangeKind.REVERTED
        else:
            kind = name_change(pair["old_text"], pair["new_text"], found=found)
        words = [stretch.as_row() for stretch in found.stretches]
        rows.append((pair["version_id"], kind.value, found.share, words))
    return pl.DataFrame(rows, schema=CHANGE, orient="row")
