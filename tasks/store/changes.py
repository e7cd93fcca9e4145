"""How one version of an article differs from the one before it: a share of words, and a name for the change.

Pure. Hashes have been compared before; here are only pairs whose texts differ.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from schemas.reasons import ChangeKind
from tasks.store.notices import NOTICES

WORD = re.compile(r"\S+")
_NUMBER = re.compile(r"\d")
_EDGE = re.compile(r"^\W+|\W+$")
_SENTENCE = re.compile(r".*?(?:[.!?](?=\s|$)|$)", re.MULTILINE)
"""From any place to the end of its sentence or line. Matches: "It cost 1.5 million." whole. Not: beyond it."""
_NOTICE = re.compile("|".join(f"(?:{notice.pattern})" for notice in NOTICES), re.IGNORECASE)

MAX_ALIGNED_WORDS = 3_000
"""Differing stretches longer than this are compared as bags of words: aligning takes quadratic time."""


@dataclass(frozen=True)
class Limits:
    """Where one kind of change ends and the next begins. Why these: see each."""

    typo_words: int = 3
    """Most words that a typo touches; a fourth word is an edit of a sentence."""
    typo_share: float = 0.02
    """And at most one word in fifty, or a short notice would be rewritten by three words."""
    similar: float = 0.7
    """Two spellings of one word are at least this alike (difflib ratio): Obmaa and Obama 0.8, May and June 0.0."""
    rewrite_share: float = 0.5
    """From half of the words on, the text is another one, whatever else may be said of it."""
    lost_share: float = 0.1
    """A truncation takes away at least a tenth of the old text, and puts next to nothing in its place."""
    one_sided: int = 5
    """An addition adds at least five words for each that it takes away, a truncation the other way round: a text
    that was cut short often ends within a word, or with three dots."""


LIMITS = Limits()


class Stretch(NamedTuple):
    """One stretch in which two texts differ."""

    place: int
    """New words before it."""
    old: tuple[str, ...]
    new: tuple[str, ...]
    old_place: int
    """Old words before it."""

    def as_row(self) -> dict[str, int | str]:
        """As an element of the column word_changes."""
        return {"place": self.place, "old": " ".join(self.old), "new": " ".join(self.new)}


@dataclass(frozen=True)
class Difference:
    """What an alignment of two texts found, in words."""

    old_count: int
    new_count: int
    removed: int = 0
    added: int = 0
    stretches: tuple["Stretch", ...] = field(default=(), repr=False)
    """What differs, in order."""

    @property
    def pairs(self) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Old words and the new words that stand in their place; either may be empty."""
        return ((stretch.old, stretch.new) for stretch in self.stretches)

    @property
    def share(self) -> float:
        """Share of words changed, 0 to 1: a replaced word counts once."""
        changed = sum(max(len(old), len(new)) for old, new in self.pairs)
        return min(1.0, changed / max(self.old_count, self.new_count, 1))


def compare(old: str, new: str) -> Difference:
    """The difference of two texts word by word; white space does not count.

    >>> compare("one two three four", "one too three four").share
    0.25
    """
    before, after = WORD.findall(old), WORD.findall(new)
    stretches = tuple(_stretches(before, after))
    return Difference(
        old_count=len(before),
        new_count=len(after),
        removed=sum(len(found.old) for found in stretches),
        added=sum(len(found.new) for found in stretches),
        stretches=stretches,
    )


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[Stretch]:
    """The differing stretches, in order, after the common beginning and end are cut off."""
    head = _common(old, new)
    old, new = old[head:], new[head:]
    tail = _common(old[::-1], new[::-1])
    old, new = old[: len(old) - tail], new[: len(new) - tail]
    if not old and not new:
        return
    if max(len(old), len(new)) > MAX_ALIGNED_WORDS:
        gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
        yield Stretch(head, tuple(gone.elements()), tuple(come.elements()), head)
        return
    # autojunk: words that make up over 1 % of a long stretch are no anchors, which keeps the time near linear.
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=True).get_opcodes():
        if tag != "equal":
            yield Stretch(head + k, tuple(old[i:j]), tuple(new[k:m]), head + i)


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many first words are the same."""
    for place, (a, b) in enumerate(zip(old, new, strict=False)):
        if a != b:
            return place
    return min(len(old), len(new))


def name_change(old: str, new: str, limits: Limits = LIMITS, found: Difference | None = None) -> ChangeKind:
    """The kind of change, for two different texts of one article (`found` is their difference, where it is known).

    Judged in this order, the first that fits: correction (a notice is new), rewrite (half of the words), truncation,
    addition, typo (few words, each much like the one it replaces), stealth_edit (a number or a name changed and no
    notice), rewrite (any other edit).
    """
    found = found or compare(old, new)
    if _notices(new) - _notices(old):
        return ChangeKind.CORRECTION
    if found.share >= limits.rewrite_share and not _is_growth(found, limits) and not _is_loss(found, limits):
        return ChangeKind.REWRITE
    if _is_loss(found, limits):
        return ChangeKind.TRUNCATION
    if _is_typo(found, limits):
        return ChangeKind.TYPO
    if any(_changes_fact(before, after, limits) for before, after in found.pairs):
        return ChangeKind.STEALTH_EDIT
    if _is_growth(found, limits):
        return ChangeKind.ADDITION
    return ChangeKind.REWRITE


def _notices(text: str) -> set[str]:
    """The sentences that own up to a correction, from the words of the notice on: a second one is a new notice."""
    return {" ".join(_SENTENCE.match(text, found.start())[0].split()) for found in _NOTICE.finditer(text)}  # type: ignore[index]  # the pattern matches at any place


def _is_growth(found: Difference, limits: Limits) -> bool:
    return found.added > 0 and found.added >= limits.one_sided * found.removed


def _is_loss(found: Difference, limits: Limits) -> bool:
    lost = found.removed - found.added
    return lost >= limits.lost_share * found.old_count and found.removed >= limits.one_sided * max(found.added, 1)


def _is_typo(found: Difference, limits: Limits) -> bool:
    touched = sum(max(len(old), len(new)) for old, new in found.pairs)
    few = touched <= limits.typo_words and touched <= max(1, limits.typo_share * found.old_count)
    return few and all(_is_respelling("".join(old), "".join(new), limits) for old, new in found.pairs)


def _is_respelling(old: str, new: str, limits: Limits) -> bool:
    """Whether two stretches are one word in two spellings; a changed digit never is a matter of spelling."""
    a, b = _bare(old), _bare(new)
    if _NUMBER.sub("", a) != a or _NUMBER.sub("", b) != b:
        return a == b
    return a.casefold() == b.casefold() or SequenceMatcher(None, a.casefold(), b.casefold()).ratio() >= limits.similar


def _changes_fact(old: Sequence[str], new: Sequence[str], limits: Limits) -> bool:
    """Whether a number or a name that stood there gave way to another one. Words added or cut alone do not count."""
    if not old or not new:
        return False
    before, after = {_bare(word) for word in old}, {_bare(word) for word in new}
    gone, come = _facts(before - after), _facts(after - before)
    return bool(gone and come) and not all(any(_is_respelling(a, b, limits) for b in come) for a in gone)


def _facts(words: set[str]) -> set[str]:
    """The words that are numbers or begin with a capital and are no single letter."""
    return {word for word in words if _NUMBER.search(word) or (len(word) > 1 and word[0].isupper())}


def _bare(word: str) -> str:
    """The word without marks at its ends."""
    return _EDGE.sub("", word)
