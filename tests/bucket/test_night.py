"""Whole nights on a bucket, buckets and folders as copies of each other, and the page that tells of it."""

import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from copydesk.cli import app
from schemas.source import Source, SourceKind
from tasks.io.bucket.copy import bucket_of
from tasks.io.folder import DataFolder
from tasks.io.logical import logical_hash
from tasks.io.tables import Snapshot
from tasks.io.verify import verify
from tests.bucket.conftest import Machine
from tests.flows.nights import NIGHT, run_night, write_pages
from tests.io.committing import commit_rows, ledger_row

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "object-storage.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("copydesk ")
]


def test_nights_of_two_machines_are_the_nights_of_one(bucket: str, machine: Machine, tmp_path: Path) -> None:
    """What one machine stored the other knows; the same pages in a folder say the same, and the page's commands run."""
    pages = write_pages(tmp_path / "pages", 3)
    source = Source(id="texts", kind=SourceKind.FOLDER, path=pages, site="paper.example")
    one, two, local = machine("one"), machine("two"), DataFolder(tmp_path / "local")
    for place in (one, local):
        assert run_night(place, [source], NIGHT).counts.stored == 3
    write_pages(pages, 4)
    for place in (two, local):
        counts = run_night(place, [source], NIGHT + timedelta(days=1)).counts
        assert (counts.stored, counts.found) == (1, 4)
    one.check()
    assert logical_hash(Snapshot.open(one)) == logical_hash(Snapshot.open(local))
    assert [path.name for path in two.staging.iterdir()] == []
    assert verify(one, deep=True) == []
    for command in COMMANDS:
        name, *words = shlex.split(command.replace("s3://newsroom/articles", shlex.quote(bucket)))[1:]
        if name not in ("run", "doctor"):
            answer = CliRunner().invoke(app, [name, *words])
            assert answer.exit_code == 0, answer.output


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_of_the_page_are_understood(command: str) -> None:
    """Words and options exist, and all are about one address."""
    group = get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    name, *words = shlex.split(command)[1:]
    data = group.commands[name].make_context(name, words).params["data"]
    assert DataFolder(data).name == "s3://newsroom/articles"


def test_the_page_has_commands_and_names_every_variable() -> None:
    """A change of the fence would make the test above empty."""
    assert len(COMMANDS) >= 5
    for name in ("AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL", "COPYDESK_COPIES"):
        assert f"`{name}`" in PAGE


def test_a_bucket_and_a_folder_can_be_copied_into_each_other(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Objects as files, and files as objects: either is whole, and goes on."""
    one, folder = machine("one"), DataFolder(tmp_path / "folder")
    commit_rows(one, "a", {"ledger": [ledger_row("a", "https://a.example/a")]})
    bucket = bucket_of(one)
    for key in bucket.sizes(""):
        bucket.bring(key, folder.root / key)
    folder.prepare()
    commit_rows(folder, "b", {"ledger": [ledger_row("b", "https://a.example/b")]})
    assert verify(folder, deep=True) == []
    other = DataFolder(Path(f"{one.name}-again"))
    for path in sorted(folder.root.rglob("*")):
        key = path.relative_to(folder.root).as_posix()
        if path.is_file() and not key.startswith(("leases/", "staging/")):
            bucket_of(other).put_file(key, path)
    other.prepare()
    commit_rows(other, "c", {"ledger": [ledger_row("c", "https://a.example/c")]})
    runs = Snapshot.open(other).read("runs", ["run_id", "run_seq"]).sort("run_seq").rows()
    assert runs == [("a", 1), ("b", 2), ("c", 3)]
    assert verify(other, deep=True) == []
