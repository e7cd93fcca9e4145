"""The generator that the repairs are measured on: wide enough, the same each time, its halves apart."""

import pytest

from benchmarks.clean.generator import KINDS, LANGUAGES, adversarial, generate, wordings


def test_it_writes_junk_in_more_than_two_hundred_ways() -> None:
    """Kind, shape and wording differ, in ten languages and all kinds."""
    cases = generate("held_out", 1, 1000)
    assert len({(case.kind, case.shape, case.junk) for case in cases}) >= 200
    assert {case.kind for case in cases} == set(KINDS)
    assert len({case.language for case in cases}) == 10


def test_a_seed_gives_the_same_cases_again() -> None:
    """Cases are a function of split, seed and count."""
    assert generate("held_out", 7, 50) == generate("held_out", 7, 50)
    assert generate("held_out", 7, 50) != generate("held_out", 8, 50)


def test_what_is_left_is_clean_and_what_came_is_not() -> None:
    """A case is clean with exactly its kept text."""
    for case in generate("held_out", 2, 300):
        assert case.is_clean(case.kept)
        assert not case.is_clean(case.text)


@pytest.mark.parametrize("language", [*LANGUAGES["develop"], *LANGUAGES["held_out"]])
def test_no_wording_is_both_to_develop_on_and_held_out(language: str) -> None:
    """The halves share nothing, and a held-out language has nothing to develop on."""
    words = wordings(language)
    for kind in KINDS:
        if kind != "shortcode":
            assert not set(words[kind]["develop"]) & set(words[kind]["held_out"])
            assert not (language in LANGUAGES["held_out"] and words[kind]["develop"])


def test_the_adversarial_set_is_large() -> None:
    """At least 150 texts that must stay, none twice."""
    texts = adversarial()
    assert len(texts) == len(set(texts)) >= 150
