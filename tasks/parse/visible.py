"""Facts that a reader sees: headings, the title element, bylines, dates. And the date that a URL spells."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from tasks.parse.dom import short_text_of, text_of
from tasks.parse.model import Fact
from tasks.parse.survey import may_be

BYLINE_TAGS = frozenset("a span div p li address strong h3 h4 h5".split())  # noqa: SIM905  a column of quotes reads worse
DATED_TAGS = frozenset("span div p li dd td small strong em a h4 h5 h6".split())  # noqa: SIM905  as above
BYLINE_TOKEN = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|authors|author-?name|by-?line-?name|contributor|writer)(?:$|[\s_-])", re.I
)
BY = re.compile(
    r"(?:(?:written|reported|posted|story|words|published)\s+by\s*:?|by\s*:?|von|par|por|door|di|author\s*:|autore?\s*:)\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"comment|related|recommend|sidebar|footer|teaser|promo|most-?(?:read|popular)|newsletter|widget|carousel|trending"
    r"|latest|more-?(?:from|stories|news)|up-?next|bio(?:$|[\s_-])",
    re.I,
)
"""Words in class or id of what surrounds things that belong to other articles, or to the author's page."""

PUBLISHED_TOKEN = re.compile(r"publish|posted|created|issued|date|timestamp", re.I)
MODIFIED_TOKEN = re.compile(r"modif|updat|edited|revis", re.I)

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_.-]?(0[1-9]|1[0-2])[/_.-]?(0[1-9]|[12]\d|3[01])(?!\d)")
URL_DATE_PATH = re.compile(r"/((?:19|20)\d\d)/(\d\d?|[a-z]{3})/(\d\d?)/", re.I)
MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = {name: number for number, name in enumerate(MONTH_NAMES, 1)}

MAX_CANDIDATES = 40
NEAR = 25
"""Elements with text after the headline among which byline and date are looked for."""
MAX_FOLLOWING = 2_000


def read_headings(tree: HtmlElement) -> list[Fact]:
    """The h1 texts in order, then the title element's text."""
    heads = (text_of(element) for element in list(tree.iter("h1"))[:5])
    facts = [Fact("title", "dom:h1", text) for text in heads if text]
    for element in tree.iter("title"):
        if element.getparent() is not None and element.getparent().tag in ("svg", "g", "symbol"):
            continue
        if text := " ".join((element.text or "").split()):
            facts.append(Fact("title", "title_tag", text))
            break
    return facts


def find_near(tree: HtmlElement) -> list[tuple[HtmlElement, str]]:
    """The elements close below the first h1 that hold short text of their own, with it."""
    pairs = ((element, short_text_of(element, LONGEST_TEXT)) for element in _after_heading(tree))
    return [(element, text) for element, text in pairs if text is not None]


def find_named(candidates: Iterable[HtmlElement]) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """The elements whose class, id or test id may mean a byline, and those that may mean a date.

    MAX_CANDIDATES of each at most, in document order.

    Args:
        candidates: those that survey.Survey has.
    """
    bylines: list[HtmlElement] = []
    dates: list[HtmlElement] = []
    for element in dict.fromkeys(candidates):
        told = [may_be(name, value) for name in NAMES if (value := element.get(name))]
        if element.tag in BYLINE_TAGS and any(byline for byline, _ in told):
            bylines.append(element)
        if element.tag in DATED_TAGS and any(dated for _, dated in told):
            dates.append(element)
    return bylines[:MAX_CANDIDATES], dates[:MAX_CANDIDATES]


NAMES = ("class", "id", "data-testid")
LONGEST_TEXT = 120
"""Characters that no byline and no date is longer than."""


def read_rel_authors(related: Iterable[HtmlElement]) -> list[Fact]:
    """Texts of links that are marked as leading to the author, MAX_CANDIDATES of them at most."""
    marked = (element for element in related if element.tag == "a" and "author" in element.get("rel", "").split(" "))
    return _names_in(islice(marked, MAX_CANDIDATES), "dom:rel")


def read_bylines(elements: Iterable[HtmlElement]) -> list[Fact]:
    """Texts of elements that are named as the author's name."""
    return _names_in((element for element in elements if _is_byline(element)), "dom:class")


def _names_in(elements: Iterable[HtmlElement], origin: str) -> list[Fact]:
    facts: list[Fact] = []
    for element in elements:
        if _elsewhere(element):
            continue
        text = short_text_of(element, LONGEST_TEXT)
        if text is not None and len(text) > 3:
            facts.append(Fact("authors", origin, text))
    return facts


