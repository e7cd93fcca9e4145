"""`copydesk search`, and `search()` of a connection: ranked, with snippets, never of anything but current versions."""

import re
import weakref
from collections.abc import Callable
from datetime import UTC
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from tasks.errors import TableError, UsageError
from tasks.io.folder import DataFolder

if TYPE_CHECKING:  # what a search needs is loaded by the first one
    from tantivy import Query, SnippetGenerator

    from tasks.publish.search_index import SearchIndex

SNIPPET_CHARS = 200
LEAD_CHARS = 80

HIT = (
    "STRUCT(score DOUBLE, site VARCHAR, day DATE, title VARCHAR, snippet VARCHAR, url VARCHAR, article_id VARCHAR, "
    "version_id VARCHAR)[]"
)
_MACRO = """
create or replace temp macro search(query, most := 20) as table
select row_number() over (order by h.score desc, h.version_id) as place, h.*
from (select unnest(search_hits(query, most), recursive := true)) as h
order by place
"""
_SHOWN = "select version_id from copydesk.articles where version_id in (select unnest(?))"


class Searcher:
    """The search of one connection; the index is opened, and brought in step, when it is first asked."""

    def __init__(self, folder: DataFolder, dataset: duckdb.DuckDBPyConnection, step: str | None) -> None:
        """Nothing is opened yet.

        Args:
            folder: Data folder.
            dataset: The connection.
            step: Of the database that it shows; None when that is not known.
        """
        self._folder, self._step = folder, step
        self._dataset = weakref.ref(dataset)  # which holds the search: by a strong one neither would ever end
        self.parsed = cache(self._parsed)
        self.snippets = cache(self._snippets)

    @cached_property
    def opened(self) -> "SearchIndex":
        """The index, in step with what is published now."""
        from tasks.publish.search_index import open_search

        return open_search(self._folder)

    def hits(self, query: str, most: int) -> list[dict[str, Any]]:
        """The best hits, the best first, each a row of `HIT`.

        Raises:
            UsageError: the query is wrong.
            TableError: a file of the tables is gone, and was not when it was published.
        """
        for is_last in (False, True):
            try:
                return self._hits(query, most)
            except (KeyError, FileNotFoundError) as error:  # published and vacuumed meanwhile
                if is_last:
                    raise TableError("A published file is gone; run Copydesk once more to publish again.") from error
                self._forget()
        raise AssertionError

    def _hits(self, query: str, most: int) -> list[dict[str, Any]]:
        from tasks.publish.search_places import read_hits

        searcher = self.opened.index.searcher()
        found = searcher.search(self.parsed(query), max(most, 1), count=False).hits
        places = [place for _, place in found]
        numbers = list(zip(*(searcher.fast_field_values(name, places) for name in ("high", "low")), strict=True))
        rows = read_hits(self.opened.places, numbers)
        shown = self._shown([row["version_id"] for row in rows])
        return [
            self._hit(query, score, row)
            for (score, _), row in zip(found, rows, strict=True)
            if row["version_id"] in shown
        ]

    def _hit(self, query: str, score: float, row: dict[str, Any]) -> dict[str, Any]:
        written = (row["published_at"] or row["captured_at"]).astimezone(UTC)
        told = {name: row[name] for name in ("site", "title", "url", "article_id", "version_id")}
        return told | {"score": score, "day": written.date(), "snippet": self._snippet(query, row["body"])}

    def _shown(self, versions: list[str]) -> set[str]:
        """Those of the versions that the connection shows, which may have been made before the last publish."""
        dataset = self._dataset()
        if self._step == self.opened.places.step or dataset is None:
            return set(versions)
        # A cursor: the function is called while the connection itself is answering.
        with dataset.cursor() as asking:
            return {row[0] for row in asking.execute(_SHOWN, [versions]).fetchall()}

    def _snippet(self, query: str, body: str) -> str:
        """The stretch of a body that has most of the words of a query, or its beginning."""
        from tantivy import Document

        document = Document()
        document.add_text("body", body)
        found = str(self.snippets(query).snippet_from_doc(document).fragment())
        return " ".join((_led_in(body, found) if found else body[:SNIPPET_CHARS]).split())

    def _parsed(self, query: str) -> "Query":
        from tasks.publish.search_query import parse_query

        return parse_query(query, self.opened.schema, self.opened.analyzer, self.opened.places.sites)

    def _snippets(self, query: str) -> "SnippetGenerator":
        from tantivy import SnippetGenerator

        made = SnippetGenerator.create(self.opened.index.searcher(), self.parsed(query), self.opened.schema, "body")
        made.set_max_num_chars(SNIPPET_CHARS)
        return made

    def _forget(self) -> None:
        """Open the index anew when it is asked next."""
        del self.opened
        self.parsed.cache_clear()
        self.snippets.cache_clear()


def _led_in(body: str, found: str) -> str:
    """The stretch with what stands before it in its sentence, where that is short."""
    begin = body.find(found)
    lead = re.split(r"(?<=[.!?。])\s|\n", body[max(begin - LEAD_CHARS, 0) : max(begin, 0)])
    return (lead[-1] if len(lead) > 1 or begin <= LEAD_CHARS else "") + found


def add_search(dataset: duckdb.DuckDBPyConnection, folder: DataFolder, step: str | None) -> Searcher:
    """The search of the connection, which from now on has the table macro `search(query, most := 20)`.

    Args:
        dataset: The connection.
        folder: Data folder.
        step: As for `Searcher`.
    """
    searcher = Searcher(folder, dataset, step)

    def hits(query: str, most: int) -> list[dict[str, Any]]:
        return searcher.hits(query, most)

    make: Callable[..., Any] = dataset.create_function
    make("search_hits", hits, ["VARCHAR", "INTEGER"], HIT)
    dataset.execute(_MACRO)
    return searcher


def run_search(data: Path, query: str, most: int, format: str) -> None:  # noqa: A002 - the option's name
    """Show the best hits on standard output.

    Raises:
        UsageError: the query is wrong, or there is no such format.
        DataFolderError: there is no dataset to search.
    """
    from copydesk.answers import FORMATS, write_answer
    from copydesk.connection import connect_search
    from tasks.io.quoting import sql_text

    if format not in FORMATS:
        raise UsageError(f"There is no format {format!r}: use one of {', '.join(FORMATS)}.")
    dataset, searcher = connect_search(DataFolder(data))
    with dataset:
        searcher.parsed(query)  # beforehand: inside the answer a wrong query would be DuckDB's error
        columns = "place, round(score, 2) as score, site, day, title, snippet, url"
        columns = columns if format == "table" else "*"
        sql = f"select {columns} from search({sql_text(query)}, most := {most:d})"  # noqa: S608 - quoted
        write_answer(dataset, sql, format, None)
