"""All facts that a page states, from all the places where it states them."""

import logging
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from htmldate import find_date
from lxml.html import HtmlElement

from tasks.parse import json_ld, meta, visible
from tasks.parse.dates import parse_date
from tasks.parse.fields import listed_facts
from tasks.parse.model import Fact, Listed

logging.getLogger("htmldate").setLevel(logging.CRITICAL)  # it logs a line for each date that it doubts


@dataclass
class Gathered:
    """All facts of a page, and its JSON-LD."""

    facts: list[Fact]
    json_ld: json_ld.JsonLd
    main_types: frozenset[str]
    full_text: str = ""
    """JSON-LD's articleBody."""
    declared_words: int = 0
    main_node: Mapping[str, Any] | None = None


def gather(tree: HtmlElement, url: str, listed: Listed) -> Gathered:
    """The facts that head, JSON-LD, microdata, visible text, URL and listing state. Takes JSON-LD out of the tree."""
    facts = meta.read_meta(tree) + meta.read_links(tree) + visible.read_headings(tree)
    found = json_ld.read_json_ld(_take_scripts(tree))
    urls = [url, *(fact.value for fact in facts if fact.field == "canonical_url")]
    node = json_ld.main_node(found, urls, [fact.value for fact in facts if fact.field == "title"])
    facts += json_ld.facts_of(found, node) + meta.read_microdata(tree)
    marked = visible.find_marked(tree)
    facts += visible.read_bylines(marked) + visible.read_near_bylines(marked)
    facts += visible.read_times(tree) + visible.read_dates(marked) + visible.read_url_date(url)
    facts += listed_facts(listed)
    if node is None:
        return Gathered(facts, found, frozenset())
    full = json_ld.full_text(node)
    return Gathered(facts, found, frozenset(json_ld.types_of(node)), full, json_ld.declared_words(node, full), node)


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
        guess = find_date(copy(tree), original_date=True, extensive_search=False, max_date=latest, url=url)
    except (ValueError, RecursionError, OverflowError, AttributeError):
        return  # a guess that fails is no guess: it meets any markup there is
    changed = {
        moment.at.date()
        for fact in gathered.facts
        if fact.field == "modified_at" and (moment := parse_date(fact.value))
    }
    if guess and date.fromisoformat(guess) not in changed:
        gathered.facts.append(Fact("published_at", "htmldate", guess))
