"""What the tests of parse share: a frozen time, short ways to parse, pages made of a few parts."""

from datetime import UTC, datetime

from tasks.parse.model import Listed, ParsedPage, Refusal
from tasks.parse.page import parse_page

CAPTURED = datetime(2026, 3, 1, tzinfo=UTC)
URL = "https://www.harbour-herald.example/news/a-story"
SENTENCE = "The mayor opened the new bridge over the harbour on Monday morning. "
STORY = "".join(f"<p>{SENTENCE * 3}Paragraph {number} of the story ends here.</p>" for number in range(5))


def page(head: str = "", body: str = STORY, *, title: str = "A story of the harbour", lang: str = ' lang="en"') -> str:
    """An HTML page with a headline and a story."""
    start = f"<!doctype html><html{lang}><head><title>{title}</title>{head}</head><body><article>"
    return f"{start}<h1>{title}</h1>{body}</article></body></html>"


def parse(
    markup: str | bytes,
    *,
    url: str = URL,
    content_type: str | None = "text/html",
    listed: Listed | None = None,
    captured_at: datetime = CAPTURED,
) -> ParsedPage | Refusal:
    """The parsed page or the refusal."""
    payload = markup.encode() if isinstance(markup, str) else markup
    return parse_page(payload, url=url, content_type=content_type, listed=listed or Listed(), captured_at=captured_at)


def article(markup: str | bytes, **more: object) -> ParsedPage:
    """The parsed page; the test fails if it was refused."""
    found = parse(markup, **more)  # type: ignore[arg-type]
    assert isinstance(found, ParsedPage), found
    return found


def refusal(markup: str | bytes, **more: object) -> Refusal:
    """The refusal; the test fails if the page passed."""
    found = parse(markup, **more)  # type: ignore[arg-type]
    assert isinstance(found, Refusal), found
    return found
