"""The views over authors and over sources, against rows that were counted by hand."""

from typing import Any

import pytest

from tasks.io.folder import DataFolder
from tests.publish.test_views import ask
from tests.sql.dataset import Tables, day, decision, version


@pytest.fixture
def tables(folder: DataFolder) -> Tables:
    """Ten runs, of which the last commits as the tenth."""
    made = Tables(folder)
    made.add_runs(**{f"r{seq}": seq for seq in range(1, 11)})
    return made


def source(run: str, status: str = "ok", **counts: Any) -> dict[str, Any]:
    """A row of run_sources of the source `wire`; counts that are not given are 0."""
    zeros = dict.fromkeys(("stored", "quarantined", "held", "blocked", "failed"), 0) | counts
    gap = zeros.pop("gap_estimate", None)
    row = {"run_id": run, "source_id": "wire", "kind": "feed", "status": status, "gap_estimate": gap}
    return row | {f"{name}_count": number for name, number in zeros.items()}


def test_authors_count_current_texts_once(tables: Tables) -> None:
    """Old versions, copies on other sites and a name doubled on a page count once."""
    first = version("a", 1, text="old", authors=["Ann Lee"], word_count=5)
    tables.add(
        "articles", first, version("a", 2, text="new", authors=["Ann Lee", "Ann Lee"], word_count=7, section="Sport")
    )
    tables.add("articles", version("b", 3, text="b", authors=["Ann Lee", "Bo Ek"], word_count=1, published_at=day(0)))
    copy = version("c", 4, text="b", authors=["Bo Ek"], site="c.example", word_count=1)
    original = version("b", 3, text="b")["version_id"]
    tables.add("articles", copy)
    tables.add("links", {"version_id": copy["version_id"], "other_id": original, "kind": "duplicate", "run_id": "r4"})
    tables.publish()
    found = ask(
        tables.folder,
        "select name, site, article_count, word_count, sections, first_at, last_at from authors order by name",
    )
    assert found == [
        ("Ann Lee", "a.example", 2, 8, ["Sport"], day(0), day(2)),
        ("Bo Ek", "a.example", 1, 1, [], day(0), day(0)),
    ]


def test_a_source_is_judged_by_its_last_run(tables: Tables) -> None:
    """Two failures after a good run; sums go over the last seven runs that read it."""
    old = [source("r1", stored=100, gap_estimate=9)] + [source(f"r{seq}", stored=1, held=1) for seq in range(2, 8)]
    late = [source("r8", quarantined=2, blocked=1, gap_estimate=4)]
    bad = [source(f"r{seq}", "failed", failed=1) | {"reason": "dns", "detail": f"no {seq}"} for seq in (9, 10)]
    tables.add("run_sources", *old, *late, *bad)
    tables.publish()
    row = ask(tables.folder, "from sources_health")
    ok, counts = (day(10), day(8), day(7)), (4, 6, 3, 4)
    assert row == [("wire", "feed", "failed", "dns", "no 10", 10, 2, *ok, *counts)]


def test_a_source_that_was_never_readable(tables: Tables) -> None:
    """All its runs failed, and no time is made up."""
    tables.add("run_sources", source("r3", "failed"), source("r4", "failed"))
    tables.publish()
    sql = "select failed_in_a_row, last_ok_at, last_stored_at, gap_estimate from sources_health"
    assert ask(tables.folder, sql) == [(2, None, None, None)]


def test_a_retracted_run_says_nothing_of_a_source(tables: Tables) -> None:
    """The failure of a run that was taken back is not counted."""
    tables.add("run_sources", source("r1"), source("r2", "failed"))
    tables.add("decisions", decision("d", "retract_run", "r2", 3))
    tables.publish()
    assert ask(tables.folder, "select status, run_count, failed_in_a_row from sources_health") == [("ok", 1, 0)]
