"""The wordings that a template of a word table stands for, and how they are compared with text.

A template writes choices in round brackets: `read (more|also|)` stands for read more, read also and read.
"""

import re
from collections.abc import Iterable, Iterator

from tasks.clean.lines import bare
from tasks.clean.model import Pattern

_GROUP = re.compile(r"\(([^()]*)\)")


def expand(template: str) -> list[str]:
    """All wordings of a template, in order, with single spaces.

    >>> expand("read (more|also|)")
    ['read more', 'read also', 'read']
    """
    group = _GROUP.search(template)
    if group is None:
        return [" ".join(template.split())]
    begin, end = group.span()
    return [made for choice in group[1].split("|") for made in expand(template[:begin] + choice + template[end:])]


def as_regex(template: str) -> str:
    """A regular expression for the wordings of a template; a space is one white space, an apostrophe any."""
    escaped = re.escape(template)
    for written, meant in ((r"\(", "(?:"), (r"\)", ")"), (r"\|", "|"), (r"\ ", r"\s"), ("'", "['’]")):
        escaped = escaped.replace(written, meant)
    return escaped


def of_languages(rows: Iterable[Pattern], languages: tuple[str, ...]) -> Iterator[str]:
    """The templates of the rows of some languages."""
    for row in rows:
        if row.language in languages:
            yield from row.words


def wordings(rows: Iterable[Pattern], languages: tuple[str, ...]) -> frozenset[str]:
    """All wordings of the rows of some languages, as `tasks.clean.lines.bare` writes them."""
    return frozenset(bare(form) for template in of_languages(rows, languages) for form in expand(template))
