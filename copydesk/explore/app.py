"""The web application: which address leads where, and what is said when something is wrong."""

import logging
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from copydesk.explore import asking, deciding, looking
from copydesk.explore.asked import Desk, desk_of, page
from copydesk.explore.guards import Guard, own_hosts
from copydesk.explore.queries import Queries
from tasks.errors import CopydeskError, UsageError
from tasks.io.folder import DataFolder

ROUTES = [
    Route("/", looking.overview),
    Route("/articles", looking.articles),
    Route("/article", looking.article),
    Route("/reports/{run_id}", looking.report),
    Route("/static/{name}", looking.static_file),
    Route("/sql", asking.editor),
    Route("/sql", asking.run, methods=["POST"]),
    Route("/sql/answer.csv", asking.download, methods=["POST"]),
    Route("/queries", asking.save, methods=["POST"]),
    Route("/queries/delete", asking.delete, methods=["POST"]),
    Route("/quarantine", deciding.quarantine),
    Route("/quarantine/rule", deciding.refused_by),
    Route("/quarantine/row/{quarantine_id}", deciding.refusal),
    Route("/held", deciding.settle_held_pages, methods=["POST"]),
    Route("/rules", deciding.rules),
    Route("/rules", deciding.decide, methods=["POST"]),
]

NO_SUCH_PAGE = "There is no such page here."

log = logging.getLogger("copydesk.explore")


def make_app(data: Path, port: int) -> Starlette:
    """The application over one data folder, for the one port that it answers at."""
    desk = Desk(data, Queries(DataFolder(data)))
    handlers: dict[type[Exception] | int, Callable[[Request, Exception], Response]] = {
        HTTPException: _say_http,
        CopydeskError: _say_trouble,
        Exception: _say_broken,
    }
    app = Starlette(
        routes=ROUTES,
        middleware=[Middleware(Guard, hosts=own_hosts(port), token=desk.token)],
        exception_handlers=handlers,
    )
    app.state.desk = desk
    return app


def _say_http(request: Request, error: Exception) -> HTMLResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    said = error.detail if isinstance(error, HTTPException) and error.detail != "Not Found" else NO_SUCH_PAGE
    return page(request, "trouble.html.j2", status=status, sentence=said)


def _say_trouble(request: Request, error: Exception) -> HTMLResponse:
    """A page that helps: no data yet, nothing of that name, or a folder that cannot be read."""
    folder = desk_of(request).folder
    if not isinstance(error, UsageError) and not folder.database.is_file():
        return page(request, "empty.html.j2", sentence=str(error))
    return page(request, "trouble.html.j2", status=404 if isinstance(error, UsageError) else 503, sentence=str(error))


def _say_broken(request: Request, error: Exception) -> HTMLResponse:
    """Starlette raises it again after this, so that the server logs it whole."""
    log.debug("while answering %s: %s", request.url.path, error)
    said = "This page could not be made, by a mistake of ours; the terminal where `copydesk explore` runs tells more."
    return page(request, "trouble.html.j2", status=500, sentence=said)
