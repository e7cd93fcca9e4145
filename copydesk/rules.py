"""`copydesk rules`: what was learned of each site's furniture, and a person's word on it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from copydesk.decisions import who
from copydesk.faces import out
from schemas.reasons import DecisionKind
from tasks.clean.memory_rules import decided, known_rules
from tasks.errors import UsageError
from tasks.io.decisions import Choice, alone, decide
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot

SHOWN_ID = 12
"""Digits of an id that are shown; any beginning that names one rule alone will do."""


def show_rules(data: Path, site: str | None, *, as_json: bool) -> None:
    """Print the rules, of one site or of all, by site and by how many articles carry them.

    Raises:
        UsageError: nothing was learned of that site.
        DataFolderError, TableError: the folder cannot be read.
    """
    rules = read_rules(data, site)
    if as_json:
        out.print_json(json.dumps(rules, default=str))
        return
    if not rules:
        out.print("Nothing was learned yet: a line must recur on different articles of a site.")
        return
    table = Table("id", "site", "state", "articles", "first seen", "last seen", "text")
    for row in rules:
        days = (f"{row[name]:%Y-%m-%d}" for name in ("first_seen_at", "last_seen_at"))
        text = "".join(char if char.isprintable() else " " for char in row["text"])
        table.add_row(row["line_hash"][:SHOWN_ID], row["site"], row["state"], str(row["article_count"]), *days, text)
    out.print(table, markup=False, highlight=False)


def read_rules(data: Path, site: str | None = None) -> list[dict[str, Any]]:
    """The rules as rows of `site_lines`, with the state that the last decision gives them.

    Raises:
        UsageError, DataFolderError, TableError: as `show_rules`.
    """
    folder = DataFolder(data)
    folder.check()
    rows = _rows(Snapshot.open(folder), site)
    if site is not None and not rows:
        raise UsageError(f"Nothing was learned of the site {site}; `copydesk rules` lists all.")
    return rows


def _rows(snapshot: Snapshot, site: str | None = None) -> list[dict[str, Any]]:
    sites = [site] if site else sorted(set(snapshot.read("site_lines", ["site"])["site"].to_list()))
    states = decided(snapshot)
    rows = [row | {"state": states.get(row["line_hash"], "learned")} for row in known_rules(snapshot, sites).to_dicts()]
    return sorted(rows, key=lambda row: (row["site"], -row["article_count"], row["line_hash"]))


def decide_rule(data: Path, wanted: str, kind: DecisionKind, *, note: str | None = None) -> str:
    """The sentence of what was recorded: the next run, and each article that is read again, follows it.

    Args:
        data: Data folder.
        wanted: Id of one rule, or the beginning of it.
        kind: confirm or refuse.
        note: Why, in the person's words.

    Raises:
        UsageError: no rule, or more than one, has an id that begins so.
        FolderBusyError, DiskError, TableError: the decision could not be committed.
    """
    folder = DataFolder(data)
    folder.check()

    def choose(snapshot: Snapshot) -> Sequence[Choice]:
        found = [row["line_hash"] for row in _rows(snapshot) if wanted and row["line_hash"].startswith(wanted)]
        if len(found) != 1:
            raise UsageError(f"{len(found)} rules have an id that begins with {wanted!r}: `copydesk rules` lists them.")
        return [Choice(kind, found[0])]

    with alone(folder, f"rules {kind.value}"):
        rows = decide(folder, "rules", choose, note=note, actor=who())
    word = "confirmed" if kind == DecisionKind.CONFIRM else "refused"
    return f"{rows[0]['target'][:SHOWN_ID]} is {word}, from the next run on."
