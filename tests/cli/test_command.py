"""The command end to end, in processes of its own: documents in, SQL out."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.nights import write_pages

ROOT = Path(__file__).resolve().parents[2]


def copydesk(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Runs `copydesk` with these words in a folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT")}
    environment["PYTHONPATH"] = str(ROOT)
    return subprocess.run(
        [sys.executable, "-m", "copydesk", *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


@pytest.mark.flow
def test_documents_become_answers(tmp_path: Path) -> None:
    """Backfill twice, ask, look at the status: the second time nothing is new."""
    write_pages(tmp_path / "herald", 5)
    first = copydesk("backfill", "herald", cwd=tmp_path)
    assert (first.returncode, first.stderr) == (0, ""), first.stderr
    assert "0 known + 5 stored" in first.stdout
    second = copydesk("backfill", "herald", cwd=tmp_path)
    assert second.returncode == 0, second.stderr
    assert "5 known" in second.stdout
    answer = copydesk(
        "sql", "-- sites\nselect site, count(*) as n from articles group by all", "--format", "json", cwd=tmp_path
    )
    assert json.loads(answer.stdout) == [{"site": "herald", "n": 5}]
    status = json.loads(copydesk("status", "--json", cwd=tmp_path).stdout)
    assert (status["article_count"], status["version_count"], len(status["runs"])) == (5, 5, 2)
    assert status["unfinished_runs"] == []


@pytest.mark.flow
def test_an_empty_folder_is_a_failed_run(tmp_path: Path) -> None:
    """Exit code 1 and one sentence; the run is remembered."""
    (tmp_path / "empty").mkdir()
    found = copydesk("backfill", "empty", cwd=tmp_path)
    assert found.returncode == 1
    assert "error: None of 1 sources could be read (empty)." in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.shared
@pytest.mark.flow
def test_the_seed_comes_out_whole(tmp_path: Path, shared: Path) -> None:
    """Title, 14 paragraphs and desk initials, as the seed's expected.json says."""
    expected = json.loads((shared / "seed" / "expected.json").read_text(encoding="utf-8"))
    found = copydesk("backfill", str(shared / "seed" / "article.txt"), "--data", "d", cwd=tmp_path)
    assert found.returncode == 0, found.stderr
    query = "select title, string_split(body, e'\\n\\n') as paragraphs, editor_initials, site from articles"
    [row] = json.loads(copydesk("sql", query, "--format", "json", "--data", "d", cwd=tmp_path).stdout)
    assert row == {
        "title": expected["title"],
        "paragraphs": expected["body_paragraphs"],
        "editor_initials": expected["editor_initials"],
        "site": "seed",
    }


def test_the_doctor_finds_a_healthy_machine(tmp_path: Path) -> None:
    """No finding is bad where the packages are those of the lock file."""
    (tmp_path / "sources.yaml").write_text("sources:\n  - id: p\n    kind: folder\n    path: p\n")
    found = copydesk("doctor", cwd=tmp_path)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "contact" in found.stdout
