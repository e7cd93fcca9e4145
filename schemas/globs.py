"""URL globs as users write them: `*` stands for any characters, `?` for one, `[ab]` for one of these.

A glob that begins with `/` is matched against path and query, any other against the whole URL.
"""

import fnmatch
import re

_REGEX_SIGNS = re.compile(r"^\^|\$\Z|\.\*|\.\+|\\[dwsb.]|\(\?")
"""What shows that someone wrote a regular expression: `^https` and `.*` yes, `/news/*.html` no."""


def bad_glob(glob: str) -> str | None:
    """What is wrong with a glob, in words; None when nothing is.

    >>> bad_glob("/sport/*"), bad_glob("^https?://x")
    (None, "'^https?://x' looks like a regular expression; write a glob such as '/sport/*'")
    """
    if not glob.strip() or glob != glob.strip():
        return f"{glob!r} is empty or has white space around it"
    if _REGEX_SIGNS.search(glob):
        return f"{glob!r} looks like a regular expression; write a glob such as '/sport/*'"
    if re.search(r"\[(?![^\]]+\])", glob):
        return f"{glob!r} has a '[' without its ']'"
    if glob[0] not in "/*?[" and "://" not in glob:
        return f"{glob!r} can match no URL; begin with '/' (a path), 'https://' or '*'"
    return None


def glob_pattern(glob: str) -> re.Pattern[str]:
    """The glob as a pattern to be used with `match` on a whole URL.

    >>> bool(glob_pattern("/a/*").match("https://x.org/a/b")), bool(glob_pattern("*/a/?").match("https://x.org/a/bc"))
    (True, False)
    """
    body = fnmatch.translate(glob)
    return re.compile(r"[a-z]+://[^/?#]*" + body) if glob.startswith("/") else re.compile(body)
