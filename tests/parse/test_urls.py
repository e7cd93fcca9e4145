"""Canonical URLs that can be believed (F3)."""

import pytest

from tasks.parse.urls import absolute_url, believable

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
