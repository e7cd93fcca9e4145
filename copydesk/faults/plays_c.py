"""Cases of section C that need more than one look, or files."""

import gzip
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from copydesk.faults.answers import STORY, Answer, article, page, text, xml
from copydesk.faults.bench import Bench, Facts, candidate
from copydesk.faults.model import MismatchError, expect
from copydesk.faults.plays_a import NOW, YESTERDAY, ended
from schemas.source import Source, SourceKind
from tasks.io.captures import payload_digest

DATES = (
    ("none", None, None),
    ("RFC 822 with zone", "Sun, 01 Mar 2026 10:00:00 +0100", "2026-03-01 09:00"),
    ("ISO with zone", "2026-03-01T10:00:00-05:00", "2026-03-01 15:00"),
    ("31 February", "Sun, 31 Feb 2026 10:00:00 GMT", None),
    ("year 0001", "0001-01-01T00:00:00Z", None),
    ("year 99999", "99999-01-01T00:00:00Z", None),
    ("far future", "2036-01-01T00:00:00Z", "2036-01-01 00:00"),
    ("words", "yesterday-ish", None),
)
"""What a feed says, and when the article then was published (UTC); None: unknown, and never the time of the run.
A date in the far future stays as it was written: the contract of validate marks it."""


async def guid_flip(bench: Bench) -> None:
    """The feed's URLs are the same, so the second poll lists what the first did."""

    def flipped(prefix: str) -> Answer:
        items = "".join(f"<item><guid isPermaLink='false'>{prefix}{n}</guid><link>/{n}</link></item>" for n in range(9))
        return xml(f'<rss version="2.0"><channel>{items}</channel></rss>')

    bench.serve({"/list": (flipped("a"), flipped("b"))})
    _, first = await bench.list(bench.source(SourceKind.FEED))
    _, second = await bench.list(bench.source(SourceKind.FEED), bench.later(f"{bench.run.run_id}-2").run)
    expect("listed again", [row["url_id"] for row in second], [row["url_id"] for row in first])
    expect("listed", len(first), 9)


async def dates(bench: Bench) -> None:
    """The date of a listing reaches the article with its zone, or not at all."""
    host = bench.host()
    bench.serve({"*": STORY})
    rows = [candidate(f"http://{host}/{n}", listed_published_at=date) for n, (_, date, _) in enumerate(DATES)]
    await bench.fetch(rows)
    await bench.parse()
    found = {article["url"]: article["published_at"] for article in bench.articles()}
    for number, (name, _, wanted) in enumerate(DATES):
        moment = found[f"http://{host}/{number}"]
        expect(name, moment and f"{moment:%Y-%m-%d %H:%M}", wanted)


async def whole_history(bench: Bench) -> None:
    """Of 5,000 items with their dates the newest are taken, and how many were left out is told."""
    items = "".join(
        f"<item><link>/{n}</link><pubDate>{NOW - timedelta(hours=n):%a, %d %b %Y %H:%M:%S} GMT</pubDate></item>"
        for n in reversed(range(5000))
    )
    bench.serve({"/list": xml(f'<rss version="2.0"><channel>{items}</channel></rss>')})
    row, listed = await bench.list(bench.source(SourceKind.FEED, max_items=100))
    expect("capped_count", row["capped_count"], 4900)
    expect("newest", {int(one["url"].rsplit("/", 1)[1]) for one in listed}, set(range(100)))


async def lying_lastmod(bench: Bench) -> None:
    """A page that its sitemap calls new each night is not news when its bytes are the same."""
    host = bench.serve({"*": STORY})
    body = STORY.sent.split(b"\r\n\r\n", 1)[1]
    known = {"payload_digest": payload_digest(body), "last_full_at": YESTERDAY}
    row, *_ = await bench.fetch([candidate(f"http://{host}/1", listed_modified_at=NOW.isoformat(), **known)])
    expect("ends", ended(row), "not_modified")


async def long_list(bench: Bench) -> None:
    """A long list is taken whole."""
    host = bench.host()
    bench.serve({"/list": text("".join(f"http://{host}/{n}\n" for n in range(100_000)))})
    row, listed = await bench.list(bench.source(SourceKind.URL_LIST))
    expect("reason", row["reason"], None)
    expect("listed", len(listed), 100_000)


