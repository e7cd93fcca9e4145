"""The reader's own access: its site is sent it, nobody else, and nothing that is kept or shown tells of it."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from aiohttp import web

from tasks.io.access import Access
from tasks.io.exchange import Exchange
from tasks.io.http import HttpClient
from tests.servers import quick, reply, serve

SECRET = "hush-hush-7"
A, B, SUB = "a.test", "b.test", "www.a.test"
ACCESS = Access(frozenset({A}), {"X-Key": SECRET, "accept": "text/plain"}, {"sid": SECRET}, "ann", "pass:word")
BASIC = "Basic YW5uOnBhc3M6d29yZA=="


@pytest.mark.parametrize(
    ("url", "plain_http", "goes"),
    [
        ("https://a.test/x", False, True),
        ("https://www.a.test/x", False, True),
        ("https://a.test:8443/x", False, True),
        ("http://a.test/x", True, True),
        ("http://a.test/x", False, False),
        ("https://b.test/?a.test", True, False),
        ("https://a.test.b.test/", True, False),
        ("https://nota.test/", True, False),
        ("https://a.test@b.test/", True, False),
    ],
)
def test_whom_it_goes_to(url: str, plain_http: bool, goes: bool) -> None:
    """Hosts of the registered domain, by https; by http only where the source's own address is http."""
    access = Access(frozenset({A}), {"X-Key": SECRET}, plain_http=plain_http)
    assert access.goes_to(url) is goes
    assert bool(access.sent_to(url)) is goes


def test_cookies_of_the_chain_go_first() -> None:
    """A cookie that the site renews on the way is sent with its new value; the others stay."""
    access = Access(frozenset({A}), cookies={"sid": "old", "lang": "de"})
    assert access.sent_to("http://a.test/", "sid=new; x=1")["Cookie"] == "lang=de; sid=new; x=1"
    assert access.sent_to("http://a.test/")["Cookie"] == "sid=old; lang=de"


def test_no_repr_tells_it() -> None:
    """Settings that hold an access can be logged."""
    shown = repr(quick(access=ACCESS)) + str(ACCESS)
    assert not [secret for secret in (SECRET, "ann", "pass:word", "YW5u") if secret in shown]


def chain(*steps: str) -> Callable[[web.Request], web.StreamResponse]:
    """A server that redirects from each of the hosts to the next."""
    following = dict(pairwise(steps))

    def handler(request: web.Request) -> web.StreamResponse:
        name = request.host.partition(":")[0]
        if name in following:
            return reply("", 302, Location=f"http://{following[name]}:{request.url.port}/")
        return reply("there", X_Echo=f"key {SECRET}", Authorization=BASIC)

    return handler


async def ask(*hosts: str, per_client: bool = False) -> tuple[Exchange, list[dict[str, str]]]:
    """The answer of the last host, and the headers that each was sent."""
    handler = chain(*hosts)

    async def serving(request: web.Request) -> web.StreamResponse:
        return handler(request)

    async with serve(serving) as server:
        own = {"access": ACCESS} if per_client else {}
        async with HttpClient(quick(hosts, **own)) as client:
            found = await client.get(server.url("/", hosts[0]), access=None if per_client else ACCESS)
        return found, [dict(headers) for headers in server.headers]


@pytest.mark.parametrize("per_client", [True, False])
async def test_its_site_is_sent_all_of_it(per_client: bool) -> None:
    """Headers (also instead of ours), cookies and credentials go to the site and its sub-domains, once each."""
    _, sent = await ask(A, SUB, per_client=per_client)
    for headers in sent:
        assert (headers["X-Key"], headers["Cookie"], headers["Authorization"]) == (SECRET, f"sid={SECRET}", BASIC)
        assert [value for name, value in headers.items() if name.lower() == "accept"] == ["text/plain"]


@pytest.mark.faults
async def test_A12_access_never_crosses_sites() -> None:
    """A redirect to another site carries nothing of it."""
    _, (first, second) = await ask(A, B)
    assert first["X-Key"] == SECRET
    assert not {"X-Key", "Cookie", "Authorization"} & set(second)
    assert SECRET not in str(second)


async def test_what_the_site_sends_back_is_redacted() -> None:
    """A response that repeats what it was sent is kept without it; of other sites nothing is touched."""
    found, _ = await ask(A)
    assert (found.header("X-Echo"), found.header("Authorization")) == ("key [redacted]", "Basic [redacted]")
    assert found.body == b"there"
