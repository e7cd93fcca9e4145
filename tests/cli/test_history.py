"""`copydesk history`: versions in their order, the words that changed, plain where there is no terminal."""

from pathlib import Path

import pytest

from copydesk.history import read_history, show_history
from tasks.errors import UsageError
from tasks.io.folder import DataFolder
from tests.sql.dataset import Tables, newspaper, seen, version

URL = "https://a.example/bridge"


@pytest.fixture
def data(folder: DataFolder) -> Path:
    """The published newspaper."""
    newspaper(folder)
    return folder.root


def test_versions_with_their_changes(data: Path) -> None:
    """Oldest first; the second names its one change with the words around it."""
    first, second = read_history(data, URL + "#top")
    assert (first["kind_of_change"], first["changes"]) == ("first", [])
    assert second["changes"] == [{"place": 2, "old": "brigde", "new": "bridge", "around": ["bridge The", "opens."]}]


def test_plain_text_where_there_is_no_terminal(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Marks instead of colours, and no escape sequence."""
    show_history(data, URL, as_json=False)
    shown = capsys.readouterr().out
    assert "bridge The [-brigde-]{+bridge+} opens." in shown
    assert "\x1b" not in shown


def test_a_gone_page_says_so(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """404 since: the text is kept, and the moment is shown."""
    show_history(data, "https://a.example/harvest", as_json=False)
    assert "gone since 2026-03-02 02:00 UTC" in capsys.readouterr().out


def test_another_name_leads_to_the_article(folder: DataFolder) -> None:
    """A URL that the ledger knows as another name of an article."""
    tables = Tables(folder)
    tables.add_runs(r1=1)
    tables.add("articles", version("a", 1, text="x"))
    tables.add("ledger", seen("https://a.example/amp/a", "duplicate", 1, "r1", article_id="a"))
    tables.publish()
    assert [row["article_id"] for row in read_history(folder.root, "https://a.example/amp/a")] == ["a"]


def test_a_late_version_is_compared_where_it_stands_now(folder: DataFolder) -> None:
    """A, C and then a late B between: C is shown against B, whatever was true when it was stored."""
    tables = Tables(folder)
    tables.add_runs(r1=1, r2=2)
    tables.add("articles", version("a", 1, text="one"), version("a", 3, text="three"))
    tables.add("articles", version("a", 2, text="two", run="r2"))
    tables.publish()
    found = read_history(folder.root, "https://a.example/a")
    assert [[(c["old"], c["new"]) for c in row["changes"]] for row in found] == [
        [], [("one", "two")], [("two", "three")],
    ]  # fmt: skip


@pytest.mark.parametrize("url", ["https://a.example/never", "no url"])
def test_what_is_not_kept(data: Path, url: str) -> None:
    """One sentence that names the URL."""
    with pytest.raises(UsageError, match=url):
        read_history(data, url)
