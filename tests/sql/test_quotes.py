"""The view quotes and the macro coverage: current versions only, new files only, and a sentence for a wrong site."""

import json
from pathlib import Path

import duckdb
import pytest

import copydesk
from tasks.io.folder import DataFolder
from tasks.publish.quote_files import quotes_folder
from tests.sql.dataset import Tables, decision, seen, version


def quotes(folder: DataFolder) -> list[tuple[str, str]]:
    """Speaker and quote of all that is published."""
    with copydesk.connect(folder.root) as dataset:
        return dataset.execute("select speaker, quote from quotes order by all").fetchall()


@pytest.fixture
def papers(folder: DataFolder) -> Tables:
    """An article in two versions, one in a language of which we know no quotes, and one without any."""
    tables = Tables(folder)
    tables.add_runs(r1=1, r2=2)
    tables.add(
        "articles",
        version("navy", 1, text="“We stay here,” said Ann Lee.", language="en"),
        version("kyoto", 1, text="“We stay here,” said Ann Lee.", language="ja"),
        version("drill", 1, text="A drill.", language="en"),
    )
    tables.add("articles", version("navy", 2, text="“We sail at dawn,” said Ann Lee.", run="r2", language="en"))
    tables.publish()
    return tables


def test_quotes_are_those_of_current_versions(folder: DataFolder, papers: Tables) -> None:
    """A version that was replaced is not quoted; when its successor is taken back it is again."""
    assert quotes(folder) == [("Ann Lee", "We sail at dawn,")]
    papers.add("decisions", decision("d", "retract_run", "r2", 5))
    papers.publish()
    assert quotes(folder) == [("Ann Lee", "We stay here,")]


def test_only_new_files_are_read(folder: DataFolder, papers: Tables) -> None:
    """A publish makes the side files that are missing, keeps the others, and sweeps those of files that are gone."""
    before = {path: path.stat().st_mtime_ns for path in quotes_folder(folder).iterdir()}
    assert len(before) == 2
    papers.add("articles", version("fleet", 3, text="“We left at dawn,” said Tom Fox.", run="r2", language="en"))
    papers.publish()
    after = {path: path.stat().st_mtime_ns for path in quotes_folder(folder).iterdir()}
    assert before.items() < after.items()
    assert ("Tom Fox", "We left at dawn,") in quotes(folder)
    papers.files("articles").pop()
    papers.publish()
    assert set(quotes_folder(folder).iterdir()) == set(before)


def test_coverage(folder: DataFolder, papers: Tables) -> None:
    """Each day of a site says how its pages ended; a site that is not there is one sentence."""
    ends = ["stored", "stored", "unchanged", "quarantined", "gone", "failed"]
    pages = [seen(f"https://a.example/{number}", state, 1, "r1", site="a.example") for number, state in enumerate(ends)]
    papers.add("ledger", *(page | {"capture_uri": None if page["state"] == "failed" else "x"} for page in pages))
    papers.add("ledger", seen("https://a.example/robots.txt", "read", 1, "r1", site="a.example", kind="robots"))
    papers.publish()
    with copydesk.connect(folder.root) as dataset:
        ((found),) = dataset.execute("select * exclude (day) from coverage('a.example')").fetchall()
        assert found == (6, 5, 2, 1, 1, 1, 1, 0.5)
        with pytest.raises(duckdb.Error, match=r"there is no page of the site b\.example"):
            dataset.execute("from coverage('b.example')").fetchall()


@pytest.mark.shared
def test_the_seed(folder: DataFolder, shared: Path) -> None:
    """The seven quotes of the seed are the ambassador's, and a search for alliance finds it."""
    seed = json.loads((shared / "seed" / "expected.json").read_text(encoding="utf-8"))
    tables = Tables(folder)
    tables.add_runs(r1=1)
    body = "\n\n".join(seed["body_paragraphs"])
    tables.add("articles", version("seed", 1, text=body, title=seed["title"], language="en"))
    tables.publish()
    assert [speaker for speaker, _ in quotes(folder)] == ["Igor Khovaev"] * 7
    with copydesk.connect(folder.root) as dataset:
        assert dataset.execute("select title from search('alliance')").fetchall() == [(seed["title"],)]
