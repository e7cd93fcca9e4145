"""From facts to fields: the order of belief for each field is a table, and each choice leaves a receipt."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from schemas.reasons import Access
from tasks.parse.authors import choose_authors
from tasks.parse.dates import Moment, parse_date
from tasks.parse.language import choose_language
from tasks.parse.model import Fact, Listed
from tasks.parse.text import storable
from tasks.parse.titles import choose_title, fold, site_names
from tasks.parse.urls import absolute_url, choose_canonical

ORDER: dict[str, tuple[str, ...]] = {
    "published_at": (
        "site_rule", "json_ld", "open_graph", "microdata", "meta", "json_ld_page", "listing",
        "dom:near", "url", "dom:time", "dom:class", "htmldate",
    ),
    "modified_at": ("site_rule", "json_ld", "open_graph", "microdata", "meta", "json_ld_page", "dom:time", "listing"),
    "section": ("site_rule", "json_ld", "open_graph", "meta", "microdata"),
    "tags": ("site_rule", "json_ld", "open_graph", "meta:news_keywords", "meta", "listing"),
    "summary": ("site_rule", "open_graph", "meta:description", "json_ld", "meta", "listing", "json_ld_page"),
    "image_url": ("site_rule", "open_graph", "json_ld", "meta"),
    "access": ("site_rule", "json_ld", "open_graph", "microdata", "meta"),
}  # fmt: skip
"""For each field the origins (family, or family:key) in the order in which they are believed."""

STRUCTURED = frozenset({"site_rule", "json_ld", "open_graph", "microdata", "meta", "listing", "url"})
"""Families whose dates are compared; what the page prints may be about another thing."""

ACCESS_WORDS: dict[str, Access] = {
    "true": Access.FREE, "yes": Access.FREE, "1": Access.FREE, "free": Access.FREE,
    "false": Access.PAYWALL, "no": Access.PAYWALL, "0": Access.PAYWALL, "locked": Access.PAYWALL,
    "paid": Access.PAYWALL, "premium": Access.PAYWALL, "metered": Access.METERED,
}  # fmt: skip

MOST_TAGS = 50
LONGEST_TAG = 100
LONGEST_VALUE = 300
"""Characters of a receipt's value."""


@dataclass
class Chosen:
    """The fields of a page with their receipts and flags."""

    values: dict[str, Any] = field(default_factory=dict)
    sources: list[Fact] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    printed_on: date | None = None

    def take(self, name: str, value: Any, fact: Fact) -> None:
        """Set a field and write its receipt."""
        if isinstance(value, str):
            value = storable(value)
        elif isinstance(value, tuple):
            value = tuple(storable(item) for item in value)
        self.values[name] = value
        self.sources.append(_receipt(name, fact))


def _receipt(name: str, fact: Fact) -> Fact:
    return Fact(name, fact.origin, storable(fact.value[:LONGEST_VALUE]))


def listed_facts(listed: Listed) -> list[Fact]:
    """What the listing said, as facts like any other."""
    single = {
        "title": listed.title,
        "published_at": listed.published_at,
        "modified_at": listed.modified_at,
        "summary": listed.summary,
        "language": listed.language,
    }
    facts = [Fact(name, "listing", value) for name, value in single.items() if value and value.strip()]
    facts += [Fact("authors", "listing", name) for name in listed.authors]
    return facts + [Fact("tags", "listing", tag) for tag in listed.tags]


def in_order(name: str, facts: Iterable[Fact]) -> list[Fact]:
    """The facts on a field, the most believed first."""
    order = ORDER[name]
    ranked = [
        (rank, fact)
        for fact in facts
        if fact.field == name
        for rank in [next((place for place, origin in enumerate(order) if fact.is_from(origin)), None)]
        if rank is not None
    ]
    return [fact for _, fact in sorted(ranked, key=lambda pair: pair[0])]


RULED = frozenset({"title", "authors", "language"})
"""Fields whose places vote: where a site rule takes one of them, nobody else is asked."""


def obeyed(facts: Sequence[Fact]) -> Sequence[Fact]:
    """The facts without those on a field of RULED that a site rule takes."""
    taken = {fact.field for fact in facts if fact.family == "site_rule"} & RULED
    return [fact for fact in facts if fact.field not in taken or fact.family == "site_rule"] if taken else facts


@dataclass(frozen=True)
class Heads:
    """Title and authors of a page, which extraction needs before the other fields are chosen."""

    title: Fact | None
    authors: Sequence[str]
    origin: str | None
    """Where the authors are from."""


def choose_heads(facts: Sequence[Fact], url: str) -> Heads:
    """Title and authors out of a page's facts."""
    names, origin = choose_authors(facts, site_names(facts, url))
    return Heads(choose_title(facts, url), names, origin)


