"""Addresses, URLs, pauses and turns: the small rules under the client."""

import asyncio
import re
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from schemas.reasons import Reason
from tasks.io.addresses import is_public
from tasks.io.exchange import FetchError
from tasks.io.hosts import Hosts, host_key
from tasks.io.retry_after import retry_after
from tasks.io.urls import check_url, is_home_page, redirect_target

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
NOT_PUBLIC = [
    "127.0.0.1",
    "127.255.255.254",
    "::1",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.255",
    "0.0.0.0",  # noqa: S104 - an address to be refused
    "255.255.255.255",
    "224.0.0.1",
    "240.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "192.88.99.1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "::",
    "::7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "2001:db8::1",
    "2001:0:53aa:64c:0:0:80ff:fffe",
    "localhost",
    "0x7f.1",
    "1",
]


@pytest.mark.faults
@pytest.mark.parametrize(("address", "expected"), [(a, True) for a in PUBLIC] + [(a, False) for a in NOT_PUBLIC])
def test_A13_only_public_addresses_are_public(address: str, expected: bool) -> None:
    """Private, local and reserved addresses are refused in every wrapping; public ones are not."""
    assert is_public(address) is expected


@pytest.mark.faults
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://a.test/x?y=%20", None),
        ("https://a.test:8443/", None),
        ("http://127.0.0.1:8080/", None),  # the socket refuses it, where it is not allowed
        ("http://1.example/", None),
        ("http://[::1]/", None),
        ("http://a b/", Reason.BAD_URL),
        ("http://a.test/\r\nX: y", Reason.BAD_URL),
        ("http://a.test/\0", Reason.BAD_URL),
        ("http://a.test/ä", Reason.BAD_URL),
        ("http://user:pass@a.test/", Reason.BAD_URL),
        ("http:///x", Reason.BAD_URL),
        ("http://a.test:99999/", Reason.BAD_URL),
        ("http://[::1/", Reason.BAD_URL),
        ("http://a.test/" + "x" * 9000, Reason.BAD_URL),
        ("file:///etc/passwd", Reason.REFUSED_SCHEME),
        ("ftp://a.test/", Reason.REFUSED_SCHEME),
        ("gopher://a.test/", Reason.REFUSED_SCHEME),
        ("data:text/html,x", Reason.REFUSED_SCHEME),
        ("//a.test/x", Reason.REFUSED_SCHEME),
        ("http://2130706433/", Reason.REFUSED_ADDRESS),
        ("http://0x7f000001/", Reason.REFUSED_ADDRESS),
        ("http://0177.0.0.1/", Reason.REFUSED_ADDRESS),
        ("http://127.1/", Reason.REFUSED_ADDRESS),
        ("http://127.0.0.1./", Reason.REFUSED_ADDRESS),
    ],
)
def test_A15_urls_that_may_be_asked_for(url: str, reason: Reason | None) -> None:
    """A URL is sent byte for byte, or refused with a reason."""
    if reason is None:
        assert str(check_url(url, 8192)) == url
        return
    with pytest.raises(FetchError) as caught:
        check_url(url, 8192)
    assert caught.value.reason is reason


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/b", "http://a.test/b"),
        ("c?d=e#f", "http://a.test/x/c?d=e"),
        ("//b.test/", "http://b.test/"),
        ("https://b.test/ü x", "https://b.test/%C3%BC%20x"),
        ("/%7Eb", "http://a.test/%7Eb"),
        ("", "http://a.test/x/y"),
        ("file:///etc/passwd", "file:///etc/passwd"),
    ],
)
def test_redirect_target(location: str, expected: str) -> None:
    """A Location is resolved and encoded as browsers do; whether it may be asked for is judged after."""
    assert redirect_target("http://a.test/x/y", location) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.test", True),
        ("http://a.test/", True),
        ("http://a.test/index.php", True),
        ("http://a.test/home", True),
        ("http://a.test/home-made-bread", False),
        ("http://a.test/?p=7", False),
        ("http://a.test/news/", False),
    ],
)
def test_is_home_page(url: str, expected: bool) -> None:
    """Only a host's front page is one."""
    assert is_home_page(url) is expected


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("315360000", 86_400),
        ("9" * 400, 86_400),
        ("Mon, 02 Mar 2026 12:30:00 GMT", 1800),
        ("Monday, 02-Mar-26 12:30:00 GMT", 1800),
        ("Sun, 01 Mar 2026 12:30:00 GMT", 0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 86_400),
        ("Mon, 02 Mar 2026 13:30:00 +0100", 1800),
        ("soon", 900),
        ("-5", 900),
        ("1.5", 900),
        ("", 900),
        (None, 900),
        ("Mon, 99 Mar 2026 99:99:99 GMT", 900),
    ],
)
def test_A16_retry_after(value: str | None, seconds: int) -> None:
    """Seconds, dates and garbage all give a pause between nothing and the cap."""
    assert retry_after(value, NOON) - NOON == timedelta(seconds=seconds)


async def test_turns_are_spaced_and_alone() -> None:
    """Requests to one host never overlap, and none begins sooner than the delay after the end of the one before."""
    hosts, spans = Hosts(0.03), list[tuple[float, float]]()

    async def request() -> None:
        async with hosts.turn("a"):
            begun = time.monotonic()
            await asyncio.sleep(0.01)
            spans.append((begun, time.monotonic()))

    born = time.monotonic()
    await asyncio.gather(*(request() for _ in range(4)))
    assert spans[0][0] - born >= 0.03
    gaps = [after[0] - before[1] for before, after in pairwise(spans)]
    assert min(gaps) >= 0.03


@pytest.mark.faults
@pytest.mark.parametrize(("wish", "used"), [(None, 1.0), (0.1, 1.0), (30.0, 30.0), (86_400.0, 60.0)])
def test_B3_crawl_delay_is_honoured_to_a_cap(wish: float | None, used: float) -> None:
    """It slows us down, never speeds us up, and beyond the cap the cap is used."""
    hosts = Hosts(1.0)
    hosts.slow_down("a", wish)
    assert hosts.delay_of("a") == used


def test_a_source_may_set_its_own_delay() -> None:
    """A source's delay replaces the client's; of two sources on one host the longer counts."""
    hosts = Hosts(1.0)
    hosts.use_delay("a", 0.0)
    assert hosts.delay_of("a") == 0.0
    hosts.use_delay("a", 5.0)
    hosts.use_delay("a", 2.0)
    assert (hosts.delay_of("a"), hosts.delay_of("b")) == (5.0, 1.0)


def test_host_key() -> None:
    """Http and https of one name are one host; another port is another."""
    keys = [
        host_key(url) for url in ("http://A.test/x", "https://a.test./y", "https://a.test:443/", "http://a.test:81/")
    ]
    assert keys == ["a.test", "a.test", "a.test", "a.test:81"]
    assert re.fullmatch(r"\S+", host_key("http://[::1]:8080/"))
