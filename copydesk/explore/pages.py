"""Templates to HTML. All text from outside is escaped; links are made of http and https URLs only."""

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from copydesk.explore.guards import TOKEN_FIELD
from copydesk.why import plain
from schemas.reasons import REASON_TEXT, Reason
from tasks.report.page import link, number, percent, words

PARTS = (("/", "Overview"), ("/articles", "Articles"), ("/sql", "SQL"), ("/quarantine", "Quarantine"),
         ("/rules", "Learned rules"))  # fmt: skip
"""The pages that every page links to."""


@cache
def environment() -> Environment:
    """The templates of this package."""
    made = Environment(
        loader=PackageLoader("copydesk.explore"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "number": number, "percent": percent, "link": link, "words": words, "when": when, "escapes": escapes,
        "reason": reason,
    }  # fmt: skip
    made.globals |= {"parts": PARTS, "token_field": TOKEN_FIELD}
    return made


def render(template: str, **values: Any) -> str:
    """One page."""
    return environment().get_template(template).render(**values)


def static(name: str) -> bytes | None:
    """A file of static/, or None where there is none of that name."""
    return _static().get(name)


@cache
def _static() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in files("copydesk.explore").joinpath("static").iterdir()}


def when(moment: Any) -> str:
    """A time for people, UTC.

    >>> when(None)
    '–'
    """
    return "–" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def escapes(text: object) -> str:
    r"""The text with what cannot be seen, or turns the direction of what can, as escapes.

    >>> escapes("a\u202eb")
    'a\\u202eb'
    """
    return plain(str(text), shown=True)


def reason(code: str) -> str:
    """The sentence of a reason; empty for a code that is none."""
    return REASON_TEXT[Reason(code)] if code in set(Reason) else ""
