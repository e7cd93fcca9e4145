"""The report of a published run, and what happens when Prefect's API is away."""

from typing import Any

import httpx
import pytest
from prefect.exceptions import PrefectException

from schemas.summary import Counts, RunSummary
from tasks.errors import DataFolderError
from tasks.io.folder import DataFolder
from tasks.report import task as shell
from tasks.report.facts import RunFacts, read_facts
from tests.sql.dataset import day as day_of
from tests.sql.dataset import newspaper

SUMMARY = RunSummary("night2", "nightly", "completed", None, day_of(2), day_of(2), Counts(found=1, stored=1))


def test_facts_of_a_run(folder: DataFolder) -> None:
    """Each fact is counted for the run alone."""
    newspaper(folder)
    assert read_facts(folder, "night2") == RunFacts(
        refusals=(("reject", "check_failed", "body_min_words", 1, "https://a.example/stub"),),
        misses=(
            ("failed", "timeout", 1, "https://a.example/slow"),
            ("gone", "http_status", 1, "https://a.example/harvest"),
        ),
        cuts=(("ad_marker", 1, 1, 13),),
        changes=(("first", 1, 1), ("typo", 1, 1)),
    )
    assert read_facts(folder, "night1").changes == (("first", 2, 1),)


def test_run_without_rows_has_no_facts(folder: DataFolder) -> None:
    """A run that stored nothing has an empty report, not an error."""
    newspaper(folder)
    assert read_facts(folder, "nobody' or true") == RunFacts()


def test_report_before_the_first_publish(folder: DataFolder) -> None:
    """Without a database there is one sentence."""
    with pytest.raises(DataFolderError, match="yet"):
        read_facts(folder, "night2")


async def test_outside_a_flow_run_nothing_is_sent(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Called straight, the report is made and Prefect is left alone: no server is started for it."""
    newspaper(folder)

    async def never(*_args: Any, **_named: Any) -> None:
        raise AssertionError("an artifact was sent")

    monkeypatch.setattr(shell, "acreate_markdown_artifact", never)
    monkeypatch.setattr(shell, "acreate_table_artifact", never)
    monkeypatch.setattr(shell, "acreate_link_artifact", never)
    made = await shell.report.fn(folder, SUMMARY)
    assert made.artifact_count == 0
    assert "# Run night2: completed" in made.markdown


class _Log:
    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warning(self, text: str, *values: object) -> None:
        self.warnings.append(text % values)


@pytest.mark.faults
@pytest.mark.parametrize(
    "trouble",
    [
        None,
        httpx.ConnectError("All connection attempts failed"),
        httpx.HTTPStatusError("503", request=httpx.Request("POST", "http://x"), response=httpx.Response(503)),
        httpx.ReadTimeout("slow"),
        PrefectException("locked"),
        RuntimeError("Failed to reach API at http://127.0.0.1:4200/api/"),
        ConnectionResetError("reset"),
    ],
    ids=lambda trouble: type(trouble).__name__,
)
async def test_I4_report_survives_an_api_that_is_away(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, trouble: Exception | None
) -> None:
    """Every way in which Prefect's API fails is a warning for each artifact; the run goes on."""
    newspaper(folder)
    log, sent = _Log(), []

    async def send(*_args: Any, key: str, **_named: Any) -> None:
        if trouble is not None:
            raise trouble
        sent.append(key)

    monkeypatch.setattr(shell, "acreate_markdown_artifact", send)
    monkeypatch.setattr(shell, "acreate_table_artifact", send)
    monkeypatch.setattr(shell, "acreate_link_artifact", send)
    monkeypatch.setattr(shell, "get_run_logger", lambda: log)
    monkeypatch.setattr(shell.FlowRunContext, "get", classmethod(lambda _cls: object()))
    made = await shell.report.fn(folder, SUMMARY)
    if trouble is None:
        assert (made.artifact_count, sent, log.warnings) == (3, ["run-report", "run-funnel", "run-page"], [])
    else:
        assert (made.artifact_count, len(log.warnings)) == (0, 3)
        assert str(trouble) in log.warnings[0]


async def test_slip_of_ours_is_not_swallowed(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only trouble of the API is forgiven: a wrong key or type is an error."""
    newspaper(folder)

    async def send(*_args: Any, **_named: Any) -> None:
        raise TypeError("slip")

    monkeypatch.setattr(shell, "acreate_markdown_artifact", send)
    monkeypatch.setattr(shell.FlowRunContext, "get", classmethod(lambda _cls: object()))
    with pytest.raises(TypeError, match="slip"):
        await shell.report.fn(folder, SUMMARY)
