"""What the flow tells store of a run, beside what lies in staging."""

from dataclasses import dataclass, field
from datetime import datetime

from schemas.reasons import RunStatus
from tasks.store.recheck import RecheckPolicy

REPROCESS = "reprocess"
"""The flow that reads captures again and asks nobody: what the ledger knows of its pages stays as it is."""


@dataclass(frozen=True)
class RunFacts:
    """The run as its row in `runs` describes it."""

    flow: str
    """nightly, backfill, reprocess or maintain."""
    settings: str
    """Settings that steer the result, as JSON, without secrets."""
    copydesk_version: str
    parser_version: str
    rules_version: str
    started_at: datetime
    status: RunStatus | None = None
    """None: completed, or failed when no page was usable. `recovered` for a dead run that another one finishes:
    what it had not reached is deferred, and it never counts as failed."""
    only_at: int | None = None
    """Commit only while the tables are at this `Snapshot.version`: what was planned is what is committed."""
    policy: RecheckPolicy = field(default_factory=RecheckPolicy)

    @property
    def is_again(self) -> bool:
        """Whether the run reads captures of earlier runs again."""
        return self.flow == REPROCESS
