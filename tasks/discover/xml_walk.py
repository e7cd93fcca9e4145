"""Walks the elements that a listing is made of: streaming where the XML is well formed, mended where it is not."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from lxml import etree

from tasks.discover.xml_prolog import Prolog, repair, true_encoding

Element = Any
"""lxml's elements have no types of their own."""
SAFE: dict[str, bool] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
}
"""No entities, no DTD, no network; lxml's own limits on depth and on the length of a text stay on."""


Reader = Callable[[Element], None]


@dataclass(frozen=True)
class Walked:
    """What a walk found: the root without the elements that were read, and what was broken."""

    root: Element | None
    lost_count: int = 0
    """Elements that the document broke off in."""
    is_mended: bool = False


def walk(
    body: bytes, prolog: Prolog, wanted: tuple[str, ...], begin: Callable[[], Reader], charset: str | None = None
) -> Walked:
    """Call a reader for each element with a wanted local name, in order, when it is complete; it is emptied after.

    Args:
        body: the document, unpacked.
        prolog: what `read_prolog` said of it.
        wanted: local names, lower case.
        begin: makes the reader; called again when the strict parser gave up half way and all begins anew.
        charset: from the Content-Type, for a document that does not say itself.
    """
    try:
        return Walked(_stream(BytesIO(body), wanted, begin(), true_encoding(body, prolog)))
    except (etree.XMLSyntaxError, LookupError):
        text, lost = _cut_torn_end(repair(body, prolog, charset), prolog.root, wanted)
    parser = etree.XMLParser(recover=True, encoding="utf-8", **SAFE)
    root = etree.fromstring(text.encode("utf-8", "replace"), parser) if text else None
    read = begin()
    for element in root.iter() if root is not None else ():
        if local_name(element) in wanted:
            read(element)
    return Walked(root, lost, is_mended=True)


def local_name(element: Element) -> str:
    """The element's name without namespace or prefix, lower case; empty for anything that is no element."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def text_of(element: Element | None) -> str:
    """All text in the element, as written; empty when there is none."""
    if element is None:
        return ""
    return "".join(element.itertext()) if len(element) else element.text or ""


def _stream(file: BytesIO, wanted: tuple[str, ...], read: Reader, encoding: str | None) -> Element:
    tags = tuple(f"{{*}}{name}" for name in wanted)
    context = etree.iterparse(file, events=("end",), tag=tags, encoding=encoding, **SAFE)
    previous = None
    for _, element in context:
        read(element)
        element.clear(keep_tail=True)
        if previous is not None and previous.getparent() is not None:
            previous.getparent().remove(previous)
        previous = element
    return context.root


def _cut_torn_end(text: str, root: str, wanted: tuple[str, ...]) -> tuple[str, int]:
    """A document that breaks off ends behind its last complete element: half a link would be a wrong link.

    Gives the text, and how many elements that cut (0 or 1).
    """
    names = "|".join(map(re.escape, wanted))
    ends = [match.end() for match in re.finditer(rf"</(?:[\w.-]+:)?(?:{names})\s*>", text, re.IGNORECASE)]
    end = ends[-1] if ends else 0
    if re.search(rf"</(?:[\w.-]+:)?{re.escape(root)}\s*>", text[end:], re.IGNORECASE):
        return text, 0
    is_cut = re.search(rf"<(?:[\w.-]+:)?(?:{names})[\s>]", text[end:], re.IGNORECASE)
    return (text[:end], 1) if is_cut else (text, 0)
