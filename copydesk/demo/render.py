"""Pages and listings as text and bytes, by the templates beside the articles. Pure but for reading the templates."""

import gzip
import html
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from copydesk.demo.content import ROOT, Article, Line
from copydesk.demo.dates import english, german, spanish
from copydesk.demo.edition import Item
from copydesk.demo.papers import NIGHTS, Paper

NEWS_WINDOW = timedelta(days=2)
"""A news sitemap names the articles of the last two days only (its protocol)."""


def page(paper: Paper, article: Article, url: str, base: str, night: int, related: Sequence[Item]) -> str:
    """The HTML page of an article, before its shape is applied."""
    return _render(
        f"{paper.key}/article.html",
        paper=paper,
        a=article,
        url=url,
        base=base,
        now=NIGHTS[night].astimezone(paper.zone),
        related=related,
        charset="iso-8859-1" if article.shape == "latin1" else "utf-8",
        authors=[{"@type": "Person", "name": name} for name in article.authors],
    )


def listing(name: str, paper: Paper, base: str, night: int, listed: Sequence[Item]) -> str:
    """A feed, sitemap or front page by its template (`gazette/feed.xml`); items newest first."""
    return _render(
        name,
        paper=paper,
        base=base,
        listed=listed,
        recent=[item for item in listed if item.at > NIGHTS[night] - NEWS_WINDOW],
        newest=newest(listed),
    )


def json_feed(paper: Paper, base: str, listed: Sequence[Item]) -> str:
    """A JSON Feed (version 1.1) of the items that are articles."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": paper.name,
        "home_page_url": base + "/",
        "feed_url": base + "/feed.json",
        "language": paper.language,
        "items": [_json_item(item, item.article, base) for item in listed if item.article],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def zipped(text: str) -> bytes:
    """UTF-8 in gzip, with no time in its header: the same bytes for the same text."""
    return gzip.compress(text.encode(), mtime=0)


def shaped(text: str, article: Article) -> bytes:
    """The bytes of an article's page, with the damage that its shape names."""
    return SHAPES[article.shape](text)


def _plain(text: str) -> bytes:
    return text.encode()


def _latin1(text: str) -> bytes:
    """Declared as ISO-8859-1, written as windows-1252, as browsers read it (WHATWG Encoding)."""
    return text.encode("cp1252")


def _mojibake(text: str) -> bytes:
    """UTF-8 that somebody read as windows-1252 and wrote as UTF-8 again; what cp1252 lacks stays as in latin-1."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode()).encode()


def _broken(text: str) -> bytes:
    """Tags that are never closed, and an end in the middle of a tag below the text."""
    for tag in ("</div>", "</font>", "</i>"):
        text = text.replace(tag, "")
    return text[: text.index("window.print") + 9].encode()


SHAPES: Mapping[str | None, Callable[[str], bytes]] = {
    None: _plain,
    "paywall": _plain,
    "latin1": _latin1,
    "mojibake": _mojibake,
    "broken": _broken,
}
"""What is done to a page's text on its way out, by the `shape` of its article."""


def _json_item(item: Item, article: Article, base: str) -> dict[str, Any]:
    return {
        "id": _guid(item),
        "url": f"{base}{item.path}",
        "title": item.title,
        "summary": article.summary,
        "date_published": _w3c(item.at),
        "date_modified": _w3c(article.updated_at),
        "authors": [{"name": name} for name in article.authors],
        "tags": list(article.tags),
        "language": article.language,
    }


def _markup(line: Line) -> Markup:
    """One block as HTML: bold, and the advertisement's label in a span that is glued to the next sentence."""
    parts = []
    for piece in line.pieces():
        if isinstance(piece, str):
            parts.append(_bold(html.escape(piece, quote=False)))
        elif piece.kind == "ad_marker":
            parts.append(f'<span class="adv-note">{html.escape(piece.text, quote=False)}</span>')
        else:
            parts.append(html.escape(piece.text, quote=False))
    return Markup("".join(parts))  # noqa: S704 - our own text, each part escaped above


def _bold(text: str) -> str:
    plain, *rest = text.split("**")
    return plain + "".join(part if number % 2 else f"<strong>{part}</strong>" for number, part in enumerate(rest))


def _label(line: Line) -> str:
    return line.raw.partition(": ")[0] + ":"


def _rest(line: Line) -> str:
    return line.raw.partition(": ")[2]


def _guid(item: Item) -> str:
    """A key that stays: the post's number, or a name made of the trouble's date."""
    if item.article:
        return f"{item.article.number}{'a' if item.is_alias else ''}{'t' if item.suffix else ''}"
    return f"x{item.at:%m%d%H%M}"


def newest(rows: Sequence[Item]) -> datetime:
    """When the last of the items was changed."""
    return max(_modified(item) for item in rows)


def _modified(item: Item) -> datetime:
    return item.article.updated_at if item.article else item.at


def _w3c(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(ROOT), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    environment.filters |= {
        "markup": _markup,
        "label": _label,
        "rest": _rest,
        "guid": _guid,
        "modified": _modified,
        "w3c": _w3c,
        "rfc822": format_datetime,
        "english": english,
        "spanish": spanish,
        "german": german,
    }
    return environment


def _render(name: str, **values: Any) -> str:
    return str(_environment().get_template(name).render(**values))
