"""Keyboard slips on a whitelist: a semicolon where the apostrophe beside it was meant."""

import re

from schemas.reasons import RemovalKind
from tasks.clean.forms import expand
from tasks.clean.model import Context, Draft, Edit, Pattern

_RULE = "semicolon_for_apostrophe"
_ELISION = "semicolon_for_elision"
SLIPS: tuple[Pattern, ...] = (
    Pattern(
        _RULE,
        "en",
        (
            "I;(m|ve|ll|d)", "(you|we|they);(re|ve|ll|d)", "(he|she|it|that|there|what|who|where|here|how);(s|ll|d)",
            "let;s", "(don|doesn|didn|can|couldn|won|wouldn|isn|aren|wasn|weren|hasn|haven|hadn|shouldn|mustn|needn);t",
        ),
        "“I think you;re right,” he said.",
        "He wrote a;b;c; then he left; he said I; me and others follow.",
    ),
    Pattern(
        _ELISION,
        "fr",
        ("(c|d|j|l|m|n|s|t|qu|jusqu|lorsqu|puisqu)",),
        "Il dit que c;est fini.",
        "Il compte : a;b;c; puis il part ; et d;",
    ),
    Pattern(
        _ELISION,
        "it",
        ("(l|c|d|un|dell|all|dall|nell|sull|quell|quest|c|com|dov|cos)",),
        "Disse che l;anno era finito.",
        "Scrisse a;b;c; poi partì; e l;",
    ),
)  # fmt: skip

_WHITELIST = frozenset(
    form
    for row in SLIPS
    if row.rule == _RULE
    for template in row.words
    for word in expand(template)
    for form in (word, word[0].upper() + word[1:])
)
_ELIDED = {
    row.language: re.compile(
        rf"(?<![\w;&=/#.?'’-])(?:{'|'.join(form for t in row.words for form in expand(t))});"
        r"(?=[aeiouyhàâéèêëîïôûœ]\w|è\b)",
        re.IGNORECASE,
    )
    for row in SLIPS
    if row.rule == _ELISION
}
"""A word that is never written without its apostrophe, a semicolon, and a vowel right after it."""
_TAIL = re.compile(r";(?:m|ve|ll|d|re|s|t)(?![\w;&=/])")
_HEAD = re.compile(r"(?<![\w;&=/#.?-])[A-Za-z]{1,7}$")


def find_slips(draft: Draft, context: Context) -> list[Edit]:
    """The slips of the text's language, set right in the quote style of the text."""
    if ";" not in draft.text or context.language is None:
        return []
    if context.language == "en":
        return _contractions(draft.text)
    elided = _ELIDED.get(context.language)
    if elided is None:
        return []
    apostrophe = _apostrophe(draft.text)
    return [
        Edit(match.end() - 1, match.end(), _ELISION, RemovalKind.TYPO, apostrophe, "never stands without an apostrophe")
        for match in elided.finditer(draft.text)
    ]


def _apostrophe(text: str) -> str:
    return "’" if text.count("’") > text.count("'") else "'"


def _contractions(text: str) -> list[Edit]:
    edits = []
    for tail in _TAIL.finditer(text):
        head = _HEAD.search(text, max(0, tail.start() - 8), tail.start())
        if head is not None and head.group() + tail.group() in _WHITELIST:
            replacement = head.group() + _apostrophe(text) + tail.group()[1:]
            edits.append(Edit(head.start(), tail.end(), _RULE, RemovalKind.TYPO, replacement, "on the whitelist"))
    return edits
