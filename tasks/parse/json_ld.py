"""Facts from JSON-LD, read part by part: a broken script, a wrong type or a bottomless nest costs only itself.

Scripts in the wild hold HTML comments, CDATA marks, trailing commas and semicolons, raw line breaks in strings, escaped
entities, several articles, @graph with references, and now and then megabytes. Nothing here recurses.
"""

import html
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.text import word_count
from tasks.parse.model import Fact
from tasks.parse.text import TAG, plain

ARTICLE_TYPES = frozenset({
    "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "ReviewNewsArticle",
    "BackgroundNewsArticle", "AskPublicNewsArticle", "AdvertiserContentArticle", "SatiricalArticle", "BlogPosting",
    "LiveBlogPosting", "Report", "TechArticle", "ScholarlyArticle", "MedicalScholarlyArticle", "SocialMediaPosting",
})  # fmt: skip
PAGE_TYPES = frozenset({"WebPage", "ItemPage", "AboutPage", "Review", "Recipe", "CriticReview", "PodcastEpisode"})
"""What may name title and dates of the page when no article does."""

CONTAINERS = ("@graph", "mainEntity", "mainEntityOfPage", "article", "subjectOf", "hasPart")
MAX_NODES = 5_000
MAX_SALVAGE = 200_000
"""Characters of a broken script in which single values are looked for."""

WRAPPING = re.compile(
    r"<!--|-->|/\*\s*<!\[CDATA\[\s*\*/|/\*\s*\]\]>\s*\*/|//\s*<!\[CDATA\[|//\s*\]\]>|<!\[CDATA\[|\]\]>"
)
TRAILING_COMMA = re.compile(r",(\s*[}\]])")
BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrtu])')
SALVAGE: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf'"{key}"\s*:\s*"((?:[^"\\]|\\.){{1,600}})"'))
    for name, key in (
        ("title", "headline"), ("published_at", "datePublished"), ("modified_at", "dateModified"),
        ("section", "articleSection"),
    )
)  # fmt: skip
SALVAGE_AUTHOR = re.compile(
    r'"author"\s*:\s*[\[{\s]{1,20}(?:"@type"\s*:\s*"Person"\s*,\s*)?"name"\s*:\s*"((?:[^"\\]|\\.){1,200})"'
)


@dataclass
class JsonLd:
    """What a page's scripts hold: all typed nodes in order, by @id, and how many scripts were broken."""

    nodes: list[Mapping[str, Any]] = field(default_factory=list)
    by_id: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    salvaged: list[Fact] = field(default_factory=list)
    broken_count: int = 0

    def types(self) -> set[str]:
        """The @type names of all nodes."""
        return {name for node in self.nodes for name in types_of(node)}


def read_json_ld(scripts: Iterable[str]) -> JsonLd:
    """All typed nodes of the scripts; of a script that cannot be read, the single values that can."""
    found = JsonLd()
    for script in scripts:
        value, readable = load_part(script)
        if not readable:
            found.broken_count += 1
            found.salvaged.extend(_salvage(script[:MAX_SALVAGE]))
        for node in _walk(value):
            found.nodes.append(node)
            identity = node.get("@id")
            if isinstance(identity, str) and len(node) > len(found.by_id.get(identity, {})):
                found.by_id[identity] = node
    return found


def load_part(script: str) -> tuple[Any, bool]:
    """The script's value, and whether it could be read; three readings, each more forgiving."""
    cleaned = WRAPPING.sub("", script).strip().rstrip(";")
    if not cleaned:
        return None, True
    for attempt in (cleaned, None):
        try:
            text = attempt or BAD_ESCAPE.sub(r"\\\\", TRAILING_COMMA.sub(r"\1", cleaned))
            return json.loads(text, strict=False), True
        except (ValueError, RecursionError):
            continue
    return _first_value(cleaned)


def _first_value(text: str) -> tuple[Any, bool]:
    """A whole value with junk after it (two objects in a row, a stray brace): the values that can be read."""
    decoder = json.JSONDecoder(strict=False)
    try:
        value, end = decoder.raw_decode(text)
    except (ValueError, RecursionError):
        return None, False
    return value, bool(value) and end > 0


def _salvage(script: str) -> Iterator[Fact]:
    for name, pattern in SALVAGE:
        if match := pattern.search(script):
            yield Fact(name, "json_ld:salvaged", _unescape(match[1]))
    if match := SALVAGE_AUTHOR.search(script):
        yield Fact("authors", "json_ld:salvaged", _unescape(match[1]))


