"""Maintenance: the same rows in fewer files, readers undisturbed, and nothing removed without a word."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from typer.testing import CliRunner

import copydesk
from copydesk.cli import app
from flows.rebuild import rebuild
from schemas.source import Source
from tasks.errors import TableError
from tasks.io import points
from tasks.io.decisions import alone
from tasks.io.delta import LOG, open_log
from tasks.io.folder import DataFolder
from tasks.io.logical import logical_hash
from tasks.io.recovery import recover
from tasks.io.tables import Snapshot
from tasks.io.verify import verify
from tasks.maintain import compact as compaction
from tasks.maintain.checkpoints import checkpoint_logs
from tasks.maintain.compact import compact, plan_groups
from tasks.maintain.forecast import Growth, daily, forecast
from tasks.maintain.retention import expire
from tasks.maintain.vacuum import vacuum
from tasks.publish.database import publish_tables
from tests.flows.nights import NIGHT, run_night, settings_of, write_pages
from tests.store.staged import logical

NIGHTS = 4
LATER = NIGHT + timedelta(days=NIGHTS)
LONG_AFTER = datetime(2100, 1, 1, tzinfo=UTC)


def source_of(root: Path) -> Source:
    """A folder of texts beside the data folder."""
    return Source.model_validate({"id": "pages", "kind": "folder", "path": str(root / "pages"), "site": "pages"})


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after four nights, each of which found two texts more; for copying."""
    root = tmp_path_factory.mktemp("maintain") / "dä ta%20"
    for night in range(NIGHTS):
        write_pages(root.parent / "pages", 2 * (night + 1))
        run_night(DataFolder(root), [source_of(root.parent)], NIGHT + timedelta(days=night))
    return root


@pytest.fixture
def data(template: Path, tmp_path: Path) -> DataFolder:
    """A copy that may be changed."""
    shutil.copytree(template, tmp_path / template.name)
    made = DataFolder(tmp_path / template.name)
    publish_tables(made)
    return made


def compacted(folder: DataFolder, **more: int) -> None:
    """Join the small files, alone, and publish."""
    with alone(folder, "maintain"):
        compact(folder, LATER, **more)
    publish_tables(folder)


def test_the_same_rows_in_fewer_files(data: DataFolder) -> None:
    """Every table has one file a month, sorted and with its filters; rows, hash and published answers are the same."""
    before, rows, said = logical_hash(Snapshot.open(data)), logical(data), answers(data)
    compacted(data)
    snapshot = Snapshot.open(data)
    assert {table: len(snapshot.files(table)) for table in ("articles", "ledger", "runs", "run_sources")} == {
        "articles": 1, "ledger": 1, "runs": 1, "run_sources": 1,
    }  # fmt: skip
    assert (logical_hash(snapshot), logical(data), answers(data)) == (before, rows, said)
    (articles,) = snapshot.files("articles")
    assert articles.parent.name.startswith("month=")
    group = pq.read_metadata(articles).row_group(0)
    assert pq.read_table(articles)["url"].to_pylist() == sorted(pq.read_table(articles)["url"].to_pylist())
    assert all(group.column(n).statistics is not None for n in range(3))
    assert {told.about for told in verify(data, deep=True)} == {"replaced"}
    compacted(data)
    assert Snapshot.open(data).files("articles") == [articles]


def answers(folder: DataFolder) -> list[tuple[object, ...]]:
    """What readers of the views get."""
    with copydesk.connect(folder.root) as dataset:
        return dataset.execute("select url, title, captured_at, kind_of_change from articles order by all").fetchall()


def test_other_delta_readers_see_no_change_of_data(data: DataFolder) -> None:
    """The entry is one that delta-rs understands: the same rows, the old files removed, nothing marked as changed."""
    compacted(data)
    table = data.table("runs")
    entry = sorted((table / LOG).glob("*.json"))[-1].read_text().splitlines()
    changes = [action for line in entry for action in json.loads(line).values() if "dataChange" in action]
    assert [change["dataChange"] for change in changes] == [False] * (NIGHTS + 1)
    log = open_log(table)
    assert log is not None
    assert log.history(1)[0]["operation"] == "compact"


def test_nights_after_it_go_on(data: DataFolder) -> None:
    """A night finds what it knows in the compacted files, and commits beside them."""
    compacted(data)
    write_pages(data.root.parent / "pages", 10)
    counts = run_night(data, [source_of(data.root.parent)], LATER).counts
    assert (counts.found, counts.stored, counts.states["duplicate"]) == (10, 2, 8)  # a copy of the folder has new paths
    compacted(data)
    assert [told for told in verify(data, deep=True) if told.is_fault] == []


