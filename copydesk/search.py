"""`copydesk search`, and `search()` of a connection: ranked, with snippets, never of anything but current versions."""

import re
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb
from tantivy import Document, Query, SnippetGenerator

from tasks.errors import UsageError
from tasks.io.database import open_database
from tasks.io.folder import DataFolder
from tasks.publish.search_index import SearchIndex, open_search
from tasks.publish.search_query import parse_query

SNIPPET_CHARS = 200
LEAD_CHARS = 80

_MACRO = """
create or replace temp macro search(query, most := 20) as table
with hit as (
    select unnest(search_hits(query, most), recursive := true)
)
select
    row_number() over (order by h.score desc, a.version_id) as place,
    h.score,
    a.site,
    cast(coalesce(a.published_at, a.captured_at) as date) as day,
    a.title,
    search_snippet(query, a.body) as snippet,
    a.url,
    a.article_id,
    a.version_id
from hit as h
join copydesk.articles as a on a.version_id = h.version_id
order by place
"""


class Searcher:
    """The search of one connection; the index is opened, and brought in step, when it is first asked."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        self.parsed = cache(self._parsed)
        self.snippets = cache(self._snippets)

    @cached_property
    def opened(self) -> tuple[SearchIndex, list[str]]:
        """The index, in step with what is published now, and the sites that there are."""
        # A connection of its own: a function is called while the other one is answering.
        with open_database(self._folder) as dataset:
            index = open_search(self._folder, dataset)
            rows = dataset.execute("select distinct site from text_rows order by site").fetchall()
        return index, [row[0] for row in rows]

    def hits(self, query: str, most: int) -> list[dict[str, Any]]:
        """version_id and score of the best hits, the best first."""
        searcher = self.opened[0].index.searcher()
        found = searcher.search(self.parsed(query), max(most, 1), count=False).hits
        places = [place for _, place in found]
        numbers = zip(*(searcher.fast_field_values(name, places) for name in ("high", "low")), strict=True)
        return [
            {"version_id": f"{high:016x}{low:016x}", "score": score}
            for (score, _), (high, low) in zip(found, numbers, strict=True)
        ]

    def snippet(self, query: str, body: str) -> str:
        """The stretch of a body that has most of the words of a query, or its beginning."""
        document = Document()
        document.add_text("body", body)
        found = str(self.snippets(query).snippet_from_doc(document).fragment())
        return " ".join((_led_in(body, found) if found else body[:SNIPPET_CHARS]).split())

    def _parsed(self, query: str) -> Query:
        index, sites = self.opened
        return parse_query(query, index.schema, index.analyzer, sites)

    def _snippets(self, query: str) -> SnippetGenerator:
        searcher = self.opened[0].index.searcher()
        made = SnippetGenerator.create(searcher, self.parsed(query), self.opened[0].schema, "body")
        made.set_max_num_chars(SNIPPET_CHARS)
        return made


def _led_in(body: str, found: str) -> str:
    """The stretch with what stands before it in its sentence, where that is short."""
    begin = body.find(found)
    lead = re.split(r"(?<=[.!?。])\s|\n", body[max(begin - LEAD_CHARS, 0) : max(begin, 0)])
    return (lead[-1] if len(lead) > 1 or begin <= LEAD_CHARS else "") + found


def add_search(dataset: duckdb.DuckDBPyConnection, folder: DataFolder) -> Searcher:
    """The search of the connection, which from now on has the table macro `search(query, most := 20)`."""
    searcher = Searcher(folder)

    def hits(query: str, most: int) -> list[dict[str, Any]]:
        return searcher.hits(query, most)

    def snippet(query: str, body: str) -> str:
        return searcher.snippet(query, body)

    make: Callable[..., Any] = dataset.create_function
    make("search_hits", hits, ["VARCHAR", "INTEGER"], "STRUCT(version_id VARCHAR, score DOUBLE)[]")
    make("search_snippet", snippet, ["VARCHAR", "VARCHAR"], "VARCHAR")
    dataset.execute(_MACRO)
    return searcher


def run_search(data: Path, query: str, most: int, format: str) -> None:  # noqa: A002 - the option's name
    """Show the best hits on standard output.

    Raises:
        UsageError: the query is wrong, or there is no such format.
        DataFolderError: there is no dataset to search.
    """
    from copydesk.answers import FORMATS, write_answer
    from copydesk.connection import open_settled
    from tasks.io.tables import sql_text

    if format not in FORMATS:
        raise UsageError(f"There is no format {format!r}: use one of {', '.join(FORMATS)}.")
    with open_settled(DataFolder(data)) as dataset:
        # Read beforehand: inside the answer a wrong query would be DuckDB's error.
        add_search(dataset, DataFolder(data)).parsed(query)
        columns = "place, round(score, 2) as score, site, day, title, snippet, url"
        columns = columns if format == "table" else "*"
        sql = f"select {columns} from search({sql_text(query)}, most := {most:d})"  # noqa: S608 - quoted
        write_answer(dataset, sql, format, None)
