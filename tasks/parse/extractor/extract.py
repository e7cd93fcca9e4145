"""The article's blocks from a page's tree, by the model. `extract_blocks` is the door."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from lxml.etree import _Element
from numpy.typing import NDArray

from tasks.parse.extractor.features import Hints
from tasks.parse.extractor.judge import Model, shipped_model
from tasks.parse.extractor.keep import above, keep, lays_out
from tasks.parse.extractor.places import Doubles
from tasks.parse.extractor.walk import Nodes, Page, walk
from tasks.parse.model import Block
from tasks.parse.text import storable

FOLLOWING = 3
"""Blocks after the last one kept that are handed on."""
KIND_OF_TAG = {
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading",
    "li": "list_item", "dt": "list_item", "dd": "list_item", "blockquote": "quote", "figcaption": "caption",
    "caption": "caption", "td": "table", "th": "table",
}  # fmt: skip
KIND_REACH = 3
"""Elements from a block's own upwards among which the tag that gives its kind is looked for."""
MAYBE_UNSTORABLE = re.compile("[\ufdd0-\ufdef\ufffe\uffff\U0001fffe-\U0010ffff]")
"""What of text.UNSTORABLE can be in a tree, and some more; quick to look for, where the whole class is slow."""


@dataclass(frozen=True)
class Picture:
    """An element that is or may hold an image, where it stands in or before the article.

    `place` is the number of the article's blocks before it, `gap` that of the page's other blocks between it and the
    nearest of the article's.
    """

    element: _Element
    place: int
    gap: int


@dataclass(frozen=True)
class Extraction:
    """The article's blocks in order, and how sure the model is of them.

    `confidence` is the F1, 0 to 1, that the model's probabilities lead to expect; 0 without blocks.
    """

    blocks: tuple[Block, ...] = ()
    confidence: float = 0.0
    following: str = ""
    """The texts of the next blocks on the page, which are not the article's: what a paywall says stands there."""
    pictures: tuple[Picture, ...] = ()


def extract_blocks(tree: _Element, hints: Hints | None = None, model: Model | None = None) -> Extraction:
    """The article on the page. Never raises on any tree, and leaves it unchanged; takes linear time.

    Args:
        tree: the page as lxml parsed it; deeper nesting than libxml2 keeps must have been flattened (dom.parse_dom).
        hints: what the page says of its article elsewhere; better with than without.
        model: another than the shipped one, for measuring.
    """
    page = walk(tree)
    if not page.texts:
        return Extraction()
    probabilities = (model or shipped_model()).judge(page, hints or Hints())
    kept = keep(page, probabilities)
    confidence = expected_f1(probabilities, kept, page.texts)
    found = np.flatnonzero(kept).tolist()
    after = page.texts[found[-1] + 1 : found[-1] + 1 + FOLLOWING] if found else []
    blocks, pictures = blocks_of(page, found)
    return Extraction(blocks, confidence, "\n".join(map(_clean, after)), pictures)


def expected_f1(probabilities: Doubles, kept: NDArray[np.bool_], texts: Sequence[str]) -> float:
    """The F1 of the kept blocks, by characters, that is to be expected if the probabilities are right."""
    sizes = np.array([len(text) for text in texts], dtype=np.float64)
    found, taken, wanted = (probabilities * sizes)[kept].sum(), sizes[kept].sum(), (probabilities * sizes).sum()
    return float(2.0 * found / (taken + wanted)) if taken else 0.0


def blocks_of(page: Page, kept: Sequence[int]) -> tuple[tuple[Block, ...], tuple[Picture, ...]]:
    """The kept blocks with their kinds, and the pictures before the last of them."""
    placed = list(_typed_blocks(page, kept))
    starts = [start for start, _ in placed]
    pictures = []
    for index, element in page.pictures:
        after = bisect_left(kept, index)
        if after == len(kept):
            break
        gap = kept[after] - index
        if after:
            gap = min(gap, index - 1 - kept[after - 1])
        pictures.append(Picture(element, bisect_left(starts, index), gap))
    return tuple(block for _, block in placed), tuple(pictures)


def _typed_blocks(page: Page, kept: Sequence[int]) -> Iterator[tuple[int, Block]]:
    """Each block with its kind and the first of the kept ones in it; the cells of a table of data become one block."""
    nodes, texts = page.nodes, page.texts
    cells: list[int] = []
    table = -1
    for index in kept:
        kind, node = _kind(nodes, page.node[index])
        own_table = above(nodes, node, "table") if kind == "table" else -1
        if cells and own_table != table:
            yield from _table(page, cells)
            cells = []
        table = own_table
        if own_table >= 0:
            cells.append(index)
            continue
        level = int(nodes.tag[node][1]) if kind == "heading" else None
        yield index, Block("paragraph" if kind == "table" else kind, _clean(texts[index]), level)
    if cells:
        yield from _table(page, cells)


def _clean(text: str) -> str:
    return text if text.isascii() or not MAYBE_UNSTORABLE.search(text) else storable(text)


def _kind(nodes: Nodes, node: int) -> tuple[str, int]:
    """The kind that the nearest telling element gives, and that element."""
    at = node
    for _ in range(KIND_REACH):
        kind = KIND_OF_TAG.get(nodes.tag[at])
        if kind is not None:
            return kind, at
        at = nodes.parent[at]
    return "paragraph", node


def _table(page: Page, cells: Sequence[int]) -> Iterator[tuple[int, Block]]:
    texts = [_clean(page.texts[cell]) for cell in cells]
    if lays_out([len(text) for text in texts]):
        yield from ((cell, Block("paragraph", text)) for cell, text in zip(cells, texts, strict=True))
        return
    rows: dict[int, list[str]] = {}
    for cell, text in zip(cells, texts, strict=True):
        rows.setdefault(above(page.nodes, page.node[cell], "tr"), []).append(text.replace("\n", " "))
    yield cells[0], Block("table", "\n".join(" | ".join(row) for row in rows.values()))
