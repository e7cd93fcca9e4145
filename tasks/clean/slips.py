"""Keyboard slips on a whitelist: a semicolon where the apostrophe beside it was meant."""

import re

from schemas.reasons import RemovalKind
from tasks.clean.model import Context, Draft, Edit, Pattern

_RULE = "semicolon_for_apostrophe"
SLIPS: tuple[Pattern, ...] = (
    Pattern(
        _RULE,
        "en",
        (
            "I;m", "I;ve", "I;ll", "I;d", "you;re", "you;ve", "you;ll", "we;re", "we;ve", "we;ll", "they;re",
            "they;ve", "they;ll", "it;s", "that;s", "he;s", "she;s", "there;s", "what;s", "let;s", "don;t", "doesn;t",
            "didn;t", "can;t", "couldn;t", "won;t", "wouldn;t", "isn;t", "aren;t", "wasn;t", "weren;t", "hasn;t",
            "haven;t", "hadn;t", "shouldn;t",
        ),
        "“I think you;re right,” he said.",
        "He wrote a;b;c; then he left; he said I; me and others follow.",
    ),
)  # fmt: skip

_WHITELIST = frozenset(form for row in SLIPS for word in row.words for form in (word, word[0].upper() + word[1:]))
_TAIL = re.compile(r";(?:m|ve|ll|d|re|s|t)(?![\w;&=/])")
_HEAD = re.compile(r"(?<![\w;&=/#.?-])[A-Za-z]{1,7}$")


def find_slips(draft: Draft, context: Context) -> list[Edit]:
    """The slips of an English text, set right in the quote style of the text."""
    text = draft.text
    if context.language != "en" or ";" not in text:
        return []
    apostrophe: str | None = None
    edits = []
    for tail in _TAIL.finditer(text):
        head = _HEAD.search(text, max(0, tail.start() - 8), tail.start())
        if head is not None and head.group() + tail.group() in _WHITELIST:
            apostrophe = apostrophe or ("’" if text.count("’") > text.count("'") else "'")
            replacement = head.group() + apostrophe + tail.group()[1:]
            edits.append(Edit(head.start(), tail.end(), _RULE, RemovalKind.TYPO, replacement, "on the whitelist"))
    return edits
