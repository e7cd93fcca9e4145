"""Names of people out of bylines: split, without jobs, outlets, addresses. What may be no name is left out."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from tasks.parse.dates import ISO, NUMERIC, WORDED
from tasks.parse.model import Fact
from tasks.parse.text import one_line

ORDER: tuple[str, ...] = (
    "site_rule",
    "json_ld",
    "meta:parsely-author",
    "meta:sailthru.author",
    "meta:citation_author",
    "meta:byl",
    "meta:author",
    "microdata",
    "open_graph",
    "meta",
    "dom:rel",
    "dom:near",
    "dom:class",
    "json_ld_page",
    "listing",
)
"""Who is believed first; the first that gives a name after cleaning is taken whole."""

LEAD = re.compile(
    r"^(?:(?:written|reported|story|words?|text|photos?|reviewed|posted|published|created|edited|article|presented|hosted)\s+(?:by|:)\s*"
    r"|by\s*:?\s+|by:|von\s+|par\s+|por\s+|door\s+|di\s+|da\s+|av\s+|af\s+|przez\s+|text\s*:\s*|author\s*:\s*|autore?\s*:\s*|redaktion\s*:\s*)",
    re.IGNORECASE,
)
"""What stands before the names."""
SPLIT = re.compile(r"\s*(?:;|\||\n|•|·|/|&|\s+(?:and|und|et|y|og|och|en|with|mit|avec|con)\s+)\s*", re.IGNORECASE)
COMMA = re.compile(r"\s*[,，、]\s*")
BESIDE = re.compile(
    r"\b(?:last\s+)?(?:updated|published|posted|modified|reviewed|fact[- ]checked|edited)\b(?!\s+by).*"
    r"|\b\d+\s*min(?:ute)?s?\b(?:\s+read)?|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b",
    re.IGNORECASE,
)
"""What stands in a byline beside names and dates."""
TRAIL = re.compile(
    r"\s+(?:[-–—|]\s.*|\(.*?\)?|@\w+.*|(?:is|was|has)\s(?:an?|the|been)\b.*|"
    r"(?:for\s+)?(?:the\s+)?(?:associated press|reuters|afp|bloomberg)\b.*|"
    r"(?:on|am|le|el)?\s*(?:\d{1,2}[./]\d{1,2}[./]\d{2,4}|(?:19|20)\d\d).*)$",
    re.IGNORECASE,
)
"""What stands after a name and is none: a handle, a bracket, a dash and a job, a date."""
NO_NAME = re.compile(r"https?:|www\.|@|[<>{}\[\]_=#:?!\"“”]|\d|\.(?:com|org|net|co|de)\b|^@", re.IGNORECASE)
SUFFIX = re.compile(
    r"^(?:jr|sr|ii|iii|iv|esq|ph\.?\s?d|m\.?\s?d|md|dds|dvm|rd|rn|mph|ms|mba|cfp|cfa|cpa|lcsw|dr|prof|facs|do|pharmd"
    r"|pt|dpt|jd|j\.d|cscs|rdn|ldn)\.?$",
    re.IGNORECASE,
)
GENERATION = re.compile(r"^(?:jr|sr|ii|iii|iv)\.?$", re.IGNORECASE)

ROLE_WORDS = frozenset({
    "about", "admin", "administrator", "agencies", "agency", "analyst", "anchor", "anonymous", "archive",
    "articles", "assistant", "associate", "association", "author", "authors", "blog", "board", "bureau",
    "byline", "center", "centre", "chief", "chronicle", "columnist", "columnists", "committee", "company",
    "contact", "contributed", "contributions", "contributor", "contributors", "corporation", "correspondent",
    "correspondents", "council", "courier", "critic", "daily", "date", "department", "deputy", "desk",
    "digital", "director", "editor", "editorial", "editors", "enquirer", "everyone", "examiner", "executive",
    "fellow", "follow", "foundation", "freelance", "gazette", "getty", "gmbh", "group", "guest", "herald",
    "home", "image", "inc", "institute", "intern", "journal", "journalist", "live", "llc", "ltd", "magazine",
    "manager", "media", "min", "ministry", "minutes", "more", "network", "news", "newsdesk", "newspaper",
    "newsroom", "newswire", "none", "null", "observer", "office", "online", "partner", "photo", "photographer",
    "post", "posts", "president", "press", "producer", "professor", "profile", "published", "publisher",
    "radio", "read", "redaccion", "redacción", "redactie", "redaktion", "redaktionsteam", "redazione",
    "register", "release", "report", "reporter", "reporters", "reports", "rédaction", "senior", "sentinel",
    "service", "services", "share", "special", "sponsored", "staff", "studio", "studios", "subscribe", "team",
    "telegram", "times", "today", "tribune", "tv", "undefined", "university", "unknown", "updated", "user",
    "videographer", "view", "web", "webmaster", "website", "wire", "wires", "writer", "writers",
})  # fmt: skip
"""Lower-case words that no name of a person is made of; one of them makes the piece a job or an outlet."""
AGENCIES = frozenset(
    [
        "ap",
        "afp",
        "reuters",
        "dpa",
        "upi",
        "efe",
        "ansa",
        "pti",
        "ians",
        "xinhua",
        "bloomberg",
        "tass",
        "apa",
        "sid",
        "epd",
        "kna",
        "ptsd",
        "cnn",
        "bbc",
        "npr",
    ]
)
PARTICLES = frozenset(
    [
        "de",
        "da",
        "di",
        "del",
        "della",
        "van",
        "von",
        "der",
        "den",
        "la",
        "le",
        "el",
        "bin",
        "ibn",
        "al",
        "dos",
        "du",
        "ter",
        "ten",
        "y",
        "e",
        "af",
        "av",
        "zu",
        "zur",
    ]
)
LONGEST = 50
MOST_WORDS = 5
LONGEST_BYLINE = 1_000


def split_authors(text: str, outlets: Iterable[str] = ()) -> list[str]:
    """The names in one byline, in order.

    >>> split_authors("By Ann Lee and Bo Ek, Senior Reporter")
    ['Ann Lee', 'Bo Ek']
    >>> split_authors("https://facebook.com/paper")
    []

    Args:
        text: the byline, one line.
        outlets: folded names of the site, without spaces (`titles.site_names`).
    """
    return list(_split(text[:LONGEST_BYLINE], frozenset(outlets)))


@lru_cache(maxsize=2_000)
def _split(text: str, outlets: frozenset[str]) -> tuple[str, ...]:
    """The names; remembered, because a page says them in several places and is asked more than once."""
    names: list[str] = []
    line = one_line(text)
    for noise in (WORDED, ISO, NUMERIC, BESIDE):
        line = noise.sub(" | ", line)
    for part in SPLIT.split(_without_lead(line)):
        for piece in COMMA.split(part):
            if names and GENERATION.match(piece):
                names[-1] = f"{names[-1]} {piece}"
                continue
            name = _name(piece, outlets)
            if name is not None and name not in names:
                names.append(name)
            elif name is None and names and _is_role(piece):
                break  # what follows a job in the same part is its place, not a person
    return tuple(names)


def _without_lead(text: str) -> str:
    for _ in range(2):
        text = LEAD.sub("", text).strip()
    return text


def _name(piece: str, outlets: frozenset[str]) -> str | None:
    """The piece as a person's name, or None."""
    name = TRAIL.sub("", _without_lead(piece)).strip(" .,-–—*’'|:") if piece else ""
    name = _dotted(piece, name)
    name = _without_degrees(name)
    if not 2 < len(name) <= LONGEST or name.lower().startswith("the ") or NO_NAME.search(name) or SUFFIX.match(name):
        return None
    words = name.split()
    if len(words) > MOST_WORDS + sum(word.lower() in PARTICLES for word in words):
        return None
    bare = fold_name(name).replace(" ", "")
    if bare in outlets or bare.removeprefix("the") in outlets or _is_role(name):
        return None
    return name if _looks_named(words) else None


