"""Store one run: read its parts, settle them, write the files, commit. Doing it again does nothing more."""

from dataclasses import replace
from datetime import UTC, datetime

import polars as pl

from schemas.summary import RunSummary
from tasks.errors import PlanMovedError, TableError
from tasks.io.bucket.share import share_files
from tasks.io.commit import Intent, carry_out, commit_lock, finish_others, next_run_seq, write_intent
from tasks.io.folder import INTENT
from tasks.io.outfiles import write_out
from tasks.io.staging import RunContext
from tasks.io.tables import Snapshot, last_commit
from tasks.store.balance import run_frame, summarise
from tasks.store.draft import Draft, is_current, make_draft
from tasks.store.facts import RunFacts

MOVED = "The tables have moved since the plan was made: look at a new one with --dry-run."

TRIES = 3
"""How often a run judges beside others before it makes them wait."""


def store_run(run: RunContext, facts: RunFacts) -> RunSummary:
    """Commit all that the run has staged, exactly once, and give its summary.

    The caller holds the run (`tasks.io.recovery.hold_run`). Called again after a kill at any point it goes on, or
    gives the summary of what was committed. For a run that died (`facts.status` recovered) candidates that were
    not reached become deferred.

    Everything but the last step is done beside other runs. If one of them was committed meanwhile, it is looked
    whether it touches this one, and only then the versions are judged again, so that two runs never store one version
    twice. Who was overtaken TRIES times does the same under the commit lock: nobody waits for ever.

    Raises:
        BalanceError: a URL has no state, or the sums do not agree; nothing is committed.
        DiskError: the disk refused a write; what was committed is whole, and calling again goes on.
        TableError: a committed file is missing or damaged.
        PlanMovedError: the tables are not those of `facts.only_at`; nothing is committed.
        FolderBusyError: the commit lock was not free for very long, or was lost.
        BucketError, BucketDownError: the data lie in a bucket that refuses something, or does not answer.
    """
    if (run.folder.run(run.run_id) / INTENT).exists():
        with commit_lock(run.folder, run.run_id):
            finish_others(run.folder)
    draft: Draft | None = None
    for _ in range(TRIES):
        snapshot = Snapshot.open(run.folder)
        if snapshot.has_run(run.run_id):
            return committed_summary(snapshot, run.run_id)
        draft = _draft_for(run, facts, snapshot, draft)
        share_files(run.folder, run.run_id)
        with commit_lock(run.folder, run.run_id):
            finish_others(run.folder)
            if last_commit(run.folder) == snapshot.version:
                return _commit(run, facts, draft)
    with commit_lock(run.folder, run.run_id):
        finish_others(run.folder)
        snapshot = Snapshot.open(run.folder)
        if snapshot.has_run(run.run_id):
            return committed_summary(snapshot, run.run_id)
        return _commit(run, facts, _draft_for(run, facts, snapshot, draft))


def _draft_for(run: RunContext, facts: RunFacts, snapshot: Snapshot, draft: Draft | None) -> Draft:
    """The draft as it was, where it holds for this snapshot too; else a new one."""
    _check_plan(facts, snapshot)
    if draft is not None and is_current(run, draft, snapshot):
        return replace(draft, snapshot=snapshot)
    return make_draft(run, facts, snapshot)


def _check_plan(facts: RunFacts, snapshot: Snapshot) -> None:
    if facts.only_at is not None and facts.only_at != snapshot.version:
        raise PlanMovedError(MOVED)


def _commit(run: RunContext, facts: RunFacts, draft: Draft) -> RunSummary:
    run_seq = next_run_seq(run.folder)
    ended_at = max(datetime.now(UTC), facts.started_at)
    counts = {"removal_count": draft.removal_count, "crowded_count": draft.crowded_count}
    rows = run_frame(draft.settled.run | counts, run_seq, ended_at)
    files = {**draft.files, "runs": tuple(write_out(run, "runs", rows, 0))}
    write_intent(run.folder, Intent(run.run_id, run_seq, facts.flow, files))
    carry_out(run.folder, run.folder.run(run.run_id) / INTENT)
    return summarise(rows.row(0, named=True), draft.settled.sources)


def committed_summary(snapshot: Snapshot, run_id: str) -> RunSummary:
    """The summary of a committed run, from the tables.

    Raises:
        TableError: the tables have no such run.
    """
    own = pl.col("run_id") == run_id
    rows = snapshot.read("runs").filter(own)
    if rows.is_empty():
        raise TableError(f"The ledger names the run {run_id}, but the table runs has no row of it.")
    return summarise(rows.row(0, named=True), snapshot.read("run_sources").filter(own))
