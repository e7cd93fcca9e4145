"""Breaks that touch a part of a source's pages, all of them a little, or none that are left."""

from collections.abc import Callable

import polars as pl
import pytest

from tasks.validate.notices import NOTICE_HINTS, NOTICES, Pattern
from tasks.validate.radar.bylines import ODD_AUTHOR, ODD_AUTHORS
from tests.validate.nights import Page, Sky, healthy

Change = Callable[[int, Page], None]


def signed(number: int, page: Page) -> None:
    """Every page has an author."""
    page["authors"] = [f"Ana {'abcdefghij'[number % 10]}"]


def some_without_author(number: int, page: Page) -> None:
    """Every third page loses its author."""
    page["authors"] = [] if number % 3 == 0 else page["authors"]


def some_without_date(number: int, page: Page) -> None:
    """Every third page loses its date."""
    if number % 3 == 0:
        page["published_at"] = None


def junk_author(number: int, page: Page) -> None:
    """The buttons below the headline are read as its authors."""
    page["authors"] = ["Share", f"{number + 2} min read"]


def lost_letters(number: int, page: Page) -> None:
    """Quotation marks that were read in a wrong table."""
    page["body"] = page["body"].replace(" a", " \ufffda")


def teaser(number: int, page: Page) -> None:
    """A third of the pages are one sentence long."""
    if number % 3 == 0:
        page |= {"body": f"The council met on the hill, {number}.", "word_count": 30}


@pytest.mark.faults
@pytest.mark.parametrize(
    ("change", "measure", "broken"),
    [(some_without_author, "has_authors", 20), (some_without_date, "has_date", 20), (teaser, "body_words", 20),
     (junk_author, "author_odd", 60), (lost_letters, "letters_lost", 60)],
)  # fmt: skip
def test_G5_the_pages_that_show_a_break_are_held_and_no_others(change: Change, measure: str, broken: int) -> None:
    """In the first night of a source with sixty pages."""
    sky = Sky()
    for _ in range(20):
        assert not sky.watch({"paper": sky.pages(60, signed)})[0].verdicts
    pages = sky.pages(60, signed)
    for number, page in enumerate(pages):
        change(number, page)
    judged, held = sky.watch({"paper": pages})
    assert ("hold", measure) in {(one.kind, one.measure) for one in judged.verdicts}
    spoilt = {page["url"] for number, page in enumerate(pages) if broken == 60 or number % 3 == 0}
    assert spoilt <= set(held["url"])
    assert held.height <= broken + 3


def test_half_texts_of_a_small_source_are_found_by_their_mean() -> None:
    """Four pages a night, each with a third of its text, hidden from every cut by how much lengths differ."""
    sky = Sky()

    def any_length(number: int, page: Page) -> None:
        page["word_count"] = int(80 * 2 ** (5 * sky.random.random()))

    def a_third(number: int, page: Page) -> None:
        any_length(number, page)
        page["word_count"] //= 3

    for _ in range(40):
        assert not sky.watch({"paper": sky.pages(4, any_length)})[0].verdicts
    found = [{one.measure for one in sky.watch({"paper": sky.pages(4, a_third)})[0].verdicts} for _ in range(8)]
    assert {"body_words"} in found


def test_of_copies_the_first_is_published() -> None:
    """A listing that names each page under four addresses: three of four are held."""
    sky = Sky()
    sky.learn(20)
    pages = sky.pages(20)
    copies = [{**page, "url": f"{page['url']}?s={number}"} for page in pages for number in range(4)]
    _, held = sky.watch({"paper": copies})
    assert held.height == 60
    assert not any(url.endswith("?s=0") for url in held["url"])


def test_a_desk_that_goes_missing_is_an_alarm_and_holds_nothing() -> None:
    """The listing of one desk is empty from one night on."""
    sky = Sky()

    def filed(number: int, page: Page) -> None:
        page["url"] = f"https://paper.example/{'sport' if number % 4 == 0 else 'town'}/{sky.night}/{number}"

    def only_town(number: int, page: Page) -> None:
        page["url"] = f"https://paper.example/town/{sky.night}/{number}"

    for _ in range(20):
        assert not sky.watch({"paper": sky.pages(24, filed)})[0].verdicts
    told = []
    for _ in range(7):
        judged, held = sky.watch({"paper": sky.pages(18, only_town)})
        assert held.is_empty()
        told += [one.message for one in judged.verdicts if one.kind == "alarm"]
        rows = judged.measures.filter(pl.col("verdict") == "alarm")
        assert set(rows["message"]) == {one.message for one in judged.verdicts}
    assert told
    assert "had the desk sport" in told[0]


@pytest.mark.parametrize("left", [0.1, 0.2])
def test_a_source_of_which_little_is_left_is_an_alarm(left: float) -> None:
    """For some nights, though no night is empty."""
    sky = Sky()
    sky.learn(28)
    kinds = {one.bin for _ in range(5) for one in sky.watch({"paper": sky.pages(int(20 * left))})[0].verdicts}
    assert "quiet" in kinds


def test_the_first_healthy_night_of_a_small_source_is_published() -> None:
    """A breach that was held does not drag on over pages that are whole again."""
    sky = Sky()
    sky.learn(40, count=6)
    for _ in range(4):
        sky.watch({"paper": sky.pages(6, lambda _, page: page.update(authors=[]))})
    _, held = sky.watch({"paper": sky.pages(6, healthy)})
    assert held.is_empty()


@pytest.mark.parametrize("pattern", ODD_AUTHORS, ids=lambda pattern: pattern.matches)
def test_shapes_of_no_name_match_and_spare(pattern: Pattern) -> None:
    """By the engine that runs them; what a pattern spares, all spare."""
    found = pl.Series([pattern.matches, pattern.spares]).str.contains(f"(?i){pattern.regex}")
    assert found.to_list() == [True, False]
    assert not pl.Series([pattern.spares]).str.contains(ODD_AUTHOR)[0]


@pytest.mark.parametrize("name", ["Ana Costa", "J. R. O'Neill", "王小明", "Αλέξης Παππάς", "Maria de la Cruz, Lima"])
def test_names_are_names(name: str) -> None:
    """In any script."""
    assert not pl.Series([name]).str.contains(ODD_AUTHOR)[0]


@pytest.mark.parametrize("pattern", NOTICES, ids=lambda pattern: pattern.matches)
def test_every_notice_has_a_hint(pattern: Pattern) -> None:
    """Without one its pattern would never be tried."""
    assert pl.Series([pattern.matches]).str.contains_any(list(NOTICE_HINTS), ascii_case_insensitive=True)[0]
