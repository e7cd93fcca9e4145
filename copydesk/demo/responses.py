"""What each URL of the three papers answers on a given night. A function of night and base URLs, nothing else."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from copydesk.demo import render
from copydesk.demo.content import Article
from copydesk.demo.edition import Item, article_path, items, listed, served
from copydesk.demo.papers import PAPERS, Paper

HTML = "text/html; charset=utf-8"
SERVERS = {"gazette": "nginx", "valle": "Apache", "talbote": "Apache/2.2.22 (Debian)"}
RELATED_COUNT = 3


@dataclass(frozen=True)
class Response:
    """One HTTP response."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": HTML})


Responses = dict[tuple[str, str], Response]
"""By the paper's key, and path with query."""


def responses(bases: Mapping[str, str], night: int) -> Responses:
    """All that the three papers answer on a night; what is not here is a 404."""
    found: Responses = {}
    for key, paper in PAPERS.items():
        listings = _listings(paper, bases[key], night)
        pages = _pages(paper, bases[key], night)
        for path, response in (listings | pages).items():
            headers = {**response.headers, "Server": SERVERS[key]}
            found[key, path] = replace(response, headers=headers)
    return found


def find(responses: Responses, paper: Paper, path: str, headers: Mapping[str, str]) -> Response:
    """The response to a request for a path with its query; a query that means nothing to the paper does not count."""
    response = responses.get((paper.key, path)) or responses.get((paper.key, path.split("?")[0])) or NOT_FOUND
    if paper.validators == "honoured" and response.status == 200 and _is_known(response, headers):
        kept = {name: value for name, value in response.headers.items() if name != "Content-Type"}
        return Response(304, b"", kept)
    return response


NOT_FOUND = Response(404, b"<html><head><title>404</title></head><body><h1>404</h1></body></html>\n")


def _is_known(response: Response, headers: Mapping[str, str]) -> bool:
    """Whether the client has this response already (RFC 9110, section 13.2.2: If-None-Match wins)."""
    tags = headers.get("If-None-Match")
    if tags is not None:
        return response.headers["ETag"] in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    since = headers.get("If-Modified-Since")
    try:
        return since is not None and parsedate_to_datetime(response.headers["Last-Modified"]) <= parsedate_to_datetime(
            since
        )
    except ValueError:
        return False


def _listings(paper: Paper, base: str, night: int) -> dict[str, Response]:
    return {path: make(paper, base, night) for path, make in _MAKERS[paper.key].items()}


def _template(name: str, content_type: str, *, is_zipped: bool = False) -> Callable[[Paper, str, int], Response]:
    """The maker of a listing that a template writes."""

    def make(paper: Paper, base: str, night: int) -> Response:
        rows = _rows(paper, name, night)
        text = render.listing(f"{paper.key}/{name}", paper, base, night, rows)
        return _validated(paper, render.zipped(text) if is_zipped else text.encode(), content_type, render.newest(rows))

    return make


def _json_feed(paper: Paper, base: str, night: int) -> Response:
    rows = listed(paper.feeds[1], paper.key, night)
    body = render.json_feed(paper, base, rows).encode()
    return _validated(paper, body, "application/feed+json", render.newest(rows))


def _rows(paper: Paper, name: str, night: int) -> list[Item]:
    return items(paper.key, night) if name == "front.html" else listed(paper.feeds[0], paper.key, night)


_MAKERS: Mapping[str, Mapping[str, Callable[[Paper, str, int], Response]]] = {
    "gazette": {
        "/": _template("front.html", HTML),
        "/robots.txt": _template("robots.txt", "text/plain"),
        "/feed/": _template("feed.xml", "application/rss+xml; charset=UTF-8"),
    },
    "valle": {
        "/": _template("front.html", HTML),
        "/robots.txt": _template("robots.txt", "text/plain"),
        "/sitemap.xml": _template("index.xml", "application/xml"),
        "/sitemap-noticias.xml.gz": _template("news.xml", "application/gzip", is_zipped=True),
        "/sitemap-archivo.xml.gz": _template("archive.xml", "application/gzip", is_zipped=True),
    },
    "talbote": {
        "/": _template("front.html", HTML),
        "/atom.xml": _template("atom.xml", "application/atom+xml"),
        "/feed.json": _json_feed,
    },
}
"""The listings of each paper. The Talbote has no robots.txt: its 404 allows everything (RFC 9309)."""


def _pages(paper: Paper, base: str, night: int) -> dict[str, Response]:
    rows = items(paper.key, night)
    found: dict[str, Response] = {}
    for item in rows:
        if item.path is None:
            continue
        if item.article:
            found[item.path] = _article(paper, item.article, base, night, _related(paper, item.article, night))
        elif item.trouble and item.trouble.status:
            found[item.path] = Response(item.trouble.status, item.trouble.body.encode())
            if item.trouble.status == 200:
                found[item.path] = _validated(paper, item.trouble.body.encode(), HTML, item.at)
    return found


def _related(paper: Paper, article: Article, night: int) -> Sequence[Item]:
    """Headlines for the box beside an article. The Talbote's are new each night, the others' stay as they are."""
    rows = [item for item in items(paper.key, 1) if item.article and not item.suffix and not item.is_alias]
    start = article.number + (night if paper.key == "talbote" else 0)
    picked = [rows[(start + step * 5) % len(rows)] for step in range(RELATED_COUNT + 1)]
    return [item for item in picked if item.article and item.article.id != article.id][:RELATED_COUNT]


def _article(paper: Paper, article: Article, base: str, night: int, related: Sequence[Item]) -> Response:
    code = served(article, night)
    if code.isdigit():
        return Response(
            int(code), f"<html><head><title>{code}</title></head><body><h1>{code}</h1></body></html>\n".encode()
        )
    text = render.page(paper, article, base + article_path(article), base, night, related)
    if code == "gzip_cut":
        whole = render.zipped(text)
        return Response(200, whole[: len(whole) * 3 // 5], {"Content-Type": HTML, "Content-Encoding": "gzip"})
    charset = HTML.replace("utf-8", "ISO-8859-1") if article.shape == "latin1" else HTML
    return _validated(paper, render.shaped(text, article), charset, article.updated_at)


def _validated(paper: Paper, body: bytes, content_type: str, changed_at: datetime) -> Response:
    """A response with ETag and Last-Modified, where the paper gives them."""
    headers = {"Content-Type": content_type}
    if paper.validators != "none":
        tag = hashlib.sha256(body).hexdigest()[:20]
        headers |= {"ETag": f'"{tag}"', "Last-Modified": format_datetime(changed_at.astimezone(UTC), usegmt=True)}
    return Response(200, body, headers)
