"""A night that is killed after any of its stages: the next one finishes it, and nothing is lost or done twice."""

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from flows.inputs import sources_of
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot
from tests.flows.nights import NIGHT, run_night, write_pages

PAGES = 12
ROOT = Path(__file__).resolve().parents[2]

AFTER = {
    "list_source": ("recovered", 0, 0),
    "select_candidates": ("recovered", PAGES, 0),
    "fetch_shard": ("recovered", PAGES, PAGES),
    "parse_shard": ("recovered", PAGES, PAGES),
    "clean_shard": ("recovered", PAGES, PAGES),
    "validate_shard": ("recovered", PAGES, PAGES),
    "store_run": ("completed", PAGES, PAGES),
    "publish": ("completed", PAGES, PAGES),
}
"""Task after which the night dies: status of its run in the end, pages it found, articles it brought."""


@pytest.mark.kill
@pytest.mark.parametrize("stage", AFTER)
def test_a_killed_night_is_finished_by_the_next(stage: str, folder: DataFolder, tmp_path: Path) -> None:
    """After the second night every document is one article, and both runs balance."""
    status, found, brought = AFTER[stage]
    documents = write_pages(tmp_path / "documents", PAGES)
    command = [sys.executable, "-m", "tests.flows.child", str(folder.root), str(documents), stage]
    died = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert died.returncode == -signal.SIGKILL, died.stderr[-2000:]

    summary = run_night(folder, sources_of([documents], "paper.example"), NIGHT + timedelta(days=1))
    snapshot = Snapshot.open(folder)
    articles = snapshot.read("articles")
    runs = {row["run_id"]: row for row in snapshot.read("runs").iter_rows(named=True)}
    first = [row for run_id, row in runs.items() if run_id != summary.run_id]

    assert articles.height == articles["article_id"].n_unique() == PAGES
    assert (summary.counts.found, summary.counts.balanced) == (PAGES, True)
    assert summary.counts.known + summary.counts.stored == PAGES
    assert summary.counts.stored == PAGES - brought
    assert [(row["status"], row["found_count"], row["stored_count"]) for row in first] == [(status, found, brought)]
    assert first[0]["deferred_count"] == found - brought
    assert not list(folder.staging.iterdir())
