"""Names for changes: a table of pairs, the vocabulary of notices, and what holds for any two texts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import ChangeKind as K
from tasks.store.changes import compare, name_change
from tasks.store.notices import NOTICES, Notice

BASE = (
    "The mayor of Milltown opened the new bridge on Friday after 3 years of work. It cost 12 million euros, and Anna "
    "Brown cut the ribbon in the rain while hundreds watched from the bank of the river. The old bridge is to be taken "
    "down in spring. Traffic will be led over the new one from Monday on, said Anna Brown of the road office. "
)
MORE = "Later in the day the desk added that the ferry would stop running, which many had asked about for years."


def swap(old: str, new: str) -> str:
    """The base text with one phrase changed everywhere."""
    assert old in BASE
    return BASE.replace(old, new)


CASES = {
    "white space only": (BASE, BASE.replace(" ", "  "), K.TYPO),
    "a letter is put right": (swap("ribbon", "ribon"), BASE, K.TYPO),
    "a name's spelling is put right": (swap("Milltown", "Miltown"), BASE, K.TYPO),
    "capitals": (swap("mayor", "Mayor"), BASE, K.TYPO),
    "a mark at a word's end": (swap("work.", "work!"), BASE, K.TYPO),
    "another number": (BASE, swap("12 million", "15 million"), K.STEALTH_EDIT),
    "a number with one digit more": (BASE, swap("12 million", "120 million"), K.STEALTH_EDIT),
    "another name": (BASE, swap("Anna Brown", "Jane Smith"), K.STEALTH_EDIT),
    "another day": (BASE, swap("Friday", "Tuesday"), K.STEALTH_EDIT),
    "another number, with a notice": (
        BASE, swap("12 million", "15 million") + " Correction: it cost 15 million.", K.CORRECTION,
    ),
    "the notice was there before": (
        BASE + " Correction: x.", swap("12 million", "15 million") + " Correction: x.", K.STEALTH_EDIT,
    ),
    "a word that is no notice": (BASE, BASE + " The house of correction is near.", K.ADDITION),
    "a paragraph more": (BASE, BASE + "\n\n" + MORE, K.ADDITION),
    "a stub grows to five times its length": (BASE[:60], BASE * 2, K.ADDITION),
    "half is gone": (BASE, BASE[: len(BASE) // 2], K.TRUNCATION),
    "a fifth is gone": (BASE, BASE[: len(BASE) * 4 // 5], K.TRUNCATION),
    "three words in other words": (BASE, swap("opened the new bridge", "led people over a bridge"), K.REWRITE),
    "another text": (BASE, "Wholly other words about the weather that is to come in the north. " * 5, K.REWRITE),
    "a word for another, not alike": (BASE, swap("rain", "sunshine"), K.REWRITE),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_name_change(case: str) -> None:
    """Each pair has the name that a desk would give it."""
    old, new, kind = CASES[case]
    assert name_change(old, new)[0] == kind


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice.pattern[:30])
def test_each_notice_matches_its_example_and_not_the_other(notice: Notice) -> None:
    """A pattern without a counter-example would be a guess."""
    pattern = re.compile(notice.pattern, re.IGNORECASE)
    assert pattern.search(notice.match)
    assert not any(re.search(other.pattern, notice.miss, re.IGNORECASE) for other in NOTICES)


SHARES = {
    ("a b c d", "a b c d"): 0.0,
    ("a b c d", "a x c d"): 0.25,
    ("a b c d", "a b c d e f g h"): 0.5,
    ("a b c d", ""): 1.0,
    ("", ""): 0.0,
}


@pytest.mark.parametrize(("pair", "share"), SHARES.items())
def test_change_share(pair: tuple[str, str], share: float) -> None:
    """Changed words over the words of the longer text."""
    assert compare(*pair).share == share


@given(st.text("ab \n", max_size=60), st.text("ab \n", max_size=60))
def test_any_two_texts(old: str, new: str) -> None:
    """A share between 0 and 1, 0 only for the same words, the same both ways within a word, and always a name."""
    kind, share = name_change(old, new)
    assert kind in K
    assert 0 <= share <= 1
    assert (share == 0) == (old.split() == new.split())


def test_long_texts_that_share_nothing_are_not_aligned() -> None:
    """A hundred thousand words against as many others: two bags of words, one stretch."""
    old, new = " ".join(f"a{n}" for n in range(100_000)), " ".join(f"b{n}" for n in range(100_000))
    found = compare(old, new)
    assert (len(found.pairs), found.removed, found.added, found.share) == (1, 100_000, 100_000, 1.0)
