"""Section B of the list of faults: robots.txt and politeness."""

from collections.abc import Mapping
from typing import Any

from copydesk.faults import plays_b as plays
from copydesk.faults.answers import RESET, STORY, Answer, Reply, article, bare, moved, page, text
from copydesk.faults.model import Fetch, Page, Row, Scenario
from schemas.reasons import Reservation

RULES = "User-agent: *\nDisallow: /x\n"
FORBIDDEN, UNREACHABLE, PAUSED = "blocked robots_disallowed", "blocked robots_unreachable", "deferred host_paused"
BY_RULES, ALL, NONE = (FORBIDDEN, "fetched"), ("fetched", "fetched"), (UNREACHABLE, UNREACHABLE)
"""How /x and /y end."""


def robots(name: str, answer: Reply | tuple[Reply, ...], ends: tuple[str, str], **more: Any) -> Fetch:
    """A host with this robots.txt, and how its pages /x and /y end."""
    site: dict[str, Reply | tuple[Reply, ...]] = {"*": STORY, "/robots.txt": answer} | more.pop("site", {})
    pages = tuple(Page(path, end) for path, end in zip(("/x", "/y"), ends, strict=True))
    return Fetch(name, site, pages, {"retries": 0} | more.pop("settings", {}), **more)


def chain(hops: int, last: Answer) -> Mapping[str, Answer]:
    """robots.txt behind so many redirects."""
    names = ["/robots.txt", *(f"/r{number}" for number in range(hops))]
    steps = {name: moved(names[place + 1]) for place, name in enumerate(names[:-1])}
    return steps | {names[-1]: last}


def head(element: str) -> Answer:
    """An article with this element in its head."""
    return page(article(head=element))


def reserved(name: str, site: Mapping[str, Answer], told: str, requests: int) -> tuple[Fetch, ...]:
    """A page that reserves something: refused where that is respected, told of but fetched where something else is."""
    others = frozenset(set(Reservation) - {told})
    return (
        Fetch(
            f"{name}, respected",
            site,
            (Page("/page", "blocked reserved", detail=told),),
            {"respect": {"faults": frozenset({Reservation(told)})}},
            requests=requests,
        ),
        Fetch(
            f"{name}, noted",
            site,
            (Page("/page", "fetched", parsed="article", row={"reservations": [told]}),),
            {"respect": {"faults": others}},
        ),
    )


ALL_KINDS = {"respect": {"faults": frozenset(Reservation)}}

SLOWED = {"max_crawl_delay_s": 0.05, "crawl_budget_s": 60.0, "delay_s": 0.0}

