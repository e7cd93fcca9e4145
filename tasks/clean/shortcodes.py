"""Shortcodes in square brackets; bracketed words that an editor put into a quote stay."""

import re

from schemas.reasons import RemovalKind
from tasks.clean.model import Context, Draft, Edit, apart
from tasks.clean.words.shortcodes import NAMES, WITH_CONTENT

_HEAD = re.compile(r"\[(?P<closing>/?)(?P<name>[a-z][a-z0-9_-]{1,40})(?=[\s\]/])")
_ATTRIBUTE = re.compile(
    r"""\s{1,3}[A-Za-z_][\w:.-]{0,40}\s{0,2}=\s{0,2}(?:["'“”„‘’«»″′]([^"'“”„‘’«»″′\[\]\n]{0,2000})["'“”„‘’«»″′]{1,2})"""
)
_BARE_ATTRIBUTE = re.compile(r"""\s{1,3}[A-Za-z_][\w:.-]{0,40}\s{0,2}=\s{0,2}[^\s"'“”‘’\[\]]{1,200}""")
_BRACES = re.compile(r"\{\{[%<][^{}\n]{1,300}[%>]\}\}")
_SNAKE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")
"""A name that no editor writes in brackets: small letters joined by underscores."""
_OPENING_QUOTES = frozenset("“„«‘\"'`")
_CLOSING_QUOTES = frozenset("”“»’\"'`,")
_CODE = frozenset("#$@=")
"""What stands before a bracket in program text."""
_END = re.compile(r"\s{0,3}/?\s{0,3}\]")
_ADDRESS = re.compile(r"\s{0,3}(?:https?://[^\s\[\]]{1,500})?\s{0,3}")
MAX_CAPTION = 400
"""Characters between the brackets of a caption; more than this is text that lost its closing bracket elsewhere."""


def find_shortcodes(draft: Draft, _context: Context) -> list[Edit]:
    """Opening, closing and unclosed shortcodes, neighbours as one cut."""
    if "[" not in draft.text and "{" not in draft.text:
        return []
    edits: list[Edit] = [
        Edit(match.start(), match.end(), "braces", RemovalKind.SHORTCODE, "", "a template tag")
        for match in _BRACES.finditer(draft.text)
        if not _is_quoted(draft.text, match.start(), match.end())
    ]
    return apart([*edits, *_bracketed(draft)])


def _is_quoted(text: str, start: int, end: int) -> bool:
    """True when it stands between an opening and a closing quote, as where a text speaks of shortcodes."""
    return text[start - 1 : start] in _OPENING_QUOTES and text[end : end + 1] in _CLOSING_QUOTES


def _bracketed(draft: Draft) -> list[Edit]:
    edits: list[Edit] = []
    position = 0
    for head in _HEAD.finditer(draft.text):
        if head.start() < position:
            continue
        found = _closing(draft, head) if head["closing"] else _opening(draft, head)
        if found is None:
            continue
        rule, position = found
        if rule != "unclosed" and _is_quoted(draft.text, head.start(), position):
            continue
        if edits and edits[-1].end == head.start():
            edits[-1] = Edit(edits[-1].start, position, edits[-1].rule, RemovalKind.SHORTCODE, "", edits[-1].evidence)
        else:
            edits.append(Edit(head.start(), position, rule, RemovalKind.SHORTCODE, "", f"name {head['name']}"))
    return edits


def _closing(draft: Draft, head: re.Match[str]) -> tuple[str, int] | None:
    """The end of `[/name]`, which no editor writes."""
    end = _END.match(draft.text, head.end())
    return ("closing", end.end()) if end else None


def _opening(draft: Draft, head: re.Match[str]) -> tuple[str, int] | None:
    """Rule and end of an opening shortcode, with its content where that is an address, a caption or nothing."""
    text, name = draft.text, head["name"]
    quoted, position = _attributes(text, head.end(), known=name in NAMES)
    end = _END.match(text, position)
    if position == head.end():
        return _without_attributes(draft, head, end)
    if end is None:
        return ("unclosed", position) if quoted else None
    content = _content(text, end.end(), name)
    if content is not None and name in WITH_CONTENT:
        return "with_content", content
    return ("quoted_attribute" if quoted else "known_name"), content or end.end()


def _attributes(text: str, position: int, *, known: bool) -> tuple[bool, int]:
    """Whether an attribute in quotes was read, and where the attributes end; bare ones count for known names only."""
    quoted = False
    while True:
        match = _ATTRIBUTE.match(text, position)
        quoted = quoted or match is not None
        if match is None and (known or quoted):
            match = _BARE_ATTRIBUTE.match(text, position)
        if match is None:
            return quoted, position
        position = match.end()


def _without_attributes(draft: Draft, head: re.Match[str], end: re.Match[str] | None) -> tuple[str, int] | None:
    """A bare known name counts when its closing follows, or when it is the whole paragraph."""
    name, text = head["name"], draft.text
    if end is not None and _SNAKE.fullmatch(name) and text[max(0, head.start() - 1) : head.start()] not in _CODE:
        return "snake_name", end.end()
    if end is None or (name not in NAMES and name not in WITH_CONTENT):
        return None
    content = _content(text, end.end(), name)
    if content is not None:
        return "known_name", content
    alone = text[head.start() - 1 : head.start()] in ("", "\n") and text[end.end() : end.end() + 1] in ("", "\n")
    return ("known_name", end.end()) if alone else None


def _content(text: str, begin: int, name: str) -> int | None:
    """The end of the closing shortcode, when what lies between may go; None else."""
    closing = f"[/{name}]"
    address = _ADDRESS.match(text, begin)
    at = address.end() if address else begin
    if text.startswith(closing, at):
        return at + len(closing)
    if name not in WITH_CONTENT:
        return None
    at = text.find(closing, begin, begin + MAX_CAPTION + len(closing))
    return at + len(closing) if at >= 0 and "\n\n" not in text[begin:at] else None
