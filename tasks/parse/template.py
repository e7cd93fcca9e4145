"""A fingerprint of a page's template: near for two articles of one design, far for another design.

A simhash (Charikar 2002) of the names that the markup uses: classes and ids, each counted once. What an article has
in addition (a gallery, an embedded post) changes a few bits, a redesign about half of them.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from lxml.etree import XPath
from lxml.html import HtmlElement

BITS = 64
_VALUES = XPath("//@class | //@id", smart_strings=False)
LONGEST_NAME, MOST_NAMES = 40, 2_000
_OWN = re.compile(r"\d")
"""Names with a digit in them are the article's own, or a build's: `postid-1234`, `css-1x2y3z`. Not: `entry-title`."""


def fingerprint(tree: HtmlElement) -> str:
    """The fingerprint as 16 hexadecimal digits; of two that are near, `int ^ int` has few bits."""
    names = _names(_VALUES(tree))
    if len(names) < LEAST_NAMES:
        names |= {f"<{element.tag}>" for element in tree.iter()}
    hashes = np.frombuffer(b"".join(map(_hash, names)), dtype=np.uint8).reshape(-1, BITS // 8)
    votes = np.unpackbits(hashes, axis=1).sum(axis=0, dtype=np.int64)
    return np.packbits(2 * votes > len(names)).tobytes().hex()


LEAST_NAMES = 8
"""A page with fewer is known by its elements too."""


def _names(values: Iterable[str]) -> set[str]:
    names: set[str] = set()
    for value in set(values):
        names.update(name for name in value.split() if len(name) <= LONGEST_NAME and not _OWN.search(name))
        if len(names) > MOST_NAMES:
            break
    return names


@lru_cache(maxsize=50_000)
def _hash(name: str) -> bytes:
    return blake2b(name.encode(), digest_size=BITS // 8).digest()
