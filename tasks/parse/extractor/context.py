"""What a block's neighbours and containers look like to the first model: the columns that only the second one has.

This is the sequence step. A teaser amid the text lies between blocks of high probability but looks like other blocks
of low probability; a subhead is as good as what follows it. The second model learns how much each of that counts.
"""

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from tasks.parse.extractor.features import BASE_COLUMNS, shifted, stacked
from tasks.parse.extractor.places import Doubles, Floats, Places

LONGEST = 1_000
"""Characters of a block that count when blocks are weighed: one endless block must not speak for a page."""
STRONG, STRONG_CHARS = 0.7, 60
"""Probability and characters from which a block marks where the article surely is."""
WINDOWS = (1, 2, 4, 8)
MASS = (0.5, 0.8, 0.95)
"""Shares of the page's likely text that a best container must hold."""
FAR = 99.0

KEPT_COLUMNS = tuple(
    name
    for name in BASE_COLUMNS
    if name in {
        "chars", "words", "stops", "commas", "ends", "capitals", "digits", "word_chars", "short_words", "end_kind",
        "title_share", "description_share", "in_full_text", "repeats", "lines", "has_full", "link_share", "links",
        "bold_share", "slant_share", "dressed", "names_author", "images", "depth", "position", "chars_before",
        "good_before", "blocks", "page_chars", "page_good", "after_h1", "heading_gap", "level", "title_like",
    } or name.startswith(("own_", "near_", "c0_", "c1_", "best75_"))
)  # fmt: skip
"""The columns of the first model that the second has too."""
KEPT = np.array([BASE_COLUMNS.index(name) for name in KEPT_COLUMNS])
LEVEL, LINK_SHARE = BASE_COLUMNS.index("level"), BASE_COLUMNS.index("link_share")


def context_columns(keys: list[str], places: Places, base: Floats, likely: Doubles) -> Floats:
    """One row for each block.

    Args:
        keys: the elements' names, as in walk.Nodes.key.
        places: where the blocks stand.
        base: BASE_COLUMNS of the blocks.
        likely: the first model's probability of each block.
    """
    chars = np.minimum(base[:, 0].astype(np.float64), LONGEST)
    mass = likely * chars
    before, chars_before = _running(mass), _running(chars)
    total = max(float(before[-1]), 1e-6)
    count = len(likely)
    columns: list[NDArray[np.generic]] = [
        likely, np.full(count, likely.max()), np.full(count, before[-1]),
        np.full(count, before[-1] / max(float(chars_before[-1]), 1.0)),
        *(shifted(likely, shift) for shift in (-3, -2, -1, 1, 2, 3)),
        *(shifted(mass, shift) for shift in (-2, -1, 1, 2)),
        *_windows(before, chars_before, mass, chars),
    ]  # fmt: skip
    node_mass = before[places.last] - before[places.first]
    node_chars = chars_before[places.last] - chars_before[places.first]
    for container in places.up:
        columns.append((node_mass[container] - mass) / np.maximum(node_chars[container] - chars, 1.0))
        columns.append(node_mass[container] / total)
    columns += [before[:-1] / total, (total - before[1:]) / total]
    columns += _strong_columns(places, likely, chars)
    columns += _best_columns(places, node_mass, node_chars, total)
    columns += _alike(_looks(keys, places), mass, chars)
    parts = places.up[1] * 20 + np.minimum(base[:, LEVEL], 5).astype(np.int64) * 2 + (base[:, LINK_SHARE] > 0.5)
    columns += _alike(_numbered(parts.tolist()), mass, chars)
    return stacked(columns)


def _running(values: Doubles) -> Doubles:
    return np.concatenate([[0.0], np.cumsum(values)])


def _windows(before: Doubles, chars_before: Doubles, mass: Doubles, chars: Doubles) -> list[Doubles]:
    """Mean probability around, before and after each block, weighed by length."""
    index = np.arange(len(mass))
    columns = []
    for size in WINDOWS:
        low, high = np.maximum(index - size, 0), np.minimum(index + size + 1, len(mass))
        around = chars_before[high] - chars_before[low] - chars
        columns.append((before[high] - before[low] - mass) / np.maximum(around, 1.0))
        columns.append((before[index] - before[low]) / np.maximum(chars_before[index] - chars_before[low], 1.0))
        after = chars_before[high] - chars_before[index + 1]
        columns.append((before[high] - before[index + 1]) / np.maximum(after, 1.0))
    return columns


def _strong_columns(places: Places, likely: Doubles, chars: Doubles) -> list[NDArray[np.generic]]:
    """How far the nearest sure blocks before and after are, and whether they stand in the same element."""
    count = len(likely)
    index = np.arange(count)
    strong = (likely > STRONG) & (chars > STRONG_CHARS)
    upto = np.maximum.accumulate(np.where(strong, index, -1))
    previous = np.concatenate([[-1], upto[:-1]])
    onward = np.minimum.accumulate(np.where(strong, index, count)[::-1])[::-1]
    following = np.concatenate([onward[1:], [count]])
    has_previous, has_following = previous >= 0, following < count
    one, other = np.maximum(previous, 0), np.minimum(following, count - 1)
    depth, parent = places.depth[places.node], places.up[1]
    return [
        np.where(has_previous, index - previous, FAR), np.where(has_following, following - index, FAR),
        np.where(has_previous, depth - depth[one], FAR), has_previous & (parent == parent[one]),
        has_following & (parent == parent[other]),
    ]  # fmt: skip


def _best_columns(places: Places, node_mass: Doubles, node_chars: Doubles, total: float) -> list[NDArray[np.generic]]:
    """Whether the block is in the deepest element that holds most of the likely text, how deep, how pure that is."""
    index = np.arange(len(places.node))
    columns: list[NDArray[np.generic]] = []
    for share in MASS:
        best = places.deepest(node_mass >= share * total)
        inside = (index >= places.first[best]) & (index < places.last[best])
        purity = float(node_mass[best]) / max(float(node_chars[best]), 1.0)
        columns += [inside, np.where(inside, places.depth[places.node] - places.depth[best], -1)]
        columns.append(np.full(len(index), purity))
    return columns


def _looks(keys: list[str], places: Places) -> NDArray[np.int64]:
    """A number for each block, the same for blocks whose elements have the same names at the same depth."""
    depth = places.depth.tolist()
    return _numbered([(keys[node], depth[node]) for node in places.node.tolist()])


def _numbered(groups: Sequence[Hashable]) -> NDArray[np.int64]:
    """A number for each, the same for equals; quicker than numpy's unique for the few hundred of a page."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(group, len(numbers)) for group in groups], dtype=np.int64)


def _alike(group: NDArray[np.int64], mass: Doubles, chars: Doubles) -> list[NDArray[np.generic]]:
    """Mean probability of the other blocks of the same group, and how many there are."""
    masses, sizes, counts = np.bincount(group, mass), np.bincount(group, chars), np.bincount(group)
    return [(masses[group] - mass) / np.maximum(sizes[group] - chars, 1.0), counts[group]]
