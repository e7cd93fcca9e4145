"""The list of faults is whole, a row that fails is seen, and the command says so."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from copydesk import selftest
from copydesk.faults.answers import STORY
from copydesk.faults.model import Fetch, Listing, Page, Row, Scenario
from copydesk.faults.rows import ROWS, UNPLAYED
from copydesk.faults.run import play_row
from tasks.errors import CopydeskError, UsageError

HERE = Path(__file__).parent
WANTED = [f"A{n}" for n in range(1, 29)] + [f"B{n}" for n in range(1, 7)] + [f"C{n}" for n in range(1, 16)]


def test_every_row_is_played_and_named_by_a_test() -> None:
    """Sections A, B and C are whole; each row has cases, and a test that begins with its name."""
    assert {row.id for row in ROWS} | set(UNPLAYED) == set(WANTED)
    assert [row.id for row in ROWS] == [name for name in WANTED if name in {row.id for row in ROWS}]
    assert all(row.cases for row in ROWS)
    tests = "".join(path.read_text() for path in sorted(HERE.glob("test_section_*.py")))
    assert re.findall(r"def test_([ABC]\d+)_", tests) == [row.id for row in ROWS]


async def _raise(_bench: object) -> None:
    raise ValueError("a mistake")


WRONG = (
    Fetch("another end", {"/page": STORY}, (Page("/page", "failed timeout"),)),
    Fetch("too many requests", {"/page": STORY}, (Page("/page", "fetched"),), requests=0),
    Fetch("no such detail", {"/page": STORY}, (Page("/page", "fetched", detail="x"),)),
    Fetch("parsed otherwise", {"/page": STORY}, (Page("/page", "fetched", parsed="soft_404"),)),
    Listing("another reason", {"/list": STORY}, reason="dns"),
    Listing("other URLs", {"/list": STORY}, ("/1",), reason="not_a_listing"),
    Scenario("a mistake of ours", _raise),
)


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
async def test_a_case_that_ends_otherwise_is_seen(case: Fetch | Listing | Scenario, tmp_path: Path) -> None:
    """Each kind of expectation can fail, and the row with it."""
    result = await play_row(Row("X1", "x", (case,)), tmp_path)
    assert not result.is_passed
    assert result.problems[0].startswith(case.name)


def test_the_command_counts_rows(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The table names each row; one that failed makes the command fail."""
    good = Row("X1", "good", (Fetch("page", {"/page": STORY}, (Page("/page", "fetched"),)),))
    monkeypatch.setattr(selftest, "ROWS", (good,))
    selftest.run_selftest(faults=True)
    assert "1 of 1 rows passed, 1 cases." in capsys.readouterr().out
    monkeypatch.setattr(selftest, "ROWS", (good, Row("X2", "bad", WRONG[:1])))
    with pytest.raises(CopydeskError, match="X2"):
        selftest.run_selftest(faults=True)
    assert "another end" in capsys.readouterr().out
    with pytest.raises(UsageError, match="--faults"):
        selftest.run_selftest(faults=False)


def test_deaths_that_are_interrupted_are_counted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C ends the deaths with what was found so far: the last line has the counts."""
    from copydesk.crash import run as crash_run

    def played(*_: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(is_reached=True, problems=[], point="call 1")
        yield SimpleNamespace(is_reached=False, problems=[], point="call 2")
        raise KeyboardInterrupt

    plan = SimpleNamespace(ground=SimpleNamespace(calls=[1, 2, 3]), all_points=9, points=[1, 2, 3])
    monkeypatch.setattr(crash_run, "plan", lambda *_: plan)
    monkeypatch.setattr(crash_run, "played", played)
    selftest.run_selftest(faults=False, crash=True)
    printed = capsys.readouterr()
    assert json.loads(printed.out.splitlines()[-1]) == {"survived": 1, "tried": 1, "unreached": 1}
    assert "Stopped after 2 of 3 deaths." in printed.err
