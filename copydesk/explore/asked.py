"""What a handler has in its hands: the desk that it belongs to, and what was asked, checked and within bounds."""

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from copydesk.explore.pages import PARTS, render
from copydesk.explore.queries import Queries
from tasks.io.folder import DataFolder

TEXT_CHARS = 2_000
"""Longest text of a query string or note that is looked at."""
MOST_PAGES = 100_000


@dataclass
class Desk:
    """One running `copydesk explore`."""

    data: Path
    queries: Queries
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    said: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=5))
    """(tone, sentence) to be shown on the next page: what a form has done."""

    stopping: Callable[[], bool] = lambda: False
    """Says whether the server was told to stop: then no query is worth waiting for."""

    @property
    def folder(self) -> DataFolder:
        """The data folder."""
        return DataFolder(self.data)


def desk_of(request: Request) -> Desk:
    """The desk that the request came to."""
    desk: Desk = request.app.state.desk
    return desk


def form_of(request: Request) -> dict[str, str]:
    """Fields of the form, which guards.py has checked and read."""
    form: dict[str, str] = request.state.form
    return form


def text_of(request: Request, name: str) -> str:
    """A parameter of the address; empty where it is missing."""
    return request.query_params.get(name, "")[:TEXT_CHARS].strip()


def page_of(request: Request) -> int:
    """Which page of a list, from 1."""
    asked = request.query_params.get("page", "1")
    return min(max(int(asked), 1), MOST_PAGES) if asked.isascii() and asked.isdigit() else 1


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page with what all pages have."""
    desk = desk_of(request)
    said = list(desk.said)
    desk.said.clear()
    path = request.url.path
    here = next((start for start, _ in reversed(PARTS) if path.startswith(start.removesuffix("s"))), "/")
    return HTMLResponse(render(template, token=desk.token, said=said, here=here, data=desk.data, **values), status)


def back_to(request: Request, path: str, *sentences: str, tone: str = "good") -> RedirectResponse:
    """Off to a page that shows the sentences; a reload of it does nothing again."""
    desk_of(request).said.extend((tone, sentence) for sentence in sentences)
    return RedirectResponse(path, 303)
