"""The memory of sites: what is learned, what must never be, and how it is cut."""

import random
import re
from datetime import UTC, datetime, timedelta

import pytest

from tasks.clean.memory import SiteRule, find_site_lines
from tasks.clean.memory_judge import Learned, Page, learn
from tasks.clean.memory_units import unit_key, units
from tasks.clean.model import Context
from tasks.clean.receipts import rebuild
from tasks.clean.repairs import REPAIRS
from tasks.clean.runner import clean_text
from tasks.clean.words.furniture import ADDRESS, CALL, NOTICE, Vocabulary

START = datetime(2026, 3, 1, tzinfo=UTC)
NOUNS = [
    "harbour",
    "bridge",
    "council",
    "market",
    "ferry",
    "school",
    "museum",
    "orchard",
    "quarry",
    "station",
    "garden",
]
PROMO = "Watch the new series Night Lanterns tonight on Coastline"
APPEAL = "Sign up for our evening newsletter and read the best stories first."


def story(number: int) -> list[str]:
    """Six paragraphs that no other number has."""
    return [
        f"The {NOUNS[(number + line) % 11]} of quarter {number} took {number * 31 + line} people, as {number}x{line}. "
        f"Nobody had counted {number * 7 + line} boats there before the month of flood {number}{line}."
        for line in range(6)
    ]


def pages(count: int, line: str, carriers: int, place: str) -> list[Page]:
    """Articles of which the first so many carry the line: first, last, middle (at changing places), glued or tail."""
    made = []
    for number in range(count):
        lines = story(number)
        if number < carriers:
            middle = 2 + number % 2
            if place == "glued":
                lines[middle] = f"{line} {lines[middle]}"
            elif place == "dateline":
                lines[0] = f"{line} {lines[0]}"
            elif place == "tail":
                lines[middle] = f"{lines[middle]} {line}"
            else:
                lines.insert({"first": 0, "last": len(lines), "middle": 2 + number % 3}[place], line)
        made.append(Page(f"a{number}", START + timedelta(hours=number), "\n\n".join(lines)))
    return made


def learned(found: list[Learned]) -> list[str]:
    """The texts of the rules."""
    return [line.text for line in found]


@pytest.mark.parametrize(("carriers", "expected"), [(7, []), (8, [PROMO])])
def test_a_promo_line_goes_at_eight_articles(carriers: int, expected: list[str]) -> None:
    """On 30 % of a site's pages, whatever it says."""
    assert learned(learn(pages(26, PROMO, carriers, "middle"))) == expected


@pytest.mark.parametrize("place", ["first", "last", "middle", "glued", "tail"])
def test_an_appeal_goes_at_two_articles(place: str) -> None:
    """What asks something of the reader needs less, and is seen inside paragraphs too."""
    (line,) = learn(pages(6, APPEAL, 2, place))
    assert (line.text, line.article_count) == (APPEAL, 2)
    assert (line.first_seen_at, line.last_seen_at) == (START, START + timedelta(hours=1))


KEPT = {
    "a column's motto": ("Where the tide goes out and the talk of the town comes in.", "first"),
    "a motto at the end": ("And that was the week behind the breakwater, good people.", "last"),
    "a ticker": ("Coast Index 1,204 up 0.4 per cent at the bell", "first"),
    "a quoted slogan": ("“Subscribe to our harbour and sign up for our sea,” the crowd sang.", "middle"),
    "a quoted slogan inside": ("The choir sang “we follow our own star” once more.", "tail"),
    "a dateline": ("NORTH HARBOUR, Coast District, Tuesday.", "dateline"),
    "a heading": ("In other words", "middle"),
}


@pytest.mark.parametrize("name", KEPT)
def test_recurring_content_stays(name: str) -> None:
    """Content that recurs on a third of the pages is not furniture."""
    line, place = KEPT[name]
    assert learned(learn(pages(30, line, 10, place))) == []


ENDING = [
    "More from the Skerry Herald",
    "Seven lighthouses that everyone should visit",
    "How an old clock at last found its missing hands",
]


def with_ending(count: int, ending: list[str], carriers: int = 2) -> list[Page]:
    """Articles of which the first so many end with the same paragraphs."""
    bodies = [story(number) + (ending if number < carriers else []) for number in range(count)]
    return [Page(f"a{n}", START + timedelta(hours=n), "\n\n".join(lines)) for n, lines in enumerate(bodies)]


def test_the_same_ending_goes_at_two_articles() -> None:
    """Three paragraphs and twenty words that two articles end with; also in front of both."""
    assert sorted(learned(learn(with_ending(4, ENDING)))) == sorted(ENDING)
    first = [Page(p.article_id, p.captured_at, "\n\n".join(p.body.split("\n\n")[::-1])) for p in with_ending(4, ENDING)]
    assert sorted(learned(learn(first))) == sorted(ENDING)


@pytest.mark.parametrize(
    "ending",
    [
        pytest.param(ENDING[1:], id="two paragraphs"),
        pytest.param(["Boil the water well", "Add the salt first", "Serve it very hot"], id="few words"),
        pytest.param([f"“{line},” she said" for line in ENDING], id="quoted"),
        pytest.param(
            [
                "The bridge of quarter one was shut in May",
                "The council of every quarter had asked for the market and the museum",
                "The ferry, the school and the garden were counted as boats",
            ],
            id="background of the story",
        ),
    ],
)
def test_an_ending_that_may_be_text_stays(ending: list[str]) -> None:
    """Too short, somebody's words, or of the articles' own matter."""
    assert learned(learn(with_ending(4, ending))) == []


