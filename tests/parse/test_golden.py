"""Whole pages of three invented papers, and of every kind that is refused, against what they must give."""

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.text import PARAGRAPH_BREAK
from tasks.parse.model import Refusal
from tests.parse.pages_kit import parse

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_golden_page(path: Path) -> None:
    """The page gives exactly the fields, blocks and flags, or the refusal, that stand beside it."""
    expected: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    found = parse(path.read_bytes(), url=expected["url"])
    if isinstance(found, Refusal):
        kind = found.page_kind.value if found.page_kind else None
        assert {"refused": found.reason.value, "rule": found.rule, "page_kind": kind} == {
            name: expected.get(name) for name in ("refused", "rule", "page_kind")
        }
        return
    told = {
        "title": found.title,
        "authors": list(found.authors),
        "published_at": found.published_at and found.published_at.isoformat(),
        "modified_at": found.modified_at and found.modified_at.isoformat(),
        "language": found.language,
        "section": found.section,
        "tags": list(found.tags),
        "access": found.access,
        "page_kind": found.page_kind,
        "summary": found.summary,
        "image_url": found.image_url,
        "canonical_url": found.canonical_url,
        "flags": list(found.flags),
        "encoding": next([fact.origin, fact.value] for fact in found.field_sources if fact.field == "encoding"),
        "blocks": [[block.kind, block.text] for block in found.body.blocks],
    }
    assert told == {name: value for name, value in expected.items() if name != "url"}
    assert found.body.text == PARAGRAPH_BREAK.join(text for _, text in expected["blocks"])
