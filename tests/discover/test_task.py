"""Prefect's shell: it calls the plain functions and names its runs."""

from pathlib import Path

from schemas.source import Source, SourceKind
from tasks.discover import task
from tasks.io.staging import RunContext
from tests.servers import quick


async def test_the_tasks_call_the_stage(run: RunContext, tmp_path: Path) -> None:
    """Listing and selecting through the tasks' functions gives the shards of the folder."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Title\nText")
    source = Source(id="docs", kind=SourceKind.FOLDER, path=tmp_path / "in")
    assert str(task.list_source.task_run_name).format(source=source) == "list docs"
    summary = await task.list_source.fn(run, source, quick())
    assert (summary.status, summary.counts.found) == ("ok", 1)
    assert task.select_candidates.fn(run, [source]) == ["0000"]
