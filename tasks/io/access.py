"""What a source's own site is sent beside the usual headers: the reader's headers, cookies and credentials.

Values are secrets: no repr shows them, and what the site sends back of them is redacted before it is kept.
What does not belong here: where they come from (flows/secrets.py).
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from schemas.identity import site_of

if TYPE_CHECKING:
    from tasks.io.exchange import Exchange

REDACTED = b"[redacted]"
SHORTEST_SECRET = 6
"""A value that is shorter is too common to be looked for in what a site sends."""


@dataclass(frozen=True)
class Access:
    """The access of one source, with all placeholders filled in.

    >>> access = Access(frozenset({"x.org"}), headers={"X-Key": "hush"}, plain_http=False)
    >>> access, access.sent_to("https://www.x.org/a"), access.sent_to("https://y.org/"), access.sent_to("http://x.org/")
    (Access(sites=frozenset({'x.org'})), {'X-Key': 'hush'}, {}, {})
    """

    sites: frozenset[str] = frozenset()
    """Registered domains of the source's own site: nobody else is sent anything of it."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    plain_http: bool = field(default=True, repr=False)
    """Whether it goes by http too: only where the source's own address does."""

    def goes_to(self, url: str) -> bool:
        """Whether a request to the URL may carry it."""
        return site_of(url) in self.sites and (self.plain_http or urlsplit(url).scheme == "https")

    def sent_to(self, url: str, chain_cookies: str | None = None) -> dict[str, str]:
        """The headers for a request to the URL; a cookie that the redirect chain has set goes before one of these."""
        if not self.goes_to(url):
            return {}
        own = dict(self.headers)
        if self.user is not None:
            own["Authorization"] = f"Basic {self._basic()}"
        renewed = {part.partition("=")[0] for part in (chain_cookies or "").split("; ")}
        cookies = [f"{name}={value}" for name, value in self.cookies.items() if name not in renewed]
        if cookies:
            own["Cookie"] = "; ".join([*cookies, *([chain_cookies] if chain_cookies else [])])
        return own

    def redacted(self, exchange: "Exchange") -> "Exchange":
        """The response, its headers without the values of this access, should the site have sent one back."""
        if not self.sites:
            return exchange
        return replace(exchange, headers=tuple((name, self._without(value)) for name, value in exchange.headers))

    def _without(self, value: bytes) -> bytes:
        for secret in self._secrets():
            value = value.replace(secret, REDACTED)
        return value

    def _secrets(self) -> Iterator[bytes]:
        basic = [] if self.user is None else [self._basic()]
        for value in (*self.headers.values(), *self.cookies.values(), self.password or "", *basic):
            # Of `Bearer x` the x is the secret.
            for text in {value, value.rpartition(" ")[2], quote(value, safe="")}:
                if len(text) >= SHORTEST_SECRET:
                    yield text.encode()

    def _basic(self) -> str:
        """User and password as RFC 7617 spells them."""
        return base64.b64encode(f"{self.user or ''}:{self.password or ''}".encode()).decode("ascii")


NO_ACCESS = Access()
