"""Selection with its files: shards and sources in staging, a source that never ended, a task that runs again."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from schemas.capture import Candidate
from schemas.run import RunSource
from schemas.source import Source, SourceKind
from schemas.table import frame
from tasks.discover import select_candidates as stage
from tasks.discover.candidates import Tally
from tasks.discover.gather import Gathered
from tasks.discover.list_source import Listed, source_row
from tasks.discover.select_candidates import select_candidates
from tasks.io.staging import RunContext, read_part, read_parts, write_part
from tests.discover.rows import candidate, candidates, ledger, ledger_row

SOURCES = [Source(id=name, kind=SourceKind.FOLDER, path=Path("x")) for name in ("a", "b", "c")]


def list_it(run: RunContext, source: Source, *rows: dict[str, object]) -> None:
    """Write the parts of a source as listing leaves them."""
    listed = Listed(candidates(*rows), [], Gathered(listing_count=2, bad_count=1), Tally(capped=4))
    write_part(run.part("discover", "listed", source.id), Candidate, listed.rows)
    row = frame(RunSource, [source_row(run, source, listed)])
    write_part(run.part("discover", "run_sources", source.id), RunSource, row)


def staged(run: RunContext, table: str) -> pl.DataFrame:
    """All candidate rows of a table of the stage."""
    return read_parts(run.folder.staged(run.run_id, "discover", table), Candidate)


@pytest.fixture
def listed_run(run: RunContext, monkeypatch: pytest.MonkeyPatch) -> RunContext:
    """A run of three sources: a has 40 pages (one known), b repeats ten of them and adds one, c never ended."""
    pages = [candidate(f"https://s{n % 4}.com/{n}", "a", n) for n in range(40)]
    list_it(run, SOURCES[0], *pages)
    list_it(run, SOURCES[1], *[row | {"source_id": "b"} for row in pages[:10]], candidate("https://b.com/1", "b", 10))
    write_part(run.part("discover", "listed", "c"), Candidate, candidates(candidate("https://c.com/1", "c")))
    known = ledger(ledger_row("https://s0.com/0", next_try_at=run.now + timedelta(hours=1)))
    monkeypatch.setattr(stage, "last_rows", lambda _folder, _kind, ids: known.join(ids, on="url_id", how="semi"))
    return run


def test_writes_shards_and_sources(listed_run: RunContext) -> None:
    """Shards, what waits, and the sources' rows with their counts are in staging."""
    names = select_candidates(listed_run, SOURCES, 30, shard_rows=10)
    assert names == [f"{number:04d}" for number in range(3)]
    assert len(staged(listed_run, "candidates")) == 30
    assert len(staged(listed_run, "deferred")) == 10
    rows = read_part(listed_run.part("discover", "selected_sources", "all"), RunSource)
    columns = (
        "source_id",
        "status",
        "found_count",
        "known_count",
        "also_listed_count",
        "bad_item_count",
        "capped_count",
    )
    assert rows.select(columns).rows() == [
        ("a", "ok", 40, 1, 0, 1, 4),
        ("b", "ok", 1, 0, 10, 1, 4),
        ("c", "failed", 0, 0, 0, 0, 0),
    ]
    assert rows["reason"].to_list() == [None, None, "not_reached"]
    assert rows["deferred_count"].sum() == 0


def test_a_task_that_runs_again_changes_nothing(listed_run: RunContext) -> None:
    """The selection of a run is made once, also when the limit were another now."""
    names = select_candidates(listed_run, SOURCES, 30, shard_rows=10)
    before = staged(listed_run, "candidates")
    assert select_candidates(listed_run, SOURCES, 1) == names
    assert staged(listed_run, "candidates").equals(before)


@pytest.mark.faults
def test_H1_a_selection_that_was_killed_is_made_anew(listed_run: RunContext) -> None:
    """Shards of a try that did not come to its end are gone; none of their rows is done twice."""
    stray = candidates(candidate("https://stray.com/1"))
    for table in ("candidates", "deferred"):
        write_part(listed_run.part("discover", table, "0099"), Candidate, stray)
    select_candidates(listed_run, SOURCES, shard_rows=10)
    rows = pl.concat([staged(listed_run, "candidates"), staged(listed_run, "deferred")])
    assert "https://stray.com/1" not in rows["url"]
    assert rows["url_id"].is_unique().all()
    assert len(rows) == 40


def test_nothing_listed(run: RunContext) -> None:
    """A run whose sources all failed has no shard and still its sources' rows; the real ledger is empty too."""
    assert select_candidates(run, SOURCES) == []
    rows = read_part(run.part("discover", "selected_sources", "all"), RunSource)
    assert rows["status"].to_list() == ["failed"] * 3


@pytest.mark.faults
def test_C12_disbelief_is_told(run: RunContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row of a source whose lastmod is not believed says so, beside what listing had to say."""
    moment = run.now.isoformat()
    pages = [candidate(f"https://s.com/{n}", "a", n, listed_modified_at=moment) for n in range(12)]
    list_it(run, SOURCES[0], *pages)
    later = {"next_try_at": run.now + timedelta(hours=1), "captured_at": run.now - timedelta(hours=1)}
    known = ledger(*(ledger_row(row["url"], **later) for row in pages))
    monkeypatch.setattr(stage, "last_rows", lambda _folder, _kind, ids: known.join(ids, on="url_id", how="semi"))
    assert select_candidates(run, SOURCES[:1]) == []
    row = read_part(run.part("discover", "selected_sources", "all"), RunSource).row(0, named=True)
    assert "beyond the cap; lastmod not believed: it calls 12 known pages changed" in row["detail"]
    assert row["known_count"] == 12
