"""Training of the extractor's model. Needs catboost, scikit-learn and scipy, which are no dependencies of the project.

Three steps, each on probabilities that the step before gave for pages of sites it had not seen: words and names (two
logistic regressions), the first forest, the second forest.
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier, Pool
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from benchmarks.parse.data import Source, fold_of, read_page
from benchmarks.parse.labels import label_by_body, label_by_snippets
from tasks.parse.extractor.features import link_labels, place_columns, text_columns
from tasks.parse.extractor.judge import Measured, around
from tasks.parse.extractor.places import places_of
from tasks.parse.extractor.walk import Page, walk
from tasks.parse.extractor.words import block_ends, block_words, is_bad, name_words

Doubles = NDArray[np.float64]
Mask = NDArray[np.bool_]

BODY_WEIGHT = 10.0
"""Weight of a page with a reference body, shared by its blocks after their tokens."""
BODY_FLOOR = 60
"""Tokens added to a body's, so that the blocks of a short one do not outweigh all others."""
SNIPPET_WEIGHT = 0.25
"""Weight of a block that a snippet names."""
MOST_WEIGHT = 1.6
"""How many times BODY_WEIGHT a page may weigh; more means that its reference body was cut short."""
WORD_SITES, NAME_SITES = 10, 6
"""Sites a word must be on: what only a few sites say is no rule, and no text of theirs shall be in the model."""
WORD_STRENGTH, NAME_STRENGTH = 0.2, 0.05
WEAKEST = 0.03
"""Weights nearer to 0 are left out of the model."""
INNER_FOLDS = 3
FOREST: dict[str, Any] = {
    "loss_function": "CrossEntropy", "iterations": 200, "depth": 6, "learning_rate": 0.12, "l2_leaf_reg": 5,
    "border_count": 63, "rsm": 0.5, "bootstrap_type": "Bernoulli", "subsample": 0.7,
    "thread_count": 2, "verbose": False, "allow_writing_files": False,
}  # fmt: skip

SECOND_SEEDS = (1, 2, 3)
"""The second forest is the mean of so many, which differ in what they drew."""


@dataclass
class Sheet:
    """All blocks of many pages, one row each."""

    pages: list[Page]
    measured: list[Measured]
    """Without word and name scores, which a model must give first."""
    rows: list[slice]
    sites: NDArray[np.str_]
    labels: Doubles
    weights: Doubles
    words: csr_matrix
    names: csr_matrix
    word_list: list[str]
    name_list: list[str]


def read_sheet(sources: Iterable[Source]) -> Sheet:
    """The pages as training rows; pages without any text are left out."""
    pages, measured, rows, sites, labels, weights = [], [], [], [], [], []
    words, names = _Vocabulary(), _Vocabulary()
    word_rows: list[Sequence[int]] = []
    name_rows: list[Sequence[int]] = []
    start = 0
    for source in sources:
        found = read_page(source.html, source.url)
        page = walk(found[0]) if found else Page()
        if found is None or not page.texts:
            continue
        parts = [name_words(key) for key in page.nodes.key]
        places = places_of(page, [is_bad(part) for part in parts])
        labels_only = link_labels(page)
        texts = text_columns(page.texts, labels_only, found[1])
        base = np.concatenate([texts, place_columns(page, places, texts)], axis=1)
        pages.append(page)
        measured.append(Measured(places, base, np.zeros((len(base), 0), dtype=np.float32)))
        rows.append(slice(start, start + len(base)))
        start += len(base)
        sites.append(np.full(len(base), source.site))
        label, weight = _labels(page.texts, source)
        labels.append(label)
        weights.append(weight)
        word_rows += [
            [] if label_only else words.numbers(sorted(set(block_words(*ends))))
            for ends, label_only in zip(block_ends(page.texts), labels_only, strict=True)
        ]
        dress = [names.numbers(name_words(key)) for key in page.dress]
        name_rows += _name_rows(page, [names.numbers(part) for part in parts], dress)
    return Sheet(
        pages, measured, rows, np.concatenate(sites), np.concatenate(labels), np.concatenate(weights),
        _counts(word_rows, len(words.numbered)), _counts(name_rows, NAME_PLACES * len(names.numbered)),
        list(words.numbered), list(names.numbered),
    )  # fmt: skip


