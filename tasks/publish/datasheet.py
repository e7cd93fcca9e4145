"""The datasheet of the dataset: what is in it, from where, of when, under which reservations, and what it is not.

Its questions are those of "Datasheets for Datasets" (Gebru et al., 2021), as far as the tables answer them.
Made at each publish as DATASET.md beside articles.duckdb, and for each release. Pure but for the queries.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

NAME = "DATASET.md"
"""Its file, beside articles.duckdb."""

SHOWN = 50
"""Most rows of one of its tables."""

NEEDS = frozenset(
    {"site", "language", "source_id", "published_at", "captured_at", "word_count", "reservations", "agency"}
)
"""Columns that a view must have for a datasheet of articles."""

_GROUPS = """
select site, source_id, language, count(*) as article_count, sum(word_count)::bigint as word_count,
    min(captured_at) as first_at, max(captured_at) as last_at,
    min(published_at) as oldest_at, max(published_at) as newest_at,
    count(*) - count(published_at) as undated_count, count(agency) as agency_count,
    count(*) - count(reservations) as unasked_count, count_if(len(reservations) > 0) as reserved_count
from {rows} group by all
"""
_RESERVED = "select name, count(*) from (select unnest(reservations) as name from {rows}) group by name order by all"
_KINDS = "select source_id, arg_max(kind, run_id) from run_sources group by source_id"
_PUBLISHED = "select run_count, last_run_id, recorded_at from published"

MADE = """Pages came from feeds, sitemaps, lists, folders and web archives; each is kept unchanged as a WARC record.
The article was read out of each page by Copydesk's extractor, and cleaned by named repairs; every character that was
taken away has a receipt in the view `removals`.
Rows that broke the contract are in `quarantine`, not here.
An article stands here once, as it was last read; `article_versions` has the others."""

RIGHTS = """The texts belong to their publishers.
This dataset gives no licence to them: whoever uses it needs one of their own, or an exception that the law makes.
What a publisher reserves is in the column `reservations` of each row: respect it."""

LIMITS: tuple[str, ...] = (
    "`published_at` and `authors` are what publishers say, and some say nothing.",
    "`captured_at` is when a page was read, so an article may be older than its first row.",
    "Pages that need JavaScript were not rendered; texts behind a paywall are as short as the page showed them.",
    "`language` is told by the text, and is least sure for short ones.",
    "Copies of one text on several sites are kept; `duplicate_of` and `story_id` in `articles` tell them.",
    "Which sites are in it is a choice of whoever ran it: it is no sample of a country's press.",
    "Articles name living people; a corrected or deleted article stays in older versions.",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The facts that a datasheet tells. Times are UTC; a time is None where no row has one."""

    groups: Sequence[dict[str, Any]]
    """One for each site, source and language, with counts and times."""
    reserved: Sequence[tuple[str, int]]
    """How many articles carry each reservation."""
    kinds: dict[str, str]
    """Source to its kind."""
    run_count: int
    last_run_id: str | None
    recorded_at: Any

    def total(self, count: str) -> int:
        """The sum of a count over all groups."""
        return sum(group[count] or 0 for group in self.groups)

    def extreme(self, choose: Callable[[Iterable[Any]], Any], time: str) -> Any:
        """The first (min) or last (max) of a time over all groups."""
        return choose(found) if (found := [group[time] for group in self.groups if group[time]]) else None

    def by(self, key: str) -> list[tuple[str | None, int, int]]:
        """(value, articles, words) of a column, the most articles first."""
        sums: dict[str | None, tuple[int, int]] = {}
        for group in self.groups:
            articles, words = sums.get(group[key], (0, 0))
            sums[group[key]] = (articles + group["article_count"], words + (group["word_count"] or 0))
        listed = [(value, *counts) for value, counts in sums.items()]
        return sorted(listed, key=lambda row: (-row[1], str(row[0])))