async def folder(bench: Bench) -> None:
    """Nothing outside is read, nothing hangs, and each odd file has its row."""
    page_file = bench.file("tree/a.html", article().encode())
    root = page_file.parent
    bench.file("outside/secret.html", article("Secret").encode())
    bench.file("tree/empty.html", b"")
    bench.file("tree/binary.html", bytes(range(256)) * 8)
    bench.file("tree/\u00e4 %20 x.html", article().encode())
    bench.file("tree/A.HTML", article().encode())
    bench.file("tree/big.html", b"x" * 300_000)
    (root / "loop").symlink_to(root)
    (root / "link.html").symlink_to(root.parent / "outside" / "secret.html")
    os.mkfifo(root / "pipe.html")
    _, listed = await bench.list(Source(id=bench.name, kind=SourceKind.FOLDER, path=root))
    rows = await bench.fetch([row | {"source_id": "faults"} for row in listed], max_body_bytes=200_000)
    ends = {_name(row): ended(row) for row in rows if row["kind"] == "page"}
    expect("outside", [name for name in ends if "secret" in name or "link" in name], [])
    expect("too large", ends["big.html"], "refused too_large")
    fetched = {name for name, end in ends.items() if end == "fetched"}
    if not {"a.html", "A.HTML", "%C3%A4%20%2520%20x.html"} <= fetched:
        raise MismatchError(f"only {sorted(fetched)} were fetched")
    parsed = await bench.parse()
    kinds = {_name({"url": url}): verdict for url, verdict in parsed.items()}
    expect("empty", kinds["empty.html"], "empty_body")
    expect("binary", kinds["binary.html"], "not_html")


def _name(row: Facts) -> str:
    return str(row["url"]).rsplit("/", 1)[1]


def record(url: str, body: bytes, kind: str = "response", head: bytes = b"") -> bytes:
    """A WARC record of a page, as other tools write it."""
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + head + b"\r\n" + body
    fields = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": "2026-03-01T10:00:00Z",
        "WARC-Record-ID": f"<urn:uuid:{abs(hash(url)):032x}>",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(http)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return b"WARC/1.1\r\n" + lines.encode() + b"\r\n" + http + b"\r\n\r\n"


async def archive(bench: Bench) -> None:
    """A torn end, a wrong digest, a missing length, one gzip stream, kept chunks: the other records are read."""
    body = article().encode()
    good = [record(f"http://old.test/{number}", body) for number in range(3)]
    torn = record("http://old.test/torn", body)[:-900]
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    damaged = record("http://old.test/lengthless", body)
    damaged = re.sub(rb"Content-Length: \d+\r\n", b"", damaged, count=1)
    wrong = record("http://old.test/digest", body).replace(
        b"WARC-Type", b"WARC-Payload-Digest: sha1:AAAA\r\nWARC-Type", 1
    )
    chunks = record("http://old.test/chunked", chunked, head=b"Transfer-Encoding: chunked\r\n")
    image = record("http://old.test/revisit", b"", kind="revisit")
    await _archived(bench, "torn.warc.gz", b"".join(map(gzip.compress, [*good, torn])), 3)
    await _archived(bench, "stream.warc.gz", gzip.compress(b"".join(good)), 3)
    await _archived(bench, "lengthless.warc", good[0] + damaged + good[1], 2)
    await _archived(bench, "digest.warc", good[0] + wrong, 1)
    await _archived(bench, "chunked.warc", chunks + image, 1)


async def _archived(bench: Bench, name: str, data: bytes, count: int) -> None:
    path: Path = bench.file(name, data)
    key = re.sub(r"[^a-z0-9]", "-", name)
    _, listed = await bench.list(Source(id=key, kind=SourceKind.WARC, path=path))
    rows: list[dict[str, Any]] = await bench.fetch([row | {"source_id": "faults"} for row in listed], key)
    parsed = await bench.parse(key)
    whole = [row["url"] for row in rows if row["outcome"] == "fetched" and parsed[row["url"]] == "article"]
    expect(f"{name}: {[ended(row) for row in rows]}, articles", len(whole), count)


__all__ = ["page"]
