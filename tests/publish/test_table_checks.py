"""The checks of whole tables, on tables that are right and on such as break one rule."""

from typing import Any

import pytest

from schemas.run import Counts
from tasks.io.folder import DataFolder
from tests.publish.test_people_and_sources import source
from tests.publish.test_views import ask
from tests.sql.dataset import Tables, version


@pytest.fixture
def tables(folder: DataFolder) -> Tables:
    """Twenty runs, one a day."""
    made = Tables(folder)
    made.add_runs(**{f"r{seq}": seq for seq in range(1, 21)})
    return made


def told(run: str, url: str, state: str = "stored", **columns: Any) -> dict[str, Any]:
    """A row of the ledger on a page of the source `wire`."""
    return {"run_id": run, "kind": "page", "url": url, "source_id": "wire", "state": state} | columns


def read(run: str, **counts: int) -> dict[str, Any]:
    """A row of run_sources of the source `wire` with all its counts."""
    every = [name.removesuffix("_count") for name in Counts.to_schema().columns if name.endswith("_count")]
    return source(run, **(dict.fromkeys(every, 0) | counts))


def failing(tables: Tables) -> list[tuple[str, str | None, float]]:
    """Code, subject and count of what is not right."""
    tables.publish()
    found = ask(tables.folder, "select code, subject, found from table_checks where not is_ok order by all")
    return [(str(code), subject, float(count)) for code, subject, count in found]


def test_right_tables_pass(tables: Tables) -> None:
    """Two versions of one article, their ledger, and sources that give something every day."""
    one, two = version("a", 1, text="old"), version("a", 2, text="new")
    tables.add("articles", one, two)
    tables.add("ledger", told("r1", one["url"]), told("r2", two["url"]))
    tables.add("run_sources", *(read(f"r{seq}", stored=1, found=1) for seq in range(1, 21)))
    assert failing(tables) == []
    assert ask(tables.folder, "select count(*) from table_checks") == [(7,)]


def test_what_is_wrong_is_counted(tables: Tables) -> None:
    """Each broken rule once, with how often."""
    tables.add("articles", version("a", 1, text="old"))
    tables.add("ledger", told("r2", "https://b.example/1"), told("r2", "https://b.example/1", "failed"))
    tables.add("quarantine", *[{"quarantine_id": "q", "run_id": "r2", "url": "https://b.example/1"}] * 2)
    tables.add("run_sources", read("r20", stored=1, found=3))
    assert failing(tables) == [
        ("balance", None, 1.0),
        ("one_last_word", None, 1.0),
        ("one_refusal", None, 1.0),
        ("version_in_ledger", None, 1.0),
    ]


@pytest.mark.parametrize(("days", "stale"), [(range(1, 16), True), (range(1, 17), False), ((1, 8, 15), False)], ids=str)
def test_a_source_is_stale_by_its_own_pace(tables: Tables, days: range | tuple[int, ...], stale: bool) -> None:
    """A daily source after five days, a weekly one not yet; a source that has given something once is left alone."""
    tables.add("run_sources", *(read(f"r{day}", stored=1, found=1) for day in days))
    tables.add("run_sources", *(read(f"r{day}") for day in range(1, 21) if day not in days))
    assert failing(tables) == ([("fresh", "wire", 120.0)] if stale else [])
