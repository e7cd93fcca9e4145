"""What is to be forgotten, in all the ways in which it is named: URLs, articles, sites, and the bytes to look for."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import duckdb

from schemas.identity import article_id, normalise_url, site_of, url_id
from tasks.errors import UsageError
from tasks.io.forgotten import Forgotten
from tasks.io.tables import Snapshot

_ARTICLES = """
    SELECT DISTINCT article_id FROM (
        SELECT article_id FROM articles WHERE url = $url OR canonical_url = $url
        UNION ALL SELECT article_id FROM ledger WHERE url = $url OR final_url = $url
        UNION ALL SELECT article_id FROM quarantine WHERE url = $url
    ) WHERE article_id IS NOT NULL
"""
_URLS = """
    SELECT DISTINCT url FROM (
        SELECT unnest([url, canonical_url]) AS url FROM articles SEMI JOIN aimed USING (article_id)
        UNION ALL SELECT unnest([url, final_url]) FROM ledger SEMI JOIN aimed USING (article_id)
        UNION ALL SELECT url FROM quarantine SEMI JOIN aimed USING (article_id)
        UNION ALL SELECT l.url FROM links AS l
            JOIN articles AS a ON a.version_id = l.version_id SEMI JOIN aimed ON a.article_id = aimed.article_id
    ) WHERE url IS NOT NULL ORDER BY url
"""


SIGNS = frozenset("\\`*_{}[]()#+!|~<>&:@$=\"'")


@dataclass(frozen=True)
class Aim:
    """What is to be forgotten: one article with all its URLs, or one site."""

    urls: tuple[str, ...] = ()
    article_ids: tuple[str, ...] = ()
    site: str | None = None

    @cached_property
    def tombstones(self) -> Forgotten:
        """The same as hashes, for the decisions."""
        sites = frozenset() if self.site is None else frozenset({self.site})
        return Forgotten(frozenset(map(url_id, self.urls)), frozenset(self.article_ids), sites)

    def is_own(self, url: str, site: str | None = None) -> bool:
        """Whether a URL is one of those that are forgotten.

        Args:
            url: Normalised, or as a server wrote it.
            site: The site that the tables give it; None: what the URL says.
        """
        try:
            spelt = normalise_url(url)
        except ValueError:
            return False
        return self.tombstones.has_page(url_id(spelt), site or site_of(spelt))

    @cached_property
    def needle(self) -> re.Pattern[bytes]:
        """What a text that names one of the URLs holds: the URL without its scheme, also as HTML or JSON write it.

        Matches: href="//paper.example/a?x=1&amp;y=2" for https://paper.example/a?x=1&y=2. Not: //paper.example/ab.
        """
        if self.site is not None:
            return re.compile(rb"(?<![\w-])" + re.escape(self.site.encode()) + rb"(?![\w-]|\.\w)", re.IGNORECASE)
        named = {url.split("://", 1)[-1] for url in self.urls}
        spelt = {form for name in named for form in (name, html.escape(name), name.replace("/", "\\/"), _signs(name))}
        listed = b"|".join(re.escape(form.encode()) for form in sorted(spelt))
        return re.compile(rb"(?:" + listed + rb")(?![\w%/~-])")


def _signs(text: str) -> str:
    """The text as our reports write it: signs of Markdown and HTML as character references."""
    return "".join(f"&#{ord(char)};" if char in SIGNS else char for char in text)


def aim_at_url(snapshot: Snapshot, url: str) -> Aim:
    """The article that a URL is or was, with every URL that it was found under; the URL alone when it is unknown.

    Raises:
        UsageError: it is no URL.
    """
    try:
        spelt = normalise_url(url)
    except ValueError as error:
        raise UsageError(f"{url!r} is no absolute URL; to forget a whole site use --site.") from error
    with snapshot.connect("articles", "ledger", "quarantine", "links") as connection:
        ids = _column(connection.execute(_ARTICLES, {"url": spelt}))
        connection.execute("CREATE TEMP TABLE aimed AS SELECT unnest($1::VARCHAR[]) AS article_id", [ids])
        urls = _column(connection.execute(_URLS))
    return Aim(tuple(sorted({spelt, *urls})), tuple(sorted({*ids, article_id(spelt)})))


def _column(found: duckdb.DuckDBPyConnection) -> list[str]:
    return [str(row[0]) for row in found.fetchall()]


def aim_at_site(site: str) -> Aim:
    """All that belongs to a site, by the name that the tables give it.

    Raises:
        UsageError: the text is no name of a site.
    """
    name = site.strip().lower()
    if not name or "/" in name:
        raise UsageError(f"{site!r} is no site: name one as the column `site` does, such as paper.example.")
    return Aim(site=name)


def named_in(aim: Aim, texts: Iterable[bytes]) -> bool:
    """Whether one of the texts names what is to be forgotten."""
    return any(aim.needle.search(text) for text in texts)
