"""The SQL of docs/sql.md, docs/quality.md and of sql/examples answers, over two nights of made-up papers."""

import re
from pathlib import Path
from typing import Any

import pytest

from copydesk.connection import connect
from tasks.io.folder import DataFolder
from tasks.publish.templates import sql_folder
from tests.sql.dataset import newspaper

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((sql_folder() / "examples").glob("*.sql"))
PAGES = ("sql.md", "quality.md")
BLOCKS = [
    block
    for name in PAGES
    for block in re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / name).read_text(encoding="utf-8"), re.DOTALL)
]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published data folder, for looking only."""
    folder = DataFolder(tmp_path_factory.mktemp("data"))
    folder.prepare()
    newspaper(folder)
    return folder.root


def answer(data: Path, sql: str) -> list[tuple[Any, ...]]:
    """All rows."""
    with connect(data) as database:
        return database.execute(sql).fetchall()


@pytest.mark.parametrize("sql", BLOCKS, ids=range(len(BLOCKS)))
def test_examples_of_the_documentation_run(published: Path, sql: str) -> None:
    """Every block of SQL in docs/sql.md and docs/quality.md is understood."""
    answer(published, sql)


def test_documentation_has_examples() -> None:
    """The blocks are found: a change of their fence would make the test above empty."""
    assert len(BLOCKS) >= 10


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_have_a_title(path: Path) -> None:
    """The first line is a comment: the title that the demo prints."""
    assert re.match(r"-- [A-Z].*[^.]$", path.read_text(encoding="utf-8").splitlines()[0])


ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "articles_per_site_and_day": [
        ("a.example", "2026-03-01", 1, 3, 0),
        ("a.example", "2026-03-02", 1, 3, 0),
        ("b.example", "2026-03-01", 1, 3, 1),
    ],
    "changed_overnight": [
        ("2026-03-02", "a.example", "typo", 33.3, "bridge"),
    ],
    "refused_and_why": [
        ("check_failed", "body_min_words", 1, "The body has 4 words, fewer than 20.", "https://a.example/stub"),
    ],
    "cut_most": [("ad_marker", 2, 1, 26, "Advertisement")],
}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_answer(published: Path, path: Path) -> None:
    """Each of the demo's questions gives what the made-up nights hold."""
    rows = answer(published, path.read_text(encoding="utf-8"))
    assert [tuple(map(str, row)) for row in rows] == [tuple(map(str, row)) for row in ANSWERS[path.stem]]


def test_days_are_of_utc(published: Path) -> None:
    """The day of an article does not depend on the reader's time zone."""
    sql = (sql_folder() / "examples" / "articles_per_site_and_day.sql").read_text(encoding="utf-8")
    with connect(published) as database:
        database.execute("set TimeZone = 'America/Los_Angeles'")
        assert [str(row[1]) for row in database.execute(sql).fetchall()] == ["2026-03-01", "2026-03-02", "2026-03-01"]
