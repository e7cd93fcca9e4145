"""Held pages and what is decided about them: released, dropped, or taken back again. Rows of `decisions`, no file.

What is decided about are the pages of one source in one run. Publishing released pages is release.py's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.reasons import DecisionKind, RadarVerdict
from tasks.errors import UsageError
from tasks.io.decisions import Choice, Row, closed_rows, decide
from tasks.io.folder import DataFolder
from tasks.io.holds import hold_target, settled_holds
from tasks.io.memory import retracted_runs
from tasks.io.tables import Snapshot

NAMED = 7
"""How many an error message names."""
HEALTHY_RUNS = 2
"""Runs without a word of the radar after which a source looks healthy again."""

_WAITING = """
    SELECT quarantine.run_id, source_id, count(DISTINCT url) AS page_count, any_value(runs.run_seq) AS run_seq
    FROM quarantine JOIN runs USING (run_id)
    WHERE severity = 'hold' AND run_id NOT IN (SELECT value FROM retracted)
      AND quarantine_id NOT IN (SELECT value FROM closed)
    GROUP BY ALL ORDER BY run_seq, source_id
"""

_LAST_WORDS = f"""
    SELECT measures.source_id, runs.run_seq,
        bool_or(verdict IN ('{RadarVerdict.HOLD}', '{RadarVerdict.ALARM}', '{RadarVerdict.WARN}')) AS is_odd
    FROM measures JOIN runs USING (run_id)
    WHERE measure <> 'released' AND measures.run_id NOT IN (SELECT value FROM retracted)
    GROUP BY measures.source_id, runs.run_seq
    QUALIFY row_number() OVER (PARTITION BY measures.source_id ORDER BY runs.run_seq DESC) <= $runs
