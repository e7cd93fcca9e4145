"""The article's images with what the page says of each. They are read off the elements that the walk has met."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate, chain, islice
from urllib.parse import urlsplit

from lxml.etree import _Element

from tasks.parse import image_words as words
from tasks.parse.dom import text_of
from tasks.parse.extractor import Picture
from tasks.parse.model import Block, Image
from tasks.parse.text import one_line, plain
from tasks.parse.urls import SURE_STEM, file_stem, joined_url
from tasks.parse.visible import ELSEWHERE

LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-original-src",
    "data-full-src",
    "data-hi-res-src",
)
"""Attributes in which scripts keep an image until it is scrolled to, the usual ones first."""
LAZY_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
CANDIDATE = re.compile(r"(\S*[^\s,])(?:\s+(\d{1,6}(?:\.\d{1,4})?)[wx])?\s*(?:,|$)")
"""An image candidate string of srcset (WHATWG HTML, 4.8.4.2.1)."""
LONGEST_SET = 8_000
MOST_IMAGES, MOST_ELEMENTS = 200, 1_000
"""Images of an article, and elements looked at for them."""
LEAD_REACH, BESIDE = 15, 1
"""Blocks of the page that may part an image from the article's first block, and from any other."""
SMALL, TINY, LARGE = 100, 60, 200
"""Pixels: with both sides under the first, or one under the second, it is an icon; a lead image has the third."""
FRAME_REACH = 5
LONGEST_CAPTION, LONGEST_ALT = 1_000, 500
PIXELS = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(?:px)?\s*$")


def read_images(pictures: Sequence[Picture], url: str, image_url: str | None = None) -> tuple[Image, ...]:
    """The images of the article in order, each once, without icons, logos, avatars, counters and other articles' ones.

    Args:
        pictures: what the walk met before the article's end.
        url: where the page stands, for relative URLs.
        image_url: the lead image by the page's head, which is the article's wherever it stands; it is marked, else a
            wide image before the text.
    """
    found: dict[str, Image] = {}
    for picture in islice(pictures, MOST_ELEMENTS):
        for element in _image_elements(picture.element, found):
            image = _image(element, picture, url, image_url)
            if image is not None and (known := found.setdefault(image.url, image)) is not image:
                found[image.url] = _merged(known, image)
        if len(found) >= MOST_IMAGES:
            break
    return _with_lead(tuple(found.values()), image_url)


def _image_elements(element: _Element, found: Iterable[object]) -> Iterator[_Element]:
    """The image itself; or what is in a noscript, if no image stands beside it that a script will fill in."""
    if element.tag != "noscript":
        yield element
    elif len(element):
        around = element.getparent()
        beside = () if around is None else around.iter("img", "amp-img")
        if not (found and any(other.getparent() is not element and _source(other) for other in islice(beside, 3))):
            yield from islice(element.iter("img"), 3)


def _merged(known: Image, again: Image) -> Image:
    """An image that stands twice, with what the second place adds to the first."""
    return replace(
        known, **{name: getattr(known, name) or getattr(again, name) for name in ("alt", "caption", "credit")}
    )


def _image(element: _Element, picture: Picture, url: str, image_url: str | None) -> Image | None:
    width, height = _pixels(element.get("width")), _pixels(element.get("height"))
    if _is_icon(width, height):
        return None
    if not (_belongs(element, picture, width, url) or (image_url and _may_be(element, image_url))):
        return None
    source = _source(element)
    address = joined_url(source, url) if source else None
    if address is None or is_furniture_file(address):
        return None
    caption, credit = _caption(element, next(element.iterancestors("figure"), None))
    alt = plain(element.get("alt") or "")[:LONGEST_ALT]
    return Image(address, alt or None, caption, credit, width, height, picture.place)


def _may_be(element: _Element, image_url: str) -> bool:
    """Whether one of the element's attributes names the file of the lead image."""
    stem = file_stem(image_url)
    return len(stem) >= SURE_STEM and any(stem in value for value in element.values())


def _is_icon(width: int | None, height: int | None) -> bool:
    told = [side for side in (width, height) if side is not None]
    return any(side < TINY for side in told) or (len(told) == 2 and max(told) < SMALL)


def _pixels(value: str | None) -> int | None:
    """The number of pixels that a width or height names; None for shares, words and 0."""
    match = PIXELS.match(value or "")
    return int(match[1]) or None if match else None


def is_furniture_file(address: str) -> bool:
    """Whether the URL leads to furniture, by its host and the last two parts of its path.

    >>> is_furniture_file("https://a.example/logo.png"), is_furniture_file("https://a.example/2026/03/harbour.jpg")
    (True, False)
    """
    parts = urlsplit(address)
    tail = "/".join(parts.path.rsplit("/", 2)[-2:])
    return bool(words.FURNITURE_FILE.regex.search(f"/{tail}") or words.COUNTER_HOST.regex.search(parts.netloc))


def _source(element: _Element) -> str | None:
    """Where the image is: what a script would load, else src, else the largest of its set or of its picture's."""
    get = element.get
    for name in (*LAZY, "src"):
        value: str = (get(name) or "").strip()
        if value and _is_real(value):
            return value
    for name in LAZY_SETS:
        if (value := get(name)) and (found := largest(value)):
            return found
    around = next(element.iterancestors("picture"), None)
    if around is not None:
        sets = (get(name) for source in around.iter("source") for get in (source.get,) for name in LAZY_SETS)
        return next((found for value in sets if value and (found := largest(value))), None)
    return None


def _is_real(place: str) -> bool:
    """Whether it is an image's place, and neither what stands there until it comes nor a template's hole."""
    return "{" not in place and not words.PLACEHOLDER.regex.search(place[:300])


