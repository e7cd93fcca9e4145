"""`copydesk export`: the rows as they are, their papers, and nothing that a stranger's condition could do."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
import yaml

from copydesk.release import papers
from copydesk.release.files import FORMATS, file_name
from copydesk.release.make import Wanted
from copydesk.release.run import differences, read_manifest, run_check, run_export
from tasks.errors import DataFolderError, DiskError, UsageError
from tasks.io.folder import DataFolder
from tests.sql.dataset import newspaper, version

NOW = datetime(2026, 3, 3, tzinfo=UTC)
FORMULAS = ["=1+1", "+1", "-1", "@sum", "\tx", "\rx", "'quoted", "plain", "", 'with "quotes", and\nlines']


def wanted(to: str = "parquet", *views: str, where: str | None = None, **more: Any) -> Wanted:
    """A wish, with plain values for what a test does not care about."""
    given = {"title": None, "author": "Desk"} | more
    return Wanted(views=views or ("articles",), where=where, to=to, now=NOW, **given)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published data folder with odd texts, for looking only; its name has a quote."""
    folder = DataFolder(tmp_path_factory.mktemp("desk's dä ta"))
    folder.prepare()
    tables = newspaper(folder)
    entry = {"published_at": NOW, "title": "=evil()", "url": None}
    rows = [
        version(f"odd{place}", 2, text=text, run="night2", title=text, tags=["=a", "b"], entries=[entry], word_count=1)
        | {"reservations": ["tdm"], "change_share": float("nan") if place == 0 else 0.5}
        for place, text in enumerate(FORMULAS)
    ]
    tables.add("articles", *rows)
    tables.publish()
    return folder.root


def read(path: Path, form: str) -> list[dict[str, Any]]:
    """The articles of a release: (article_id, title, body) and their lists, as the format has them."""
    if form == "parquet":
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows
    if form == "jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if form == "duckdb":
        with duckdb.connect(str(path), read_only=True) as database:
            return database.sql("from articles").to_arrow_table().to_pylist()
    with path.open(newline="", encoding="utf-8") as file:
        cells = [dict(row) for row in csv.DictReader(file)]
    return [{**row, **{name: json.loads(row[name]) for name in ("tags", "entries") if row[name]}} for row in cells]


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_the_same_rows(data: Path, tmp_path: Path, form: str) -> None:
    """13 articles with their texts, lists and structs; CSV with its ' left out."""
    release = run_export(data, tmp_path / "out", wanted(form), force=False)
    assert release.rows == {"articles": 13}
    found = {row["article_id"]: row for row in read(tmp_path / "out" / file_name("articles", form), form)}
    assert len(found) == 13
    for place, text in enumerate(FORMULAS):
        row = found[f"odd{place}"]
        assert (row["body"][1:] if form == "csv" and row["body"].startswith("'") else row["body"]) == text
        assert row["tags"] == ["=a", "b"]
        assert row["entries"][0]["title"] == "=evil()"
    if form in ("csv", "jsonl"):
        assert found["bridge"]["captured_at"] == "2026-03-02T02:00:00.000000Z"
        assert found["odd0"]["entries"][0]["published_at"] == "2026-03-03T00:00:00.000000Z"


