"""How words are counted and paragraphs parted: one rule for parse, clean and validate, so that they agree.

What does not belong here: tokenising for search or language models.
"""

import re

PARAGRAPH_BREAK = "\n\n"
"""What parts the paragraphs of a body."""

_ONE_EACH = re.compile("[\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Kana and Han: each character counts as one word, as in word processors."""
_FOUR_TO_ONE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Thai, Lao, Burmese and Khmer letters and signs: four of them count as one word (about the mean length)."""
_MARKS = re.compile("[\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]")
"""Punctuation of those scripts: no word, and parts words."""

SPACELESS_LANGUAGES = frozenset({"zh", "ja", "th", "lo", "my", "km"})
"""ISO 639-1 codes of languages that are written without spaces between words."""


ONE_EACH_CLASS = _ONE_EACH.pattern
"""Kana and Han as a character class of a regular expression, for Python and for polars."""
FOUR_TO_ONE_CLASS = _FOUR_TO_ONE.pattern
"""Thai, Lao, Burmese and Khmer as such a class."""


def word_count(text: str) -> int:
    """The number of words: pieces between white space, and in scripts without spaces a share of the characters.

    >>> word_count("Two words"), word_count(""), word_count("今天 ok。")
    (2, 0, 3)
    """
    if text.isascii() or not (_ONE_EACH.search(text) or _FOUR_TO_ONE.search(text)):
        return len(text.split())
    rest, singles = _ONE_EACH.subn(" ", text)
    rest, quarters = _FOUR_TO_ONE.subn(" ", rest)
    return len(_MARKS.sub(" ", rest).split()) + singles + (quarters + 3) // 4
