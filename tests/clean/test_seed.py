"""The seed article: eight pieces gone with the right kinds, fourteen paragraphs whole."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.article import PARAGRAPH_BREAK
from tasks.clean.article import CleanArticle, clean_article
from tasks.clean.receipts import rebuild

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def expected(shared: Path) -> dict[str, Any]:
    """What must come out."""
    made: dict[str, Any] = json.loads((shared / "seed" / "expected.json").read_text(encoding="utf-8"))
    return made


@pytest.fixture(scope="module")
def extracted(shared: Path) -> tuple[str, str]:
    """Title and body as parse hands a text document over: one paragraph a line."""
    title, *paragraphs = (shared / "seed" / "article.txt").read_text(encoding="utf-8").split("\n")
    return title, PARAGRAPH_BREAK.join(paragraphs)


@pytest.fixture(scope="module")
def cleaned(extracted: tuple[str, str]) -> CleanArticle:
    """The seed, cleaned as English."""
    return clean_article(*extracted, language="en")


def test_title_and_paragraphs(cleaned: CleanArticle, expected: dict[str, Any]) -> None:
    """Exactly the expected paragraphs, in order."""
    assert cleaned.title.text == expected["title"]
    assert cleaned.body.text.split(PARAGRAPH_BREAK) == expected["body_paragraphs"]
    assert cleaned.editor_initials == expected["editor_initials"]


def test_removed_pieces(cleaned: CleanArticle, expected: dict[str, Any]) -> None:
    """Each piece with its kind and replacement; its text but for the break or space that went with it."""
    found = [(r.kind.value, r.text.strip(), r.replacement) for _, _, r in cleaned.receipts]
    wanted = [(piece["kind"], piece["text"], piece.get("replacement", "")) for piece in expected["removed"]]
    # The last line of the seed is last in the text, but our receipts are sorted by offset and so are theirs by line.
    assert sorted(found) == sorted(wanted)


def test_receipts_lead_back(cleaned: CleanArticle, extracted: tuple[str, str]) -> None:
    """Byte for byte, and a second time nothing."""
    assert rebuild(cleaned.body.text, cleaned.body.receipts).encode() == extracted[1].encode()
    assert clean_article(cleaned.title.text, cleaned.body.text, language="en").receipts == []
