"""`copydesk.connect`: the newest published dataset, or one sentence."""

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

import copydesk
from tasks.errors import DataFolderError, NewerFormatError
from tasks.io.folder import DataFolder
from tests.sql.dataset import newspaper, version

ROOT = Path(__file__).resolve().parents[2]


def test_connects(folder: DataFolder) -> None:
    """Views, macros and UTC are there without a further word, by path or by text."""
    newspaper(folder)
    with copydesk.connect(str(folder.root)) as dataset:
        assert dataset.execute("select count(*) from articles").fetchall() == [(3,)]
        assert dataset.execute("select count(*) from articles_as_of('2026-03-31')").fetchall() == [(3,)]
        assert dataset.execute("select current_setting('TimeZone')").fetchall() == [("UTC",)]


def test_read_only_by_default(folder: DataFolder) -> None:
    """Nothing in the dataset can be changed, but a table of one's own can be made in memory."""
    newspaper(folder)
    with copydesk.connect(folder.root) as dataset:
        with pytest.raises(duckdb.Error, match="read-only"):
            dataset.execute("drop view articles")
        dataset.execute("create temp table mine as from articles")
        assert dataset.execute("select count(*) from mine").fetchall() == [(3,)]
    with copydesk.connect(folder.root, read_only=False) as dataset:
        dataset.execute("create table mine as from articles")


def test_sees_the_next_night_while_an_old_connection_is_open(folder: DataFolder) -> None:
    """A new connection in the same process shows what was published last."""
    tables = newspaper(folder)
    with copydesk.connect(folder.root) as before:
        tables.add("articles", version("later", 3, run="night2"))
        tables.publish()
        with copydesk.connect(folder.root) as after:
            assert after.execute("select count(*) from articles").fetchall() == [(4,)]
        assert before.execute("select count(*) from articles").fetchall() == [(3,)]


def test_no_dataset_yet(folder: DataFolder, tmp_path: Path) -> None:
    """A folder without a database, or no folder at all, is one sentence that says what to do."""
    for root in (folder.root, tmp_path / "nowhere"):
        with pytest.raises(DataFolderError, match=r"has no articles\.duckdb yet: run Copydesk"):
            copydesk.connect(root)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.faults
def test_H11_a_newer_database(folder: DataFolder) -> None:
    """A database of a newer format is refused before it is misunderstood."""
    newspaper(folder)
    with duckdb.connect(str(folder.database)) as database:
        database.execute("update published set format = 99")
    with pytest.raises(NewerFormatError, match="has format 99, but this Copydesk knows only 1: upgrade Copydesk"):
        copydesk.connect(folder.root)


@pytest.mark.faults
def test_H11_a_newer_folder(folder: DataFolder) -> None:
    """So is a folder of a newer format."""
    newspaper(folder)
    folder.format_file.write_text(json.dumps({"format": 99}))
    with pytest.raises(NewerFormatError, match="upgrade Copydesk"):
        copydesk.connect(folder.root)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 1000], ids=["empty", "garbage"])
def test_damaged_database(folder: DataFolder, content: bytes) -> None:
    """A file that is no database is one sentence that says how to get one again."""
    folder.database.write_bytes(content)
    with pytest.raises(DataFolderError, match=r"cannot be opened .*publish it"):
        copydesk.connect(folder.root)


def test_foreign_database(folder: DataFolder) -> None:
    """A DuckDB file that Copydesk did not make is told as such."""
    with duckdb.connect(str(folder.database)) as database:
        database.execute("create table x as select 1")
    with pytest.raises(DataFolderError, match="cannot be opened"):
        copydesk.connect(folder.root)


def test_moved_folder(folder: DataFolder, tmp_path: Path) -> None:
    """A database that was moved without its tables would read the files of its old place: refused."""
    newspaper(folder)
    folder.root.rename(tmp_path / "moved")
    with pytest.raises(DataFolderError, match=r"was published for .*run Copydesk once more in the new place"):
        copydesk.connect(tmp_path / "moved")


def test_command_starts_without_duckdb() -> None:
    """Importing the package costs no database: `copydesk --help` answers at once."""
    code = "import copydesk, sys; assert 'duckdb' not in sys.modules; copydesk.connect; assert 'duckdb' in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
    with pytest.raises(AttributeError, match="no attribute 'conect'"):
        copydesk.conect  # type: ignore[attr-defined]  # noqa: B018 - the access is the test