@contextmanager
def reading(folder: DataFolder) -> Iterator[list[str]]:
    """Readers of snapshots and of the published views, all the while; what went wrong is in the list afterwards."""
    problems: list[str] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                seen = Snapshot.open(folder).read("articles").height, len(answers(folder))
                if seen != (2 * NIGHTS, 2 * NIGHTS):
                    problems.append(f"a reader saw {seen}")
            except Exception as error:  # noqa: BLE001 - any error at all is what a reader must never see
                problems.append(repr(error))

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield problems
    finally:
        stop.set()
        thread.join()


@pytest.mark.faults
def test_H5_readers_during_it_see_no_error(data: DataFolder) -> None:
    """Compaction, publish and a vacuum with its grace, while others query."""
    with reading(data) as problems:
        compacted(data)
        with alone(data, "maintain"):
            vacuum(data, LATER)
    assert problems == []


@pytest.mark.faults
def test_H7_tiny_files_become_few(data: DataFolder) -> None:
    """Files stay near the target, however often it runs: what is large is left alone."""
    size = max(path.stat().st_size for path in Snapshot.open(data).files("articles"))
    before = logical_hash(Snapshot.open(data))
    for _ in range(3):
        compacted(data, target_bytes=int(size * 2.5))
    assert len(Snapshot.open(data).files("articles")) <= 2
    assert logical_hash(Snapshot.open(data)) == before


def test_other_rows_are_never_used(data: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the joined file to say something else, nothing is changed and nothing stays lying."""
    before, sums = logical(data), iter(range(1000))
    monkeypatch.setattr(compaction, "_sum", lambda *_: (next(sums), 0, 0))
    with alone(data, "maintain"), pytest.raises(TableError, match="gave other rows"):
        compact(data, LATER)
    assert (logical(data), list(data.staging.iterdir())) == (before, [])


class Killed(BaseException):
    """What stands for a kill."""


@pytest.mark.kill
@pytest.mark.faults
def test_H1_a_kill_at_any_point_of_compaction(template: Path, tmp_path: Path) -> None:
    """Readers see the same rows at once, and after recovery nothing is half done."""
    before = logical(DataFolder(template))
    for number in range(0, 200, 6):
        folder = DataFolder(tmp_path / str(number))
        shutil.copytree(template, folder.root)
        if not dies_at(number, lambda folder=folder: compact(folder, LATER), folder):
            break
        assert logical(folder) == before
        recover(folder)
        assert (logical(folder), list(folder.staging.iterdir())) == (before, [])
        shutil.rmtree(folder.root)
    assert number > 20


def dies_at(number: int, work: Callable[[], object], folder: DataFolder) -> bool:
    """Whether the work was ended at its n-th point."""
    left = [number]

    def watcher(_point: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    points.watch(watcher)
    try:
        with alone(folder, "maintain"):
            work()
    except Killed:
        return True
    finally:
        points.unwatch(watcher)
    return False


# --- vacuum --------------------------------------------------------------------------------------------------------


def vacuumed(folder: DataFolder, now: datetime, **more: timedelta) -> int:
    """How many files went."""
    with alone(folder, "maintain"):
        return vacuum(folder, now, **more).files


def test_vacuum_waits_for_its_grace(data: DataFolder) -> None:
    """Replaced files and strays stay for a week, and go then; what is committed never does."""
    before = logical(data)
    compacted(data)
    stray = data.table("articles") / "stray.parquet"
    stray.write_bytes(b"x")
    now = datetime.now(UTC)
    assert vacuumed(data, now) == 0
    assert vacuumed(data, now + timedelta(days=8)) > NIGHTS
    assert not stray.exists()
    assert logical(data) == before
    publish_tables(data)
    assert verify(data, deep=True) == []


def test_vacuum_leaves_what_the_views_read(data: DataFolder) -> None:
    """Nobody has published since the files were joined: the views' files stay, however old."""
    with alone(data, "maintain"):
        compact(data, LATER)
    assert vacuumed(data, LONG_AFTER, grace=timedelta(0)) == 0
    assert len(answers(data)) == 2 * NIGHTS
    publish_tables(data)
    assert vacuumed(data, LONG_AFTER, grace=timedelta(0)) > NIGHTS


# --- retention -----------------------------------------------------------------------------------------------------


def test_captures_that_are_too_old_go_and_are_named(data: DataFolder, tmp_path: Path) -> None:
    """Articles stay; verification notes what is missing, and a rebuild says why the two differ."""
    with alone(data, "maintain"):
        done = expire(data, LATER, keep_days=3)
    publish_tables(data)
    assert done.files == 1
    assert len(answers(data)) == 2 * NIGHTS
    (told,) = verify(data, deep=True)
    assert (told.is_fault, told.about) == (False, "expired")
    made = rebuild(data, DataFolder(tmp_path / "new"), [], settings_of(data))
    assert (made.is_equal, made.is_explained) == (False, True)
    assert sum(made.expired.values()) == 2
    with alone(data, "maintain"):
        assert expire(data, LATER, keep_days=3).files == 0


def test_a_capture_that_is_lost_is_not_explained(data: DataFolder, tmp_path: Path) -> None:
    """Somebody removed it: a fault, and the rebuild is not what it should be."""
    next(iter(sorted(data.captures.rglob("*.warc.gz")))).unlink()
    assert [told.about for told in verify(data) if told.is_fault] == ["capture"]
    made = rebuild(data, DataFolder(tmp_path / "new"), [], settings_of(data))
    assert (made.is_equal, made.is_explained, len(made.missing)) == (False, False, 1)


@pytest.mark.kill
@pytest.mark.faults
@pytest.mark.parametrize("number", [0, 3, 6, 9, 10])
def test_H1_a_kill_while_captures_are_removed(data: DataFolder, number: int) -> None:
    """Whatever is missing is explained, and the next time removes the rest."""
    died = dies_at(number, lambda: expire(data, LATER, keep_days=1), data)
    recover(data)
    publish_tables(data)
    assert [told for told in verify(data) if told.is_fault] == []
    with alone(data, "maintain"):
        expire(data, LATER, keep_days=1)
    assert len(list(data.captures.rglob("*.warc.gz"))) == 1
    assert died or number == 10


# --- the rest ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "groups"),
    [
        ({}, []),
        ({"a": 1}, []),
        ({"a": 1, "b": 1}, [("a", "b")]),
        ({"a": 60, "b": 60}, []),
        ({"a": 40, "b": 40, "c": 40, "d": 40}, [("a", "b"), ("c", "d")]),
        ({"m=1/a": 1, "m=2/a": 1, "m=2/b": 1}, [("m=2/a", "m=2/b")]),
    ],
)
def test_what_is_joined(sizes: dict[str, int], groups: list[tuple[str, ...]]) -> None:
    """Neighbours of one folder up to the target; a file of half of it is left alone."""
    assert plan_groups(sizes, 100) == groups


