"""Section A of the list of faults, its second half: answers, cookies and what is no page."""

from copydesk.faults import plays_a as plays
from copydesk.faults.answers import STORY, Answer, Request, article, bare, moved, page
from copydesk.faults.model import Fetch, Page, Row, Scenario
from copydesk.faults.rows_a import DEFERRED, OK, STORY_BODY, one
from tasks.io.captures import payload_digest

KNOWN = {"payload_digest": payload_digest(STORY_BODY), "etag": '"v1"'}


def conditional(request: Request) -> Answer:
    """304 to whoever has the page's ETag."""
    return page("", 304, ETag='"v1"') if "if-none-match" in request.headers else page(article(), ETag='"v1"')


def lying(request: Request) -> Answer:
    """Always 304 to a condition, though the page is another by now."""
    return page("", 304, ETag='"v1"') if "if-none-match" in request.headers else page(article("New"), ETag='"v1"')


def needs_cookie(request: Request) -> Answer:
    """A cookie first, then the page."""
    return STORY if "seen=1" in request.headers.get("cookie", "") else moved("/page", 302, Set_Cookie="seen=1; Path=/")


def shows_cookie(request: Request) -> Answer:
    """A page only for who sends no cookie."""
    return page("", 500) if "cookie" in request.headers else STORY


