"""Pages for looking: overview, articles, one article with its receipts and versions, and the page of a run."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from copydesk.explore.asked import desk_of, page, page_of, text_of
from copydesk.explore.charts import draw
from copydesk.explore.pages import static
from copydesk.explore.readers import PAGE_ROWS, marked_fields, read_articles, read_days, read_facts_of, read_sites
from copydesk.history import read_history
from copydesk.status import alarm_text, read_status
from copydesk.why import read_why
from tasks.errors import UsageError
from tasks.report.facts import read_facts
from tasks.report.figures import read_figures, read_summary
from tasks.report.page import report_page

TABS = ("clean", "raw", "history")
REPORT_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The page of a run brings its styles with it, and nothing else."""
TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


def overview(request: Request) -> HTMLResponse:
    """What the dataset holds, what should be looked at, the last runs."""
    data = desk_of(request).data
    found = read_status(data)
    chart = draw(read_days(data), "auto") if found["published"] else None
    alarms = [alarm_text(alarm) for alarm in found["alarms"]]
    return page(request, "overview.html.j2", found=found, alarms=alarms, chart=chart)


def articles(request: Request) -> HTMLResponse:
    """The newest articles, or those that have the words."""
    data = desk_of(request).data
    asked = text_of(request, "words"), text_of(request, "site")
    sites = read_sites(data)
    if asked[1] and asked[1] not in sites:
        raise UsageError(f"The dataset has no article of the site {asked[1]}: choose one from the list.")
    trouble, found = None, None
    try:
        found = read_articles(data, asked[0], asked[1] or None, page_of(request))
    except UsageError as error:
        trouble = str(error)
    values: dict[str, Any] = {
        "asked": asked,
        "sites": sites,
        "found": found,
        "trouble": trouble,
        "page_rows": PAGE_ROWS,
    }
    return page(request, "articles.html.j2", status=400 if trouble else 200, number=page_of(request), **values)


def article(request: Request) -> HTMLResponse:
    """One article: clean, as it was extracted, or its versions."""
    data, url, tab = desk_of(request).data, text_of(request, "url"), text_of(request, "tab") or "clean"
    if not url or tab not in TABS:
        raise HTTPException(404)
    values: dict[str, Any] = {"url": url, "tab": tab, "tabs": TABS}
    if tab == "history":
        versions = read_history(data, url)[::-1]
        return page(request, "history.html.j2", title=versions[0]["title"], versions=versions, **values)
    found = read_why(data, url)
    facts = read_facts_of(data, found["version_id"])
    fields = [one for one in marked_fields(found) if one.removed or one.field == "body"]
    fields.sort(key=lambda one: one.field == "body")
    count = len(found["removals"])
    return page(request, "article.html.j2", title=facts["title"], facts=facts, fields=fields, count=count, **values)


def report(request: Request) -> HTMLResponse:
    """The page of a run, made of what is published now."""
    folder, run_id = desk_of(request).folder, request.path_params["run_id"]
    summary = read_summary(folder, run_id)
    made = report_page(summary, read_facts(folder, summary.run_id), read_figures(folder, summary.run_id))
    return HTMLResponse(made, headers={"Content-Security-Policy": REPORT_CSP})


def static_file(request: Request) -> Response:
    """A style or script of our own."""
    content = static(request.path_params["name"])
    if content is None:
        raise HTTPException(404)
    kind = TYPES.get(request.path_params["name"].rpartition(".")[2], "application/octet-stream")
    return Response(content, media_type=kind)
