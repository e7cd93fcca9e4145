"""Article rows for the tests of clean."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.article import PARAGRAPH_BREAK
from schemas.identity import content_hash, version_id

CAPTURED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def article_row() -> Callable[..., dict[str, Any]]:
    """Makes a row as parse hands it over; keyword arguments replace columns, `body` also makes the blocks."""

    def make(number: int = 1, **columns: Any) -> dict[str, Any]:
        url = f"https://paper.example/{number}"
        title, body = columns.get("title", "Ferry to be sold"), columns.get("body", "The ferry will be sold on Friday.")
        content = content_hash(title, body)
        row: dict[str, Any] = {
            "version_id": version_id(f"a{number}", CAPTURED, "sha1:X", content),
            "article_id": f"a{number}",
            "url": url,
            "canonical_url": url,
            "site": "paper.example",
            "source_id": "paper",
            "title": title,
            "authors": [],
            "captured_at": CAPTURED,
            "recorded_at": CAPTURED,
            "tags": [],
            "language": "en",
            "body": body,
            "blocks": [{"kind": "paragraph", "text": text} for text in body.split(PARAGRAPH_BREAK)],
            "word_count": 0,
            "page_kind": "article",
            "editor_initials": [],
            "content_hash": content,
            "kind_of_change": "first",
            "field_sources": [],
            "flags": [],
            "parser_version": "1",
            "rules_version": "",
            "run_id": "r",
            "capture_uri": "captures/a.warc.gz",
            "capture_offset": 0,
            "capture_digest": "sha1:X",
        }
        return row | columns

    return make
