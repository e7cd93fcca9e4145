"""Reads sources.yaml into sources, or into one list of everything that is wrong with it.

Each error is one line: `sources.yaml:12: source 'bbc': field 'knd' is not known; did you mean 'kind'?`
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.reasons import Reservation
from schemas.source import Source, SourceKind
from tasks.errors import SourcesError
from tasks.io.yaml_tree import Value, YamlError, read_tree

MAX_ERRORS = 20
FIELDS = tuple(Source.model_fields)
NUMBERS = frozenset({"delay_s", "limit", "max_items"})
FLAGS = frozenset({"cross_host", "verify_tls", "enabled"})
LISTS = frozenset({"include", "exclude", "respect", "rules_off"})
MAPS = frozenset({"headers", "cookies", "credentials", "checks"})
TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
"""YAML 1.1's words for yes and no."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where (lines from 1)."""

    line: int
    message: str


def load_sources(path: Path) -> list[Source]:
    """All sources of the file in its order, disabled ones too; their paths are absolute.

    Raises:
        SourcesError: the file is missing, unreadable or wrong; the message has one line for each error.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise SourcesError(f"{path} does not exist; name another file with --sources.") from error
    except OSError as error:
        raise SourcesError(f"{path} cannot be read ({error.strerror}); name another file with --sources.") from error
    try:
        sources, problems = parse_sources(raw, path.resolve().parent)
    except YamlError as error:
        sources, problems = [], [Problem(error.line, error.message)]
    if problems:
        raise SourcesError(error_text(path, problems))
    return sources


def pick_sources(sources: Sequence[Source], ids: Iterable[str] = ()) -> list[Source]:
    """The sources of these ids in the file's order, also disabled ones; without ids, those that are enabled.

    Raises:
        SourcesError: an id is not there, or nothing is left to do.
    """
    wanted = set(ids)
    known = [source.id for source in sources]
    for name in sorted(wanted.difference(known)):
        hint = _suggest(name, known) or f"; there are {', '.join(known)}."
        raise SourcesError(f"No source has the id {name!r}{hint}")
    picked = [source for source in sources if (source.id in wanted if wanted else source.enabled)]
    if not picked:
        raise SourcesError("All sources are disabled: set enabled to true for one, or name one by its id.")
    return picked


def parse_sources(raw: bytes, base: Path) -> tuple[list[Source], list[Problem]]:
    """The sources of the file's content, and what is wrong with it; relative paths begin at `base`.

    Raises:
        YamlError: the content is no YAML that we read.
    """
    tree = read_tree(raw)
    entries, problems = _entries(tree)
    sources: list[Source] = []
    first_line: dict[str, int] = {}
    for number, entry in enumerate(entries, start=1):
        source, found = _source(entry, number, base)
        problems += found
        name = _id_of(entry)
        if name and name.text in first_line:
            problems.append(Problem(name.line, f"source '{name.text}': the id is taken (line {first_line[name.text]})"))
        elif name:
            first_line[name.text] = name.line
        if source:
            sources.append(source)
    return sources, sorted(problems, key=lambda problem: problem.line)


def error_text(path: Path, problems: Sequence[Problem]) -> str:
    """One line for each problem, at most MAX_ERRORS of them."""
    lines = [f"{path.name}:{problem.line}: {problem.message}" for problem in problems[:MAX_ERRORS]]
    if len(problems) > MAX_ERRORS:
        lines.append(f"{path.name}: and {len(problems) - MAX_ERRORS} more")
    return "\n".join(lines)


def _entries(tree: Value | None) -> tuple[list[Value], list[Problem]]:
    """The members of the list below `sources`."""
    if tree is None:
        return [], [Problem(1, "the file is empty; it needs a list of sources under the key 'sources:'")]
    if tree.kind != "mapping":
        return [], [Problem(tree.line, "the list of sources must stand under the key 'sources:'")]
    problems = [
        Problem(key.line, f"'{key.text}' is not known at the top of the file{_suggest(key.text, ('sources',))}")
        for key, _ in tree.pairs
        if key.text != "sources"
    ]
    lists = [value for key, value in tree.pairs if key.text == "sources"]
    if len(lists) > 1:
        problems.append(Problem(lists[1].line, "'sources:' stands there twice"))
    if not lists or lists[0].kind != "list" or not lists[0].items:
        line = lists[0].line if lists else tree.line
        if not any("did you mean 'sources'" in problem.message for problem in problems):
            problems.append(Problem(line, "there is no list of sources under the key 'sources:'"))
        return [], problems
    return lists[0].items, problems


def _id_of(entry: Value) -> Value | None:
    return next((value for key, value in entry.pairs if key.text == "id" and value.text), None)


def _source(entry: Value, number: int, base: Path) -> tuple[Source | None, list[Problem]]:
    """One entry as a source, or what is wrong with it."""
    name = _id_of(entry)
    who = f"source '{name.text}'" if name else f"source number {number}"
    if entry.kind != "mapping":
        return None, [Problem(entry.line, f"{who}: must be a list of fields such as 'id:' and 'kind:'")]
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    problems: list[Problem] = []
    for key, value in entry.pairs:
        problem = _key_problem(key, lines)
        if problem:
            problems.append(Problem(key.line, f"{who}: {problem}"))
            continue
        lines[key.text] = key.line
        values[key.text] = _plain(key.text, value)
        problems += [Problem(line, f"{who}: {told}") for line, told in _doubled(key.text, value)]
    try:
        source = Source.model_validate(values)
    except ValidationError as error:
        misspelt = " ".join(problem.message for problem in problems)
        return None, problems + [
            Problem(lines.get(_field(detail), entry.line), f"{who}: {_explain(detail)}")
            for detail in error.errors()
            if not (detail["type"] == "missing" and f"did you mean '{_field(detail)}'?" in misspelt)
        ]
    if source.path is not None:
        source = source.model_copy(update={"path": base / source.path.expanduser()})
    return (None if problems else source), problems


def _key_problem(key: Value, seen: dict[str, int]) -> str | None:
    if key.text not in FIELDS:
        return f"field '{key.text}' is not known{_suggest(key.text, FIELDS)}"
    if key.text in seen:
        return f"field '{key.text}' stands there twice (first in line {seen[key.text]})"
    return None


def _doubled(field: str, value: Value) -> list[tuple[int, str]]:
    """Names that stand twice below one field, of which only one could be sent; headers whatever their letter case."""
    seen: dict[str, int] = {}
    found = []
    for name, _ in value.pairs if field in MAPS else ():
        key = name.text.lower() if field == "headers" else name.text
        if key in seen:
            found.append((name.line, f"field '{field}': '{name.text}' stands there twice (first in line {seen[key]})"))
        seen.setdefault(key, name.line)
    return found


def _plain(field: str, value: Value) -> Any:
    """The value as pydantic is to see it: numbers and flags only in fields that are such, else text as written."""
    if value.kind == "nothing":
        return None if field not in FLAGS else ""
    if value.kind == "mapping":
        pairs = value.pairs if field in MAPS else ()
        return {name.text: _member(field, member) for name, member in pairs}
    if value.kind == "list":
        return [member.text if member.kind == "text" else {} for member in value.items]
    if field in LISTS:
        return [value.text]
    if field in FLAGS and not value.quoted:
        return TRUTH.get(value.text.lower(), value.text)
    return value.text


def _member(field: str, member: Value) -> Any:
    """A value below one of the MAPS; what has no place there is an empty mapping, which no field takes."""
    if field == "checks" and member.kind == "mapping":
        return {name.text: part.text for name, part in member.pairs}
    return member.text if member.kind == "text" else {}


def _field(detail: ErrorDetails) -> str:
    return str(detail["loc"][0]) if detail["loc"] else ""


def _explain(detail: ErrorDetails) -> str:
    """One pydantic error in our words: field, what stands there, what should."""
    field, kind, given = _field(detail), detail["type"], detail["input"]
    if not field:
        return str(detail["ctx"]["error"])
    if kind == "missing":
        return f"field '{field}' is missing"
    if kind == "value_error":
        return f"field '{field}': {detail['ctx']['error']}{_zone_hint(field, given)}"
    if not isinstance(given, str) or field in MAPS:  # what stands there may be a secret
        return f"field '{field}': {_wanted(field)}"
    return f"field '{field}': {given!r} is not right: {_wanted(field)}{_kind_hint(field, given)}"


def _wanted(field: str) -> str:
    if field in FLAGS:
        return "write true or false"
    if field in NUMBERS:
        return "write a number, " + ("from 0 to 3600" if field == "delay_s" else "1 or more")
    if field in LISTS:
        if field == "respect":
            return f"write a list of {', '.join(Reservation)}"
        return "write a list of " + ("names of repairs or rules" if field == "rules_off" else "globs")
    if field == "checks":
        return "write names of checks, one a line below it, each with off, warn, hold or reject"
    if field in MAPS:
        return "write names and values, one a line below it"
    description = Source.model_fields[field].description or ""
    return description[0].lower() + description[1:].rstrip(".")


def _kind_hint(field: str, given: str) -> str:
    if field == "kind":
        return _suggest(given, [str(kind) for kind in SourceKind])
    fixed = {"id": given.strip().lower().replace(" ", "-"), "country": given.upper()}.get(field, given)
    return f"; did you mean '{fixed}'?" if fixed != given else ""


def _zone_hint(field: str, given: object) -> str:
    return _suggest(str(given), sorted(available_timezones())) if field == "time_zone" else ""


def _suggest(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word.lower(), [name.lower() for name in known], n=1, cutoff=0.6)
    match = next((name for name in known if close and name.lower() == close[0]), None)
    return f"; did you mean '{match}'?" if match else ""
