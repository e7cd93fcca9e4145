"""The one pass over a page's elements: what it keeps, and what it leaves."""

import pytest
from lxml.html import document_fromstring

from tasks.parse.survey import SECOND, Survey, survey


def surveyed(body: str) -> Survey:
    """What the pass finds on a page with that body."""
    return survey(document_fromstring(f"<html class='no-js' style='x'><head></head><body>{body}</body></html>"))


def test_names_are_kept_once_by_their_attribute() -> None:
    """Classes and ids, whole values, in the order of the page."""
    found = surveyed("<p class='a b'>x</p><p class='a b' id='c'>y</p><p data-testid='d'>z</p>")
    assert (list(found.classes), list(found.ids)) == (["no-js", "a b"], ["c"])


@pytest.mark.parametrize(
    ("html", "is_candidate"),
    [("<p class='postDate'>x</p>", True), ("<p class='by-line meta'>x</p>", True), ("<p id='author-2'>x</p>", True),
     ("<p data-testid='byline'>x</p>", True), ("<p class='lead'>x</p>", False), ("<p id='Author'>x</p>", False),
     ("<p title='author'>x</p>", False)],
)  # fmt: skip
def test_candidates(html: str, is_candidate: bool) -> None:
    """Elements whose names may mean a byline or a date are kept, and no others."""
    assert bool(surveyed(html).candidates) == is_candidate


def test_elements_are_set_apart_by_their_attributes() -> None:
    """Properties, hidden and styled ones of the body, and those with a rel."""
    found = surveyed("<p itemprop='author' style='y'>x</p><p hidden>y</p><a rel='author' href='/z'>z</a>")
    told = [[element.text for element in part] for part in (found.properties, found.styled, found.related)]
    assert told == [["x"], ["x", "y"], ["z"]]


@pytest.mark.parametrize(
    ("href", "is_second"),
    [("/story?page=2", True), ("/story/2/", True), ("/story_2.html ", True), ("/story?page=2&amp;x=1", True),
     ("/story?page=3", False), ("/2024/05/story", False), ("/story-12", False)],
)  # fmt: skip
def test_links_to_second_pages(href: str, is_second: bool) -> None:
    """Only links that end as a second page's are kept."""
    assert bool(surveyed(f"<a href='{href}'>2</a>").seconds) == is_second
    assert bool(SECOND.search(href.replace("&amp;", "&"))) == is_second
