"""One pass over all elements of a page, for everything that looks for elements by an attribute.

To make an element costs more than to read its attributes, and to keep it costs as much again: so one pass makes each,
and only those are kept that somebody looks for.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from lxml.html import HtmlElement

BYLINE_CLASS = re.compile("[aA]uthor|[bB]yline")
BYLINE_ID = re.compile("byline|author")
DATED_CLASS = re.compile("[dD]ate|[pP]ublish|[tT]ime|posted|meta|byline")
"""What in class or id makes an element a candidate. Substrings: sites write postDate, date-line and meta_info."""
SECOND = re.compile(r"[=/_-]0{0,2}2(?:/|&.*|\.s?html?)?\s*$")
"""How the URLs of second pages end in all of paging.FORMS."""

Named = tuple[bool, bool]
"""Whether an element may hold a byline, and a date."""


@dataclass
class Survey:
    """The elements that attributes set apart, each list in document order."""

    classes: dict[str, Named] = field(default_factory=dict)
    """Each value of a class attribute, and what it may name."""
    ids: dict[str, Named] = field(default_factory=dict)
    candidates: list[HtmlElement] = field(default_factory=list)
    """The elements whose class, id or test id may mean a byline or a date; some of them twice."""
    properties: list[HtmlElement] = field(default_factory=list)
    """All elements with an itemprop."""
    styled: list[HtmlElement] = field(default_factory=list)
    """All elements in the body with a style or with hidden; twice with both."""
    related: list[HtmlElement] = field(default_factory=list)
    """All elements with a rel."""
    seconds: list[HtmlElement] = field(default_factory=list)
    """All elements whose href ends as a second page's."""


def survey(tree: HtmlElement) -> Survey:
    """All of them."""
    found = Survey()
    candidates, styled = found.candidates, found.styled
    names = {"class": found.classes, "id": found.ids, "data-testid": {}}
    lists = {"style": styled, "hidden": styled, "itemprop": found.properties, "rel": found.related}
    body = tree.find("body")
    for element in tree.iter():
        for name, value in element.items():
            known = names.get(name)
            if known is not None:
                named = known.get(value)
                if named is None:
                    named = known[value] = may_be(name, value)
                if named is not NEITHER:
                    candidates.append(element)
            elif name == "href":
                if "2" in value and SECOND.search(value):
                    found.seconds.append(element)
            elif name in lists:
                lists[name].append(element)
        if element is body:
            styled.clear()
    return found


NEITHER: Named = (False, False)


@lru_cache(maxsize=10_000)
def may_be(attribute: str, value: str) -> Named:
    """Whether an element with that class, id or data-testid may hold a byline, and a date; else it is NEITHER."""
    if attribute == "class":
        named = BYLINE_CLASS.search(value) is not None, DATED_CLASS.search(value) is not None
    elif attribute == "id":
        named = BYLINE_ID.search(value) is not None, "date" in value
    else:
        named = "byline" in value, False
    return named if any(named) else NEITHER
