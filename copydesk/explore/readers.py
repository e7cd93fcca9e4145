"""What the pages show of the published dataset, as plain values. Each opens it anew, so that a page is never old.

What does not belong here: what the commands read already (why.py, history.py, quarantine.py, rules.py, status.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copydesk.connection import connect_search, open_settled
from copydesk.explore.queries import Answer
from copydesk.why import Removed, numbered
from schemas.published import PUBLISHED
from tasks.clean.receipts import Segment, explain
from tasks.errors import TableError
from tasks.io.folder import DataFolder
from tasks.publish.templates import load, sql_folder

MAIN_VIEWS = (
    "articles",
    "article_versions",
    "removals",
    "edits",
    "stories",
    "authors",
    "quarantine_open",
    "sources_health",
)
"""Views that most questions are about; the editor lists the others below them."""
PAGE_ROWS = 50
MOST_HITS = 200

_LIST = """
select a.url, a.title, a.site, a.section, a.authors, a.language, a.word_count, a.gone_at, a.kind_of_change,
    coalesce(a.published_at, a.captured_at) as shown_at, a.published_at is not null as is_dated,
    null::varchar as snippet
from articles as a
where $site is null or a.site = $site
order by shown_at desc, a.version_id
limit $most offset $begin
"""

_HITS = """
select a.url, a.title, a.site, a.section, a.authors, a.language, a.word_count, a.gone_at, a.kind_of_change,
    coalesce(a.published_at, a.captured_at) as shown_at, a.published_at is not null as is_dated,
    h.snippet
from search($words, most := $hits) as h
join articles as a on a.version_id = h.version_id
where $site is null or a.site = $site
order by h.place
limit $most offset $begin
"""

_DAYS = """
with dated as (
    select cast(coalesce(published_at, captured_at) as date) as day, site from articles
    where coalesce(published_at, captured_at) <= captured_at + interval 1 day
)
select day, site, count(*) as articles from dated
where day > (select max(day) from dated) - 30
group by day, site order by day, site
"""

_COLUMNS = """
select table_name, column_name, data_type, coalesce(comment, '')
from duckdb_columns() where database_name = current_database()
order by table_name, column_index
"""

_FACTS = """
select title, site, section, authors, language, word_count, gone_at, published_at, captured_at, access, flags, tags,
    reservations, duplicate_of, story_id, image_url, summary, version_id, kind_of_change
from articles where version_id = $version_id
"""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """One page of the list; `more` says that another follows."""

    rows: list[dict[str, Any]]
    more: bool


def read_articles(data: Path, words: str, site: str | None, page: int) -> ArticlePage:
    """The newest articles, or those that have the words, the best first.

    Args:
        data: Data folder.
        words: As `copydesk search` takes them; empty lists the newest.
        site: Only this site.
        page: From 1.

    Raises:
        UsageError: the words are no query.
        DataFolderError, TableError: there is no dataset, or it is damaged.
    """
    values: dict[str, Any] = {"site": site, "most": PAGE_ROWS + 1, "begin": (page - 1) * PAGE_ROWS}
    dataset, searcher = connect_search(DataFolder(data))
    with dataset:
        if words:
            searcher.parsed(words)  # beforehand: inside the answer a wrong query is DuckDB's error
            values |= {"words": words, "hits": MOST_HITS}
        rows = _rows(dataset.execute(_HITS if words else _LIST, values))
    return ArticlePage(rows[:PAGE_ROWS], len(rows) > PAGE_ROWS)


def read_sites(data: Path) -> list[str]:
    """Sites that have articles, by name."""
    with open_settled(DataFolder(data)) as dataset:
        return [row[0] for row in dataset.execute("select distinct site from articles order by site").fetchall()]


def read_facts_of(data: Path, version_id: str) -> dict[str, Any]:
    """What the head of an article's page says."""
    with open_settled(DataFolder(data)) as dataset:
        return _rows(dataset.execute(_FACTS, {"version_id": version_id}))[0]


@dataclass(frozen=True, slots=True)
class FieldText:
    """One field of an article in stretches: kept as it was, or covered by a receipt."""

    field: str
    segments: list[Segment[Removed]]
    removed: list[Removed]


def marked_fields(found: Mapping[str, Any]) -> list[FieldText]:
    """The fields of `copydesk.why.read_why`, each in stretches; the numbers of the receipts go through all fields.

    Raises:
        TableError: the receipts do not belong to the text.
    """
    removed = numbered(found["removals"])
    marked = []
    for field in found["fields"]:
        own = [item for item in removed if item.field == field["field"]]
        try:
            marked.append(FieldText(field["field"], explain(field["extracted"], own), own))
        except ValueError as error:
            raise TableError(f"The receipts of {field['field']} do not belong to its text ({error}).") from error
    return marked


@dataclass(frozen=True, slots=True)
class ViewColumns:
    """One view that a query may name, with (name, type, meaning) of its columns."""

    name: str
    meaning: str
    columns: list[tuple[str, str, str]]


def read_views(data: Path) -> list[ViewColumns]:
    """The views and tables that the documentation names, as they are published."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    with open_settled(DataFolder(data)) as dataset:
        for view, *column in dataset.execute(_COLUMNS).fetchall():
            found.setdefault(view, []).append((column[0], column[1], column[2]))
    meanings = {name: (model.__doc__ or "").strip().splitlines()[0] for name, model in PUBLISHED.items()}
    return [ViewColumns(name, meanings[name], found[name]) for name in PUBLISHED if name in found]


def main_first(views: Sequence[ViewColumns]) -> tuple[list[ViewColumns], list[ViewColumns]]:
    """The views that most questions are about, and the others."""
    by_name = {view.name: view for view in views}
    first = [by_name[name] for name in MAIN_VIEWS if name in by_name]
    return first, [view for view in views if view not in first]


def read_days(data: Path) -> Answer:
    """Articles by day of publication and site, of the last thirty days that have any."""
    with open_settled(DataFolder(data)) as dataset:
        rows = dataset.execute(_DAYS).fetchall()
    columns = [("day", "DATE"), ("site", "VARCHAR"), ("articles", "BIGINT")]
    return Answer(columns, [[day.isoformat(), site, count] for day, site, count in rows], more=False, seconds=0.0)


def read_examples() -> list[tuple[str, str]]:
    """(question, SQL) of the examples that ship with Copydesk."""
    texts = [load(f"examples/{path.name}") for path in sorted((sql_folder() / "examples").glob("*.sql"))]
    return [(text.partition("\n")[0].removeprefix("-- "), text.strip()) for text in texts]


def _rows(answer: Any) -> list[dict[str, Any]]:
    names: Sequence[str] = [column[0] for column in answer.description or []]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
