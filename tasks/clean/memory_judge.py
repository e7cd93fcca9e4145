"""Which units that recur on a site are its furniture: counted over different articles, judged on evidence. Pure.

Two articles are different when they share less than half of their units: re-crawls, syndicated twins and pages that
are nothing but a consent text count as one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import islice, pairwise

from tasks.clean.memory_units import Unit, paragraph_keys, unit_key, units
from tasks.clean.words.furniture import ADDRESS, CALL, NOTICE, Vocabulary

_QUOTE = re.compile(r"[\"“”„«»‘]")
MOST_UNITS = 1000
"""Units of one page that are looked at, so that no page makes a site slow."""
_CONTENT_LETTERS = 5
"""Words shorter than this tie no line to a story."""


@dataclass(frozen=True)
class Evidence:
    """How much must be seen before a line is cut. Measured on pages of news sites whose text is known.

    Attributes:
        asked: (words, articles): a line of so many words that asks something of the reader or tells of rights needs
            so many different articles.
        plain_articles: any other line needs so many ...
        plain_words: ... and so many words ...
        plain_share: ... on at least this share of the articles that were looked at ...
        scattered_share: ... and stands at the edge of no more than this share of them: a motto, a dateline and a
            ticker have their fixed place there.
        run_paragraphs, run_words: ... or stands, in two different articles, in the same run of so many paragraphs and
            words at the begin or the end of the text: nobody writes two articles with one ending ...
        wide_of, wide_articles, wide_share: ... or is a paragraph at the edge of at least so many articles and of this
            share of a site of at least wide_of: no column and no ticker fills a site.
        topical_share: a line whose own words stand elsewhere in its articles belongs to their story ...
        strict_topical_share: ... and so much of them is enough where a run or the width is the evidence.
        twin_share: articles that share this much of their units are one.
    """

    asked: tuple[tuple[int, int], ...] = ((6, 2), (4, 4))
    plain_articles: int = 8
    plain_words: int = 5
    plain_share: float = 0.1
    scattered_share: float = 0.7
    run_paragraphs: int = 3
    run_words: int = 20
    wide_of: int = 5
    wide_articles: int = 3
    wide_share: float = 0.6
    topical_share: float = 0.34
    strict_topical_share: float = 0.2
    twin_share: float = 0.5


EVIDENCE = Evidence()


@dataclass(frozen=True, slots=True)
class Page:
    """What of an article the memory looks at: the text as extracted."""

    article_id: str
    captured_at: datetime
    body: str


@dataclass(slots=True)
class Seen:
    """One unit over the pages of a site."""

    text: str
    pages: list[int] = field(default_factory=list)
    positions: Counter[str] = field(default_factory=Counter)
    edges: int = 0
    repeats: int = 0
    run_articles: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Learned:
    """A line that is furniture of its site."""

    key: str
    text: str
    position: str
    article_count: int
    first_seen_at: datetime
    last_seen_at: datetime


def learn(pages: Sequence[Page], evidence: Evidence = EVIDENCE) -> list[Learned]:
    """The furniture of one site, by key.

    Args:
        pages: One a different article_id, in any order: the result is the same.
        evidence: How much must be seen.
    """
    ordered = sorted(pages, key=lambda page: (page.captured_at, page.article_id))
    seen = _count(ordered)
    groups = _groups(len(ordered), seen, evidence)
    total = len(set(groups))
    if total < 2:
        return []
    _mark_runs(ordered, groups, seen, evidence)
    found = []
    for spelt, unit in seen.items():
        key = unit_key(spelt)
        count = len({groups[page] for page in unit.pages})
        if count >= 2 and not spelt.startswith("\n") and _is_furniture(key, unit, count, total, ordered, evidence):
            moments = [ordered[page].captured_at for page in unit.pages]
            position = max(sorted(unit.positions), key=unit.positions.__getitem__)
            found.append(Learned(spelt, unit.text, position, count, moments[0], moments[-1]))
    return sorted(found, key=lambda line: line.key)


def _count(pages: Sequence[Page]) -> dict[str, Seen]:
    """Units that stand on at least two pages."""
    seen: dict[str, Seen] = {}
    for index, page in enumerate(pages):
        for key, group in _by_key(islice(units(page.body), MOST_UNITS)).items():
            unit = seen.get(key)
            if unit is None:
                unit = seen[key] = Seen(page.body[group[0].begin : group[0].end])
            unit.pages.append(index)
            unit.positions[group[0].position] += 1
            unit.edges += group[0].is_edge
            unit.repeats += len(group) > 1
    return {key: unit for key, unit in seen.items() if len(unit.pages) > 1} | _singles(seen)


def _singles(seen: dict[str, Seen]) -> dict[str, Seen]:
    """How many units each page has alone, under one key a page: they count when twins are looked for."""
    alone = Counter(unit.pages[0] for unit in seen.values() if len(unit.pages) == 1)
    return {f"\n{page}": Seen("", [page], repeats=count) for page, count in alone.items()}


def _by_key(found: Iterable[Unit]) -> dict[str, list[Unit]]:
    by_key: dict[str, list[Unit]] = {}
    for unit in found:
        by_key.setdefault(unit.key, []).append(unit)
    return by_key


def _groups(count: int, seen: dict[str, Seen], evidence: Evidence) -> list[int]:
    """The number of each page's article: pages that share much of their units have the same."""
    sizes: Counter[int] = Counter()
    shared: Counter[tuple[int, int]] = Counter()
    for key, unit in seen.items():
        if key.startswith("\n"):
            sizes[unit.pages[0]] += unit.repeats
            continue
        sizes.update(unit.pages)
        for place, page in enumerate(unit.pages):
            for other in unit.pages[:place]:
                shared[other, page] += 1
    groups = list(range(count))
    for (first, second), common in sorted(shared.items()):
        if common > evidence.twin_share * max(sizes[first], sizes[second]):
            old, new = groups[second], groups[first]
            groups = [new if group == old else group for group in groups] if old != new else groups
    return groups


