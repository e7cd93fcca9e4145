"""URLs that a page names: which canonical URL is believable, and absolute image URLs."""

from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from schemas.identity import normalise_url, site_of
from tasks.parse.model import Fact

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
    try:
        joined = urljoin(base, candidate.strip()) if base.startswith("http") else candidate.strip()
        if urlsplit(joined).scheme not in ("http", "https") or any(char.isspace() for char in joined):
            return None
        return normalise_url(joined)
    except ValueError:
        return None
