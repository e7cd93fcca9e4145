"""Verification: nothing to say of a sound folder, and each kind of damage is named."""

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import copydesk
from copydesk.cli import app
from schemas.source import Source
from schemas.table import to_arrow
from schemas.tables import TABLES
from tasks.io.delta import LOG
from tasks.io.findings import Finding
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot
from tasks.io.verify import verify
from tasks.publish.database import publish_tables
from tests.flows.nights import NIGHT, run_night, write_pages


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after one night over a folder of texts; for copying only."""
    root = tmp_path_factory.mktemp("verify")
    pages = write_pages(root / "pages", 6)
    source = Source.model_validate({"id": "pages", "kind": "folder", "path": str(pages), "site": "pages"})
    run_night(DataFolder(root / "data"), [source], NIGHT)
    return root / "data"


@pytest.fixture
def data(sound: Path, tmp_path: Path) -> DataFolder:
    """A copy of it, published where it lies."""
    made = DataFolder(tmp_path / "dä ta")
    shutil.copytree(sound, made.root)
    publish_tables(made)
    return made


def faults(folder: DataFolder, *, deep: bool = False) -> list[Finding]:
    """What is wrong."""
    return [finding for finding in verify(folder, deep=deep) if finding.is_fault]


def test_a_sound_folder(data: DataFolder) -> None:
    """Not a word, also when everything is read."""
    assert verify(data) == verify(data, deep=True) == []


def test_an_empty_folder(folder: DataFolder) -> None:
    """Nothing was committed, so nothing is wrong."""
    assert verify(folder, deep=True) == []


@pytest.mark.parametrize("is_copied", [False, True])
def test_a_folder_that_was_moved_or_copied(data: DataFolder, tmp_path: Path, is_copied: bool) -> None:
    """Verification notes that the views are of the old place; whoever reads makes them again, for the new one."""
    with copydesk.connect(data.root) as dataset:
        before = dataset.execute("select * from articles order by all").fetchall()
    place = tmp_path / "new place"
    if is_copied:
        shutil.copytree(data.root, place)
    else:
        data.root.rename(place)
    (told,) = verify(DataFolder(place), deep=True)
    assert (told.is_fault, told.about) == (False, "published")
    with copydesk.connect(place) as dataset:
        assert dataset.execute("select * from articles order by all").fetchall() == before
        assert dataset.execute("select path from files where not starts_with(path, ?)", [str(place)]).fetchall() == []
    assert verify(DataFolder(place)) == []


def article_file(folder: DataFolder) -> Path:
    """The one file of articles."""
    (path,) = Snapshot.open(folder).files("articles")
    return path


def warc(folder: DataFolder) -> Path:
    """The one file with pages."""
    (path,) = folder.captures.rglob("*.warc.gz")
    return path


def flip(path: Path, place: int) -> None:
    """Change one byte, and nothing of the size."""
    raw = bytearray(path.read_bytes())
    raw[place] ^= 0xFF
    path.write_bytes(raw)


def of_column(path: Path, name: str) -> int:
    """A place in the last page of a column, which no sum reads."""
    group = pq.read_metadata(path).row_group(0)
    (column,) = [group.column(n) for n in range(group.num_columns) if group.column(n).path_in_schema == name]
    start = column.dictionary_page_offset or column.data_page_offset
    return int(start + column.total_compressed_size - 2)


def rewrite(path: Path) -> None:
    """Another Parquet file of the same rows."""
    pq.write_table(pq.read_table(path), path, compression="none")


def lose_a_ledger_row(folder: DataFolder) -> None:
    """The ledger's file without its last row, and the log made to fit."""
    (path,) = Snapshot.open(folder).files("ledger")
    rows = pl.read_parquet(path)
    size = path.stat().st_size
    pq.write_table(to_arrow(TABLES["ledger"], rows.head(rows.height - 1)), path)
    for entry in (folder.table("ledger") / LOG).glob("*.json"):
        text = entry.read_text().replace(f'"size":{size}', f'"size":{path.stat().st_size}')
        entry.write_text(
            text.replace(f'{{\\"numRecords\\": {rows.height}}}', f'{{\\"numRecords\\": {rows.height - 1}}}')
        )


def cut(path: Path, keep: int) -> None:
    """Keep the first bytes only."""
    path.write_bytes(path.read_bytes()[:keep])


DAMAGE: dict[str, tuple[Callable[[DataFolder], None], str, bool]] = {
    "a file is gone": (lambda f: article_file(f).unlink(), "named by the log and not there", False),
    "a file of no bytes": (lambda f: cut(article_file(f), 0), "it has 0 bytes", False),
    "a file cut short": (lambda f: cut(article_file(f), 100), "it has 100 bytes", False),
    "a footer is damaged": (lambda f: flip(article_file(f), -2), "cannot be read", False),
    "a byte of a page": (lambda f: flip(article_file(f), of_column(article_file(f), "body")), "cannot be read", True),
    "another file in its place": (lambda f: rewrite(article_file(f)), "bytes, and the log says", False),
    "a log entry is damaged": (
        lambda f: cut(f.table("articles") / LOG / f"{0:020d}.json", 20), "The log of", False,
    ),
    "a row of the ledger is lost": (lose_a_ledger_row, "the ledger's rows are not what", False),
    "captures are gone": (lambda f: warc(f).unlink(), "the file is not there, and", False),
    "captures are cut": (lambda f: cut(warc(f), warc(f).stat().st_size // 2), "rows name places up to", False),
    "a byte of a capture": (lambda f: flip(warc(f), warc(f).stat().st_size // 2), "the record at byte", True),
    "captures of another run": (
        lambda f: warc(f).write_bytes(gzip.compress(b"x" * 9, mtime=0) + bytes(warc(f).stat().st_size)),
        "no record begins at byte", True,
    ),
}  # fmt: skip


@pytest.mark.faults
@pytest.mark.parametrize("case", DAMAGE)
def test_H4_verify_names_what_is_damaged(data: DataFolder, case: str) -> None:
    """Each damage is a fault in words; what only digests can tell is found by --deep and not before."""
    damage, words, is_deep = DAMAGE[case]
    damage(data)
    if is_deep:
        assert faults(data) == []
    found = faults(data, deep=is_deep)
    assert any(words in finding.what for finding in found), found


@pytest.mark.faults
def test_H4_a_stray_file_is_a_note(data: DataFolder) -> None:
    """A foreign file in a table's folder hurts no reader; it is named, and the exit code is 0."""
    stray = data.table("articles") / "foreign.parquet"
    stray.write_bytes(b"")
    (finding,) = verify(data)
    assert (finding.is_fault, finding.about, finding.where) == (False, "stray", str(stray))
    answer = CliRunner().invoke(app, ["verify", "--data", str(data.root)])
    assert answer.exit_code == 0, answer.output


def test_the_command_exits_with_1(data: DataFolder) -> None:
    """And says what it found as JSON."""
    article_file(data).unlink()
    answer = CliRunner().invoke(app, ["verify", "--data", str(data.root), "--json"])
    assert answer.exit_code == 1
    found = json.loads(answer.output)
    assert found["faults"] == len(found["findings"]) == 2
    assert [finding["about"] for finding in found["findings"]] == ["file", "published"]
