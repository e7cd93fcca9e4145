"""`extract` for measuring extraction with a bench that gives bytes and a URL. Not used by any run."""

from datetime import UTC, datetime
from typing import Any

from tasks.parse.extractor.judge import Model, shipped_model
from tasks.parse.model import Listed, Refusal
from tasks.parse.page import parse_page

shipped_model()
# What is read once a process is read on import, so that no page's time has it.

FAR = datetime(2100, 1, 1, tzinfo=UTC)
"""Stands for the time of capture, which a bench does not know: no date is flagged as future."""


def extract(html: bytes, url: str, *, model: Model | None = None) -> dict[str, Any]:
    """text, title, date (YYYY-MM-DD as the paper prints it) and author (a list) of a page.

    The kind of the page is not judged, so that only extraction is measured; a page that parse refuses for another
    reason gives an empty text, with the reason.
    """
    page = parse_page(
        html, url=url, content_type="text/html", listed=Listed(), captured_at=FAR, any_kind=True, model=model
    )
    if isinstance(page, Refusal):
        return {"text": "", "reason": page.reason.value, "rule": page.rule, "value": page.value}
    return {
        "text": page.body.text,
        "title": page.title,
        "date": page.printed_on.isoformat() if page.printed_on else None,
        "author": list(page.authors),
    }
