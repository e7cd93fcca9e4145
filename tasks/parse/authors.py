"""Names of people out of bylines: split, without jobs, outlets, addresses. What may be no name is left out."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
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
    r"|by\s*:?\s+|by:|(?:par|por|door|przez)\s*:?\s+|(?:von|di|da|av|af)\s*:\s*"
    r"|(?:von|di|da|av|af)\s+(?=(?-i:[^\W\d_a-zß-öø-ÿ])\S*\s+\S)"
    r"|(?:te[kx]s?t[eo]?|testo|authors?|autor(?:e|es|a|in)?|auteurs?|redaktion|reportage|a cura di)\s*:\s*)",
    re.IGNORECASE,
)
"""What stands before the names. Da Silva and von der Leyen are names: such a word goes before two others only."""
ADDRESS = re.compile(r"(?:https?://|www\.)\S*|\S+@\S*|(?<!\w)@\w+", re.IGNORECASE)
SPLIT = re.compile(r"\s*(?:;|\||\n|•|·|/|&|\s+(?:and|und|et|og|och|ja|és|ve|и|with|mit|avec|con)\s+)\s*", re.IGNORECASE)
JOINING = re.compile(r"\s+(?:y|e|i|en)\s+", re.IGNORECASE)
"""And, where surnames have it too or where it also means in: it parts names only with two words on each side."""
COMMA = re.compile(r"\s*[,，、]\s*")
BESIDE = re.compile(
    r"\b(?:last\s+)?(?:updated|published|posted|modified|reviewed|fact[- ]checked|edited)\b(?!\s+by).*"
    r"|\b\d+\s*min(?:ute)?s?\b(?:\s+read)?|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b",
    re.IGNORECASE,
)
"""What stands in a byline beside names and dates."""
TRAIL = re.compile(
    r"\s+(?:[-–—|]\s.*|\(.*?\)?|@\w+.*|(?:is|was|has)\s(?:an?|the|been)\b.*|for\s+(?:the\s+)?\S.*|(?-i:in\s[^\W\d_a-zß-öø-ÿ]).*|"
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
    "agence", "agencia", "agencias", "agentur", "agenturen", "agenzia", "chefredakteur", "corresponsal",
    "correspondant", "correspondante", "corrispondente", "dziennikarz", "gastautor", "gastbeitrag", "giornalista",
    "inviato", "journaliste", "journalistin", "korrespondent", "korrespondentin", "periodista", "presse",
    "redacteur", "redactor", "redactora", "redakcja", "redakteur", "redakteurin", "redaktör", "reporterin",
    "verslaggever", "volontär", "volontärin", "ceo", "cofounder", "founder", "reviewer",
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
HOUSES = frozenset({"condé nast", "conde nast", "hearst owned", "dotdash meredith", "gannett", "vox media"})
"""Publishing houses that stand where their papers' authors should."""
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
    for noise in (ADDRESS, WORDED, ISO, NUMERIC, BESIDE):
        line = noise.sub(" | ", line)
    for part in _parts(_without_lead(line)):
        for piece in COMMA.split(part):
            if names and GENERATION.match(piece):
                names[-1] = f"{names[-1]} {piece}"
                continue
            name = _name(piece, outlets)
            if name is not None:
                names.append(name)
            elif names and _is_role(piece):
                break  # what follows a job in the same part is its place, not a person
    return tuple(
        {fold_name(name): name for name in reversed(names)}[key] for key in dict.fromkeys(map(fold_name, names))
    )


def _parts(line: str) -> Iterator[str]:
    for part in SPLIT.split(line):
        halves = JOINING.split(part)
        yield from halves if all(len(half.split()) > 1 for half in halves) else [part]


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
    return _in_case(name) if _looks_named(words) else None


def _in_case(name: str) -> str:
    """A name in capitals as it is usually written, where that is certain.

    >>> _in_case("ANN O'HARA"), _in_case("LUC DE LA TOUR"), _in_case("J.P. MCKAY")
    ("Ann O'Hara", 'Luc de la Tour', 'J.P. MCKAY')
    """
    words = name.split()
    if name != name.upper() or len(words) < 2 or not all(CAPITALS.fullmatch(word) for word in words):
        return name
    told = [
        word if INITIALS.fullmatch(word) else re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)
        for word in words
    ]
    return " ".join([told[0], *(word.lower() if word.lower() in PARTICLES else word for word in told[1:])])


CAPITALS = re.compile(r"(?!MC|MAC|VAN[A-Z]|DE[A-Z]{4}|FITZ)(?:[^\W\d_]+\.?|[^\W\d_]+[-'’][^\W\d_]+|(?:[^\W\d_]\.)+)")
"""A word that is surely written with one capital: no McKay, no DeLuca, which may be Deluca."""
LETTERS = re.compile(r"[^\W\d_]+")
INITIALS = re.compile(r"[^\W\d_]\.?|(?:[^\W\d_]\.)+|[BCDFGHJKLMNPQRSTVWXZ]{2}|I{2,3}|IV")
"""Initials and ordinals, which stay capitals."""


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
    if " ".join(words) in HOUSES or (len(words) == 1 and words[0] in AGENCIES):
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
    spoken = _spoken(told)
    chosen = next((origin for origin in ORDER if origin in spoken and names_by(origin, told, shut)), None)
    if chosen is None:
        return [], None
    first = names_by(chosen, told, shut)
    for origin in FULLER:
        if origin not in spoken:
            continue
        names = names_by(origin, told, shut)
        if len(names) > len(first) and names[: len(first)] == first:
            return names, origin
    return first, chosen


def is_named(facts: Sequence[Fact], outlets: Iterable[str]) -> bool:
    """Whether a place gives a name that is believed more than elements that are named after authors."""
    shut = frozenset(outlets)
    told = [fact for fact in facts if fact.field == "authors"]
    spoken = _spoken(told)
    return any(origin in spoken and names_by(origin, told, shut) for origin in ORDER[: ORDER.index("dom:class")])


def _spoken(told: Sequence[Fact]) -> set[str]:
    """The origins and families that say anything: to ask all others takes longer than all answers."""
    return {place for fact in told for place in (fact.origin, fact.family)}


FULLER: tuple[str, ...] = ("meta:author", "dom:rel", "meta:parsely-author", "dom:near")
"""Places that name all authors where JSON-LD often names the first."""


def names_by(origin: str, told: Sequence[Fact], shut: frozenset[str]) -> list[str]:
    """The names that one origin, or family of origins, gives; `shut` are the site's folded names, which are none."""
    names: list[str] = []
    for fact in told:
        if not fact.is_from(origin):
            continue
        outlets = frozenset[str]() if fact.origin.endswith(":person") and " " in fact.value.strip() else shut
        names.extend(name for name in split_authors(fact.value, outlets) if name not in names)
        if names and origin in ("dom:class", "dom:near"):
            break  # containers repeat what is in them; the first is the byline
    return names
