"""Which URLs may be requested at all, and where a redirect leads."""

import re
from urllib.parse import urldefrag, urljoin, urlsplit

from w3lib.url import safe_url_string
from yarl import URL

from schemas.reasons import Reason
from tasks.io.exchange import FetchError

SCHEMES = frozenset({"http", "https"})
_NOT_SENDABLE = re.compile(r"[^\x21-\x7e]")
"""What would break a request line. Matches: space, line end, NUL, an umlaut. Does not match: %20."""
_NUMERIC_HOST = re.compile(r"(?:.*\.)?(?:0x[0-9a-f]*|[0-9]+)\.?", re.IGNORECASE)
"""Hosts that browsers take for an IPv4 address (WHATWG URL). Match: 10.0.0.1, 0x7f.1, 0177.1. Not: 1.example."""
_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}")
"""The one plain way to write an IPv4 address. Matches: 127.0.0.1. Does not match: 127.1, 0177.0.0.1."""
_HOST = re.compile(r"\[[0-9a-fA-F:.%]+\]|[0-9A-Za-z_.-]+")


def check_url(url: str, max_length: int) -> URL:
    """The URL, ready to be sent byte for byte.

    Raises:
        FetchError: REFUSED_SCHEME for anything but http and https, BAD_URL for what cannot be sent as it stands.
    """
    if len(url) > max_length:
        raise FetchError(Reason.BAD_URL, f"longer than {max_length} characters: {url[:100]}")
    if _NOT_SENDABLE.search(url):
        raise FetchError(Reason.BAD_URL, f"a character that cannot be sent: {url}")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchError(Reason.BAD_URL, f"{error}: {url}") from error
    if parts.scheme.lower() not in SCHEMES:
        raise FetchError(Reason.REFUSED_SCHEME, f"{parts.scheme or 'no scheme'}: {url}")
    if "@" in parts.netloc:
        raise FetchError(Reason.BAD_URL, f"a user name or password in the URL of {parts.hostname}")
    host = parts.netloc.rsplit(":", 1)[0] if port is not None or parts.netloc.endswith(":") else parts.netloc
    if not _HOST.fullmatch(host) or port == 0:
        raise FetchError(Reason.BAD_URL, f"no host that can be asked: {url}")
    if _NUMERIC_HOST.fullmatch(host) and not _IPV4.fullmatch(host):
        raise FetchError(Reason.REFUSED_ADDRESS, f"an address in an odd notation: {url}")
    try:
        return URL(url, encoded=True)
    except ValueError as error:
        raise FetchError(Reason.BAD_URL, f"{error}: {url}") from error


def redirect_target(url: str, location: str) -> str:
    """The absolute URL that a Location header names, without fragment, percent-encoded as browsers do.

    >>> redirect_target("http://a.com/x/y", "../z ä#top")
    'http://a.com/z%20%C3%A4'

    Raises:
        FetchError: it names none.
    """
    try:
        return safe_url_string(urldefrag(urljoin(url, location.strip())).url)
    except ValueError as error:
        raise FetchError(Reason.BAD_URL, f"Location {location!r}: {error}") from error


HOME_PATHS = re.compile(r"/?(?:index\.(?:html?|php|aspx?|jsp)|home/?)?", re.IGNORECASE)
"""Paths of a home page. Match: /, /index.html. Do not match: /news, /home-made-bread."""


def is_home_page(url: str) -> bool:
    """Whether the URL is its host's front page.

    >>> [is_home_page(text) for text in ("http://a.com", "http://a.com/index.html", "http://a.com/?p=12", "http://a.com/x")]
    [True, True, False, False]
    """
    parts = urlsplit(url)
    return not parts.query and HOME_PATHS.fullmatch(parts.path) is not None
