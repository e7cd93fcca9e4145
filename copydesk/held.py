"""`copydesk release` and `copydesk drop`: a person's word on pages that the radar or a check held."""

from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from copydesk.decisions import who
from copydesk.faces import err, out
from flows.releases import release_facts
from schemas.reasons import DecisionKind
from tasks.io.decisions import alone
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot
from tasks.publish.database import publish_tables
from tasks.store.held import settle_held, undo_settled, waiting
from tasks.store.release import publish_released


def run_settle(
    data: Path, kind: DecisionKind, source: str | None, run: str | None, *, undo: bool, note: str | None
) -> None:
    """Release or drop held pages, or take that back, and publish; without a source and a run list what waits.

    Raises:
        UsageError: nothing of it waits, or there is nothing to undo.
        CopydeskError: the folder is busy or cannot be read.
    """
    folder = DataFolder(data)
    folder.check()
    if not undo and source is None and run is None:
        _list(folder)
        return
    for sentence in settle(folder, kind, source, run, undo=undo, note=note):
        out.print(sentence, markup=False, highlight=False, soft_wrap=True)


def settle(
    folder: DataFolder, kind: DecisionKind, source: str | None, run: str | None, *, undo: bool, note: str | None
) -> Iterator[str]:
    """Sentences, each after it was done: what is released, dropped or waits again, and what was published.

    Raises:
        UsageError, CopydeskError: as `run_settle`.
    """
    with alone(folder, kind.value):
        if undo:
            for target in undo_settled(folder, kind, source, note=note, actor=who()):
                yield f"{target} waits for a decision again."
        else:
            word = "released" if kind is DecisionKind.RELEASE else "dropped"
            for held in settle_held(folder, kind, source, run, note=note, actor=who()):
                yield f"{held.page_count} pages of {held.source_id}, run {held.run_id}, are {word}."
    for done in publish_released(folder, release_facts()):
        yield f"Run {done.run_id} published them: {done.counts.stored} new versions."
    summary = publish_tables(folder)
    yield f"Published: {summary.article_count} articles in {summary.version_count} versions."


def _list(folder: DataFolder) -> None:
    found = waiting(Snapshot.open(folder))
    if not found:
        err.print("No page waits for a decision.")
        return
    table = Table("source", "run", "pages")
    for held in found:
        table.add_row(held.source_id, held.run_id, str(held.page_count))
    out.print(table, markup=False, highlight=False)
    out.print("`copydesk release SOURCE` publishes them, `copydesk drop SOURCE` does not.", highlight=False)
