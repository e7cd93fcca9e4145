"""The numbers by which the model judges a page's blocks: one row for each block, all columns computed over all rows."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from tasks.parse.extractor.places import HEADING_BITS, TAG_BITS, TAG_GROUPS, TAG_NAMES, Doubles, Floats, Ints, Places
from tasks.parse.extractor.walk import Page

WORD = re.compile(r"\w+")
UPPER = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MORE_UPPER = re.compile(r"[À-ÞА-Я]")
DIGITS = b"0123456789"
FULL_TEXT_LEAST = 200
"""Characters that JSON-LD's articleBody must have to be compared with the page."""
LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_FULL_TEXT = 1_000, 10_000, 200_000
"""Characters of the hints that are compared with the page, so that hostile ones cost no more."""
MOST_AUTHORS, SHORTEST_AUTHOR = 5, 5
"""Names that are looked for, and characters that such a name must have."""
EARLY, NAMED_WITHIN = 20, 300
"""Characters of a block in which an author's name stands early, and at all."""
LONG = 400
"""Characters above which a text is prose, so that its words are not compared one by one."""
LONGEST = 3_000
"""Characters of a block that are looked at, so that an endless one still looks like those the model was trained on."""
DENSE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
DENSE_WORTH, DENSE_WORD = 3, 6
"""Letters of other scripts that a kana or Han character stands for, and letters and space of a word."""
LABEL_CHARS = 60
"""Characters below which a block of nothing but links is a label."""
GOOD_CHARS = 80
"""Characters from which a block without many links is taken for prose."""


@dataclass(frozen=True)
class Hints:
    """What the page says of its article outside its visible text; empty where it says nothing."""

    title: str = ""
    description: str = ""
    full_text: str = ""
    """JSON-LD's articleBody."""
    authors: tuple[str, ...] = ()
    """Their names: a byline has them, and so does what a page tells of an author."""


TEXT_COLUMNS = (
    "chars", "words", "stops", "commas", "ends", "capitals", "digits", "quotes", "pipes", "word_chars", "short_words",
    "end_kind", "title_share", "description_share", "in_full_text", "has_full", "repeats", "lines", "first_upper",
    "ascii", "names_author",
)  # fmt: skip
END_KINDS = {
    kind: number
    for number, kinds in enumerate((".。", "!?！？", ":", "…", ",;", "\"”»’')]", "→›>»"), 1)
    for kind in kinds
}


def link_labels(page: Page) -> list[bool]:
    """Which blocks are short and nothing but links: half of all, and their words say nothing that this does not."""
    return [
        len(text) < LABEL_CHARS and chars >= 0.9 * len(text)
        for text, chars in zip(page.texts, page.link_chars, strict=True)
    ]


@dataclass(frozen=True)
class _Sought:
    """The hints as blocks are compared with them."""

    title: frozenset[str]
    description: str
    full: str
    authors: tuple[str, ...]

    @classmethod
    def of(cls, hints: Hints) -> "_Sought":
        full = hints.full_text[:LONGEST_FULL_TEXT]
        names = (name.lower() for name in hints.authors if len(name) >= SHORTEST_AUTHOR)
        return cls(
            frozenset(WORD.findall(hints.title[:LONGEST_TITLE].lower())),
            " ".join(WORD.findall(hints.description[:LONGEST_DESCRIPTION].lower())),
            _squeezed(full) if len(full) >= FULL_TEXT_LEAST else "",
            tuple(islice(names, MOST_AUTHORS)),
        )


def text_columns(texts: Sequence[str], labels: Sequence[bool], hints: Hints) -> Floats:
    """What the blocks' own words say: one row of TEXT_COLUMNS each; next to nothing of link labels."""
    sought = _Sought.of(hints)
    times = Counter(texts)
    rows = [
        (len(text), text.count(" ") + 1, *NOTHING, bool(sought.full), times[text], 0, 0, 0, 0)
        if label
        else _text_row(text, sought, times[text])
        for text, label in zip(texts, labels, strict=True)
    ]
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(TEXT_COLUMNS))


SMALL_WORDS = (" the ", " of ", " de ", " to ", " und ", " and ", " la ", " a ")
NOTHING = (0,) * 13
"""What is not counted in a link label."""


