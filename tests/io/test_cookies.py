"""Cookies of one redirect chain: each host gets its own back, within limits."""

import pytest

from tasks.io.cookies import MAX_COOKIES, MAX_TOTAL_BYTES, ChainCookies

URL = "https://a.test/x"


@pytest.mark.faults
@pytest.mark.parametrize(
    ("lines", "sent"),
    [
        (["a=1"], "a=1"),
        (["a=1; Path=/; HttpOnly", "b=2"], "a=1; b=2"),
        (["a=1", "a=2"], "a=2"),
        (["a="], "a="),
        (['a="q"'], 'a="q"'),
        (["a=1", "a=1; Max-Age=0"], None),
        (["a=1; Max-Age=30"], "a=1"),
        (["a=1; Secure"], "a=1"),
        (["a=1; Domain=test"], "a=1"),
        (["no value", "=1", "a b=1", "a=1 2", "a=1\r\nX: y", "a=\u00e9", ""], None),
        (["a=" + "x" * 5000], None),
    ],
)
def test_A28_what_is_sent_back(lines: list[str], sent: str | None) -> None:
    """Names and values as the host set them; what could break a header is not taken."""
    cookies = ChainCookies()
    cookies.take(URL, lines)
    assert cookies.header(URL) == sent


@pytest.mark.faults
def test_A28_other_hosts_and_plain_http_get_nothing() -> None:
    """A cookie goes back to the host that set it, whatever Domain it claims, and a secure one by https only."""
    cookies = ChainCookies()
    cookies.take(URL, ["a=1; Domain=.test", "b=2; Secure"])
    hosts = ("b.test", "www.a.test", "a.test:8443", "test")
    assert [cookies.header(f"https://{host}/x") for host in hosts] == [None] * 4
    assert cookies.header("http://a.test/x") == "a=1"


@pytest.mark.faults
def test_A28_bombs_are_bounded() -> None:
    """However many and however large: the header stays within its limit."""
    cookies = ChainCookies()
    cookies.take(URL, [f"c{number}={'v' * 4000}" for number in range(500)])
    header = cookies.header(URL)
    assert header is not None
    assert len(header) <= MAX_TOTAL_BYTES
    small = ChainCookies()
    small.take(URL, [f"c{number}=v" for number in range(500)])
    assert str(small.header(URL)).count("=") == MAX_COOKIES


def test_only_news_is_news() -> None:
    """A redirect to the same URL is a loop, unless its cookies are other than before."""
    cookies = ChainCookies()
    assert [cookies.take(URL, lines) for lines in (["a=1"], ["a=1"], ["a=2"], [])] == [True, False, True, False]
