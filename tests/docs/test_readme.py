"""The README is true: its commands are understood or run, its SQL and Python answer, its links lead somewhere."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from copydesk.cli import app
from tasks.discover.sources_file import load_sources
from tests.cli.test_command import copydesk
from tests.docs.archive import write_archive
from tests.flows.nights import write_pages

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(language: str) -> list[str]:
    """The README's fenced blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


COMMANDS = [line[2:] for block in blocks("console") for line in block.splitlines() if line.startswith("$ copydesk")]


def test_it_is_short_and_has_examples() -> None:
    """Under 150 lines; the blocks are found."""
    assert README.count("\n") < 150
    assert (len(COMMANDS), len(blocks("sql")), len(blocks("python"))) == (6, 1, 1)


RUNNING = [
    line
    for page in ("running.md", "keeping.md")
    for block in re.findall(r"```sh\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL)
    for line in block.splitlines()
    if line.startswith("copydesk ")
]


@pytest.mark.parametrize("command", [*COMMANDS, *RUNNING])
def test_every_command_is_understood(command: str) -> None:
    """Words and options exist; nothing is run."""
    group = get_command(app)
    name, *words = shlex.split(command)[1:]
    assert isinstance(group, typer.core.TyperGroup)
    context = group.commands[name].make_context(name, words)
    assert context.params["data"] == Path("data" if command in COMMANDS else "/srv/copydesk/data")


def test_the_commands_of_running_are_found() -> None:
    """A change of the fence would make the test above empty."""
    assert len(RUNNING) >= 4


def test_the_source_that_it_names_is_shipped() -> None:
    """`--source bbc-world`, and the count of sites."""
    ids = [source.id for source in load_sources(ROOT / "sources.yaml")]
    assert "bbc-world" in ids
    assert "sixteen" in README
    assert len(ids) == 16


@pytest.mark.flow
def test_what_needs_no_network_is_run(tmp_path: Path) -> None:
    """Backfill of a folder and a web archive, then status, SQL and Python as they stand there."""
    write_pages(tmp_path / "archive", 3)
    write_archive(tmp_path / "crawl.warc.gz", {"https://paper.example/ferry": "Last ferry leaves at ten"})
    for command in COMMANDS:
        if shlex.split(command)[1] in ("backfill", "sql"):
            found = copydesk(*shlex.split(command)[1:], cwd=tmp_path)
            assert found.returncode == 0, found.stderr
    assert "paper.example" in found.stdout
    assert copydesk("status", cwd=tmp_path).returncode == 0
    assert copydesk("sql", blocks("sql")[0], cwd=tmp_path).returncode == 0
    namespace: dict[str, object] = {}
    exec(blocks("python")[0].replace('"data"', repr(str(tmp_path / "data"))), namespace)  # noqa: S102 - our own page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of the README and of docs/ names a file or folder that is there."""
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target
