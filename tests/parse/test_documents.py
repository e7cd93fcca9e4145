"""Plain text and JSON documents: kept line by line."""

import json
from pathlib import Path

import pytest

from schemas.reasons import Reason
from tests.parse.pages_kit import article, refusal

TEXT = {"url": "file:///papers/a.txt", "content_type": "text/plain"}
JSON = {"url": "file:///papers/a.json", "content_type": "application/json"}
LINES = ["The headline of it", "First line.", "READ: another thing", "Glued advertisement“It was,” he said. TVJ/CDG"]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n", "\r\n\r\n", "\n \n"])
def test_text(gap: str) -> None:
    """The first line is the headline, every other one a paragraph exactly as it came; nothing is cleaned here."""
    found = article(gap.join(LINES), **TEXT)
    assert found.title == LINES[0]
    assert [block.text for block in found.body.blocks] == LINES[1:]
    assert {block.kind for block in found.body.blocks} == {"paragraph"}
    assert (found.published_at, found.authors) == (None, ())


def test_text_keeps_spaces_and_drops_the_mark() -> None:
    """Spaces inside and around a line stay; a byte order mark goes."""
    found = article("\ufeffHead\n  two  spaces \n".encode(), **TEXT)
    assert (found.title, found.body.text) == ("Head", "  two  spaces ")


@pytest.mark.parametrize(
    ("payload", "reason"),
    [("", Reason.EMPTY_BODY), (" \n\n", Reason.EMPTY_BODY), ("Only a headline", Reason.EMPTY_BODY)],
)
def test_text_without_text(payload: str, reason: Reason) -> None:
    """No text and a lone headline are refused."""
    assert refusal(payload, **TEXT).reason is reason


DOCUMENT = {
    "title": "The headline of it",
    "body": "First line.\n\nSecond line.",
    "authors": ["Ann Lee", {"name": "Bo Ek"}],
    "published_at": "2026-02-01T10:00:00Z",
    "language": "en",
    "tags": ["a", "b"],
}


def test_json() -> None:
    """A JSON document's fields and paragraphs come out."""
    found = article(json.dumps(DOCUMENT), **JSON)
    assert (found.title, found.authors, found.language) == ("The headline of it", ("Ann Lee", "Bo Ek"), "en")
    assert [block.text for block in found.body.blocks] == ["First line.", "Second line."]
    assert found.published_at is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"body": None, "text": ["First line.", "Second line."]},
        {"body": "", "articleBody": "First line.\r\nSecond line."},
        {"title": None, "headline": "The headline of it"},
    ],
)
def test_json_other_names(changes: dict[str, object]) -> None:
    """The names that schema.org and others use are understood, texts as lists too."""
    found = article(json.dumps({**DOCUMENT, **changes}), **JSON)
    assert found.title == "The headline of it"
    assert [block.text for block in found.body.blocks] == ["First line.", "Second line."]


BROKEN = [
    "{",
    "[]",
    "[1, 2]",
    "17",
    '"text"',
    "null",
    '{"a": 1}',
    '{"body": "x"}',
    '{"title": "x"}',
    '{"title": {}, "body": "x"}',
    "[" * 100_000,
    '{"title": ["a"], "body": 5}',
]


@pytest.mark.parametrize("payload", BROKEN, ids=lambda payload: payload[:30])
def test_json_that_is_no_document(payload: str) -> None:
    """JSON without headline and text is refused with a reason."""
    assert refusal(payload, **JSON).reason in (Reason.EMPTY_EXTRACTION, Reason.EMPTY_BODY)


@pytest.mark.shared
def test_seed(shared: Path) -> None:
    """The seed article keeps all its lines, byte for byte, for cleaning to work on."""
    raw = (shared / "seed" / "article.txt").read_bytes()
    found = article(raw, **TEXT)
    lines = raw.decode().splitlines()
    assert found.title == lines[0]
    assert [block.text for block in found.body.blocks] == [line for line in lines[1:] if line]
    assert len(found.body.blocks) == 18


def test_json_keys_that_no_column_stands_for_are_kept() -> None:
    """Their values as JSON, in the document's order; JSON-LD's own words are none."""
    said = {
        "@context": "https://schema.org",
        "title": "Head",
        "body": "A line.",
        "desk": "north",
        "ids": [1, {"a": None}],
    }
    found = article(json.dumps(said), **JSON)
    assert [vars(extra) for extra in found.extra_fields] == [
        {"name": "desk", "value": '"north"'},
        {"name": "ids", "value": '[1, {"a": null}]'},
    ]


def test_json_with_endless_keys_is_cut() -> None:
    """A hostile document costs no more than its limits."""
    said = {"title": "Head", "body": "A line.", **{f"k{number}": "x" * 20_000 for number in range(300)}}
    found = article(json.dumps(said), **JSON)
    assert len(found.extra_fields) == 200
    assert max(len(extra.value) for extra in found.extra_fields) == 10_000
