"""Prefect's shell: it calls the plain functions, names its runs, and retries only what may pass."""

from pathlib import Path
from typing import Any

import pytest
from prefect.states import Failed

from schemas.source import Source, SourceKind
from tasks.discover import task
from tasks.errors import DiskError, TransientError
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


@pytest.mark.parametrize(
    ("error", "is_retried"), [(TransientError("x"), True), (DiskError("x"), False), (ValueError("x"), False)]
)
async def test_only_what_may_pass_is_tried_again(error: Exception, is_retried: bool) -> None:
    """A full disk and a slip of ours fail at once."""
    none: Any = None
    assert await task._may_pass(none, none, Failed(data=error)) is is_retried
