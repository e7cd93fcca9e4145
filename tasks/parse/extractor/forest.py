"""Oblivious decision trees, evaluated for all rows and all trees at once with numpy.

In an oblivious tree all nodes of one level ask the same question, so that a leaf's number is the row's answers read as
bits. That makes a forest three flat tables, and reading it a handful of array operations.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROWS_AT_ONCE = 4_000
"""Bounds the memory of one evaluation: rows x trees x depth answers of one byte."""


@dataclass(frozen=True)
class Forest:
    """A sum of trees.

    Attributes:
        columns: the columns asked for, each once.
        edges: column place and threshold of each distinct question, in order of the columns.
        questions: [depth, trees], indexes of distinct questions; the answers are bits from the lowest up.
        leaves: [trees * 2 ** depth], what a tree adds to the sum in each leaf.
        bias: added to each sum.
    """

    columns: NDArray[np.int32]
    edge_column: NDArray[np.int32]
    edge_value: NDArray[np.float32]
    questions: NDArray[np.int32]
    leaves: NDArray[np.float32]
    bias: float

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[np.generic]], name: str) -> "Forest":
        """The forest that is stored under `name` in an npz file."""
        column = arrays[f"{name}_edge_column"].astype(np.int32)
        columns, place = np.unique(column, return_inverse=True)
        return cls(
            columns=columns.astype(np.int32),
            edge_column=place.astype(np.int32),
            edge_value=arrays[f"{name}_edge_value"].astype(np.float32),
            questions=arrays[f"{name}_questions"].astype(np.int32),
            leaves=arrays[f"{name}_leaves"].astype(np.float32).reshape(-1),
            bias=float(arrays[f"{name}_bias"][()].item()),
        )

    def probabilities(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """For each row the probability that the trees give it, 0 to 1."""
        parts = [self._sums(rows[start : start + ROWS_AT_ONCE]) for start in range(0, len(rows), ROWS_AT_ONCE)]
        sums = np.concatenate(parts) if parts else np.zeros(0)
        return np.asarray(1.0 / (1.0 + np.exp(-sums)))

    def _sums(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        # Columns first: then each question and each tree works on one stretch of memory.
        turned = np.ascontiguousarray(rows.take(self.columns, axis=1).T)
        answers = (turned.take(self.edge_column, axis=0) > self.edge_value[:, None]).view(np.uint8)
        depth, trees = self.questions.shape
        leaf = answers.take(self.questions[-1], axis=0)
        for level in reversed(range(depth - 1)):
            leaf += leaf
            leaf += answers.take(self.questions[level], axis=0)
        places = leaf + (np.arange(trees, dtype=np.int32) << depth)[:, None]
        return np.asarray(self.leaves.take(places).sum(axis=0, dtype=np.float64) + self.bias)
