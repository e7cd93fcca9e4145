"""The language of searches, read into tantivy's queries. Pure.

Words, "phrases", AND, OR, NOT, brackets, beginnings (pira*), and site:, language:, title:, since: and until:.
Words side by side must all be there.

What does not belong here: where the index lies and what is in it (search_index.py).
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from tantivy import FieldType, Occur, Query, Schema, TextAnalyzer

from tasks.errors import UsageError

_TOKEN = re.compile(
    r'\s*(?:(?P<field>[A-Za-z]+):(?=\S)|(?P<sign>[()])|(?P<minus>-)(?=\S)|"(?P<phrase>[^"]*)"|(?P<word>[^\s()"]+))'
)
TITLE_WEIGHT = 2.0
FIELDS = ("site", "language", "title", "since", "until")
HINT = 'a search is made of words, "phrases", AND, OR, NOT, brackets, site:, language:, title:, since: and until:'


@dataclass
class Reader:
    """One query while it is read."""

    text: str
    schema: Schema
    analyzer: TextAnalyzer
    sites: Collection[str]
    tokens: list[tuple[str, str]] = field(default_factory=list)
    at: int = 0

    def peek(self) -> tuple[str, str]:
        """The next token, or an end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        """The next token, which is used up."""
        token = self.peek()
        self.at += 1
        return token


def parse_query(text: str, schema: Schema, analyzer: TextAnalyzer, sites: Collection[str]) -> Query:
    """The query of a search.

    Args:
        text: What the user typed.
        schema: `search_index.search_schema`.
        analyzer: `search_index.analyzer`.
        sites: Sites that there are.

    Raises:
        UsageError: it is empty or left open, or names an unknown field or site, or a date that is none.
    """
    if text.count('"') % 2:
        raise UsageError(f'The search {text} opens a quote that it does not close: add a ".')
    read = Reader(text, schema, analyzer, sites, [_told(found) for found in _TOKEN.finditer(text)])
    if not read.tokens:
        raise UsageError(f"The search is empty: {HINT}.")
    query = _either(read)
    if read.peek()[0] != "end":
        raise UsageError(f"The search {text} closes a bracket that it did not open.")
    return query


def _told(found: "re.Match[str]") -> tuple[str, str]:
    kind = str(found.lastgroup)
    value = found[kind]
    if kind == "word" and value in ("AND", "OR", "NOT"):
        return value, value
    return ("NOT", value) if kind == "minus" else (value if kind == "sign" else kind, value)


def _either(read: Reader) -> Query:
    parts = [_all(read)]
    while read.peek()[0] == "OR":
        read.take()
        parts.append(_all(read))
    return parts[0] if len(parts) == 1 else Query.boolean_query([(Occur.Should, part) for part in parts])


def _all(read: Reader) -> Query:
    parts: list[tuple[Occur, Query]] = []
    while read.peek()[0] not in ("end", "OR", ")"):
        if read.peek()[0] == "AND" and parts:
            read.take()
        occur = Occur.Must
        while read.peek()[0] == "NOT":
            read.take()
            occur = Occur.Must if occur == Occur.MustNot else Occur.MustNot
        parts.append((occur, _atom(read)))
    if not parts:
        raise UsageError(f"The search {read.text} lacks a word beside AND, OR, NOT or in a bracket.")
    if all(occur == Occur.MustNot for occur, _ in parts):
        parts.append((Occur.Must, Query.all_query()))
    return parts[0][1] if len(parts) == 1 else Query.boolean_query(parts)


def _atom(read: Reader) -> Query:
    kind, value = read.take()
    if kind == "(":
        query = _either(read)
        if read.take()[0] != ")":
            raise UsageError(f"The search {read.text} opens a bracket that it does not close: add a ).")
        return query
    if kind == "field":
        return _limited(read, value.lower())
    if kind in ("word", "phrase"):
        return _words(read, value, ("title", "body"))
    raise UsageError(f"The search {read.text} lacks a word beside AND, OR, NOT or in a bracket.")


def _limited(read: Reader, name: str) -> Query:
    kind, value = read.take()
    if name not in FIELDS or kind not in ("word", "phrase"):
        raise UsageError(f"A search has no field {name}: with a value; it has {', '.join(FIELDS)}.")
    return _LIMITS[name](read, value)


def _site(read: Reader, value: str) -> Query:
    if value not in read.sites:
        near = get_close_matches(value, read.sites, n=3) or sorted(read.sites)[:5]
        raise UsageError(f"There is no article of the site {value}; there are some of {', '.join(near)}.")
    return Query.const_score_query(Query.term_query(read.schema, "site", value), 0.0)


def _language(read: Reader, value: str) -> Query:
    return Query.const_score_query(Query.term_query(read.schema, "language", value.lower()), 0.0)


def _title(read: Reader, value: str) -> Query:
    return _words(read, value, ("title",))


def _days(read: Reader, value: str, *, is_first: bool) -> Query:
    try:
        day = (date.fromisoformat(value) - date(1970, 1, 1)).days
    except ValueError:
        raise UsageError(f"{value} is no day: write it as 2026-03-01.") from None
    first, last = (day, None) if is_first else (None, day)
    return Query.const_score_query(Query.range_query(read.schema, "day", FieldType.Integer, first, last), 0.0)


_LIMITS: dict[str, Callable[[Reader, str], Query]] = {
    "site": _site,
    "language": _language,
    "title": _title,
    "since": lambda read, value: _days(read, value, is_first=True),
    "until": lambda read, value: _days(read, value, is_first=False),
}


def _words(read: Reader, value: str, fields: tuple[str, ...]) -> Query:
    """The words of a value side by side, in one of the fields; a * behind the last stands for any end of it."""
    words: list[str | tuple[int, str]] = [*read.analyzer.analyze(value)]
    if not words:
        raise UsageError(f"{value} in the search {read.text} has no letter or digit to look for.")
    parts = []
    for name in fields:
        found = _beside(read.schema, name, words, is_open=value.endswith("*"))
        parts.append((Occur.Should, Query.boost_query(found, TITLE_WEIGHT) if name == "title" else found))
    return parts[0][1] if len(parts) == 1 else Query.boolean_query(parts)


def _beside(schema: Schema, name: str, words: list[str | tuple[int, str]], *, is_open: bool) -> Query:
    if is_open and len(words) > 1:
        return Query.phrase_prefix_query(schema, name, words)
    if is_open:
        return Query.regex_query(schema, name, f"{words[0]}.*")
    if len(words) > 1:
        return Query.phrase_query(schema, name, words)
    return Query.term_query(schema, name, str(words[0]))
