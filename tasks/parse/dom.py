"""The one DOM of a page, and reading text out of it. lxml: facts and body are read from the same tree.

libxml2 gives up below 2,048 nested elements and drops what lies deeper without an exception; its log tells. Such a
page is flattened (containers become paragraphs, one linear pass) and parsed again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import ElementDefaultClassLookup, LxmlError, _Comment, _Element, _ProcessingInstruction
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from tasks.parse.text import LONGEST_VALUE, one_line, storable

HIDDEN = frozenset({"script", "style", "noscript", "template", "svg", "iframe", "head", "object", "select", "textarea"})
"""Elements whose text no reader sees as text of the page."""

BREAKING = frozenset({
    "br", "p", "div", "li", "ul", "ol", "tr", "td", "th", "table", "section", "article", "header", "footer", "aside",
    "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figure", "figcaption", "dt", "dd", "hr", "main", "nav", "form",
})  # fmt: skip
"""Elements that part the words before and after them."""

FLAT_KEEP = frozenset(
    [
        "html",
        "head",
        "title",
        "meta",
        "link",
        "script",
        "style",
        "body",
        "p",
        "br",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "time",
        "img",
        "li",
        "blockquote",
        "noscript",
    ]
)
FLAT_DROP = frozenset(
    [
        "a",
        "b",
        "i",
        "u",
        "em",
        "strong",
        "span",
        "font",
        "small",
        "big",
        "sub",
        "sup",
        "abbr",
        "cite",
        "code",
        "ins",
        "del",
        "mark",
        "q",
        "s",
        "tt",
    ]
)
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What lxml refuses to write into a tree."""
NOT_XML_ASCII = bytes(range(9)) + b"\x0b\x0c" + bytes(range(14, 32))
NOT_XML_UTF8 = re.compile(b"\xef\xbf[\xbe\xbf]")
"""The same in UTF-8, where to look for it takes a tenth of the time; lone surrogates cannot be in it."""
NOT_XML_REFERENCE = re.compile(
    rb"&#(?:[xX]0*(?:[1-8bcefBCEF]|1[0-9a-fA-F]|[fF]{3}[efEF])"
    rb"|0*(?:[1-8]|1[124-9]|2\d|3[01]|6553[45]))(?:;|(?![0-9a-zA-Z]))"
)
"""References to it. Case is spelled out: so the search can leap from one `&#` to the next."""
ALL_HTML = ElementDefaultClassLookup(element=HtmlElement)
"""One class for all elements: lxml.html asks Python for the class of each, and parse needs no forms or inputs."""
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)(?![a-zA-Z0-9:-])[^<>]*>")
PARAGRAPHS = re.compile(r"(?:<p>\s*)+")


@dataclass(frozen=True)
class Dom:
    """The parsed page. `flattened` when it was nested too deeply to be kept as it was."""

    tree: HtmlElement
    flattened: bool = False


def parse_dom(text: str, utf8: bytes | None = None) -> Dom | None:
    """The page's tree; None when there is no element in it at all.

    Args:
        text: the page's markup.
        utf8: the same in UTF-8, where it is at hand.
    """
    tree, complete = _parse(text, utf8)
    if tree is None or complete:
        return None if tree is None else Dom(tree)
    flat, _ = _parse(flatten(text))
    return Dom(tree if flat is None else flat, flattened=True)


def _parse(text: str, utf8: bytes | None = None) -> tuple[HtmlElement | None, bool]:
    """The tree, and whether libxml2 kept all of the page."""
    parser = HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
        collect_ids=False,
        default_doctype=False,
    )
    parser.set_element_class_lookup(ALL_HTML)
    try:
        tree = document_fromstring(_only_xml(text, utf8), parser=parser)
    except (LxmlError, ValueError):
        return None, True
    return tree, not any("depth" in entry.message for entry in parser.error_log)


def _only_xml(text: str, utf8: bytes | None = None) -> bytes:
    """The text in UTF-8, with U+FFFD for all that cannot be in a tree."""
    try:
        raw = text.encode("utf-8") if utf8 is None else utf8
    except UnicodeEncodeError:
        raw = NOT_XML.sub("\ufffd", text).encode("utf-8")
    if len(raw.translate(None, NOT_XML_ASCII)) != len(raw) or NOT_XML_UTF8.search(raw):
        raw = NOT_XML.sub("\ufffd", raw.decode("utf-8")).encode("utf-8")
    return NOT_XML_REFERENCE.sub(b"\xef\xbf\xbd", raw)


def flatten(text: str) -> str:
    """The markup without nesting: containers open a paragraph, inline elements go.

    >>> flatten("<div><div><b>a</b></div></div><h2>c</h2>")
    '<p>a<p><h2>c</h2>'
    """

    def flat(match: re.Match[str]) -> str:
        name = match[2].lower()
        if name in FLAT_KEEP:
            return match[0]
        return "" if name in FLAT_DROP else "<p>"

    return PARAGRAPHS.sub("<p>", TAG.sub(flat, text))


def text_of(element: _Element) -> str:
    """The element's visible text as one line; block elements and line breaks part words."""
    if len(element):
        return storable(one_line("".join(_pieces(element)))[:LONGEST_VALUE])
    return storable(one_line(element.text or "")[:LONGEST_VALUE]) if element.tag not in HIDDEN else ""


def short_text_of(element: _Element, most: int) -> str | None:
    """The same text, or None where it has more than `most` characters; stops as soon as that is sure."""
    if not len(element):
        text = text_of(element)
        return text if len(text) <= most else None
    pieces, letters = [], 0
    for piece in _pieces(element):
        pieces.append(piece)
        letters += len("".join(piece.split()))
        if letters > most:
            return None
    text = storable(one_line("".join(pieces)))
    return text if len(text) <= most else None


def _pieces(element: _Element) -> Iterator[str]:
    """Text in document order, by a stack: pages nest deeper than Python's recursion."""
    stack: list[tuple[_Element, bool]] = [(element, False)]
    while stack:
        node, closing = stack.pop()
        tag = node.tag
        if closing:
            if tag in BREAKING:
                yield " "
            if node is not element and node.tail:
                yield node.tail
            continue
        stack.append((node, True))
        if tag in HIDDEN or isinstance(node, _Comment | _ProcessingInstruction):
            continue
        if tag in BREAKING:
            yield " "
        if node.text:
            yield node.text
        stack.extend((child, False) for child in reversed(node))


def visible_length(tree: HtmlElement) -> int:
    """Characters of text that a reader would see, white space collapsed."""
    body = tree.find("body")
    return len(one_line("".join(_pieces(tree if body is None else body))))
