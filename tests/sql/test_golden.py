"""Attention, quotes and search over the demo's three papers, held against rows that a person has read and kept.

    python -m tests.sql.test_golden     writes them again; look through the difference before you keep it

The dataset is what the demo's content files foretell of three nights; that a run makes the same of them is shown in
tests/flows/test_demo_nights.py.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

import copydesk
from copydesk.demo.expected import expected
from copydesk.demo.papers import NIGHTS
from schemas.text import PARAGRAPH_BREAK
from tasks.io.folder import DataFolder
from tests.sql.dataset import Tables, day, version

KEPT = Path(__file__).with_name("golden") / "demo.json"
QUESTIONS = {
    "attention": "select period_start, site, article_count, of_count, mention_count from attention('ferry') "
    "where article_count > 0",
    "quotes": "select a.site, q.speaker, q.spoken_as, q.verb, q.quote from quotes as q "
    "join articles as a using (version_id) order by a.url, q.seq",
    "search": "select place, site, title, snippet from search('ferry OR boatyard', most := 40)",
}


def demo(folder: DataFolder) -> Tables:
    """The demo's articles after three nights, published."""
    folder.prepare()
    tables = Tables(folder)
    tables.add_runs(**{f"night{night}": night for night in NIGHTS})
    for night in NIGHTS:
        stored = (row for row in expected(night).values() if row.state == "stored" and row.title)
        rows = [
            version(
                row.url, night, text=PARAGRAPH_BREAK.join(row.paragraphs), run=f"night{night}", url=row.url,
                site=row.site, title=row.title, language=row.language, published_at=row.published_at,
            )
            for row in stored
        ]  # fmt: skip
        tables.add("articles", *({**row, "recorded_at": day(night)} for row in rows))
    tables.publish()
    return tables


def answers(dataset: duckdb.DuckDBPyConnection) -> dict[str, list[list[Any]]]:
    """The rows of each question, as JSON has them."""
    found = {name: dataset.execute(sql).fetchall() for name, sql in QUESTIONS.items()}
    read: dict[str, list[list[Any]]] = json.loads(json.dumps(found, default=str))
    return read


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[list[Any]]]]:
    """The answers of today."""
    folder = DataFolder(tmp_path_factory.mktemp("golden"))
    demo(folder)
    with copydesk.connect(folder.root) as dataset:
        yield answers(dataset)


@pytest.mark.parametrize("name", QUESTIONS)
def test_answers_are_those_that_were_kept(found: dict[str, list[list[Any]]], name: str) -> None:
    """Each question has the rows that a person called right."""
    assert found[name] == json.loads(KEPT.read_text(encoding="utf-8"))[name]


def test_there_are_speakers_and_gaps(found: dict[str, list[list[Any]]]) -> None:
    """The kept quotes have both: people by name, and quotes of whom it is not certain."""
    speakers = [row[1] for row in found["quotes"]]
    assert len(set(speakers)) > 20
    assert None in speakers


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as root:
        demo(DataFolder(Path(root)))
        with copydesk.connect(root) as told:
            lines = {
                name: [json.dumps(row, ensure_ascii=False) for row in rows] for name, rows in answers(told).items()
            }
    text = ",\n".join(f'"{name}": [\n' + ",\n".join(rows) + "\n]" for name, rows in lines.items())
    KEPT.write_text("{\n" + text + "\n}\n", encoding="utf-8")
    sys.stdout.write(f"{KEPT}\n")
