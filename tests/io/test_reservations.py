"""What publishers reserve, read from heads, headers and robots.txt: who is meant, what counts, and no blow-up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Reservation
from tasks.io.reservations import DIRECTIVES, SIGNALS, header_reservations, in_order, page_reservations, signals_of
from tasks.io.robots_rules import parse_robots


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (b"noindex", ["noindex"]),
        (b"NoIndex , NOARCHIVE", ["noarchive", "noindex"]),
        (b"robots: none", ["noindex"]),
        (b"googlebot: noindex", []),
        (b"otherbot: noindex, copydesk: noai, noarchive", ["noai", "noarchive"]),
        (b"unavailable_after: 25 Jun 2030 15:00:00 PST, noindex", ["noindex"]),
        (b"max-snippet:-1, max-image-preview:large", []),
        (b"nofollow, nosnippet, noimageai", []),
        (b"\xff\xfe", []),
    ],
)
def test_x_robots_tag(value: bytes, found: list[str]) -> None:
    """Directives for everybody or for us count, those for others do not; values with a colon are no names."""
    assert in_order(header_reservations(((b"X-Robots-Tag", value),))) == found


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (b'<meta name="copydesk" content="noindex">', ["noindex"]),
        (b'<meta name="robots" content="noindex"><meta name="robots" content="noml">', ["noai", "noindex"]),
        (b'<meta name="googlebot" content="noindex">', []),
        (b'<meta property="robots" content="noindex">', []),
        (b'<script>"<meta name=robots content=noindex>"</script>', []),
        (b'<script>x</script><meta name=robots content=noindex>', ["noindex"]),
        (b'<!-- x --><style>y</style><meta name=robots content=noindex>', ["noindex"]),
        (b'</head><meta name=robots content=noindex>', []),
        (b'<metal name="robots" content="noindex">', []),
        (b'<meta name="tdm-reservation" content=" 1 ">', ["tdm"]),
        (b'<meta name="tdm-reservation" content="0"><meta name="tdm-policy" content="https://x.org/1">', []),
        (b"<p>The directive noindex is explained here.</p>", []),
        (b"", []),
    ],
)  # fmt: skip
def test_heads(page: bytes, found: list[str]) -> None:
    """Only meta elements of the head that a browser would see."""
    assert in_order(page_reservations(page)) == found


@pytest.mark.parametrize("row", SIGNALS, ids=lambda row: str(row[1]))
def test_each_signal_has_its_examples(row: tuple[object, Reservation, str, str]) -> None:
    """The example that must match does, the other does not."""
    _, kind, matching, other = row
    assert (kind in signals_of(matching), kind in signals_of(other)) == (True, False)


def test_every_directive_is_read() -> None:
    """Each row of the table is found in a header."""
    for name, kind in DIRECTIVES.items():
        assert header_reservations(((b"x-robots-tag", name.encode()),)) == {kind}


@pytest.mark.parametrize("piece", [b"<!--", b"<script>", b"<style ", b"<meta name=robots ", b"<meta ", b'<meta a="'])
def test_D4_worst_heads_take_linear_time(piece: bytes) -> None:
    """A head of one repeated piece is read to its end; the suite's timeout would tell of a blow-up."""
    assert page_reservations(piece * 40_000) == frozenset()


@given(st.binary(max_size=400))
def test_any_bytes_are_read(page: bytes) -> None:
    """Nothing raises, and what is found is of the vocabulary."""
    assert page_reservations(page) <= set(Reservation)
    assert header_reservations(((b"x-robots-tag", page), (page, page))) <= set(Reservation)


@pytest.mark.parametrize(
    ("text", "url", "found"),
    [
        ("User-agent: *\nContent-Signal: ai-train=no", "/a", ["ai_train"]),
        ("User-agent: *\nContent-Usage: train-ai=n", "/a", ["ai_train"]),
        ("User-agent: copydesk\nAllow: /\n\nUser-agent: *\nContent-Signal: ai-train=no", "/a", []),
        ("Content-Signal: ai-train=no\nUser-agent: *\nAllow: /", "/a", []),
        ("User-agent: *\nContent-Signal: /b ai-train=no", "/a", []),
        ("User-agent: GPTBot\nDisallow: /b", "/b/1", ["ai_agents"]),
        ("User-agent: GPTBot\nDisallow: /b", "/a", []),
        ("User-agent: GPTBot\nDisallow:", "/a", []),
        ("User-agent: SomeBot\nDisallow: /", "/a", []),
        ("User-agent: ClaudeBot\nDisallow: /\nAllow: /a", "/a", []),
    ],
)
def test_robots_txt(text: str, url: str, found: list[str]) -> None:
    """Signals of our group, and the groups of crawlers of AI firms, where they speak of the URL."""
    rules = parse_robots(text.encode())
    assert in_order(rules.reservations(f"https://x.org{url}")) == found
    assert rules.allows(f"https://x.org{url}")
