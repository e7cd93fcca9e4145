"""Which addresses may be connected to: none that is private, local or reserved, whatever notation it hides in.

The check stands where the socket is made, after the name was resolved: a name that resolves to one address at
a check and to another at the connection (DNS rebinding) gains nothing, and literal addresses pass here too.
"""

import errno
import ipaddress
import socket
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from tasks.io.exchange import HttpSettings

REFUSED = "refused address"
"""Begins the message of a refusal; aiohttp may join several messages into one error."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_ALSO_REFUSED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "100.64.0.0/10",  # carrier-grade NAT (RFC 6598)
        "192.0.0.0/24",  # protocol assignments
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",  # benchmarks
        "64:ff9b:1::/48",  # local NAT64
        "fec0::/10",  # site-local, deprecated
        "::/96",  # IPv4-compatible, deprecated
    )
)
"""Not public, and not (in every Python version) told so by `is_global`."""


class AddressRefusedError(OSError):
    """The host has an address that is not public. An OSError, so that other addresses of the host are tried."""


def is_public(address: str) -> bool:
    """Whether the numeric address is one of the public internet, looked at through IPv6 wrappings of IPv4.

    >>> [is_public(text) for text in ("93.184.216.34", "10.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "fe80::1%eth0")]
    [True, False, False, False, False]
    """
    try:
        found = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    inner = _wrapped(found) if isinstance(found, ipaddress.IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    if not found.is_global or found.is_multicast or found.is_reserved or found.is_unspecified:
        return False
    return not any(found in network for network in _ALSO_REFUSED if network.version == found.version)


def _wrapped(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside a mapped, 6to4, Teredo or NAT64 one."""
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


SocketFactory = Callable[[tuple[Any, ...]], socket.socket]


def socket_guard(settings: HttpSettings) -> SocketFactory:
    """What makes the sockets of a client (`socket_factory` of aiohttp's connector), or refuses to.

    The factory raises AddressRefusedError for an address that the settings do not allow, before a byte is sent.
    """

    def make(address_info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _name, where = address_info
        address = str(where[0])
        # With a proxy nothing else is ever connected to, and proxies stand in private networks.
        if not settings.proxy and not is_allowed(address, settings):
            raise AddressRefusedError(errno.EACCES, f"{REFUSED} {address}")
        return socket.socket(family=family, type=kind, proto=protocol)

    return make


def is_allowed(address: str, settings: HttpSettings) -> bool:
    """Whether the settings let the numeric address be connected to."""
    return is_public(address) or (settings.allow_loopback and is_loopback(address))


def written_address(host: str) -> str | None:
    """The numeric address that a URL's host is, in whatever notation; None for a name that has to be looked up.

    What a proxy looks up is not ours to see; what stands in the URL is.

    >>> [written_address(host) for host in ("127.1", "0x7f000001", "[::1]", "localhost.", "x.org")]
    ['127.0.0.1', '127.0.0.1', '::1', '127.0.0.1', None]
    """
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return "127.0.0.1"
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(name))
    except OSError:
        return None


def is_loopback(address: str) -> bool:
    """Whether the numeric address is this machine's own, 127.0.0.0/8 or ::1."""
    return ipaddress.ip_address(address.split("%", 1)[0]).is_loopback


_NO_ADDRESS = {"nxdomain": socket.EAI_NONAME, "servfail": socket.EAI_AGAIN}
"""What a resolver may be decreed to say instead of an address."""


class NamedHosts(AbstractResolver):
    """Names with an address (`ip` or `ip:port`) by decree first, then the system's resolver."""

    def __init__(self, inner: AbstractResolver, hosts: Mapping[str, str]) -> None:
        self._inner = inner
        self._hosts = hosts

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a name.

        Raises:
            OSError: it has none.
        """
        decreed = self._hosts.get(host.rstrip("."))
        if decreed is None:
            return await self._inner.resolve(host, port, family)
        if decreed in _NO_ADDRESS:
            raise OSError(_NO_ADDRESS[decreed], f"{decreed}, by decree")
        address, _, other_port = decreed.partition(":")
        found = ResolveResult(
            hostname=host,
            host=address,
            port=int(other_port or port),
            family=socket.AF_INET,
            proto=0,
            flags=socket.AI_NUMERICHOST,
        )
        return [found]

    async def close(self) -> None:
        """Close the inner one."""
        await self._inner.close()