def read_sheet(connection: duckdb.DuckDBPyConnection, rows: str = "articles") -> Sheet:
    """The facts of a view that has the columns of articles.

    Args:
        connection: Its current database is the published one.
        rows: Name of the view, as SQL writes it.
    """
    answer = connection.execute(_GROUPS.format(rows=rows))
    names = [column[0] for column in answer.description or []]
    groups = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    groups.sort(key=lambda group: tuple(str(group[name]) for name in ("site", "source_id", "language")))
    reserved = connection.execute(_RESERVED.format(rows=rows)).fetchall()
    kinds = dict(connection.execute(_KINDS).fetchall())
    run_count, last_run_id, recorded_at = connection.execute(_PUBLISHED).fetchall()[0]
    return Sheet(groups, reserved, kinds, run_count, last_run_id, recorded_at)


def datasheet(sheet: Sheet, title: str = "Articles", notes: Sequence[str] = ()) -> str:
    """The datasheet as Markdown; the same facts give the same text.

    Args:
        sheet: The facts.
        title: Its heading.
        notes: Sentences that come first: the query of a release, how to cite it.
    """
    counted = [(f"{row[0] or 'not told'}", row[1], row[2]) for row in sheet.by("language")]
    sources = [(row[0] or "", sheet.kinds.get(row[0] or "", ""), row[1]) for row in sheet.by("source_id")]
    parts = [
        f"# {cell(title)}",
        "\n".join(notes),
        "## What it is",
        _what(sheet),
        "## Sites",
        table(("Site", "Articles", "Words"), sheet.by("site")),
        "## Sources",
        table(("Source of sources.yaml", "Kind", "Articles"), sources),
        "## Languages",
        table(("Language", "Articles", "Words"), counted),
        "## How it was made",
        MADE,
        "## Rights and reservations",
        RIGHTS + "\n" + _reserved(sheet),
        "## Known limits",
        "\n".join(f"- {limit}" for limit in LIMITS),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _what(sheet: Sheet) -> str:
    articles = sheet.total("article_count")
    sites = len({group["site"] for group in sheet.groups})
    lines = [f"{articles:,} articles of {sites:,} sites with {sheet.total('word_count'):,} words."]
    if articles:
        first, last = sheet.extreme(min, "first_at"), sheet.extreme(max, "last_at")
        lines.append(f"They were read from {first:%Y-%m-%d} to {last:%Y-%m-%d} (UTC).")
        oldest, newest = sheet.extreme(min, "oldest_at"), sheet.extreme(max, "newest_at")
        if oldest:
            lines.append(f"By their publishers' word they were published from {oldest:%Y-%m-%d} to {newest:%Y-%m-%d}.")
        lines.append(f"{sheet.total('undated_count'):,} say no date, {sheet.total('agency_count'):,} name an agency.")
    known = f", as it was known at {sheet.recorded_at:%Y-%m-%d %H:%M} UTC" if sheet.recorded_at else ""
    lines.append(f"It shows {sheet.run_count:,} runs; the last is {sheet.last_run_id or 'none'}{known}.")
    return "\n".join(lines)


def _reserved(sheet: Sheet) -> str:
    total, unasked = sheet.total("reserved_count"), sheet.total("unasked_count")
    lines = [f"{total:,} articles carry a reservation."]
    if unasked:
        lines.append(f"{unasked:,} are older than this column: what their publishers reserve was not kept.")
    return "\n".join(lines) + ("\n\n" + table(("Reservation", "Articles"), sheet.reserved) if sheet.reserved else "")


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table of the first rows, and a line that says how many more there are."""
    lines = [header, ["---" if place == 0 else "---:" for place in range(len(header))], *rows[:SHOWN]]
    text = "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines)
    return text + (f"\n\nAnd {len(rows) - SHOWN:,} more." if len(rows) > SHOWN else "")


def cell(value: object) -> str:
    """A value as text within Markdown: on one line, and neither a column, a tag nor a link.

    >>> cell("a|b <i>")
    'a&#124;b &lt;i&gt;'
    """
    if isinstance(value, int):
        return f"{value:,}"
    text = " ".join(str(value).split())
    for mark, written in (
        ("&", "&amp;"),
        ("<", "&lt;"),
        (">", "&gt;"),
        ("|", "&#124;"),
        ("[", "&#91;"),
        ("`", "&#96;"),
    ):
        text = text.replace(mark, written)
    return text
