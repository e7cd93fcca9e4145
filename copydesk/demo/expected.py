"""What a pipeline must make of the demo site on each night. Derived from the content files, never from a run.

States are those of URLs that were fetched on every night on which a listing named them. A pipeline that finds a known
URL not due counts it as known instead, and learns of a change later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from copydesk.demo.content import Article, Mark
from copydesk.demo.edition import Item, article_path, items, listed, served
from copydesk.demo.papers import NIGHTS, PAPERS, Paper, base_urls
from schemas.identity import normalise_url

DESKS = frozenset({"Gazette staff", "Redacción Valle Noticias", "dpa", "Coastal Wire Service"})
"""Bylines that name no person, so that `authors` stays empty."""

SERVED: dict[str, tuple[str, str | None, int]] = {
    "ok": ("stored", None, 200),
    "500": ("failed", "http_status", 500),
    "410": ("gone", "http_status", 410),
    "gzip_cut": ("failed", "truncated", 200),
}
"""State, reason and HTTP status for each way in which an article's URL answers."""

STANDFIRST = frozenset({"valle"})
"""Papers whose pages print the summary as a heading in the text, where it is part of the body. Der Talbote's mark it as
the article's description, beside what they mark as its body."""

STUB = ("quarantined", "page_kind", 200)


@dataclass(frozen=True)
class Expected:
    """What must come out for one URL on one night; the fields after http_status only where it is an article."""

    url: str
    site: str
    source_id: str
    also_listed_by: tuple[str, ...]
    state: str
    reason: str | None
    http_status: int
    canonical_url: str | None = None
    title: str | None = None
    paragraphs: tuple[str, ...] = ()
    """The body: its blocks in order, headings too, without any junk."""
    removed: tuple[Mark, ...] = ()
    """Pieces of the page's text that must not be in the body, in order."""
    is_mojibake: bool = False
    """Whether the page's text must be mended; what the receipts of that look like is not foretold."""
    authors: tuple[str, ...] = ()
    published_at: datetime | None = None
    is_dated_in_words: bool = False
    """Whether the page gives the date only in words (`Viernes, 27 de febrero de 2026, 6:40 p. m.`)."""
    modified_at: datetime | None = None
    """Each paper says it always, on the page or in a listing; at first it is published_at."""
    section: str | None = None
    language: str | None = None
    page_kind: str | None = None
    agency: str | None = None
    dateline: str | None = None
    editor_initials: tuple[str, ...] = ()
    change: str | None = None
    """kind_of_change of a version that is not the first."""
    same_text_as: str | None = None
    """URL of the page on another site that has the same title and body, and was there first."""

    @property
    def body(self) -> str:
        """The body as `articles` has it: paragraphs parted by one empty line."""
        return "\n\n".join(self.paragraphs)


def expected(night: int, bases: Mapping[str, str] | None = None) -> dict[str, Expected]:
    """For each page URL that is listed on a night, normalised, what must come out."""
    bases = bases or base_urls()
    found: dict[str, Expected] = {}
    for key, paper in PAPERS.items():
        for feed in paper.feeds:
            for item in listed(feed, key, night):
                if item.path is None:
                    continue
                url = normalise_url(bases[key] + item.path + item.suffix)
                if url not in found:
                    found[url] = _expect(item, paper, url, feed.id, night, bases)
                elif found[url].source_id != feed.id:
                    also = (*found[url].also_listed_by, feed.id)
                    found[url] = replace(found[url], also_listed_by=also)
    return found


def counts(night: int, bases: Mapping[str, str] | None = None) -> dict[str, dict[str, int]]:
    """How many URLs of each source end in each state on a night; a URL belongs to the first source that lists it."""
    table: dict[str, dict[str, int]] = {}
    for row in expected(night, bases).values():
        states = table.setdefault(row.source_id, {})
        states[row.state] = states.get(row.state, 0) + 1
    return table


def _expect(item: Item, paper: Paper, url: str, source_id: str, night: int, bases: Mapping[str, str]) -> Expected:
    trouble = item.trouble
    if trouble and trouble.state and trouble.status:
        return Expected(url, paper.site, source_id, (), trouble.state, trouble.reason, trouble.status)
    if item.article is None:
        raise ValueError(f"{paper.key}: {item.title!r} has a path but no state")
    state, reason, status = _state(item, item.article, night)
    row = Expected(url, paper.site, source_id, (), state, reason, status)
    if state not in ("stored", "unchanged", "duplicate"):
        return row
    return _with_article(row, item.article, bases)


def _state(item: Item, article: Article, night: int) -> tuple[str, str | None, int]:
    if article.shape == "paywall":
        return STUB
    state, reason, status = SERVED[served(article, night)]
    if state != "stored":
        return state, reason, status
    before = _stored_before(article, night)
    if before is not None and (before.title, before.paragraphs) == (article.title, article.paragraphs):
        return "unchanged", None, status
    return ("duplicate" if item.is_alias else "stored"), None, status


def _stored_before(article: Article, night: int) -> Article | None:
    """The version of an article that the nights before have stored last."""
    for earlier in range(night - 1, 0, -1):
        for item in items(article.paper, earlier):
            if item.article and item.article.id == article.id and served(item.article, earlier) == "ok":
                return item.article
    return None


def _with_article(row: Expected, article: Article, bases: Mapping[str, str]) -> Expected:
    return replace(
        row,
        canonical_url=_url(article, bases),
        title=article.title,
        paragraphs=(article.summary, *article.paragraphs) if article.paper in STANDFIRST else article.paragraphs,
        removed=article.marks,
        is_mojibake=article.shape == "mojibake",
        authors=tuple(name for name in article.authors if name not in DESKS),
        published_at=article.published_at.astimezone(UTC),
        is_dated_in_words=article.is_dated_in_words,
        modified_at=article.updated_at.astimezone(UTC),
        section=article.section,
        language=article.language,
        page_kind=article.page_kind,
        agency=article.agency,
        dateline=article.dateline,
        editor_initials=_initials(article),
        change=article.change if row.state == "stored" else None,
        same_text_as=_original_url(article, bases),
    )


def _initials(article: Article) -> tuple[str, ...]:
    marks = [mark.text for mark in article.marks if mark.kind == "editor_initials"]
    return tuple(name for text in marks for name in text.split("/"))


def _original_url(article: Article, bases: Mapping[str, str]) -> str | None:
    if article.copy_of is None:
        return None
    paper, name = article.copy_of.split("/")
    rows = items(paper, max(NIGHTS))
    return next(_url(item.article, bases) for item in rows if item.article and item.article.id == name)


def _url(article: Article, bases: Mapping[str, str]) -> str:
    return normalise_url(bases[article.paper] + article_path(article))