def test_logs_get_checkpoints(data: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once they have grown; the table says the same, also to delta-rs alone."""
    before = logical(data)
    assert checkpoint_logs(data) == 0
    monkeypatch.setattr("tasks.maintain.checkpoints.ENTRIES", 3)
    assert checkpoint_logs(data) > 0
    assert checkpoint_logs(data) == 0
    assert logical(data) == before
    assert verify(data, deep=True) == []
    copied = data.root.parent / "plain"
    shutil.copytree(data.table("runs"), copied)
    assert DeltaTable(str(copied)).version() == NIGHTS - 1


def test_growth() -> None:
    """Ten a day, of which captures reach their ceiling after ten days; the disk is full when the rest has filled it."""
    growth = Growth(20, 10, 8, 2, 300, keep_days=10)
    assert [growth.bytes_in(days) for days in (0, 5, 10, 100)] == [30, 80, 110, 290]
    assert growth.full_in_days() == 121
    assert Growth(20, 10, 8, 2, 300, keep_days=None).full_in_days() == 31
    assert Growth(20, 10, 0, 0, 300, keep_days=None).full_in_days() is None


def test_what_a_day_adds() -> None:
    """The mean over four weeks, days without a run included; what is older does not count."""
    today = date(2026, 3, 31)
    assert daily({}, today) == 0
    assert daily({date(2026, 3, 30): 10}, today) == 5
    assert daily({date(2026, 1, 1): 900, date(2026, 3, 4): 28}, today) == 1


def test_the_forecast_of_a_folder(data: DataFolder) -> None:
    """Its sizes are those of its files."""
    growth = forecast(data, LATER, keep_days=None)
    captures = sum(path.stat().st_size for path in data.captures.rglob("*.warc.gz"))
    assert (growth.captures_bytes, growth.captures_per_day) == (captures, captures // (NIGHTS + 1))
    assert growth.tables_bytes > 10_000


@pytest.mark.flow
def test_the_command(data: DataFolder) -> None:
    """The flow through Prefect: joined, published, forecast."""
    words = ["maintain", "--data", str(data.root), "--grace", "0", "--json"]
    answer = CliRunner().invoke(app, words)
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert {row["table"]: row["files_after"] for row in told["compacted"]}["articles"] == 1
    assert told["outlook"]["bytes_in_365_days"] >= told["outlook"]["bytes_in_0_days"] > 0
    assert told["vacuumed"]["files"] > NIGHTS
    assert verify(data, deep=True) == []