class _Vocabulary:
    """Numbers for words, in order of appearance."""

    def __init__(self) -> None:
        self.numbered: dict[str, int] = {}

    def numbers(self, words: Iterable[str]) -> list[int]:
        return [self.numbered.setdefault(word, len(self.numbered)) for word in words]


def _labels(texts: Sequence[str], source: Source) -> tuple[Doubles, Doubles]:
    truth = source.truth
    if not truth["texts"]:
        label = label_by_snippets(texts, truth["with"] or [], truth["without"] or [])
        known = label >= 0
        return np.where(known, label, 0.5), known * SNIPPET_WEIGHT
    label, sizes, length = label_by_body(texts, truth["texts"])
    weight = np.minimum((sizes + 2) / (length + BODY_FLOOR), 0.6) * BODY_WEIGHT
    return label, weight * min(1.0, BODY_WEIGHT * MOST_WEIGHT / max(float(weight.sum()), 1e-9))


NAME_PLACES = 4
"""A block's own element, its parent, those above, and the inline ones around it: judge.NameWeights."""


def _name_rows(page: Page, numbers: list[list[int]], dress: list[list[int]]) -> list[list[int]]:
    """For each block the names around it, told apart by the number modulo NAME_PLACES."""
    parents = page.nodes.parent
    path: list[list[int]] = []
    for index, parent in enumerate(parents):
        above = [NAME_PLACES * number + 2 for number in numbers[index]]
        path.append((path[parent] if parent != index else []) + above)
    rows = []
    for node, inline in zip(page.node, dress, strict=True):
        row, parent = [NAME_PLACES * number for number in numbers[node]], parents[node]
        row += [NAME_PLACES * number + 3 for number in inline]
        if parent != node:
            row += [NAME_PLACES * number + 1 for number in numbers[parent]]
            row += path[parents[parent]] if parents[parent] != parent else []
        rows.append(row)
    return rows


def _counts(rows: Sequence[Sequence[int]], width: int) -> csr_matrix:
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter((column for row in rows for column in row), dtype=np.int32, count=int(ends[-1]))
    counts = csr_matrix((np.ones(len(columns), dtype=np.float32), columns, ends), shape=(len(rows), width))
    counts.sum_duplicates()
    return counts


def fit_model(sheet: Sheet, train: Mask) -> dict[str, NDArray[np.generic]]:
    """The arrays of a model that has seen the blocks of `train` only; judge.Model.read takes them from an npz file."""
    inner = np.array([fold_of(site, INNER_FOLDS, "inner") for site in sheet.sites])
    word_weights = _fit_linear(sheet, sheet.words, train, WORD_SITES, WORD_STRENGTH)
    name_weights = _fit_linear(sheet, sheet.names, train, NAME_SITES, NAME_STRENGTH)
    scores = np.zeros((2, len(sheet.labels)))
    for fold in range(INNER_FOLDS):
        part, rest = train & (inner != fold), train & (inner == fold)
        for place, (matrix, sites, strength) in enumerate(
            ((sheet.words, WORD_SITES, WORD_STRENGTH), (sheet.names, NAME_SITES, NAME_STRENGTH))
        ):
            weights, bias = _fit_linear(sheet, matrix, part, sites, strength)
            scores[place, rest] = matrix[rest] @ weights + bias
    beside = np.concatenate([np.column_stack([*around(scores[0, row]), *around(scores[1, row])]) for row in sheet.rows])
    measured = [
        Measured(one.places, one.base, beside[row].astype(np.float32))
        for one, row in zip(sheet.measured, sheet.rows, strict=True)
    ]
    first_rows = np.concatenate([one.first_rows for one in measured])
    likely = np.zeros(len(sheet.labels))
    for fold in range(INNER_FOLDS):
        part, rest = train & (inner != fold), train & (inner == fold)
        likely[rest] = _probabilities(_fit_forest(sheet, first_rows, part), first_rows[rest])
    first = _fit_forest(sheet, first_rows, train)
    second_rows = np.concatenate([
        one.second_rows(page.nodes.key, likely[row])
        for one, page, row in zip(measured, sheet.pages, sheet.rows, strict=True)
    ])  # fmt: skip
    second = [_fit_forest(sheet, second_rows, train, seed) for seed in SECOND_SEEDS]
    return (
        _words_arrays(sheet, word_weights, name_weights)
        | _forest_arrays([first], "first")
        | _forest_arrays(second, "second")
    )


