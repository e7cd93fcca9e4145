"""Reads folders of rules. Everything that is wrong is told at once, each with file, line and field."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from schemas.globs import bad_glob
from tasks.errors import RulesError
from tasks.io.yaml_tree import Value, YamlError, read_tree
from tasks.parse.site_rules.apply import selector_problem
from tasks.parse.site_rules.model import FIELDS, RuleBook, SiteRule

MAX_ERRORS = 20
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
SITE = re.compile(r"[^\s/\\:]+")
TOP = ("site", "rules")

Problems = list[tuple[int, str]]


def load_rules(folder: Path | None) -> RuleBook:
    """The shipped rules, and those of the user's folder, which stand in for the shipped ones of the same site.

    Args:
        folder: holds `*.yaml`, one file a site; a folder that is not there holds none.

    Raises:
        RulesError: a file cannot be read or is wrong; one line for each error.
    """
    shipped = Path(str(files("tasks.parse.site_rules") / "sites"))
    return RuleBook({**_read_folder(shipped), **(_read_folder(folder) if folder else {})})


def _read_folder(folder: Path) -> dict[str, tuple[SiteRule, ...]]:
    problems: list[str] = []
    sites: dict[str, tuple[SiteRule, ...]] = {}
    for path in sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")]):
        try:
            site, rules, found = parse_rules(path.read_bytes())
        except YamlError as error:
            problems.append(f"{path}:{error.line}: {error.message}")
            continue
        except OSError as error:
            raise RulesError(f"{path} cannot be read ({error.strerror}).") from error
        if site in sites:
            found.append((1, f"site '{site}' has rules in another file of this folder already; put them in one"))
        problems += [f"{path}:{line}: {message}" for line, message in sorted(found)]
        sites[site] = rules
    if problems:
        more = [f"and {len(problems) - MAX_ERRORS} more"] if len(problems) > MAX_ERRORS else []
        raise RulesError("\n".join(problems[:MAX_ERRORS] + more))
    return sites


def parse_rules(raw: bytes) -> tuple[str, tuple[SiteRule, ...], Problems]:
    """(site, its rules, what is wrong as (line, message)) of a file's content.

    Raises:
        YamlError: the content is no YAML that we read.
    """
    tree = read_tree(raw)
    if tree is None or tree.kind != "mapping":
        return "", (), [(1, "the file needs 'site:' with a domain, and 'rules:' with a list")]
    problems: Problems = []
    top = _fields(tree, TOP, "the file", problems)
    named, listed = top.get("site"), top.get("rules")
    site = named.text.lower() if named else ""
    if not SITE.fullmatch(site):
        problems.append(
            (named.line if named else tree.line, "field 'site': write the site's domain, as in example.org")
        )
    if listed is None or not listed.items:
        problems.append((listed.line if listed else tree.line, "field 'rules': write a list of rules"))
        return site, (), problems
    rules = tuple(_rule(site, entry, number, problems) for number, entry in enumerate(listed.items, start=1))
    seen: set[str] = set()
    for rule, entry in zip(rules, listed.items, strict=True):
        if rule.id in seen:
            problems.append((entry.line, f"rule '{rule.id}': the id is taken"))
        seen.add(rule.id)
    return site, rules, problems


def _rule(site: str, entry: Value, number: int, problems: Problems) -> SiteRule:
    name = next((value.text for key, value in entry.pairs if key.text == "id"), "")
    who = f"rule '{name}'" if name else f"rule number {number}"
    if entry.kind != "mapping":
        problems.append((entry.line, f"{who}: must be fields such as 'id:' and 'drop:'"))
        return SiteRule(site, name)
    given = _fields(entry, tuple(READERS), who, problems)
    values: dict[str, Any] = {}
    for field, value in given.items():
        read, wanted = READERS[field]
        for line, problem in _problems_of(field, value, read, wanted, values):
            problems.append((line, f"{who}: {problem}"))
    if "id" not in given:
        problems.append((entry.line, f"{who}: field 'id' is missing"))
    if not (given.keys() & {"drop", "take"}):
        problems.append((entry.line, f"{who}: needs 'drop:' or 'take:'"))
    first, last = values.get("valid_from"), values.get("valid_to")
    if first and last and first > last:
        problems.append((given["valid_to"].line, f"{who}: field 'valid_to' is before 'valid_from'"))
    return SiteRule(site=site, **{"id": name, **values})


def _problems_of(
    field: str, value: Value, read: Callable[[Value], Any], wanted: str, values: dict[str, Any]
) -> Iterator[tuple[int, str]]:
    """What is wrong with a field's value; a right one goes into `values`."""
    try:
        values[field] = read(value)
    except _WrongError as error:
        yield error.line, f"field '{field}': {error.problem}"
    except ValueError:
        yield value.line, f"field '{field}': {value.text!r} is not right: {wanted}"


class _WrongError(Exception):
    """One thing that is wrong within a field."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem


def _name(value: Value) -> str:
    if not NAME.fullmatch(value.text):
        raise ValueError(value.text)
    return value.text


def _day(value: Value) -> date:
    return date.fromisoformat(value.text)


def _texts(value: Value) -> list[Value]:
    members = value.items if value.kind == "list" else [value]
    for member in members:
        if not member.text.strip():
            raise _WrongError(member.line, "write one text, or a list of texts")
    return members


def _selectors(value: Value) -> tuple[str, ...]:
    return tuple(_selector(member, with_attribute=False) for member in _texts(value))


def _selector(value: Value, *, with_attribute: bool) -> str:
    if problem := selector_problem(value.text, with_attribute=with_attribute):
        raise _WrongError(value.line, problem)
    return value.text


def _globs(value: Value) -> tuple[str, ...]:
    for member in _texts(value):
        if problem := bad_glob(member.text):
            raise _WrongError(member.line, problem)
    return tuple(member.text for member in _texts(value))


def _taken(value: Value) -> tuple[tuple[str, str], ...]:
    if value.kind != "mapping":
        raise _WrongError(value.line, "write fields and their selectors, one a line below it, as in 'title: h1.head'")
    problems: Problems = []
    members = _fields(value, FIELDS, "take", problems)
    if problems:
        raise _WrongError(*problems[0])
    return tuple((name, _selector(member, with_attribute=name != "body")) for name, member in members.items())


READERS: dict[str, tuple[Callable[[Value], Any], str]] = {
    "id": (_name, "write a short name of small letters, digits and hyphens"),
    "valid_from": (_day, "write a day as in 2024-05-31"),
    "valid_to": (_day, "write a day as in 2024-05-31"),
    "paths": (_globs, "write globs as in '/news/*'"),
    "drop": (_selectors, "write CSS selectors"),
    "take": (_taken, "write fields and their selectors"),
}
"""How each field of a rule is read, and what it wants."""


def _fields(mapping: Value, known: tuple[str, ...], who: str, problems: Problems) -> dict[str, Value]:
    """The mapping's values by name; names that are not known, or stand there twice, are problems."""
    found: dict[str, Value] = {}
    for key, value in mapping.pairs:
        if key.text not in known:
            close = get_close_matches(key.text.lower(), known, n=1, cutoff=0.6)
            hint = f"; did you mean '{close[0]}'?" if close else f"; there are {', '.join(known)}"
            problems.append((key.line, f"{who}: field '{key.text}' is not known{hint}"))
        elif key.text in found:
            problems.append((key.line, f"{who}: field '{key.text}' stands there twice"))
        else:
            found[key.text] = value
    return found
