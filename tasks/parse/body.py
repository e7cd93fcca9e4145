"""The article's text as typed blocks. `extract_body` is the one door; who finds the text behind it may change.

For now it is trafilatura: in precision mode, and again in its default mode where precision leaves less than 500
characters, because then it has mostly cut too much (figures in docs/decisions/0005-parse-in-children.md).
"""

import logging
from collections.abc import Iterator

from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document, Extractor

from tasks.parse.model import Block, Body
from tasks.parse.text import one_line, storable

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs a line for each page that it gives up on

SHORT = 500
"""Characters below which precision mode has probably cut too much."""

PRECISE = Extractor(output_format="python", comments=False, tables=True, precision=True)
BALANCED = Extractor(output_format="python", comments=False, tables=True)

KINDS = {"p": "paragraph", "head": "heading", "item": "list_item", "quote": "quote", "code": "paragraph"}
"""trafilatura's tags that make a block of their own."""
LONGEST_CELL = 400
"""Characters that no cell of data has."""
GROUPS = frozenset({"body", "list", "div", "main", "article", "section"})
"""Tags that only hold blocks."""


def extract_body(tree: HtmlElement, url: str | None = None) -> Body:
    """The page's article text; without blocks when none was found. The tree is not changed.

    Raises:
        RecursionError: the tree is nested deeper than trafilatura can walk.
    """
    precise = _extract(tree, url, PRECISE)
    if len(precise.text) >= SHORT:
        return precise
    balanced = _extract(tree, url, BALANCED)
    return balanced if len(balanced.text) > len(precise.text) else precise


def _extract(tree: HtmlElement, url: str | None, options: Extractor) -> Body:
    document = bare_extraction(tree, url=url, options=options)
    return Body(tuple(blocks_of(document.body))) if isinstance(document, Document) else Body()


def blocks_of(body: _Element) -> Iterator[Block]:
    """The blocks of trafilatura's tree (p, head, list/item, quote, table/row/cell, loose text), in order."""
    pending: list[str] = []
    stack: list[_Element | str] = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            pending.append(node)
            continue
        if node.tag in GROUPS:
            stack.extend(reversed(_contents(node)))
            continue
        if node.tag not in KINDS and node.tag != "table":
            pending.append("\n" if node.tag == "lb" else "".join(node.itertext()))
            continue
        yield from _blocks("paragraph", "".join(pending))
        pending.clear()
        yield from _block_of(node)
    yield from _blocks("paragraph", "".join(pending))


def _contents(node: _Element) -> list[_Element | str]:
    """The node's texts and children in order."""
    parts: list[_Element | str] = [node.text] if node.text else []
    for child in node:
        parts.append(child)
        if child.tail:
            parts.append(child.tail)
    return parts


def _block_of(node: _Element) -> Iterator[Block]:
    if node.tag == "table":
        yield from _table_blocks(node)
        return
    kind = KINDS[str(node.tag)]
    rank = (node.get("rend") or "").removeprefix("h")
    level = int(rank) if kind == "heading" and rank.isdigit() else None
    yield from _blocks(kind, "".join(_pieces(node)), level)


def _table_blocks(table: _Element) -> Iterator[Block]:
    """One block for a table of data; the cells' paragraphs for a table that only lays the page out."""
    rows = [["".join(_pieces(cell)) for cell in row.iter("cell")] for row in table.iter("row")]
    if any(len(cell) > LONGEST_CELL for row in rows for cell in row):
        for row in rows:
            for cell in row:
                yield from _blocks("paragraph", cell)
        return
    lines = (" | ".join(filter(None, map(one_line, row))) for row in rows)
    text = storable("\n".join(line for line in lines if line))
    if text:
        yield Block("table", text)


def _pieces(node: _Element) -> Iterator[str]:
    """Text of a block; its line breaks are kept, blocks inside it begin a new line."""
    for part in _contents(node):
        if isinstance(part, str):
            yield part.replace("\n", " ")
        elif part.tag == "lb":
            yield "\n"
        else:
            inner = part.tag in KINDS or part.tag in GROUPS or part.tag in ("table", "row")
            yield "\n\n" if inner else ""
            yield from _pieces(part)
            yield "\n\n" if inner else " " if part.tag == "cell" else ""


def _blocks(kind: str, text: str, level: int | None = None) -> Iterator[Block]:
    """One block for each stretch between empty lines; single line breaks stay."""
    lines = [one_line(line) for line in storable(text).split("\n")]
    stretch: list[str] = []
    for line in [*lines, ""]:
        if line:
            stretch.append(line)
        elif stretch:
            yield Block(kind, "\n".join(stretch), level)
            stretch = []
