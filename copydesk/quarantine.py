"""`copydesk quarantine`: what was refused or held, in groups, and one refusal with all that is known of it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.table import Table

from copydesk.connection import connect
from copydesk.faces import err, out
from schemas.identity import normalise_url
from tasks.errors import UsageError

GROUPS: dict[str, tuple[str, ...]] = {
    "rule": ("rule", "severity", "reason", "stage"),
    "site": ("site", "severity"),
    "source": ("source_id", "severity"),
    "row": ("left(quarantine_id, 12) as id", "rule", "severity", "field", "value", "limits", "url"),
}
"""What `--by` may say, and the columns that a group has in common; `row` is each refusal by itself."""
MOST_ROWS = 200
"""Lines that are shown; JSON has all."""

_SUMS = "count(distinct url) as pages, count(distinct site) as sites, max(recorded_at) as last_at, min(url) as example"
_SHOWN = ("rule", "severity", "stage", "reason", "field", "value", "limits", "message", "page_kind", "site",
          "source_id", "captured_at", "recorded_at", "run_id")  # fmt: skip


def show_groups(data: Path, by: str, rule: str | None, site: str | None, *, every: bool, as_json: bool) -> None:
    """Print the groups of refusals, the largest first.

    Raises:
        UsageError: there is no such way to group.
        DataFolderError: nothing was published yet.
    """
    rows = read_groups(data, by, rule, site, every=every)
    if as_json:
        out.print_json(json.dumps(rows, default=str))
        return
    if not rows:
        err.print("Nothing of it is in quarantine." if every else "Nothing of it is open in quarantine.")
        return
    table = Table(*rows[0])
    for row in rows[:MOST_ROWS]:
        table.add_row(*(_plain(value) for value in row.values()))
    out.print(table, markup=False, highlight=False)
    if len(rows) > MOST_ROWS:
        out.print(f"... and {len(rows) - MOST_ROWS} more; --json has all.", highlight=False)
    if by != "row":
        out.print("`--by row` lists each, `copydesk quarantine show ID` shows one.", highlight=False)


def read_groups(
    data: Path, by: str, rule: str | None = None, site: str | None = None, *, every: bool = False
) -> list[dict[str, Any]]:
    """The groups as rows, the largest first.

    Raises:
        UsageError, DataFolderError: as `show_groups`.
    """
    if by not in GROUPS:
        raise UsageError(f"--by {by}: group by {', '.join(GROUPS)}.")
    keys = ", ".join(GROUPS[by])
    view = "quarantine" if every else "quarantine_open"
    wanted = "($rule is null or rule = $rule) and ($site is null or site = $site)"
    if by == "row":
        query = f"select {keys} from {view} where {wanted} order by rule, url, quarantine_id"  # noqa: S608 - our own names
    else:
        query = f"select {keys}, {_SUMS} from {view} where {wanted} group by all order by pages desc, {keys}"  # noqa: S608
    return _ask(data, query, {"rule": rule, "site": site})


def show_row(data: Path, wanted: str, *, as_json: bool) -> None:
    """Print the refusals of that id or URL.

    Raises:
        UsageError: no refusal has that id or URL, or several begin so.
        DataFolderError: nothing was published yet.
    """
    rows = read_rows(data, wanted)
    if as_json:
        out.print_json(json.dumps(rows, default=str))
        return
    for row in rows:
        _show(row)


def read_rows(data: Path, wanted: str) -> list[dict[str, Any]]:
    """The refusal with that id, or all of that URL, the newest first, each with `candidate` as the row that it was.

    Raises:
        UsageError, DataFolderError: as `show_row`.
    """
    if "/" in wanted:
        rows = _ask(data, _ROWS.format(where="q.url = $wanted"), {"wanted": _spelled(wanted)})
    else:
        rows = _ask(data, _ROWS.format(where="starts_with(q.quarantine_id, $wanted)"), {"wanted": wanted})
        if len(rows) > 1 or not wanted:
            raise UsageError(f"{len(rows)} refusals have an id that begins with {wanted!r}: give more of it.")
    if not rows:
        raise UsageError(f"No refusal has the id or URL {wanted}; `copydesk quarantine --by row --all` lists them.")
    return [row | {"candidate": None if row["candidate"] is None else json.loads(row["candidate"])} for row in rows]


_ROWS = """
select q.*, o.quarantine_id is not null as is_open
from quarantine as q left join quarantine_open as o on o.quarantine_id = q.quarantine_id
where {where} order by q.recorded_at desc, q.rule
"""


def _spelled(url: str) -> str:
    try:
        return normalise_url(url)
    except ValueError as error:
        raise UsageError(f"{url} is no URL: give it whole, with https:// before it.") from error


def _ask(data: Path, query: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    with connect(data) as dataset:
        answer = dataset.execute(query, dict(values))
        names = [column[0] for column in answer.description or []]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _show(row: Mapping[str, Any]) -> None:
    state = "open" if row["is_open"] else "closed"
    out.print(f"{_plain(row['url'])}  ({row['quarantine_id']}, {state})", markup=False, highlight=False, soft_wrap=True)
    for name in _SHOWN:
        if row[name] is not None:
            out.print(f"  {name}: {_plain(row[name])}", markup=False, highlight=False, soft_wrap=True)
    if row["capture_uri"] is not None:
        place = f"  capture: {row['capture_uri']} at byte {row['capture_offset']}"
        out.print(_plain(place), markup=False, highlight=False, soft_wrap=True)
    for name, value in (row["candidate"] or {}).items():
        if value not in (None, [], "") and name not in ("blocks", "field_sources"):
            text = _plain(value)
            out.print(f"    {name}: {text[:500]}", markup=False, highlight=False, soft_wrap=True)


def _plain(value: object) -> str:
    """The text on one line, without characters that could steer a terminal."""
    text = "" if value is None else str(value)
    return "".join(char if char.isprintable() else " " for char in text)
