"""The article's text as typed blocks. `extract_body` is the one door; who finds the text behind it may change.

It is our own extractor (tasks/parse/extractor; figures in docs/extraction.md).
"""

from dataclasses import dataclass

from lxml.html import HtmlElement

from tasks.parse.extractor import Hints, Picture, extract_blocks
from tasks.parse.extractor.judge import Model
from tasks.parse.model import Body


@dataclass(frozen=True)
class Found:
    """The body, the text that stands right after it on the page without being part of it, and what may be images."""

    body: Body
    following: str = ""
    pictures: tuple[Picture, ...] = ()


def extract_body(tree: HtmlElement, hints: Hints | None = None, model: Model | None = None) -> Found:
    """The page's article text; without blocks when none was found. The tree is not changed.

    Args:
        tree: the page as dom.parse_dom gives it.
        hints: what the page says of its article elsewhere.
        model: another than the shipped one, for measuring.
    """
    found = extract_blocks(tree, hints, model)
    return Found(Body(found.blocks), found.following, found.pictures)
