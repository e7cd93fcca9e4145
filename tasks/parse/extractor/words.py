"""Which words of a block, and of its elements' names, the model may weigh. Training and reading share this file."""

import re
from collections.abc import Sequence
from itertools import pairwise

HEAD_CHARS, HEAD_WORDS = 110, 12
"""How much of a block's beginning is looked at: what a line is for shows in its first words."""
TAIL_CHARS = 40
NAME_CHARS = 200
DIGITS = bytes.maketrans(b"123456789", b"000000000")
NAME_PART = re.compile(r"[a-z]+|[A-Z]+(?![a-z])|[A-Z][a-z]*")

BAD = frozenset({
    "ad", "ads", "advert", "advertisement", "banner", "breadcrumb", "breadcrumbs", "comment", "comments", "consent",
    "cookie", "cookies", "disqus", "footer", "login", "menu", "modal", "nav", "navigation", "newsletter", "outbrain",
    "popular", "popup", "promo", "recirc", "recommended", "related", "share", "sharing", "sidebar", "signup", "social",
    "sponsored", "subscribe", "taboola", "trending", "widget", "aside",
})  # fmt: skip
"""Parts of names under which prose is not counted as the article's when the best container is looked for."""


def block_ends(texts: Sequence[str]) -> list[tuple[str, str]]:
    """How each text begins and how it ends, in lower case, all digits as 0; one pass over them all."""
    heads = _lowered([text[:HEAD_CHARS] for text in texts])
    tails = _lowered([text[-TAIL_CHARS:] for text in texts])
    return list(zip(heads, tails, strict=True))


def _lowered(texts: Sequence[str]) -> list[str]:
    joined = "\0".join(texts).lower().encode().translate(DIGITS).decode()
    return joined.split("\0") if texts else []


def block_words(head: str, tail: str) -> list[str]:
    """The words and pairs of words a block begins with, its first ones marked, and its last.

    Args:
        head: how the block begins, as block_ends gives it.
        tail: how it ends.

    >>> block_words(*block_ends(["Read more: 25 ways"])[0])
    ['read', 'more:', '00', 'ways', 'read more:', 'more: 00', '00 ways', '^read', '^read more:', '$ways']
    """
    words = head.split()[:HEAD_WORDS]
    last = tail.rsplit(None, 1)
    if not words or not last:
        return []
    pairs = [f"{one} {two}" for one, two in pairwise(words)]
    return [*words, *pairs, "^" + words[0], "^" + " ".join(words[:2]), "$" + last[-1]]


def name_words(key: str) -> list[str]:
    """The parts of an element's tag, class, id, role and itemprop, and pairs of neighbours in one name.

    >>> name_words("div articleBody related-links")
    ['article', 'article-body', 'body', 'div', 'links', 'related', 'related-links']
    """
    found: set[str] = set()
    for name in key[:NAME_CHARS].split():
        found.update(name_parts(name))
    return sorted(found)


def name_parts(name: str) -> tuple[str, ...]:
    """The parts of one name, and pairs of neighbours among them.

    >>> name_parts("articleBody")
    ('article', 'body', 'article-body')
    """
    if name.isalpha() and name.islower() and name.isascii():
        return (name,)
    parts = [part.lower() for part in NAME_PART.findall(name) if len(part) > 1 or len(name) == 1]
    return (*parts, *(f"{one}-{two}" for one, two in pairwise(parts)))


def is_bad(words: Sequence[str]) -> bool:
    """Whether one of the words of BAD is among an element's name words."""
    return not BAD.isdisjoint(words)
