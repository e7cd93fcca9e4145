"""Fingerprints of templates: near for the articles of one design, far from another design's."""

from itertools import pairwise

import pytest
from lxml.html import fromstring

from tasks.parse.template import fingerprint

NAMES = ("masthead", "site-header", "main-menu", "entry-title", "entry-meta", "author", "posted-on", "entry-content",
         "tags", "related", "sidebar", "widget", "footer", "legal", "share", "comments", "newsletter", "byline",
         "figure", "caption")  # fmt: skip
OTHER = tuple(f"c-{name}--new" for name in NAMES)


def page(names: tuple[str, ...], more: str = "", number: int = 7) -> str:
    """The fingerprint of a page with these classes."""
    blocks = "".join(f"<div class='{name} item-{number}' id='post-{number}'>text {number}</div>" for name in names)
    return fingerprint(fromstring(f"<html><body class='postid-{number}'>{blocks}{more}</body></html>"))


def apart(one: str, other: str) -> int:
    """Bits in which two differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def test_numbers_and_repeats_do_not_count() -> None:
    """Another article's number, and the same block ten times more, change nothing."""
    assert page(NAMES) == page(NAMES, number=8) == page(NAMES, more="<p class='author'>x</p>" * 10)


def test_a_gallery_changes_a_few_bits_and_a_redesign_half_of_them() -> None:
    """Within the distance that the radar takes for one template, and far beyond it."""
    gallery = page(NAMES, more="<ul class='gallery swiper'><li class='slide'>x</li></ul>")
    assert 0 < apart(page(NAMES), gallery) <= 16
    assert apart(page(NAMES), page(OTHER)) > 16


@pytest.mark.parametrize("html", ["<p>x</p>", "<html><body><main><p>x</p></main></body></html>"])
def test_a_page_without_classes_is_known_by_its_elements(html: str) -> None:
    """Sixteen digits; another set of elements gives others."""
    found = fingerprint(fromstring(html))
    assert len(found) == 16
    assert found != fingerprint(fromstring("<table><tr><td>x</td></tr></table>"))


def test_thousands_of_names_cost_no_more_than_some() -> None:
    """A page of a hundred thousand different names is read to a limit."""
    wide = "".join(f"<i class='n{'abcdefghij'[n % 10]}{chr(97 + n // 10 % 26)}{chr(97 + n // 260 % 26)}'>x</i>"
                   for n in range(9_000))  # fmt: skip
    assert len(page(NAMES, more=wide)) == 16


def test_the_same_page_gives_the_same_digits_on_every_machine() -> None:
    """A value that is stored must not hang on a process's hash seed."""
    found = [page(NAMES[:place]) for place in (10, 15, 20)]
    assert found == ["2c90c900e0801052", "2c98cf01e5a45257", "6c90cf0024a01213"]
    assert all(apart(one, other) for one, other in pairwise(found))
