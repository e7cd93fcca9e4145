"""The properties over the text of real pages, taken out of their HTML without any care so that the junk is in it."""

from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType
from resiliparse.extract.html2text import extract_plain_text

from tasks.clean.model import Context
from tasks.clean.receipts import rebuild
from tasks.clean.repairs import REPAIRS
from tasks.clean.runner import clean_text

pytestmark = pytest.mark.shared
PAGES = 120


@pytest.fixture(scope="module")
def texts(shared: Path) -> list[str]:
    """The whole visible text of some real pages, a line a paragraph."""
    made: list[str] = []
    with (shared / "pages" / "news424.warc.gz").open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.response):
            plain = extract_plain_text(record.reader.read().decode("utf-8", "replace"))
            made.append("\n\n".join(line for line in plain.split("\n") if line.strip()))
            if len(made) == PAGES:
                break
    return made


@pytest.mark.parametrize("language", ["en", "de", None])
def test_real_pages_lead_back_and_settle(texts: list[str], language: str | None) -> None:
    """Receipts rebuild every page byte for byte, and cleaning twice changes nothing."""
    assert len(texts) == PAGES
    for text in texts:
        cleaned = clean_text(text, Context(language=language), REPAIRS)
        assert cleaned.settled
        assert rebuild(cleaned.text, cleaned.receipts).encode("utf-8", "surrogatepass") == text.encode()
        assert clean_text(cleaned.text, Context(language=language), REPAIRS).receipts == ()


def test_receipts_of_real_pages_are_found(texts: list[str]) -> None:
    """The sample is worth something: real pages leave receipts of several repairs."""
    found = {r.repair for text in texts for r in clean_text(text, Context(language="en"), REPAIRS).receipts}
    assert len(found) >= 5
