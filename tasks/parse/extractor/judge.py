"""The model: words with weights, and two forests. It gives each block the probability that it is article text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise, repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tasks.parse.extractor.context import KEPT, context_columns
from tasks.parse.extractor.features import Hints, link_labels, place_columns, shifted, stacked, text_columns
from tasks.parse.extractor.forest import Forest
from tasks.parse.extractor.places import Doubles, Floats, Places, places_of
from tasks.parse.extractor.walk import Page
from tasks.parse.extractor.words import BAD, HEAD_WORDS, NAME_CHARS, block_ends, name_parts

MODEL_FILE = Path(__file__).with_name("model.npz")
AROUND = (-2, -1, 1, 2)
"""The neighbours whose word and name scores a block has as columns too."""
MOST_KEYS, MOST_NAMES = 5_000, 20_000
"""Distinct elements' keys, and single names in them, that are remembered at a time."""

NameWeights = tuple[float, float, float, float]
"""What part of a name adds in a block's own element, its parent, any further ancestor, and an inline one around it."""
NameScore = tuple[float, float, float, float, bool]
"""What all of an element's names add, in the same order; and whether one of them is bad."""
NO_WEIGHTS: NameWeights = (0.0, 0.0, 0.0, 0.0)
NO_PARTS: Mapping[str, NameScore] = {}
"""The one empty table, for the many names that say nothing."""


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
    parts: dict[str, Mapping[str, NameScore]] = field(default_factory=dict)
    """For each name that was met, the parts of it that the model knows, and what each says."""
    pairs: dict[str, dict[str, float]] = field(default_factory=dict)
    """The pairs among `words`, by their first and their second word."""

    def __post_init__(self) -> None:
        """Sort the pairs by their first words."""
        for word, weight in self.words.items():
            one, _, two = word.partition(" ")
            if two and not one.startswith("^"):
                self.pairs.setdefault(one, {})[two] = weight

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
        ends = iter(block_ends([text for text, label in zip(texts, labels, strict=True) if not label]))
        return np.array([self.words_bias + (0.0 if label else self.word_score(*next(ends))) for label in labels])

    def word_score(self, head: str, tail: str) -> float:
        """The sum of the weights of words.block_words(head, tail), each once; made without making all the pairs."""
        words = head.split(None, HEAD_WORDS)[:HEAD_WORDS]
        last = tail.rsplit(None, 1)
        if not words or not last:
            return 0.0
        single = dict.fromkeys((*words, f"^{words[0]}", f"^{' '.join(words[:2])}", f"${last[-1]}"))
        pairs = {
            (one, two): weights[two]
            for one, two in pairwise(words)
            if (weights := self.pairs.get(one)) is not None and two in weights
        }
        return sum(map(self.words.get, single, repeat(0.0))) + sum(pairs.values())

    def name_score(self, key: str) -> NameScore:
        """What an element's names say; remembered, since a site's pages share their names."""
        score = self.seen.get(key)
        if score is None:
            own = parent = above = dress = 0.0
            is_bad = False
            for weights in self._known_parts(key).values():
                own += weights[0]
                parent += weights[1]
                above += weights[2]
                dress += weights[3]
                is_bad = is_bad or weights[4]
            if len(self.seen) >= MOST_KEYS:
                self.seen.clear()
            score = self.seen[key] = (own, parent, above, dress, is_bad)
        return score

    def _known_parts(self, key: str) -> dict[str, NameScore]:
        """The words of words.name_words(key) that the model weighs or that are bad, with what each says."""
        found: dict[str, NameScore] = {}
        remembered = self.parts
        for name in key[:NAME_CHARS].split():
            known = remembered.get(name)
            if known is None:
                if len(remembered) >= MOST_NAMES:
                    remembered.clear()
                known = remembered[name] = self._parts_of(name)
            if known:
                found.update(known)
        return found

    def _parts_of(self, name: str) -> Mapping[str, NameScore]:
        parts = [part for part in name_parts(name) if part in self.names or part in BAD]
        return {part: (*self.names.get(part, NO_WEIGHTS), part in BAD) for part in parts} if parts else NO_PARTS

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
