"""Ranked search: what is found, what never is, and what a wrong query is told."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

import copydesk
from copydesk.cli import app
from tasks.errors import DataFolderError, UsageError
from tasks.io.folder import DataFolder
from tasks.publish.search_index import analyzer, open_search, search_folder, search_schema
from tasks.publish.search_places import Places, numbers_of
from tasks.publish.search_query import parse_query
from tests.sql.dataset import Tables, decision, version


@pytest.fixture
def papers(folder: DataFolder) -> Tables:
    """Four articles of two sites, one of them in a second version."""
    tables = Tables(folder)
    tables.add_runs(r1=1, r2=2)
    old = version("navy", 1, text="The navy sails against piracy.", language="en")
    tables.add(
        "articles",
        old,
        version("drill", 2, text="Talks on piracy.\n\nA joint military exercise in Zürich.", language="en"),
        version("exercise", 3, text="Military joint ventures fight piracy.", site="b.example", language="en"),
        version("kyoto", 3, text="東京大学の学生が北京を訪れました", site="b.example", language="ja"),
    )
    tables.add("articles", version("navy", 3, text="The navy stays.", run="r2", language="en"))
    tables.publish()
    return tables


def titles(folder: DataFolder, query: str) -> list[str]:
    """Titles of the hits, the best first."""
    with copydesk.connect(folder.root) as dataset:
        return [row[0] for row in dataset.execute("select title from search(?)", [query]).fetchall()]


QUERIES = [
    ("piracy", {"drill", "exercise"}),
    ("PIRACY navy", set()),
    ('"joint military"', {"drill"}),
    ("piracy AND NOT title:exercise", {"drill"}),
    ("piracy -title:exercise", {"drill"}),
    ("navy OR (zurich AND piracy)", {"navy", "drill"}),
    ("pira*", {"drill", "exercise"}),
    ('"joint mili*"', {"drill"}),
    ("piracy site:b.example", {"exercise"}),
    ("piracy since:2026-03-03", {"exercise"}),
    ("piracy until:2026-03-02", {"drill"}),
    ("language:ja", {"kyoto"}),
    ("京大", {"kyoto"}),
    ("京東", set()),
    ("NOT piracy", {"navy", "kyoto"}),
    ("sails", set()),
]
"""Queries, and the titles of all hits; what only a past version says is never found."""


@pytest.mark.parametrize(("query", "found"), QUERIES)
def test_queries(folder: DataFolder, papers: Tables, query: str, found: set[str]) -> None:
    """Words, phrases, operators, beginnings and limits find what they say, in any script."""
    assert set(titles(folder, query)) == found


def test_title_weighs_more_than_body(folder: DataFolder, papers: Tables) -> None:
    """An article that has a word in its headline stands above one that only mentions it."""
    assert titles(folder, "exercise") == ["exercise", "drill"]


def test_snippet_is_the_place_of_the_words(folder: DataFolder) -> None:
    """The snippet comes from the text in Parquet, and shows where the words stand."""
    tables = Tables(folder)
    tables.add_runs(r1=1)
    tables.add("articles", version("long", 1, text="Nothing yet. " * 60 + "Then an alliance came. " + "More. " * 60))
    tables.publish()
    with copydesk.connect(folder.root) as dataset:
        ((snippet,),) = dataset.execute("select snippet from search('alliance')").fetchall()
    assert "Then an alliance came." in snippet
    assert len(snippet) <= 280


def test_index_follows_what_is_published(folder: DataFolder, papers: Tables) -> None:
    """New versions are found after a publish, those of a retracted run are not, and what they replaced is again."""
    assert titles(folder, "navy") == ["navy"]
    papers.add("articles", version("fleet", 4, text="A fleet joins the navy.", run="r2"))
    papers.publish()
    assert set(titles(folder, "navy")) == {"navy", "fleet"}
    papers.add("decisions", decision("d", "retract_run", "r2", 5))
    papers.publish()
    assert titles(folder, "fleet") == []
    assert titles(folder, "sails") == ["navy"]


def test_index_holds_current_versions_only(folder: DataFolder, papers: Tables) -> None:
    """What is past is taken out of the index itself: in its place it would take one from the hits."""
    assert titles(folder, "navy") == ["navy"]
    papers.add("articles", version("navy", 4, text="The navy leaves.", run="r2"))
    papers.publish()
    assert open_search(folder).index.searcher().num_docs == 4


def test_search_of_an_older_connection(folder: DataFolder, papers: Tables) -> None:
    """A connection from before the last publish finds nothing that it does not show itself."""
    with copydesk.connect(folder.root) as before:
        papers.add("articles", version("fleet", 4, text="Piracy ends.", run="r2"))
        papers.publish()
        assert set(titles(folder, "piracy")) == {"drill", "exercise", "fleet"}
        found = before.execute("select title from search('piracy')").fetchall()
        assert set(found) == {("drill",), ("exercise",)}


def test_index_of_another_version_goes(folder: DataFolder, papers: Tables) -> None:
    """An index that an older Copydesk made is taken away when the new one is built."""
    old = search_folder(folder).with_name("search-1")
    old.mkdir(parents=True)
    old.with_suffix(".ids.parquet").touch()
    assert titles(folder, "navy") == ["navy"]
    assert {path.name for path in old.parent.glob("search-*")} == {search_folder(folder).name, _places_name(folder)}


def _places_name(folder: DataFolder) -> str:
    return search_folder(folder).with_suffix(".places.arrow").name


def test_a_file_that_is_gone(folder: DataFolder, papers: Tables) -> None:
    """When a file of the tables was removed, the search says so in one sentence."""
    titles(folder, "navy")
    for path in papers.files("articles"):
        path.unlink()
    with copydesk.connect(folder.root) as dataset, pytest.raises(duckdb.Error, match="A published file is gone; run"):
        dataset.execute("from search('navy')").fetchall()


PLACED = [((1, 2), 10), ((1, 3), 11), ((2**64 - 1, 0), 12)]


@pytest.mark.parametrize(("numbers", "row_no"), PLACED)
def test_places(tmp_path: Path, numbers: tuple[int, int], row_no: int) -> None:
    """A version is found by both of its numbers, and none that is not there."""
    rows = [{"high": high, "low": low, "file": 0, "row_no": number} for (high, low), number in PLACED]
    types = {"high": pl.UInt64, "low": pl.UInt64, "file": pl.Int32, "row_no": pl.Int32}
    places = Places(pl.DataFrame(rows, schema=types), tmp_path, ["a.parquet"], [], None)
    assert places.find(*numbers) == (tmp_path / "a.parquet", row_no)
    with pytest.raises(KeyError):
        places.find(numbers[0], numbers[1] + 7)


def _lose_places(folder: DataFolder) -> None:
    search_folder(folder).with_suffix(".places.arrow").unlink()


def _tear_places(folder: DataFolder) -> None:
    search_folder(folder).with_suffix(".places.arrow").write_bytes(b"ARROW1")


def _lose_index(folder: DataFolder) -> None:
    for path in search_folder(folder).iterdir():
        path.unlink()


def _die_changing(folder: DataFolder) -> None:
    search_folder(folder).with_suffix(".changing").touch()


@pytest.mark.parametrize("harm", [_lose_places, _tear_places, _lose_index, _die_changing])
def test_lost_or_unfinished_index_is_built_anew(folder: DataFolder, papers: Tables, harm: object) -> None:
    """Whatever happened to the index, the next search has the same answer, each article once."""
    before = titles(folder, "piracy")
    assert callable(harm)
    harm(folder)
    assert titles(folder, "piracy") == before


def test_joins_in_sql(folder: DataFolder, papers: Tables) -> None:
    """`search` is a table like any other."""
    with copydesk.connect(folder.root) as dataset:
        sql = "select a.language, count(*) from search('piracy OR 東京') join articles as a using (version_id) "
        sql += "group by all order by all"
        assert dataset.execute(sql).fetchall() == [("en", 2), ("ja", 1)]


WRONG = [
    ('"joint', "opens a quote that it does not close"),
    ("(a OR b", "opens a bracket that it does not close"),
    ("a)", "closes a bracket that it did not open"),
    ("a AND", "lacks a word beside AND"),
    ("OR", "lacks a word beside AND"),
    ("()", "lacks a word beside AND"),
    ("  ", "The search is empty"),
    ("!!!", "has no letter or digit"),
    ("site:a.exampel", "no article of the site a.exampel; there are some of a.example"),
    ("body:x", "has no field body:"),
    ("since:yesterday", "yesterday is no day: write it as 2026-03-01"),
]


@pytest.mark.parametrize(("query", "told"), WRONG)
def test_wrong_queries_are_told(query: str, told: str) -> None:
    """A query that cannot be read is one sentence that says what to do."""
    with pytest.raises(UsageError, match=told.replace("(", r"\(")):
        parse_query(query, search_schema(), analyzer(), ["a.example", "b.example"])


def test_command(folder: DataFolder, papers: Tables) -> None:
    """The command shows the hits, and JSON has all columns."""
    shown = CliRunner().invoke(app, ["search", "piracy site:b.example", "--data", str(folder.root), "--format", "json"])
    assert shown.exit_code == 0, shown.output
    assert '"title":"exercise"' in shown.output.replace('": "', '":"')
    told = CliRunner().invoke(app, ["search", '"open', "--data", str(folder.root)])
    assert isinstance(told.exception, UsageError)


def test_no_data_yet(tmp_path: Path) -> None:
    """Without a dataset there is one sentence."""
    told = CliRunner().invoke(app, ["search", "piracy", "--data", str(tmp_path)])
    assert isinstance(told.exception, DataFolderError)


def test_numbers_of_a_version_come_back() -> None:
    """A version_id is the same after it was two numbers."""
    version_id = "f" * 16 + "0" * 15 + "a"
    high, low = numbers_of(version_id)
    assert f"{high:016x}{low:016x}" == version_id
