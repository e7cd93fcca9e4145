"""Texts as sets of shingles: runs of neighbouring words, as numbers. Pure; all texts of a batch at once.

Case, punctuation and white space do not count. In scripts that are written without spaces each character is a token,
and a run is as long as five words are on average. What does not belong here: comparing (signatures.py, kinship.py).
"""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from schemas.text import FOUR_TO_ONE_CLASS, ONE_EACH_CLASS

Hashes = np.ndarray[Any, np.dtype[np.uint64]]
Offsets = np.ndarray[Any, np.dtype[np.int64]]

WORDS = 5
"""Words in a row. Shorter runs are shared by any two texts of a language, longer ones by no two edited texts."""
KANA_HAN = 8
"""Characters that are five words of Chinese or Japanese (1.6 a word)."""
SOUTH_EAST = 20
"""Characters that are five words of Thai, Lao, Burmese or Khmer (four a word, as `schemas.text` counts)."""

_WORD = r"\w+"
_SINGLES = ONE_EACH_CLASS[1:-1] + FOUR_TO_ONE_CLASS[1:-1]
_MIXED = rf"[{_SINGLES}]|[\w&&[^{_SINGLES}]]+"
_ODD = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@dataclass(frozen=True)
class Ragged:
    """Rows of numbers of different lengths: row i is values[offsets[i]:offsets[i + 1]]."""

    values: Hashes
    offsets: Offsets

    def row(self, index: int) -> Hashes:
        """The numbers of one row."""
        return self.values[self.offsets[index] : self.offsets[index + 1]]


def tokens(texts: pl.Series) -> Ragged:
    """The words of each text in order, as 64-bit hashes that are the same on every machine."""
    lower = texts.str.to_lowercase()
    is_mixed = lower.str.contains(f"[{_SINGLES}]")
    found = lower.str.extract_all(_WORD)
    if is_mixed.any():
        found = pl.select(pl.when(is_mixed).then(lower.str.extract_all(_MIXED)).otherwise(found)).to_series()
    return hashed(found)


def hashed(words: pl.Series) -> Ragged:
    """A list of words for each text, as hashes."""
    offsets = np.concatenate([[0], words.list.len().to_numpy().astype(np.int64).cumsum()])
    coded = words.explode(empty_as_null=False).to_arrow().dictionary_encode()
    known = np.array([_hash(word) for word in coded.dictionary.to_pylist()], dtype=np.uint64)
    return Ragged(known[coded.indices.to_numpy()] if len(known) else known, offsets)


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def widths(texts: pl.Series) -> Offsets:
    """How many tokens a shingle of each text has: that of the script that most of its characters are written in."""
    rest = texts.str.count_matches(r"\w")
    han, thai = (texts.str.count_matches(script) for script in (ONE_EACH_CLASS, FOUR_TO_ONE_CLASS))
    chosen = (
        pl.when(2 * han > rest).then(pl.lit(KANA_HAN)).when(2 * thai > rest).then(pl.lit(SOUTH_EAST)).otherwise(WORDS)
    )
    return pl.select(chosen.cast(pl.Int64)).to_series().to_numpy()


def shingles(words: Ragged, width: Offsets) -> Ragged:
    """The shingles of each text in order; a text of fewer tokens than a shingle has none.

    Args:
        words: `tokens`.
        width: `widths`.
    """
    counts = np.maximum(np.diff(words.offsets) - width + 1, 0)
    offsets = np.concatenate([[0], counts.cumsum()])
    starts = np.repeat(words.offsets[:-1] - offsets[:-1], counts) + np.arange(offsets[-1])
    sums = np.zeros(len(starts), np.uint64)
    wide = np.repeat(width, counts)
    for place in range(int(width.max(initial=0))):
        inside = slice(None) if place < WORDS else wide > place
        sums[inside] = sums[inside] * _ODD + words.values[starts[inside] + place]
    return Ragged(_mixed(sums), offsets)


def _mixed(values: Hashes) -> Hashes:
    """The finaliser of splitmix64: every bit of the input moves every bit of the output."""
    values = (values ^ (values >> np.uint64(30))) * _MIX[0]
    values = (values ^ (values >> np.uint64(27))) * _MIX[1]
    return values ^ (values >> np.uint64(31))
