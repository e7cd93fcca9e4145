"""The articles are what the demo promises: enough of them, all different, all read."""

import re
from collections import Counter
from datetime import timedelta

import pytest

from copydesk.demo.content import Article, Line, Mark, load, parse_lines
from copydesk.demo.dates import english, german, spanish
from copydesk.demo.papers import GAZETTE, NIGHTS, PAPERS, TALBOTE, VALLE
from schemas.reasons import ChangeKind, RemovalKind

VERSIONS = [version for entries in load().values() for entry in entries for version in entry.versions.values()]
FIRSTS = [entry.first for entries in load().values() for entry in entries]
OWN = [article for article in FIRSTS if article.copy_of is None]


def name_of(article: Article) -> str:
    """How a test of an article is called."""
    return f"{article.paper}/{article.id}"


def test_there_are_at_least_sixty_articles_of_our_own() -> None:
    """Over three papers, none of which has less than a quarter of them."""
    assert len(OWN) >= 60
    assert min(Counter(article.paper for article in OWN).values()) >= 15


@pytest.mark.parametrize("article", [a for a in OWN if a.shape != "paywall"], ids=name_of)
def test_an_article_has_the_length_of_news(article: Article) -> None:
    """150 to 500 words, a headline, a summary and tags."""
    words = len(" ".join(article.paragraphs).split())
    assert 150 <= words <= 500
    assert article.title
    assert article.summary
    assert article.tags


def test_no_two_articles_share_a_paragraph() -> None:
    """But the syndicated pair: anything else would be found as a duplicate later."""
    owners: dict[str, set[str]] = {}
    for article in VERSIONS:
        if article.copy_of is None:
            for text in article.paragraphs:
                owners.setdefault(text, set()).add(name_of(article))
    assert {text: names for text, names in owners.items() if len(names) > 1} == {}


def test_no_two_articles_are_near_duplicates() -> None:
    """Five words in a row that stand in two articles are rare: no template was filled in twice."""
    shingles = {name_of(article): _shingles(article) for article in OWN}
    names = sorted(shingles)
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            shared = len(shingles[one] & shingles[other])
            assert shared / min(len(shingles[one]), len(shingles[other])) < 0.05, (one, other)


def _shingles(article: Article) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", " ".join(article.paragraphs).lower())
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


def test_the_copy_has_title_and_text_of_its_original() -> None:
    """The syndicated pair says the same on two sites."""
    copies = [article for article in FIRSTS if article.copy_of]
    originals = {name_of(article): article for article in OWN}
    assert copies
    for copy in copies:
        original = originals[str(copy.copy_of)]
        assert (copy.title, copy.paragraphs) == (original.title, original.paragraphs)
        assert copy.paper != original.paper
        assert copy.published_at > original.published_at


@pytest.mark.parametrize("article", VERSIONS, ids=lambda a: f"{name_of(a)}@{a.modified_at}")
def test_a_version_was_written_before_the_night_that_shows_it(article: Article) -> None:
    """Nothing on a page lies in the future of its run, and what is new on a night is of the day before it."""
    entry = next(e for e in load()[article.paper] if e.first.id == article.id)
    night = next(number for number, version in entry.versions.items() if version is article)
    written = article.modified_at or article.published_at
    assert written <= NIGHTS[night]
    if article.modified_at:
        assert article.modified_at > article.published_at
        assert article.modified_at > NIGHTS[night] - timedelta(days=1)


@pytest.mark.parametrize("article", VERSIONS, ids=lambda a: f"{name_of(a)}@{a.modified_at}")
def test_the_marks_of_an_article_are_known_kinds(article: Article) -> None:
    """Kinds are those of the receipts, and no mark or markup is left in the true text."""
    assert {mark.kind for mark in article.marks} <= {kind.value for kind in RemovalKind}
    assert article.change is None or article.change in {kind.value for kind in ChangeKind}
    for text in article.paragraphs:
        assert not re.search(r"\{\{|\}\}|!junk|\*\*", text)
        assert text == text.strip()


def test_post_numbers_are_unique() -> None:
    """Two articles of one paper never get one URL."""
    for entries in load().values():
        numbers = [entry.first.number for entry in entries]
        assert len(numbers) == len(set(numbers))


def test_every_kind_of_junk_of_the_seed_occurs() -> None:
    """Each at least twice over the papers, except those that only one paper has."""
    kinds = Counter(mark.kind for article in OWN for mark in article.marks)
    assert set(kinds) == {
        "ad_marker", "promo_link", "promo_heading", "shortcode", "editor_initials", "typo", "newsletter", "dateline",
    }  # fmt: skip
    assert min(kinds.values()) >= 2


CASES = [
    ("A plain block.", "paragraph", "A plain block.", ()),
    ("## Head", "heading", "Head", ()),
    ("- one", "list_item", "one", ()),
    ("> said", "quote", "said", ()),
    ("**Asked?** Yes.", "paragraph", "Asked? Yes.", ()),
    ("!junk[promo_link] READ: More", "paragraph", "", (Mark("promo_link", "READ: More"),)),
    ("I{{typo|;m|’m}} here", "paragraph", "I’m here", (Mark("typo", ";m", "’m"),)),
    ("{{ad_marker|Ad}}He. {{credit|AB}}", "paragraph", "He.", (Mark("ad_marker", "Ad"), Mark("credit", "AB"))),
    ("junk[promo_link] is no mark, nor is {braces}", "paragraph", "junk[promo_link] is no mark, nor is {braces}", ()),
]  # fmt: skip


@pytest.mark.parametrize(("block", "kind", "text", "marks"), CASES)
def test_a_block_is_read(block: str, kind: str, text: str, marks: tuple[Mark, ...]) -> None:
    """Kind, true text and marks of one block."""
    (line,) = parse_lines(f"\n{block}\n\n")
    assert (line.kind, line.text, line.marks) == (kind, text, marks)


def test_the_pieces_of_a_block_are_the_block() -> None:
    """A renderer that writes all pieces writes what the page shows."""
    line = Line("paragraph", "a {{typo|b|c}} d{{ad_marker|e}}")
    assert line.pieces() == ["a ", Mark("typo", "b", "c"), " d", Mark("ad_marker", "e"), ""]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (english(NIGHTS[1].astimezone(GAZETTE.zone)), "March 1, 2026 10:15 pm"),
        (spanish(NIGHTS[1].astimezone(VALLE.zone)), "Domingo, 1 de marzo de 2026, 9:15 p. m."),
        (german(NIGHTS[1].astimezone(TALBOTE.zone)), "Montag, 2. März 2026, 03.15 Uhr"),
        (english(NIGHTS[1].replace(hour=0)), "March 2, 2026 12:15 am"),
        (spanish(NIGHTS[1].replace(hour=12)), "Lunes, 2 de marzo de 2026, 12:15 p. m."),
    ],
)
def test_dates_are_written_in_the_papers_manner(written: str, expected: str) -> None:
    """Month, weekday and the twelve hours, midnight and noon among them."""
    assert written == expected


def test_the_papers_differ_in_make() -> None:
    """Three languages, three zones, three ways with validators."""
    papers = list(PAPERS.values())
    for field in ("language", "time_zone", "validators", "port", "site"):
        assert len({getattr(paper, field) for paper in papers}) == len(papers)