ROWS_B = (
    Row(
        "B1",
        "robots.txt in every state",
        (
            robots("rules", text(RULES), BY_RULES),
            robots(
                "for Copydesk/2.0", text(f"User-agent: Copydesk/2.0\nDisallow: /y\n\n{RULES}"), ("fetched", FORBIDDEN)
            ),
            robots("404", page("Disallow: /", 404), ALL),
            robots("403", page("", 403), ALL),
            robots("410", page("", 410), ALL),
            robots("500", page("", 500), NONE, requests=0),
            robots("503", page("", 503), NONE, requests=0),
            robots("503 with Retry-After", page("", 503, "text/plain", Retry_After="60"), (PAUSED, PAUSED), requests=0),
            robots("429", page("", 429), (PAUSED, PAUSED), requests=0),
            robots("reset", RESET, ("failed connect", PAUSED), requests=0),
            robots(
                "no answer",
                Answer(wait_s=60.0),
                ("failed timeout", PAUSED),
                settings={"read_timeout_s": 0.2},
                requests=0,
            ),
            robots("five redirects", text(RULES), BY_RULES, site=chain(5, text(RULES))),
            robots("redirects without end", moved("/robots.txt"), ALL),
            robots("HTML", page("<html><body>Disallow: /</body></html>"), ALL),
            robots("20 MB", text(RULES + "# padding\n" * 2_000_000), BY_RULES),
            robots("byte order mark", text(b"\xef\xbb\xbf" + RULES.encode()), BY_RULES),
            robots("latin-1", text(b"# \xe9\xe8\n" + RULES.encode()), BY_RULES),
            robots("no line end", text(RULES.strip()), BY_RULES),
            robots("bare CR", text(RULES.replace("\n", "\r")), BY_RULES),
            robots("cut", bare(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser"), ("failed truncated", PAUSED)),
            robots("broken gzip", text(b"\x1f\x8b\x08\0\0", Content_Encoding="gzip"), NONE),
            Fetch(
                "behind a redirect too",
                {"/robots.txt": text(RULES), "/door": moved("/x"), "*": STORY},
                (Page("/door", FORBIDDEN),),
                requests=1,
            ),
        ),
    ),
    Row("B2", "robots.txt changes", (Scenario("asked again after 24 hours", plays.asked_again_after_a_day),)),
    Row(
        "B3",
        "Crawl-delay",
        (
            *(
                robots(f"Crawl-delay {value}", text(f"User-agent: *\nCrawl-delay: {value}"), ALL)
                for value in ("0.02", "abc", "-1", "nan")
            ),
            robots(
                "beyond the cap",
                text("User-agent: *\nCrawl-delay: 86400"),
                ("fetched", PAUSED),
                settings=SLOWED,
                requests=1,
            ),
            Scenario("honoured, and told where it is not", plays.crawl_delay),
        ),
    ),
    Row("B4", "One host, asked by many at once", (Scenario("two fetchers, two runs", plays.two_fetchers),)),
    Row("B5", "Many names on one address", (Scenario("a pause for the address", plays.one_address),)),
    Row(
        "B6",
        "What publishers reserve",
        (
            *(
                case
                for name, answer, told in (
                    ("meta noindex", head('<meta name="robots" content="noindex, nofollow">'), "noindex"),
                    ("meta none", head("<META CONTENT=none NAME=ROBOTS>"), "noindex"),
                    ("meta noarchive", head("<meta name='robots' content='noarchive'>"), "noarchive"),
                    ("meta noai", head('<meta name="robots" content="noai, noimageai">'), "noai"),
                    ("meta tdm-reservation", head('<meta name="tdm-reservation" content="1">'), "tdm"),
                    ("X-Robots-Tag", page(article(), X_Robots_Tag="noindex"), "noindex"),
                    ("X-Robots-Tag for us", page(article(), X_Robots_Tag="Copydesk: noarchive"), "noarchive"),
                    ("tdm-reservation", page(article(), TDM_Reservation="1"), "tdm"),
                    ("Content-Usage", page(article(), Content_Usage="train-ai=n"), "ai_train"),
                )
                for case in reserved(name, {"/page": answer}, told, requests=1)
            ),
            *(
                case
                for name, lines, told in (
                    ("Content-Signal", "User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /", "ai_train"),
                    ("Content-Signal with a path", "User-agent: *\nContent-Signal: /page ai-input=no", "ai_input"),
                    ("crawlers of AI firms", "User-agent: GPTBot\nUser-agent: CCBot\nDisallow: /", "ai_agents"),
                )
                for case in reserved(name, {"/robots.txt": text(lines), "/page": STORY}, told, requests=0)
            ),
            *(
                Fetch(name, site | {"/page": answer}, (Page("/page", "fetched", row={"reservations": []}),), ALL_KINDS)
                for name, answer, site in (
                    ("said to another crawler", page(article(), X_Robots_Tag="googlebot: noindex, noai"), {}),
                    ("in a comment", head('<!-- <meta name="robots" content="noindex"> -->'), {}),
                    ("in the body", page(article() + '<meta name="robots" content="noindex">'), {}),
                    ("a length", page(article(), X_Robots_Tag="max-snippet: 0, index"), {}),
                    ("tdm-reservation 0", head('<meta name="tdm-reservation" content="0">'), {}),
                    ("other paths", STORY, {"/robots.txt": text("User-agent: GPTBot\nDisallow: /x")}),
                    (
                        "a signal for other paths",
                        STORY,
                        {"/robots.txt": text("User-agent: *\nContent-Signal: /x ai-train=no")},
                    ),
                    (
                        "allowed to AI firms",
                        STORY,
                        {"/robots.txt": text("User-agent: GPTBot\nAllow: /\nContent-Signal: ai-train=yes")},
                    ),
                )
            ),
            Scenario("told in columns, and its text not kept where it is respected", plays.reserved),
        ),
    ),
)