def largest(srcset: str) -> str | None:
    """The URL of the largest image of a set; None where all are placeholders.

    >>> largest("/a,w_300.jpg 300w, /a,w_900.jpg 900w")
    '/a,w_900.jpg'
    """
    told = [(float(size or 1), place) for place, size in CANDIDATE.findall(srcset[:LONGEST_SET])]
    told = [
        (size, place) for size, place in told if not words.PLACEHOLDER.regex.search(place[:300]) and "{" not in place
    ]
    return max(told, key=lambda one: one[0])[1] if told else None


def _belongs(element: _Element, picture: Picture, width: int | None, url: str) -> bool:
    """Whether the image is the article's: close to its text or in a figure, not in a box of something else."""
    if picture.gap > LEAD_REACH:
        return False
    is_framed = picture.gap <= BESIDE or (picture.place == 0 and (width or 0) >= LARGE)
    near = True
    for steps, node in enumerate(islice(chain((element,), element.iterancestors()), REACH)):
        tag = node.tag
        if tag in ENDS:
            break
        near = near and steps < FRAME_REACH and tag != "article"
        is_elsewhere, is_furniture = _boxed(node.get("class") or "", node.get("id") or "")
        if is_elsewhere or (near and is_furniture) or tag in BOXES:
            return False
        if tag == "figure":
            is_framed = True
        elif (tag == "a" and _leads_away(node, url)) or (near and tag == "header" and node.find(".//h1") is None):
            return False
    return is_framed


REACH = 8
"""Elements upwards among which a box of something else, a figure and a link are looked for."""
BOXES = frozenset({"aside", "footer", "nav", "button"})
ENDS = frozenset({"body", "html", "main"})


@lru_cache(maxsize=2_000)
def _boxed(class_names: str, identity: str) -> tuple[bool, bool]:
    """Whether an element's names are those of a box of something else, and of furniture."""
    names = f"{class_names} {identity}"
    return bool(ELSEWHERE.search(names)), any(pattern.regex.search(names) for pattern in words.FURNITURE)


def _leads_away(link: _Element, url: str) -> bool:
    """Whether a link around the image leads to another page, which makes it that page's image."""
    target = (link.get("href") or "").strip()
    if not target or target.startswith(("#", "javascript:")) or words.IMAGE_FILE.regex.search(target):
        return False
    goal = joined_url(target, url)
    return goal is not None and goal.partition("#")[0] != url.partition("#")[0]


def _caption(element: _Element, figure: _Element | None) -> tuple[str | None, str | None]:
    """(caption, credit) of an image, each None where none stands by it."""
    holder = _caption_element(element, figure)
    if holder is None:
        return None, None
    text = text_of(holder)[:LONGEST_CAPTION]
    around = figure if figure is not None else holder
    parts = (part for part in around.iter() if isinstance(part.tag, str) and part is not figure)
    for part in islice(parts, 40):
        if _names_credit(part) and (credit := text_of(part)[:LONGEST_CAPTION]):
            rest = one_line(text.replace(credit, " ", 1)) if part is not holder else ""
            return rest or None, split_credit(credit)[1] or credit
    return split_credit(text)


def _names_credit(element: _Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    return words.CREDIT.regex.search(names) is not None and not words.CAPTION.regex.search(names)


def _caption_element(element: _Element, figure: _Element | None) -> _Element | None:
    if figure is not None:
        found = next(figure.iter("figcaption"), None)
        if found is not None:
            return found
    node = element.getparent()
    for _ in range(FRAME_REACH):
        if node is None or node.tag in ("article", "main", "body"):
            return None
        if node is figure or words.FRAME.regex.search(node.get("class") or ""):
            for part in islice(node.iter("p", "div", "span", "figcaption", "dd", "small"), 40):
                if part is not node and words.CAPTION.regex.search(part.get("class") or ""):
                    return part
        node = node.getparent()
    return None


def split_credit(caption: str) -> tuple[str | None, str | None]:
    """(the caption without its credit, the credit), each None where there is none.

    >>> split_credit("The bridge on Monday. (Photo: Ann Lee)")
    ('The bridge on Monday.', 'Ann Lee')
    """
    for pattern in words.CREDITS:
        if match := pattern.regex.search(caption):
            credit = LABELLED.sub("", match["credit"]).strip(" .|")
            return caption[: match.start()].strip(" |–—-") or None, credit or None
    return caption.strip() or None, None


LABELLED = re.compile(
    rf"^(?i:{words.LABEL})(?:\s+(?i:by|credit|courtesy(?:\s+of)?))?\s*:\s*|^(?i:photos?|pictures?|foto)\s+(?i:by|von|de)\s+"
)


def _with_lead(images: tuple[Image, ...], image_url: str | None) -> tuple[Image, ...]:
    """The images with the lead image marked: the one that the page's head names, else a wide one before the text."""
    lead = next((image for image in images if image_url and _same_file(image.url, image_url)), None)
    if lead is None:
        first = next(iter(images), None)
        is_wide = first is not None and (first.caption or (first.width or LARGE) >= LARGE)
        lead = first if first is not None and first.place == 0 and is_wide else None
    return tuple(replace(image, is_lead=image is lead) for image in images)


def _same_file(one: str, other: str) -> bool:
    return one == other or (len(file_stem(one)) >= SURE_STEM and file_stem(one) == file_stem(other))


def replaced(images: Iterable[Image], before: Sequence[Block], after: Sequence[Block]) -> tuple[Image, ...]:
    """The images with their places among the blocks that stayed of those before."""
    if len(before) == len(after):
        return tuple(images)
    stayed = {id(block) for block in after}
    counts = list(accumulate((id(block) in stayed for block in before), initial=0))
    return tuple(replace(image, place=counts[image.place]) for image in images)
