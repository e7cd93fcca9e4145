"""Make all tables again from captures, decisions and settings alone, in a new data folder. No network, no flow run."""

import asyncio
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from prefect.logging import disable_run_logger

from flows.begin import Begun
from flows.calls import directly
from flows.releases import release_facts
from flows.settings import Settings
from flows.stage_settings import parse_settings
from flows.steps import store_shards
from schemas.reasons import RunStatus
from schemas.source import Source
from schemas.table import frame
from schemas.tables import TABLES
from tasks.errors import UsageError
from tasks.fetch.rebuild import captured_runs, replay_captures
from tasks.io.bucket.copy import bring_captures
from tasks.io.bucket.share import refuse
from tasks.io.commit import Intent, carry_out, commit_lock, write_intent
from tasks.io.expired import expired_captures
from tasks.io.folder import INTENT, DataFolder, disk_errors
from tasks.io.logical import logical_hash
from tasks.io.outfiles import write_out
from tasks.io.recovery import hold_run, recover
from tasks.io.staging import RunContext
from tasks.io.tables import Snapshot
from tasks.parse.task import parse_shard
from tasks.publish.database import publish_tables
from tasks.store.release import publish_released, standing_releases

BATCH_ROWS = 300
DECISIONS = "00000000T000000Z-decisions"
"""Under which key the decisions are committed, before the first run."""


@dataclass(frozen=True)
class Rebuilt:
    """What came of it."""

    runs: tuple[str, ...]
    """Runs in the order in which they were made again."""
    logical_hash: str
    old_hash: str
    """Of the folder that was read."""
    expired: dict[str, int]
    """Capture files that retention removed, with how many versions of the old tables name them."""
    missing: dict[str, int]
    """Capture files that are gone for no known reason, in the same way."""
    lost: int
    """Versions of the old tables whose captures are there, and that were read otherwise."""

    @property
    def is_equal(self) -> bool:
        """Whether both folders say the same."""
        return self.logical_hash == self.old_hash

    @property
    def is_explained(self) -> bool:
        """Whether they differ by nothing but what retention removed."""
        return bool(self.expired) and not self.missing and not self.lost


def rebuild(
    folder: DataFolder, into: DataFolder, sources: list[Source], settings: Settings, *, batch_rows: int = BATCH_ROWS
) -> Rebuilt:
    """The dataset of a folder, made again in another one and published there; the old one is only read.

    Args:
        folder: Data folder whose captures and decisions are taken.
        into: Where the new one is made; it must not exist or be empty.
        sources: Sources with their time zones.
        settings: How pages are parsed, and by how many workers.
        batch_rows: Pages in a shard; changes nothing but memory.

    Raises:
        UsageError: the new folder has something in it, or is in a bucket.
        CopydeskError: captures or decisions cannot be read, or the disk refuses a write.
    """
    folder.check()
    if into.root.exists() and any(into.root.iterdir()):
        raise UsageError(f"{into.root} is not empty: name a new folder with --into.")
    refuse(into, "A rebuild", "name a folder of this machine with --into")
    old = Snapshot.open(folder)
    into.prepare()
    bring_captures(folder)
    _link_captures(folder, into)
    _commit_decisions(old, into)
    order: dict[str, int] = dict(old.read("runs", ["run_id", "run_seq"]).iter_rows())
    times = captured_runs(into)
    releases = standing_releases(old)
    times |= {run_id: row["decided_at"] for run_id, row in releases.items()}
    runs = sorted(times, key=lambda run: (order.get(run, len(order) + 1), times[run], run))
    with disable_run_logger():
        for run_id in runs:
            if run_id in releases:
                publish_released(into, release_facts(), only=run_id)
                continue
            context = RunContext(run_id, times[run_id], into)
            begun = Begun(context, "rebuild", tuple(sources), settings.recorded(), None)
            asyncio.run(_run_again(begun, settings, batch_rows))
    publish_tables(into)
    new, gone, known = Snapshot.open(into), _missing(old), expired_captures(old)
    return Rebuilt(
        runs=tuple(runs),
        logical_hash=logical_hash(new),
        old_hash=logical_hash(old),
        expired={uri: count for uri, count in gone.items() if uri in known},
        missing={uri: count for uri, count in gone.items() if uri not in known},
        lost=_lost(old, new, gone),
    )


async def _run_again(begun: Begun, settings: Settings, batch_rows: int) -> None:
    """One run from parse to store, by the steps of every night."""
    context = begun.context
    with hold_run(context.folder, context.run_id):
        shards = await asyncio.to_thread(replay_captures, context, batch_rows)
        for shard in shards:
            await directly(parse_shard, context, shard, parse_settings(begun, settings))
        await store_shards(begun, shards, settings, directly, RunStatus.RECOVERED)


def _link_captures(folder: DataFolder, into: DataFolder) -> None:
    """The same files under the same names: hard links where the disk has them, else copies."""
    for path in sorted(folder.captures.rglob("*.warc.gz")):
        target = into.captures / path.relative_to(folder.captures)
        with disk_errors(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(path, target)
            except OSError:
                shutil.copy2(path, target)


def _commit_decisions(old: Snapshot, into: DataFolder) -> None:
    rows = old.read("decisions")
    if rows.is_empty():
        return
    with commit_lock(into, DECISIONS):
        context = RunContext(DECISIONS, rows["decided_at"].to_list()[0], into)
        files = write_out(context, "decisions", frame(TABLES["decisions"], rows.to_dicts()), 0)
        write_intent(into, Intent(DECISIONS, 1, "rebuild", {"decisions": tuple(files)}))
        carry_out(into, into.run(DECISIONS) / INTENT)
    recover(into)


def _lost(old: Snapshot, new: Snapshot, gone: Mapping[str, int]) -> int:
    """How many versions whose captures are there the new tables do not have; those of retracted runs included."""
    expected = old.read("articles", ["version_id", "capture_uri"]).filter(~pl.col("capture_uri").is_in(list(gone)))
    return expected.join(new.read("articles", ["version_id"]), on="version_id", how="anti").height


def _missing(old: Snapshot) -> dict[str, int]:
    named = old.read("articles", ["capture_uri"]).group_by("capture_uri").len().sort("capture_uri")
    return {uri: count for uri, count in named.iter_rows() if not old.folder.resolve(uri).is_file()}