def _mark_runs(pages: Sequence[Page], groups: Sequence[int], seen: dict[str, Seen], evidence: Evidence) -> None:
    """Note of each unit in which articles it is a paragraph of a run that another article begins or ends with too."""
    paragraphs = [paragraph_keys(page.body) for page in pages]
    articles: dict[tuple[str, str], set[int]] = {}
    for page, keys in enumerate(paragraphs):
        for pair in pairwise(keys):
            articles.setdefault(pair, set()).add(groups[page])
    shared = {pair for pair, found in articles.items() if all(pair) and len(found) > 1}
    for page, keys in enumerate(paragraphs):
        for run in _edge_runs(keys, shared):
            if len(run) >= evidence.run_paragraphs and sum(map(_words, run)) >= evidence.run_words:
                for key in run:
                    if key in seen:
                        seen[key].run_articles.add(groups[page])


def _edge_runs(keys: Sequence[str], shared: set[tuple[str, str]]) -> Iterator[Sequence[str]]:
    """The paragraphs at the begin, and those at the end, each of whose neighbours is the same elsewhere."""
    apart = [place for place, pair in enumerate(pairwise(keys)) if pair not in shared]
    if apart:
        yield keys[: apart[0] + 1]
        yield keys[apart[-1] + 1 :]


def _words(key: str) -> int:
    return key.count(" ") + 1


def _is_furniture(key: str, unit: Seen, count: int, total: int, pages: Sequence[Page], evidence: Evidence) -> bool:
    if unit.repeats or _QUOTE.search(unit.text):
        return False  # what one page says twice is a part of its form; what is quoted, somebody said
    words = _words(key)
    asks = _asks(key) and any(words >= least and count >= needed for least, needed in evidence.asked)
    if asks or (
        words >= evidence.plain_words
        and count >= evidence.plain_articles
        and count >= evidence.plain_share * total
        and unit.edges <= evidence.scattered_share * len(unit.pages)
    ):
        return not _is_topical(key, unit, pages, evidence.topical_share)
    is_wide = (
        words >= evidence.plain_words
        and total >= evidence.wide_of
        and count >= max(evidence.wide_articles, evidence.wide_share * total)
        and unit.positions["line"] == len(unit.pages)
        and unit.edges >= evidence.scattered_share * len(unit.pages)
    )
    if is_wide or len(unit.run_articles) > 1:
        return not _is_topical(key, unit, pages, evidence.strict_topical_share)
    return False


@lru_cache(maxsize=256)
def _word_counts(body: str) -> Counter[str]:
    return Counter(unit_key(body).split())


def _is_topical(key: str, unit: Seen, pages: Sequence[Page], most: float) -> bool:
    """Whether the line speaks of what its articles speak of, as the background of a running story does."""
    own = {word for word in key.split() if len(word) >= _CONTENT_LETTERS}
    if not own:
        return True
    own_counts, shares = Counter(key.split()), []
    for page in unit.pages[:20]:
        others = _word_counts(pages[page].body)
        shares.append(sum(others[word] > own_counts[word] for word in own) / len(own))
    return sum(shares) / len(shares) > most


def _pattern(rows: Iterable[Vocabulary]) -> re.Pattern[str]:
    words = sorted({word for row in rows for word in row.words}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")


_CALL, _ADDRESS, _NOTICE = _pattern(CALL), _pattern(ADDRESS), _pattern(NOTICE)


def _asks(key: str) -> bool:
    """Whether the line asks something of the reader, or tells of the paper's rights and business."""
    return bool(_NOTICE.search(key) or (_CALL.search(key) and _ADDRESS.search(key)))
