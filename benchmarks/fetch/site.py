"""The site of the benchmark: many hosts on one port of 127.0.0.1, pages ready packed, so that the server costs little.

Run as a program it serves until it is ended, and prints its port first. `/__seen` gives, as JSON, for each host the
begin and end of each request by the monotonic clock, and forgets them.
"""

import argparse
import asyncio
import gzip
import json
import os
import random
import time
from collections import defaultdict

HOSTS = 20
SMALLEST, LARGEST = 30_000, 250_000
DISTINCT = 300
"""Bodies that differ; page n has body n modulo this."""
VOCABULARY, TAIL = 4000, 0.32
"""Words of a page and how evenly they are used, so that a page packs to about a quarter."""
ROBOTS = b"User-agent: *\nDisallow: /private/\nSitemap: http://news-00.test/sitemap.xml\n"


def host_name(number: int) -> str:
    """The name of a host; `.test` is nobody's (RFC 6761)."""
    return f"news-{number % HOSTS:02d}.test"


def page_url(number: int, port: int) -> str:
    """The URL of a page; neighbours lie on different hosts."""
    return f"http://{host_name(number)}:{port}/2026/03/02/story-{number}.html"


def make_body(number: int) -> bytes:
    """A page of HTML, as large as its number wants, that packs about as well as pages of newspapers do."""
    source = random.Random(number)  # noqa: S311 - pages, no secrets
    size = source.randint(SMALLEST, LARGEST)
    letters = "etaoinshrdlucmfwypvbgk"
    words = ["".join(source.choices(letters, k=source.randint(2, 11))) for _ in range(VOCABULARY)]
    menu = "".join(
        f'<li class="menu-item menu-item-{n}"><a href="/section/{n}/">{words[n]}</a></li>' for n in range(60)
    )
    parts = [f"<!doctype html><html lang=en><head><title>Story {number}</title></head><body><ul>{menu}</ul><article>"]
    length = len(parts[0])
    while length < size:
        sentence = " ".join(words[min(int(source.paretovariate(TAIL)), VOCABULARY - 1)] for _ in range(60))
        parts.append(f'<p class="article__paragraph">{sentence}.</p><div class="ad-slot" data-n="{length}"></div>\n')
        length += len(parts[-1])
    return ("".join(parts) + "</article></body></html>").encode()


def response(body: bytes, *more: str) -> bytes:
    """A whole response."""
    lines = ("HTTP/1.1 200 OK", "Server: bench", "Date: Mon, 02 Mar 2026 02:15:00 GMT", *more)
    return ("\r\n".join(lines) + f"\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body


class Site:
    """All responses, and what was asked when."""

    def __init__(self, distinct: int) -> None:
        head = ("Content-Type: text/html; charset=utf-8", "Content-Encoding: gzip", "Vary: Accept-Encoding")
        self.pages = [
            response(gzip.compress(make_body(number), 6, mtime=0), *head, f'ETag: "{number}"')
            for number in range(distinct)
        ]
        self.robots = response(ROBOTS, "Content-Type: text/plain")
        self.seen: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)

    def answer(self, path: bytes) -> bytes:
        """The response to a path."""
        if path == b"/robots.txt":
            return self.robots
        if path == b"/__seen":
            seen, self.seen = self.seen, defaultdict(list)
            return response(json.dumps(seen).encode(), "Content-Type: application/json")
        number = int(path.rpartition(b"-")[2].removesuffix(b".html"))
        return self.pages[number % len(self.pages)]


class Connection(asyncio.Protocol):
    """One connection, kept alive; requests have no body."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the other side."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each whole request."""
        self.waiting += data
        while b"\r\n\r\n" in self.waiting:
            head, _, self.waiting = self.waiting.partition(b"\r\n\r\n")
            begun = time.monotonic()
            lines = head.split(b"\r\n")
            path = lines[0].split(b" ")[1]
            host = next((line[5:].strip() for line in lines if line[:5].lower() == b"host:"), b"").decode()
            answer = self.site.answer(path)
            if not path.startswith(b"/__"):
                # Taken before the bytes go: after them the other side may be faster than this line.
                self.site.seen[host.partition(":")[0]].append((begun, time.monotonic()))
            self.transport.write(answer)


async def serve(distinct: int) -> None:
    """Serve until ended."""
    site = Site(distinct)
    server = await asyncio.get_running_loop().create_server(lambda: Connection(site), "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--core", type=int, default=None)
    options.add_argument("--distinct", type=int, default=DISTINCT)
    given = options.parse_args()
    if given.core is not None:
        os.sched_setaffinity(0, {given.core})
    asyncio.run(serve(given.distinct))
