"""From aiohttp's errors to our reasons. One table, so that no error is caught in one place and missed in another."""

import socket

import aiohttp

from schemas.reasons import Reason
from tasks.io.addresses import REFUSED
from tasks.io.exchange import FetchError, HttpSettings

_TLS_ERRORS = (aiohttp.ClientConnectorSSLError, aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError)

_RULES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Reason, bool, bool], ...] = (
    # error, reason, may pass by itself, counts towards the host's circuit; the first that fits
    (aiohttp.ClientProxyConnectionError, Reason.NOT_REACHED, True, False),  # no host's fault: none must rest for it
    (aiohttp.ClientHttpProxyError, Reason.CONNECT, True, True),
    (_TLS_ERRORS, Reason.TLS, False, True),
    (aiohttp.ConnectionTimeoutError, Reason.TIMEOUT, True, True),
    (aiohttp.ServerTimeoutError, Reason.TIMEOUT, True, True),
    (aiohttp.ClientPayloadError, Reason.TRUNCATED, True, False),
    (aiohttp.ServerFingerprintMismatch, Reason.TLS, False, True),
    (aiohttp.ClientConnectionError, Reason.CONNECT, True, True),
    (aiohttp.InvalidURL, Reason.BAD_URL, False, False),
    (aiohttp.ClientResponseError, Reason.BAD_RESPONSE, False, False),
    (aiohttp.ClientError, Reason.BAD_RESPONSE, False, False),
    (OSError, Reason.CONNECT, True, True),
    (ValueError, Reason.BAD_URL, False, False),
)

PROXY_WANTS_LOGIN = 407
PROXY_REFUSES = "the proxy wants another user or password than COPYDESK_PROXY has"

_PASSING_DNS = {
    3, 6, 11, 12,  # c-ares: SERVFAIL, REFUSED, connection refused, timeout
    socket.EAI_AGAIN,
}  # fmt: skip
"""Codes of resolvers that say: not now. Anything else says: there is no such name."""


def as_fetch_error(error: BaseException, settings: HttpSettings, *, has_begun: bool) -> FetchError:
    """The FetchError that stands for what aiohttp raised; `has_begun`: the body was on its way."""
    text = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchError(Reason.DNS, text, retryable=_may_pass(error), connection=True)
    if isinstance(error, OSError) and REFUSED in text:
        return FetchError(Reason.REFUSED_ADDRESS, text)
    if isinstance(error, TimeoutError) and not isinstance(error, aiohttp.ClientError):
        reason = Reason.SLOW if has_begun else Reason.TIMEOUT
        detail = f"not finished after {settings.total_timeout_s:g} s"
        return FetchError(reason, detail, retryable=not has_begun, connection=not has_begun)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        if error.status == PROXY_WANTS_LOGIN:
            return FetchError(Reason.NOT_REACHED, PROXY_REFUSES)
        text = f"the proxy could not connect: status {error.status} {error.message}"
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        text = f"the proxy {settings.proxy_name} cannot be reached"
    for kinds, reason, retryable, connection in _RULES:
        if isinstance(error, kinds):
            return FetchError(reason, text, retryable=retryable, connection=connection)
    raise error


def _may_pass(error: aiohttp.ClientConnectorDNSError) -> bool:
    """Whether the resolver said that the failure is a passing one (SERVFAIL, timeout)."""
    chain: BaseException | None = error.os_error
    while chain is not None:
        if chain.args and chain.args[0] in _PASSING_DNS:
            return True
        chain = chain.__cause__
    return False
