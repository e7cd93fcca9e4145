"""Cookies for the length of one redirect chain: a host gets back what it set, nobody else does, and nothing is kept.

Some sites set a cookie, redirect to the same URL, and go on so until it comes back (observed with consent and
load balancers). Beyond the chain no cookie lives: every page is asked for as by a reader who comes for the first time.
"""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from tasks.io.hosts import host_key

MAX_COOKIES = 20
"""Cookies of one host; further ones are not taken."""
MAX_BYTES = 4096
"""Name and value of one cookie together (RFC 6265 section 6.1)."""
MAX_TOTAL_BYTES = 8192
"""All cookies of one host together, as they are sent back."""

_COOKIE = re.compile(
    r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*=\s*([\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*|\"[^\";\s\\]*\")\s*(;.*)?"
)
"""A Set-Cookie line (RFC 6265 section 4.1.1). Matches: a=b; Path=/. Does not match: a line without a name."""
_SECURE = re.compile(r";\s*secure\s*(?:;|$)", re.IGNORECASE)
_OVER = re.compile(r";\s*max-age\s*=\s*(?:0|-\d+)\s*(?:;|$)", re.IGNORECASE)
"""A cookie that is to be forgotten. Matches: ; Max-Age=0. Does not match: ; Max-Age=30."""


class ChainCookies:
    """What the hosts of one redirect chain have set so far.

    >>> cookies = ChainCookies()
    >>> cookies.take("https://a.test/x", ["id=7; Path=/; Secure"])
    True
    >>> cookies.header("https://a.test/y"), cookies.header("http://a.test/y"), cookies.header("https://b.test/y")
    ('id=7', None, None)
    """

    def __init__(self) -> None:
        self._hosts: dict[str, dict[str, tuple[str, bool]]] = {}

    def take(self, url: str, lines: Iterable[str]) -> bool:
        """Keep what the answer of the URL sets, within the limits; whether anything is other than before."""
        jar = self._hosts.setdefault(host_key(url), {})
        before = dict(jar)
        for line in lines:
            found = _COOKIE.fullmatch(line[: MAX_BYTES * 2])
            if found is None:
                continue
            name, value, more = found.group(1), found.group(2), found.group(3) or ""
            if _OVER.search(more):
                jar.pop(name, None)
            elif name in jar or (len(jar) < MAX_COOKIES and len(name) + len(value) <= MAX_BYTES):
                jar[name] = (value, bool(_SECURE.search(more)))
        return jar != before

    def header(self, url: str) -> str | None:
        """The Cookie header for a request; None where the host has set none."""
        is_safe = urlsplit(url).scheme == "https"
        jar = self._hosts.get(host_key(url), {})
        sent, size = [], 0
        for name, (value, needs_tls) in jar.items():
            size += len(name) + len(value) + 3
            if (is_safe or not needs_tls) and size <= MAX_TOTAL_BYTES:
                sent.append(f"{name}={value}")
        return "; ".join(sent) or None
