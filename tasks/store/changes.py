"""How one version of an article differs from the one before it: a share of words, and a name for the change.

Pure. Hashes have been compared before; here are only pairs whose texts differ.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from schemas.reasons import ChangeKind
from tasks.store.notices import NOTICES

WORD = re.compile(r"\S+")
_NUMBER = re.compile(r"\d")
_EDGE = re.compile(r"^\W+|\W+$")
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


@dataclass(frozen=True)
class Difference:
    """What an alignment of two texts found, in words."""

    old_count: int
    new_count: int
    removed: int = 0
    added: int = 0
    pairs: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = field(default=(), repr=False)
    """Stretches of old words and of new words that stand in their place; either may be empty."""

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
    pairs = tuple(_stretches(before, after))
    return Difference(
        old_count=len(before),
        new_count=len(after),
        removed=sum(len(a) for a, _ in pairs),
        added=sum(len(b) for _, b in pairs),
        pairs=pairs,
    )


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """The differing stretches, in order, after the common beginning and end are cut off."""
    head = _common(old, new)
    old, new = old[head:], new[head:]
    tail = _common(old[::-1], new[::-1])
    old, new = old[: len(old) - tail], new[: len(new) - tail]
    if not old and not new:
        return
    if max(len(old), len(new)) > MAX_ALIGNED_WORDS:
        yield tuple((Counter(old) - Counter(new)).elements()), tuple((Counter(new) - Counter(old)).elements())
        return
    # autojunk: words that make up over 1 % of a long stretch are no anchors, which keeps the time near linear.
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=True).get_opcodes():
        if tag != "equal":
            yield tuple(old[i:j]), tuple(new[k:m])


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many first words are the same."""
    for place, (a, b) in enumerate(zip(old, new, strict=False)):
        if a != b:
            return place
    return min(len(old), len(new))


def name_change(old: str, new: str, limits: Limits = LIMITS) -> tuple[ChangeKind, float]:
    """The kind of change and its share of words, for two different texts of one article.

    Judged in this order, the first that fits: correction (a notice is new), rewrite (half of the words), truncation,
    addition, typo (few words, each much like the one it replaces), stealth_edit (a number or a name changed and no
    notice), rewrite (any other edit).
    """
    found = compare(old, new)
    if _NOTICE.search(new) and not _NOTICE.search(old):
        return ChangeKind.CORRECTION, found.share
    if found.share >= limits.rewrite_share and not _is_growth(found, limits) and not _is_loss(found, limits):
        return ChangeKind.REWRITE, found.share
    if _is_loss(found, limits):
        return ChangeKind.TRUNCATION, found.share
    if _is_typo(found, limits):
        return ChangeKind.TYPO, found.share
    if any(_changes_fact(before, after, limits) for before, after in found.pairs):
        return ChangeKind.STEALTH_EDIT, found.share
    if _is_growth(found, limits):
        return ChangeKind.ADDITION, found.share
    return ChangeKind.REWRITE, found.share


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