def _text_row(text: str, sought: _Sought, times: int) -> tuple[float, ...]:
    last = text[-1]
    if len(text) > LONGEST:
        text = text[:LONGEST]
    size, ascii_only, count = len(text), text.isascii(), text.count
    dense = 0 if ascii_only else len(DENSE.findall(text))
    spaces = count(" ")
    words = spaces + 1 + dense * DENSE_WORTH // DENSE_WORD
    capitals = digits = title_share = description_share = 0.0
    stops = commas = quotes = pipes = 0
    if not ascii_only:
        stops, commas = count("。"), count("，") + count("、")
        quotes = count("“") + count("”") + count("«") + count("„")
        pipes = count(" • ") + count(" · ")
    if size < LONG:
        raw = text.encode()
        capitals = (len(raw) - len(raw.translate(None, UPPER))) / size
        digits = (len(raw) - len(raw.translate(None, DIGITS))) / size
        if not ascii_only:
            capitals += len(MORE_UPPER.findall(text)) / size
        own = WORD.findall(text.lower())
        if own:
            title_share = sum(map(sought.title.__contains__, own)) / len(own)
            description_share = float(bool(sought.description) and " ".join(own[:12]) in sought.description)
    in_full = float(bool(sought.full) and _squeezed(text[:80]) in sought.full)
    return (
        size + (DENSE_WORTH - 1) * dense, words,
        count(". ") + count("? ") + count("! ") + stops, count(", ") + commas,
        last in ".!?。…\"”’»)", capitals, digits, count('"') + quotes, count("|") + pipes, size / words,
        sum(map(count, SMALL_WORDS)) / words if spaces > 1 else 0.0,
        END_KINDS.get(last, 0), title_share, description_share, in_full, bool(sought.full), times, count("\n"),
        text[0].isupper(), ascii_only, _names_author(text, sought.authors),
    )  # fmt: skip


def _names_author(text: str, authors: Sequence[str]) -> int:
    """2 where one of the authors is named at the beginning, 1 where further on, else 0."""
    if not authors:
        return 0
    start = text[:NAMED_WITHIN].lower()
    places = [start.find(name) for name in authors]
    found = [place for place in places if place >= 0]
    return 0 if not found else 2 if min(found) < EARLY else 1


def _squeezed(text: str) -> str:
    """The text without white space and marks, which differ between JSON-LD and the page."""
    return "".join(WORD.findall(text))


CONTAINER_COLUMNS = ("blocks", "chars", "links", "good", "paragraphs", "mean", "rank", "share")
BEST = (50, 75, 90)
"""Per cent of the page's good text that a best container must hold."""
SHIFTS = (-3, -2, -1, 1, 2, 3)
NEIGHBOUR_COLUMNS = ("chars", "link_share", "tag", "ends", "same_node", "same_parent")
PLACE_COLUMNS = (
    *(f"own_{name}" for name in TAG_NAMES), *(f"near_{name}" for name in TAG_NAMES),
    *(f"path_{name}" for name in TAG_NAMES),
    "link_share", "links", "bold_share", "slant_share", "dressed", "images", "depth", "position", "chars_before",
    "good_before", "blocks", "page_chars", "page_good", "after_h1", "heading_gap", "title_like", "level", "bad",
    *(f"c{level}_{name}" for level in range(4) for name in CONTAINER_COLUMNS),
    *(f"best{share}_{name}" for share in BEST for name in ("in", "gap")),
    *(f"n{shift:+d}_{name}" for shift in SHIFTS for name in NEIGHBOUR_COLUMNS),
)  # fmt: skip


def _bit_matrix(bits: Ints) -> NDArray[np.bool_]:
    return (bits[:, None] & BITS) > 0


BITS = np.array([1 << place for place in range(len(TAG_GROUPS))], dtype=np.int64)


def stacked(columns: Sequence[NDArray[np.generic]]) -> Floats:
    """The columns side by side; a third of the time that numpy's column_stack takes for so many short ones."""
    table = np.empty((len(columns), len(columns[0])), dtype=np.float32)
    for row, column in zip(table, columns, strict=True):
        row[:] = column
    return table.T


def shifted(values: Doubles, shift: int, fill: float = -1.0) -> Doubles:
    """The values moved so that each row has that of the row `shift` further down; `fill` beyond the ends."""
    moved = np.full(len(values), fill)
    if 0 < shift < len(values):
        moved[:-shift] = values[shift:]
    elif 0 < -shift < len(values):
        moved[-shift:] = values[:shift]
    return moved


