"""What the demo foretells is complete, and the three nights tell the stories that they promise."""

from pathlib import Path

import pytest

from copydesk.demo.expected import Expected, counts, expected
from copydesk.demo.papers import NIGHTS, PAPERS, sources, write_sources
from schemas.identity import normalise_url
from schemas.reasons import PAGE_STATES, Reason
from schemas.source import Source
from tasks.discover.sources_file import load_sources

BY_NIGHT = {night: expected(night) for night in NIGHTS}


def rows(part: str, field: str = "url") -> list[Expected]:
    """The rows of the three nights whose field contains a text, in order."""
    return [row for night in NIGHTS for row in BY_NIGHT[night].values() if part in str(getattr(row, field))]


@pytest.mark.parametrize("night", NIGHTS)
def test_every_row_is_in_our_words(night: int) -> None:
    """States and reasons are those of the ledger; the key is the normalised URL."""
    for url, row in BY_NIGHT[night].items():
        assert url == row.url == normalise_url(url)
        assert row.state in PAGE_STATES
        assert row.reason is None or row.reason in set(Reason)
        assert (row.title is not None) == (row.state in ("stored", "unchanged", "duplicate"))


def test_the_listings_grow_by_about_eight_a_night() -> None:
    """And no URL leaves them."""
    for night in (2, 3):
        assert set(BY_NIGHT[night - 1]) <= set(BY_NIGHT[night])
        assert 6 <= len(BY_NIGHT[night]) - len(BY_NIGHT[night - 1]) <= 10


TROUBLES = [
    ("clinic-night-hours", ["failed", "stored", "unchanged"]),
    ("museo-trenes-cierre", ["stored", "unchanged", "gone"]),
    ("cannery-water-meters", ["quarantined"] * 3),
    ("winter-market-photos", ["gone"] * 3),
    ("tide-table-march", ["quarantined"] * 3),
    ("members/crossword", ["blocked"] * 3),
    ("court-list", ["blocked"] * 3),
    ("boletin-judicial", ["blocked"] * 3),
    ("mapa-de-obras", ["quarantined"] * 3),
    ("amtsblatt", ["quarantined"] * 3),
    ("?p=1177", ["duplicate", "unchanged", "unchanged"]),
    ("library-sunday-hours", ["stored", "stored", "unchanged"]),
    ("puente-suncha-plazo", ["stored", "stored", "unchanged"]),
    ("storm-night-live", ["stored", "stored", "unchanged"]),
    ("dredging-budget", ["stored", "stored", "stored"]),
    ("oyster-week-moved", ["stored", "unchanged", "unchanged"]),
    ("derrumbe-carretera-olmedo", ["stored", "unchanged", "unchanged"]),
    ("parking-meters-vote", ["stored", "unchanged"]),
    ("boatyard-fire", ["stored"]),
]


@pytest.mark.parametrize(("part", "states"), TROUBLES)
def test_the_states_of_a_trouble_over_the_nights(part: str, states: list[str]) -> None:
    """One row a night, from the night on when it is listed."""
    assert [row.state for row in rows(part)] == states


def test_the_cut_gzip_is_whole_on_night_three() -> None:
    """The Talbote's page fails twice and is then stored as a first version."""
    url = rows("Der Lift am Kaltenquell", "title")[0].url
    assert [row.state for row in rows(url)] == ["failed", "failed", "stored"]


def test_one_article_goes_back_to_its_first_text() -> None:
    """A, B, A: the third night's text is the first's, and it is a new version all the same."""
    first, second, third = rows("dredging-budget")
    assert first.body == third.body != second.body
    assert first.title == third.title != second.title
    assert [first.change, second.change, third.change] == [None, "rewrite", "reverted"]
    assert first.modified_at < second.modified_at < third.modified_at  # type: ignore[operator]  # all three are set


def test_the_stealth_edit_changes_one_word_and_no_date() -> None:
    """A number is another one, and nothing says so."""
    before, after, _ = rows("puente-suncha-plazo")
    words = list(zip(before.body.split(), after.body.split(), strict=True))
    assert [pair for pair in words if pair[0] != pair[1]] == [("13", "15")]
    assert before.modified_at == after.modified_at == before.published_at


def test_the_correction_says_so() -> None:
    """The misspelt name is right and a notice is added."""
    before, after, _ = rows("library-sunday-hours")
    assert "Treleavan" in before.body
    assert "Treleavan" not in after.body
    assert after.paragraphs[-1].startswith("Correction, March 2: ")
    assert len(after.paragraphs) == len(before.paragraphs) + 1


def test_the_syndicated_copy_comes_a_night_later_on_another_site() -> None:
    """Title and body are the same, so a later stage must find the pair."""
    (copy,) = [row for row in BY_NIGHT[2].values() if row.same_text_as]
    original = BY_NIGHT[1][str(copy.same_text_as)]
    assert (copy.title, copy.body) == (original.title, original.body)
    assert copy.site != original.site
    assert copy.url not in BY_NIGHT[1]


def test_two_listings_of_one_paper_overlap() -> None:
    """A URL that both name belongs to the first; the other source only also listed it."""
    first = BY_NIGHT[1].values()
    assert [row for row in first if row.source_id == "talbote" and row.also_listed_by == ("talbote-sport-kultur",)]
    assert [row for row in first if row.source_id == "talbote-sport-kultur"]


def test_the_counts_are_those_of_the_rows() -> None:
    """Each URL counts once."""
    for night in NIGHTS:
        assert sum(sum(states.values()) for states in counts(night).values()) == len(BY_NIGHT[night])


def test_no_junk_is_left_in_a_body() -> None:
    """A removed piece that is cut stands nowhere in the body; a body says when it talks of such things itself."""
    for night in NIGHTS:
        for row in BY_NIGHT[night].values():
            for mark in row.removed:
                assert mark.text not in row.body, (row.url, mark)


def test_the_entries_are_sources_that_the_reader_takes(tmp_path: Path) -> None:
    """write_sources writes a file that load_sources reads back as the same sources."""
    path = tmp_path / "sources.yaml"
    write_sources(path)
    read = load_sources(path)
    assert read == [Source.model_validate(entry) for entry in sources()]
    assert {source.site for source in read} == {paper.site for paper in PAPERS.values()}
