"""Section A of the list of faults: network and HTTP."""

import gzip
import sys
import zlib

import brotli

from copydesk.faults import plays_a as plays
from copydesk.faults.answers import (
    RESET,
    SILENCE,
    STORY,
    Answer,
    bare,
    moved,
    page,
)
from copydesk.faults.model import Fetch, Page, Row, Scenario

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
STORY_BODY = STORY.sent.split(b"\r\n\r\n", 1)[1]
ZEROS = bytes(12_000_000)


def packed(body: bytes, encoding: str) -> Answer:
    """A body in a content encoding."""
    return page(body, 200, "text/html", Content_Encoding=encoding)


def one(answer: Answer, ends: str, name: str = "", **more: object) -> Fetch:
    """The usual case: one page with this answer ends so."""
    settings = more.pop("settings", {})
    requests = more.pop("requests", None)
    return Fetch(name or ends, {"/page": answer}, (Page("/page", ends, **more),), settings, requests)  # type: ignore[arg-type]


DEFERRED = "deferred host_paused"

ROWS_A = (
    Row(
        "A1",
        "DNS: no such name",
        (
            Fetch(
                "a dead name costs one try",
                {},
                (Page("/1", "failed dns"), Page("/2", DEFERRED), Page("/3", DEFERRED)),
                decree="nxdomain",
            ),
            Scenario("a dead host rests longer with each run", plays.dead_host_rests_longer),
        ),
    ),
    Row(
        "A2",
        "DNS: not now",
        (
            Fetch(
                "asked again in the same run",
                {},
                (Page("/1", "failed dns"),),
                {"retries": 2, "circuit_errors": 9},
                decree="servfail",
            ),
        ),
    ),
    Row(
        "A3",
        "Connection refused or reset",
        (
            Fetch(
                "reset thrice, then the host rests",
                {"*": RESET},
                (*(Page(f"/{number}", "failed connect") for number in range(3)), Page("/3", DEFERRED)),
                {"retries": 0},
                requests=3,
            ),
            Fetch("reset once", {"/page": (RESET, STORY)}, (Page("/page", "fetched"),), requests=2),
            Scenario("refused", plays.refused_port),
        ),
    ),
    Row(
        "A4",
        "Connect and read timeouts",
        (
            Scenario("nobody takes the connection", plays.full_queue),
            one(
                SILENCE, "failed timeout", "silence", detail="(?i)read", settings={"read_timeout_s": 0.2, "retries": 0}
            ),
        ),
    ),
    Row(
        "A5",
        "A byte a second, for ever",
        (
            one(
                Answer(OK + b"\r\n", drip=b"x", pause_s=0.05),
                "failed slow",
                "lowest rate",
                detail="bytes in",
                settings={"rate_grace_s": 0.3, "min_bytes_per_s": 500.0},
                requests=1,
            ),
            one(
                Answer(OK + b"\r\n", drip=b"x" * 2000, pause_s=0.05),
                "failed slow",
                "total time",
                detail="not finished",
                settings={"total_timeout_s": 0.5},
                requests=1,
            ),
        ),
    ),
    Row(
        "A6",
        "A body without end",
        (
            one(
                Answer(OK + b"Transfer-Encoding: chunked\r\n\r\n", drip=b"4000\r\n" + b"x" * 16_384 + b"\r\n"),
                "refused too_large",
                settings={"max_body_bytes": 300_000},
                requests=1,
                parsed="too_large",
            ),
        ),
    ),
    Row(
        "A7",
        "A body that ends too early",
        (
            one(bare(OK, b"Content-Length: 9999\r\n\r\n<p>half"), "failed truncated", "length", requests=2),
            one(
                bare(OK, b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nhe"),
                "failed truncated",
                "chunks",
                requests=2,
            ),
            Fetch(
                "whole at the second try",
                {"/page": (bare(OK, b"Content-Length: 9999\r\n\r\n<p>half"), STORY)},
                (Page("/page", "fetched"),),
                requests=2,
            ),
        ),
    ),
    Row(
        "A8",
        "Content-Length wrong, twice, negative, no number",
        (
            one(bare(OK, b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"), "failed bad_response", "twice"),
            one(bare(OK, b"Content-Length: -5\r\n\r\nhello"), "failed bad_response", "negative"),
            one(bare(OK, b"Content-Length: five\r\n\r\nhello"), "failed bad_response", "no number"),
            Scenario("too small", plays.smuggled_response),
        ),
    ),
    Row(
        "A9",
        "Compression bombs",
        (
            one(packed(gzip.compress(ZEROS), "gzip"), "refused bomb", "gzip", parsed="bomb"),
            one(packed(zlib.compress(ZEROS), "deflate"), "refused bomb", "deflate"),
            one(packed(brotli.compress(ZEROS), "br"), "refused bomb", "br"),
            one(packed(zstd.compress(ZEROS), "zstd"), "refused bomb", "zstd"),
            one(packed(gzip.compress(gzip.compress(ZEROS)), "gzip, gzip"), "refused bomb", "gzip in gzip"),
            one(packed(b"x", "gzip, br, gzip, br"), "refused bomb", "four encodings"),
        ),
    ),
    Row(
        "A10",
        "Content-Encoding that is not so",
        (
            one(packed(STORY_BODY, "gzip"), "fetched", "plain body", parsed="article"),
            one(packed(gzip.compress(STORY_BODY)[:-20], "gzip"), "failed truncated", "cut gzip"),
            one(packed(gzip.compress(STORY_BODY)[:-8] + bytes(8), "gzip"), "failed bad_content_encoding", "wrong CRC"),
        ),
    ),
    Row(
        "A11",
        "Redirects without end, and to nowhere",
        (
            Fetch("loop", {"/page": moved("/b"), "/b": moved("/page")}, (Page("/page", "failed redirect_loop"),)),
            Fetch(
                "eleven hops",
                {f"/{number}": moved(f"/{number + 1}") for number in range(20)},
                (Page("/0", "failed redirect_loop"),),
                requests=11,
            ),
            Fetch("home page", {"/page": moved("/"), "/": STORY}, (Page("/page", "refused soft_404"),)),
            Fetch(
                "login page",
                {"/page": moved("/login?next=/page"), "/login": STORY},
                (Page("/page", "blocked challenge", "login page"),),
            ),
            Fetch(
                "consent page",
                {"/page": moved("/consent?next=/page"), "/consent": STORY},
                (Page("/page", "blocked challenge", "consent page"),),
            ),
            one(
                page('<meta http-equiv="refresh" content="0; url=/page"><p>Wait.</p>'),
                "fetched",
                "meta refresh to itself",
                parsed="empty_extraction",
                requests=1,
            ),
        ),
    ),
    Row(
        "A12",
        "Redirects to other schemes",
        (
            one(moved("file:///etc/passwd"), "refused refused_scheme", "file", requests=1),
            one(moved("ftp://a.test/x"), "refused refused_scheme", "ftp", requests=1),
            one(moved("data:text/html,x"), "refused refused_scheme", "data", requests=1),
            one(moved("gopher://a.test/x"), "refused refused_scheme", "gopher", requests=1),
            Scenario("https to http is told, or refused", plays.downgrade),
        ),
    ),
    Row(
        "A13",
        "Private addresses in every notation",
        (
            *(
                Fetch(address, {}, (Page(f"http://{address}/latest", "refused refused_address"),))
                for address in plays.PRIVATE
            ),
            *(
                one(moved(f"http://{address}/"), "refused refused_address", f"to {address}")
                for address in plays.PRIVATE
            ),
            Scenario("in a listing and in robots.txt", plays.private_everywhere),
        ),
    ),
    Row(
        "A14",
        "A name that turns private",
        (
            Fetch("at connect", {}, (Page("/page", "refused refused_address"),), decree="10.0.0.1"),
            Scenario("between two requests", plays.rebinding),
        ),
    ),
)
