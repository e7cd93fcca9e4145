"""Reads the papers' articles and troubles from content/.

An article is a Markdown file with a YAML head (the fields of `Article`; `at` and `modified` in the paper's own
time). Blocks are parted by an empty line. `## ` begins a heading; `**...**` is bold. Junk is marked, so that the true
text can be told from it:

    !junk[promo_link] READ: A line that does not belong to the text
    ... a {{typo|I;m|I’m}} inside a sentence: kind, what the page shows, what must stand there (nothing: a cut)

Later versions: `edits` changes the text from a night on, `<id>@2.md` replaces it from night 2 on, and `back` goes
back to the first.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

import yaml

from copydesk.demo.papers import PAPERS, Paper

ROOT = Path(__file__).parent / "content"
_MARK = re.compile(r"\{\{(?P<kind>\w+)\|(?P<raw>[^|}]*)(?:\|(?P<clean>[^}]*))?\}\}")
_JUNK = re.compile(r"!junk\[(?P<kind>\w+)\] (?P<raw>.+)", re.DOTALL)
_PREFIXES = {"## ": "heading", "- ": "list_item", "> ": "quote"}


@dataclass(frozen=True)
class Mark:
    """One piece of junk: its kind, what the page shows, and what must stand there instead."""

    kind: str
    text: str
    replacement: str = ""


@dataclass(frozen=True)
class Line:
    """One block of a page as its file has it; a block of junk has `junk`, its kind."""

    kind: str
    raw: str
    junk: str | None = None

    @property
    def text(self) -> str:
        """The true text; empty for a block of junk."""
        return "" if self.junk else _MARK.sub(lambda mark: mark["clean"] or "", self.raw).replace("**", "").strip()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The pieces of junk in it, in order."""
        if self.junk:
            return (Mark(self.junk, self.raw),)
        return tuple(Mark(found["kind"], found["raw"], found["clean"] or "") for found in _MARK.finditer(self.raw))

    def pieces(self) -> list[str | Mark]:
        """The block as text and marks in turn, for a renderer."""
        if self.junk:
            return [self.raw]
        parts: list[str | Mark] = []
        end = 0
        for found, mark in zip(_MARK.finditer(self.raw), self.marks, strict=True):
            parts += [self.raw[end : found.start()], mark]
            end = found.end()
        return [*parts, self.raw[end:]]


@dataclass(frozen=True)
class Article:
    """One version of an article, with the true text and the junk that its page puts in."""

    id: str
    paper: str
    title: str
    authors: tuple[str, ...]
    published_at: datetime
    section: str
    summary: str
    tags: tuple[str, ...]
    lines: tuple[Line, ...]
    modified_at: datetime | None = None
    night: int = 1
    change: str | None = None
    language: str = ""
    page_kind: str = "article"
    shape: str | None = None
    agency: str | None = None
    dateline: str | None = None
    alias: str | None = None
    copy_of: str | None = None
    listed_as: tuple[str, ...] = ()
    serve: dict[int, str] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """A post number as content systems give one: always the same, from 10000 to 99999."""
        return crc32(self.id.encode()) % 90_000 + 10_000

    @property
    def updated_at(self) -> datetime:
        """When it was last changed, as far as its paper says; at first when it was published."""
        return self.modified_at or self.published_at

    @property
    def is_dated_in_words(self) -> bool:
        """Whether the page gives its date only as people write it: one in four where the paper has no JSON-LD."""
        return self.paper != "gazette" and self.number % 4 == 0

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The blocks of the true text, headings too, in order."""
        return tuple(line.text for line in self.lines if line.text)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All junk on the page, in order."""
        return tuple(mark for line in self.lines for mark in line.marks)


@dataclass(frozen=True)
class Entry:
    """An article with all its versions: from each of these nights on, that one is served."""

    versions: dict[int, Article]

    @property
    def first(self) -> Article:
        """The first version."""
        return self.versions[min(self.versions)]

    def on(self, night: int) -> Article | None:
        """The version that is served on a night; None before the article was written."""
        past = [number for number in self.versions if number <= night]
        return self.versions[max(past)] if past else None


@dataclass(frozen=True)
class Trouble:
    """A listed URL that is no article. Without a path, it is an item without a link."""

    path: str | None
    title: str
    at: datetime
    status: int | None
    state: str | None
    reason: str | None
    body: str
    section: str = ""


