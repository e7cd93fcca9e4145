"""The function that benches call."""

from tasks.parse.bench import extract
from tests.parse.pages_kit import STORY, URL, page


def test_extract() -> None:
    """Text, title, date and authors of a page, in the types that a bench compares."""
    date = '<meta property="article:published_time" content="2026-02-01T23:30:00-05:00">'
    head = f'{date}<meta name="author" content="Ann Lee">'
    found = extract(page(head).encode(), URL)
    assert set(found) == {"text", "title", "date", "author"}
    assert (found["title"], found["date"], found["author"]) == ("A story of the harbour", "2026-02-01", ["Ann Lee"])
    assert found["text"].count("Paragraph") == STORY.count("Paragraph")


def test_extract_without_an_article() -> None:
    """What is no page gives no text, with the reason; a front page is read all the same."""
    assert extract(b"%PDF-1.7", URL) == {"text": "", "reason": "not_html", "rule": "magic_bytes", "value": "PDF"}
    assert extract(page().encode(), "https://a.example/")["text"]