"""  # noqa: S608 - words of our own


@dataclass(frozen=True)
class Held:
    """The held pages of one source in one run."""

    run_id: str
    source_id: str
    page_count: int
    run_seq: int

    @property
    def target(self) -> str:
        """What a decision about them names."""
        return hold_target(self.run_id, self.source_id)


def waiting(snapshot: Snapshot) -> list[Held]:
    """What nobody has decided about, in the order of the runs."""
    settled = {(row["run_id"], row["source_id"]) for row in settled_holds(snapshot.read("decisions").to_dicts())}
    return [one for one in all_held(snapshot) if (one.run_id, one.source_id) not in settled]


def all_held(snapshot: Snapshot) -> list[Held]:
    """All that was held in runs that stand, released, dropped or neither; not what was read again and published."""
    with snapshot.connect("quarantine", "runs") as connection:
        retracted = retracted_runs(snapshot)
        closed = closed_rows(snapshot.read("decisions").to_dicts(), retracted)
        connection.execute(_RETRACTED, [sorted(retracted)])
        connection.execute("CREATE TEMP TABLE closed AS SELECT unnest($1::VARCHAR[]) AS value", [sorted(closed)])
        return [Held(run, source, pages, seq) for run, source, pages, seq in connection.execute(_WAITING).fetchall()]


_RETRACTED = "CREATE TEMP TABLE retracted AS SELECT unnest($1::VARCHAR[]) AS value"


def settle_held(
    folder: DataFolder, kind: DecisionKind, source_id: str | None, run_id: str | None,
    *, note: str | None = None, actor: str | None = None,
) -> list[Held]:  # fmt: skip
    """Release or drop what waits of a source, of a run, or of both; what was decided about.

    The caller holds the folder (`tasks.io.decisions.alone`).

    Args:
        folder: Data folder.
        kind: release or drop.
        source_id: Only this source.
        run_id: Only this run: its id, or the beginning of it.
        note: Why.
        actor: Who decided.

    Raises:
        UsageError: nothing of it waits.
    """
    chosen: list[Held] = []

    def choose(snapshot: Snapshot) -> Sequence[Choice]:
        chosen.extend(_matching(waiting(snapshot), source_id, run_id))
        return [Choice(kind, one.target) for one in chosen]

    decide(folder, kind.value, choose, note=note, actor=actor)
    return chosen


def _matching(found: list[Held], source_id: str | None, run_id: str | None) -> list[Held]:
    matching = [one for one in found if source_id in (None, one.source_id) and one.run_id.startswith(run_id or "")]
    if not matching:
        there = ", ".join(f"{one.source_id} of run {one.run_id} ({one.page_count} pages)" for one in found[-NAMED:])
        raise UsageError(f"Nothing of it waits for a decision; what does: {there or 'nothing'}.")
    return matching


def undo_settled(
    folder: DataFolder, kind: DecisionKind, source_id: str | None, *, note: str | None = None, actor: str | None = None
) -> list[str]:
    """Take back the last releases (or drops) that stand, of a source or of any; the targets that wait again.

    What a release had published is taken back with it: its run is retracted.

    Raises:
        UsageError: none stands.
    """
    targets: list[str] = []

    def choose(snapshot: Snapshot) -> Sequence[Choice]:
        rows = [
            row for row in settled_holds(snapshot.read("decisions").to_dicts())
            if row["kind"] == kind and source_id in (None, row["source_id"])
        ]  # fmt: skip
        if not rows:
            raise UsageError(f"No {kind.value} stands, so there is none to undo.")
        last = max(row["decided_at"] for row in rows)
        undone = [row for row in rows if row["decided_at"] == last]
        targets.extend(hold_target(row["run_id"], row["source_id"]) for row in undone)
        published = [run for row in undone if snapshot.has_run(run := release_run_id(row))]
        return [
            *(Choice(DecisionKind.UNDO, row["decision_id"]) for row in undone),
            *(Choice(DecisionKind.RETRACT_RUN, run) for run in published),
        ]

    decide(folder, f"undo-{kind.value}", choose, note=note, actor=actor)
    return targets


def release_run_id(decision: Row) -> str:
    """The run that publishes what a decision released; always the same, so that it is published once."""
    return f"{decision['decided_at']:%Y%m%dT%H%M%SZ}-{decision['decision_id'][:12]}"


def release_healthy(folder: DataFolder, sources: Sequence[str], now: datetime | None = None) -> list[Held]:
    """Release what waits of those sources that look healthy again in their last two runs; what was released.

    Args:
        folder: Data folder; a run may be at work in it.
        sources: Sources that wish it so (`when_healthy: release`).
        now: Time that counts as now (None: the clock's).
    """
    chosen: list[Held] = []

    def choose(snapshot: Snapshot) -> Sequence[Choice]:
        since = _healthy_since(snapshot)
        chosen.extend(
            one for one in waiting(snapshot)
            if one.source_id in sources and one.run_seq < since.get(one.source_id, 0)
        )  # fmt: skip
        return [Choice(DecisionKind.RELEASE, one.target) for one in chosen]

    if sources and any(one.source_id in sources for one in waiting(Snapshot.open(folder))):
        decide(folder, "release", choose, note="The source looks healthy again.", actor="copydesk", now=now)
    return chosen


def _healthy_since(snapshot: Snapshot) -> dict[str, int]:
    """Source to the run_seq from which on its last runs were healthy."""
    with snapshot.connect("measures", "runs") as connection:
        connection.execute(_RETRACTED, [sorted(retracted_runs(snapshot))])
        rows = connection.execute(_LAST_WORDS, {"runs": HEALTHY_RUNS}).fetchall()
    found: dict[str, list[tuple[int, bool]]] = {}
    for source_id, run_seq, is_odd in rows:
        found.setdefault(source_id, []).append((run_seq, is_odd))
    return {
        source_id: min(seq for seq, _ in last)
        for source_id, last in found.items()
        if len(last) == HEALTHY_RUNS and not any(is_odd for _, is_odd in last)
    }
