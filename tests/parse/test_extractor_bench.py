"""What training and measuring of the extractor stand on: labels, set measures and their intervals, the rules' table."""

import re

import numpy as np
import pytest

from benchmarks.parse.compare import bootstrap, by_site, measure
from benchmarks.parse.data import fold_of, site_of
from benchmarks.parse.labels import label_by_body, label_by_snippets
from benchmarks.parse.rules import OPENINGS

FIRST = "The ferry stays for the winter, the council said."
LAST = "Two hundred people take it every day of the week."
BODY = f"{FIRST}\n\nWhy it matters\n\n{LAST}"


@pytest.mark.parametrize(
    ("text", "share"),
    [
        (FIRST, 1.0),
        (LAST, 1.0),
        ("Why it matters", 1.0),
        ("Read more about ferries and other boats", 0.0),
        ("the council", 0.0),
        ("Two hundred people take buses to the town", 0.5),
    ],
)
def test_label_by_body(text: str, share: float) -> None:
    """A block's label is the share of its tokens that the reference body has in the same order."""
    labels, _, length = label_by_body(["Advertisement for something else", text], [BODY])
    assert labels[1] == pytest.approx(share)
    assert length == 22


def test_label_of_a_repeated_block() -> None:
    """Of two blocks with the same words the one amid the text is meant, when the body has them once."""
    texts = [FIRST, "Menu", "Home", "Sport", "News", "Search", "Login", FIRST, "Why it matters", LAST]
    assert label_by_body(texts, [BODY])[0].tolist() == [0, 0, 0, 0, 0, 0, 0, 1, 1, 1]


def test_label_by_snippets() -> None:
    """Blocks that no snippet tells of stay unknown."""
    labels = label_by_snippets(
        ["A wanted  sentence.", "An unwanted one.", "Another."], ["wanted sentence"], ["unwanted"]
    )
    assert labels.tolist() == [1, 0, -1]


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.news.example.co.uk/a", "example.co.uk"),
        ("http://example.com", "example.com"),
        ("hard::example.com-millions.html", "example.com"),
        ("hard::blog.example.com_x.html", "example.com"),
    ],
)
def test_site_of(url: str, site: str) -> None:
    """Pages of one registered domain are of one site, however a set writes their address."""
    assert site_of(url) == site
    assert fold_of(site_of(url)) == fold_of(site)


def test_measure_is_f1_of_means() -> None:
    """Two quotients give the harmonic mean of both, one gives itself."""
    assert measure(np.array([[1.5, 2.0, 1.0, 2.0]])) == pytest.approx([2 * 0.75 * 0.5 / 1.25])
    assert measure(np.array([[1.5, 2.0]])) == pytest.approx([0.75])


def test_bootstrap_holds_the_difference() -> None:
    """The interval lies around the difference, and is nothing but 0 for equals."""
    rng = np.random.default_rng(1)
    better, worse = rng.uniform(0.8, 1.0, 200), rng.uniform(0.7, 0.9, 200)
    sites = [f"site{number % 120}" for number in range(200)]
    tables = [by_site([[value, 1.0] for value in values], sites) for values in (better, worse)]
    low, high = bootstrap(*tables)
    assert 0 < low < better.mean() - worse.mean() < high
    assert bootstrap(tables[0], tables[0]) == (0.0, 0.0)


@pytest.mark.parametrize(("name", "pattern", "does", "does_not"), OPENINGS, ids=[row[0] for row in OPENINGS])
def test_openings(name: str, pattern: str, does: str, does_not: str) -> None:
    """Each opening of the rules matches its example and not the other."""
    assert re.match(pattern, does, re.IGNORECASE), name
    assert not re.match(pattern, does_not, re.IGNORECASE), name
