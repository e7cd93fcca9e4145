"""What stands before the text and has a column of its own, and what must stay."""

import pytest

from tasks.parse.front import is_byline, without_front
from tasks.parse.model import Block, Body, Fact

NAMES = frozenset({"ann", "lee", "dpa"})
FACTS = [Fact("section", "meta:section", "Harbour"), Fact("authors", "json_ld", "Coastal Wire Service")]
TEXT = (
    "The council voted on Tuesday night to keep the old ferry running for another winter, and then went home,"
    " all but the mayor, who stayed."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Ann Lee", True),
        ("Ann Lee", True),
        ("Von dpa | Montag, 2. März 2026, 10.00 Uhr", True),
        ("Published March 2, 2026 9:10 pm", True),
        ("Domingo, 1 de marzo de 2026, 7:05 p. m.", True),
        ("2026-03-02", True),
        ("By the end of March 2026 all was over.", False),
        ("Ann Lee slept.", False),
        ("By a Friday", False),
        ("9:10 pm", False),
        ("Lee was 61.", False),
        ("", False),
    ],
)
def test_bylines(text: str, expected: bool) -> None:
    """Only what is nothing but names and dates; a clock alone is the time of an entry."""
    assert is_byline(text, NAMES) == expected


@pytest.mark.parametrize(
    ("front", "kept"),
    [
        (["Ferry stays"], []),
        (["HARBOUR", "Ferry stays", "By Coastal Wire Service | March 2, 2026"], []),
        (["The ferry stays, they say"], ["The ferry stays, they say"]),
        (["Harbour news in brief"], ["Harbour news in brief"]),
        (["“Why now?”", "By Ann Lee"], ["“Why now?”"]),
    ],
)
def test_front_goes_where_a_column_has_it(front: list[str], kept: list[str]) -> None:
    """Title, section and byline go; a standfirst, a quotation and the text stay."""
    body = Body(tuple(Block("paragraph", text) for text in [*front, TEXT, "By Ann Lee"]))
    found = without_front(body, "Ferry stays!", FACTS, ["Ann Lee"])
    assert [block.text for block in found.blocks] == [*kept, TEXT, "By Ann Lee"]


def test_a_long_headline_goes_too() -> None:
    """A title is known by its words, however long it is."""
    body = Body((Block("heading", TEXT, 1), Block("paragraph", "And so it was.")))
    assert without_front(body, TEXT, [], []).blocks == body.blocks[1:]
