"""The same pages with Scrapy, robots on, each kept in a WARC (warcio), fsynced each second or megabyte.

The gzip level is Copydesk's: 1, and 0 for bodies that came packed.
Runs in an environment of its own (Scrapy, warcio), beside which of Copydesk only `meter` and `site` are imported.
`--raw` keeps bodies as they came, as Copydesk does; without it Scrapy unpacks them first, as it does by default.
"""

import argparse
import os
import sys
import time
import zlib
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from scrapy.resolver import dnscache
from warcio import warcwriter
from warcio.statusandheaders import StatusAndHeaders

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from benchmarks.fetch.meter import Meter
from benchmarks.fetch.site import HOSTS, host_name, page_url

SYNC_BYTES, SYNC_SECONDS = 1_000_000, 1.0


class OurLevel(warcwriter.GzippingWrapper):  # type: ignore[misc]
    """warcio packs at level 9; Copydesk at 1, and what came packed at 0."""

    level = 1

    def __init__(self, out: Any) -> None:
        self.compressor = zlib.compressobj(self.level, zlib.DEFLATED, zlib.MAX_WBITS + 16)
        self.out = out


warcwriter.GzippingWrapper = OurLevel


class Archive:
    """One WARC file, made durable as Copydesk does."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("wb")
        self.writer = warcwriter.WARCWriter(self.file, gzip=True)
        self.synced, self.synced_at = 0, time.monotonic()

    def keep(self, response: Response) -> None:
        """Keep one response."""
        lines = [
            (name.decode(), value.decode("latin-1")) for name, values in response.headers.items() for value in values
        ]
        head = StatusAndHeaders(f"{response.status} OK", lines, protocol="HTTP/1.1")
        record = self.writer.create_warc_record(
            response.url, "response", payload=BytesIO(response.body), http_headers=head
        )
        self.writer.write_record(record)
        position = self.file.tell()
        if position - self.synced >= SYNC_BYTES or time.monotonic() - self.synced_at >= SYNC_SECONDS:
            self.sync()

    def sync(self) -> None:
        """Make it durable."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.synced, self.synced_at = self.file.tell(), time.monotonic()


class Pages(scrapy.Spider):
    """All pages, each into the archive."""

    name = "pages"

    def __init__(self, urls: list[str], archive: Archive, headers: dict[str, str]) -> None:
        super().__init__()
        self.urls, self.archive, self.headers = urls, archive, headers
        self.count = self.size = 0

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """One request a page."""
        for url in self.urls:
            yield scrapy.Request(url, headers=self.headers)

    def parse(self, response: Response) -> None:
        """Keep it."""
        self.count += 1
        self.size += len(response.body)
        self.archive.keep(response)


def main() -> None:
    """Read the options, crawl, report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--pages", type=int, required=True)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--core", type=int, default=None)
    options.add_argument("--raw", action="store_true")
    given = options.parse_args()
    OurLevel.level = 0 if given.raw else 1
    if given.core is not None:
        os.sched_setaffinity(0, {given.core})
    for number in range(HOSTS):
        dnscache[host_name(number)] = "127.0.0.1"
    urls = [page_url(number, given.port) for number in range(given.pages)]
    given.out.mkdir(parents=True, exist_ok=True)
    archive = Archive(given.out / "scrapy.warc.gz")
    settings = {
        "CONCURRENT_REQUESTS": 64,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": True,
        "COMPRESSION_ENABLED": not given.raw,
        "COOKIES_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "TELNETCONSOLE_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
        "USER_AGENT": "copydesk-bench",
    }
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(Pages)
    process.crawl(crawler, urls=urls, archive=archive, headers={"Accept-Encoding": "gzip"} if given.raw else {})
    meter = Meter()
    process.start()
    archive.sync()
    spider = crawler.spider
    meter.report(pages=spider.count, body_mb=round(spider.size / 1e6, 1))
    if spider.count != given.pages:
        raise SystemExit(f"only {spider.count} of {given.pages} pages came")


if __name__ == "__main__":
    main()
