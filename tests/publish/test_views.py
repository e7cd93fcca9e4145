"""What the views of articles.duckdb show, and that they say what the models say."""

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from schemas.article import Article
from schemas.published import DERIVED, MACRO_ARGUMENTS, MACROS, PUBLISHED, SCALAR_MACROS
from schemas.reasons import State
from schemas.table import descriptions, duckdb_types, table_comment
from tasks.io.folder import DataFolder
from tests.sql.dataset import Tables, day, decision, newspaper, seen, version

PLAIN = re.compile(r'"')


def ask(folder: DataFolder, sql: str) -> list[tuple[Any, ...]]:
    """All rows of an answer, with a fresh read-only connection."""
    with duckdb.connect(str(folder.database), read_only=True) as database:
        database.execute("set TimeZone = 'UTC'")
        return database.execute(sql).fetchall()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A folder with two nights of made-up papers, for looking only."""
    folder = DataFolder(tmp_path_factory.mktemp("dä ta%20"))
    folder.prepare()
    newspaper(folder)
    return folder


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A folder in which nothing was committed, published; for looking only."""
    folder = DataFolder(tmp_path_factory.mktemp("nothing"))
    folder.prepare()
    Tables(folder).publish()
    return folder


@pytest.mark.parametrize("empty", [True, False], ids=["no files", "files"])
@pytest.mark.parametrize("name", PUBLISHED)
def test_view_has_the_columns_of_its_model(published: DataFolder, nothing: DataFolder, name: str, empty: bool) -> None:
    """Names, order and types of each view and table are the model's, with files and without."""
    folder = nothing if empty else published
    found = {row[0]: PLAIN.sub("", row[1]) for row in ask(folder, f"describe {name}")}
    expected = {column: PLAIN.sub("", kind) for column, kind in duckdb_types(PUBLISHED[name]).items()}
    assert list(found.items()) == list(expected.items())
    if empty and name not in {"published", "table_checks"}:
        assert ask(folder, f"from {name}") == []


def test_nothing_else_is_published(published: DataFolder) -> None:
    """The database holds what PUBLISHED and MACROS name, and no helper of the build is left in it."""
    assert {row[0] for row in ask(published, "show tables")} == set(PUBLISHED)
    macros = "select function_name, function_type from duckdb_functions() where not internal"
    found = {name: "macro" if name in SCALAR_MACROS else "table_macro" for name in MACROS}
    assert dict(ask(published, macros)) == found
    assert set(MACRO_ARGUMENTS) == set(MACROS)


def test_everything_has_its_comment(published: DataFolder) -> None:
    """Each view, table, column and macro carries the description of its model."""
    columns = ask(published, "select table_name, column_name, comment from duckdb_columns() where not internal")
    expected = {
        (name, column): text for name, model in PUBLISHED.items() for column, text in descriptions(model).items()
    }
    assert {(table, column): comment for table, column, comment in columns} == expected
    tables = ask(
        published,
        "select view_name, comment from duckdb_views() where not internal"
        " union all select table_name, comment from duckdb_tables() where not internal",
    )
    assert dict(tables) == {name: table_comment(model) for name, model in PUBLISHED.items()}
    macros = ask(published, "select function_name, comment from duckdb_functions() where not internal")
    assert dict(macros) == MACROS


@pytest.mark.parametrize("name", PUBLISHED)
def test_columns_need_no_quotes(published: DataFolder, name: str) -> None:
    """DuckDB 2.0 takes every column and view as a bare name (it refuses at, by, end, from, to, offset, order)."""
    columns = ", ".join(duckdb_types(PUBLISHED[name]))
    ask(published, f"from {name} select {columns}")


AWKWARD = "dä ta%20 'x [1]* #"


def test_views_work_from_another_working_directory(tmp_path: Path) -> None:
    """A process elsewhere with nothing but DuckDB reads the file, in a folder with an awkward name."""
    folder = DataFolder(tmp_path / AWKWARD)
    folder.prepare()
    newspaper(folder)
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True);"
        "print(sorted(c.execute('select site, count(*) from articles group by all').fetchall()))"
    )
    child = subprocess.run(
        [sys.executable, "-I", "-c", code, str(folder.database)], cwd="/", capture_output=True, text=True, check=False
    )
    assert child.stdout.strip() == "[('a.example', 2), ('b.example', 1)]", child.stderr


