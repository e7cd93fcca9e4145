"""Shingles, signatures and the judgement of one pair."""

from itertools import permutations
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.io.staging import RunContext
from tasks.store.kinship import Kinship, Verdict, compare
from tasks.store.shingles import KANA_HAN, SOUTH_EAST, WORDS, shingles, tokens, widths
from tasks.store.signatures import SIGNED, estimate, sign
from tasks.store.ties import MAX_LINKS, tie
from tasks.store.traits import TraitsFile, read_traits
from tests.store.staged import at
from tests.store.texts import DEATH, MARKETS, WEATHER, filled, paragraphs, prose, reworded, text

ARTICLE = dict.fromkeys(SIGNED, "x") | {"captured_at": at(1)}


def pair(one: str, other: str) -> Kinship:
    """The comparison of two texts."""
    return compare(*read_traits(pl.Series([one, other])))


BASE = prose(8, 14)
CHANT = " ".join(word for row in list(permutations("abcd"))[:14] for word in row)
"""Different shingles enough, and neither a number nor a name."""

PAIRS: dict[str, tuple[str, str, Verdict]] = {
    "the same": (paragraphs(BASE), paragraphs(BASE), Verdict.STORY),
    "one word": (paragraphs(BASE), paragraphs([*BASE[:-1], "Batos is new."]), Verdict.STORY),
    "a figure was corrected": (paragraphs(BASE), paragraphs(["Now 17 are lost.", *BASE]), Verdict.STORY),
    "half of it": (paragraphs(BASE), paragraphs(BASE[:7]), Verdict.STORY),
    "a tenth of it": (paragraphs(prose(8, 60)), paragraphs(prose(8, 60)[:6]), Verdict.NONE),
    "other words": (paragraphs(BASE), paragraphs(reworded(BASE, 1, 0.9)), Verdict.NONE),
    "another story": (paragraphs(BASE), text(9), Verdict.NONE),
    "weather": (filled(WEATHER, 1), filled(WEATHER, 2), Verdict.TEMPLATE),
    "markets": (filled(MARKETS, 1), filled(MARKETS, 2), Verdict.TEMPLATE),
    "death": (filled(DEATH, 1), filled(DEATH, 2), Verdict.TEMPLATE),
    "a copy of the weather": (filled(WEATHER, 1), filled(WEATHER, 1) + " By the desk.", Verdict.STORY),
    "no facts, half": (
        "ba de gi lo mu ne ra si " * 3 + CHANT,
        CHANT + " lo ba mu ne gi" * 2 + " ra si lo de" * 2 + " ra ne lo mu ba si gi de",
        Verdict.TEMPLATE,
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_pairs(name: str) -> None:
    """What is one story, what a template, what neither; and it does not matter which comes first."""
    one, other, verdict = PAIRS[name]
    assert pair(one, other).verdict is verdict
    assert pair(one, other) == pair(other, one)


def test_shares_are_exact() -> None:
    """Jaccard over sets of five words, change over words, for texts that can be counted by hand."""
    one = " ".join(f"w{number}" for number in range(100))
    other = " ".join(f"w{number}" for number in range(50)) + " " + " ".join(f"v{number}" for number in range(50))
    found = pair(one, other)
    assert (found.jaccard, found.change_share) == (46 / (96 + 96 - 46), 0.5)


@given(st.lists(st.sampled_from(["Word", "and", "Ünï", "x1", "42"]), min_size=0, max_size=30))
def test_case_marks_and_space_do_not_count(words: list[str]) -> None:
    """The shingles of a text are those of its words, however they are set."""
    plain, set_otherwise = " ".join(words), " ...\n\n".join(word.upper() for word in words) + "!"
    made = shingles(tokens(pl.Series([plain, set_otherwise])), np.array([5, 5]))
    assert made.row(0).tolist() == made.row(1).tolist()
    assert len(made.row(0)) == max(len(words) - 4, 0)


@pytest.mark.parametrize(
    ("body", "width"),
    [
        ("Plain words.", WORDS), ("", WORDS), ("Das große Fest", WORDS), ("городской совет", WORDS),
        ("서울 시의회", WORDS),
        ("市议会通过了计划", KANA_HAN), ("市議会は計画を可決した", KANA_HAN), ("สภาเมืองลงมติ", SOUTH_EAST),
        ("A text about 東京 only", WORDS),
    ],
)  # fmt: skip
def test_width_by_script(body: str, width: int) -> None:
    """Languages without spaces get longer runs of characters; all others runs of words."""
    assert widths(pl.Series([body])).tolist() == [width]


def test_hashes_are_the_same_everywhere() -> None:
    """Signatures are kept, so what they are made of must never change; a change needs another method."""
    assert tokens(pl.Series(["Bridge bridge"])).values.tolist() == BRIDGE
    made = sign(pl.DataFrame([ARTICLE | {"body": " ".join(f"w{number}" for number in range(60))}]))
    assert made["bands"].to_list()[0][:2] == FIRST_BANDS
    assert made["method"].to_list() == ["rensa2-64-1-w5.8.20"]


BRIDGE = [2793564478624239598, 2793564478624239598]
FIRST_BANDS = [895704417806384056, 7587233417507686209]


def test_estimates_are_near_the_truth() -> None:
    """Over fifty pairs the mean error of the estimate is under 0.08 and unbiased."""
    texts = [paragraphs(prose(seed, 20)) for seed in range(50)]
    cut = [paragraphs(prose(seed, 20)[:10]) for seed in range(50)]
    signed = [sign(pl.DataFrame([ARTICLE | {"body": body} for body in bodies])) for bodies in (texts, cut)]
    guessed = estimate(signed[0]["bands"], signed[1]["bands"])
    exact = np.array([pair(a, b).jaccard for a, b in zip(texts, cut, strict=True)])
    assert np.abs(guessed - exact).mean() < 0.08
    assert abs((guessed - exact).mean()) < 0.03


def row(later: str, earlier: str) -> dict[str, Any]:
    """A pair of texts on two sites."""
    return {
        "later": later, "earlier": earlier, "later_site": "b", "earlier_site": "a", "url": later, "later_at": at(2),
        "earlier_at": at(1), "estimate": 0.5,
    }  # fmt: skip


def kin(verdict: Verdict, jaccard: float = 0.6, facts: float = 0.7) -> Kinship:
    """A comparison."""
    return Kinship(verdict, jaccard, 0.2, facts, is_same=jaccard == 1)


RECORDED = {"recorded_at": at(3), "run_id": "r"}


def test_a_text_of_a_template_is_tied_to_the_same_facts_only() -> None:
    """Three partners with other facts tell that x comes from a template; y keeps its tie, as it has but two."""
    judged = [(row("x", f"t{number}"), kin(Verdict.TEMPLATE)) for number in range(3)]
    judged += [(row("y", f"t{number}"), kin(Verdict.TEMPLATE)) for number in range(2)]
    judged += [(row("x", "p"), kin(Verdict.STORY)), (row("x", "q"), kin(Verdict.STORY, facts=0.95))]
    judged += [(row("y", "p"), kin(Verdict.STORY))]
    tied = {(one["version_id"], one["other_id"]) for one in tie(judged, RECORDED).iter_rows(named=True)}
    assert tied == {("x", "q"), ("y", "p")}


def test_the_best_links_are_kept() -> None:
    """Of many older copies the nearest are linked, a same text as a duplicate."""
    judged = [(row("x", f"o{number}"), kin(Verdict.STORY, number / 10)) for number in range(3, 11)]
    kept = tie(judged, RECORDED)
    assert kept["other_id"].to_list() == [f"o{number}" for number in (10, 9, 8, 7)][:MAX_LINKS]
    assert kept["kind"].to_list() == ["duplicate", "story", "story", "story"]


def test_traits_come_back_from_their_file(run: RunContext) -> None:
    """What is filed is what is read, in any order; a text that was not filed is not there."""
    bodies = pl.Series([text(1), "", text(2)])
    with TraitsFile(run.folder.root / "traits.bin") as file:
        file.add(["a", "b"], bodies[:2])
        file.add(["c"], bodies[2:])
        for key, own in zip("cab", (bodies[2], bodies[0], bodies[1]), strict=True):
            found, expected = file.get(key), read_traits(pl.Series([own]))[0]
            assert found is not None
            assert [part.tolist() for part in found.parts] == [part.tolist() for part in expected.parts]
        assert file.get("d") is None
    assert not (run.folder.root / "traits.bin").exists()
