"""What the fault server says: answers as data, byte for byte, so that they may be as wrong as need be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

HTML = "text/html; charset=utf-8"
WORDS = "The harbour was quiet that night, and the clerks went on with their lists until the lamps went out. "


@dataclass(frozen=True)
class Answer:
    """Bytes for one request, and how the connection ends."""

    sent: bytes = b""
    drip: bytes = b""
    """Sent again and again after `sent`, until the client goes."""
    pause_s: float = 0.0
    """Before each drip."""
    wait_s: float = 0.0
    """Before the first byte."""
    is_reset: bool = False
    """End with a reset instead of a close."""
    stays_open: bool = False
    """Read the next request from the same connection."""


@dataclass(frozen=True)
class Request:
    """What was asked for."""

    host: str
    path: str
    """With query."""
    headers: Mapping[str, str]
    """Names in lower case."""


Reply = Answer | Callable[[Request], Answer]
"""An answer, or what makes one of the request."""
Site = Mapping[str, Reply | tuple[Reply, ...]]
"""Path (`*` for all others) to its reply; of several, each request gets the next, and the last one repeats."""


def page(body: bytes | str = "", status: int = 200, content_type: str = HTML, /, **headers: str) -> Answer:
    """A plain response; header names are written with underscores (Retry_After)."""
    raw = body.encode() if isinstance(body, str) else body
    named = {"Content-Type": content_type, "Content-Length": str(len(raw))}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return Answer(f"HTTP/1.1 {status} X\r\n{lines}Connection: close\r\n\r\n".encode("latin-1") + raw)


def moved(location: str, status: int = 302, /, **headers: str) -> Answer:
    """A redirect."""
    return page("", status, HTML, Location=location, **headers)


def text(body: bytes | str, **headers: str) -> Answer:
    """A plain text, as a robots.txt or a list of URLs."""
    return page(body, 200, "text/plain", **headers)


def xml(body: bytes | str, **headers: str) -> Answer:
    """A feed or sitemap."""
    return page(body, 200, "application/xml", **headers)


def bare(*parts: bytes) -> Answer:
    """Bytes as they are."""
    return Answer(b"".join(parts))


def late(answer: Answer, seconds: float) -> Answer:
    """The answer, after a while."""
    return replace(answer, wait_s=seconds)


def article(title: str = "A night at the harbour", head: str = "", paragraphs: int = 6) -> str:
    """An ordinary article."""
    story = "".join(f"<p>{WORDS * 3}It was number {number}.</p>" for number in range(paragraphs))
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{story}</article></body></html>"
    )


STORY = page(article())
NO_ROBOTS = page("", 404)
RESET = Answer(is_reset=True)
SILENCE = Answer(wait_s=60.0)
