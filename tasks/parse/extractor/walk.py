"""The page as a row of text blocks with their places in the tree: one walk over the DOM, no recursion, linear time."""

from dataclasses import dataclass, field, replace
from typing import Any

from lxml.etree import _Element, iterwalk

from tasks.parse.extractor.words import NAME_CHARS

SKIPPED = frozenset({
    "script", "style", "noscript", "template", "svg", "iframe", "head", "object", "select", "textarea", "button",
    "canvas", "math", "map", "datalist", "dialog", "title",
})  # fmt: skip
"""Elements whose text is no part of any article."""
APART = frozenset({"nav", "footer"})
"""Elements that hold a third of a page's blocks and hardly ever its article."""
PROSE_CHARS, PROSE_LEAST = 80, 400
"""Characters that make a block prose, and characters of prose that make a page."""

INLINE = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "nobr", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "time", "tt", "u", "var", "wbr", "amp-link", "g-emoji", "o:p", "st1:place",
})  # fmt: skip
"""Elements that do not part the text before them from the text in them."""
MOST_BLOCKS = 20_000
"""Blocks after which the rest of a page is not looked at: the longest articles seen have under 2,000."""
MOST_EVENTS = 800_000
"""Openings and closings of elements after which the rest is not looked at: large pages have 50,000."""
MOST_DEPTH = 255


@dataclass
class Nodes:
    """The block-level elements with text, in document order. Each is a range of blocks: `first` <= block < `last`."""

    parent: list[int] = field(default_factory=list)
    """Never after the element itself; the first element is its own parent."""
    depth: list[int] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    tag: list[str] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    """Tag, class, id, role, itemprop, and whether it is hidden; the words that may tell what it is for."""


@dataclass
class Page:
    """The texts of a page's blocks, and for each block where it stands and what is in it."""

    nodes: Nodes = field(default_factory=Nodes)
    texts: list[str] = field(default_factory=list)
    node: list[int] = field(default_factory=list)
    """The block's element, an index into `nodes`."""
    dress: list[str] = field(default_factory=list)
    """The names of the inline elements that hold all of the block; empty where some of it is bare."""
    link_chars: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    bold_chars: list[int] = field(default_factory=list)
    slant_chars: list[int] = field(default_factory=list)
    images: list[int] = field(default_factory=list)
    """Images since the block before."""
    pictures: list[tuple[int, _Element]] = field(default_factory=list)
    """Elements that are or may hold an image, each with the number of blocks that end before it."""


VOID = frozenset({"br", "img"})
BOLD = frozenset({"b", "strong"})
SLANTED = frozenset({"em", "i"})
TELLING = BOLD | SLANTED | {"a"}
HIDING = {"hidden": "", "aria-hidden": "true", "style": "display:none"}
"""Attributes that hide an element, with what must be in their value."""
NAMING = frozenset({"class", "id", "role", "itemprop"})
MOST_DRESS = 8
"""Nested inline elements whose names are looked at."""
MARKS = " \t\r\n|/·•,:-–—"
"""What between two inline elements does not make a line bare."""


