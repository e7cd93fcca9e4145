"""Where blocks stand: the page's elements as arrays, and sums over the blocks in them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tasks.parse.extractor.walk import Page

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]

TAG_GROUPS: tuple[tuple[str, ...], ...] = (
    ("p",), ("li", "dt", "dd"), ("h1",), ("h2",), ("h3",), ("h4", "h5", "h6"), ("td", "th"), ("figcaption",),
    ("blockquote",), ("pre",), ("article",), ("main",), ("section",), ("aside",), ("nav",), ("footer",), ("header",),
    ("figure",), ("form", "fieldset"), ("ul", "ol", "dl"), ("table",), ("address",), ("details",), ("div",),
)  # fmt: skip
"""Tags that the model tells apart, as a block's own element, near above it, or anywhere above it."""
TAG_BITS = {tag: 1 << place for place, tags in enumerate(TAG_GROUPS) for tag in tags}
TAG_NAMES = tuple(tags[0] for tags in TAG_GROUPS)
HEADING_BITS = sum(TAG_BITS[tag] for tag in ("h1", "h2", "h3", "h4"))


@dataclass
class Places:
    """Where blocks stand: arrays over elements, and sums over their ranges of blocks."""

    parent: Ints
    depth: Ints
    first: Ints
    last: Ints
    tags: Ints
    path_tags: Ints
    bad: NDArray[np.bool_]
    """Whether the element or one above it has a name of words.BAD."""
    node: Ints
    """Each block's element."""
    up: list[Ints] = field(default_factory=list)
    """Each block's element, its parent, and so on, four of them."""

    def total(self, values: Doubles) -> Doubles:
        """For each element the sum of its blocks' values."""
        running = np.concatenate([[0.0], np.cumsum(values)])
        return np.asarray(running[self.last] - running[self.first])

    def deepest(self, enough: NDArray[np.bool_]) -> int:
        """The deepest of the elements, the first of several; the root where there is none."""
        found = np.flatnonzero(enough)
        return int(found[np.argmax(self.depth[found])]) if len(found) else 0


PROSE_CHARS = 80
"""Characters from which a block is prose rather than a label."""
MOST_IN_BAD = 1 / 3
"""Share of the page's prose from which an element holds the article, whatever its names say (`has-sidebar`)."""


def places_of(page: Page, bad: Sequence[bool]) -> Places:
    """The page's elements as arrays; `bad` says of each element whether its own names are bad."""
    nodes = page.nodes
    prose = [0]
    for text in page.texts:
        prose.append(prose[-1] + (len(text) if len(text) >= PROSE_CHARS else 0))
    most = prose[-1] * MOST_IN_BAD
    tags = [TAG_BITS.get(tag, 0) for tag in nodes.tag]
    path_tags, path_bad = list(tags), list(bad)
    for index, (parent, first, last) in enumerate(zip(nodes.parent, nodes.first, nodes.last, strict=True)):
        if path_bad[index] and prose[last] - prose[first] > most:
            path_bad[index] = False
        if parent != index:
            path_tags[index] |= path_tags[parent]
            path_bad[index] = path_bad[index] or path_bad[parent]
    parents = np.array(nodes.parent, dtype=np.int64)
    node = np.array(page.node, dtype=np.int64)
    up = [node]
    for _ in range(4):
        up.append(parents[up[-1]])
    return Places(
        parent=parents,
        depth=np.array(nodes.depth, dtype=np.int64),
        first=np.array(nodes.first, dtype=np.int64),
        last=np.array(nodes.last, dtype=np.int64),
        tags=np.array(tags, dtype=np.int64),
        path_tags=np.array(path_tags, dtype=np.int64),
        bad=np.array(path_bad, dtype=np.bool_),
        node=node,
        up=up,
    )
