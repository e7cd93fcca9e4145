"""The headline: which of a page's titles, and without the site's name.

The visible h1 is what the paper calls its article; the others are there to tell it from furniture and to stand in.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from schemas.identity import site_of
from tasks.parse.model import Fact

SEPARATOR = re.compile(r"\s+(?:[|–—·•»«~⋆]|-{1,2}|::|//?|\\)\s+|\s*[|»]\s*|(?<=\S):\s+")
"""What stands between a headline and a site's name. A colon counts only beside a name that is known."""
SURE = re.compile(r"\s+(?:[|–—·•»«~⋆]|-{1,2}|::|\\)\s+|\s*[|»]\s*")

ORDER: tuple[str, ...] = (
    "site_rule",
    "document",
    "json_ld",
    "microdata",
    "meta:headline",
    "meta:sailthru.title",
    "meta:parsely-title",
    "meta:citation_title",
    "meta:dcterms.title",
    "open_graph",
    "meta:twitter:title",
    "meta",
    "dom:h1",
    "title_tag",
    "json_ld_page",
    "listing",
)
"""Who is believed when no h1 can be: the first that speaks."""

FURNITURE = frozenset(
    [
        "home",
        "news",
        "article",
        "blog",
        "menu",
        "search",
        "welcome",
        "main",
        "navigation",
        "advertisement",
        "latest",
        "opinion",
        "sport",
        "sports",
    ]
)
LONGEST = 1_000
"""Characters of a title that are looked at."""
SUPPORT = 0.5
"""Share of an h1's words that another title must have for the h1 to count as confirmed."""


@lru_cache(maxsize=1_000)
def fold(text: str) -> str:
    """Words only, lower case, for comparing titles; remembered, since a page says its title in many places."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def site_names(facts: Iterable[Fact], url: str) -> set[str]:
    """What the site calls itself, folded and without spaces: its names in the head, and its domain."""
    names = {fact.value.lstrip("@") for fact in facts if fact.field == "site_name"}
    site = site_of(url) if "://" in url else ""
    names |= {site, site.partition(".")[0]}
    folded = {fold(name).replace(" ", "") for name in names}
    return {
        bare
        for name in folded
        if name
        for bare in (name, name.removeprefix("the"), name.removeprefix("www"))
        if len(bare) > 1
    }


def strip_site(title: str, names: set[str], others: Iterable[str] = ()) -> str:
    """The title without a leading or trailing part that is the site's name, or that no other title has.

    >>> strip_site("Storm hits coast | Coast Herald", {"coastherald"})
    'Storm hits coast'
    >>> strip_site("Brexit - what now?", {"coastherald"})
    'Brexit - what now?'
    """
    heads = {fold(other) for other in others}
    current = title.strip()
    for _ in range(3):
        shorter = _strip_once(current, names, heads)
        if shorter == current:
            break
        current = shorter
    return current


def _strip_once(title: str, names: set[str], heads: set[str]) -> str:
    cuts = list(SEPARATOR.finditer(title))
    for cut in reversed(cuts):
        head, tail = title[: cut.start()].strip(), title[cut.end() :].strip()
        sure = SURE.fullmatch(cut[0]) is not None
        if not head or not tail:
            continue
        if sure and (is_name(tail, names) or (fold(head) in heads and fold(title) not in heads)):
            return head
        if is_name(head, names):
            return tail
    return title


def is_name(part: str, names: set[str]) -> bool:
    """Whether the text is one of the site's folded names."""
    bare = fold(part).replace(" ", "")
    return bare in names or bare.removeprefix("the") in names or (len(bare) > 3 and bare.removesuffix("com") in names)


def choose_title(facts: Sequence[Fact], url: str) -> Fact | None:
    """The fact that is the headline, its value without the site's name; None when no place names one."""
    names = site_names(facts, url)
    titles = [replace(fact, value=fact.value[:LONGEST]) for fact in facts if fact.field == "title" and fact.value]
    heads = [fact for fact in titles if fact.origin == "dom:h1"]
    others = [fact for fact in titles if fact.origin not in ("dom:h1", "json_ld_page")]
    names |= {fold(head.value).replace(" ", "") for head in heads if _closes_title_tag(head.value, titles)}
    told = [fact for fact in titles if not is_name(fact.value, names)]
    chosen = _best_heading(heads, others, names) or _in_order(told or titles)
    if chosen is None:
        return None
    rest = [fact.value for fact in others if fact.origin not in (chosen.origin, "title_tag")]
    if chosen.origin == "dom:h1":
        return Fact("title", chosen.origin, _without_kicker(strip_site(chosen.value, names), rest))
    return Fact("title", chosen.origin, strip_site(chosen.value, names, [*rest, *(head.value for head in heads)]))


def _closes_title_tag(heading: str, titles: Sequence[Fact]) -> bool:
    """Whether an h1 names the site: it ends the title element after something longer, and is nowhere else."""
    wanted = fold(heading)
    closes = False
    for fact in titles:
        if fact.origin == "title_tag":
            cuts = (cut for cut in SURE.finditer(fact.value) if fold(fact.value[cut.end() :]) == wanted)
            closes = any(len(fold(fact.value[: cut.start()]).split()) > len(wanted.split()) for cut in cuts)
        elif fact.origin != "dom:h1" and wanted in fold(fact.value):
            return False
    return closes


def _without_kicker(title: str, others: Sequence[str]) -> str:
    """The title without up to three words of a label before it, when another title is exactly the rest.

    >>> _without_kicker("Opinion A budget for no one", ["A budget for no one"])
    'A budget for no one'
    """
    words = fold(title).split()
    for other in others:
        theirs = fold(other).split()
        if len(theirs) >= 4 and 0 < len(words) - len(theirs) <= 3 and words[-len(theirs) :] == theirs:
            return other
    return title


def _best_heading(heads: Sequence[Fact], others: Sequence[Fact], names: set[str]) -> Fact | None:
    """The h1 that other titles confirm best; a lone unconfirmed one when it cannot be furniture."""
    usable = [head for head in heads if not is_name(head.value, names) and fold(head.value) not in FURNITURE]
    scored = [
        (support(head.value, [other.value for other in others]), -place, head) for place, head in enumerate(usable)
    ]
    best = max(scored, key=lambda entry: entry[:2], default=None)
    if best is None:
        return None
    if best[0] >= SUPPORT or not others:
        return best[2]
    return best[2] if len(usable) == 1 and len(fold(best[2].value).split()) >= 4 else None


def support(title: str, others: Iterable[str]) -> float:
    """The greatest share of common words between the title and one of the others, of the longer of the two."""
    words = set(fold(title).split())
    best = 0.0
    for other in others:
        theirs = set(fold(other).split())
        if words and theirs:
            best = max(best, len(words & theirs) / max(len(words), min(len(theirs), len(words) * 2)))
    return best


def _in_order(titles: Sequence[Fact]) -> Fact | None:
    """The first by ORDER; one that a longer title continues (headlines are cut at 110 characters) gives way to it."""
    ranked = sorted(titles, key=_rank)
    if not ranked:
        return None
    first = ranked[0]
    stem = first.value.rstrip(" .…")
    if stem != first.value:
        return next(
            (fact for fact in ranked[1:] if len(fact.value) > len(first.value) and fact.value.startswith(stem)), first
        )
    return first


def _rank(fact: Fact) -> int:
    return next((rank for rank, origin in enumerate(ORDER) if fact.is_from(origin)), len(ORDER))