def test_relative_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder named relative to the working directory is published with absolute paths."""
    monkeypatch.chdir(tmp_path)
    folder = DataFolder(Path("data"))
    folder.prepare()
    newspaper(folder)
    monkeypatch.chdir("/")
    assert ask(DataFolder(tmp_path / "data"), "select count(*) from articles") == [(3,)]


def test_opens_with_the_oldest_promised_duckdb(published: DataFolder) -> None:
    """The file says that it keeps the storage format of DuckDB 1.2, so that any DuckDB since can open it."""
    ((tags,),) = ask(published, "select tags from duckdb_databases() where database_name = 'articles'")
    assert tags["storage_version"].startswith("v1.2.0")


def test_works_under_another_name_when_attached(published: DataFolder) -> None:
    """A user who attaches the file beside other databases can ask its views without `use`."""
    with duckdb.connect() as database:
        database.execute(f"attach '{str(published.database).replace(chr(39), chr(39) * 2)}' as news (read_only)")
        assert database.execute("select count(*) from news.articles").fetchall() == [(3,)]


def test_column_that_old_files_lack_is_null(folder: DataFolder) -> None:
    """A column that came later is null, in its type, for the rows of files from before it."""
    tables = Tables(folder)
    tables.add_runs(r1=1, r2=2)
    tables.add("articles", version("old", 1), version("old2", 1))
    old = tables.files("articles")[0]
    pl.read_parquet(old).drop("agency", "change_share").write_parquet(old)
    tables.publish()
    assert set(ask(folder, "select agency, change_share from articles")) == {(None, None)}
    tables.add("articles", version("new", 1, run="r2", agency="AP", change_share=0.5))
    tables.publish()
    assert sorted(ask(folder, "select title, agency, change_share from articles")) == [
        ("new", "AP", 0.5),
        ("old", None, None),
        ("old2", None, None),
    ]
    assert ("agency", "VARCHAR") in [row[:2] for row in ask(folder, "describe article_versions")]


def test_column_that_no_model_has_is_left_out(folder: DataFolder) -> None:
    """Files of an older Copydesk may have a column that is gone; the views do not show it."""
    tables = Tables(folder)
    tables.add("articles", version("old", 1))
    old = tables.files("articles")[0]
    pl.read_parquet(old).with_columns(pl.lit(1).alias("forgotten")).write_parquet(old)
    tables.publish()
    assert len(ask(folder, "describe article_versions")) == len(duckdb_types(Article))


URL = "https://a.example/a"
GONE_CASES: dict[str, tuple[list[tuple[str, float]], float | None]] = {
    "never gone": ([("stored", 1), ("unchanged", 2)], None),
    "gone": ([("stored", 1), ("gone", 2)], 2),
    "gone for long: since the first time": ([("stored", 1), ("gone", 2), ("gone", 3)], 2),
    "came back": ([("stored", 1), ("gone", 2), ("unchanged", 3)], None),
    "came back and went again": ([("stored", 1), ("gone", 2), ("unchanged", 3), ("gone", 4)], 4),
    "a timeout says nothing": ([("stored", 1), ("gone", 2), ("failed", 3)], 2),
    "a timeout between says nothing": ([("stored", 1), ("gone", 2), ("failed", 3), ("gone", 4)], 2),
    "not reached says nothing": ([("stored", 1), ("gone", 2), ("deferred", 3)], 2),
    "refused entry says nothing": ([("stored", 1), ("gone", 2), ("blocked", 3)], 2),
    "there again, but refused by a stage": ([("stored", 1), ("gone", 2), ("quarantined", 3)], None),
    "order is that of commits, not of clocks": ([("stored", 1), ("gone", 3), ("unchanged", 2)], None),
}


@pytest.fixture(scope="module")
def gone_at(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The gone_at of one article for each case, all in one dataset."""
    folder = DataFolder(tmp_path_factory.mktemp("gone"))
    folder.prepare()
    tables = Tables(folder)
    tables.add_runs(r1=1, r2=2, r3=3, r4=4)
    tables.add("articles", *(version(name, 1, url=f"https://a.example/{n}") for n, name in enumerate(GONE_CASES)))
    for place in range(4):
        rows = [(n, states[place]) for n, (states, _) in enumerate(GONE_CASES.values()) if place < len(states)]
        run = f"r{place + 1}"
        tables.add("ledger", *(seen(f"https://a.example/{n}", State(state), at, run) for n, (state, at) in rows))
    tables.publish()
    return dict(ask(folder, "select article_id, gone_at from articles"))


@pytest.mark.parametrize("name", GONE_CASES)
def test_gone_at(gone_at: dict[str, Any], name: str) -> None:
    """The first 404 or 410 since the page was last there; null when it is."""
    expected = GONE_CASES[name][1]
    assert gone_at[name] == (day(expected) if expected else None)


def test_gone_listing_says_nothing_of_a_page(folder: DataFolder) -> None:
    """A listing that answers 404 at the URL of an article is not that page."""
    tables = Tables(folder)
    tables.add_runs(r1=1)
    tables.add("articles", version("a", 1))
    tables.add("ledger", seen(URL, State.GONE, 1, "r1", kind="listing"))
    tables.publish()
    assert ask(folder, "select gone_at from articles") == [(None,)]