class _Walker:
    """What is open at one moment of the walk.

    A line break parts lines, and lines of different dress are blocks of their own: a headline, a byline and the links
    of a menu often stand in one table cell with nothing but `br` between them. Lines of one dress stay one block.
    """

    def __init__(self) -> None:
        self.nodes: list[list[Any]] = []
        """Of each node parent, depth, first and last block, tag, and the element itself."""
        self.blocks: list[tuple[str, int, str, int, int, int, int, int]] = []
        """Of each block what the lists of Page have, in their order."""
        self.pictures: list[tuple[int, _Element]] = []
        self.open = -1
        self.images = self.links = 0
        self.within = self.in_link = self.in_bold = self.in_slant = 0
        self.depth = 0
        """Open inline elements."""
        self.pieces: list[str] = []
        self.lines: list[tuple[str, str, int, int, int, int]] = []
        """The lines of the block that have ended: text, dress, characters in links, links, bold, slanted."""
        self.after_break = False
        self.link_chars = self.bold_chars = self.slant_chars = 0
        self._begin_line()

    def _begin_line(self) -> None:
        self.base = self.depth
        self.empty = True
        self.bare = self.blank = False
        self.dress: list[tuple[int, _Element]] = []

    def text(self, text: str) -> None:
        """Take up a text of the line that is open."""
        space = text.isspace()
        if self.within:
            size = len(text)
            self.link_chars += size if self.in_link else 0
            self.bold_chars += size if self.in_bold else 0
            self.slant_chars += size if self.in_slant else 0
        elif space and not self.pieces:
            self.blank = True  # half of all texts: what stands between two elements
            return
        self.pieces.append(text)
        if not (space or self.bare):
            self.empty = self.after_break = False
            self.bare = self.depth <= self.base and text.strip(MARKS) != ""

    def flush(self) -> None:
        """Close the block that is open, if it has text."""
        if self.pieces:
            self._end_line()
        if self.lines:
            self._emit()
        self.after_break = False

    def _end_line(self) -> None:
        text = " ".join("".join(self.pieces).split())
        self.pieces.clear()
        if text:
            # What is still open holds more than this line.
            dress = (
                ""
                if self.bare
                else " ".join(element_key(element, element.tag) for depth, element in self.dress if depth > self.depth)
            )
            self.lines.append((text, dress, self.link_chars, self.links, self.bold_chars, self.slant_chars))
            self.links = 0
        self.link_chars = self.bold_chars = self.slant_chars = 0
        self._begin_line()

    def _emit(self) -> None:
        """The lines as blocks, neighbours of one dress together."""
        start, lines = 0, self.lines
        self.lines = []
        for end in range(1, len(lines) + 1):
            if end < len(lines) and lines[end][1] == lines[start][1]:
                continue
            text, dress, link_chars, links, bold_chars, slant_chars = lines[start]
            if end - start > 1:
                texts, _, *counts = zip(*lines[start:end], strict=True)
                text = "\n".join(texts)
                link_chars, links, bold_chars, slant_chars = map(sum, counts)
            size = len(text)
            self.blocks.append((
                text, self.open, dress, link_chars if link_chars < size else size, links,
                bold_chars if bold_chars < size else size, slant_chars if slant_chars < size else size, self.images,
            ))  # fmt: skip
            self.images = 0
            start = end

    def part(self) -> None:
        """End the line and the block where a block-level element begins or ends."""
        if self.pieces or self.lines:
            self.flush()
        if self.dress or self.base != self.depth:
            self._begin_line()
        else:
            self.blank = False  # all that can be left of a line without a piece

    def enter(self, element: _Element, tag: str) -> None:
        """Open a block-level element."""
        self.part()
        nodes, parent = self.nodes, self.open
        self.open = len(nodes)
        depth = min(nodes[parent][1] + 1, MOST_DEPTH) if parent >= 0 else 0
        nodes.append([max(parent, 0), depth, len(self.blocks), 0, tag, element])

    def leave(self) -> None:
        """Close the block-level element that is open; one without a text, as around a picture, is forgotten."""
        self.part()
        closed, end = self.open, len(self.blocks)
        node = self.nodes[closed]
        self.open = node[0] if closed else -1
        if node[2] < end:
            node[3] = end
        elif closed:
            self.nodes.pop()

    def start(self, element: _Element, tag: str) -> None:
        """Take note of an element that opens."""
        if tag in INLINE:
            self.depth += 1
            if self.empty and len(self.dress) < MOST_DRESS:
                self.dress.append((self.depth, element))
            if tag in TELLING:
                self._count(tag, 1)
                self.links += tag == "a"
        elif tag not in VOID:
            self.enter(element, tag)
            if tag == "amp-img":
                self.pictures.append((len(self.blocks), element))
        elif tag == "br":
            self.line()
        else:
            self.images += 1
            self.pictures.append((len(self.blocks), element))

    def end(self, tag: str) -> None:
        """Take note of an element that closes."""
        if tag in INLINE:
            self.depth -= 1
            if self.depth < self.base:
                self.base = self.depth
            if tag in TELLING:
                self._count(tag, -1)
        elif tag not in VOID:
            self.leave()

    def skip(self, element: _Element, tag: str) -> None:
        """Take note of an element that is not looked into."""
        if tag in APART:
            self.flush()
        elif tag == "noscript":
            self.pictures.append((len(self.blocks), element))

    def _count(self, tag: str, step: int) -> None:
        self.within += step
        if tag == "a":
            self.in_link += step
        elif tag in BOLD:
            self.in_bold += step
        else:
            self.in_slant += step

    def line(self) -> None:
        """A line break; the second one in a row ends the block."""
        if self.after_break:
            self.flush()
        elif self.pieces or self.blank:
            self._end_line()
            self.after_break = True

    def finished(self) -> Page:
        """The page, all that is still open closed."""
        while self.open >= 0:
            self.leave()
        if not self.nodes:
            return Page()
        parent, depth, first, last, tag, elements = map(list, zip(*self.nodes, strict=True))
        nodes = Nodes(parent, depth, first, last, tag, list(map(element_key, elements, tag)))
        return replace(Page(nodes, *map(list, zip(*self.blocks, strict=True))), pictures=self.pictures)


def element_key(element: _Element, tag: str) -> str:
    """The element's names in one string."""
    key = tag
    for name, value in element.items():
        if name in NAMING:
            key += " " + value[:NAME_CHARS]
        elif name in HIDING and HIDING[name] in value.replace(" ", ""):
            key += " hidden"
    return key


def walk(tree: _Element) -> Page:
    """The blocks of the page below `tree`, which is not changed; navigation and footers only where little else is.

    Left-open tags can put a whole article into its page's navigation, so a page with next to no prose outside is
    walked again, all of it.
    """
    page = _walk(tree, SKIPPED | APART)
    if sum(len(text) for text in page.texts if len(text) >= PROSE_CHARS) >= PROSE_LEAST:
        return page
    return _walk(tree, SKIPPED)


def _walk(tree: _Element, skipped: frozenset[str]) -> Page:
    state = _Walker()
    if tree.tag in INLINE or tree.tag in VOID:
        state.enter(tree, "div")  # a fragment: its text needs an element to stand in
    walker = iterwalk(tree, events=("start", "end", "comment", "pi"))
    take = state.text
    for count, (event, element) in enumerate(walker):
        tag = element.tag
        if event == "start":
            if tag in skipped:
                walker.skip_subtree()
                state.skip(element, tag)
                continue
            state.start(element, tag)
            text = element.text
        else:
            if event == "end" and tag not in skipped:
                state.end(tag)
                if len(state.blocks) > MOST_BLOCKS or count > MOST_EVENTS:
                    break
            text = element.tail if element is not tree else None
        if text:
            take(text)
    return state.finished()
