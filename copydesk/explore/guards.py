"""What stands before every page: who may ask, what a form must bring, and the headers that tie the browser's hands.

A page of another site can make a browser ask this machine. So: the Host header must name this machine (else a name of
theirs that leads here, DNS rebinding, would make our pages theirs), a POST must come from our own pages (Origin,
Sec-Fetch-Site, and a token that only our pages hold), and no page may be framed or run scripts that are not ours.
Source: OWASP, cross-site request forgery prevention; W3C, Fetch Metadata and CSP level 3.
"""

import hmac
from collections.abc import Collection
from urllib.parse import parse_qsl, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES = 500_000
"""Largest form."""
TOKEN_FIELD = "token"  # noqa: S105 - the name of a field

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: a browser then says `Origin: null` with our own forms (Fetch standard, 3.2).
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Sent with every answer; one that brings its own keeps it."""


def own_hosts(port: int) -> frozenset[str]:
    """What Host may say.

    >>> sorted(own_hosts(80))[:2]
    ['127.0.0.1', '127.0.0.1:80']
    """
    names = ("127.0.0.1", "localhost", "[::1]")
    return frozenset({f"{name}:{port}" for name in names} | (set(names) if port == 80 else set()))


class Guard:
    """The middleware: refuses what is not ours, reads the form, and adds the headers."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], token: str) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or hand on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        headers = Headers(scope=scope)
        refusal = host_trouble(headers, self._hosts)
        if refusal is None and scope["method"] in ("GET", "HEAD"):
            refusal = embedding_trouble(headers)
        elif refusal is None:
            refusal = origin_trouble(headers, self._hosts) or await self._form_trouble(scope, receive, headers)
        if refusal is not None:
            status, sentence = refusal
            await PlainTextResponse(sentence + "\n", status)(scope, receive, send_guarded)
            return
        await self._app(scope, receive, send_guarded)

    async def _form_trouble(self, scope: Scope, receive: Receive, headers: Headers) -> tuple[int, str] | None:
        """None after the form was read into the request's state; else why not."""
        if headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
            return 415, "Send a form as application/x-www-form-urlencoded."
        body = await _body(receive)
        if body is None:
            return 413, f"A form may have {BODY_BYTES} bytes."
        form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        if not hmac.compare_digest(form.pop(TOKEN_FIELD, "").encode(), self._token.encode()):
            return 403, "This page is from before `copydesk explore` was started again: go back, load it again, repeat."
        scope.setdefault("state", {})["form"] = form
        return None


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where it is too long or broken off."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > BODY_BYTES:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def host_trouble(headers: Headers, hosts: Collection[str]) -> tuple[int, str] | None:
    """Status and sentence where Host does not name this machine and port; else None."""
    if headers.getlist("host") and all(host.lower() in hosts for host in headers.getlist("host")):
        return None
    return 421, "This server answers at its own address only: open the one that `copydesk explore` printed."


def embedding_trouble(headers: Headers) -> tuple[int, str] | None:
    """Status and sentence where another site's page wants to use one of ours as its part; a link is no trouble."""
    if headers.get("sec-fetch-site") != "cross-site" or headers.get("sec-fetch-mode") in (None, "navigate"):
        return None
    return 403, "A page of another site asked for this, so it was not given."


def origin_trouble(headers: Headers, hosts: Collection[str]) -> tuple[int, str] | None:
    """Status and sentence where the browser says that another site's page asks; else None.

    A program that says neither Origin nor Sec-Fetch-Site is no browser and brings no other site's page; it still
    needs the token.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    foreign_origin = origin is not None and not (
        urlsplit(origin).scheme == "http" and urlsplit(origin).netloc.lower() in hosts
    )
    if foreign_origin or site not in (None, "same-origin"):
        return 403, "A page of another site asked for this, so it was not done."
    return None