def _unescape(text: str) -> str:
    try:
        return plain(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return plain(text)


def _walk(value: Any) -> Iterator[Mapping[str, Any]]:
    """Typed nodes of a value, breadth first, through the containers that hold the page's own things."""
    queue, seen = deque([value]), 0
    while queue and seen < MAX_NODES:
        current = queue.popleft()
        seen += 1
        if isinstance(current, list):
            queue.extendleft(reversed(current[:MAX_NODES]))
        elif isinstance(current, dict):
            if types_of(current):
                yield current
            queue.extend(current[name] for name in CONTAINERS if isinstance(current.get(name), dict | list))


def types_of(node: Mapping[str, Any]) -> set[str]:
    """The node's @type names without namespace."""
    given = node.get("@type")
    names = given if isinstance(given, list) else [given]
    return {name.rstrip("/").rpartition("/")[2].rpartition(":")[2] for name in names if isinstance(name, str)}


def main_node(found: JsonLd, urls: Iterable[str], titles: Iterable[str]) -> Mapping[str, Any] | None:
    """The node that is the page's article: by its URL, else by its headline, else the first article."""
    articles = [node for node in found.nodes if types_of(node) & ARTICLE_TYPES]
    if len(articles) > 1:
        own = {_bare(url) for url in urls}
        heads = {title.casefold() for title in titles if title}
        for node in articles:
            if own & {_bare(url) for url in _urls_of(node)}:
                return node
        for node in articles:
            if texts(node.get("headline")) and texts(node.get("headline"))[0].casefold() in heads:
                return node
    if articles:
        return articles[0]
    return next((node for node in found.nodes if types_of(node) & PAGE_TYPES), None)


def _bare(url: str) -> str:
    return url.partition("://")[2].removeprefix("www.").split("#")[0].split("?")[0].rstrip("/")


def _urls_of(node: Mapping[str, Any]) -> Iterator[str]:
    main = node.get("mainEntityOfPage")
    for value in (node.get("url"), node.get("@id"), main, main.get("@id") if isinstance(main, dict) else None):
        if isinstance(value, str) and "://" in value:
            yield value


def texts(value: Any) -> list[str]:
    """The plain texts in a value: a string, a list of strings, an object with a name or @value."""
    items = value if isinstance(value, list) else [value]
    found = []
    for item in items[:500]:
        if isinstance(item, dict):
            item = item.get("name") or item.get("@value") or item.get("headline")
            item = item[0] if isinstance(item, list) and item else item
        if isinstance(item, str) and (text := plain(item)):
            found.append(text)
    return found


def facts_of(found: JsonLd, node: Mapping[str, Any] | None) -> list[Fact]:
    """The facts that the node states, then what broken scripts gave."""
    facts: list[Fact] = []
    if node is not None:
        article = bool(types_of(node) & ARTICLE_TYPES)
        family = "json_ld" if article else "json_ld_page"
        for name, keys in FIELD_KEYS.items():
            for key in keys:
                values = texts(node.get(key))
                facts.extend(Fact(name, family, value) for value in (values if name == "tags" else values[:1]))
        facts.extend(Fact("authors", f"{family}{key}", name) for key, name in _people(found, node.get("author")))
        facts.extend(Fact("image_url", family, url) for url in _images(found, node.get("image"))[:1])
        free = node.get("isAccessibleForFree")
        if isinstance(free, bool | str):
            facts.append(Fact("access", family, str(free).lower()))
    facts.extend(found.salvaged)
    return facts


FIELD_KEYS: dict[str, tuple[str, ...]] = {
    "title": ("headline", "name"),
    "published_at": ("datePublished",),
    "modified_at": ("dateModified",),
    "created_at": ("dateCreated",),
    "section": ("articleSection",),
    "tags": ("keywords",),
    "language": ("inLanguage",),
    "summary": ("description",),
    "site_name": ("publisher",),
}


def full_text(node: Mapping[str, Any]) -> str:
    """The node's articleBody, its tags dropped and its lines kept; empty when there is none."""
    text = node.get("articleBody")
    if not isinstance(text, str):
        return ""
    text = html.unescape(text) if "&" in text else text
    return TAG.sub("\n", text) if "<" in text else text


def declared_words(node: Mapping[str, Any], text: str) -> int:
    """The words that the article has by wordCount or articleBody; 0 when neither is there."""
    told = node.get("wordCount")
    number = int(told) if isinstance(told, int | str) and str(told).isascii() and str(told).isdigit() else 0
    return max(number, word_count(text))


def _people(found: JsonLd, value: Any) -> list[tuple[str, str]]:
    """(":person" or "", name) of each author; references by @id are followed, organisations left out."""
    names: list[tuple[str, str]] = []
    for item in (value if isinstance(value, list) else [value])[:100]:
        if isinstance(item, dict) and "name" not in item and isinstance(item.get("@id"), str):
            item = found.by_id.get(item["@id"], item)
        kinds = types_of(item) if isinstance(item, dict) else set()
        if kinds & ORGANISATIONS:
            continue
        name = item.get("name") if isinstance(item, dict) else item
        names.extend((":person" if "Person" in kinds else "", text) for text in texts(name))
    return names


ORGANISATIONS = frozenset({"Organization", "NewsMediaOrganization", "Corporation"})


def _images(found: JsonLd, value: Any) -> list[str]:
    urls: list[str] = []
    for item in (value if isinstance(value, list) else [value])[:20]:
        if isinstance(item, dict):
            item = found.by_id.get(item["@id"], item) if set(item) == {"@id"} and isinstance(item["@id"], str) else item
            item = item.get("url") or item.get("contentUrl")
            item = item[0] if isinstance(item, list) and item else item
        if isinstance(item, str) and item.strip():
            urls.append(item.strip())
    return urls
