"""Names for changes: a table of pairs, the vocabulary of notices, and what holds for any two texts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import ChangeKind as K
from tasks.io.folder import DataFolder
from tasks.io.tables import Snapshot
from tasks.store.changes import compare, name_change
from tasks.store.notices import NOTICES, Notice
from tasks.store.run import store_run
from tests.store.staged import LONG, Page, facts, remembered, stage_run

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
    "a second notice": (
        BASE + " Correction: it cost 12 million.",
        swap("3 years", "4 years") + " Correction: it cost 12 million. Correction: it took 4 years.", K.CORRECTION,
    ),
    "a notice that says something else now": (
        BASE + " Correction: it cost 11.5 million.", BASE + " Correction: it cost 12.5 million.", K.CORRECTION,
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
    assert name_change(old, new) == kind


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
    share = compare(old, new).share
    assert name_change(old, new) in K
    assert 0 <= share <= 1
    assert (share == 0) == (old.split() == new.split())


def test_long_texts_that_share_nothing_are_not_aligned() -> None:
    """A hundred thousand words against as many others: two bags of words, one stretch."""
    old, new = " ".join(f"a{n}" for n in range(100_000)), " ".join(f"b{n}" for n in range(100_000))
    found = compare(old, new)
    assert (len(found.stretches), found.removed, found.added, found.share) == (1, 100_000, 100_000, 1.0)


@given(st.lists(st.sampled_from("abcde"), max_size=30), st.lists(st.sampled_from("abcde"), max_size=30))
def test_the_stretches_lead_from_the_old_text_to_the_new(old: list[str], new: list[str]) -> None:
    """Each stretch lies where it says in both texts, and putting the old words back gives the old text."""
    found = compare(" ".join(old), " ".join(new))
    back = list(new)
    for stretch in reversed(found.stretches):
        assert tuple(old[stretch.old_place : stretch.old_place + len(stretch.old)]) == stretch.old
        assert tuple(back[stretch.place : stretch.place + len(stretch.new)]) == stretch.new
        back[stretch.place : stretch.place + len(stretch.new)] = stretch.old
    assert back == old


def test_a_stored_version_names_what_it_was_compared_with(folder: DataFolder) -> None:
    """previous_id and word_changes are stored with the version; a first has neither."""
    pages = [Page("https://example.org/a", LONG + "It cost 12 million.", 1),
             Page("https://example.org/a", LONG + "It cost 15 million.", 2)]  # fmt: skip
    for number, page in enumerate(pages):
        store_run(stage_run(folder, f"r{number}", remembered(folder, [page])), facts())
    rows = Snapshot.open(folder).read("articles", ["version_id", "previous_id", "kind_of_change", "word_changes"])
    found = {row["version_id"]: row for row in rows.iter_rows(named=True)}
    first, second = found[pages[0].version], found[pages[1].version]
    assert (first["previous_id"], first["word_changes"]) == (None, None)
    assert (second["previous_id"], second["kind_of_change"]) == (pages[0].version, "stealth_edit")
    assert [(change["old"], change["new"]) for change in second["word_changes"]] == [("12", "15")]


F2 = {
    "typo": swap("ribbon", "ribon"),
    "correction": swap("12 million", "15 million") + " Correction: it cost 15 million.",
    "rewrite": "Wholly other words about the weather that is to come in the north. " * 5,
    "truncation": BASE[: len(BASE) // 2],
}


@pytest.mark.faults
def test_F2_a_new_text_of_a_url_is_a_new_version_of_a_named_kind(folder: DataFolder) -> None:
    """Four pages with one text, each changed in another way by the next night: both versions of each are kept."""
    old = [Page(f"https://example.org/{kind}", text=f"{BASE} {kind}", title=kind) for kind in F2]
    new = [Page(page.url, text=f"{F2[page.title]} {page.title}", title=page.title, day=1) for page in old]
    store_run(stage_run(folder, "r1", old), facts())
    summary = store_run(stage_run(folder, "r2", remembered(folder, new)), facts())
    rows = Snapshot.open(folder).read("articles", ["title", "run_id", "previous_id", "kind_of_change"])
    assert (summary.counts.stored, rows.height) == (4, 8)
    assert set(rows.filter(run_id="r1")["kind_of_change"]) == {"first"}
    found = {row["title"]: row for row in rows.filter(run_id="r2").iter_rows(named=True)}
    assert {kind: row["kind_of_change"] for kind, row in found.items()} == {kind: kind for kind in F2}
    assert {row["title"]: row["previous_id"] for row in found.values()} == {page.title: page.version for page in old}
