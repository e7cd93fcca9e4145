"""The store's benchmark on a small folder: it runs to its end, and its queries see what it put there."""

from pathlib import Path

import duckdb

from benchmarks.store.bench import fill, measure, night
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot
from tasks.publish.database import publish_tables


def test_the_benchmark_measures_what_it_says(tmp_path: Path) -> None:
    """Every figure is there and positive; the bytes written are near those of the rows."""
    found = measure(tmp_path, 4000, 2, 1, together=2)
    assert all(value > 0 for value in found.values())
    assert {"night s", "merge s", "count ms", "group ms", "bare group ms", "look-up ms", "as of ms"} <= set(found)
    assert {"night cpu s", "of it locked s", "judge s", "near s", "together s"} <= set(found)
    assert len(Snapshot.open(DataFolder(tmp_path / "data")).runs) == 2 + 1 + 2
    assert 0.9 < found["bytes ratio"] < 1.5


def test_its_rows_are_versions_of_articles(tmp_path: Path) -> None:
    """One in twenty of the second file is a later version of an article of the first."""
    folder = DataFolder(tmp_path / "data")
    fill(folder, 2000, 2)
    publish_tables(folder)
    with duckdb.connect(str(folder.database), read_only=True) as connection:
        counts = connection.execute(
            "select (select count(*) from article_versions), (select count(*) from articles)"
        ).fetchall()
    assert counts == [(2000, 1950)]
    assert night(0, 10, 1)["articles"]["version_id"].n_unique() == 10
