"""`copydesk demo` runs the nights in order against the served papers, and leaves the environment as it was."""

import os
import urllib.request
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from copydesk.demo import run as demo
from copydesk.demo.papers import NIGHTS, PAPERS, sources
from tasks.discover.sources_file import load_sources
from tasks.errors import RunFailedError
from tasks.io.folder import DataFolder

FREE = dict.fromkeys(PAPERS, 0)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the demo asked for, in order: nights with what the Gazette's feed then held, funnels, questions."""
    seen: list[str] = []

    def run_at(data: Path, sources_file: Path, now: datetime) -> str:
        gazette = load_sources(sources_file)[0]
        with urllib.request.urlopen(str(gazette.url), timeout=10) as response:  # noqa: S310 - our own http URL
            feed = response.read().decode()
        seen.append(f"run {now:%d} fire={'boatyard-fire' in feed} allowed={os.environ.get(demo.LOOPBACK)}")
        return f"summary {now:%d}"

    monkeypatch.delenv(demo.LOOPBACK, raising=False)
    monkeypatch.setattr(demo, "prepare", lambda data: data.mkdir(parents=True, exist_ok=True))
    monkeypatch.setattr(demo, "run_at", run_at)
    monkeypatch.setattr(demo, "show_funnel", lambda summary: seen.append(f"funnel of {summary}"))
    monkeypatch.setattr(demo, "run_query", lambda _data, sql: seen.append(f"ask {sql.splitlines()[0]}"))
    return seen


def test_the_nights_come_in_order_and_then_the_questions(calls: list[str], tmp_path: Path) -> None:
    """Three runs at the three times, each against the papers of its night, a funnel after each, four answers."""
    demo.run_demo(tmp_path / "d", ports=FREE)
    assert calls[:6] == [
        "run 02 fire=False allowed=true", "funnel of summary 02",
        "run 03 fire=False allowed=true", "funnel of summary 03",
        "run 04 fire=True allowed=true", "funnel of summary 04",
    ]  # fmt: skip
    assert len([call for call in calls[6:] if call.startswith("ask -- ")]) == len(calls[6:]) == 4
    assert demo.LOOPBACK not in os.environ
    assert len(NIGHTS) == 3


def test_fewer_nights_can_be_asked_for(calls: list[str], tmp_path: Path) -> None:
    """`--nights 1` runs the first only; the sources file names all listings."""
    demo.run_demo(tmp_path / "d", 1, ports=FREE)
    assert [call for call in calls if call.startswith("run ")] == ["run 02 fire=False allowed=true"]
    read = load_sources(tmp_path / "d" / "sources.yaml")
    assert [source.id for source in read] == [entry["id"] for entry in sources()]


@pytest.mark.parametrize(
    ("last", "night"),
    [
        (None, 1),
        (NIGHTS[1], 2),
        (NIGHTS[1] + timedelta(hours=20), 2),
        (NIGHTS[3], 4),
        (NIGHTS[1] - timedelta(days=400), 1),
    ],
)
def test_a_second_demo_goes_on_after_the_last_run(
    last: datetime | None, night: int, folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time never goes back: the next night is the first that begins after the last run of the folder."""
    dataset = duckdb.connect(":memory:")
    dataset.execute("create table runs as select ?::timestamptz as started_at", [last])
    dataset.execute("set timezone = 'UTC'")
    monkeypatch.setattr(demo, "connect", lambda _data: dataset)
    assert demo.next_night(folder.root) == 1
    folder.database.touch()
    assert demo.next_night(folder.root) == night
    assert last is None or demo.time_of(night) > last


def test_the_papers_stay_as_they_are_after_the_third_night(
    calls: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Night 4 serves what night 3 served, a day later."""
    monkeypatch.setattr(demo, "next_night", lambda _data: 4)
    demo.run_demo(tmp_path / "d", 1, ports=FREE)
    assert calls[0] == "run 05 fire=True allowed=true"


def test_a_failed_night_is_told_and_ends_the_demo(
    calls: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error goes on to the command, which says it; no question is asked, and the user's own setting stays."""

    def fail(data: Path, sources_file: Path, now: datetime) -> None:
        raise RunFailedError("every page failed")

    monkeypatch.setenv(demo.LOOPBACK, "false")
    monkeypatch.setattr(demo, "run_at", fail)
    with pytest.raises(RunFailedError, match="every page failed"):
        demo.run_demo(tmp_path / "d", ports=FREE)
    assert calls == []
    assert os.environ[demo.LOOPBACK] == "false"
