"""docs/cleaning.md says what the list of repairs says."""

from pathlib import Path

from tasks.clean.repairs import REPAIRS, TABLES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "cleaning.md").read_text(encoding="utf-8")


def test_repairs_are_listed_in_their_order() -> None:
    """The table of docs/cleaning.md has each repair, its sentence, fields and need of a language, in order."""
    wanted = [
        f"| `{r.name}` | {r.says} | {', '.join(r.fields)} | {'yes' if r.needs_language else 'no'} |" for r in REPAIRS
    ]
    names = {f"| `{repair.name}` |" for repair in REPAIRS}
    assert [line for line in PAGE.splitlines() if any(line.startswith(name) for name in names)] == wanted


def test_languages_are_listed() -> None:
    """The page names the languages that have tables."""
    languages = sorted({row.language for rows in TABLES.values() for row in rows if row.language})
    assert f"Languages with tables: {', '.join(languages)}." in PAGE
