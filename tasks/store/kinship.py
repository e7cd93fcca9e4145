"""Whether two texts tell one story, by what they share word for word. Pure.

Telling a rewrite from a template is the point. Who edits a text changes its words and keeps its facts; who fills in a
template keeps the words and changes the facts. So the facts (numbers, names) of a pair must be as much alike as its
other words are.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from tasks.store.shingles import Hashes
from tasks.store.traits import Traits

MIN_JACCARD = 0.3
"""Two tellings share this much of their shingles: a word in nine may differ at random, or half of the text be cut."""

MIN_SHINGLES = 30
"""Different shingles that either text must have: a text of repetitions is short, however long it is."""

MIN_FACTS = 3
"""Fewer numbers or names say nothing."""

MARGIN = 0.3
"""How much less alike than the other words the facts may be."""

SAME_FACTS = 0.9
"""How much alike the facts of two texts must be when one of them is known to come from a template."""

NO_FACTS_JACCARD = 0.7
"""What texts without facts to compare must share instead."""

FAMILY = 3
"""A text that differs from so many others in its facts alone comes from a template."""


class Verdict(Enum):
    """What a pair is."""

    NONE = "none"
    """Too different."""
    TEMPLATE = "template"
    """The same words about other facts."""
    STORY = "story"
    """One story."""


@dataclass(frozen=True)
class Kinship:
    """How much alike two texts are."""

    verdict: Verdict
    jaccard: float
    change_share: float
    """Share of words that are not in both."""
    facts: float
    """The lower of how much numbers and names agree; 1 when there are too few of both."""
    is_same: bool
    """The same words in the same order, but for case and punctuation."""


def compare(one: Traits, other: Traits) -> Kinship:
    """How two texts belong together, whichever is the older."""
    shared = _common(one.shingles, other.shingles)
    union = len(one.shingles) + len(other.shingles) - shared
    jaccard = shared / union if union else 0.0
    change = 1 - _common_words(one.words, other.words) / max(len(one.words), len(other.words), 1)
    facts = [share for share in (_overlap(one.numbers, other.numbers), _overlap(one.names, other.names)) if share >= 0]
    lowest = min(facts, default=1.0)
    is_same = jaccard == 1.0 and change == 0.0
    verdict = Verdict.NONE
    if jaccard >= MIN_JACCARD and min(len(one.shingles), len(other.shingles)) >= MIN_SHINGLES:
        alike = lowest >= _containment(one, other) - MARGIN if facts else jaccard >= NO_FACTS_JACCARD
        verdict = Verdict.STORY if alike else Verdict.TEMPLATE
    return Kinship(verdict, jaccard, change, lowest, is_same)


def _containment(one: Traits, other: Traits) -> float:
    """How many words of the shorter text are in the longer one."""
    return _common_words(one.words, other.words) / max(min(len(one.words), len(other.words)), 1)


def _overlap(one: Hashes, other: Hashes) -> float:
    """How many of the fewer facts are among the more; -1 when there are too few to say."""
    fewer = min(len(one), len(other))
    return _common(one, other) / fewer if fewer >= MIN_FACTS else -1.0


def _common(one: Hashes, other: Hashes) -> int:
    """How many values two sorted arrays without repetitions share."""
    return len(one) + len(other) - len(np.union1d(one, other))


def _common_words(one: Hashes, other: Hashes) -> int:
    """How many words two sorted arrays share, a word as often as it is in both."""
    values, counts = np.unique(one, return_counts=True)
    others, other_counts = np.unique(other, return_counts=True)
    _, mine, theirs = np.intersect1d(values, others, assume_unique=True, return_indices=True)
    return int(np.minimum(counts[mine], other_counts[theirs]).sum())
