"""Which version of an article is the current one."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.io.folder import DataFolder
from tests.sql.dataset import Tables, day, decision, version

CASES: dict[str, tuple[list[dict[str, Any]], dict[str, str]]] = {
    "one version": ([version("a", 1, text="x")], {"a": "x"}),
    "a later one replaces it": ([version("a", 1, text="x"), version("a", 2, text="y", run="r2")], {"a": "y"}),
    "goes back to its first text": (
        [version("a", 1, text="x"), version("a", 2, text="y", run="r2"), version("a", 3, text="x", run="r3")],
        {"a": "x"},
    ),
    "two runs at once, both from the first": (
        [
            version("a", 1, text="x"),
            version("a", 2, text="y", run="r2", supersedes="first"),
            version("a", 2.5, text="z", run="r3", supersedes="first"),
        ],
        {"a": "z"},
    ),
    "two runs at the same moment: the later commit": (
        [version("a", 2, text="early", run="r2"), version("a", 2, text="late", run="r3")],
        {"a": "late"},
    ),
    "a late backfill of an older page changes nothing": (
        [version("a", 5, text="new"), version("a", 2, text="old", run="r3")],
        {"a": "new"},
    ),
    "reprocess of a chain: each page read again, the last page stays current": (
        [
            version("a", 1, text="x"),
            version("a", 2, text="y", run="r2"),
            version("a", 1, text="x clean", run="r3", kind_of_change="reprocessed"),
            version("a", 2, text="y clean", run="r3", kind_of_change="reprocessed"),
        ],
        {"a": "y clean"},
    ),
    "a run that runs does not know counts as the oldest": (
        [version("a", 2, text="known", run="r1"), version("a", 2, text="unknown", run="nobody")],
        {"a": "known"},
    ),
    "articles do not mix": (
        [version("a", 1, text="x"), version("b", 2, text="y", run="r2")],
        {"a": "x", "b": "y"},
    ),
}


def current(folder: DataFolder, view: str = "articles") -> dict[str, str]:
    """Article to body, of a view; a doubled article fails the test."""
    with duckdb.connect(str(folder.database), read_only=True) as database:
        rows = database.execute(f"from {view} select article_id, body").fetchall()
    assert len(rows) == len({row[0] for row in rows}), "an article has two current versions"
    return dict(rows)


@pytest.fixture(scope="module", params=[True, False], ids=["in order", "backwards"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Case and article to the current text, all cases in one dataset, one file a row."""
    folder = DataFolder(tmp_path_factory.mktemp("cases"))
    folder.prepare()
    tables = Tables(folder)
    tables.add_runs(r1=1, r2=2, r3=3)
    rows = [row | {"article_id": f"{name}/{row['article_id']}"} for name, case in CASES.items() for row in case[0]]
    unique = [row | {"version_id": f"{row['version_id']}/{row['article_id']}"} for row in rows]
    for row in unique if request.param else reversed(unique):
        tables.add("articles", row)
    summary = tables.publish()
    assert summary.version_count == len(rows)
    assert summary.article_count == sum(len(expected) for _, expected in CASES.values())
    return current(folder)


@pytest.mark.parametrize("name", CASES)
def test_current_version(found: dict[str, str], name: str) -> None:
    """The current version is the right one, in whatever order the rows lie in the files."""
    of_case = {key.removeprefix(f"{name}/"): text for key, text in found.items() if key.startswith(f"{name}/")}
    assert of_case == CASES[name][1]


def naive(rows: Sequence[dict[str, Any]], seqs: dict[str, int]) -> dict[str, str]:
    """The rule of DESIGN.md, one row at a time."""
    best: dict[str, dict[str, Any]] = {}

    def key(row: dict[str, Any]) -> tuple[Any, int, str]:
        return row["captured_at"], seqs.get(row["run_id"], 0), row["version_id"]

    for row in rows:
        if row["article_id"] not in best or key(row) > key(best[row["article_id"]]):
            best[row["article_id"]] = row
    return {article: row["version_id"] for article, row in best.items()}


ROWS = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.integers(1, 4), st.sampled_from("xyz"), st.sampled_from(["r1", "r2", "r3", "r9"])
    ),
    min_size=1,
    max_size=14,
    unique_by=lambda row: row[:3],
)


