"""`copydesk quarantine`: groups of what is open, and one refusal with all that is known of it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from copydesk.cli import app
from copydesk.quarantine import read_groups, read_rows, show_groups, show_row
from schemas.article import Article
from schemas.candidate import candidate_json
from tasks.errors import UsageError
from tasks.io.folder import DataFolder
from tests.sql.dataset import Tables, day, decision, filled, version

STUB, HELD, TWICE = (f"https://a.example/{name}" for name in ("stub", "held", "twice"))


def refused(name: str, url: str, rule: str, run: str, **given: object) -> dict[str, object]:
    """A row of the quarantine."""
    row = {"quarantine_id": name, "url": url, "site": "a.example", "source_id": "wire", "rule": rule, "run_id": run}
    row |= {"stage": "validate", "severity": "reject", "reason": "check_failed", "captured_at": day(1)}
    return row | {"recorded_at": day(1), "message": "So it is.", **given}


@pytest.fixture
def data(folder: DataFolder) -> Path:
    """Five refusals, of which three pages are open."""
    tables = Tables(folder)
    tables.add_runs(r1=1, r2=2)
    candidate = candidate_json(filled(Article, title="Ferry\x1b[31m", body="A text.", change_share=None))
    tables.add(
        "quarantine",
        refused("aa11", STUB, "body_words", "r1", value="4", limits="at least 20", field="body",
                capture_uri="captures/x.warc.gz", capture_offset=77, candidate=candidate),
        refused("bb22", HELD, "radar_has_authors", "r1", severity="hold", reason="source_broken"),
        refused("cc33", TWICE, "body_words", "r1"),
        refused("ab44", "https://b.example/closed", "body_words", "r1", site="b.example"),
        refused("ee55", "https://b.example/since", "body_words", "r1", site="b.example"),
    )  # fmt: skip
    tables.add("quarantine", refused("ff66", TWICE, "no_title", "r2", recorded_at=day(2)))
    tables.add("articles", version("since", 1.5, url="https://b.example/since", run="r2", site="b.example"))
    tables.add("decisions", decision("d1", "close", "ab44", 2))
    tables.publish()
    return folder.root


def test_groups_of_what_is_open(data: Path) -> None:
    """Not what was closed, nor what was published since, nor an older refusal of the same page."""
    rows = read_groups(data, "rule")
    assert [(row["rule"], row["severity"], row["pages"], row["example"]) for row in rows] == [
        ("body_words", "reject", 1, STUB),
        ("no_title", "reject", 1, TWICE),
        ("radar_has_authors", "hold", 1, HELD),
    ]
    assert sorted(row["pages"] for row in read_groups(data, "site")) == [1, 2]
    assert {row["rule"]: row["pages"] for row in read_groups(data, "rule", every=True)}["body_words"] == 4
    assert [row["id"] for row in read_groups(data, "row", "body_words")] == ["aa11"]
    assert read_groups(data, "rule", site="b.example") == []


def test_one_refusal_with_all_that_is_known(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rule, value, limits, the place of the capture and the candidate; nothing of a page steers the terminal."""
    show_row(data, "aa", as_json=False)
    shown = capsys.readouterr().out
    assert f"{STUB}  (aa11, open)" in shown
    for line in ("rule: body_words", "field: body", "value: 4", "limits: at least 20", "body: A text."):
        assert f"  {line}\n" in shown
    assert "capture: captures/x.warc.gz at byte 77" in shown
    assert "\x1b" not in shown
    assert read_rows(data, "aa11")[0]["candidate"]["body"] == "A text."


def test_a_page_by_its_url_has_all_its_refusals(data: Path) -> None:
    """The newest first; only that one is open."""
    rows = read_rows(data, "https://A.example/twice")
    assert [(row["quarantine_id"], row["is_open"]) for row in rows] == [("ff66", True), ("cc33", False)]


@pytest.mark.parametrize("wanted", ["", "a", "zz", "https://a.example/none", "http://"])
def test_what_names_no_refusal(data: Path, wanted: str) -> None:
    """One sentence."""
    with pytest.raises(UsageError):
        read_rows(data, wanted)


def test_groups_are_named_when_they_are_wrong(data: Path) -> None:
    """All of them."""
    with pytest.raises(UsageError, match="rule, site, source, row"):
        show_groups(data, "colour", None, None, every=False, as_json=False)


def test_the_command(data: Path) -> None:
    """A table, and JSON."""
    runner = CliRunner()
    listed = runner.invoke(app, ["quarantine", "--data", str(data)])
    assert (listed.exit_code, "radar_has_authors" in listed.output) == (0, True)
    one = runner.invoke(app, ["quarantine", "show", "bb22", "--data", str(data), "--json"])
    assert json.loads(one.output)[0]["reason"] == "source_broken"
    none = runner.invoke(app, ["quarantine", "--data", str(data), "--rule", "none"])
    assert none.exit_code == 0
