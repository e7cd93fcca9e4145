"""`copydesk pin`: a captured page becomes a fixture, and a fixture tells when its page is read differently."""

import json
from pathlib import Path

import pytest

from copydesk.pin import run_check, run_pin
from schemas.source import Source, SourceKind
from tasks.errors import CopydeskError, RulesError, UsageError
from tasks.io.folder import DataFolder
from tests.flows.nights import NIGHT, run_night
from tests.parse.pages_kit import STORY, page


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder after one night over a folder with one page, and the page's URL."""
    root = tmp_path_factory.mktemp("desk")
    (root / "herald").mkdir()
    document = root / "herald" / "bridge.html"
    document.write_text(page(body=STORY + '<p class="promo">The harbour club meets in the old customs house.</p>'))
    source = Source(id="herald", kind=SourceKind.FOLDER, path=root / "herald", site="harbour-herald.example")
    run_night(DataFolder(root / "data"), [source], NIGHT)
    return root / "data", document.resolve().as_uri()


def test_pin_and_check(night: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A pin holds page, record and time; the check passes, and fails by name once a rule changes what is read."""
    data, url = night
    run_pin(data, tmp_path, url, None, force=False)
    (path,) = tmp_path.glob("pins/harbour-herald.example/*.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    assert told["expected"]["title"] == "A story of the harbour"
    assert told["captured_at"].endswith("+00:00")
    assert path.with_suffix(".page").read_bytes().startswith(b"<!doctype html>")
    run_check(tmp_path, None)
    assert "1 pins are as expected" in capsys.readouterr().out
    rule = "site: harbour-herald.example\nrules:\n  - id: x\n    drop: 'article > p:first-of-type'\n"
    (tmp_path / "herald.yaml").write_text(rule, encoding="utf-8")
    with pytest.raises(RulesError, match="1 of 1 pins are not as expected"):
        run_check(tmp_path, url)
    assert "blocks: " in capsys.readouterr().out


def test_pin_of_a_refusal(night: tuple[Path, str], tmp_path: Path) -> None:
    """A page that is refused can be pinned too, with its reason."""
    data, url = night
    rule = "site: harbour-herald.example\nrules:\n  - id: x\n    drop: 'article'\n"
    (tmp_path / "herald.yaml").write_text(rule, encoding="utf-8")
    run_pin(data, tmp_path, url, None, force=False)
    (path,) = tmp_path.glob("pins/*/*.json")
    assert json.loads(path.read_text(encoding="utf-8"))["expected"]["refused"] == "empty_body"


@pytest.mark.parametrize(
    ("url", "day", "told"),
    [
        (None, None, "Name the URL"),
        ("https://nowhere.example/a", None, "There is no capture of"),
        ("nonsense", None, "is no URL"),
        ("own", "1999-01-01", "There is no capture of"),
        ("own", "May", "write it as 2026-03-01"),
    ],
)
def test_nothing_to_pin(night: tuple[Path, str], tmp_path: Path, url: str | None, day: str | None, told: str) -> None:
    """What cannot be pinned is said in one sentence, and nothing is written."""
    data, own = night
    with pytest.raises(UsageError, match=told):
        run_pin(data, tmp_path, own if url == "own" else url, day, force=False)
    assert not list(tmp_path.iterdir())


def test_a_pin_is_not_replaced_unasked(night: tuple[Path, str], tmp_path: Path) -> None:
    """The second pin of a URL needs --force, because people mend what is expected."""
    data, url = night
    run_pin(data, tmp_path, url, None, force=False)
    with pytest.raises(UsageError, match="--force"):
        run_pin(data, tmp_path, url, None, force=False)
    run_pin(data, tmp_path, url, None, force=True)


DAMAGE = [
    ("json", "{", "is no JSON"),
    ("field", '{"url": "https://a.example/"}', "field 'final_url' is missing or wrong"),
    ("list", "[]", "field 'url' is missing or wrong"),
]


@pytest.mark.parametrize(("text", "told"), [case[1:] for case in DAMAGE], ids=[case[0] for case in DAMAGE])
def test_damaged_pin(night: tuple[Path, str], tmp_path: Path, text: str, told: str) -> None:
    """A damaged pin is named with its field, never a traceback."""
    data, url = night
    run_pin(data, tmp_path, url, None, force=False)
    (path,) = tmp_path.glob("pins/*/*.json")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CopydeskError, match=told):
        run_check(tmp_path, None)


def test_check_without_pins(tmp_path: Path) -> None:
    """Nothing pinned is an error that says how to pin, not a success."""
    with pytest.raises(UsageError, match="copydesk pin URL"):
        run_check(tmp_path, None)
