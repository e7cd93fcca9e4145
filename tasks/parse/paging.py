"""Articles in several pages: which page of how many one is, and the pages of an article joined in order.

A page belongs to an article in parts only when its URL is numbered and it names its neighbour by that very number:
rel=next alone is used by blogs for the next post, and numbered links alone for comments.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import urljoin

from lxml.html import HtmlElement

from schemas.identity import normalise_url
from schemas.reasons import PageKind, Reason
from tasks.parse.images import replaced
from tasks.parse.model import Block, Body, Image, Paging, ParsedPage, Pattern, Receipt, Refusal
from tasks.parse.titles import fold

MOST_PAGES = 40
"""Pages of one article that are joined; longer ones are flagged partial."""
LONG = 40
"""Characters from which a block that an earlier page had is a repetition (an introduction, a box)."""
PARTIAL = "partial"


FORMS: tuple[Pattern, ...] = (
    Pattern(
        re.compile(r"^(.*?)[?&](?:page|pg|seite|pagina|pageno|page_no|pagenum)=(\d{1,3})(&.*)?$", re.IGNORECASE),
        matches="https://a.example/news/long-read?page=2",
        spares="https://a.example/news/long-read?homepage=2",
    ),
    Pattern(
        re.compile(r"^(.*[a-z].*?)/(?:page|seite|pagina)[/-](\d{1,3})(/)?$", re.IGNORECASE),
        matches="https://a.example/news/long-read/page/2/",
        spares="https://a.example/news/the-page-2-rule",
    ),
    Pattern(
        re.compile(r"^([a-z]+://[^/]+/.*[a-z]{2}[^/]*)/(\d{1,2})(/)?$", re.IGNORECASE),
        matches="https://a.example/news/long-read/2/",
        spares="https://a.example/2024/05/12",
    ),
    Pattern(
        re.compile(r"^(.*[^/])_(\d{1,2})(\.s?html?)$", re.IGNORECASE),
        matches="https://a.example/news/long-read_2.html",
        spares="https://a.example/news/flight_370.html",
    ),
)
"""Ways of numbering pages: the number is group 2, between what stands before and behind it."""


def numbered(url: str) -> tuple[str, int]:
    """(what all pages of the article have in common, the page's number) of a URL; number 1 where it names none.

    >>> numbered("https://a.example/story?page=3"), numbered("https://a.example/story")
    (('https://a.example/story', 3), ('https://a.example/story', 1))
    """
    for form in FORMS:
        if match := form.regex.match(url):
            before, behind = match[1], match[3] or ""
            if behind.startswith("&") and "?" not in before:
                behind = f"?{behind[1:]}"
            return f"{before}{behind}".rstrip("/"), max(1, int(match[2]))
    return url.rstrip("/"), 1


def read_paging(tree: HtmlElement, seconds: Sequence[HtmlElement], url: str, canonical: str | None) -> Paging | None:
    """Which page of its article this is, and whether another follows; None for an article on a single page.

    Args:
        tree: the page.
        seconds: its elements that lead to what is numbered 2: all that a first page is asked for (survey.Survey).
        url: its URL.
        canonical: the URL that it names as its own.
    """
    if not url.startswith("http"):
        return None
    own, number = numbered(url)
    named = list(_neighbours(seconds if number == 1 else tree.iter("link", "a"), url))
    has_next = any(stem == own and other == number + 1 for stem, other in named)
    if number == 1:
        return Paging(own, 1, has_next=True, url=url) if has_next else None
    belongs = has_next or any(stem == own and other == number - 1 for stem, other in named)
    if belongs or (canonical is not None and canonical.rstrip("/") == own):
        return Paging(own, number, has_next=has_next, url=url)
    return None


def _neighbours(links: Iterable[HtmlElement], url: str) -> Iterator[tuple[str, int]]:
    """The numbered URLs that the page names as pages: by rel, or by links that read as their number."""
    for element in links:
        href = (element.get("href") or "").strip()
        if not href or element.tag not in ("link", "a"):
            continue
        rel = element.get("rel")
        by_rel = rel is not None and not {"next", "prev"}.isdisjoint(rel.lower().split())
        if not by_rel and not _reads_as_number(element):
            continue
        try:
            found = numbered(normalise_url(urljoin(url, href)))
        except ValueError:
            continue
        if by_rel or found[1] == int(element.text_content()):
            yield found


def _reads_as_number(element: HtmlElement) -> bool:
    """Whether it is a link that reads as a page's number, and not one of the readers' comments."""
    if element.tag != "a":
        return False
    text = element.text_content().strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= 3):
        return False
    names = (f"{above.get('class')} {above.get('id')}".lower() for above in element.iterancestors())
    return not any("comment" in name for name in names)


def join_pages(results: Mapping[int, ParsedPage | Refusal]) -> dict[int, ParsedPage | Refusal]:
    """The results with the pages of each article joined.

    Every page of an article becomes the whole article, under the first page's canonical URL: the store then sees one
    article with one text, and the other URLs as further names of it. Without its first page, a later page is refused;
    an article of which a page is missing is flagged `partial`.
    """
    joined = dict(results)
    for members in _articles(results):
        first = members.get(1)
        if first is None:
            for index, page in members.values():
                joined[index] = _refuse(page)
            continue
        whole, numbers = _joined(members)
        for number, (index, page) in members.items():
            joined[index] = whole if number in numbers else _refuse(page)
    return joined


def _articles(results: Mapping[int, ParsedPage | Refusal]) -> Iterable[dict[int, tuple[int, ParsedPage]]]:
    """For each article in parts: its pages by number, each with its place among the results.

    A URL that was captured several times (an archive) keeps its readings apart: only what came once is joined.
    """
    articles: dict[str, dict[int, tuple[int, ParsedPage]]] = {}
    doubled: set[str] = set()
    for index in sorted(results):
        page = results[index]
        if isinstance(page, ParsedPage) and page.paging is not None:
            members = articles.setdefault(page.paging.stem, {})
            if page.paging.number in members:
                doubled.add(page.paging.stem)
            members[page.paging.number] = (index, page)
    return [members for stem, members in articles.items() if stem not in doubled]


def _joined(members: Mapping[int, tuple[int, ParsedPage]]) -> tuple[ParsedPage, frozenset[int]]:
    """The first page with the blocks of those that follow it without a gap, and their numbers."""
    first = members[1][1]
    blocks, images = list(first.body.blocks), list(first.images)
    number, follows = 1, True
    while follows and number + 1 in members and number < MOST_PAGES:
        number += 1
        page = members[number][1]
        new = list(_new_blocks(blocks, page, first.title))
        images.extend(_new_images(images, page, new, len(blocks)))
        blocks.extend(new)
        follows = page.paging is not None and page.paging.has_next
    flags = [*first.flags, *([PARTIAL] if follows else [])]
    receipt = [Receipt("body", "pages", f"1-{number}")] if number > 1 else []
    whole = replace(
        first,
        body=Body(tuple(blocks)),
        images=tuple(images),
        flags=tuple(flags),
        field_sources=(*first.field_sources, *receipt),
        canonical_url=first.canonical_url or (first.paging.url if first.paging else None),
    )
    return whole, frozenset(range(1, number + 1))


def _new_blocks(before: list[Block], page: ParsedPage, title: str) -> Iterator[Block]:
    """The page's blocks without what an earlier page said already, and without its headline."""
    seen = {block.text for block in before if len(block.text) >= LONG}
    for block in page.body.blocks:
        if block.text in seen or (block.kind == "heading" and fold(block.text) == fold(title)):
            continue
        yield block


def _new_images(before: list[Image], page: ParsedPage, blocks: list[Block], offset: int) -> Iterator[Image]:
    """The page's images that no earlier page shows, their places behind the `offset` blocks before."""
    seen = {image.url for image in before}
    for image in replaced(page.images, page.body.blocks, blocks):
        if image.url not in seen:
            yield replace(image, place=image.place + offset, is_lead=False)


def _refuse(page: ParsedPage) -> Refusal:
    return Refusal(
        Reason.PAGE_KIND,
        rule="page_without_those_before_it",
        field="page_kind",
        value=page.title[:500],
        limits="the pages before it, captured in the same run",
        page_kind=PageKind.LATER_PAGE,
    )