@pytest.mark.faults
def test_I9_no_cell_of_csv_begins_a_formula(data: Path, tmp_path: Path) -> None:
    """Neither in texts nor anywhere else; the numbers of ours are no texts."""
    run_export(data, tmp_path / "out", wanted("csv"), force=False)
    with (tmp_path / "out" / "articles.csv").open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert any(cell == "'=1+1" for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


@pytest.mark.parametrize("form", ["parquet", "csv", "jsonl"])
def test_the_same_rows_are_the_same_release(data: Path, tmp_path: Path, form: str) -> None:
    """The id comes from the data: not from the time, and other rows give another."""
    first = run_export(data, tmp_path / "a", wanted(form), force=False)
    again = run_export(data, tmp_path / "b", wanted(form, title="Another title"), force=False)
    other = run_export(data, tmp_path / "c", wanted(form, where="site = 'a.example'"), force=False)
    assert first.release_id == again.release_id != other.release_id


def test_papers(data: Path, tmp_path: Path) -> None:
    """Manifest, datasheet, columns and citation say what, from which runs, how many, and how to cite it."""
    out = tmp_path / "out"
    release = run_export(data, out, wanted("csv", where="site = 'a.example' or false"), force=False)
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["where"] == "site = 'a.example' or false"
    assert manifest["rows"] == {"articles": 12}
    assert manifest["rows_of_runs"] == {"articles": {"night1": 1, "night2": 11}}
    assert [run["run_id"] for run in manifest["runs"]] == ["night1", "night2"]
    assert set(manifest["made_by"]) == {"copydesk", "duckdb", "pyarrow", "python"}
    assert manifest["published"]["last_run_id"] == "night2"
    names = {file["name"]: file["is_data"] for file in manifest["files"]}
    assert names == {"articles.csv": True, "README.md": False, "COLUMNS.md": False, "CITATION.cff": False}
    assert str(data) not in (out / "manifest.json").read_text(encoding="utf-8").replace(json.dumps(str(data)), "")
    sheet = (out / "README.md").read_text(encoding="utf-8")
    assert "12 articles of 1 sites" in sheet
    assert "| tdm | 10 |" in sheet
    assert "leave one leading `'` out" in sheet
    assert release.citation in sheet
    assert "| body | VARCHAR | Clean text" in (out / "COLUMNS.md").read_text(encoding="utf-8")
    cited = yaml.safe_load((out / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["version"], cited["type"], cited["authors"]) == (release.release_id, "dataset", [{"name": "Desk"}])


def test_a_database_has_its_comments(data: Path, tmp_path: Path) -> None:
    """Several views become tables of one file, each column with its description."""
    run_export(data, tmp_path / "out", wanted("duckdb", "articles", "removals"), force=False)
    with duckdb.connect(str(tmp_path / "out" / "dataset.duckdb"), read_only=True) as database:
        counts = database.execute("select (select count(*) from articles), (select count(*) from removals)").fetchall()
        comment = "select comment from duckdb_columns() where table_name = 'articles' and column_name = 'body'"
        assert database.execute(comment).fetchall()[0][0].startswith("Clean text")
    assert counts == [(13, 2)]


def test_check_finds_what_changed(data: Path, tmp_path: Path) -> None:
    """A whole release passes; one changed byte, a missing file, a strange one and a forged hash are each named."""
    out = tmp_path / "out"
    run_export(data, out, wanted("jsonl"), force=False)
    assert run_check(out)
    path = out / "articles.jsonl"
    path.write_bytes(path.read_bytes().replace(b"plain", b"plane"))
    (out / "README.md").unlink()
    (out / "note.txt").write_text("x")
    assert list(differences(out, read_manifest(out))) == [
        "README.md is missing.",
        "articles.jsonl is not what it was when the release was made.",
        "note.txt does not belong to the release.",
    ]
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    for file in manifest["files"]:
        if file["is_data"]:
            file["sha256"] = papers.digest(path)
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert f"The hashes in manifest.json are not those of release {manifest['release']}." in list(
        differences(out, read_manifest(out))
    )
    assert not run_check(out)


@pytest.mark.parametrize(
    "text", ["{}", "no JSON", '{"format": 1, "release": "x", "files": [{"name": "../../etc/passwd"}]}']
)
def test_check_refuses_what_is_no_release(tmp_path: Path, text: str) -> None:
    """A manifest that is none, or that leads out of its folder, is one sentence."""
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(UsageError, match="is no release that can be checked"):
        run_check(tmp_path)


def test_replaces_only_releases_and_only_by_force(data: Path, tmp_path: Path) -> None:
    """Without --force nothing is overwritten; with it only a release is."""
    out, other = tmp_path / "out", tmp_path / "other"
    run_export(data, out, wanted("csv"), force=False)
    with pytest.raises(UsageError, match=r"holds a release already.*--force"):
        run_export(data, out, wanted("jsonl"), force=False)
    run_export(data, out, wanted("jsonl"), force=True)
    assert sorted(path.name for path in out.iterdir()) == [
        "CITATION.cff", "COLUMNS.md", "README.md", "articles.jsonl", "manifest.json",
    ]  # fmt: skip
    other.mkdir()
    (other / "diary.txt").write_text("mine")
    with pytest.raises(UsageError, match="holds something that is no release"):
        run_export(data, other, wanted(), force=True)
    assert (other / "diary.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other", "out"]


@pytest.mark.faults
@pytest.mark.parametrize(
    "where",
    [
        "true) union all (select * from articles",
        "true; copy articles to '{out}'",
        "exists (from read_text('/etc/passwd'))",
        "title = (select content from read_text('/etc/passwd'))",
        "(with a as (copy articles to '{out}') select true)",
        "exists (with a as (copy (select 1) to '{file}' (use_tmp_file false)) from a)",
        "true limit 1",
        "titel = 'x'",
        "",
    ],
)
def test_I10_a_condition_is_only_a_condition(data: Path, tmp_path: Path, where: str) -> None:
    """It ends no statement, reads no other file and writes none, and a failed export leaves nothing behind."""
    file = next((data / "articles").glob("*.parquet"))
    before = file.read_bytes()
    with pytest.raises(UsageError, match=r"^SQL: "):
        run_export(data, tmp_path / "out", wanted(where=where.format(out=tmp_path / "x", file=file)), force=False)
    assert list(tmp_path.iterdir()) == []
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (wanted("xml"), "no format 'xml': use one of parquet, csv, jsonl, duckdb"),
        (wanted("csv", "nothing"), "no view nothing: use one of articles"),
        (wanted("csv", "runs", "links", where="true"), "one view"),
        (wanted("csv", "runs", "runs"), "named twice"),
    ],
)
def test_wishes_that_cannot_be_met(data: Path, tmp_path: Path, wish: Wanted, said: str) -> None:
    """Each is one sentence that says what to do, and nothing is written."""
    with pytest.raises(UsageError, match=said):
        run_export(data, tmp_path / "out", wish, force=False)
    assert list(tmp_path.iterdir()) == []


def test_targets_that_cannot_be_used(data: Path, tmp_path: Path) -> None:
    """No dataset, a target named like a file, a file in the way, a folder that nobody may write."""
    with pytest.raises(DataFolderError, match="has no articles"):
        run_export(tmp_path / "nowhere", tmp_path / "out", wanted(), force=False)
    with pytest.raises(UsageError, match="named like a file"):
        run_export(data, tmp_path / "out.csv", wanted("csv"), force=False)
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="is a file"):
        run_export(data, tmp_path / "file", wanted(), force=False)
    with pytest.raises(DiskError):
        run_export(data, tmp_path / "file" / "out", wanted(), force=False)


def test_an_export_without_rows(data: Path, tmp_path: Path) -> None:
    """No row is an answer: papers are made, and the counts say 0."""
    release = run_export(data, tmp_path / "out", wanted("parquet", where="false"), force=False)
    assert release.rows == {"articles": 0}
    assert run_check(tmp_path / "out")


def test_datasheet_lies_beside_the_database(data: Path) -> None:
    """Each publish writes it: what is in it, and of which run."""
    text = (data / "DATASET.md").read_text(encoding="utf-8")
    assert "13 articles of 2 sites" in text
    assert "the last is night2" in text
    assert "| a.example | 12 |" in text
