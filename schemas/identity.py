"""Ids and hashes, and the one spelling of a URL. Pure: the same input gives the same id on any machine, for ever.

Ids are the first 128 bits of a SHA-256 over the parts, each part preceded by its length, so that no two
different lists of parts run together into the same bytes; written as 32 hexadecimal digits.
"""

import hashlib
import re
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList
from w3lib.url import canonicalize_url, url_query_cleaner

TRACKING_PARAMETERS = (
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id", "utm_name", "utm_cid",
    "fbclid", "gclid", "dclid", "msclkid", "yclid", "twclid", "igshid", "mc_cid", "mc_eid", "ns_campaign",
    "ns_mchannel", "ns_source", "at_medium", "at_campaign", "cmpid", "ocid", "ftag", "guccounter", "wt_mc",
    "wt.mc_id", "xtor", "_ga", "_gl", "smid", "sfnsn", "ref_src", "traffic_source",
)  # fmt: skip
"""Query parameters that name where a reader came from, never which page is meant."""


def digest(*parts: str) -> str:
    """A 32-digit id of the parts; the order counts.

    >>> digest("ab", "c") == digest("a", "bc")
    False
    """
    state = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        state.update(len(raw).to_bytes(8, "big"))
        state.update(raw)
    return state.hexdigest()[:32]


_NORMAL = re.compile(
    r"https?://[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*\.[a-z]{2,}(?:/[A-Za-z0-9_-]+)+/?"
)
"""URLs that are spelled like that already: most of those that newspapers write. To take them apart takes 0.1 ms."""


def normalise_url(url: str) -> str:
    """The one spelling of a URL (RFC 3986 section 6): lower-case host, sorted query, no fragment, no tracking.

    A `file:` URL stays as it is. Whether the URL may be fetched at all is the fetcher's to say.

    >>> normalise_url("HTTP://Example.COM:80/a?b=2&a=1&utm_source=x#top")
    'http://example.com/a?a=1&b=2'

    Raises:
        ValueError: the text is no absolute URL with a host.
    """
    text = url.strip()
    if _NORMAL.fullmatch(text):
        return text
    parts = urlsplit(text)
    if parts.scheme.lower() == "file":
        return text
    if not parts.scheme or not parts.hostname:
        raise ValueError(f"not an absolute URL: {text[:200]!r}")
    cleaned = url_query_cleaner(text, TRACKING_PARAMETERS, remove=True, unique=False)
    canonical = canonicalize_url(cleaned, keep_blank_values=True, keep_fragments=False)
    return _without_default_port(canonical)


def _without_default_port(url: str) -> str:
    parts = urlsplit(url)
    default = {"http": 80, "https": 443}.get(parts.scheme)
    if parts.port is not None and parts.port == default:
        netloc = parts.netloc.rsplit(":", 1)[0]
        return parts._replace(netloc=netloc).geturl()
    return url


def url_id(url: str) -> str:
    """The key of a URL in the ledger; `url` is normalised."""
    return digest("url", url)


def article_id(canonical_url: str) -> str:
    """The key of an article; the scheme does not count, so that a move to https changes nothing."""
    return digest("article", canonical_url.split("://", 1)[-1])


def content_hash(title: str, body: str) -> str:
    """The hash of what a reader reads."""
    return digest("content", title, body)


def version_id(article: str, captured_at: datetime, capture_digest: str, content: str) -> str:
    """The key of one reading of an article in time."""
    return digest("version", article, utc_text(captured_at), capture_digest, content)


def utc_text(moment: datetime) -> str:
    """ISO 8601 in UTC with microseconds, always of the same length.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


@lru_cache(maxsize=65536)
def site_of(url: str) -> str:
    """The registered domain of a URL's host by the bundled Public Suffix List; a bare host or address as it is.

    >>> site_of("https://www.bbc.co.uk/news"), site_of("http://127.0.0.1:8000/x")
    ('bbc.co.uk', '127.0.0.1')
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    if host.replace(".", "").isdigit() or ":" in host:
        return host
    return _suffixes().privatesuffix(host) or host
