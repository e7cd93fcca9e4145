"""What a reader may be sent to a source's own site with: headers, cookies, credentials, as sources.yaml names them.

A secret never stands in sources.yaml itself: `${NAME}` stands for a variable of the environment, and
`${secret:block-name}` for a Secret block of Prefect.
What does not belong here: finding the values (flows/secrets.py) and sending them (tasks/io/access.py).
"""

import re
from collections.abc import Mapping

PLACEHOLDER = re.compile(r"\$\{(?:([A-Za-z_][A-Za-z0-9_]*)|secret:([a-z0-9][a-z0-9-]*))\}")
"""Matches: ${PAPER_TOKEN}, ${secret:paper-token}. Does not match: $PAPER_TOKEN, ${paper token}, ${secret:A b}."""

SECRET_NAMES = re.compile(r"(?:authorization|.*(?:token|secret|password|api-?key|session|auth).*)", re.IGNORECASE)
"""Headers and cookies whose values are secrets. Matches: Authorization, X-Api-Key. Does not match: Accept-Language."""

OURS = frozenset(
    {
        "accept-encoding", "connection", "content-length", "cookie", "expect", "host", "if-modified-since",
        "if-none-match", "keep-alive", "proxy-authorization", "range", "te", "trailer", "transfer-encoding",
        "upgrade", "user-agent",
    }
)  # fmt: skip
"""Headers that are the client's own to send."""

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token (RFC 9110 section 5.6.2). Matches: X-Reader. Does not match: X Reader."""
_HEADER_VALUE = re.compile(r"[\x20-\x7e]+")
"""Matches: Bearer abc. Does not match: a line end, an empty value."""
_COOKIE_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+")
"""A cookie-octet string (RFC 6265 section 4.1.1). Matches: YES+1. Does not match: a;b."""
_CREDENTIAL = re.compile(r"[^\x00-\x1f\x7f]+")

VALUES = {"headers": _HEADER_VALUE, "cookies": _COOKIE_VALUE, "credentials": _CREDENTIAL}
"""Field of a source -> what its values must be once their placeholders are filled in."""
CREDENTIALS = frozenset({"user", "password"})


def access_problem(field: str, values: Mapping[str, str]) -> str | None:
    """What is wrong with `headers`, `cookies` or `credentials` as written; None when nothing is."""
    if field == "credentials" and values and set(values) != CREDENTIALS:
        return "write user and password, and nothing else"
    for name, value in values.items():
        problem = _name_problem(field, name) or _value_problem(field, name, value)
        if problem:
            return f"{name!r} {problem}"
    return None


def _name_problem(field: str, name: str) -> str | None:
    if not _NAME.fullmatch(name):
        return "is no name that can be sent"
    if field == "headers" and name.lower() in OURS:
        hint = ": write it under cookies" if name.lower() == "cookie" else ""
        return f"is a header that Copydesk sets itself{hint}"
    return None


def _value_problem(field: str, name: str, value: str) -> str | None:
    """The value itself is never told: it may be a secret."""
    bare = PLACEHOLDER.sub("x", value)
    if "${" in bare:
        return "has a placeholder that is none: write ${NAME}, or ${secret:block-name}"
    if not VALUES[field].fullmatch(bare):
        return "has an empty value, or a character that cannot be sent"
    is_secret = name == "password" if field == "credentials" else SECRET_NAMES.fullmatch(name)
    if is_secret and not PLACEHOLDER.search(value):
        return "looks like a secret: write ${NAME}, and set that variable of the environment"
    return None
