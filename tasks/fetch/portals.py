"""Captive portals and broken proxies: one page that something on the way gave for several sites.

Decided over a whole run, because one page alone looks like any other. No portal becomes an article: its URLs are
failed, due again soon, and what they said before stays.
"""

from datetime import datetime
from pathlib import Path

import polars as pl

from schemas.capture import Capture
from schemas.reasons import Kind, Outcome, Reason
from tasks.fetch.model import FetchSettings
from tasks.fetch.verdicts import next_try
from tasks.io.staging import RunContext, read_part, write_part

STAGE = "fetch"
LEAST_SITES = 3
"""Sites that must have sent the same. Two may share a page (a paper and its old domain); three never did."""
_NEEDED = ("url", "site", "kind", "outcome", "final_url", "payload_digest", "capture_uri")


def find_portals(captures: pl.DataFrame) -> pl.DataFrame:
    """Pages that are no pages (columns url and detail), from the Capture rows of a whole run.

    A page counts when its body, byte for byte, came for pages of at least `LEAST_SITES` sites; or when requests for
    so many sites were all led to one URL. Bodies of archives and local files are left out: they came from no network.
    """
    is_remote = ~pl.col("url").str.starts_with("file:")
    pages = captures.filter((pl.col("kind") == Kind.PAGE) & (pl.col("outcome") == Outcome.FETCHED) & is_remote)
    pages = pages.filter(pl.col("capture_uri").str.starts_with("captures/").fill_null(value=False))
    was_led = pl.col("final_url") != pl.col("url")
    sites = {
        "payload_digest": pl.col("site").n_unique().over("payload_digest"),
        "final_url": pl.when(was_led).then(pl.col("site").n_unique().over("final_url", was_led)).otherwise(0),
    }
    marked = pages.with_columns(same_body=sites["payload_digest"], same_target=sites["final_url"])
    marked = marked.filter(
        (pl.col("payload_digest").is_not_null() & (pl.col("same_body") >= LEAST_SITES))
        | (pl.col("same_target") >= LEAST_SITES)
    )
    count = pl.max_horizontal("same_body", "same_target")
    return marked.select(
        "url",
        detail=pl.format("the same page came for {} sites; it answered as {}", count, "final_url").str.slice(0, 300),
    )


def refuse_portals(run: RunContext, settings: FetchSettings) -> list[str]:
    """Names of the shards in which pages turned out to be a portal's; these pages are `failed` now.

    Call it when all shards are fetched, and before anything of the run is cleaned: the parts that parse made of these
    shards are removed, so they must be parsed again. A kill in between loses nothing: what is gone is made again.

    Raises:
        DiskError: a part could not be written.
    """
    folder = run.folder.staged(run.run_id, STAGE, "captures")
    parts = sorted(folder.glob("[!.]*.parquet")) if folder.is_dir() else []
    if not parts:
        return []
    found = find_portals(pl.concat([pl.read_parquet(path, columns=list(_NEEDED)).select(_NEEDED) for path in parts]))
    if found.is_empty():
        return []
    return [path.stem for path in parts if _refuse(run, path, found, settings)]


def _refuse(run: RunContext, path: Path, found: pl.DataFrame, settings: FetchSettings) -> bool:
    """Rewrite one part; whether it had such a page."""
    captures = read_part(path, Capture)
    if captures.join(found, on="url", how="semi").is_empty():
        return False
    for table in ("articles", "quarantine"):
        run.part("parse", table, path.stem).unlink(missing_ok=True)
    write_part(path, Capture, mark_portals(captures, found, run.now, settings))
    return True


def mark_portals(captures: pl.DataFrame, found: pl.DataFrame, now: datetime, settings: FetchSettings) -> pl.DataFrame:
    """The captures with the found pages failed: due again soon, and without what a next request could rely on."""
    due = next_try(0, now, settings)
    is_portal = (pl.col("kind") == Kind.PAGE) & pl.col("portal").is_not_null()
    changes = {
        "outcome": pl.lit(Outcome.FAILED.value),
        "reason": pl.lit(Reason.CAPTIVE_PORTAL.value),
        "detail": pl.col("portal"),
        "next_try_at": pl.lit(due).cast(pl.Datetime("us", "UTC")),
        "etag": pl.lit(None, pl.String),
        "last_modified": pl.lit(None, pl.String),
        "payload_digest": pl.lit(None, pl.String),
        "last_full_at": pl.lit(None, pl.Datetime("us", "UTC")),
    }
    told = found.unique("url", keep="first").select("url", portal="detail")
    joined = captures.join(told, on="url", how="left", maintain_order="left")
    return joined.with_columns(
        pl.when(is_portal).then(new).otherwise(pl.col(name)).alias(name) for name, new in changes.items()
    ).drop("portal")