def _without_degrees(name: str) -> str:
    words = name.split()
    while (
        len(words) > 2
        and SUFFIX.match(words[-1])
        and not GENERATION.match(words[-1])
        and words[-1].strip(".").isupper()
    ):
        words.pop()
    return " ".join(words)


def _dotted(piece: str, name: str) -> str:
    """The name with the full stop of an initial or of Jr. at its end, which trimming took."""
    has_stop = f"{name}." in piece and re.search(r"(?:^|[\s.])(?:\w|jr|sr)$", name, re.IGNORECASE)
    return f"{name}." if has_stop else name


def _is_role(text: str) -> bool:
    words = fold_name(text).split()
    if len(words) == 1 and words[0] in AGENCIES:
        return True
    return "associated press" in " ".join(words) or any(word in ROLE_WORDS for word in words)


def _looks_named(words: Sequence[str]) -> bool:
    """Capital letters in scripts that have them, but for particles; scripts without case pass."""
    told = [word for word in words if word.lower() not in PARTICLES and word[:1].isalpha()]
    if not told:
        return False
    return all(word[0].isupper() or not word[0].islower() for word in told)


def fold_name(text: str) -> str:
    """Letters and digits only, lower case."""
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()))


def choose_authors(facts: Sequence[Fact], outlets: Iterable[str] = ()) -> tuple[list[str], str | None]:
    """The names by the first origin that gives any, and that origin; a fuller list that begins with them wins."""
    shut = frozenset(outlets)
    told = [fact for fact in facts if fact.field == "authors"]
    chosen = next((origin for origin in ORDER if _names_by(origin, told, shut)), None)
    if chosen is None:
        return [], None
    first = _names_by(chosen, told, shut)
    for origin in FULLER:
        names = _names_by(origin, told, shut)
        if len(names) > len(first) and names[: len(first)] == first:
            return names, origin
    return first, chosen


def is_named(facts: Sequence[Fact], outlets: Iterable[str]) -> bool:
    """Whether a place gives a name that is believed more than elements that are named after authors."""
    shut = frozenset(outlets)
    told = [fact for fact in facts if fact.field == "authors"]
    return any(_names_by(origin, told, shut) for origin in ORDER[: ORDER.index("dom:class")])


FULLER: tuple[str, ...] = ("meta:author", "dom:rel", "meta:parsely-author", "dom:near")
"""Places that name all authors where JSON-LD often names the first."""


def _names_by(origin: str, told: Sequence[Fact], shut: frozenset[str]) -> list[str]:
    names: list[str] = []
    for fact in told:
        if not fact.is_from(origin):
            continue
        outlets = frozenset[str]() if fact.origin.endswith(":person") and " " in fact.value.strip() else shut
        names.extend(name for name in split_authors(fact.value, outlets) if name not in names)
        if names and origin in ("dom:class", "dom:near"):
            break  # containers repeat what is in them; the first is the byline
    return names