def _fit_linear(
    sheet: Sheet, matrix: csr_matrix, train: Mask, least_sites: int, strength: float
) -> tuple[Doubles, float]:
    """Weights of all columns (0 for those on too few sites or too weak), and the bias."""
    rows = np.flatnonzero(train & (sheet.weights > 0))
    part = matrix[rows]
    numbers = np.unique(sheet.sites[rows], return_inverse=True)[1]
    sites = csr_matrix((np.ones(len(rows)), (numbers, np.arange(len(rows)))), shape=(numbers.max() + 1, len(rows)))
    columns = np.flatnonzero(np.asarray(((sites @ part) > 0).sum(axis=0)).ravel() >= least_sites)
    regression = LogisticRegression(C=strength, max_iter=40, solver="liblinear", random_state=0)
    regression.fit(part[:, columns], sheet.labels[rows] > 0.5, sample_weight=np.sqrt(sheet.weights[rows]))
    weights = np.zeros(matrix.shape[1])
    found = regression.coef_[0].astype(np.float16).astype(np.float64)
    weights[columns] = np.where(np.abs(found) >= WEAKEST, found, 0.0)
    return weights, float(regression.intercept_[0])


def _fit_forest(sheet: Sheet, rows: NDArray[np.float32], train: Mask, seed: int = 1) -> CatBoostClassifier:
    chosen = train & (sheet.weights > 0)
    forest = CatBoostClassifier(**FOREST, random_seed=seed)
    forest.fit(Pool(rows[chosen], sheet.labels[chosen], weight=sheet.weights[chosen]))
    return forest


def _probabilities(forest: CatBoostClassifier, rows: NDArray[np.float32]) -> Doubles:
    return np.asarray(1.0 / (1.0 + np.exp(-forest.predict(rows, prediction_type="RawFormulaVal"))))


def _words_arrays(
    sheet: Sheet, words: tuple[Doubles, float], names: tuple[Doubles, float]
) -> dict[str, NDArray[np.generic]]:
    by_name = names[0].reshape(-1, NAME_PLACES)
    kept_words = sorted((sheet.word_list[place], place) for place in np.flatnonzero(words[0]))
    kept_names = sorted((sheet.name_list[place], place) for place in np.flatnonzero(by_name.any(axis=1)))
    return {
        "words": _packed(word for word, _ in kept_words),
        "word_weights": words[0][[place for _, place in kept_words]].astype(np.float16),
        "words_bias": np.array(words[1]),
        "names": _packed(name for name, _ in kept_names),
        "name_weights": by_name[[place for _, place in kept_names]].astype(np.float16),
        "names_bias": np.array(names[1]),
    }


def _packed(words: Iterable[str]) -> NDArray[np.generic]:
    return np.frombuffer("\n".join(words).encode("utf-8"), dtype=np.uint8)


def _forest_arrays(forests: Sequence[CatBoostClassifier], name: str) -> dict[str, NDArray[np.generic]]:
    """The mean of CatBoost's forests as the flat tables of forest.Forest; levels that a tree lacks always answer no."""
    told = [_told(forest) for forest in forests]
    trees = [(tree, one["scale_and_bias"][0] / len(told)) for one in told for tree in one["oblivious_trees"]]
    depth = FOREST["depth"]
    numbers: dict[tuple[int, float], int] = defaultdict(lambda: len(numbers))
    never = numbers[0, float(np.finfo(np.float32).max)]
    questions = np.full((depth, len(trees)), never, dtype=np.uint16)
    leaves = np.zeros((len(trees), 2**depth), dtype=np.float32)
    for place, (tree, scale) in enumerate(trees):
        for level, split in enumerate(tree["splits"] or []):
            questions[level, place] = numbers[split["float_feature_index"], float(np.float32(split["border"]))]
        leaves[place, : len(tree["leaf_values"])] = np.array(tree["leaf_values"]) * scale
    return {
        f"{name}_edge_column": np.array([column for column, _ in numbers], dtype=np.uint16),
        f"{name}_edge_value": np.array([value for _, value in numbers], dtype=np.float32),
        f"{name}_questions": questions,
        f"{name}_leaves": leaves,
        f"{name}_bias": np.array(sum(one["scale_and_bias"][1][0] for one in told) / len(told)),
    }


def _told(forest: CatBoostClassifier) -> dict[str, Any]:
    """What CatBoost writes of a forest."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "forest.json"
        forest.save_model(str(path), format="json")
        told: dict[str, Any] = json.loads(path.read_text())
    return told
