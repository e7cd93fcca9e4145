"""Which blocks are kept, given how likely each is to be the article's: a threshold, and what belongs together."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tasks.parse.extractor.places import Doubles
from tasks.parse.extractor.walk import Nodes, Page

Mask = NDArray[np.bool_]

THRESHOLD = 0.5
"""Probability from which a block is kept. F1 changes by less than .002 between .4 and .6 on each set."""
REPEATED_CHARS = 40
"""Characters from which a text that was kept already is not kept again."""
RUN_SHARE, RUN_LEAST = 0.8, 5
"""Share of a run's text that must be kept, and paragraphs, for the rest of the run to be looked at again."""
RUN_BESIDE, RUN_ANY = 0.1, 0.4
"""Probability that such a paragraph needs: beside one that is kept and with the end of a sentence, and in any case."""
RUN_LINKS = 0.3
"""Share of links up to which a paragraph may be kept for its neighbours."""
ENDINGS = frozenset('.!?。…"”’»)')
TABLE_SHARE, TABLE_CELLS = 0.5, 4
"""Share of a table's cells from which all are kept, and cells that such a table must have."""
LONGEST_CELL, LONGEST_MEAN = 400, 80
"""Characters that no cell of data has, and more than such cells have on average: a table beyond lays out the page."""


def keep(page: Page, probabilities: Doubles) -> Mask:
    """Which of the page's blocks are its article."""
    kept = whole_runs(page, probabilities, probabilities > THRESHOLD) & ~declared_fields(page)
    return whole_tables(page, once(page.texts, kept))


def choose(texts: Sequence[str], probabilities: Doubles) -> Mask:
    """Which blocks the threshold alone keeps, longer texts only once; what designs are compared by."""
    return once(texts, probabilities > THRESHOLD)


def once(texts: Sequence[str], kept: Mask) -> Mask:
    """The same without longer texts that were kept before."""
    kept = kept.copy()
    seen: set[str] = set()
    for index in np.flatnonzero(kept).tolist():
        text = texts[index]
        if len(text) >= REPEATED_CHARS:
            kept[index] = text not in seen
            seen.add(text)
    return kept


def whole_runs(page: Page, probabilities: Doubles, kept: Mask) -> Mask:
    """The same with the odd paragraph that was left out of a run of its like: the short last answer of an interview.

    Paragraphs are alike in one parent and with the same names. Where nearly all of a run is the article, that is worth
    more than what the model knows of short lines. Changes 2 to 5 % of the pages of a set, and no set's score by .001.
    """
    nodes, whole = page.nodes, kept.copy()
    runs: dict[tuple[int, str], list[int]] = defaultdict(list)
    for index, node in enumerate(page.node):
        if nodes.tag[node] == "p":
            runs[nodes.parent[node], nodes.key[node]].append(index)
    for run in runs.values():
        has, sizes = kept[run], np.array([len(page.texts[index]) for index in run])
        if has.all() or has.sum() < RUN_LEAST or (has * sizes).sum() < RUN_SHARE * sizes.sum():
            continue
        for place in np.flatnonzero(~has).tolist():
            index, beside = run[place], has[max(place - 1, 0) : place + 2].any()
            text, likely = page.texts[index], probabilities[index]
            bare = not page.dress[index] and page.link_chars[index] < RUN_LINKS * len(text)
            ends = beside and text[-1] in ENDINGS and likely > RUN_BESIDE
            whole[index] = bare and (ends or likely > RUN_ANY)
    return whole


def whole_tables(page: Page, kept: Mask) -> Mask:
    """The same with every cell of a table of data of which half are kept: a row without its head says nothing."""
    nodes, whole = page.nodes, kept.copy()
    cells = [page.node[index] for index in np.flatnonzero(kept).tolist() if nodes.tag[page.node[index]] in CELLS]
    for table in {above(nodes, node, "table") for node in cells} - {-1}:
        part = slice(nodes.first[table], nodes.last[table])
        sizes = [len(text) for text in page.texts[part]]
        if len(sizes) >= TABLE_CELLS and kept[part].mean() >= TABLE_SHARE and not lays_out(sizes):
            whole[part] = True
    return whole


CELLS = frozenset({"td", "th"})


def lays_out(sizes: Sequence[int]) -> bool:
    """Whether cells of such lengths lay out the page, instead of holding data."""
    return max(sizes) > LONGEST_CELL or sum(sizes) > LONGEST_MEAN * len(sizes)


FIELD_NAMES = frozenset({"headline", "description", "articlesection", "author", "datepublished", "datemodified"})
"""Properties of schema.org's NewsArticle that pages mark in their text beside its articleBody."""
BODY_NAME = "articlebody"


def declared_fields(page: Page) -> Mask:
    """Which blocks the page itself marks as other fields of its article: inline, and before what it marks as the body.

    Of pages on which one element means both, or whose body is not marked, nothing.
    """
    fields = np.zeros(len(page.texts), dtype=np.bool_)
    keys = page.nodes.key
    if BODY_NAME not in " ".join(keys).lower():
        return fields
    body = next((node for node, key in enumerate(keys) if BODY_NAME in key.lower().split()), None)
    if body is not None:
        for index in range(page.nodes.first[body]):
            fields[index] = not FIELD_NAMES.isdisjoint(page.dress[index].lower().split())
    return fields


def above(nodes: Nodes, node: int, tag: str) -> int:
    """The nearest element of that tag from `node` upwards within a table's own levels; -1 without one."""
    for _ in range(8):
        if nodes.tag[node] == tag:
            return node
        node = nodes.parent[node]
    return -1
