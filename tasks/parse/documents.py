"""Documents that are no web pages: plain text (first line the headline, one paragraph a line) and JSON."""

import json
from dataclasses import dataclass
from typing import Any

from tasks.parse.model import Block, Body, Extra, Fact
from tasks.parse.text import one_line, storable

FORMS = "a headline and a text: lines of plain text, or JSON with title and body"

JSON_KEYS: dict[str, tuple[str, ...]] = {
    "title": ("title", "headline"),
    "authors": ("authors", "author", "byline"),
    "published_at": ("published_at", "datePublished", "date_published", "published", "date"),
    "modified_at": ("modified_at", "dateModified", "date_modified", "updated"),
    "language": ("language", "inLanguage", "lang"),
    "section": ("section", "articleSection"),
    "tags": ("tags", "keywords"),
    "summary": ("summary", "description", "abstract"),
    "image_url": ("image_url", "image"),
    "canonical_url": ("canonical_url", "url"),
}
"""Which keys of a JSON document state a field, the first that is there counts."""
MAX_EXTRAS, MAX_NAME, MAX_EXTRA = 200, 200, 10_000
"""Most keys of a document that are kept beside its fields, and most characters of a key and of its value."""
BODY_KEYS = ("body", "text", "articleBody", "content", "paragraphs")


@dataclass(frozen=True)
class Document:
    """A document's facts and its text."""

    facts: tuple[Fact, ...]
    body: Body
    extra: tuple[Extra, ...] = ()
    """Keys that no column stands for."""


def read_text(text: str) -> Document | None:
    """The first line that is not empty as the headline, every other one as a paragraph exactly as it came."""
    lines = [line for line in storable(text.removeprefix("\ufeff")).splitlines() if line.strip()]
    if not lines:
        return None
    blocks = tuple(Block("paragraph", line) for line in lines[1:])
    return Document((Fact("title", "document", one_line(lines[0])),), Body(blocks))


def read_json(text: str) -> Document | None:
    """The document in a JSON object (or in a list of one); None when it is no object with a text."""
    try:
        value = json.loads(text.removeprefix("\ufeff"), strict=False)
    except (ValueError, RecursionError):
        return None
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return None
    facts = [
        Fact(name, "json_ld", said)
        for name, keys in JSON_KEYS.items()
        for said in _strings(next((value[key] for key in keys if value.get(key)), None))
    ]
    return Document(tuple(facts), Body(tuple(_paragraphs(value))), tuple(_extra(value)))


def _extra(value: dict[str, Any]) -> list[Extra]:
    """What the object says beside its fields and its text, as JSON; an `@type` is JSON-LD's own."""
    known = {key for keys in JSON_KEYS.values() for key in keys} | set(BODY_KEYS)
    found = [(key, given) for key, given in value.items() if key not in known and not key.startswith("@")]
    return [
        Extra(storable(key)[:MAX_NAME], storable(json.dumps(given, ensure_ascii=False))[:MAX_EXTRA])
        for key, given in found[:MAX_EXTRAS]
    ]


def _strings(value: Any) -> list[str]:
    """Texts in a string, a number, an object with a name, or a list of such."""
    items = value if isinstance(value, list) else [value]
    found = []
    for item in items[:500]:
        said = (item.get("name") or item.get("url")) if isinstance(item, dict) else item
        if isinstance(said, str | int) and not isinstance(said, bool) and (line := one_line(storable(str(said)))):
            found.append(line)
    return found


def _paragraphs(value: dict[str, Any]) -> list[Block]:
    """Each line of the text, or each string of a list, as a paragraph."""
    for key in BODY_KEYS:
        given = value.get(key)
        pieces = given if isinstance(given, list) else [given]
        lines = [line for piece in pieces if isinstance(piece, str) for line in storable(piece).splitlines()]
        blocks = [Block("paragraph", line) for line in lines if line.strip()]
        if blocks:
            return blocks
    return []