def test_one_article_shares_no_run() -> None:
    """What only twins end with is no furniture."""
    twins = [Page(f"t{n}", START, "\n\n".join([*story(1), *ENDING])) for n in range(3)]
    assert learned(learn([*twins, *pages(4, "", 0, "first")])) == []


TAGLINE = "Your paper for the coast and all who live on it"


@pytest.mark.parametrize(
    ("total", "carriers", "place", "goes"),
    [
        (5, 3, "last", True), (5, 5, "first", True), (10, 6, "last", True),
        (5, 2, "last", False), (4, 4, "last", False), (10, 5, "last", False), (6, 6, "middle", False),
    ],
)  # fmt: skip
def test_what_most_articles_of_a_site_end_with_goes(total: int, carriers: int, place: str, *, goes: bool) -> None:
    """On six of ten articles or more, at the edge; in the middle (`Preheat the oven`) eight must be seen."""
    assert learned(learn(pages(total, TAGLINE, carriers, place))) == ([TAGLINE] if goes else [])


def test_the_background_of_a_running_story_stays() -> None:
    """A paragraph whose names stand in the rest of its articles too."""
    line = "Admiral Torvald Brisling left the fleet last spring after the collision off Skerry Point."
    made = []
    for page in pages(30, line, 10, "middle"):
        told = page.body + "\n\nAdmiral Torvald Brisling spoke of the fleet and of the collision."
        made.append(Page(page.article_id, page.captured_at, told if line in page.body else page.body))
    assert learned(learn(made)) == []


def test_what_a_page_repeats_is_its_form() -> None:
    """Headings of a test report stand on each page many times."""
    made = [Page(p.article_id, p.captured_at, f"{p.body}\n\n{APPEAL}\n\n{APPEAL}") for p in pages(12, "", 0, "first")]
    assert learned(learn(made)) == []


def test_twins_and_recrawls_are_one_article() -> None:
    """One text under five names teaches nothing."""
    body = "\n\n".join([*story(1), APPEAL])
    made = [Page(f"twin{number}", START, body) for number in range(5)]
    assert learned(learn([*made, *pages(5, "", 0, "first")])) == []


def test_a_night_of_consent_pages_teaches_nothing() -> None:
    """Thirty pages that are one text, beside none or beside real ones."""
    consent = "\n\n".join(["We and our partners store cookies: click here to subscribe or to accept.", *story(3)[:2]])
    night = [Page(f"c{number}", START, consent) for number in range(30)]
    assert learn(night) == []
    assert learn([*night, *pages(10, "", 0, "first")]) == []


def test_the_order_of_pages_does_not_count() -> None:
    """The same pages give the same rules."""
    made = pages(26, PROMO, 8, "middle") + [
        Page(f"b{p.article_id}", p.captured_at, p.body.replace("quarter", "parish").replace("Nobody", "No one"))
        for p in pages(9, APPEAL, 4, "tail")
    ]
    expected = learn(made)
    assert expected
    for seed in range(5):
        assert learn(random.Random(seed).sample(made, len(made))) == expected


RULES = {text: SiteRule(text, "line", "stands in 9 articles") for text in (PROMO, APPEAL)}
ONE, TWO = "The ferry was sold on Friday.", "Nobody came to the quay."


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        pytest.param(f"{ONE}\n\n{PROMO}\n\n{TWO}", f"{ONE}\n\n{TWO}", id="paragraph"),
        pytest.param(f"{APPEAL} {ONE}", ONE, id="before a sentence"),
        pytest.param(f"{ONE} {APPEAL}", ONE, id="after a sentence"),
        pytest.param(f"{ONE} {APPEAL} {TWO}", f"{ONE} {TWO}", id="between sentences"),
        pytest.param(f"{PROMO}{ONE}", ONE, id="glued without a space"),
        pytest.param(f"{ONE}{APPEAL}{TWO}", f"{ONE}{TWO}", id="glued on both sides"),
        pytest.param(f"{PROMO} on Friday, he said.", f"{PROMO} on Friday, he said.", id="the begin of a sentence"),
        pytest.param(f"He said: {PROMO}", f"He said: {PROMO}", id="the end of a sentence"),
        pytest.param(f"{ONE}\n\n{TWO}", f"{ONE}\n\n{TWO}", id="nothing"),
    ],
)
def test_cuts(dirty: str, clean: str) -> None:
    """Whole paragraphs and sentences, also glued; never a part of a sentence; receipts lead back; twice is once."""
    context = Context(site_rules=RULES)
    made = clean_text(dirty, context, REPAIRS)
    assert made.text == clean
    assert rebuild(made.text, made.receipts) == dirty
    assert all(receipt.evidence == "stands in 9 articles" for receipt in made.receipts)
    assert clean_text(clean, context, REPAIRS).receipts == ()


def test_units_are_where_they_say() -> None:
    """Each unit's key is its stretch of the body with single spaces."""
    body = "\n\n".join([*story(4), APPEAL, "Two words", f"{ONE}{TWO}"])
    found = list(units(body))
    assert all(unit.key == " ".join(body[unit.begin : unit.end].split()) for unit in found)
    assert {unit.position for unit in found} == {"line", "prefix", "suffix", "block"}


def test_no_rules_no_edits() -> None:
    """A site that nothing was learned of costs nothing."""
    from tasks.clean.model import Draft

    assert find_site_lines(Draft(APPEAL), Context()) == []


@pytest.mark.parametrize("row", [*CALL, *ADDRESS, *NOTICE], ids=lambda row: row.words[0])
def test_words_of_furniture(row: Vocabulary) -> None:
    """Each row's example has one of its words, and its counterexample none."""
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, row.words))})\b")
    assert pattern.search(unit_key(row.has))
    assert not pattern.search(unit_key(row.lacks))
    assert all(word == word.lower() for word in row.words)
