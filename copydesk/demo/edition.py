"""What a paper lists on a given night, and which version each URL serves. No HTML, no network."""

from dataclasses import dataclass, replace
from datetime import datetime

from copydesk.demo.content import Article, Trouble, load, load_troubles
from copydesk.demo.papers import Feed


@dataclass(frozen=True)
class Item:
    """One thing that a listing names: an article, the same under a second address, or a trouble."""

    paper: str
    path: str | None
    """Path with query; None for an item without a link."""
    title: str
    at: datetime
    section: str
    article: Article | None = None
    trouble: Trouble | None = None
    is_alias: bool = False
    suffix: str = ""
    """Tracking parameters that the listing puts behind the path."""


def items(paper: str, night: int) -> list[Item]:
    """All that a paper has to list on a night, newest first; an article stands before its second addresses."""
    found = [_trouble_item(paper, trouble) for trouble in load_troubles()[paper]]
    for entry in load()[paper]:
        article = entry.on(night)
        if article:
            found += _article_items(article)
    return sorted(found, key=lambda item: item.at, reverse=True)


def listed(feed: Feed, paper: str, night: int) -> list[Item]:
    """The items that one listing of a paper names on a night, newest first."""
    return [item for item in items(paper, night) if feed.lists(item.section)]


def served(article: Article, night: int) -> str:
    """How an article's URL answers on a night: ok, 500, 410 or gzip_cut."""
    past = [number for number in article.serve if number <= night]
    return article.serve[max(past)] if past else "ok"


def article_path(article: Article) -> str:
    """The path of an article's page, in its paper's manner."""
    if article.paper == "gazette":
        return f"/{article.published_at:%Y/%m/%d}/{article.id}/"
    if article.paper == "valle":
        return f"/{_slug(article.section)}/{article.id}-{article.number}.html"
    return f"/artikel.php?id={article.number}"


def _article_items(article: Article) -> list[Item]:
    item = Item(article.paper, article_path(article), article.title, article.published_at, article.section, article)
    again = [replace(item, suffix=suffix) for suffix in article.listed_as]
    alias = [replace(item, path=article.alias, is_alias=True)] if article.alias else []
    return [item, *again, *alias]


def _trouble_item(paper: str, trouble: Trouble) -> Item:
    return Item(paper, trouble.path, trouble.title, trouble.at, trouble.section, trouble=trouble)


def _slug(section: str) -> str:
    return section.lower().translate(str.maketrans("áéíóúñ", "aeioun"))