def read_near_bylines(near: Iterable[tuple[HtmlElement, str]]) -> list[Fact]:
    """Texts close below the h1 that begin as a byline does: By Ann Lee."""
    found = (text for _, text in near if BY.match(text))
    return [Fact("authors", "dom:near", text) for text in islice(found, 3)]


def _is_byline(element: HtmlElement) -> bool:
    return any(BYLINE_TOKEN.search(element.get(name) or "") for name in NAMES)


def _elsewhere(element: HtmlElement) -> bool:
    """Whether the element or one of its nearest ancestors belongs to other articles or to furniture."""
    node, steps = element, 0
    while node is not None and steps < 8 and node.tag not in ("body", "html", "main"):
        if node.tag in ("aside", "footer", "nav") or _is_elsewhere(node.get("class") or "", node.get("id") or ""):
            return True
        node, steps = node.getparent(), steps + 1
    return False


@lru_cache(maxsize=2_000)
def _is_elsewhere(class_names: str, identity: str) -> bool:
    return ELSEWHERE.search(f"{class_names} {identity}") is not None


def read_times(tree: HtmlElement) -> list[Fact]:
    """Time elements with a datetime, as published or modified by their own and their parents' words."""
    facts: list[Fact] = []
    for element in list(tree.iter("time"))[:MAX_CANDIDATES]:
        value = (element.get("datetime") or "").strip() or text_of(element)
        if not value or len(value) > 80 or _elsewhere(element):
            continue
        words = _marks(element)
        field = (
            "modified_at" if MODIFIED_TOKEN.search(words) and not re.search("publish", words, re.I) else "published_at"
        )
        facts.append(Fact(field, "dom:time", value))
    return facts


def _marks(element: HtmlElement) -> str:
    parent = element.getparent()
    nodes = [element] if parent is None else [element, parent]
    marks = " ".join(f"{node.get('class') or ''} {node.get('id') or ''} {node.get('itemprop') or ''}" for node in nodes)
    before = element.getprevious()
    lead = (before.tail if before is not None else parent.text if parent is not None else "") or ""
    return f"{marks} {lead[-40:]}"


def read_near_dates(near: Iterable[tuple[HtmlElement, str]]) -> list[Fact]:
    """Short texts close below the h1 that hold a year."""
    return _dates_in(near, "dom:near")


def read_dates(elements: Iterable[HtmlElement]) -> list[Fact]:
    """Short texts that hold a year, in elements whose class or id speaks of a date."""
    return _dates_in(((element, short_text_of(element, LONGEST_TEXT)) for element in elements), "dom:class")


def _dates_in(pairs: Iterable[tuple[HtmlElement, str | None]], origin: str) -> list[Fact]:
    facts: list[Fact] = []
    for element, text in pairs:
        if text is None or not YEAR.search(text) or _elsewhere(element):
            continue
        words = f"{_marks(element)} {text}"
        changed = MODIFIED_TOKEN.search(words) and not PUBLISHED_TOKEN.search(words)
        facts.append(Fact("modified_at" if changed else "published_at", origin, text))
    return facts


def _after_heading(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The first elements after the first h1 that hold text of their own."""
    heading = next(tree.iter("h1"), None)
    found = 0
    for element in islice(_following(heading), MAX_FOLLOWING):
        if element.tag in ("script", "style", "noscript", "h1") or not _has_own_text(element):
            continue
        yield element
        found += 1
        if found == NEAR:
            return


def _following(element: HtmlElement | None) -> Iterator[HtmlElement]:
    """All elements that begin after the element ends, in document order."""
    while element is not None:
        for sibling in element.itersiblings():
            yield from sibling.iter()
        element = element.getparent()


def _has_own_text(element: HtmlElement) -> bool:
    if element.text and element.text.strip():
        return True
    return any(child.tail and child.tail.strip() for child in element)


def read_url_date(url: str) -> list[Fact]:
    """The date in the URL's path, as YYYY-MM-DD.

    >>> [fact.value for fact in read_url_date("https://x.org/2023/12/07/a")]
    ['2023-12-07']
    """
    for year, month, day in _url_dates(url):
        if 1 <= month <= 12 and 1 <= day <= 31:
            return [Fact("published_at", "url", f"{year:04}-{month:02}-{day:02}")]
    return []


def _url_dates(url: str) -> Iterator[tuple[int, int, int]]:
    if match := URL_DATE_PATH.search(url):
        month = match[2].lower()
        yield int(match[1]), MONTHS.get(month, 0) if month.isalpha() else int(month), int(match[3])
    if match := URL_DATE.search(url):
        yield int(match[1]), int(match[2]), int(match[3])
