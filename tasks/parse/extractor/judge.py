"""The model: words with weights, and two forests. It gives each block the probability that it is article text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tasks.parse.extractor.context import KEPT, context_columns
from tasks.parse.extractor.features import Hints, link_labels, place_columns, shifted, stacked, text_columns
from tasks.parse.extractor.forest import Forest
from tasks.parse.extractor.places import Doubles, Floats, Places, places_of
from tasks.parse.extractor.walk import Page
from tasks.parse.extractor.words import BAD, NAME_CHARS, block_ends, block_words, is_bad, name_parts

MODEL_FILE = Path(__file__).with_name("model.npz")
AROUND = (-2, -1, 1, 2)
"""The neighbours whose word and name scores a block has as columns too."""
MOST_NAMES = 5_000
"""Distinct element names that are remembered at a time."""

NameWeights = tuple[float, float, float, float]
"""What part of a name adds in a block's own element, its parent, any further ancestor, and an inline one around it."""
NameScore = tuple[float, float, float, float, bool]
"""What all of an element's names add, in the same order; and whether one of them is bad."""


@dataclass(frozen=True)
class Measured:
    """A page's blocks in numbers, before any model but the words' has seen them."""

    places: Places
    base: Floats
    scores: Floats
    """Word and name scores, each with the neighbours' of AROUND."""

    @property
    def first_rows(self) -> Floats:
        """What the first forest reads."""
        return np.concatenate([self.base, self.scores], axis=1)

    def second_rows(self, keys: list[str], likely: Doubles) -> Floats:
        """What the second forest reads, given the first one's probabilities."""
        context = context_columns(keys, self.places, self.base, likely)
        return np.concatenate([context, self.base[:, KEPT], self.scores], axis=1)


@dataclass
class Model:
    """A trained model; see benchmarks/parse/train.py for how it comes about."""

    words: Mapping[str, float]
    names: Mapping[str, NameWeights]
    words_bias: float
    names_bias: float
    first: Forest
    second: Forest
    seen: dict[str, NameScore] = field(default_factory=dict)
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """For each name that was met, the parts of it that the model knows."""
    paired: frozenset[str] = frozenset()
    """Words that begin a pair of `words`."""

    def __post_init__(self) -> None:
        """Look up which words begin pairs."""
        self.paired = frozenset(word.split(" ")[0] for word in self.words if " " in word)

    @classmethod
    def read(cls, path: Path = MODEL_FILE) -> "Model":
        """The model stored at `path`: an npz file of plain arrays, nothing pickled."""
        with np.load(path, allow_pickle=False) as arrays:
            words = _lines(arrays["words"])
            names = _lines(arrays["names"])
            rows = arrays["name_weights"].astype(np.float64).tolist()
            return cls(
                words=dict(zip(words, arrays["word_weights"].astype(np.float64).tolist(), strict=True)),
                names={name: (row[0], row[1], row[2], row[3]) for name, row in zip(names, rows, strict=True)},
                words_bias=float(arrays["words_bias"]),
                names_bias=float(arrays["names_bias"]),
                first=Forest.read(arrays, "first"),
                second=Forest.read(arrays, "second"),
            )

    def judge(self, page: Page, hints: Hints) -> Doubles:
        """For each block of the page the probability, 0 to 1, that it is text of the article."""
        measured = self.measure(page, hints)
        likely = self.first.probabilities(measured.first_rows)
        return self.second.probabilities(measured.second_rows(page.nodes.key, likely))

    def measure(self, page: Page, hints: Hints) -> Measured:
        """The page in numbers. It must have a block."""
        names = [self.name_score(key) for key in page.nodes.key]
        places = places_of(page, [name[4] for name in names])
        labels = link_labels(page)
        texts = text_columns(page.texts, labels, hints)
        base = np.concatenate([texts, place_columns(page, places, texts)], axis=1)
        scores = [
            *around(self.word_scores(page.texts, labels)),
            *around(self.block_name_scores(page, names)),
        ]
        return Measured(places, base, stacked(scores))

    def word_scores(self, texts: Sequence[str], labels: Sequence[bool]) -> Doubles:
        """What each block's first and last words say; nothing but the bias for link labels."""
        weight, bias, paired, zeros = self.words.get, self.words_bias, self.paired, repeat(0.0)
        ends = iter(block_ends([text for text, label in zip(texts, labels, strict=True) if not label]))
        return np.array([
            bias if label else bias + sum(map(weight, dict.fromkeys(block_words(*next(ends), paired)), zeros))
            for label in labels
        ])  # fmt: skip

    def name_score(self, key: str) -> NameScore:
        """What an element's names say; remembered, since a site's pages share their names."""
        score = self.seen.get(key)
        if score is None:
            parts = self._known_words(key)
            own = parent = above = dress = 0.0
            for part in parts:
                if (weights := self.names.get(part)) is not None:
                    own += weights[0]
                    parent += weights[1]
                    above += weights[2]
                    dress += weights[3]
            if len(self.seen) >= MOST_NAMES:
                self.seen.clear()
            score = self.seen[key] = (own, parent, above, dress, is_bad(parts))
        return score

    def _known_words(self, key: str) -> list[str]:
        """The words of words.name_words(key) that the model weighs or that are bad."""
        found: set[str] = set()
        for name in key[:NAME_CHARS].split():
            known = self.parts.get(name)
            if known is None:
                if len(self.parts) >= MOST_NAMES:
                    self.parts.clear()
                known = self.parts[name] = tuple(part for part in name_parts(name) if part in self.names or part in BAD)
            found.update(known)
        return sorted(found)

    def block_name_scores(self, page: Page, names: Sequence[NameScore]) -> Doubles:
        """What the names of each block's elements say, from the inline ones that hold it up to the root."""
        parents = page.nodes.parent
        path: list[float] = []
        for index, parent in enumerate(parents):
            path.append(names[index][2] + (path[parent] if parent != index else 0.0))
        scores = []
        for node, dress in zip(page.node, page.dress, strict=True):
            score, parent = self.names_bias + names[node][0], parents[node]
            if dress:
                score += self.name_score(dress)[3]
            if parent != node:
                score += names[parent][1]
                score += path[parents[parent]] if parents[parent] != parent else 0.0
            scores.append(score)
        return np.array(scores)


def around(scores: Doubles) -> list[Doubles]:
    """The scores, and those of the neighbours of AROUND."""
    return [scores, *(shifted(scores, shift, 0.0) for shift in AROUND)]


def _lines(packed: NDArray[np.generic]) -> list[str]:
    """The strings that are stored as one array of UTF-8 bytes, one a line."""
    return packed.tobytes().decode("utf-8").split("\n")


@cache
def shipped_model() -> Model:
    """The model that comes with the package, read once a process."""
    return Model.read()
