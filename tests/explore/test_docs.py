"""docs/explore.md is true: its commands are understood, its SQL is answered under the rules for strangers."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from copydesk.cli import app
from copydesk.explore.queries import Limits
from tests.explore.test_queries import told

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "explore.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r"^copydesk .*$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("sql", QUERIES)
def test_its_queries_are_answered(data: Path, sql: str) -> None:
    """Each block of SQL."""
    assert "error" not in told(data, sql)


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_are_understood(command: str) -> None:
    """Words and options exist; nothing is run."""
    group = get_command(app)
    name, *words = shlex.split(command)[1:]
    assert isinstance(group, typer.core.TyperGroup)
    assert group.commands[name].make_context(name, words).params["port"] == 4300


def test_there_are_examples_and_the_limits_are_those_of_the_code() -> None:
    """A change of the fence would make the tests above empty."""
    assert (len(QUERIES), len(COMMANDS)) == (3, 2)
    assert f"After {Limits().seconds} seconds" in PAGE