def choose_fields(
    facts: Sequence[Fact],
    *,
    url: str,
    body: str,
    listed: Listed,
    captured_at: datetime,
    heads: Heads | None = None,
) -> Chosen:
    """All fields of a page out of its facts; `heads` where they were chosen from the same facts before."""
    chosen = Chosen()
    heads = heads or choose_heads(facts, url)
    if heads.title:
        chosen.take("title", heads.title.value, heads.title)
    if language := choose_language(facts, body):
        chosen.take("language", language.value, language)
    if heads.authors and (origin := heads.origin):
        told = "; ".join(
            fact.value for fact in facts if fact.field == "authors" and origin in (fact.origin, fact.family)
        )
        chosen.take("authors", tuple(heads.authors), Fact("authors", origin, told))
    if canonical := choose_canonical(facts, url):
        chosen.take("canonical_url", canonical.value, canonical)
    _choose_dates(chosen, facts, listed.time_zone, captured_at)
    _choose_texts(chosen, facts, url)
    return chosen


def _choose_texts(chosen: Chosen, facts: Sequence[Fact], url: str) -> None:
    for fact in in_order("section", facts)[:1]:
        chosen.take("section", fact.value, fact)
    title = fold(chosen.values.get("title", ""))
    for fact in [fact for fact in in_order("summary", facts) if fold(fact.value) != title][:1]:
        chosen.take("summary", fact.value, fact)
    for fact in in_order("access", facts):
        if word := ACCESS_WORDS.get(fact.value.strip().lower()):
            chosen.take("access", word.value, fact)
            break
    for fact in in_order("image_url", facts):
        if image := absolute_url(fact.value, url):
            chosen.take("image_url", image, fact)
            break
    tags, first = _tags(in_order("tags", facts))
    if first is not None:
        chosen.take("tags", tags, first)


def _tags(facts: Sequence[Fact]) -> tuple[tuple[str, ...], Fact | None]:
    """The tags of the most believed origin, without repetitions; lists in one string are split."""
    if not facts:
        return (), None
    origin = facts[0].origin
    values = [fact.value for fact in facts if fact.origin == origin]
    parts = [part.strip() for value in values for part in re.split(r"[,;|，、]", value)]
    kept = dict.fromkeys(part for part in parts if 0 < len(part) <= LONGEST_TAG)
    return tuple(list(kept)[:MOST_TAGS]), Fact("tags", origin, ", ".join(values)) if kept else None


def _choose_dates(chosen: Chosen, facts: Sequence[Fact], zone: str | None, captured_at: datetime) -> None:
    language = chosen.values.get("language")
    published = _moments(in_order("published_at", facts), zone, language)
    if published:
        fact, moment = published[0]
        chosen.take("published_at", moment.at, fact)
        chosen.values["published_at_raw"] = _receipt("published_at", fact).value
        chosen.printed_on = printed_day(published)
        if moment.assumed:
            chosen.flags.append(moment.assumed)
        if moment.at > captured_at + timedelta(days=1):
            chosen.flags.append("date_in_future")
        others = [other for other in published[1:] if _disagree(published[0], other)]
        if others:
            chosen.flags.append("sources_disagree")
            chosen.sources.append(_receipt("published_at", others[0][0]))
        if fact.family == "htmldate":
            chosen.flags.append("date_guessed")
    for fact, moment in _moments(in_order("modified_at", facts), zone, language)[:1]:
        chosen.take("modified_at", moment.at, fact)


def _moments(facts: Iterable[Fact], zone: str | None, language: str | None) -> list[tuple[Fact, Moment]]:
    read = ((fact, parse_date(fact.value, zone=zone, language=language)) for fact in facts)
    return [(fact, moment) for fact, moment in read if moment is not None]


def _disagree(one: tuple[Fact, Moment], other: tuple[Fact, Moment]) -> bool:
    """Whether two structured dates are more than a day apart (two, where one names only the day)."""
    if one[0].family not in STRUCTURED or other[0].family not in STRUCTURED:
        return False
    days = 2 if one[1].assumed or other[1].assumed else 1
    return abs(one[1].at - other[1].at) > timedelta(days=days)


def printed_day(published: Sequence[tuple[Fact, Moment]]) -> date:
    """The day of publication in the paper's own calendar.

    A moment written in UTC may fall on the day after the one that the page prints beside its headline or in its
    URL; one written with an offset is the paper's own time already.
    """
    first = published[0][1]
    if first.assumed is None and not first.at.utcoffset():
        for fact, moment in published[1:]:
            if fact.origin in ("dom:near", "url") and abs(moment.at - first.at) <= timedelta(hours=36):
                return moment.at.date()
    return first.at.date()