def test_duplicate_of_is_the_oldest_that_is_shown(folder: DataFolder) -> None:
    """Of several links the oldest version counts; one to a version that is not there does not."""
    first, second, third = version("first", 1), version("second", 2), version("third", 3)
    alone = version("alone", 4)
    tables = Tables(folder)
    tables.add_runs(r1=1)
    tables.add("articles", third, second, first, alone)

    def link(later: dict[str, Any], earlier: str, kind: str = "duplicate", **more: Any) -> dict[str, Any]:
        return {"version_id": later["version_id"], "other_id": earlier, "kind": kind, "recorded_at": day(4), **more}

    tables.add(
        "links",
        link(third, second["version_id"]),
        link(third, first["version_id"]),
        link(second, "nowhere"),
        link(alone, first["version_id"], "alias"),
        link(second, first["version_id"], "story"),
    )
    tables.publish()
    found = {row[0]: row[1:] for row in ask(folder, "select article_id, duplicate_of, story_id from articles")}
    assert found == {
        "first": (None, "first"),
        "second": (None, "first"),
        "third": (first["version_id"], "first"),
        "alone": (None, None),
    }
    assert len(ask(folder, "from article_notes")) == 3


def test_stories_hang_together_by_links(folder: DataFolder) -> None:
    """Chains of links are one story, named after its first article; what a retracted run linked is none."""
    told = {name: version(name, at, text=f"{name} tells", site=f"{name}.example") for name, at in STORY_DAYS.items()}
    again = version("b", 9, text="b tells", site="b.example")
    lost = version("lost", 1, run="r2")
    tables = Tables(folder)
    tables.add_runs(r1=1, r2=2)
    tables.add("articles", *told.values(), again, lost)
    pairs = [("c", "b", 0.5), ("b", "a", 0.9), ("d", "c", 0.4), ("f", "e", 0.7)]
    rows = [
        {"version_id": told[later]["version_id"], "other_id": told[earlier]["version_id"], "kind": "story",
         "jaccard": jaccard, "change_share": 1 - jaccard, "run_id": "r1"}
        for later, earlier, jaccard in pairs
    ]  # fmt: skip
    bridge = rows[0] | {"version_id": told["e"]["version_id"], "other_id": told["d"]["version_id"], "run_id": "r2"}
    tables.add("links", *rows, bridge, rows[0] | {"other_id": lost["version_id"], "run_id": "r2"})
    tables.add("decisions", decision("x", "retract_run", "r2", 3))
    tables.publish()
    found = ask(folder, "select article_id, story_id, is_first, site, jaccard from stories order by article_id")
    assert found == [
        ("a", "a", True, "a.example", None),
        ("b", "a", False, "b.example", 0.9),
        ("c", "a", False, "c.example", 0.5),
        ("d", "a", False, "d.example", 0.4),
        ("e", "e", True, "e.example", None),
        ("f", "e", False, "f.example", 0.7),
    ]
    told_now = ask(folder, "select article_id, story_id from articles where story_id is not null order by 1")
    assert told_now == [(row[0], row[1]) for row in found]
    members = {row[0]: row[1:] for row in ask(folder, "select version_id, story_id, jaccard from story_members")}
    assert members[again["version_id"]] == ("a", 0.9)


def test_a_long_chain_is_one_story(folder: DataFolder) -> None:
    """A hundred articles, each linked to the one before it only."""
    told = [version(f"n{number:03d}", 1 + number / 10, text=f"{number}") for number in range(100)]
    ties = [{"version_id": b["version_id"], "other_id": a["version_id"], "kind": "story"} for a, b in pairwise(told)]
    tables = Tables(folder)
    tables.add_runs(r1=1)
    tables.add("articles", *told)
    tables.add("links", *[tie | {"run_id": "r1"} for tie in ties])
    tables.publish()
    assert ask(folder, "select story_id, count(*) from stories group by all") == [("n000", 100)]


STORY_DAYS = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "alone": 7}


def test_captures_are_the_ledger_rows_with_a_place(published: DataFolder) -> None:
    """The view captures has the rows that name a WARC file, and only those."""
    assert ask(published, "select count(*), count(capture_uri), count(capture_offset) from captures") == [(4, 4, 4)]
    assert ask(published, "select count(*) from ledger") == [(7,)]


def test_published_row_and_files(published: DataFolder) -> None:
    """The database says what it was made from."""
    row = ask(published, "select format, folder, run_count, last_run_id, last_run_seq, recorded_at from published")
    assert row == [(1, str(published.root.resolve()), 2, "night2", 2, day(2))]
    files = ask(published, "select table_name, path from files")
    assert len(files) == 7
    assert all(Path(path).is_file() and Path(path).is_absolute() for _, path in files)
    assert {table for table, _ in files} == {"articles", "links", "removals", "quarantine", "ledger", "runs"}


def test_derived_tables_are_tables(published: DataFolder) -> None:
    """What publish computes is stored, so that a reader does not compute it again."""
    assert {row[0] for row in ask(published, "select table_name from duckdb_tables() where not internal")} == set(
        DERIVED
    )