def place_columns(page: Page, places: Places, texts: Floats) -> Floats:
    """Where the blocks stand, in which elements, after and before what: one row of PLACE_COLUMNS each."""
    node = places.node
    chars = texts[:, 0].astype(np.float64)
    sizes = np.array([len(text) for text in page.texts], dtype=np.float64)
    link_share = np.array(page.link_chars, dtype=np.float64) / sizes
    good = chars * (chars >= GOOD_CHARS) * (link_share < 0.4) * ~places.bad[node] * (texts[:, 4] > 0)
    if not good.any():
        good = chars * (chars >= GOOD_CHARS) * (link_share < 0.6) + chars * 0.01
    tags = places.tags[node]
    columns: list[NDArray[np.generic]] = [
        _bit_matrix(tags),
        _bit_matrix(tags | places.tags[places.up[1]] | places.tags[places.up[2]]),
        _bit_matrix(places.path_tags[node]),
        _own_columns(page, places, texts, chars, good, link_share),
        *_container_columns(places, chars, good, link_share),
        _neighbour_columns(places, chars, link_share, texts[:, 4].astype(np.float64)),
    ]
    return np.concatenate(columns, axis=1, dtype=np.float32, casting="unsafe")


HEADINGS = ("h1", "h2", "h3", "h4")


def _own_columns(
    page: Page, places: Places, texts: Floats, chars: Doubles, good: Doubles, link_share: Doubles
) -> Floats:
    node, count = places.node, len(chars)
    index = np.arange(count)
    tags = places.tags[node]
    headings = (tags & HEADING_BITS) > 0
    title_like = ((tags & TAG_BITS["h1"]) > 0) | (headings & (texts[:, 12] > 0.8) & (texts[:, 1] > 3))
    after = np.clip(index - int(np.argmax(title_like)), -50, 200) if title_like.any() else np.full(count, -99)
    last_heading = np.maximum.accumulate(np.where(headings, index, -1))
    level = sum((rank * ((tags & TAG_BITS[tag]) > 0) for rank, tag in enumerate(HEADINGS, 1)), np.zeros(count))
    page_chars, page_good = max(float(chars.sum()), 1.0), max(float(good.sum()), 1.0)
    sizes = np.array([len(text) for text in page.texts])
    return stacked([
        link_share, np.array(page.links), np.array(page.bold_chars) / sizes, np.array(page.slant_chars) / sizes,
        np.array(list(map(bool, page.dress))), np.array(page.images), places.depth[node],
        index / count, (np.cumsum(chars) - chars) / page_chars, (np.cumsum(good) - good) / page_good,
        np.full(count, count), np.full(count, page_chars), np.full(count, page_good), after,
        np.where(last_heading >= 0, index - last_heading, 99), title_like, level, places.bad[node],
    ])  # fmt: skip


def _container_columns(places: Places, chars: Doubles, good: Doubles, link_share: Doubles) -> list[Doubles]:
    index = np.arange(len(chars))
    in_p = (places.tags[places.node] & TAG_BITS["p"]) > 0
    total, links, goods = places.total(chars), places.total(chars * link_share), places.total(good)
    paragraphs, blocks = places.total(chars * in_p), (places.last - places.first).astype(np.float64)
    page_chars, page_good = max(float(chars.sum()), 1.0), max(float(good.sum()), 1.0)
    size = np.maximum(total, 1.0)
    table = np.column_stack([
        blocks, total, links / size, goods / page_good, paragraphs / size, size / np.maximum(blocks, 1.0),
        -places.first, total / page_chars,
    ])  # fmt: skip
    columns = []
    for container in places.up[:4]:
        rows = table[container]
        rows[:, 6] += index
        columns.append(rows)
    for share in BEST:
        best = places.deepest(goods >= share / 100 * page_good)
        inside = (index >= places.first[best]) & (index < places.last[best])
        gap = np.where(inside, places.depth[places.node] - places.depth[best], -1)
        columns.append(np.column_stack([inside, gap]).astype(np.float64))
    return columns


def _neighbour_columns(places: Places, chars: Doubles, link_share: Doubles, ends: Doubles) -> Floats:
    tags = places.tags[places.node]
    kind = np.log2(tags + 1.0)
    node, parent = places.node.astype(np.float64), places.up[1].astype(np.float64)
    columns: list[NDArray[np.generic]] = []
    for shift in SHIFTS:
        columns += [shifted(values, shift) for values in (chars, link_share, kind, ends)]
        columns += [shifted(node, shift) == node, shifted(parent, shift) == parent]
    return stacked(columns)


BASE_COLUMNS = TEXT_COLUMNS + PLACE_COLUMNS
