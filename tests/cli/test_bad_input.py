"""A user's mistake gives one sentence and its exit code; nothing is written, and no traceback is shown."""

import atexit
import json
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from copydesk import cli

Copydesk = Callable[..., tuple[int, str, str]]

GOOD = "sources:\n  - id: papers\n    kind: folder\n    path: papers\n"


@pytest.fixture
def copydesk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Copydesk:
    """Runs the command in an empty folder; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(atexit, "register", lambda *_: None)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["copydesk", *words])
        capfd.readouterr()
        try:
            cli.main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capfd.readouterr()

    return run


MISTAKES: dict[str, tuple[tuple[str, ...], int, str]] = {
    "no sources file": (("run",), 2, "sources.yaml does not exist"),
    "unknown source": (("run", "--sources", "good.yaml", "--source", "paper"), 2, "did you mean 'papers'"),
    "wrong field": (("run", "--sources", "bad.yaml"), 2, "bad.yaml:3: source 'papers': field 'knd' is not known"),
    "not YAML": (("run", "--sources", "torn.yaml"), 2, "torn.yaml:"),
    "wrong site rule": (
        ("run", "--sources", "ruled/sources.yaml"),
        2,
        "rules/a.yaml:3: rule 'x': field 'dorp' is not known",
    ),
    "limit below zero": (("run", "--sources", "good.yaml", "--limit", "-1"), 2, "'--limit'"),
    "missing input": (("backfill", "nowhere.txt"), 2, "nowhere.txt does not exist"),
    "input of no kind": (("backfill", "picture.png"), 2, "picture.png: only folders"),
    "no input": (("backfill",), 2, "Missing argument"),
    "unknown command": (("nightly",), 2, "No such command"),
    "data folder is a file": (("backfill", "page.txt", "--data", "page.txt"), 1, "page.txt is a file"),
    "data of a newer version": (("backfill", "page.txt", "--data", "newer"), 1, "upgrade Copydesk"),
    "status of a newer version": (("status", "--data", "newer"), 1, "upgrade Copydesk"),
    "damaged format file": (("run", "--sources", "good.yaml", "--data", "damaged"), 1, "format.json is damaged"),
    "nothing to ask yet": (("sql", "select 1", "--data", "empty"), 1, "no articles.duckdb yet"),
    "unknown format": (("sql", "select 1", "--format", "xml", "--data", "empty"), 2, "xml"),
    "up without sources": (("up", "--data", "empty"), 2, "sources.yaml does not exist"),
    "up in a strange zone": (("up", "--sources", "good.yaml", "--time-zone", "Mars/Base"), 2, "Mars/Base"),
}


@pytest.fixture
def files(tmp_path: Path) -> None:
    """The files and folders that the mistakes name."""
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "bad.yaml").write_text(GOOD.replace("kind", "knd"))
    (tmp_path / "ruled" / "rules").mkdir(parents=True)
    (tmp_path / "ruled" / "sources.yaml").write_text(GOOD)
    (tmp_path / "ruled" / "rules" / "a.yaml").write_text("site: a.example\nrules:\n- {id: x, dorp: p}\n")
    (tmp_path / "torn.yaml").write_text("sources: [\n")
    (tmp_path / "page.txt").write_text("A headline\nA line of text.\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    for name, text in (("newer", json.dumps({"format": 99})), ("damaged", "{")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "format.json").write_text(text)


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_sentence(copydesk: Copydesk, tmp_path: Path, mistake: str) -> None:
    """With the exit code of its kind; no data folder comes of it."""
    words, code, text = MISTAKES[mistake]
    before = {path for path in tmp_path.rglob("*") if "prefect" not in path.parts}
    found, _, errors = copydesk(*words)
    assert (found, "Traceback" in errors) == (code, False), errors
    assert text in " ".join(errors.split()), errors
    assert {path for path in tmp_path.rglob("*") if "prefect" not in path.parts} == before


@pytest.mark.usefixtures("files")
def test_a_taken_port_is_named(copydesk: Copydesk) -> None:
    """`up` says which port is in use, with exit code 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, _, errors = copydesk("up", "--sources", "good.yaml", "--port", str(port))
    assert (code, str(port) in errors, "Traceback" in errors) == (1, True, False), errors


def test_help_names_every_command(copydesk: Copydesk) -> None:
    """And answers without importing Prefect or DuckDB."""
    code, text, _ = copydesk("--help")
    assert code == 0
    for command in ("demo", "run", "backfill", "sql", "status", "up", "doctor"):
        assert command in text
