"""Characters that nobody sees and white space: control, bidi and zero-width characters, odd spaces, runs.

Sources: Unicode Standard 15, sections 23.1-23.7 (controls, format characters, noncharacters) and UAX 9 (bidi).
"""

import re

from schemas.reasons import RemovalKind
from tasks.clean.model import Context, Draft, Edit, Pattern

CONTROLS: tuple[Pattern, ...] = (
    Pattern(
        "control_character",
        "",
        ("\x00-\x08", "\x0e-\x1b", "\x7f-\x84", "\x86-\x9f", "\ud800-\udfff", "\ufdd0-\ufdef", "\ufffe\uffff"),
        "The vote\x00 was counted.",
        "The vote was\ncounted on two lines.",
    ),
    Pattern(
        "bidi_control",
        "",
        ("\u202a-\u202e", "\u2066-\u2069"),
        "The file was called \u202etxt.exe\u202c by him.",
        "قال الوزير\u200f: نعم.",
    ),
    Pattern(
        "direction_mark",
        "",
        ("\u200e", "\u200f", "\u061c"),
        "He paid 5\u200e euros.",
        "العدد 5\u200e أيام",
    ),
    Pattern(
        "soft_hyphen",
        "",
        ("\xad",),
        "Donau\xaddampf\xadschiff",
        "A well-known ship.",
    ),
    Pattern(
        "zero_width",
        "",
        ("\u200b", "\u2060-\u2064", "\ufeff", "\u180e"),
        "zero\u200bwidth",
        "ភាសា\u200bខ្មែរ",
    ),
    Pattern(
        "joiner",
        "",
        ("\u200c", "\u200d"),
        "join\u200ced",
        "می\u200cخواهم 👩\u200d🚀",
    ),
    Pattern(
        "tag_character",
        "",
        ("\U000e0000-\U000e007f",),
        "Hello\U000e0041\U000e0042",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f won.",
    ),
)
"""`words` are ranges of a character class. Tab, line breaks and spaces are white space, not controls."""

_CLASSES = "|".join(f"(?P<{row.rule}>[{''.join(row.words)}]+)" for row in CONTROLS)
_CONTROL = re.compile(_CLASSES)
_ANY = re.compile(f"[{''.join(word for row in CONTROLS for word in row.words)}]")
"""One class for all: `re` skips to its next member far faster than it tries an alternation at each character."""
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
_JOINING = re.compile("[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
"""Arabic, the scripts of India, Tibetan, Burmese, Khmer, Mongolian: joiners change how they are read."""
_UNSPACED = re.compile("[\u0e00-\u109f\u1780-\u17ff]")
"""Thai, Lao, Tibetan, Burmese, Khmer: a zero-width space parts words."""
_PICTURE = re.compile("[\u203c-\u3299\U0001f000-\U0001faff\ufe0f]")
_BLACK_FLAG = "\U0001f3f4"


def find_controls(draft: Draft, _context: Context) -> list[Edit]:
    """Runs of characters that carry nothing in this text; joiners, marks and breaks that its script needs stay."""
    if draft.is_plain:
        return []
    text, edits, position = draft.text, list[Edit](), 0
    while (hit := _ANY.search(text, position)) and (match := _CONTROL.match(text, hit.start())):
        position = match.end()
        if not _needed(text, match):
            edits.append(Edit(match.start(), position, str(match.lastgroup), RemovalKind.CONTROL))
    return edits


def _needed(text: str, match: re.Match[str]) -> bool:
    """True when the script around the run needs it."""
    begin, end = match.span()
    near = text[max(0, begin - 1) : begin] + text[end : end + 1]
    if match.lastgroup == "direction_mark":
        return bool(_RIGHT_TO_LEFT.search(text, max(0, begin - 40), end + 40))
    if match.lastgroup == "joiner":
        return end - begin == 1 and bool(_JOINING.search(near) or _PICTURE.search(near))
    if match.lastgroup == "zero_width":
        return match.group() == "\u200b" and bool(_UNSPACED.search(near))
    return match.lastgroup == "tag_character" and text[begin - 1 : begin] == _BLACK_FLAG


SPACES: tuple[Pattern, ...] = (
    Pattern("edge", "", (), " He came. ", "He came."),
    Pattern("line_breaks", "", (), "He came.\n \n\nShe went.", "He came.\n\nShe went."),
    Pattern("odd_space", "", (), "10\xa0000 people", "10 000 people"),
    Pattern("run", "", (), "two  spaces", "one space"),
)

_SPACE_RUN = re.compile(r"\s+")
_ODD_RUN = re.compile(r"\A\s+|\s{2,}|\s\Z|[^\S \n]")
"""White space of a body but for single spaces and line breaks inside the text, of which there are many."""
_FINE = frozenset({" ", "\n", "\n\n"})
_LINE_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def find_spaces(draft: Draft, context: Context) -> list[Edit]:
    """Runs of white space that are not one space, one line break or one paragraph break; and all at the edges."""
    text = draft.text
    if _is_tidy(draft, context):
        return []
    edits = []
    for match in (_ODD_RUN if context.field == "body" else _SPACE_RUN).finditer(text):
        wanted = _wanted_space(match.group(), at_edge=match.start() == 0 or match.end() == len(text), context=context)
        if wanted != match.group():
            rule = _space_rule(match.group(), wanted)
            edits.append(Edit(match.start(), match.end(), rule, RemovalKind.WHITESPACE, wanted))
    return edits


def _is_tidy(draft: Draft, context: Context) -> bool:
    """A quick look that spares most texts the search."""
    if not draft.is_plain or "  " in draft.text or (context.field == "title" and "\n" in draft.text):
        return False
    text = draft.text  # a paragraph that begins or ends with a line break has three of them in a row
    at_edge = text[:1].isspace() or text[-1:].isspace()
    return not (at_edge or " \n" in text or "\n " in text or "\n\n\n" in text)


def _wanted_space(run: str, *, at_edge: bool, context: Context) -> str:
    if at_edge:
        return ""
    if run in _FINE and (context.field == "body" or run == " "):
        return run
    breaks = len(_LINE_ENDS.findall(run)) if context.field == "body" else 0
    return "\n\n" if breaks > 1 else "\n" if breaks else " "


def _space_rule(run: str, wanted: str) -> str:
    if not wanted:
        return "edge"
    if "\n" in wanted:
        return "line_breaks"
    return "odd_space" if len(run) == 1 else "run"
