"""The language of robots.txt: which group is ours, and which of its rules decides on a URL (RFC 9309). Pure.

Written out here because the libraries differ from the RFC where it counts: `Copydesk/2.0` or `copy` as a group's
name, a Crawl-delay that ends a group, `%2F` taken for `/`, and an index.html that opens its folder.
What does not belong here: what a missing or broken file means (`robots_rules`).
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from schemas.reasons import Reservation
from tasks.io.reservations import signals_of

_LINE_END = re.compile(r"\r\n|\n|\r")
_RECORD = re.compile(
    r"\s*(user-?\s?agent|dis-?s?allow|disalow|dissalow|allow|crawl-?\s?delay|sitemaps?|site-map"
    r"|content-(?:signal|usage))\s*(?::|\s)\s*(.*?)\s*",
    re.IGNORECASE,
)
"""A line that means something; a missing colon and the usual slips are forgiven, because their authors meant it.
Matches: User-agent: x, Disallow /a. Does not match: Host: a.test, disallowed: /a."""
_TOKEN = re.compile(r"([A-Za-z_-]+)(?![A-Za-z0-9_-])|(\*)(?=\s|$)")
"""The product token that begins a group's name (section 2.2.1). Matches: Copydesk/2.0. Does not match: copydesk2."""
_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})|[^\x21-\x7e]")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
ANYONE = "*"
AI_AGENTS = frozenset(
    {
        "amazonbot", "anthropic-ai", "applebot-extended", "bytespider", "ccbot", "chatgpt-user", "claude-web",
        "claudebot", "cohere-ai", "cohere-training-data-crawler", "diffbot", "facebookbot", "google-extended",
        "gptbot", "meta-externalagent", "omgili", "omgilibot", "perplexitybot", "timpibot", "webzio-extended",
    }
)  # fmt: skip
"""Product tokens of crawlers that gather for AI, as their firms name them (observed in 2026)."""


@dataclass(frozen=True)
class Rule:
    """One allow or disallow line; `pattern` in the one spelling of `_spell`, with its wildcards."""

    is_allow: bool
    pattern: str

    def matches(self, path: str) -> bool:
        """Whether the pattern fits the path (with query, in the one spelling) from its begin."""
        anchored = self.pattern.endswith("$")
        first, *parts = (self.pattern[:-1] if anchored else self.pattern).split("*")
        if not path.startswith(first):
            return False
        at = len(first)
        for part in parts[:-1] if anchored else parts:
            found = path.find(part, at)
            if found < 0:
                return False
            at = found + len(part)
        if not anchored:
            return True
        return path.endswith(parts[-1]) and len(path) - len(parts[-1]) >= at if parts else at == len(path)


@dataclass(frozen=True)
class Group:
    """What a robots.txt says to us: rules by rising weight of their decision, the first that matches counts."""

    rules: tuple[Rule, ...] = ()
    crawl_delay_s: float | None = None
    sitemaps: tuple[str, ...] = ()
    signals: tuple[tuple[str, frozenset[Reservation]], ...] = ()
    """(path pattern, what is reserved there) of the lines Content-Signal and Content-Usage."""
    ai_groups: tuple[tuple[Rule, ...], ...] = ()
    """The rules of the groups that name crawlers of AI firms."""

    def reservations(self, url: str) -> frozenset[Reservation]:
        """What is reserved for the URL, beside whether it may be fetched."""
        path = _path_of(url)
        found = {one for pattern, kinds in self.signals if Rule(True, pattern).matches(path) for one in kinds}
        if not all(_allows(rules, path) for rules in self.ai_groups):
            found.add(Reservation.AI_AGENTS)
        return frozenset(found)

    def allows(self, url: str) -> bool:
        """Whether the rules let the URL be fetched: the longest match wins, allow wins ties (section 2.2.2)."""
        return urlsplit(url).path == "/robots.txt" or _allows(self.rules, _path_of(url))


