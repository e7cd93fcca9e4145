"""What the radar finds, and what it leaves alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tasks.validate.radar import Verdict
from tests.validate.nights import MONDAY, Page, Sky, healthy

Change = Callable[[int, Page], None]


def _kinds(verdicts: tuple[Verdict, ...] | list[Verdict]) -> set[tuple[str, str]]:
    return {(one.kind, one.measure) for one in verdicts}


def no_author(number: int, page: Page) -> None:
    """A template that names no author any more."""
    page["authors"] = []


def half(number: int, page: Page) -> None:
    """A body that ends after its first third."""
    page["body"] = page["body"][: len(page["body"]) // 3]
    page["word_count"] //= 3


def one_date(number: int, page: Page) -> None:
    """A date of the deployment instead of the article's."""
    page["published_at"] = MONDAY


def tomorrow(number: int, page: Page) -> None:
    """Dates in a wrong zone: half a day ahead."""
    page["published_at"] += timedelta(hours=30)


def frame(number: int, page: Page) -> None:
    """A body that is mostly the frame of the site."""
    page["body"] = "\n\n".join([page["body"][:200] + ".", "All rights reserved by the paper. " * 12])


def site_title(number: int, page: Page) -> None:
    """The site's name instead of a headline."""
    page["title"] = "Paper"


def other_language(number: int, page: Page) -> None:
    """Texts in a language that the source did not have."""
    page["language"] = "ru"


@pytest.mark.faults
@pytest.mark.parametrize(
    ("change", "measure"),
    [(no_author, "has_authors"), (half, "body_words"), (one_date, "date_same"), (tomorrow, "date_lag"),
     (frame, "boilerplate"), (site_title, "title_same"), (other_language, "language")],
)  # fmt: skip
def test_G5_a_break_is_found_in_its_first_night_and_all_its_pages_are_held(change: Change, measure: str) -> None:
    """After the learning nights, and again in the next night; a healthy night after it is published."""
    sky = Sky()
    assert not _kinds(sky.learn(20))
    for _ in range(2):
        judged, held = sky.watch({"paper": sky.pages(20, change)})
        assert ("hold", measure) in _kinds(judged.verdicts)
        assert held.height == 20
    judged, held = sky.watch({"paper": sky.pages(20)})
    assert (judged.verdicts, held.height) == ((), 0)


def test_the_first_nights_learn_and_warn_only() -> None:
    """A break in the tenth night is a warning; nothing is held."""
    sky = Sky()
    sky.learn(10)
    judged, held = sky.watch({"paper": sky.pages(20, no_author)})
    assert _kinds(judged.verdicts) == {("warn", "has_authors")}
    assert held.is_empty()


def test_only_the_pages_of_the_broken_template_are_held() -> None:
    """A third of the pages come in another template without authors: these are held, no others."""
    sky = Sky()
    sky.learn(20)

    def third(number: int, page: Page) -> None:
        page["authors"] = [f"A{number}"]
        if number % 3 == 0:
            page |= {"template": "ff00ff00ff00ff00", "authors": []}

    pages = sky.pages(21, third)
    judged, held = sky.watch({"paper": pages})
    (verdict,) = [one for one in judged.verdicts if one.kind == "hold"]
    assert (verdict.measure, verdict.part, verdict.count, verdict.of_count) == ("has_authors", "ff00ff00ff00ff00", 0, 7)
    assert set(held["url"]) == {page["url"] for page in pages if not page["authors"]}


def test_a_redesign_with_all_fields_is_a_note_and_said_once() -> None:
    """The template changes, nothing else: a note in the first night, no word later."""
    sky = Sky()
    sky.learn(20)

    def redesign(number: int, page: Page) -> None:
        page["template"] = "ff00ff00ff00ff00"

    judged, held = sky.watch({"paper": sky.pages(20, redesign)})
    assert _kinds(judged.verdicts) == {("note", "template")}
    assert held.is_empty()
    assert not sky.watch({"paper": sky.pages(20, redesign)})[0].verdicts


def test_templates_that_differ_in_a_few_bits_are_one() -> None:
    """A page with a gallery has a few more classes; it is no part of its own."""
    sky = Sky()
    sky.learn(20)

    def gallery(number: int, page: Page) -> None:
        page["template"] = "00000000fffffff1" if number % 2 else "00000000ffffffff"

    judged, _ = sky.watch({"paper": sky.pages(20, gallery)})
    assert judged.verdicts == ()
    assert set(judged.measures["part"]) == {""}


def test_G5_a_source_that_goes_quiet_is_an_alarm() -> None:
    """No page where twenty are usual; a night with half of them, or a weekend with a third, is none."""
    sky = Sky()
    assert not _kinds(sky.learn(28))
    assert not sky.watch({"paper": sky.pages(10)})[0].verdicts
    sky.learn(2)
    assert _kinds(sky.watch({"paper": []})[0].verdicts) == {("alarm", "volume")}


@pytest.mark.faults
def test_G5_weekends_and_slow_decline_are_no_alarm() -> None:
    """Half of the pages at weekends, without most authors, and one page less every ten nights: not a word."""
    sky = Sky()

    def agency(number: int, page: Page) -> None:
        page["authors"] = ["A"] if number % 3 == 0 else []

    for night in range(150):
        weekend = night % 7 >= 5
        count = (10 if weekend else 24) - night // 15
        judged, held = sky.watch({"paper": sky.pages(max(count, 1), agency if weekend else healthy)})
        assert judged.verdicts == (), night
        assert held.is_empty()


def test_held_nights_do_not_become_usual_until_they_are_released() -> None:
    """Thirty nights without authors stay a breach; once the last is released, they are normal, and the old too."""
    sky = Sky()
    sky.learn(20)
    for _ in range(30):
        assert ("hold", "has_authors") in _kinds(sky.watch({"paper": sky.pages(20, no_author)})[0].verdicts)
    sky.release(sky.night - 1)
    for _ in range(20):
        judged, held = sky.watch({"paper": sky.pages(20, no_author)})
        assert ("hold", "has_authors") not in _kinds(judged.verdicts)
        assert held.is_empty()


def test_a_small_source_is_judged_over_several_nights() -> None:
    """With two pages a night no single night is proof; a few together are."""
    sky = Sky()
    sky.learn(40, count=2)
    found = [_kinds(sky.watch({"paper": sky.pages(2, no_author)})[0].verdicts) for _ in range(7)]
    assert found[0] == set()
    assert ("hold", "has_authors") in found[6]


def test_pages_that_are_refused_are_an_alarm() -> None:
    """Half of the pages can no longer be read; what is left of them is published."""
    sky = Sky()
    sky.learn(20)
    judged, held = sky.watch({"paper": sky.pages(10)}, refused={"paper": 10})
    assert _kinds(judged.verdicts) == {("alarm", "refused")}
    assert held.is_empty()
    assert judged.verdicts[0].message == ("paper: 10 of 20 pages had no article that could be read; usual are 0 %.")


def test_the_band_that_was_usual_stands_beside_each_measure() -> None:
    """Once it is learned; before, there is none."""
    sky = Sky()
    judged, _ = sky.watch({"paper": sky.pages(20)})
    assert set(judged.measures["verdict"]) == {"learning"}
    assert judged.measures["high"].null_count() == judged.measures.height
    sky.learn(20)
    judged, _ = sky.watch({"paper": sky.pages(20)})
    (row,) = judged.measures.filter(measure="has_authors").to_dicts()
    assert row["low"] < row["count"] / row["of_count"] <= row["high"]
    assert row["verdict"] == "usual"
