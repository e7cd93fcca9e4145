"""Tables made again from captures and decisions: the same logical hash for any batch size and number of workers."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks.store.rebuild import rebuilds, take_in
from copydesk.cli import app
from copydesk.demo.papers import NIGHTS, write_sources
from copydesk.demo.server import DemoSite
from flows.rebuild import Rebuilt, rebuild
from schemas.source import Source
from tasks.discover.sources_file import load_sources
from tasks.errors import UsageError
from tasks.io.folder import DataFolder
from tasks.io.logical import logical_hash
from tasks.io.tables import Snapshot
from tasks.io.verify import verify
from tasks.publish.database import publish_tables
from tasks.store.rollback import rollback
from tests.docs.archive import write_archive
from tests.flows.nights import NIGHT, run_night, settings_of, write_pages


class Made:
    """A data folder after three nights of the demo, a folder of texts and a web archive."""

    def __init__(self, root: Path) -> None:
        self.folder = DataFolder(root / "data")
        self.folder.prepare()
        with DemoSite({"gazette": 0, "valle": 0, "talbote": 0}) as site:
            write_sources(root / "sources.yaml", site.bases)
            self.sources = load_sources(root / "sources.yaml")
            for night in NIGHTS:
                site.set_night(night)
                run_night(self.folder, self.sources, NIGHTS[night])
        write_archive(
            root / "crawl.warc.gz", {f"https://paper.example/{n}": f"Ferry number {n} leaves" for n in range(4)}
        )
        local = [
            {"id": "texts", "kind": "folder", "path": str(write_pages(root / "texts", 5)), "site": "texts"},
            {"id": "crawl", "kind": "warc", "path": str(root / "crawl.warc.gz")},
        ]
        run_night(self.folder, [Source.model_validate(source) for source in local], NIGHT.replace(day=9))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Made once, only read."""
    return Made(tmp_path_factory.mktemp("rebuild"))


def again(made: Made, into: Path, *, workers: int = 0, batch_rows: int = 300) -> Rebuilt:
    """The folder made again."""
    settings = settings_of(made.folder).model_copy(update={"workers": workers})
    return rebuild(made.folder, DataFolder(into), made.sources, settings, batch_rows=batch_rows)


@pytest.mark.parametrize(("workers", "batch_rows"), [(0, 300), (1, 7), (2, 5), (4, 50)])
def test_rebuild_says_the_same(made: Made, tmp_path: Path, workers: int, batch_rows: int) -> None:
    """Four runs, the listing's words included; and the new folder verifies."""
    done = again(made, tmp_path / "new", workers=workers, batch_rows=batch_rows)
    assert done.logical_hash == done.old_hash
    assert (len(done.runs), done.missing) == (4, {})
    assert verify(DataFolder(tmp_path / "new"), deep=workers == 0) == []
    old, new = Snapshot.open(made.folder), Snapshot.open(DataFolder(tmp_path / "new"))
    assert old.read("articles").height == new.read("articles").height > 20


@pytest.mark.shared
def test_real_pages_say_the_same_for_any_number_of_workers(shared: Path, tmp_path: Path) -> None:
    """A few of ../shared/pages; `make bench-rebuild` does the same with all of them."""
    folder = DataFolder(tmp_path / "data")
    assert take_in(folder, shared / "pages" / "news424.warc.gz", 8) > 8
    made = rebuilds(folder, tmp_path / "made")
    assert list(made) == [1, 2, 4]
    assert {done.logical_hash for done, _ in made.values()} == {logical_hash(Snapshot.open(folder))}
    assert Snapshot.open(folder).read("articles").height > 0


@pytest.fixture
def own(made: Made, tmp_path: Path) -> Made:
    """A copy that may be changed."""
    copied = object.__new__(Made)
    copied.folder, copied.sources = DataFolder(tmp_path / "own"), made.sources
    shutil.copytree(made.folder.root, copied.folder.root)
    return copied


def test_decisions_are_taken_over(own: Made, tmp_path: Path) -> None:
    """A rollback stands in the new folder too."""
    runs = Snapshot.open(own.folder).read("runs").sort("run_seq")["run_id"].to_list()
    before = logical_hash(Snapshot.open(own.folder))
    rollback(own.folder, runs[1])
    done = again(own, tmp_path / "new")
    assert done.is_equal
    assert done.logical_hash != before
    assert publish_tables(DataFolder(tmp_path / "new")).run_count == 2


@pytest.mark.faults
def test_H4_tables_that_are_lost_are_made_again(own: Made, tmp_path: Path) -> None:
    """Every table but the decisions is gone: the captures give the same dataset."""
    before = logical_hash(Snapshot.open(own.folder))
    for table in ("articles", "removals", "quarantine", "ledger", "runs", "run_sources", "links"):
        shutil.rmtree(own.folder.table(table))
    assert again(own, tmp_path / "new").logical_hash == before


def test_what_retention_removed_is_named(own: Made, tmp_path: Path) -> None:
    """A capture file that is gone, with the versions that it had."""
    gone = max(own.folder.captures.rglob("*.warc.gz"), key=lambda path: path.stat().st_size)
    gone.unlink()
    done = again(own, tmp_path / "new")
    assert not done.is_equal
    assert list(done.missing) == [own.folder.relative(gone)]
    assert done.missing[own.folder.relative(gone)] > 0


def test_a_folder_in_use_is_no_place_for_it(made: Made, tmp_path: Path) -> None:
    """The new folder must be empty."""
    (tmp_path / "x").touch()
    with pytest.raises(UsageError, match="is not empty"):
        again(made, tmp_path)


def test_the_command(made: Made, tmp_path: Path) -> None:
    """Both hashes as JSON."""
    words = ["rebuild", "--data", str(made.folder.root), "--into", str(tmp_path / "new"), "--workers", "0", "--json"]
    answer = CliRunner().invoke(app, [*words, "--sources", str(made.folder.root.parent / "sources.yaml")])
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.output)["equal"]
