"""Years of files and several versions of Copydesk: new columns, older runs, and folders of a newer one."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as arrow
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import copydesk
from copydesk.cli import app
from flows import steps
from schemas.source import Source
from schemas.table import Table, arrow_schema, duckdb_types, polars_schema, to_arrow
from schemas.tables import TABLES
from tasks.errors import CopydeskError, DataFolderError, NewerFormatError
from tasks.io.commit import commit_lock
from tasks.io.delta import open_log
from tasks.io.folder import FORMAT, DataFolder
from tasks.io.recovery import recover
from tasks.io.tables import Snapshot
from tasks.io.verify import verify
from tasks.publish.database import publish_tables
from tests.flows.nights import NIGHT, run_night, write_pages
from tests.io.committing import commit_rows, ledger_row, stage_rows

NEW = ("robots_verdict", "crawl_delay_s", "is_tls_verified", "reservations", "template", "extra_fields")
"""Columns that a release before them did not know: texts, numbers, truths and lists."""


def without_new(schema: arrow.Schema) -> arrow.Schema:
    """The schema as that release had it."""
    return arrow.schema([field for field in schema if field.name not in NEW])


@pytest.fixture
def older(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Commits are made as that release made them, until it is undone."""

    def old_schema(model: type[Table]) -> arrow.Schema:
        return without_new(arrow_schema(model))

    def old_arrow(model: type[Table], rows: pl.DataFrame) -> arrow.Table:
        table = to_arrow(model, rows)
        return table.select([name for name in table.column_names if name not in NEW])

    monkeypatch.setattr("tasks.io.commit.arrow_schema", old_schema)
    monkeypatch.setattr("tasks.io.outfiles.to_arrow", old_arrow)
    return monkeypatch


def columns_of_log(folder: DataFolder) -> list[str]:
    """The columns that the ledger's log tells other readers of."""
    log = open_log(folder.table("ledger"))
    assert log is not None
    return [field.name for field in log.schema().fields]


@pytest.mark.faults
def test_G4_H6_a_new_column_is_null_in_old_files(folder: DataFolder, older: pytest.MonkeyPatch) -> None:
    """The next commit tells the log of it; tables and views are typed as the model says, old rows null there."""
    commit_rows(folder, "r1", {"ledger": [ledger_row("r1", "https://a.example/old")]})
    assert "robots_verdict" not in columns_of_log(folder)
    older.undo()
    commit_rows(folder, "r2", {"ledger": [ledger_row("r2", "https://a.example/new", robots_verdict="rules")]})
    assert columns_of_log(folder) == [*without_new(arrow_schema(TABLES["ledger"])).names, *_new_of("ledger")]
    rows = Snapshot.open(folder).read("ledger").sort("run_id")
    assert rows.schema == polars_schema(TABLES["ledger"])
    assert rows["robots_verdict"].to_list() == [None, "rules"]
    publish_tables(folder)
    with copydesk.connect(folder.root) as dataset:
        described = dataset.execute("describe ledger").fetchall()
        assert {row[0]: row[1] for row in described} == duckdb_types(TABLES["ledger"])
    assert [told for told in verify(folder, deep=True) if told.about != "sum"] == []


def _new_of(table: str) -> list[str]:
    return [name for name in arrow_schema(TABLES[table]).names if name in NEW]


def test_nothing_is_added_to_a_log_that_has_all_columns(folder: DataFolder) -> None:
    """One entry a commit, also when an older Copydesk commits after a newer one."""
    for run in ("r1", "r2"):
        commit_rows(folder, run, {"ledger": [ledger_row(run, "https://a.example/")]})
    assert len(list((folder.table("ledger") / "_delta_log").glob("0*.json"))) == 2


