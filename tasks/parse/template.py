"""A fingerprint of a page's template: near for two articles of one design, far for another design.

A simhash (Charikar 2002) of the names that the markup uses: classes and ids, each counted once. What an article has
in addition (a gallery, an embedded post) changes a few bits, a redesign about half of them.
"""

import re
from functools import lru_cache
from hashlib import blake2b
from itertools import islice

import numpy as np
from lxml.html import HtmlElement

from tasks.parse.survey import Survey, survey

BITS = 64
LONGEST_NAME, MOST_NAMES = 40, 2_000
_OWN = re.compile(r"\d")
"""Names with a digit in them are the article's own, or a build's: `postid-1234`, `css-1x2y3z`. Not: `entry-title`."""


def fingerprint(tree: HtmlElement, surveyed: Survey | None = None) -> str:
    """The fingerprint as 16 hexadecimal digits; of two that are near, `int ^ int` has few bits.

    Args:
        tree: the page.
        surveyed: what `survey` found on it, where it was asked already.
    """
    surveyed = surveyed or survey(tree)
    names = dict.fromkeys(" ".join((*surveyed.classes, *surveyed.ids)).split())
    hashes = list(islice(filter(None, map(_hash, names)), MOST_NAMES))
    if len(hashes) < LEAST_NAMES:
        hashes += [_digest(f"<{tag}>") for tag in sorted({element.tag for element in tree.iter()})]
    rows = np.frombuffer(b"".join(hashes), dtype=np.uint8).reshape(-1, BITS // 8)
    votes = np.unpackbits(rows, axis=1).sum(axis=0, dtype=np.int64)
    return np.packbits(2 * votes > len(hashes)).tobytes().hex()


LEAST_NAMES = 8
"""A page with fewer is known by its elements too."""


@lru_cache(maxsize=50_000)
def _hash(name: str) -> bytes:
    """The name's hash; empty for a name that does not count."""
    return b"" if len(name) > LONGEST_NAME or _OWN.search(name) else _digest(name)


def _digest(name: str) -> bytes:
    return blake2b(name.encode(), digest_size=BITS // 8).digest()
