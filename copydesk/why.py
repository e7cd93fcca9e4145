"""`copydesk why`: an article as it was extracted beside what was published, each cut in colour with its rule."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from rich.table import Table
from rich.text import Text

from copydesk.connection import connect
from copydesk.faces import out
from schemas.identity import normalise_url, url_id
from tasks.clean.receipts import explain, rebuild
from tasks.errors import TableError, UsageError

ARTICLE = """
select version_id, article_id, url, site, captured_at, title, authors, section, summary, tags, body
from articles
where url = $url or canonical_url = $url or article_id in (
    select article_id from ledger where url_id = $url_id and article_id is not null
)
order by url = $url desc, canonical_url = $url desc, captured_at desc, version_id
limit 1
"""

REMOVALS = """
select field, seq, repair, rule, kind, char_offset, char_count, text, replacement, evidence
from removals where version_id = $version_id
qualify row_number() over (partition by field, seq) = 1
order by case field when 'title' then 0 when 'body' then 1 else 2 end, field, seq
"""

_KEEPS_TEXT = {"mojibake": "yellow", "entity": "yellow", "whitespace": "dim", "control": "dim", "typo": "yellow",
               "agency": "cyan", "dateline": "cyan", "editor_initials": "cyan"}  # fmt: skip
"""Colours of what was written otherwise or moved to a column; every other kind was cut, and is red."""


@dataclass(frozen=True, slots=True)
class Removed:
    """One receipt, with its number in what is shown."""

    number: int
    field: str
    char_offset: int
    text: str
    replacement: str
    row: Mapping[str, Any]

    @property
    def style(self) -> str:
        """The colour that its text is shown in."""
        return _KEEPS_TEXT.get(self.row["kind"], "red")


def show_why(data: Path, url: str, *, as_json: bool) -> None:
    """Print raw and clean text of the article's current version, and each receipt.

    Raises:
        UsageError: the URL is none, or no article of it is published.
        DataFolderError: nothing was published yet.
        TableError: the receipts do not belong to the text.
    """
    found = read_why(data, url)
    if as_json:
        out.print_json(json.dumps(found, default=str))
    else:
        _show(found)


def read_why(data: Path, url: str) -> dict[str, Any]:
    """The current version: its names, `fields` (each with extracted and clean text) and `removals` in order.

    `fields` has title and body, and any other column that cleaning changed; the values of a list are its lines.

    Raises:
        UsageError, DataFolderError, TableError: as `show_why`.
    """
    try:
        spelled = normalise_url(url)
    except ValueError as error:
        raise UsageError(f"{url} is no URL: give it whole, with https:// before it.") from error
    with connect(data) as dataset:
        articles = list(_rows(dataset, ARTICLE, {"url": spelled, "url_id": url_id(spelled)}))
        if not articles:
            raise UsageError(
                f"No article of {spelled} is published; `copydesk sql \"from ledger where url = '...'\"` says why."
            )
        article = articles[0]
        removals = list(_rows(dataset, REMOVALS, {"version_id": article["version_id"]}))
    named = {"title": article["title"], "body": article["body"]}
    named |= {row["field"]: _as_text(article[row["field"]]) for row in removals if row["field"] not in named}
    fields = []
    for field, clean in named.items():
        own = numbered([row for row in removals if row["field"] == field])
        fields.append({"field": field, "extracted": rebuild(clean, own), "clean": clean})
    keys = ("version_id", "article_id", "url", "site", "captured_at")
    return {**{key: article[key] for key in keys}, "fields": fields, "removals": removals}


def _rows(dataset: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    answer = dataset.execute(query, values)
    names = [column[0] for column in answer.description or []]
    return (dict(zip(names, row, strict=True)) for row in answer.fetchall())


def _as_text(value: str | list[str] | None) -> str:
    return value if isinstance(value, str) else "\n".join(value or ())


def numbered(rows: Sequence[Mapping[str, Any]]) -> list[Removed]:
    """The receipts with numbers from 1, in the order of the rows."""
    return [
        Removed(number, row["field"], row["char_offset"], row["text"], row["replacement"], row)
        for number, row in enumerate(rows, start=1)
    ]


def _show(found: Mapping[str, Any]) -> None:
    out.print(f"{found['url']}", style="bold", markup=False, highlight=False, soft_wrap=True)
    out.print(f"captured {found['captured_at']:%Y-%m-%d %H:%M} UTC, version {found['version_id']}", highlight=False)
    removed = numbered(found["removals"])
    for field in found["fields"]:
        own = [item for item in removed if item.field == field["field"]]
        if own or field["field"] == "body":
            _show_field(field, own)
    if not removed:
        out.print("Nothing was cut or changed.", highlight=False)
        return
    for item in removed:
        out.print(_receipt(item), highlight=False, soft_wrap=True)


def _show_field(field: Mapping[str, str], removed: Sequence[Removed]) -> None:
    raw, clean = _sides(field, removed)
    if not out.is_terminal:  # in columns, the lines of a text could not be searched or copied
        for name, text in (("as extracted", raw), ("clean", clean)):
            out.print(f"\n{field['field']}, {name}:", highlight=False)
            out.print(text, soft_wrap=True, highlight=False)
        out.print()
        return
    table = Table(title=field["field"], title_justify="left", expand=True)
    table.add_column("as extracted", ratio=1, overflow="fold")
    table.add_column("clean", ratio=1, overflow="fold")
    table.add_row(raw, clean)
    out.print(table)


def _sides(field: Mapping[str, str], removed: Sequence[Removed]) -> tuple[Text, Text]:
    """The extracted text with what went marked and numbered, and the clean text, with what came in its place green."""
    raw, clean = Text(), Text()
    try:
        segments = explain(field["extracted"], removed)
    except ValueError as error:
        raise TableError(f"The receipts of {field['field']} do not belong to its text ({error}).") from error
    for segment in segments:
        if segment.removal is None:
            raw.append(plain(segment.text))
            clean.append(plain(segment.text))
            continue
        item = segment.removal
        raw.append(f"[{item.number}-{plain(segment.text, shown=True)}-]", style=f"{item.style} strike")
        clean.append(plain(item.replacement), style="green")
    return raw, clean


def _receipt(item: Removed) -> Text:
    row = item.row
    line = Text(f"{item.number:>3} ")
    line.append(row["kind"], style=item.style)
    line.append(f"  {row['repair']}.{row['rule']}  {row['field']} at {row['char_offset']}: ")
    line.append(plain(row["text"], shown=True), style=item.style)
    if row["replacement"]:
        line.append(" -> ").append(plain(row["replacement"], shown=True), style="green")
    return line.append(plain(f"  ({row['evidence']})" if row["evidence"] else ""), style="dim")


def plain(text: str, *, shown: bool = False) -> str:
    """The text without characters that could steer a terminal; `shown` writes what cannot be seen as an escape."""
    if not shown:
        return "".join(char if char.isprintable() or char == "\n" else " " for char in text)
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
