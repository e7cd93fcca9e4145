"""The page as a row of text blocks with their places in the tree: one walk over the DOM, no recursion, linear time."""

from dataclasses import dataclass, field

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
    """The block-level elements in document order. Each is a range of blocks: `first` <= block < `last`."""

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
    link_chars: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    bold_chars: list[int] = field(default_factory=list)
    images: list[int] = field(default_factory=list)
    """Images since the block before."""


VOID = frozenset({"br", "img"})
BOLD = frozenset({"b", "strong", "em", "i"})
HIDING = {"hidden": "", "aria-hidden": "true", "style": "display:none"}
"""Attributes that hide an element, with what must be in their value."""
NAMING = frozenset({"class", "id", "role", "itemprop"})


class _Walker:
    """What is open at one moment of the walk."""

    def __init__(self) -> None:
        self.page = Page()
        self.pieces: list[str] = []
        self.open = -1
        self.links = self.link_chars = self.bold_chars = self.images = 0
        self.in_link = self.in_bold = 0
        self.line_break = False

    def text(self, text: str) -> None:
        """Take up a text of the block that is open."""
        self.pieces.append(text)
        if self.in_link:
            self.link_chars += len(text)
        if self.in_bold:
            self.bold_chars += len(text)
        if self.line_break and not text.isspace():
            self.line_break = False

    def flush(self) -> None:
        """Close the block that is open, if it has text."""
        if self.pieces:
            text = "".join(self.pieces)
            if "\0" in text:
                text = "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\0"))))
            else:
                text = " ".join(text.split())
            self.pieces.clear()
            if text:
                page = self.page
                page.texts.append(text)
                page.node.append(self.open)
                page.link_chars.append(min(self.link_chars, len(text)))
                page.links.append(self.links)
                page.bold_chars.append(min(self.bold_chars, len(text)))
                page.images.append(self.images)
                self.links = self.images = 0
            self.link_chars = self.bold_chars = 0
        self.line_break = False

    def enter(self, element: _Element, tag: str) -> None:
        """Open a block-level element."""
        if self.pieces:
            self.flush()
        nodes, parent = self.page.nodes, self.open
        self.open = len(nodes.parent)
        nodes.parent.append(max(parent, 0))
        nodes.depth.append(min(nodes.depth[parent] + 1, MOST_DEPTH) if parent >= 0 else 0)
        nodes.first.append(len(self.page.texts))
        nodes.last.append(0)
        nodes.tag.append(tag)
        nodes.key.append(element_key(element, tag))

    def leave(self) -> None:
        """Close the block-level element that is open."""
        if self.pieces:
            self.flush()
        nodes = self.page.nodes
        nodes.last[self.open] = len(self.page.texts)
        self.open = nodes.parent[self.open] if self.open else -1

    def start(self, element: _Element, tag: str) -> None:
        """Take note of an element that opens."""
        if tag in INLINE:
            if tag == "a":
                self.in_link += 1
                self.links += 1
            elif tag in BOLD:
                self.in_bold += 1
        elif tag == "br":
            self.line()
        elif tag == "img":
            self.images += 1
        else:
            self.enter(element, tag)

    def end(self, tag: str) -> None:
        """Take note of an element that closes."""
        if tag == "a":
            self.in_link -= 1
        elif tag in BOLD:
            self.in_bold -= 1
        elif tag not in INLINE and tag not in VOID:
            self.leave()

    def line(self) -> None:
        """A line break; the second one in a row ends the block."""
        if self.line_break:
            self.flush()
        elif self.pieces:
            self.pieces.append("\0")
            self.line_break = True


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
    texts = state.page.texts
    for count, (event, element) in enumerate(walker):
        tag = element.tag
        if event == "start":
            if tag in skipped:
                walker.skip_subtree()
                if tag in APART:
                    state.flush()
                continue
            state.start(element, tag)
            text = element.text
        else:
            if event == "end" and tag not in skipped:
                state.end(tag)
                if len(texts) > MOST_BLOCKS or count > MOST_EVENTS:
                    break
            text = element.tail if element is not tree else None
        if text:
            state.text(text)
    while state.open >= 0:
        state.leave()
    return state.page