@lru_cache(maxsize=1)
def load() -> dict[str, tuple[Entry, ...]]:
    """All articles of all papers, by the paper's key, newest first."""
    found = {key: _load_paper(paper) for key, paper in PAPERS.items()}
    return {key: tuple(_resolve(entry, found) for entry in entries) for key, entries in found.items()}


@lru_cache(maxsize=1)
def load_troubles() -> dict[str, tuple[Trouble, ...]]:
    """The troubles of all papers, by the paper's key."""
    return {
        key: tuple(_trouble(row, paper) for row in _yaml(ROOT / key / "troubles.yaml")) for key, paper in PAPERS.items()
    }


def parse_lines(text: str) -> tuple[Line, ...]:
    """The blocks of a text in the form that the module's docstring tells."""
    return tuple(_line(block.strip()) for block in re.split(r"\n\s*\n", text) if block.strip())


def _line(block: str) -> Line:
    junk = _JUNK.fullmatch(block)
    if junk:
        return Line("paragraph", junk["raw"], junk["kind"])
    for prefix, kind in _PREFIXES.items():
        if block.startswith(prefix):
            return Line(kind, block.removeprefix(prefix))
    return Line("paragraph", block)


def _load_paper(paper: Paper) -> list[Entry]:
    files = sorted((ROOT / paper.key).glob("*.md"))
    texts = {file.stem: _split(file.read_text(encoding="utf-8")) for file in files}
    entries = [_entry(name, paper, texts) for name in texts if "@" not in name]
    return sorted(entries, key=lambda entry: (entry.first.published_at, entry.first.id), reverse=True)


def _split(text: str) -> tuple[dict[str, Any], str]:
    _, head, body = text.split("---\n", 2)
    return yaml.safe_load(head), body


def _entry(name: str, paper: Paper, texts: dict[str, tuple[dict[str, Any], str]]) -> Entry:
    head, body = texts[name]
    later = {key: head.pop(key, {}) for key in ("edits", "back")}
    first = _article(name, paper, head, body)
    versions = {first.night: first}
    for night, edit in later["edits"].items():
        versions[night] = _edited(first, paper, body, edit)
    for night in (2, 3):
        if f"{name}@{night}" in texts:
            new_head, new_body = texts[f"{name}@{night}"]
            versions[night] = _article(name, paper, head | new_head, new_body)
    if later["back"]:
        modified = _moment(later["back"]["modified"], paper)
        versions[later["back"]["night"]] = replace(first, modified_at=modified, change="reverted")
    return Entry(versions)


def _article(name: str, paper: Paper, head: dict[str, Any], body: str) -> Article:
    fields = dict(head)
    author = fields.pop("author")
    return Article(
        id=name,
        paper=paper.key,
        title=fields.pop("title", ""),
        authors=tuple(author) if isinstance(author, list) else (author,),
        published_at=_moment(fields.pop("at"), paper),
        modified_at=_moment(fields.pop("modified"), paper) if "modified" in fields else None,
        tags=tuple(fields.pop("tags")),
        listed_as=tuple(fields.pop("listed_as", ())),
        language=fields.pop("language", paper.language),
        lines=parse_lines(body),
        **fields,
    )


def _edited(first: Article, paper: Paper, body: str, edit: dict[str, Any]) -> Article:
    for old, new in edit.get("replace", ()):
        if old not in body:
            raise ValueError(f"{first.paper}/{first.id}: the text does not contain {old!r}")
        body = body.replace(old, new)
    modified = _moment(edit["modified"], paper) if "modified" in edit else None
    lines = parse_lines(body + "\n\n" + edit.get("append", ""))
    return replace(first, lines=lines, modified_at=modified, change=edit.get("change"))


def _resolve(entry: Entry, found: dict[str, list[Entry]]) -> Entry:
    """The entry with title and text of the one that it is a copy of, where it is one."""
    first = entry.first
    if first.copy_of is None:
        return entry
    key, name = first.copy_of.split("/")
    original = next(other.first for other in found[key] if other.first.id == name)
    return Entry({first.night: replace(first, title=original.title, lines=original.lines)})


def _trouble(row: dict[str, Any], paper: Paper) -> Trouble:
    return Trouble(**(row | {"at": _moment(row["at"], paper)}))


def _moment(text: str, paper: Paper) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=paper.zone)


def _yaml(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))
