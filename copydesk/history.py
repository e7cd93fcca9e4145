"""`copydesk history`: every version of one article, and what each changed, word by word."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
from rich.text import Text

from copydesk.connection import connect
from copydesk.faces import out
from schemas.identity import normalise_url, url_id
from tasks.errors import UsageError
from tasks.store.changes import WORD, Difference, compare

AROUND = 6
"""Words shown before and after each change."""

ARTICLES = """
select distinct article_id from article_versions where url = $url or canonical_url = $url
union
select distinct article_id from ledger where url_id = $url_id and article_id is not null
"""

VERSIONS = """
select v.article_id, v.version_id, v.url, v.site, v.captured_at, v.run_id, v.kind_of_change, v.change_share,
    v.title, v.body, a.gone_at
from article_versions as v
left join runs on runs.run_id = v.run_id
left join articles as a on a.version_id = v.version_id
where v.article_id in (select unnest($articles))
order by v.article_id, v.captured_at, coalesce(runs.run_seq, 0), v.version_id
"""


def show_history(data: Path, url: str, *, as_json: bool) -> None:
    """Print the versions of the article that the URL shows or is another name of.

    Raises:
        UsageError: the URL is none, or no version of it is kept.
        DataFolderError: nothing was published yet.
    """
    versions = read_history(data, url)
    if as_json:
        out.print_json(json.dumps([{key: row[key] for key in row if key != "text"} for row in versions], default=str))
        return
    for row in versions:
        _show(row)


def read_history(data: Path, url: str) -> list[dict[str, Any]]:
    """The versions, oldest first, each with `changes`: the stretches that differ from the one before it.

    They are compared with the version that stands before them now, which a late backfill may have put there.

    Raises:
        UsageError, DataFolderError: as `show_history`.
    """
    try:
        spelled = normalise_url(url)
    except ValueError as error:
        raise UsageError(f"{url} is no URL: give it whole, with https:// before it.") from error
    with connect(data) as dataset:
        asked = {"url": spelled, "url_id": url_id(spelled)}
        articles = [row["article_id"] for row in _rows(dataset, ARTICLES, asked)]
        found = list(_rows(dataset, VERSIONS, {"articles": articles})) if articles else []
    if not found:
        raise UsageError(f"No version of {spelled} is kept; `copydesk sql \"from ledger where url = '...'\"` says why.")
    return list(_with_changes(found))


def _rows(dataset: duckdb.DuckDBPyConnection, query: str, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    answer = dataset.execute(query, values)
    names = [column[0] for column in answer.description or []]
    return (dict(zip(names, row, strict=True)) for row in answer.fetchall())


def _with_changes(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    before: dict[str, Any] | None = None
    for row in rows:
        text = f"{row['title']}\n\n{row.pop('body')}"
        found = Difference(0, 0)
        if before is not None and before["article_id"] == row["article_id"]:
            found = compare(before["text"], text)
        changes = [
            stretch.as_row() | {"around": around(text, stretch.place, len(stretch.new))} for stretch in found.stretches
        ]
        before = {**row, "text": text, "changes": changes}
        yield before


def around(text: str, place: int, count: int) -> list[str]:
    """Some words before a change, and some after it.

    Args:
        text: The new text.
        place: Its words before the change.
        count: Its words in the change.
    """
    words = WORD.findall(text)
    end = place + count
    return [" ".join(words[max(0, place - AROUND) : place]), " ".join(words[end : end + AROUND])]


def _show(row: Mapping[str, Any]) -> None:
    head = Text(f"{row['captured_at']:%Y-%m-%d %H:%M} UTC  ", style="bold")
    head.append(row["kind_of_change"], style="red" if row["kind_of_change"] == "stealth_edit" else "cyan")
    if row["change_share"] is not None:
        head.append(f"  {100 * row['change_share']:.1f} % of the words", style="dim")
    out.print(head, highlight=False)
    out.print(f"  {_plain(row['title'])}  ({row['run_id']})", markup=False, highlight=False)
    for change in row["changes"]:
        out.print(Text("    ") + diff(change), highlight=False, soft_wrap=True)
    if row["gone_at"] is not None:
        out.print(f"  gone since {row['gone_at']:%Y-%m-%d %H:%M} UTC; the text is kept", style="yellow")


def diff(change: Mapping[str, Any]) -> Text:
    """One change among its words: in colours on a terminal, and always with the marks that a plain text needs."""
    before, after = change["around"]
    text = Text(_plain(f"... {before} " if before else ""))
    if change["old"]:
        text.append(f"[-{_plain(change['old'])}-]", style="red strike")
    if change["new"]:
        text.append(f"{{+{_plain(change['new'])}+}}", style="green")
    return text.append(_plain(f" {after} ..." if after else ""))


def _plain(text: str) -> str:
    """The text without characters that could steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)
