"""`copydesk why`: raw beside clean, each cut marked with its number, its rule and why, and nothing of the text lost."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from copydesk import why
from copydesk.why import read_why, show_why
from flows.inputs import sources_of
from tasks.errors import TableError, UsageError
from tasks.io.folder import DataFolder
from tests.flows.nights import NIGHT, run_night
from tests.sql.dataset import Tables, newspaper, seen, version

FILLER = [
    f"The harbour office counted {number} ships in week {number}, and the pilots thanked the crews for their patience."
    for number in range(2, 9)
]
HEADLINE = "Ferry to be sold on Friday"
FIRST = "The ferry, which is the last of its kind on this coast, will be sold on Friday to a museum in the north."
DIRTY = [HEADLINE, f"LISBON, Portugal (AP) — {FIRST}", "READ: Ferry late again", *FILLER, "RELATED VIDEO"]


def _taken_in(folder: DataFolder, lines: list[str]) -> str:
    """The URL of a text document that a run has taken in."""
    page = folder.root / "desk" / "page.txt"
    page.parent.mkdir()
    page.write_text("\n".join(lines), encoding="utf-8")
    summary = run_night(folder, sources_of([page.parent], None), NIGHT)
    assert summary.counts.stored == 1
    return page.as_uri()


@pytest.mark.flow
def test_our_own_fixture(folder: DataFolder, capsys: pytest.CaptureFixture[str]) -> None:
    """Marks where there is no terminal, one line a receipt with rule and evidence, and the texts as JSON."""
    url = _taken_in(folder, DIRTY)
    show_why(folder.root, url, as_json=False)
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "-READ: Ferry late again\\n\\n-]" in shown
    assert "promo_link  promo_link.label_capitals  body at" in shown
    assert "(whole line; label READ; 3 words without a full stop)" in shown
    assert f"body, clean:\n{FIRST}\n\n{FILLER[0]}\n\n" in shown
    show_why(folder.root, url, as_json=True)
    found = json.loads(capsys.readouterr().out)
    title, body = found["fields"]
    assert (title["field"], title["extracted"], title["clean"]) == ("title", HEADLINE, HEADLINE)
    assert body["extracted"] == "\n\n".join(DIRTY[1:])
    assert body["clean"] == "\n\n".join([FIRST, *FILLER])
    assert [row["kind"] for row in found["removals"]] == ["dateline", "agency", "promo_link", "promo_heading"]


@pytest.mark.flow
def test_colours_on_a_terminal(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two columns; what was cut is red, what moved to a column is cyan, both struck through."""
    url = _taken_in(folder, DIRTY)
    file = io.StringIO()
    monkeypatch.setattr(why, "out", Console(file=file, force_terminal=True, color_system="standard", width=200))
    show_why(folder.root, url, as_json=False)
    shown = file.getvalue()
    assert "\x1b[9;31m[3-READ: Ferry late again" in shown
    assert "\x1b[9;36m[1-LISBON, Portugal" in shown
    assert "as extracted" in shown
    assert "clean" in shown


@pytest.mark.flow
@pytest.mark.shared
def test_the_seed(folder: DataFolder, shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All pieces of the seed with their kinds, and its paragraphs whole."""
    wanted = json.loads((shared / "seed" / "expected.json").read_text(encoding="utf-8"))
    lines = (shared / "seed" / "article.txt").read_text(encoding="utf-8").rstrip("\n").split("\n")
    url = _taken_in(folder, lines)
    show_why(folder.root, url, as_json=False)
    shown = capsys.readouterr().out
    for piece in wanted["removed"]:
        assert any(piece["kind"] in line and piece["text"] in line for line in shown.splitlines()), piece
    assert "\n\n".join(wanted["body_paragraphs"]) in shown


def test_nothing_was_cut(folder: DataFolder, capsys: pytest.CaptureFixture[str]) -> None:
    """It says so, and shows the text; another name of the article leads to it."""
    tables = Tables(folder)
    tables.add_runs(r1=1)
    tables.add("articles", version("a", 1, text="Old words."), version("a", 2, text="One line.\n\nAnother [line]."))
    tables.add("ledger", seen("https://a.example/amp/a", "duplicate", 1, "r1", article_id="a"))
    tables.publish()
    show_why(folder.root, "https://a.example/amp/a#top", as_json=False)
    shown = capsys.readouterr().out
    assert "One line.\n\nAnother [line]." in shown
    assert "Nothing was cut or changed." in shown
    assert "Old words." not in shown


def test_what_could_steer_a_terminal_is_shown_as_text(folder: DataFolder, capsys: pytest.CaptureFixture[str]) -> None:
    """An escape character of a page reaches nobody's terminal."""
    tables = Tables(folder)
    tables.add_runs(r1=1)
    row = version("a", 1, text="One line.")
    cut = {"version_id": row["version_id"], "field": "body", "kind": "control", "char_offset": 0, "char_count": 5}
    tables.add("articles", row)
    tables.add("removals", cut | {"seq": 0, "text": "\x1b[31m", "replacement": "", "evidence": None})
    tables.publish()
    show_why(folder.root, row["url"], as_json=False)
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\\x1b[31m" in shown


def test_receipts_of_another_text_are_an_error(folder: DataFolder) -> None:
    """Two receipts that overlap belong to no text."""
    tables = Tables(folder)
    tables.add_runs(r1=1)
    row = version("a", 1, text="One line.")
    cut = {"version_id": row["version_id"], "field": "body", "char_offset": 0, "char_count": 3, "replacement": ""}
    tables.add("articles", row)
    tables.add("removals", cut | {"seq": 0, "text": "abc"}, cut | {"seq": 1, "text": "abd"})
    tables.publish()
    with pytest.raises(TableError, match="do not belong"):
        show_why(folder.root, row["url"], as_json=False)


@pytest.mark.parametrize("url", ["https://a.example/never", "no url"])
def test_what_is_not_published(folder: DataFolder, url: str) -> None:
    """One sentence that names the URL."""
    newspaper(folder)
    with pytest.raises(UsageError, match=url):
        read_why(folder.root, url)