def test_an_older_copydesk_goes_on_after_a_newer_one(folder: DataFolder, older: pytest.MonkeyPatch) -> None:
    """Of the same format: it leaves the columns that it does not know in the log, and its rows have nulls."""
    older.undo()
    commit_rows(folder, "r1", {"ledger": [ledger_row("r1", "https://a.example/new", robots_verdict="rules")]})
    known = columns_of_log(folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("tasks.io.commit.arrow_schema", lambda model: without_new(arrow_schema(model)))
        commit_rows(folder, "r2", {"ledger": [ledger_row("r2", "https://a.example/old")]})
    assert columns_of_log(folder) == known


@pytest.mark.faults
def test_H11_an_intent_of_the_last_release_is_carried_out(folder: DataFolder, older: pytest.MonkeyPatch) -> None:
    """It was decided and killed before the upgrade; its file has fewer columns, its record is of the same form."""
    with commit_lock(folder, "r1"):
        stage_rows(folder, "r1", {"ledger": [ledger_row("r1", "https://a.example/old")]})
    older.undo()
    assert recover(folder).committed == ("r1",)
    assert Snapshot.open(folder).read("ledger")["robots_verdict"].to_list() == [None]


@pytest.mark.faults
def test_H11_a_run_begun_by_the_last_release_is_finished(
    folder: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It died after parse; its parts lack the columns that came since. The next night brings it to its end."""
    pages = write_pages(tmp_path / "pages", 4)
    source = Source.model_validate({"id": "pages", "kind": "folder", "path": str(pages), "site": "pages"})

    async def die(*_: Any, **__: Any) -> None:
        raise CopydeskError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(steps, "store_shards", die)
        with pytest.raises(CopydeskError, match="killed"):
            run_night(folder, [source], NIGHT)
    (staged,) = folder.staging.iterdir()
    lacking = [part for part in staged.rglob("*.parquet") if drop_new_columns(part)]
    assert {part.parent.name for part in lacking} >= {"articles", "captures"}
    os.utime(staged, (0, 0))
    run_night(folder, [source], NIGHT + timedelta(days=1))
    snapshot = Snapshot.open(folder)
    assert sorted(snapshot.read("runs")["status"].to_list()) == ["completed", "recovered"]
    assert snapshot.read("articles").height == 4
    assert verify(folder, deep=True) == []


def drop_new_columns(part: Path) -> bool:
    """Write the part as the release before wrote it; whether it was another then."""
    table = pq.read_table(part)
    kept = [name for name in table.column_names if name not in NEW]
    pq.write_table(table.select(kept), part)
    return len(kept) < len(table.column_names)


COMMANDS = [
    ["status"], ["sql", "select 1"], ["verify"], ["verify", "--deep"], ["history", "https://a.example/"],
    ["why", "https://a.example/"], ["rollback", "--undo"], ["rules"], ["forget", "https://a.example/", "--yes"],
    ["backup", "elsewhere"], ["maintain"], ["rebuild", "--into", "elsewhere"], ["run"],
]  # fmt: skip


@pytest.mark.faults
@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_H11_a_folder_of_a_newer_copydesk_is_refused(folder: DataFolder, tmp_path: Path, words: list[str]) -> None:
    """By every command, with one sentence, and nothing in it changes."""
    folder.format_file.write_text(json.dumps({"format": FORMAT + 1}))
    before = sorted(folder.root.rglob("*"))
    placed = [str(tmp_path / word) if word == "elsewhere" else word for word in words]
    sources = tmp_path / "sources.yaml"
    sources.write_text("sources:\n  - {id: a, kind: feed, url: https://a.example/feed}\n")
    more = ["--sources", str(sources)] if words[0] in ("run", "rebuild") else []
    answer = CliRunner().invoke(app, [*placed, "--data", str(folder.root), *more])
    assert isinstance(answer.exception, NewerFormatError), answer.output
    assert "upgrade Copydesk" in str(answer.exception)
    assert sorted(folder.root.rglob("*")) == before


@pytest.mark.parametrize("words", [["status"], ["run"], ["backup", "/nowhere"], ["sql", "select 1"]], ids=str)
@pytest.mark.parametrize("place", ["s3://key:hidden@bucket/data", "s3://B/x", "gs://bucket", "https://a.example/data"])
def test_an_address_that_holds_no_data_is_refused_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], place: str
) -> None:
    """No folder named s3: is made beside one."""
    monkeypatch.chdir(tmp_path)
    sources = tmp_path / "sources.yaml"
    sources.write_text("sources:\n  - {id: a, kind: feed, url: https://a.example/feed}\n")
    more = ["--sources", str(sources)] if words[0] == "run" else []
    answer = CliRunner().invoke(app, [*words, "--data", place, *more])
    assert isinstance(answer.exception, DataFolderError), answer.output
    assert "name a folder with --data, or s3://bucket/prefix" in str(answer.exception)
    assert "hidden" not in answer.output + str(answer.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["sources.yaml"]
