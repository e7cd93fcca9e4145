"""Forgetting an article: gone from every file, never taken in again, and whole whatever is killed."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

import copydesk
from copydesk.cli import app
from copydesk.demo.papers import NIGHTS, write_sources
from copydesk.demo.server import DemoSite
from flows.rebuild import rebuild
from schemas.source import Source
from tasks.discover.sources_file import load_sources
from tasks.errors import FolderBusyError, UsageError
from tasks.io import points
from tasks.io.folder import DataFolder
from tasks.io.forgotten import forgotten
from tasks.io.recovery import dead_runs, hold_run, recover
from tasks.io.tables import Snapshot
from tasks.io.verify import verify
from tasks.maintain.aim import Aim, aim_at_site, aim_at_url
from tasks.maintain.forget import forget, look
from tasks.publish.database import publish_tables
from tasks.store.rollback import rollback, undo_rollback
from tests.flows.nights import NIGHT, run_night, settings_of, write_pages
from tests.maintain.grep import found_in
from tests.store.staged import logical

SENTENCE = "stood in boots and oilskins between the scales"


class Paper:
    """A data folder after two nights of one paper, with the paper still served."""

    def __init__(self, root: Path, site: DemoSite) -> None:
        self.folder, self.site = DataFolder(root / "data"), site
        write_sources(root / "sources.yaml", site.bases)
        self.sources = [source for source in load_sources(root / "sources.yaml") if source.id == "harbour-gazette"]
        for night in (1, 2):
            self.run(night)
        rows = Snapshot.open(self.folder).read("articles", ["url"])["url"].unique().sort().to_list()
        self.urls: list[str] = rows
        (self.url,) = [url for url in rows if "chapel-choir-review" in url]

    def run(self, night: int) -> int:
        """Run a night, and give how many pages it stored."""
        self.site.set_night(night)
        return run_night(self.folder, self.sources, NIGHTS[1] + timedelta(days=night - 1)).counts.stored

    def forget(self, url: str | None = None) -> None:
        """Forget the article and publish."""
        with forget(self.folder, lambda snapshot: aim_at_url(snapshot, url or self.url)):
            publish_tables(self.folder)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    """Made once; a test that changes it takes `own`."""
    with DemoSite({"gazette": 0, "valle": 0, "talbote": 0}) as site:
        yield Paper(tmp_path_factory.mktemp("paper"), site)


@pytest.fixture
def own(paper: Paper, tmp_path: Path) -> Paper:
    """A copy that may be changed."""
    copied = object.__new__(Paper)
    copied.__dict__ |= paper.__dict__ | {"folder": DataFolder(tmp_path / "own")}
    shutil.copytree(paper.folder.root, copied.folder.root)
    publish_tables(copied.folder)
    return copied


def test_nothing_is_left_of_a_forgotten_article(own: Paper) -> None:
    """Its URL and its sentences are in many files before, and in none after; all else is as it was."""
    before = logical(own.folder)
    assert {name.split("/")[0] for name in found_in(own.folder.root, SENTENCE)} >= {"articles", "captures"}
    own.forget()
    assert found_in(own.folder.root, own.url, SENTENCE) == []
    assert verify(own.folder, deep=True) == []
    after = logical(own.folder)
    assert [row for row in before["articles"] if own.url not in row] == after["articles"]
    assert [row for row in before["ledger"] if own.url not in row] == after["ledger"]
    with copydesk.connect(own.folder.root) as dataset:
        assert dataset.execute("select count(*) from articles where url = ?", [own.url]).fetchall() == [(0,)]


def test_the_index_of_searches_is_made_anew(own: Paper) -> None:
    """The index keeps the words of a text that is taken out of it; after forgetting none is there until it is asked."""
    found = "select count(*) from search('choir') where url = ?"
    with copydesk.connect(own.folder.root) as dataset:
        assert dataset.execute(found, [own.url]).fetchall() == [(1,)]
    assert list((own.folder.root / "index").glob("search-*"))
    own.forget()
    assert not list((own.folder.root / "index").glob("search-*"))
    with copydesk.connect(own.folder.root) as dataset:
        assert dataset.execute(found, [own.url]).fetchall() == [(0,)]


def test_it_never_comes_back(own: Paper) -> None:
    """The listing names it the next night: it counts as known, is not asked for, and its listing is not kept."""
    own.forget()
    asked = len(own.site.requests)
    assert own.run(3) > 0
    new = [path for _, path, _ in own.site.requests[asked:]]
    assert "/feed/" in new
    assert not [path for path in new if "chapel" in path]
    assert own.url not in Snapshot.open(own.folder).read("ledger")["url"].to_list()
    assert found_in(own.folder.root, own.url, SENTENCE) == []
    assert verify(own.folder, deep=True) == []


def test_rebuild_and_rollback_keep_it_forgotten(own: Paper, tmp_path: Path) -> None:
    """A rebuild says the same; with captures of an old copy it is not made again either."""
    old = tmp_path / "old captures"
    shutil.copytree(own.folder.captures, old)
    runs = Snapshot.open(own.folder).read("runs").sort("run_seq")["run_id"].to_list()
    own.forget()
    rollback(own.folder, runs[0])
    undo_rollback(own.folder)
    publish_tables(own.folder)
    assert verify(own.folder) == []
    assert rebuild(own.folder, DataFolder(tmp_path / "new"), own.sources, settings_of(own.folder)).is_equal
    shutil.rmtree(own.folder.captures)
    old.rename(own.folder.captures)
    assert rebuild(own.folder, DataFolder(tmp_path / "newer"), own.sources, settings_of(own.folder)).is_equal


def test_what_a_person_is_shown_first(own: Paper) -> None:
    """--dry-run names rows, captures and other pages that name it, and changes nothing; without --yes nothing goes."""
    named = next(url for url in own.urls if "dredging-budget" in url)
    before = logical(own.folder)
    words = ["forget", named, "--data", str(own.folder.root)]
    shown = json.loads(CliRunner().invoke(app, [*words, "--dry-run", "--json"]).output)
    assert (shown["urls"], len(shown["articles"]), shown["site"]) == ([named], 1, None)
    assert shown["rows"]["ledger"] == 2
    assert any("ferry-winter-timetable" in url for url in shown["named_by"])
    unsure = CliRunner().invoke(app, words)
    assert isinstance(unsure.exception, UsageError)
    assert logical(own.folder) == before
    assert CliRunner().invoke(app, [*words, "--yes", "--note", "a judge said so"]).exit_code == 0
    (note,) = Snapshot.open(own.folder).read("decisions")["note"].unique().to_list()
    assert note == "a judge said so"
    assert look(own.folder, lambda snapshot: aim_at_url(snapshot, named)).is_known is False


def test_a_site_is_forgotten(own: Paper) -> None:
    """Every row and capture of it; the sums hold, and the next night takes none of its pages."""
    aim = aim_at_site("harbourgazette.example")
    with forget(own.folder, lambda _: aim):
        publish_tables(own.folder)
    tables = logical(own.folder)
    assert [tables[name] for name in ("articles", "removals", "signatures", "site_lines", "ledger")] == [[]] * 5
    assert verify(own.folder, deep=True) == []
    assert own.run(3) == 0


def test_a_run_at_work_is_waited_for(own: Paper) -> None:
    """A run may be about to store what is to be forgotten."""
    with hold_run(own.folder, "alive"), pytest.raises(FolderBusyError, match="A run is at work"):
        own.forget()


@pytest.mark.parametrize("url", ["no url", "paper.example", "mailto:x"])
def test_what_is_no_url(folder: DataFolder, url: str) -> None:
    """One sentence, and nothing is forgotten."""
    with pytest.raises(UsageError, match="is no absolute URL"):
        look(folder, lambda snapshot: aim_at_url(snapshot, url))


def test_an_unknown_url_is_barred_too(folder: DataFolder, tmp_path: Path) -> None:
    """Nothing of it is kept, and it is never taken in."""
    pages = write_pages(tmp_path / "pages", 2)
    aim = Aim(urls=((pages / "text-001.txt").as_uri(),))
    with forget(folder, lambda _: aim) as found:
        assert not found.is_known
    source = Source.model_validate({"id": "pages", "kind": "folder", "path": str(pages), "site": "pages"})
    counts = run_night(folder, [source], NIGHT).counts
    assert (counts.found, counts.known, counts.stored) == (2, 1, 1)


# --- killed at any point -------------------------------------------------------------------------------------------


class Killed(BaseException):
    """What stands for a kill: nothing of ours catches it."""


def die_at(number: int) -> Callable[[str], None]:
    """A watcher that ends the process's work at the n-th point."""
    left = [number]

    def watcher(_point: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    return watcher


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[DataFolder, str]:
    """A folder of a night over six texts, and the URL of one of them."""
    root = tmp_path_factory.mktemp("small")
    pages = write_pages(root / "pages", 6)
    source = Source.model_validate({"id": "pages", "kind": "folder", "path": str(pages), "site": "pages"})
    run_night(DataFolder(root / "data"), [source], NIGHT)
    return DataFolder(root / "data"), (pages / "text-003.txt").as_uri()


def aim_of(url: str) -> Callable[[Snapshot], Aim]:
    """What to forget."""
    return partial(_aim, url)


def _aim(url: str, snapshot: Snapshot) -> Aim:
    return aim_at_url(snapshot, url)


def forget_dying(folder: DataFolder, url: str, number: int) -> bool:
    """Forget, dying at the n-th point; whether it came to its end."""
    watcher = die_at(number)
    points.watch(watcher)
    try:
        with forget(folder, aim_of(url), now=NIGHT):
            points.passed("published")
    except Killed:
        return False
    finally:
        points.unwatch(watcher)
    return True


POINTS = 25


@pytest.mark.kill
@pytest.mark.faults
def test_H1_a_kill_at_any_point_of_forgetting(small: tuple[DataFolder, str], tmp_path: Path) -> None:
    """All is as before, or all is forgotten after the next recovery; readers see no error, verification no fault."""
    template, url = small
    before = logical(template)
    seen = 0
    for number in range(0, 100, 3):
        folder = DataFolder(tmp_path / str(number))
        shutil.copytree(template.root, folder.root)
        if forget_dying(folder, url, number):
            break
        seen += 1
        assert found_in(folder.captures, "text 2 speaks") != []
        assert Snapshot.open(folder).read("articles").height in (5, 6)
        recover(folder)
        assert (dead_runs(folder), list(folder.staging.iterdir())) == ([], [])
        assert [told for told in verify(folder) if told.about != "published"] == []
        if forgotten(Snapshot.open(folder)):
            assert found_in(folder.root, url, "text 3 speaks") == []
        else:
            assert logical(folder) == before
        shutil.rmtree(folder.root)
    assert seen > POINTS // 3
