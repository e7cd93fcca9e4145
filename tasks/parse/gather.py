"""All facts that a page states, from all the places where it states them."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from htmldate import find_date
from lxml.html import HtmlElement

from tasks.parse import json_ld, meta, visible
from tasks.parse.authors import is_named
from tasks.parse.dates import parse_date
from tasks.parse.fields import listed_facts
from tasks.parse.model import Fact, Listed
from tasks.parse.survey import Survey, survey
from tasks.parse.titles import site_names

logging.getLogger("htmldate").setLevel(logging.CRITICAL)  # it logs a line for each date that it doubts


@dataclass
class Gathered:
    """All facts of a page, and its JSON-LD."""

    facts: list[Fact]
    json_ld: json_ld.JsonLd
    main_types: frozenset[str] = frozenset()
    full_text: str = ""
    """JSON-LD's articleBody."""
    declared_words: int = 0
    main_node: Mapping[str, Any] | None = None
    survey: Survey = field(default_factory=Survey)


def gather(tree: HtmlElement, url: str, listed: Listed, surveyed: Survey | None = None) -> Gathered:
    """The facts that head, JSON-LD, microdata, visible text, URL and listing state. Takes JSON-LD out of the tree.

    Args:
        tree: the page.
        url: its URL.
        listed: what the listing said of it.
        surveyed: what `survey` found on it, where it was asked already.
    """
    surveyed = surveyed or survey(tree)
    facts = meta.read_meta(tree) + meta.read_links(tree) + visible.read_headings(tree)
    found = json_ld.read_json_ld(_take_scripts(tree))
    urls = [url, *(fact.value for fact in facts if fact.field == "canonical_url")]
    node = json_ld.main_node(found, urls, [fact.value for fact in facts if fact.field == "title"])
    facts += json_ld.facts_of(found, node) + meta.read_microdata(surveyed.properties)
    facts += _seen(tree, surveyed, url, facts)
    facts += listed_facts(listed)
    gathered = Gathered(facts, found, survey=surveyed)
    if node is not None:
        gathered.main_node, gathered.main_types = node, frozenset(json_ld.types_of(node))
        gathered.full_text = json_ld.full_text(node)
        gathered.declared_words = json_ld.declared_words(node, gathered.full_text)
    return gathered


def _seen(tree: HtmlElement, surveyed: Survey, url: str, told: Sequence[Fact]) -> list[Fact]:
    """What a reader sees of authors and dates.

    The page is searched for elements that are named so only where nothing that is believed more speaks of authors, or
    of a date: to search takes as long as all the rest, and most pages have no need.
    """
    near = visible.find_near(tree)
    facts = visible.read_rel_authors(surveyed.related) + visible.read_near_bylines(near)
    facts += visible.read_times(tree) + visible.read_near_dates(near) + visible.read_url_date(url)
    dated = any(fact.field == "published_at" and DATE.match(fact.value) for fact in (*told, *facts))
    named = is_named([*told, *facts], site_names(told, url))
    if not (dated and named):
        bylines, dates = visible.find_named(surveyed.candidates)
        facts += ([] if named else visible.read_bylines(bylines)) + ([] if dated else visible.read_dates(dates))
    return facts


DATE = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)(?!\d)")
"""How a date begins that needs no second opinion."""


def _take_scripts(tree: HtmlElement) -> list[str]:
    """The texts of the JSON-LD scripts, which leave the tree: what of them becomes body text is decided in `page`."""
    scripts = [script for script in tree.iter("script") if "ld+json" in (script.get("type") or "").lower()]
    texts = [script.text for script in scripts if script.text]
    for script in scripts:
        script.drop_tree()
    return texts


def guess_date(gathered: Gathered, tree: HtmlElement, url: str, captured_at: datetime) -> None:
    """Ask htmldate where nothing else speaks of a date; what it finds is flagged as a guess."""
    if any(fact.field == "published_at" for fact in gathered.facts):
        return
    latest = captured_at.date().isoformat()
    try:
        guess = find_date(tree, original_date=True, extensive_search=False, max_date=latest, url=url)
    except (ValueError, RecursionError, OverflowError, AttributeError):
        return  # a guess that fails is no guess: it meets any markup there is
    changed = {
        moment.at.date()
        for fact in gathered.facts
        if fact.field == "modified_at" and (moment := parse_date(fact.value))
    }
    if guess and date.fromisoformat(guess) not in changed:
        gathered.facts.append(Fact("published_at", "htmldate", guess))
