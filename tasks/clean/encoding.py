"""Text that was decoded wrongly or escaped twice: mojibake (by ftfy) and HTML entities, only where it is certain.

Quotes are never straightened: ftfy is asked for encodings alone (`fix_encoding`), never for `uncurl_quotes`.
"""

import re
from html import unescape
from html.entities import html5

from ftfy import fix_encoding
from ftfy.badness import badness

from schemas.reasons import RemovalKind
from tasks.clean.model import Context, Draft, Edit, Pattern

MOJIBAKE: tuple[Pattern, ...] = (
    Pattern("utf8_as_legacy", "", (), "The ministerâ€™s cafÃ© closed.", "Le café « Â » de l’île a fermé."),
)

_CONTINUED = "\x80-¿€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_SUSPECT = re.compile(
    "[Â-ôРСв‚√Γ├┬\x80-\x9f](?:"
    f"(?<=[Â-ô])[{_CONTINUED}]|(?<=[РС])[{_CONTINUED}Ѐ-Џѐ-џґ№]|(?<=в)Ђ|(?<=‚)Ä|(?<=√)[^\\s\\d(]|(?<=Γ)Ç|(?<=[├┬])[^\\s─-╿]"
    "|(?<=[\x80-\x9f]))"
)
"""A byte pair of UTF-8 read as windows-1252, latin-1, windows-1251, Mac Roman or code page 437; ftfy decides.

One set of first characters stands before all alternatives, because `re` then skips what is none of them quickly.
"""
_WORDS = re.compile(r"[^ \n\t]+")
MIN_LENGTH_SHARE = 0.2
"""A repair that leaves less of a paragraph is none: text decoded wrongly twice keeps a quarter of its length."""


def find_mojibake(draft: Draft, _context: Context) -> list[Edit]:
    """Words of paragraphs that ftfy is sure were UTF-8 decoded by another table."""
    if draft.text.isascii() or not _SUSPECT.search(draft.text):
        return []
    edits = []
    for begin, paragraph in draft.located:
        if not paragraph.isascii() and _SUSPECT.search(paragraph):
            edits += _paragraph_edits(begin, paragraph)
    return edits


def _paragraph_edits(begin: int, paragraph: str) -> list[Edit]:
    fixed = fix_encoding(paragraph)
    if fixed == paragraph or not _is_certain(paragraph, fixed):
        return []
    if _WORDS.split(paragraph) != _WORDS.split(fixed):
        return [_changed(begin, paragraph, fixed)]
    pairs = zip(_WORDS.finditer(paragraph), _WORDS.finditer(fixed), strict=True)
    return [_changed(begin + a.start(), a.group(), b.group()) for a, b in pairs if a.group() != b.group()]


def _is_certain(paragraph: str, fixed: str) -> bool:
    """Shorter, not too much, with no replacement character and no other fault than before."""
    if not len(paragraph) * MIN_LENGTH_SHARE <= len(fixed) <= len(paragraph):
        return False
    return "\ufffd" not in fixed and badness(fixed) < badness(paragraph)


def _changed(begin: int, old: str, new: str) -> Edit:
    """The edit without what both have in common at begin and end."""
    head, limit = 0, min(len(old), len(new))
    while head < limit and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < limit - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    replacement = new[head : len(new) - tail]
    return Edit(begin + head, begin + len(old) - tail, "utf8_as_legacy", RemovalKind.MOJIBAKE, replacement, "ftfy")


ENTITIES: tuple[Pattern, ...] = (
    Pattern(
        "named",
        "",
        ("amp", "nbsp", "quot", "apos", "rsquo", "lsquo", "rdquo", "ldquo", "ndash", "mdash", "hellip", "eacute"),
        "Johnson &amp;amp; Sons said it&rsquo;s over.",
        "In HTML an ampersand is written “&amp;”.",
    ),
    Pattern("numeric", "", (), "It&#8217;s over.", "Order no. &#12 was lost."),
    Pattern("comparison", "", ("lt", "gt"), "It was significant (p &lt; 0.05).", "He typed &lt;b&gt; to make it bold."),
)
"""`words` of the first row are examples: every entity that HTML 5 ends with a semicolon counts."""

_ENTITY = re.compile(
    r"&(?:amp;)*(?:(?P<named>[A-Za-z][A-Za-z0-9]{1,31})|(?P<numeric>#(?:\d{2,7}|[xX][0-9A-Fa-f]{2,6})));"
)
_QUOTES = frozenset("\"'“”‘’„«»`<>")
_LETTERS_OF_MARKUP = {"lt": "<", "gt": ">"}


def find_entities(draft: Draft, _context: Context) -> list[Edit]:
    """Entities that were escaped twice; not those that a text about HTML quotes."""
    if "&" not in draft.text or ";" not in draft.text:
        return []
    edits = []
    for match in _ENTITY.finditer(draft.text):
        made = _unescaped(draft.text, match)
        if made is not None:
            rule, replacement = made
            edits.append(Edit(match.start(), match.end(), rule, RemovalKind.ENTITY, replacement))
    return edits


def _unescaped(text: str, match: re.Match[str]) -> tuple[str, str] | None:
    """Rule and character of an entity; None where it is unknown, quoted, or would make markup."""
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    name = match["named"]
    if before in _QUOTES and after in _QUOTES and before and after:
        return None
    if name in _LETTERS_OF_MARKUP:
        return ("comparison", _LETTERS_OF_MARKUP[name]) if before == " " and after == " " else None
    if name is not None and f"{name};" not in html5:
        return None
    made = unescape(f"&{name or match['numeric']};")
    if made in {"<", ">", "\ufffd"} or not made or not (made.isprintable() or made.isspace()):
        return None
    return ("named" if name else "numeric"), made
