"""The floors of extraction: how much of our own golden pages must come out, and how little besides. They gate CI.

The golden tests demand every block exactly; these say how bad things are when the reading changes, and hold when a
golden record is renewed with a page that reads worse than before.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from tasks.parse.model import ParsedPage
from tests.parse.pages_kit import parse

PAGES = sorted(
    path
    for path in (Path(__file__).parent / "pages").glob("*.html")
    if "blocks" in json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
)
LEAST_PAGE, LEAST_MEAN = 0.90, 0.97
"""Word F1 of the worst page, and of all on average."""
MUST_HAVE = ("title", "authors", "published_at")


def grams(text: str) -> Counter[str]:
    """The text's words; single characters where a script writes no spaces."""
    words = text.split()
    return Counter(words if len(words) * 12 > len(text) else [char for char in text if not char.isspace()])


def f1(found: str, wanted: str) -> float:
    """Harmonic mean of precision and recall over words.

    >>> f1("a b", "a b"), f1("", "a")
    (1.0, 0.0)
    """
    one, other = grams(found), grams(wanted)
    common = sum((one & other).values())
    return 2 * common / (sum(one.values()) + sum(other.values())) if common else 0.0


def scores() -> dict[str, float]:
    """F1 of each golden page against its source text."""
    told = {}
    for path in PAGES:
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        found = parse(path.read_bytes(), url=expected["url"])
        wanted = "\n".join(text for _, text in expected["blocks"])
        told[path.stem] = f1(found.body.text, wanted) if isinstance(found, ParsedPage) else 0.0
    return told


def test_floors_of_the_body() -> None:
    """No golden page reads worse than the floor, and all together hardly worse than perfect."""
    found = scores()
    assert len(found) >= 8
    assert {name: score for name, score in found.items() if score < LEAST_PAGE} == {}
    assert sum(found.values()) / len(found) >= LEAST_MEAN


@pytest.mark.parametrize("field", MUST_HAVE)
def test_floors_of_the_fields(field: str) -> None:
    """Nine in ten golden pages give this field as it is."""
    right = 0
    for path in PAGES:
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        found = parse(path.read_bytes(), url=expected["url"])
        value = getattr(found, field, None)
        told = (
            list(value) if field == "authors" and value else value.isoformat() if hasattr(value, "isoformat") else value
        )
        right += (told or None) == (expected[field] or None)
    assert right >= 0.9 * len(PAGES)


def test_floors_can_fail() -> None:
    """Half a text scores far below the floor, and so does a text with as much junk again."""
    whole = " ".join(f"word{number}" for number in range(100))
    assert f1(" ".join(whole.split()[:50]), whole) < LEAST_PAGE
    assert f1(whole + " junk" * 100, whole) < LEAST_PAGE
