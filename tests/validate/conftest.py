"""Article rows for the tests of validate."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

CAPTURED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BODY = "\n\n".join(f"The ferry, number {n}, which is the last of its kind, will be sold on Friday." for n in range(6))


@pytest.fixture
def article_row() -> Callable[..., dict[str, Any]]:
    """Makes a row that passes every check; keyword arguments replace columns."""

    def make(number: int = 1, **columns: Any) -> dict[str, Any]:
        url = f"https://paper.example/{number}"
        row: dict[str, Any] = {
            "version_id": f"v{number}",
            "article_id": f"a{number}",
            "url": url,
            "canonical_url": url,
            "site": "paper.example",
            "source_id": "paper",
            "title": "Ferry to be sold",
            "authors": [],
            "published_at": datetime(2026, 3, 1, 20, 0, tzinfo=UTC),
            "captured_at": CAPTURED,
            "recorded_at": CAPTURED,
            "tags": [],
            "language": "en",
            "body": BODY,
            "blocks": [],
            "extra_fields": [],
            "word_count": len(BODY.split()),
            "page_kind": "article",
            "editor_initials": [],
            "content_hash": "c",
            "kind_of_change": "first",
            "field_sources": [],
            "flags": [],
            "parser_version": "1",
            "rules_version": "1",
            "run_id": "r",
            "capture_uri": "captures/a.warc.gz",
            "capture_offset": 7,
            "capture_digest": "sha1:X",
        }
        row |= columns
        texts = row["body"].split("\n\n") if row["body"] else []
        blocks = [{"kind": "paragraph", "text": text, "level": None, "url": None} for text in texts]
        return row | {"blocks": blocks} | columns

    return make
