"""The real pages of ../shared/pages: no crash, no silent empty row, each refused page with its kind or reason."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from schemas.text import PARAGRAPH_BREAK
from tasks.parse.model import Listed, ParsedPage, Refusal
from tasks.parse.page import parse_page

pytestmark = pytest.mark.shared
CAPTURED = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def results(shared: Path) -> dict[str, ParsedPage | Refusal]:
    """What parse makes of each page, by URL."""
    made: dict[str, ParsedPage | Refusal] = {}
    with (shared / "pages" / "news424.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response | WarcRecordType.resource):
            url = record.headers["WARC-Target-URI"].strip("<>")
            kind = record.http_content_type if record.is_http else record.headers.get("Content-Type")
            payload = record.reader.read()
            made[url] = parse_page(payload, url=url, content_type=kind, listed=Listed(), captured_at=CAPTURED)
    return made


def test_each_page_is_an_article_or_has_its_reason(results: dict[str, ParsedPage | Refusal]) -> None:
    """Nearly all are articles with a text; the few others say what they are."""
    assert len(results) == 421
    refused = [found for found in results.values() if isinstance(found, Refusal)]
    assert len(refused) <= 12
    assert all(found.message and found.rule and found.value for found in refused)
    assert all(found.page_kind is not None for found in refused if found.field == "page_kind")
    for found in results.values():
        if isinstance(found, ParsedPage):
            assert found.title
            assert found.body.text


def test_blocks_images_and_receipts_hold_together(results: dict[str, ParsedPage | Refusal]) -> None:
    """Body is the join of blocks of known kinds; images have absolute URLs and places in it; each field its receipt."""
    kinds: Counter[str] = Counter()
    leads = 0
    for found in results.values():
        if isinstance(found, Refusal):
            continue
        kinds.update(block.kind for block in found.body.blocks)
        assert PARAGRAPH_BREAK.join(block.text for block in found.body.blocks) == found.body.text
        places = [image.place for image in found.images]
        assert places == sorted(places)
        assert all(0 <= place < len(found.body.blocks) for place in places)
        assert all(image.url.startswith(("http://", "https://")) for image in found.images)
        leads += any(image.is_lead for image in found.images)
        first = {receipt.field: receipt.value for receipt in reversed(found.field_sources)}
        assert all(first[name] for name in ("title", "published_at", "authors") if getattr(found, name))
    assert set(kinds) == {"paragraph", "heading", "list_item", "quote", "table", "caption"}
    assert leads > 200
