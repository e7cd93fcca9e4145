"""Pages for deciding: what is in quarantine or held, and what was learned. The decisions are those of the commands."""

from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from copydesk.explore.asked import TEXT_CHARS, back_to, desk_of, form_of, page, text_of
from copydesk.held import settle
from copydesk.quarantine import MOST_ROWS, read_groups, read_rows
from copydesk.rules import decide_rule, read_rules
from schemas.reasons import DecisionKind
from tasks.errors import CopydeskError
from tasks.io.tables import Snapshot
from tasks.store.held import waiting

HELD = {kind.value: kind for kind in (DecisionKind.RELEASE, DecisionKind.DROP)}
RULES = {kind.value: kind for kind in (DecisionKind.CONFIRM, DecisionKind.REFUSE)}


def quarantine(request: Request) -> HTMLResponse:
    """What is refused, in groups by rule, and what waits for a decision."""
    desk, every = desk_of(request), text_of(request, "all") == "1"
    groups = read_groups(desk.data, "rule", every=every)
    held = waiting(Snapshot.open(desk.folder))
    return page(request, "quarantine.html.j2", groups=groups, held=held, every=every)


def refused_by(request: Request) -> HTMLResponse:
    """Each row that one rule refused."""
    rule, every = text_of(request, "rule"), text_of(request, "all") == "1"
    rows = read_groups(desk_of(request).data, "row", rule, every=every)
    if not rows:
        raise HTTPException(404, f"Nothing that the rule {rule} refused is open.")
    values: dict[str, Any] = {"rule": rule, "rows": rows[:MOST_ROWS], "count": len(rows), "every": every}
    return page(request, "refused_by.html.j2", **values)


def refusal(request: Request) -> HTMLResponse:
    """One refusal with the row that would have been published."""
    (row,) = read_rows(desk_of(request).data, request.path_params["quarantine_id"])
    return page(request, "refusal.html.j2", row=row)


def settle_held_pages(request: Request) -> Response:
    """Release or drop the held pages of one source in one run."""
    form, folder = form_of(request), desk_of(request).folder
    kind, source, run = HELD.get(form.get("decision", "")), form.get("source", ""), form.get("run", "")
    if kind is None or not source or not run:
        raise HTTPException(400, "Say which source and run, and whether to release or to drop.")
    try:
        sentences = list(settle(folder, kind, source, run, undo=False, note=_note(form)))
    except CopydeskError as error:
        return back_to(request, "/quarantine", str(error), tone="bad")
    return back_to(request, "/quarantine", *sentences)


def rules(request: Request) -> HTMLResponse:
    """Lines that sites repeat, with the last word on each."""
    site = text_of(request, "site")
    every = read_rules(desk_of(request).data)
    shown = read_rules(desk_of(request).data, site) if site else every
    return page(request, "rules.html.j2", rules=shown, site=site, sites=sorted({row["site"] for row in every}))


def decide(request: Request) -> Response:
    """Confirm or refuse one rule."""
    form = form_of(request)
    kind, site = RULES.get(form.get("decision", "")), form.get("site", "")
    if kind is None:
        raise HTTPException(400, "Say whether to confirm or to refuse.")
    back = f"/rules?site={quote(site, safe='')}" if site else "/rules"
    try:
        sentence = decide_rule(desk_of(request).data, form.get("rule", ""), kind, note=_note(form))
    except CopydeskError as error:
        return back_to(request, back, str(error), tone="bad")
    return back_to(request, back, sentence)


def _note(form: dict[str, str]) -> str | None:
    return form.get("note", "").strip()[:TEXT_CHARS] or None
