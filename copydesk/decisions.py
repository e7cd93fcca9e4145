"""The commands by which people decide: they change the tables by decisions, publish, and say what came of it."""

import getpass
from pathlib import Path

from copydesk.faces import err, out
from tasks.errors import UsageError
from tasks.io.folder import DataFolder
from tasks.publish.database import publish_tables
from tasks.store.rollback import rollback, undo_rollback


def run_rollback(data: Path, to: str | None, *, undo: bool, note: str | None) -> None:
    """Take back the runs after one, or give back what the last rollback took, and publish.

    Raises:
        CopydeskError: as `rollback`; UsageError when neither or both are asked for.
    """
    if undo == (to is not None):
        raise UsageError("Give --to RUN to go back to a run, or --undo to take the last rollback back.")
    folder = DataFolder(data)
    folder.check()
    if to is not None:
        done = rollback(folder, to, note=note, actor=who())
        what = "taken back; `copydesk rollback --undo` gives it back"
    else:
        done = undo_rollback(folder, note=note, actor=who())
        what = "shown again"
    for run_id in done.runs:
        out.print(f"{run_id} is {what}.", markup=False, highlight=False, soft_wrap=True)
    if not done.runs:
        err.print("No run was committed after it: nothing was changed.")
    summary = publish_tables(folder)
    out.print(f"Published: {summary.article_count} articles in {summary.version_count} versions.", highlight=False)


def who() -> str | None:
    """The name of the user of this machine; None where it has none (a container)."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None
