"""What two texts are compared by, once it is likely that they are near-duplicates; kept in a file while they wait.

A text's traits are rows of numbers; those of many texts would not fit into memory, so they lie in a flat file and are
read one by one. What does not belong here: what follows from a comparison (kinship.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import numpy as np
import polars as pl

from tasks.store.shingles import Hashes, hashed, shingles, tokens, widths

_MARKED_WORD = r"[.!?:…\n]\W*\w+|\w+"
"""A word with the end of a sentence before it, or a word."""
_NAME = r"^\p{Lu}\w"
_NUMBER = r"\d+(?:[.,:]\d+)*"


@dataclass(frozen=True)
class Traits:
    """One text. All arrays are sorted; a word may come several times, the others once."""

    shingles: Hashes
    words: Hashes
    names: Hashes
    """Words of two letters or more with a capital within a sentence."""
    numbers: Hashes

    @property
    def parts(self) -> tuple[Hashes, ...]:
        """All arrays, in the order in which they are filed."""
        return self.shingles, self.words, self.names, self.numbers


def read_traits(bodies: pl.Series) -> list[Traits]:
    """The traits of each text."""
    words = tokens(bodies)
    runs = shingles(words, widths(bodies))
    marked = pl.select("\n" + bodies).to_series().str.extract_all(_MARKED_WORD)
    names = hashed(marked.list.eval(pl.element().filter(pl.element().str.contains(_NAME)).str.to_lowercase()))
    numbers = hashed(bodies.str.extract_all(_NUMBER))
    return [
        Traits(
            shingles=np.unique(runs.row(index)),
            words=np.sort(words.row(index)),
            names=np.unique(names.row(index)),
            numbers=np.unique(numbers.row(index)),
        )
        for index in range(len(bodies))
    ]


@dataclass
class TraitsFile:
    """Traits of many texts, by key. For one process and one run; it may be deleted at any time after."""

    path: Path
    _places: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """Key to the place of its bytes and the lengths of its arrays."""
    _file: BinaryIO | None = None

    def __enter__(self) -> Self:
        """Open it, empty."""
        self._file = self.path.open("w+b")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close and delete it."""
        self._open.close()
        self.path.unlink(missing_ok=True)

    @property
    def _open(self) -> BinaryIO:
        if self._file is None:
            raise ValueError("a TraitsFile is used inside `with`")
        return self._file

    def add(self, keys: Iterable[str], bodies: pl.Series) -> None:
        """File the traits of texts."""
        place = self._open.seek(0, 2)
        for key, traits in zip(keys, read_traits(bodies), strict=True):
            self._places[key] = (place, *(len(part) for part in traits.parts))
            place += self._open.write(b"".join(part.tobytes() for part in traits.parts))

    def get(self, key: str) -> Traits | None:
        """The traits of one text; None when it was not filed."""
        if key not in self._places:
            return None
        place, *lengths = self._places[key]
        self._open.seek(place)
        flat = np.frombuffer(self._open.read(8 * sum(lengths)), dtype=np.uint64)
        return Traits(*np.split(flat, np.cumsum(lengths)[:-1]))
