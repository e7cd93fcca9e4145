"""Pages of a run that turn out to be what was forgotten: another URL of the same article. They are never stored."""

from dataclasses import replace
from typing import Any

import polars as pl

from schemas.identity import digest
from schemas.quarantine import Quarantine
from schemas.reasons import REASON_TEXT, Reason, Severity
from schemas.table import frame
from tasks.io.blanks import blank_own
from tasks.io.forgotten import Forgotten
from tasks.io.staging import RunContext
from tasks.store.parts import RunParts

RULE = "forgotten"


def bar_forgotten(run: RunContext, parts: RunParts, gone: Forgotten) -> RunParts:
    """The parts with a refusal in place of each reading that was forgotten; the captures of these are blanked.

    Args:
        run: The run.
        parts: What the run has staged.
        gone: The tombstones.

    Raises:
        DiskError: the disk refused to blank a capture.
    """
    keyed = parts.readings.join(parts.candidates.select("url", "url_id").unique("url"), on="url", how="left")
    is_gone = gone.is_page() | pl.col("article_id").is_in(list(gone.article_ids))
    barred = keyed.filter(is_gone.fill_null(value=False))
    if barred.is_empty():
        return parts
    key = ["url", "captured_at"]
    places = parts.captures.join(barred, on=key, how="semi")
    for (uri,), rows in places.drop_nulls("capture_uri").group_by("capture_uri"):
        if str(uri).startswith("captures/"):
            blank_own(run, str(uri), rows["capture_offset"].to_list())
    sources = dict(parts.candidates.select("url", "source_id").iter_rows())
    refused = [_refusal(run, row, sources[row["url"]]) for row in barred.iter_rows(named=True)]
    return replace(
        parts,
        readings=parts.readings.join(barred, on=key, how="anti"),
        captures=_without_target(parts.captures, barred),
        quarantine=pl.concat([parts.quarantine, frame(Quarantine, refused)]),
    )


def _without_target(captures: pl.DataFrame, barred: pl.DataFrame) -> pl.DataFrame:
    """Captures of barred pages do not say where they were redirected to: it may be what was forgotten."""
    is_barred = pl.col("url").is_in(barred["url"].implode())
    return captures.with_columns(final_url=pl.when(~is_barred).then("final_url"))


def _refusal(run: RunContext, row: dict[str, Any], source_id: str) -> dict[str, Any]:
    return {
        "quarantine_id": digest(run.run_id, row["url"], "store", RULE),
        "url": row["url"],
        "site": row["site"],
        "source_id": source_id,
        "stage": "store",
        "severity": str(Severity.REJECT),
        "reason": str(Reason.FORGOTTEN),
        "rule": RULE,
        "message": REASON_TEXT[Reason.FORGOTTEN],
        "captured_at": row["captured_at"],
        "recorded_at": run.now,
        "run_id": run.run_id,
    }