@given(rows=ROWS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_current_version_is_the_naive_one(tmp_path: Path, rows: list[tuple[str, int, str, str]]) -> None:
    """For any rows of any runs, the view has exactly what a loop over the rows says."""
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    tables = Tables(folder)
    seqs = {"r1": 1, "r2": 2, "r3": 3}
    tables.add_runs(**seqs)
    made = [version(article, at, text=text, run=run) for article, at, text, run in rows]
    tables.add("articles", *made)
    tables.publish()
    with duckdb.connect(str(folder.database), read_only=True) as database:
        found = dict(database.execute("select article_id, version_id from articles").fetchall())
        both = "select version_id from articles union all select version_id from superseded"
        parts = sorted(row[0] for row in database.execute(both).fetchall())
    assert found == naive(made, seqs)
    assert parts == sorted(row["version_id"] for row in made), "articles and superseded are not a partition"


def test_reading_stored_by_two_runs_is_one_version(folder: DataFolder) -> None:
    """Two runs that store the same reading of the same capture give one version, and its receipts once."""
    tables = Tables(folder)
    tables.add_runs(r1=1, r2=2)
    row = version("a", 1, text="x")
    cut = {"version_id": row["version_id"], "field": "body", "text": "ad"}
    for run in ("r2", "r1"):
        tables.add("articles", row | {"run_id": run})
        tables.add("removals", cut | {"run_id": run})
    summary = tables.publish()
    assert current(folder) == {"a": "x"}
    assert (summary.article_count, summary.version_count) == (1, 1)
    with duckdb.connect(str(folder.database), read_only=True) as database:
        assert database.execute("select run_id from article_versions").fetchall() == [("r1",)]
        assert database.execute("select run_id from removals").fetchall() == [("r1",)]
        assert database.execute("select run_id from doubled").fetchall() == [("r2",)]


RETRACTIONS: dict[str, tuple[list[dict[str, Any]], dict[str, str]]] = {
    "none": ([], {"a": "bad", "b": "bad"}),
    "the last run": ([decision("d1", "retract_run", "r2", 3)], {"a": "good"}),
    "undone": ([decision("d1", "retract_run", "r2", 3), decision("d2", "undo", "d1", 4)], {"a": "bad", "b": "bad"}),
    "a run that is not there": ([decision("d1", "retract_run", "r'9", 3)], {"a": "bad", "b": "bad"}),
    "another kind of decision": ([decision("d1", "forget", "r2", 3)], {"a": "bad", "b": "bad"}),
}


@pytest.mark.parametrize("name", RETRACTIONS)
def test_retracted_run_is_in_no_view(folder: DataFolder, name: str) -> None:
    """A retracted run's rows are gone from all views but its own, and the version before is current again."""
    decisions, expected = RETRACTIONS[name]
    tables = Tables(folder)
    tables.add_runs(r1=1, r2=2)
    tables.add("articles", version("a", 1, text="good"))
    tables.add("articles", version("a", 2, text="bad", run="r2"), version("b", 2, text="bad", run="r2"))
    tables.add("quarantine", {"run_id": "r2"})
    if decisions:
        tables.add("decisions", *decisions)
    tables.publish()
    assert current(folder) == expected
    assert current(folder, "articles_as_of('2026-03-09')") == expected
    assert current(folder, "dataset_as_of('2026-03-09')") == expected
    hidden = expected == {"a": "good"}
    with duckdb.connect(str(folder.database), read_only=True) as database:
        counts = [
            len(database.execute(f"from {view}").fetchall())
            for view in ("runs", "quarantine", "retracted_runs", "decisions")
        ]
    assert counts[:2] == ([1, 0] if hidden else [2, 1])
    assert counts[3] == len(decisions)
    assert counts[2] == (1 if hidden or "not there" in name else 0)


AS_OF: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "before all": ("2026-02-01", {}, {}),
    "after the first": ("2026-03-01 12:00", {"a": "one"}, {"a": "one"}),
    "the late backfill was captured, not yet known": (
        "2026-03-03 12:00",
        {"a": "two", "old": "found"},
        {"a": "one"},
    ),
    "now": ("2026-03-31", {"a": "two", "old": "found"}, {"a": "two", "old": "found"}),
}


@pytest.mark.parametrize("name", AS_OF)
def test_as_of_macros(folder: DataFolder, name: str) -> None:
    """articles_as_of goes by what the sites said, dataset_as_of by what had been recorded."""
    moment, said, known = AS_OF[name]
    tables = Tables(folder)
    tables.add_runs(r1=1, r2=2)
    tables.add("articles", version("a", 1, text="one"))
    late = [version("a", 3, text="two", run="r2"), version("old", 2, text="found", run="r2")]
    tables.add("articles", *(row | {"recorded_at": day(20)} for row in late))
    tables.publish()
    literal = f"timestamptz '{moment}+00'" if " " in moment else f"'{moment}'"
    assert current(folder, f"articles_as_of({literal})") == said
    assert current(folder, f"dataset_as_of({literal})") == known


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 9, 17])
def test_past_rows_are_marked_at_any_place_of_a_file(folder: DataFolder, count: int) -> None:
    """Files of so many rows, around powers of two: the first and the last row are past, today and looking back."""
    tables = Tables(folder)
    tables.add_runs(r1=1, r2=2)
    old = [version(f"a{number:02d}", 1, text="old") for number in range(count)]
    new = [version(name, 2, text="new", run="r2") for name in sorted({"a00", f"a{count - 1:02d}"})]
    tables.add("articles", *old)
    tables.add("articles", *new)
    tables.publish()
    expected = {row["article_id"]: "old" for row in old} | {row["article_id"]: "new" for row in new}
    assert current(folder) == expected
    assert current(folder, "dataset_as_of('2026-03-09')") == current(folder, "articles_as_of('2026-03-09')") == expected
    assert set(current(folder, "articles_as_of('2026-03-01 12:00')").values()) == {"old"}


@pytest.mark.parametrize("noted", [False, True], ids=["no notes", "notes"])
def test_what_is_not_asked_for_is_not_read(folder: DataFolder, noted: bool) -> None:
    """Counting by site looks at no id, neither for the versions that are past nor for the notes."""
    tables = Tables(folder)
    tables.add_runs(r1=1)
    one, two = version("a", 1, text="x"), version("b", 2, text="x")
    tables.add("articles", one, two, version("a", 3, text="y"))
    if noted:
        link = {"version_id": two["version_id"], "other_id": one["version_id"], "kind": "story", "recorded_at": day(4)}
        tables.add("links", link)
    tables.publish()
    with duckdb.connect(str(folder.database), read_only=True) as database:
        asked = "select site, captured_at::date, count(*) from articles group by all"
        plan = database.execute(f"explain {asked}").fetchall()[0][1]
        stories = database.execute("select count(story_id) from articles").fetchall()
    assert "version_id" not in plan
    assert "article_notes" not in plan
    assert stories == [(int(noted),)], "of the current versions only b tells the story"
