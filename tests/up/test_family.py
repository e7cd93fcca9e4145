"""What `copydesk up` shows of its runs, where it starts them, and how often it is asked to stop."""

import os
import signal
from pathlib import Path

import pytest

from copydesk.up_family import LOG_LINE, Tail, shadow_free, stop_signals


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (
            "02:15:00.123 | INFO    | Flow run 'nightly' - Beginning",
            "02:15:00.123 | INFO    | Flow run 'nightly' - Beginning",
        ),
        ("See https://lib.example/leaks.html02:15:00.123 | ERROR   | x", "02:15:00.123 | ERROR   | x"),
        ("Traceback (most recent call last):", None),
        (" - leaked function", None),
        ("02:15 | a table of something else", None),
    ],
)
def test_log_lines_are_shown(line: str, shown: str | None) -> None:
    """Prefect's log lines are told from all else that a run prints."""
    found = LOG_LINE.search(line)
    assert (found and found[0]) == shown


def test_a_tail_gives_whole_new_lines_once(tmp_path: Path) -> None:
    """What was there before is not shown, a line that is half written waits for its end."""
    log = tmp_path / "runner.log"
    log.write_text("01:00:00.000 | old\n", encoding="utf-8")
    tail = Tail(log)
    with log.open("a", encoding="utf-8") as file:
        file.write("02:00:00.000 | one\nnoise\n02:00:01.0")
        file.flush()
        assert tail.lines() == ["02:00:00.000 | one"]
        file.write("00 | two\n")
    assert tail.lines() == ["02:00:01.000 | two"]
    assert tail.lines() == []
    tail.close()


@pytest.mark.parametrize(("name", "is_hidden"), [("flows", True), ("schemas", True), ("stories", False)])
def test_runs_start_where_nothing_hides_our_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_hidden: bool
) -> None:
    """Beside a folder named like one of our packages they start in the home, else here; we stay where we are."""
    home = tmp_path / "home"
    home.mkdir()
    here = tmp_path / "here"
    (here / name).mkdir(parents=True)
    monkeypatch.chdir(here)
    with shadow_free(home):
        assert Path.cwd() == (home if is_hidden else here)
    assert Path.cwd() == here


def test_requests_to_stop_are_counted() -> None:
    """The first asks to stop, the second to stop at once; afterwards signals do again what they did."""
    before = signal.getsignal(signal.SIGTERM)
    with stop_signals() as patience:
        assert not patience.is_asked()
        os.kill(os.getpid(), signal.SIGTERM)
        assert patience.is_asked()
        assert not patience.is_lost()
        os.kill(os.getpid(), signal.SIGINT)
        assert patience.is_lost()
    assert signal.getsignal(signal.SIGTERM) == before
