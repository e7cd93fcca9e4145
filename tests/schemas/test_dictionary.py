"""The data dictionary is complete and current."""

from enum import StrEnum
from pathlib import Path

import pytest

from schemas.dictionary import dictionary, main, member_docs
from schemas.published import MACRO_ARGUMENTS, MACROS, PUBLISHED
from schemas.reasons import REASON_TEXT, DecisionKind, Reason, State
from schemas.table import descriptions

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def text() -> str:
    """The dictionary as the models say it now."""
    return dictionary()


def test_file_in_docs_is_current() -> None:
    """docs/data-dictionary.md is what the models say; `make docs` writes it."""
    assert main([str(ROOT / "docs" / "data-dictionary.md"), "--check"]) == 0


def test_stale_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    """A file that differs in one letter, or is missing, exits 1 with the command that mends it."""
    path = tmp_path / "dictionary.md"
    assert main([str(path), "--check"]) == 1
    assert main([str(path)]) == 0
    assert main([str(path), "--check"]) == 0
    path.write_text(text.replace("Key.", "Kee.", 1), encoding="utf-8")
    assert main([str(path), "--check"]) == 1
    assert f"run `python -m schemas.dictionary {path}`" in capsys.readouterr().err


@pytest.mark.parametrize("name", [*PUBLISHED, *MACROS])
def test_table_has_its_section(text: str, name: str) -> None:
    """Each view, table and macro is there, with every column and its description."""
    if name in MACROS:
        assert f"`{name}({MACRO_ARGUMENTS[name]})`: {MACROS[name]}" in text
        return
    section = text.split(f"\n### {name}\n", 1)[1].split("\n### ", 1)[0]
    for column, description in descriptions(PUBLISHED[name]).items():
        assert f"| `{column}` |" in section
        assert description.replace("|", "&#124;") in section


def test_articles_name_their_schema_org_properties(text: str) -> None:
    """The columns of articles say which NewsArticle property they are."""
    section = text.split("\n### articles\n", 1)[1].split("\n### ", 1)[0]
    for column, name in {"title": "headline", "body": "articleBody", "published_at": "datePublished"}.items():
        assert any(line.startswith(f"| `{column}` |") and f"| `{name}` |" in line for line in section.splitlines())
    assert "schema.org" not in text.split("\n### removals\n", 1)[1].split("\n### ", 1)[0]


@pytest.mark.parametrize("vocabulary", [State, Reason, DecisionKind], ids=lambda item: item.__name__)
def test_vocabulary_is_listed(text: str, vocabulary: type[StrEnum]) -> None:
    """Every value of a vocabulary is named."""
    section = text.split(f"\n### {vocabulary.__name__}\n", 1)[1].split("\n### ", 1)[0]
    assert not [member for member in vocabulary if f"`{member.value}`" not in section]


def test_every_reason_has_its_sentence(text: str) -> None:
    """No reason is without a sentence for people, in the code and in the dictionary."""
    assert set(REASON_TEXT) == set(Reason)
    assert all(f"| `{reason.value}` | {sentence} |" in text for reason, sentence in REASON_TEXT.items())


def test_docs_of_members_are_read_from_the_source() -> None:
    """The text under a member belongs to it, and a member without one has none."""
    docs = member_docs(State)
    assert set(docs) == {state.name for state in State}
    assert docs["GONE"].startswith("404 or 410")
    assert member_docs(DecisionKind) == {}
