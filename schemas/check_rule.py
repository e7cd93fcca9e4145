"""What a source says of one check of the contract: how much it weighs there, and which numbers it accepts."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from schemas.reasons import Severity

FIXED: Final = frozenset(
    {"version_repeated", "url_form", "canonical_url_form", "site_named", "page_kind_known", "fields_unknown"}
)
"""Checks that the tables themselves need, and the one that `unknown_fields` sets."""

PARTS: Final = ("severity", "min", "max")


class CheckRule(BaseModel):
    """Other weight or limits for one check; None leaves what the contract says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    severity: Severity | None = None
    min: float | None = None
    max: float | None = None


def read_check_rules(value: Mapping[str, Any]) -> dict[str, CheckRule]:
    """The rules of a source, from code to a weight, or to a mapping of `severity`, `min` and `max`.

    >>> read_check_rules({"title_is_site": "off", "body_words": {"min": "50"}})["body_words"].min
    50.0

    Raises:
        ValueError: one sentence on the first thing that is wrong.
    """
    from schemas.contract import bounds_of, contract_checks  # pandera and polars: only who writes rules waits for them

    rules = {}
    for code, said in value.items():
        if code not in contract_checks():
            raise ValueError(f"there is no check {code!r}{_suggest(code, tuple(contract_checks()))}")
        if code in FIXED:
            raise ValueError(f"the check {code} cannot be changed here")
        parts = {"severity": said} if isinstance(said, str) else said
        if not isinstance(parts, Mapping) or not parts:
            raise ValueError(f"{code}: write off, warn, hold or reject, or severity, min and max below it")
        rules[code] = _rule(code, parts, *bounds_of(code))
    return rules


def _rule(code: str, parts: Mapping[str, Any], low: float | None, high: float | None) -> CheckRule:
    for name in parts:
        if name not in PARTS:
            raise ValueError(f"{code}: {name!r} is not known{_suggest(name, PARTS)}")
    least, most = _number(code, "min", parts), _number(code, "max", parts)
    if (least is not None or most is not None) and low is None and high is None:
        raise ValueError(f"{code} has no limits to set, only a severity")
    if least is not None and most is not None and least > most:
        raise ValueError(f"{code}: min {least:g} is greater than max {most:g}")
    severity = parts.get("severity")
    if severity is not None and severity not in list(Severity):
        raise ValueError(f"{code}: {severity!r} is not a severity: write {', '.join(Severity)}")
    return CheckRule(severity=severity, min=least, max=most)


def _number(code: str, name: str, parts: Mapping[str, Any]) -> float | None:
    if parts.get(name) is None:
        return None
    try:
        number = float(parts[name])
    except (TypeError, ValueError):
        number = float("nan")
    if not abs(number) < 1e12:
        raise ValueError(f"{code}: {name} must be a number")
    return number


def _suggest(word: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(known)}"
