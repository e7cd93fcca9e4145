"""A page with its site's rules applied: what they drop leaves the tree, what they take becomes facts and blocks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError
from lxml.etree import XPath, XPathError
from lxml.html import HtmlElement

from tasks.parse.body import Found
from tasks.parse.dom import text_of
from tasks.parse.extractor.extract import Picture, blocks_of
from tasks.parse.extractor.walk import walk
from tasks.parse.model import Block, Body, Fact
from tasks.parse.site_rules.model import SiteRule
from tasks.parse.text import one_line, storable

ATTRIBUTE = re.compile(r"@([a-zA-Z_][\w:-]*)$")
"""What ends a selector that takes an attribute: `time.published@datetime`."""
MANY = frozenset({"authors", "tags"})
"""Fields that every element gives a value of; of the others the first element counts."""
LONGEST = 2_000
"""Characters of a value that are looked at."""

FAMILY = "site_rule"


@dataclass(frozen=True)
class Ruled:
    """What the rules gave: facts, the body (None: they name none), their versions, selectors that found nothing."""

    facts: tuple[Fact, ...] = ()
    found: Found | None = None
    versions: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


def selector_problem(selector: str, *, with_attribute: bool) -> str | None:
    """What is wrong with a selector, in words; None when nothing is.

    >>> selector_problem("div..x", with_attribute=False)
    "'div..x' is no CSS selector (Expected ident, got <DELIM '.' at 4>)"
    """
    if ATTRIBUTE.search(selector) and not with_attribute:
        return f"{selector!r} names an attribute; here an element is wanted"
    try:
        _compile(selector)
    except (SelectorError, XPathError, ValueError) as error:
        return f"{selector!r} is no CSS selector ({error})"
    return None


@lru_cache(maxsize=4_096)
def _compile(selector: str) -> tuple[XPath, str | None]:
    attribute = ATTRIBUTE.search(selector)
    css = selector[: attribute.start()] if attribute else selector
    return XPath(HTMLTranslator().css_to_xpath(css)), attribute[1] if attribute else None


def apply_rules(tree: HtmlElement, rules: Sequence[SiteRule]) -> Ruled:
    """What the rules take out of the page; what they drop is gone from the tree afterwards."""
    if not rules:
        return Ruled()
    for rule in rules:
        for selector in rule.drop:
            _drop(_compile(selector)[0](tree))
    facts: list[Fact] = []
    found = Found(Body())
    missed: list[str] = []
    for rule in rules:
        for name, selector in rule.take:
            path, attribute = _compile(selector)
            elements = path(tree)
            if name == "body":
                here = _read(_outermost(elements))
                found = found if found.body.blocks else here
                missed += [] if here.body.blocks else [f"{rule.id}.{name}"]
                continue
            values = _values(elements, attribute)
            facts += [Fact(name, f"{FAMILY}:{rule.id}", value) for value in (values if name in MANY else values[:1])]
            missed += [] if values else [f"{rule.id}.{name}"]
    taken = found if found.body.blocks else None
    return Ruled(tuple(facts), taken, tuple(rule.version for rule in rules), tuple(missed))


def _drop(elements: Iterable[HtmlElement]) -> None:
    for element in elements:
        if element.getparent() is not None and element.tag not in ("html", "body"):
            element.drop_tree()


def _outermost(elements: Sequence[HtmlElement]) -> list[HtmlElement]:
    """The elements without those that lie in another of them, whose text would come twice."""
    chosen = set(elements)
    return [element for element in elements if not any(above in chosen for above in element.iterancestors())]


def _read(elements: Iterable[HtmlElement]) -> Found:
    """All blocks of the elements, and what may be images among them."""
    blocks: list[Block] = []
    pictures: list[Picture] = []
    for element in elements:
        page = walk(element)
        here, seen = blocks_of(page, range(len(page.texts)))
        pictures += [replace(picture, place=picture.place + len(blocks)) for picture in seen]
        blocks += here
    return Found(Body(tuple(blocks)), pictures=tuple(pictures))


def _values(elements: Iterable[HtmlElement], attribute: str | None) -> list[str]:
    found = (
        text_of(element) if attribute is None else storable(one_line((element.get(attribute) or "")[:LONGEST]))
        for element in elements
    )
    return [value[:LONGEST] for value in found if value]