def our_group(text: str, product: str) -> Group:
    r"""The rules for the product: those of all groups that name it, else of all for anyone, else none.

    A name counts by its product token, whatever its case and version; a line that is no rule ends no group
    (section 2.2.4).

    >>> group = our_group("User-agent: Copydesk/2.0\nDisallow: /a\nAllow: /a/b", "copydesk")
    >>> group.allows("https://x.org/a/c"), group.allows("https://x.org/a/b"), group.allows("https://x.org/")
    (False, True, True)
    """
    rules: defaultdict[str, list[Rule]] = defaultdict(list)
    delays: dict[str, float] = {}
    sitemaps: list[str] = []
    signals: defaultdict[str, list[tuple[str, frozenset[Reservation]]]] = defaultdict(list)
    agents: set[str] = set()
    is_heading = False
    for name, value in _records(text):
        if name.startswith("user"):
            agents = agents if is_heading else set()
            token = _TOKEN.match(value)
            agent = (token.group(1) or ANYONE).lower() if token else ""
            agents.add(agent)
            rules[agent] = rules[agent]
            is_heading = True
        elif name.startswith("site"):
            sitemaps.append(value)
        elif name.startswith("crawl"):
            delays |= dict.fromkeys(agents, _seconds(value)) if _seconds(value) else {}
        elif name.startswith("content"):
            for agent in agents:
                signals[agent].append(_signal(value))
        else:
            is_heading = False
            for agent in agents if value else ():
                rules[agent].append(Rule(name == "allow", _pattern(value)))
    ours = product.lower() if product.lower() in rules else ANYONE
    ai_groups = dict.fromkeys(_weighed(rules[agent]) for agent in sorted(AI_AGENTS & set(rules)))
    named = tuple(filter(None, sitemaps))
    return Group(_weighed(rules.get(ours, ())), delays.get(ours), named, tuple(signals[ours]), tuple(ai_groups))


def _weighed(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules by rising weight of their decision: the longest first, allow before disallow."""
    return tuple(dict.fromkeys(sorted(rules, key=lambda rule: (-len(rule.pattern), not rule.is_allow))))


def _allows(rules: tuple[Rule, ...], path: str) -> bool:
    return next((rule.is_allow for rule in rules if rule.matches(path)), True)


def _path_of(url: str) -> str:
    """Path and query of a URL in the one spelling, its own wildcards escaped."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return _spell(f"{parts.path or '/'}{query}").replace("*", "%2A").replace("$", "%24")


def _signal(value: str) -> tuple[str, frozenset[Reservation]]:
    """Where a Content-Signal line holds (everywhere, unless it begins with a path), and what it reserves."""
    path = value.split(None, 1)[0] if value.startswith("/") else ""
    return _pattern(path), signals_of(value[len(path) :])


def _records(text: str) -> Iterator[tuple[str, str]]:
    for line in _LINE_END.split(text):
        found = _RECORD.fullmatch(line.split("#", 1)[0])
        if found is not None:
            yield found.group(1).lower(), found.group(2)


def _seconds(value: str) -> float:
    """The number of a Crawl-delay; 0 where it is none."""
    try:
        seconds = float(value)
    except ValueError:
        return 0.0
    return seconds if math.isfinite(seconds) and seconds > 0 else 0.0


def _pattern(value: str) -> str:
    """A path pattern in the one spelling: `*` is a wildcard, `$` an anchor at the end, elsewhere a plain character."""
    anchor = "$" if value.endswith("$") else ""
    body = _spell(value.removesuffix("$")).replace("$", "%24")
    return re.sub(r"\*+", "*", body) + anchor


def _spell(text: str) -> str:
    """Percent-encoding in one spelling: unreserved characters bare, all else as it was meant (section 2.2.2)."""

    def put(match: re.Match[bytes]) -> bytes:
        digits = match.group(1)
        byte = int(digits, 16) if digits else match.group()[0]
        return bytes([byte]) if digits and byte in _UNRESERVED else b"%%%02X" % byte

    return _ESCAPE.sub(put, text.encode("utf-8", "surrogatepass")).decode("ascii")
