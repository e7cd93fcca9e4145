"""What else a page says of a field: every other candidate behind the chosen one, and a flag where they disagree.

Candidates are compared in a plain form (words of a title, sets of names, moments), so that the site's name, capitals,
the form of a date and an image's size are no disagreement.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tasks.parse.authors import fold_name, names_by
from tasks.parse.model import Fact, Receipt
from tasks.parse.text import storable
from tasks.parse.titles import fold, is_name, strip_site, support
from tasks.parse.urls import SURE_STEM, file_stem

MOST_CANDIDATES = 8
"""Candidates of a field beside the chosen one that are told."""
LONGEST_VALUE = 300
"""Characters of a receipt's value."""
ALIKE = 0.34
"""Share of common words from which two titles tell of the same thing: papers word a headline anew for each place."""

FLAGS: dict[str, str] = {
    "title": "titles_disagree",
    "authors": "authors_disagree",
    "published_at": "sources_disagree",
    "modified_at": "modified_disagree",
    "section": "sections_disagree",
    "tags": "tags_disagree",
    "language": "languages_disagree",
    "image_url": "images_disagree",
    "access": "access_disagrees",
}
"""The flag of each field whose places contradict each other."""

STATED = frozenset({"site_rule", "json_ld", "open_graph", "microdata", "meta", "listing", "html"})
"""Families that state a field; what is only seen on the page may be about another thing, and contradicts nobody."""
HEARD: dict[str, frozenset[str]] = {
    "title": STATED | {"dom", "document"},
    "authors": STATED | {"document"},
    "published_at": STATED | {"url"},
    "modified_at": STATED - {"listing"},
}
"""For some fields other families: a sitemap's lastmod is any rewrite of the page, and so no date of the article's."""
SEEN = frozenset({"dom"})
"""The visible headline states the title where it was chosen; other headings contradict nobody."""


@dataclass(frozen=True)
class Rule:
    """How the candidates of one field are compared.

    `plain` gives a value's plain form, None for no statement; `differ` tells whether two unlike plain forms contradict.
    """

    plain: Callable[[str], Hashable | None]
    differ: Callable[[Any, Any], bool]


def receipt(name: str, fact: Fact) -> Receipt:
    """The receipt of a field's value: where it is from, and as it was written there."""
    return Receipt(name, fact.origin, storable(fact.value[:LONGEST_VALUE]))


def compare(name: str, chosen: Fact, told: Iterable[Fact], rule: Rule) -> tuple[list[Receipt], bool]:
    """The receipts of all candidates but the chosen one, and whether one of them contradicts it.

    Args:
        name: the field.
        chosen: the fact that was taken, its value as written.
        told: the facts on the field, the most believed first.
        rule: how they are compared.
    """
    mine, heard = rule.plain(chosen.value), HEARD.get(name, STATED)
    found: dict[tuple[str, Hashable], Receipt] = {(chosen.origin, mine): receipt(name, chosen)}
    disagree = False
    for fact in told:
        theirs = mine if fact.value == chosen.value else rule.plain(fact.value)
        if theirs is None or (fact.origin, theirs) in found or len(found) > MOST_CANDIDATES:
            continue
        if theirs == mine:
            found[fact.origin, theirs] = Receipt(name, fact.origin, None)
            continue
        found[fact.origin, theirs] = receipt(name, fact)
        if chosen.family in heard and fact.family in heard - SEEN:
            disagree = disagree or rule.differ(mine, theirs)
    return list(found.values())[1:], disagree


def title_rule(names: set[str]) -> Rule:
    """Titles by their words without the site's name; they contradict where next to no word is common to both."""

    def plain(value: str) -> str | None:
        return None if is_name(value, names) else fold(strip_site(value, names)) or None

    return Rule(plain, lambda mine, theirs: not (mine in theirs or theirs in mine) and support(mine, [theirs]) < ALIKE)


def other_authors(
    chosen: Sequence[str], origin: str, told: Sequence[Fact], outlets: frozenset[str]
) -> tuple[list[Receipt], bool]:
    """The same for authors, whose candidates are lists, one an origin; they contradict where none holds the other."""
    mine = _people(chosen)
    found: list[Receipt] = []
    disagree = False
    for other in dict.fromkeys(fact.origin for fact in told):
        names = names_by(other, told, outlets)
        if not names or other == origin or other.partition(":")[0] == origin:
            continue
        theirs = _people(names)
        said = Fact("authors", other, "; ".join(fact.value for fact in told if fact.origin == other))
        found.append(Receipt("authors", other, None) if theirs == mine else receipt("authors", said))
        is_stated = {origin.partition(":")[0], said.family} <= HEARD["authors"]
        disagree = disagree or (
            is_stated and not (_nested(mine, theirs) or _nested(_squeezed(chosen), _squeezed(names)))
        )
    return found[:MOST_CANDIDATES], disagree


def _nested(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return mine <= theirs or theirs <= mine


def _people(names: Iterable[str]) -> frozenset[str]:
    """First and last word of each name: initials and second names are left out by one place and not by another."""
    words = [fold_name(name).split() for name in names]
    return frozenset(f"{parts[0]} {parts[-1]}" for parts in words if parts)


def _squeezed(names: Iterable[str]) -> frozenset[str]:
    """The names without spaces, as addresses and accounts are made of them."""
    return frozenset(fold_name(name).replace(" ", "") for name in names)


def _words(value: str) -> frozenset[str] | None:
    return frozenset(fold(value).split()) or None


def _parts(value: str) -> frozenset[str] | None:
    return frozenset(fold(part) for part in value.split(",")) - {""} or None


def _apart(mine: frozenset[str], theirs: frozenset[str]) -> bool:
    return not mine & theirs


SECTION = Rule(_words, _apart)
TAGS = Rule(_parts, _apart)


def _file(value: str) -> str:
    stem = file_stem(value)
    return stem if len(stem) >= SURE_STEM else value


def _other_file(mine: str, theirs: str) -> bool:
    """Whether two images have names of which neither begins as the other: crops are named at the end."""
    if "/" in mine or "/" in theirs:
        return False  # a name too short to tell
    size = min(len(mine), len(theirs), ALIKE_STEM)
    return mine[:size] != theirs[:size]


ALIKE_STEM = 12
"""Characters that two names of files share where both are of one image."""
IMAGE = Rule(_file, _other_file)
