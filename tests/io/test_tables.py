"""Reading: only committed rows, whole runs, any folder name; files with statistics and bloom filters."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from schemas.table import arrow_schema, frame, polars_schema, to_arrow
from schemas.tables import BLOOMED, TABLES
from tasks.errors import TableError
from tasks.io.commit import carry_out, commit_lock
from tasks.io.delta import append, log_files, open_log
from tasks.io.folder import INTENT, DataFolder
from tasks.io.points import unwatch, watch
from tasks.io.tables import Snapshot, add_view, committed_files, fetch
from tests.io.committing import NOW, commit_rows, ledger_row, stage_rows


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_table_is_empty_with_typed_columns(folder: DataFolder, table: str) -> None:
    """Before the first run every table can be asked."""
    snapshot = Snapshot.open(folder)
    assert snapshot.read(table).schema == polars_schema(TABLES[table])
    assert (snapshot.files(table), snapshot.runs, snapshot.version) == ([], frozenset(), -1)


NAMES = ["plain", "dä ta%20", "100%", "a%2541b", "it's [1]", "q?*", "sp ace", "#x"]


@pytest.mark.parametrize("name", NAMES)
def test_any_folder_name(tmp_path: Path, name: str) -> None:
    """Written, read and appended to, whatever the folder is called; and its neighbours are not read."""
    for root in (tmp_path / name, tmp_path / "dä ta "):
        folder = DataFolder(root)
        folder.prepare()
        commit_rows(folder, "r-1", {"ledger": [ledger_row("r-1", "u")]})
    folder = DataFolder(tmp_path / name)
    commit_rows(folder, "r-2", {"ledger": [ledger_row("r-2", "u")]})
    snapshot = Snapshot.open(folder)
    assert sorted(snapshot.read("ledger", ["run_id"])["run_id"]) == ["r-1", "r-2"]
    assert snapshot.runs == {"r-1", "r-2"}
    assert [path.parent.name for path in snapshot.files("ledger")] == ["month=2026-03"] * 2
    assert all(path.is_file() for path in snapshot.files("ledger"))


def test_files_are_sorted_typed_and_have_bloom_filters(folder: DataFolder) -> None:
    """What DuckDB needs to skip files: order, statistics, blooms on the key columns."""
    rows = [ledger_row("r", f"u{n % 7}{n}", site=f"s{n % 3}") for n in range(50)]
    commit_rows(folder, "r", {"ledger": rows})
    (path,) = Snapshot.open(folder).files("ledger")
    assert pq.read_schema(path).equals(arrow_schema(TABLES["ledger"]), check_metadata=False)
    keys = pl.read_parquet(path).select("kind", "site", "url").rows()
    assert keys == sorted(keys)
    group = pq.read_metadata(path).row_group(0)
    columns = {group.column(n).path_in_schema: group.column(n) for n in range(group.num_columns)}
    assert {name for name, column in columns.items() if column.bloom_filter_offset} == set(BLOOMED["ledger"])
    assert columns["url"].statistics.has_min_max
    assert columns["url"].compression == "ZSTD"


def test_rows_of_one_run_in_several_months(folder: DataFolder) -> None:
    """Months are folders by UTC; the column is not in the rows, and nothing is a partition column."""
    late = NOW.replace(month=1, day=31, hour=23, minute=59)
    commit_rows(folder, "r", {"ledger": [ledger_row("r", "u"), ledger_row("r", "v", recorded_at=late)]})
    snapshot = Snapshot.open(folder)
    assert [path.parent.name for path in snapshot.files("ledger")] == ["month=2026-01", "month=2026-03"]
    assert "month" not in snapshot.read("ledger").columns
    with snapshot.connect() as connection:
        assert connection.sql("SELECT count(*) FROM ledger").fetchall() == [(2,)]


def test_a_reader_never_sees_half_of_a_run(folder: DataFolder) -> None:
    """At every point of a commit a new snapshot holds all tables of the run or none of them."""
    commit_rows(folder, "r1", {"ledger": [ledger_row("r1", "u")]})
    seen = []

    def look(_point: str) -> None:
        snapshot = Snapshot.open(folder)
        seen.append(tuple(tuple(sorted(snapshot.read(table)["run_id"])) for table in ("runs", "ledger")))
        assert snapshot.has_run("r2") == ("r2" in snapshot.runs)

    watch(look)
    try:
        commit_rows(folder, "r2", {"ledger": [ledger_row("r2", "u")]})
    finally:
        unwatch(look)
    before, after = (("r1",), ("r1",)), (("r1", "r2"), ("r1", "r2"))
    assert seen == sorted(seen, key=[before, after].index)
    assert set(seen) == {before, after}


def test_a_snapshot_does_not_move(folder: DataFolder) -> None:
    """A later commit changes nothing for a reader that holds an older moment."""
    commit_rows(folder, "r1", {"ledger": [ledger_row("r1", "u")]})
    snapshot = Snapshot.open(folder)
    commit_rows(folder, "r2", {"ledger": [ledger_row("r2", "u")]})
    assert snapshot.read("ledger").height == 1
    assert (snapshot.has_run("r2"), snapshot.runs) == (False, {"r1"})


@pytest.mark.faults
def test_H6_files_of_an_older_version_lack_a_column(tmp_path: Path) -> None:
    """It is null and typed, also when no file has it; the columns come in the model's order."""
    rows = frame(TABLES["ledger"], [ledger_row("r0", "https://example.org/a")])
    older = to_arrow(TABLES["ledger"], rows).drop_columns(["last_full_at", "etag"])
    pq.write_table(older, tmp_path / "r0-0.parquet")
    with duckdb.connect(":memory:") as connection:
        add_view(connection, "ledger", [tmp_path / "r0-0.parquet"])
        [found] = fetch(connection, "FROM ledger", "ledger").iter_rows(named=True)
    assert list(found) == list(polars_schema(TABLES["ledger"]))
    assert (found["url"], found["etag"], found["last_full_at"]) == ("https://example.org/a", None, None)


