"""URLs that a page names: which canonical URL is believable, and absolute image URLs."""

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from schemas.identity import normalise_url, site_of
from tasks.parse.model import Fact, Pattern

ORDER = ("link", "open_graph:og:url", "json_ld")


def choose_canonical(facts: Sequence[Fact], url: str) -> Fact | None:
    """The page's own name for itself, normalised, where it can be believed (F3).

    It must be absolute or relative http(s), of the same site, not the home page, and not a folder two or more
    steps above the page: such links are slips of templates that would merge unrelated articles.
    """
    for origin in ORDER:
        for fact in facts:
            if fact.field == "canonical_url" and fact.origin == origin and (found := believable(fact.value, url)):
                return Fact("canonical_url", origin, found)
    main = main_url(url)
    return Fact("canonical_url", "url:variant", main) if main else None


VARIANTS: tuple[Pattern, ...] = (
    Pattern(
        re.compile(r"(?<=[^/])/(?:amp|print)/?$", re.IGNORECASE),
        "https://a.example/news/b/amp/",
        "https://a.example/amp/b",
    ),
    Pattern(
        re.compile(r"\.amp(?=\.html?$|$)", re.IGNORECASE),
        "https://a.example/news/b.amp.html",
        "https://a.example/lamp.html",
    ),
    Pattern(
        re.compile(
            r"(?<=[?&])(?:amp(?:=(?:1|true|yes)?)?|print(?:able)?(?:=(?:1|true|yes|y)?)?"
            r"|(?:output|outputtype|view|format|mode)=(?:amp|print))(?:&|$)",
            re.IGNORECASE,
        ),
        "https://a.example/news/b?output=amp",
        "https://a.example/news/b?print=sold-out",
    ),
)
"""What marks the URL of a page's AMP or print variant; without it, the URL is the page's own.

The marks are put behind it, as AMP plug-ins and print views of newspapers write them.
"""


def main_url(url: str) -> str | None:
    """The URL of the page whose AMP or print variant stands at `url`; None for a page of its own.

    >>> main_url("https://a.example/news/b?a=1&print=1"), main_url("https://a.example/print/b")
    ('https://a.example/news/b?a=1', None)
    """
    if not url.startswith("http") or len(_steps(url)) < 2:
        return None
    for variant in VARIANTS:
        shorter, count = variant.regex.subn("", url)
        if count:
            return absolute_url(shorter.rstrip("?&"), shorter)
    return None


def believable(candidate: str, url: str) -> str | None:
    """The candidate, normalised, or None.

    >>> believable("/news/a", "https://x.org/news/a?from=mail")
    'https://x.org/news/a'
    >>> believable("https://x.org/", "https://x.org/news/a") is None
    True
    """
    absolute = absolute_url(candidate, url)
    if absolute is None or site_of(absolute) != site_of(url):
        return None
    own, theirs = _steps(url), _steps(absolute)
    if not theirs and own and not urlsplit(absolute).query:
        return None
    if len(own) - len(theirs) >= 2 and own[: len(theirs)] == theirs and not urlsplit(absolute).query:
        return None
    return absolute


def _steps(url: str) -> list[str]:
    return [step for step in urlsplit(url).path.split("/") if step]


def absolute_url(candidate: str, base: str) -> str | None:
    """The normalised http(s) URL that the candidate names on a page at `base`; None when it names none."""
    joined = joined_url(candidate, base)
    try:
        return None if joined is None else normalise_url(joined)
    except ValueError:
        return None


def joined_url(candidate: str, base: str) -> str | None:
    """The http(s) URL that the candidate names on a page at `base`, as written; None when it names none."""
    joined = candidate.strip()
    try:
        if base.startswith("http") and not joined.startswith(WEB):
            joined = urljoin(base, joined)
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and joined.split() == [joined] else None


WEB = ("http://", "https://")


@lru_cache(maxsize=2_000)
def file_stem(address: str) -> str:
    """A file's name in a URL, without its ending and the size that papers write into it.

    >>> file_stem("https://cdn.example/2026/bridge-1200x630.jpg?w=300")
    'bridge'
    """
    name = urlsplit(address).path.rstrip("/").rpartition("/")[2]
    return SIZE.sub("", name.rpartition(".")[0] or name)


SIZE = re.compile(r"[-_](?:\d{2,4}x\d{2,4}|\d{2,4}w|scaled|large|medium|small|full|thumb)$", re.IGNORECASE)
SURE_STEM = 6
"""Characters of a file's name without which it is no proof of being the same image."""
