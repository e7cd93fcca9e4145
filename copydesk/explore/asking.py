"""Pages for asking: the SQL editor, its answer and picture, and queries that are kept under a name."""

from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from copydesk.answers import NUMBER, csv_text
from copydesk.explore.asked import back_to, desk_of, form_of, page, text_of
from copydesk.explore.charts import KINDS, draw
from copydesk.explore.queries import Answer, CancelledQueryError, Limits
from copydesk.explore.readers import main_first, read_examples, read_views
from copydesk.explore.saved import delete_query, read_saved, save_query
from schemas.published import MACROS
from tasks.errors import UsageError

SECONDS = (10, 30, 120)
ROWS = (100, 1_000, 10_000)
FIRST = "select site, count(*) as articles\nfrom articles\ngroup by all\norder by articles desc"
FILE_LIMITS = {"rows": 100_000, "cell_chars": 1_000_000, "total_chars": 200_000_000}
"""What a downloaded answer may have, in place of what a page shows."""


def editor(request: Request) -> HTMLResponse:
    """The editor, with a query that is kept, an example, or one from the address; it is run by a form only."""
    saved, examples = read_saved(desk_of(request).folder), dict(read_examples())
    name, example = text_of(request, "saved"), text_of(request, "example")
    if name and name not in saved:
        raise UsageError(f"No query is kept under the name {name}.")
    sql = saved.get(name) or examples.get(example) or request.query_params.get("q") or FIRST
    return _page(request, {"sql": sql, "name": name}, {})


async def run(request: Request) -> Response:
    """Carry a query out and show its answer below it."""
    form = form_of(request)
    limits = Limits(_choice(form, "seconds", SECONDS, 30), _choice(form, "rows", ROWS, 1_000))
    shown: dict[str, Any] = {}
    try:
        answer = await _answer(request, limits)
        shown = {"answer": answer, "chart": draw(answer, _kind(form)), "is_number": _numbers(answer)}
    except CancelledQueryError:
        return Response(status_code=499)
    except UsageError as error:
        shown = {"trouble": str(error)}
    # The views are read anew, so this must not hold up others.
    return await run_in_threadpool(_page, request, form, shown, 400 if "trouble" in shown else 200)


async def download(request: Request) -> Response:
    """The answer as a CSV file, with more rows than a page shows."""
    form = form_of(request)
    limits = Limits(_choice(form, "seconds", SECONDS, 30), **FILE_LIMITS)
    try:
        answer = await _answer(request, limits)
        if answer.more:  # a file that is cut off looks like a whole one
            raise UsageError("The answer is too large for a download here: `copydesk sql --format csv` writes all.")
    except CancelledQueryError:
        return Response(status_code=499)
    except UsageError as error:
        return await run_in_threadpool(_page, request, form, {"trouble": str(error)}, 400)
    text = await run_in_threadpool(csv_text, [name for name, _ in answer.columns], answer.rows)
    headers = {"Content-Disposition": 'attachment; filename="answer.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


async def _answer(request: Request, limits: Limits) -> Answer:
    desk = desk_of(request)

    async def gone() -> bool:
        return desk.stopping() or await request.is_disconnected()

    return await desk.queries.answer(form_of(request).get("sql", ""), limits, gone)


def save(request: Request) -> Response:
    """Keep a query under a name."""
    form = form_of(request)
    try:
        name = save_query(desk_of(request).folder, form.get("name", ""), form.get("sql", ""))
    except UsageError as error:
        return _page(request, form, {"trouble": str(error)}, 400)
    return back_to(request, f"/sql?saved={quote(name, safe='')}", f"The query is kept as “{name}”.")


def delete(request: Request) -> Response:
    """Forget a query."""
    name = form_of(request).get("name", "")
    delete_query(desk_of(request).folder, name)
    return back_to(request, "/sql", f"The query “{name}” is no longer kept.")


def _page(request: Request, form: dict[str, str], shown: dict[str, Any], status: int = 200) -> HTMLResponse:
    first, others = main_first(read_views(desk_of(request).data))
    return page(
        request,
        "sql.html.j2",
        status=status,
        sql=form.get("sql", ""),
        name=form.get("name", ""),
        chosen={
            "seconds": _choice(form, "seconds", SECONDS, 30),
            "rows": _choice(form, "rows", ROWS, 1_000),
            "chart": _kind(form),
        },
        choices={"seconds": SECONDS, "rows": ROWS, "chart": KINDS},
        saved=read_saved(desk_of(request).folder),
        examples=read_examples(),
        views=first,
        other_views=others,
        macros=MACROS,
        **{"answer": None, "chart": None, "trouble": None, "is_number": []} | shown,
    )


def _choice(form: dict[str, str], name: str, allowed: tuple[int, ...], usual: int) -> int:
    return next((value for value in allowed if str(value) == form.get(name)), usual)


def _kind(form: dict[str, str]) -> str:
    return form.get("chart", "auto") if form.get("chart") in KINDS else "auto"


def _numbers(answer: Answer) -> list[bool]:
    return [NUMBER.match(kind) is not None for _, kind in answer.columns]