def test_a_half_committed_run_is_left_out(folder: DataFolder) -> None:
    """Its rows of `runs` are in the log of their table, but the ledger does not know it."""
    with commit_lock(folder, "r1"):
        stage_rows(folder, "r1", {"ledger": [ledger_row("r1", "u")]})

        def stop(point: str) -> None:
            if point == "logged runs":
                raise KeyboardInterrupt

        watch(stop)
        try:
            with pytest.raises(KeyboardInterrupt):
                carry_out(folder, folder.run("r1") / INTENT)
        finally:
            unwatch(stop)
    assert len(committed_files(folder, "runs")) == 1
    assert Snapshot.open(folder).files("runs") == []


@pytest.mark.faults
def test_H4_strays_are_not_read_and_a_damaged_file_is_named(folder: DataFolder) -> None:
    """A foreign or half-written file beside the committed ones does no harm; a damaged committed one is named."""
    commit_rows(folder, "r1", {"ledger": [ledger_row("r1", "u")]})
    (path,) = Snapshot.open(folder).files("ledger")
    (path.parent / "stray.parquet").write_bytes(b"PAR1")
    assert Snapshot.open(folder).read("ledger").height == 1
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(TableError, match="r1-00000"):
        Snapshot.open(folder).read("ledger")


def test_the_log_is_plain_delta(tmp_path: Path) -> None:
    """Other engines can read the table: delta-rs itself finds the same rows."""
    folder = DataFolder(tmp_path / "d")
    folder.prepare()
    commit_rows(folder, "r1", {"ledger": [ledger_row("r1", "u")]})
    table = DeltaTable(str(folder.table("ledger")))
    assert table.to_pyarrow_table().num_rows == 1
    assert table.metadata().partition_columns == []


def test_a_hundred_commits_and_a_checkpoint(folder: DataFolder) -> None:
    """Past the log's checkpoint all files and transactions are still known, and no entry is deleted."""
    place = folder.table("links")
    for number in range(103):
        append(place, arrow_schema(TABLES["links"]), f"r{number}", [])
    log = open_log(place)
    assert log is not None
    assert log.transaction_version("r0") == 1
    assert log_files(log) == []
    assert len(list((place / "_delta_log").glob("*.json"))) == 103
    assert list((place / "_delta_log").glob("*.checkpoint.parquet"))


@pytest.mark.faults
def test_H9_files_lie_in_the_month_of_utc(folder: DataFolder) -> None:
    """Half an hour before and after midnight in UTC, told in zones in which it is the other month already, or still."""
    east, west = timezone(timedelta(hours=9)), timezone(timedelta(hours=-9))
    moments = [datetime(2026, 2, 1, 8, 30, tzinfo=east), datetime(2026, 1, 31, 15, 30, tzinfo=west)]
    rows = [ledger_row("r1", f"u{number}", recorded_at=moment) for number, moment in enumerate(moments)]
    commit_rows(folder, "r1", {"ledger": rows})
    found = {path.parent.name: pl.read_parquet(path)["url"].to_list() for path in Snapshot.open(folder).files("ledger")}
    assert found == {"month=2026-01": ["u0"], "month=2026-02": ["u1"]}