ROWS_A_MORE = (
    Row(
        "A15",
        "URLs that are none",
        (
            *(
                Fetch(name, {}, (Page(url, f"refused {reason}"),))
                for name, url, reason in (
                    ("user and password", "http://user:pass@a.test/", "bad_url"),
                    ("line end", "http://a.test/\r\nX-Injected: y", "bad_url"),
                    ("space", "http://a.test/a b", "bad_url"),
                    ("NUL", "http://a.test/\0", "bad_url"),
                    ("longer than 8 KB", "http://a.test/" + "x" * 9000, "bad_url"),
                    ("a port that is none", "http://a.test:99999/x", "bad_url"),
                    ("a port that is no number", "http://a.test:port/x", "bad_url"),
                    ("half an address", "http://[::1/x", "bad_url"),
                    ("no host", "http:///x", "bad_url"),
                    ("another scheme", "ftp://a.test/x", "refused_scheme"),
                    ("letters that look alike", "http://\u0430.test/x", "bad_url"),
                )
            ),
            Scenario("spelled in many ways", plays.spellings),
        ),
    ),
    Row(
        "A16",
        "429 with Retry-After",
        (
            *(
                Fetch(
                    f"Retry-After {value}",
                    {"/1": page("", 429, "text/html", **({"Retry_After": value} if value else {})), "/2": STORY},
                    (Page("/1", "failed rate_limited"), Page("/2", DEFERRED)),
                    requests=1,
                )
                for value in ("120", "Wed, 21 Oct 2099 07:28:00 GMT", "soon", "315360000", "")
            ),
            Scenario("the pause is kept over a restart", plays.pause_survives),
        ),
    ),
    Row(
        "A17",
        "503 with Retry-After, on one host of many",
        (
            Fetch(
                "the host rests",
                {"/1": page("", 503, "text/html", Retry_After="600"), "/2": STORY},
                (Page("/1", "failed rate_limited"), Page("/2", DEFERRED)),
                requests=1,
            ),
            Scenario("other hosts are not slowed", plays.others_not_slowed),
        ),
    ),
    Row(
        "A18",
        "401, 403, 451 and firewalls",
        (
            *(one(page("no", status), "blocked http_status", str(status), requests=1) for status in (401, 403, 451)),
            Fetch(
                "no hammering",
                {"*": page("no", 403)},
                (*(Page(f"/{number}", "blocked http_status") for number in range(10)), Page("/x", DEFERRED)),
                requests=10,
            ),
        ),
    ),
    Row("A19", "Challenges with status 200", plays.walls()),
    Row(
        "A20",
        "Pages that say they are not found, with status 200",
        (
            one(
                page("<title>404 - Page not found</title><h1>Page not found</h1><p>Try the search.</p>"),
                "fetched",
                "by its title",
                parsed="soft_404",
            ),
            one(page(article("404 people found work at the fair")), "fetched", "an article is one", parsed="article"),
        ),
    ),
    Row(
        "A21",
        "304, with and without the body that it speaks of",
        (
            Fetch(
                "known",
                {"/page": conditional},
                (Page("/page", "not_modified", known=KNOWN | {"last_full_at": plays.YESTERDAY}),),
            ),
            Fetch(
                "not known: no condition is sent",
                {"/page": conditional},
                (Page("/page", "fetched", known={"etag": '"v1"'}),),
            ),
            Fetch(
                "an ETag that never changes is not believed for ever",
                {"/page": lying},
                (Page("/page", "fetched", known=KNOWN | {"last_full_at": plays.LONG_AGO}),),
            ),
            one(page("", 304), "failed bad_response", "unasked"),
            Fetch(
                "the same body without an ETag",
                {"/page": STORY},
                (Page("/page", "not_modified", known=KNOWN | {"last_full_at": plays.YESTERDAY}),),
            ),
        ),
    ),
    Row(
        "A22",
        "A stored article is gone",
        tuple(
            Fetch(str(status), {"/page": page("", status)}, (Page("/page", "gone http_status", known=KNOWN),))
            for status in (404, 410)
        ),
    ),
    Row(
        "A23",
        "Certificates that nobody vouches for",
        (
            Fetch(
                "fails closed",
                {"/page": STORY},
                (Page("/page", "failed tls"), Page("/page2", "deferred host_paused")),
                requests=0,
                scheme="https",
            ),
            Fetch(
                "by the source's own wish",
                {"/page": STORY},
                (Page("/page", "fetched", row={"is_tls_verified": False}),),
                {"unverified": frozenset({"faults"})},
                scheme="https",
            ),
        ),
    ),
    Row(
        "A24",
        "Connections dropped midway",
        (
            Fetch("before the answer", {"/page": (bare(), STORY)}, (Page("/page", "fetched"),), requests=2),
            Fetch(
                "within the body",
                {"/page": (bare(OK, b"Content-Length: 500\r\n\r\nhello"), STORY)},
                (Page("/page", "fetched"),),
                requests=2,
            ),
        ),
    ),
    Row(
        "A25",
        "Headers without measure",
        (
            one(bare(OK, b"X: y\r\n" * 10_000, b"\r\nhello"), "failed bad_response", "10,000 headers"),
            one(bare(OK, b"X: ", b"y" * 1_000_000, b"\r\n\r\nhello"), "failed bad_response", "1 MB"),
            one(bare(OK, b"X\xff: a\0b\r\n\r\nhello"), "failed bad_response", "invalid bytes"),
            one(page("no", 418, "text/html; x=\x1b[31mred"), "failed http_status", "terminal codes"),
        ),
    ),
    Row("A26", "A captive portal", (Scenario("one page for many sites", plays.captive_portal),)),
    Row(
        "A27",
        "The server's clock",
        tuple(Scenario(f"Date in {year}", plays.server_clock(year)) for year in (1970, 2099)),
    ),
    Row(
        "A28",
        "Cookies",
        (
            Fetch("needed to get on", {"/page": needs_cookie}, (Page("/page", "fetched"),), requests=2),
            Fetch(
                "not kept",
                {"/1": page(article(), 200, "text/html", Set_Cookie="a=b"), "/2": shows_cookie},
                (Page("/1", "fetched"), Page("/2", "fetched")),
            ),
            Scenario("never sent to another host", plays.cookies_stay_home),
            Fetch(
                "bombs",
                {
                    "/page": (
                        bare(
                            b"HTTP/1.1 302 X\r\nLocation: /page\r\n",
                            b"Set-Cookie: " + b"a" * 30_000 + b"=1\r\n",
                            *(b"Set-Cookie: c%d=%s\r\n" % (number, b"v" * 4000) for number in range(200)),
                            b"\r\n",
                        ),
                        STORY,
                    )
                },
                (Page("/page", "fetched"),),
                requests=2,
            ),
        ),
    ),
)
