"""Canonical URLs that can be believed (F3)."""

import pytest

from tasks.parse.model import Pattern
from tasks.parse.urls import VARIANTS, absolute_url, believable, main_url

OWN = "https://www.harbour-herald.example/news/2026/02/bridge?from=mail"

CASES = [
    (
        "https://www.harbour-herald.example/news/2026/02/bridge",
        "https://www.harbour-herald.example/news/2026/02/bridge",
    ),
    ("/news/2026/02/bridge", "https://www.harbour-herald.example/news/2026/02/bridge"),
    ("https://harbour-herald.example/b#top", "https://harbour-herald.example/b"),
    ("https://m.harbour-herald.example/a?id=7", "https://m.harbour-herald.example/a?id=7"),
    ("https://www.harbour-herald.example/", None),
    ("https://www.harbour-herald.example", None),
    ("https://www.harbour-herald.example/news/", None),
    ("https://another-paper.example/news/2026/02/bridge", None),
    ("javascript:void(0)", None),
    ("https://[broken", None),
    ("", "https://www.harbour-herald.example/news/2026/02/bridge?from=mail"),
    ("http://www.harbour-herald.example/a b", None),
]


@pytest.mark.parametrize(("candidate", "expected"), CASES)
def test_believable(candidate: str, expected: str | None) -> None:
    """Only absolute URLs of the same site that are neither home page nor a far folder are believed."""
    assert believable(candidate, OWN) == expected


def test_local_file_keeps_its_own_url() -> None:
    """A saved page on disk is not merged with the page on the web."""
    assert believable("https://www.harbour-herald.example/a", "file:///tmp/a.html") is None


def test_absolute_url() -> None:
    """Images are found relative to the page; data URLs are none."""
    assert absolute_url("/i.jpg", OWN) == "https://www.harbour-herald.example/i.jpg"
    assert absolute_url("data:image/png;base64,AAAA", OWN) is None


@pytest.mark.parametrize("variant", VARIANTS, ids=["step", "ending", "query"])
def test_variant_marks(variant: Pattern) -> None:
    """Each mark finds its example and spares the URL like it."""
    assert main_url(variant.matches) in ("https://a.example/news/b", "https://a.example/news/b.html")
    assert main_url(variant.spares) is None


@pytest.mark.parametrize("url", ["https://a.example/amp", "https://a.example/?print=1", "file:///a/b/amp"])
def test_no_variant(url: str) -> None:
    """A page at the root and a local file are nobody's variant."""
    assert main_url(url) is None
