"""From facts to fields: the order of belief for each field is a table, and each choice leaves a receipt."""

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from schemas.reasons import Access
from tasks.parse.authors import choose_authors
from tasks.parse.candidates import FLAGS, IMAGE, SECTION, TAGS, Rule, compare, other_authors, receipt, title_rule
from tasks.parse.dates import Moment, parse_date
from tasks.parse.language import choose_language, declared_code
from tasks.parse.model import Fact, Listed, Receipt
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

ACCESS_WORDS: dict[str, Access] = {
    "true": Access.FREE, "yes": Access.FREE, "1": Access.FREE, "free": Access.FREE,
    "false": Access.PAYWALL, "no": Access.PAYWALL, "0": Access.PAYWALL, "locked": Access.PAYWALL,
    "paid": Access.PAYWALL, "premium": Access.PAYWALL, "metered": Access.METERED,
}  # fmt: skip

MOST_TAGS = 50
LONGEST_TAG = 100


@dataclass
class Chosen:
    """The fields of a page with their receipts and flags."""

    values: dict[str, Any] = field(default_factory=dict)
    sources: list[Receipt] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    printed_on: date | None = None

    def take(self, name: str, value: Any, fact: Fact) -> None:
        """Set a field and write its receipt."""
        if isinstance(value, str):
            value = storable(value)
        elif isinstance(value, tuple):
            value = tuple(storable(item) for item in value)
        self.values[name] = value
        self.sources.append(receipt(name, fact))

    def weigh(self, name: str, others: tuple[list[Receipt], bool]) -> None:
        """Write the receipts of the other candidates of a field, and flag a disagreement."""
        receipts, disagree = others
        self.sources += receipts
        if disagree:
            self.flags.append(FLAGS[name])


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


RANKS = {name: {origin: rank for rank, origin in enumerate(order)} for name, order in ORDER.items()}
UNRANKED = 99


def in_order(name: str, facts: Iterable[Fact]) -> list[Fact]:
    """The facts on a field, the most believed first."""
    ranks = RANKS[name]
    ranked = [
        (min(ranks.get(fact.origin, UNRANKED), ranks.get(fact.family, UNRANKED)), fact)
        for fact in facts
        if fact.field == name
    ]
    ranked.sort(key=operator.itemgetter(0))
    return [fact for rank, fact in ranked if rank < UNRANKED]


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
    names: frozenset[str] = frozenset()
    """What the site calls itself, folded."""


def choose_heads(facts: Sequence[Fact], url: str) -> Heads:
    """Title and authors out of a page's facts."""
    site = frozenset(site_names(facts, url))
    names, origin = choose_authors(facts, site)
    return Heads(choose_title(facts, url), names, origin, site)


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
    _take_heads(chosen, facts, heads or choose_heads(facts, url))
    if language := choose_language(facts, body):
        chosen.take("language", language.value, language)
        chosen.weigh("language", compare("language", language, of_field("language", facts), LANGUAGE))
    if canonical := choose_canonical(facts, url):
        chosen.take("canonical_url", canonical.value, canonical)
    _choose_dates(chosen, facts, listed.time_zone, captured_at)
    _choose_texts(chosen, facts, url)
    return chosen


def of_field(name: str, facts: Iterable[Fact]) -> list[Fact]:
    """The facts on a field, as the page gives them."""
    return [fact for fact in facts if fact.field == name]


LANGUAGE = Rule(declared_code, operator.ne)


def _access(value: str) -> str | None:
    word = ACCESS_WORDS.get(value.strip().lower())
    return None if word is None else word.value


ACCESS = Rule(_access, lambda mine, theirs: Access.FREE in (mine, theirs))
"""Free or not: whether a meter or a wall closes the rest is told in one word or the other by one and the same page."""


def _take_heads(chosen: Chosen, facts: Sequence[Fact], heads: Heads) -> None:
    if heads.title:
        chosen.take("title", heads.title.value, heads.title)
        rule = title_rule(set(heads.names))
        chosen.weigh("title", compare("title", heads.title, of_field("title", facts), rule))
    if heads.authors and (origin := heads.origin):
        told = of_field("authors", facts)
        said = "; ".join(fact.value for fact in told if fact.is_from(origin))
        chosen.take("authors", tuple(heads.authors), Fact("authors", origin, said))
        chosen.weigh("authors", other_authors(heads.authors, origin, told, heads.names))


def _choose_texts(chosen: Chosen, facts: Sequence[Fact], url: str) -> None:
    title = fold(chosen.values.get("title", ""))
    for fact in [fact for fact in in_order("summary", facts) if fold(fact.value) != title][:1]:
        chosen.take("summary", fact.value, fact)
    _choose(chosen, "section", facts, lambda value: value, SECTION)
    _choose(chosen, "access", facts, _access, ACCESS)
    _choose(chosen, "image_url", facts, lambda value: absolute_url(value, url), IMAGE)
    told = in_order("tags", facts)
    tags, first = _tags(told)
    if first is not None:
        chosen.take("tags", tags, first)
        chosen.weigh("tags", compare("tags", first, _joined(told), TAGS))


def _choose(chosen: Chosen, name: str, facts: Sequence[Fact], read: Callable[[str], str | None], rule: Rule) -> None:
    """Take the first fact on the field that can be read, and weigh the others against it."""
    told = in_order(name, facts)
    for fact in told:
        value = read(fact.value)
        if value is not None:
            chosen.take(name, value, fact)
            chosen.weigh(name, compare(name, fact, told, rule))
            return


def _joined(told: Sequence[Fact]) -> list[Fact]:
    """One fact for each origin, with all that it says."""
    said: dict[str, list[str]] = {}
    for fact in told:
        said.setdefault(fact.origin, []).append(fact.value)
    return [Fact("tags", origin, ", ".join(values)) for origin, values in said.items()]


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
        chosen.values["published_at_raw"] = receipt("published_at", fact).value
        chosen.printed_on = printed_day(published)
        if moment.assumed:
            chosen.flags.append(moment.assumed)
        if moment.at > captured_at + timedelta(days=1):
            chosen.flags.append("date_in_future")
        chosen.weigh("published_at", _others("published_at", published))
        if fact.family == "htmldate":
            chosen.flags.append("date_guessed")
    modified = _moments(in_order("modified_at", facts), zone, language)
    for fact, moment in modified[:1]:
        chosen.take("modified_at", moment.at, fact)
        chosen.weigh("modified_at", _others("modified_at", modified))


def _moments(facts: Iterable[Fact], zone: str | None, language: str | None) -> list[tuple[Fact, Moment]]:
    read = ((fact, parse_date(fact.value, zone=zone, language=language)) for fact in facts)
    return [(fact, moment) for fact, moment in read if moment is not None]


def _others(name: str, moments: Sequence[tuple[Fact, Moment]]) -> tuple[list[Receipt], bool]:
    """The candidates behind the first, by the moments that they name."""
    known = {fact.value: moment for fact, moment in moments}
    return compare(name, moments[0][0], (fact for fact, _ in moments), Rule(known.get, _disagree))


def _disagree(one: Moment, other: Moment) -> bool:
    """Whether two moments are more than a day apart (two, where one names only the day)."""
    days = 2 if one.assumed or other.assumed else 1
    return abs(one.at - other.at) > timedelta(days=days)


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
