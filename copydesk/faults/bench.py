"""Where the cases are played: the fault server, a data folder that is thrown away, and the stages themselves."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from copydesk.faults.answers import Site
from copydesk.faults.model import Case, Fetch, Listing, MismatchError, Page, Scenario, expect
from copydesk.faults.server import TLS_PREFIX, FaultServer, ServedHosts
from schemas.article import Article
from schemas.capture import Candidate, Capture
from schemas.identity import normalise_url, site_of, url_id
from schemas.quarantine import Quarantine
from schemas.run import RunSource
from schemas.source import Source, SourceKind
from schemas.table import frame, polars_schema
from tasks.discover.list_source import list_source
from tasks.fetch.model import FetchSettings
from tasks.fetch.shard import fetch_shard
from tasks.io.exchange import HttpSettings
from tasks.io.staging import RunContext, read_part, write_part
from tasks.parse.shard import ParseSettings, parse_shard

Facts = dict[str, Any]

QUICK = {
    "allow_loopback": True,
    "delay_s": 0.0,
    "retries": 1,
    "retry_wait_s": 0.01,
    "connect_timeout_s": 10.0,
    "read_timeout_s": 10.0,
    "total_timeout_s": 30.0,
}
"""Settings of the client that waste no time; a case may change them."""


@dataclass(frozen=True)
class Bench:
    """One case's place: names of its hosts and shards begin with `name`."""

    server: FaultServer
    run: RunContext
    name: str
    decreed: dict[str, str]

    def host(self, name: str = "", prefix: str = "") -> str:
        """A host name that is this case's alone."""
        return f"{prefix}{self.name}{f'-{name}' if name else ''}.test"

    def serve(self, site: Site, name: str = "", prefix: str = "") -> str:
        """Let a host of the case answer so; returns its name."""
        host = self.host(name, prefix)
        self.server.sites[host] = site
        return host

    def http(self, **changes: Any) -> HttpSettings:
        """Quick settings under which every .test name is the server's."""
        return HttpSettings(**QUICK | {"hosts": ServedHosts(self.server, self.decreed)} | changes)

    def settings(self, **changes: Any) -> FetchSettings:
        """Settings of a fetch; names of both kinds may be mixed."""
        own = {name: changes.pop(name) for name in list(changes) if name in FetchSettings.__dataclass_fields__}
        return FetchSettings(http=self.http(**changes), **own)

    async def fetch(self, candidates: Iterable[Facts], shard: str = "", **changes: Any) -> list[Facts]:
        """The Capture rows of the candidates, fetched as one shard; robots.txt come last."""
        name = f"{self.name}{shard}"
        write_part(self.run.part("discover", "candidates", name), Candidate, frame(Candidate, candidates))
        await fetch_shard(self.run, name, self.settings(**changes))
        return list(read_part(self.run.part("fetch", "captures", name), Capture).iter_rows(named=True))

    async def parse(self, shard: str = "") -> dict[str, str]:
        """What parse says of the shard's pages: URL to `article` or the reason of its refusal."""
        name = f"{self.name}{shard}"
        await asyncio.to_thread(parse_shard, self.run, name, ParseSettings(workers=0))
        quarantine = read_part(self.run.part("parse", "quarantine", name), Quarantine)
        captures = read_part(self.run.part("fetch", "captures", name), Capture)
        refused = dict(zip(quarantine["url"], quarantine["reason"], strict=True))
        return {url: refused.get(url, "article") for url in captures["url"]}

    def articles(self, shard: str = "") -> list[Facts]:
        """The Article rows that parse made of the shard."""
        path = self.run.part("parse", "articles", f"{self.name}{shard}")
        return list(read_part(path, Article).iter_rows(named=True))

    async def list(self, source: Source, run: RunContext | None = None, **changes: Any) -> tuple[Facts, list[Facts]]:
        """The RunSource row of a source, and the Candidate rows that it listed."""
        context = run or self.run
        await list_source(context, source, self.http(**changes))
        row = read_part(context.part("discover", "run_sources", source.id), RunSource).row(0, named=True)
        listed = read_part(context.part("discover", "listed", source.id), Candidate)
        return row, list(listed.iter_rows(named=True))

    def source(self, kind: SourceKind, path: str = "/list", **more: Any) -> Source:
        """A source of the case's host."""
        return Source(**{"id": self.name, "kind": kind, "url": f"http://{self.host()}{path}"} | more)

    def later(self, run_id: str, **changes: Any) -> "Bench":
        """The same bench in another run of the same folder."""
        return replace(self, run=replace(self.run, run_id=run_id, **changes))

    def file(self, name: str, body: bytes) -> Path:
        """A file of the case's own on the disk."""
        path = self.run.folder.root / "files" / self.name / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        return path


def candidate(url: str, **changes: Any) -> Facts:
    """A candidate that nothing is known of."""
    listed = {"listed_authors": [], "listed_tags": [], "failure_count": 0, "unchanged_count": 0, "seq": 0}
    named = {"url_id": url_id(url), "url": url, "site": _site(url), "source_id": "faults"}
    return dict.fromkeys(polars_schema(Candidate)) | named | listed | changes


def _site(url: str) -> str:
    """The URL's site; a URL that is none has none."""
    try:
        return site_of(url) or "local"
    except ValueError:
        return "local"


async def play(bench: Bench, case: Case) -> None:
    """Play one case.

    Raises:
        MismatchError: something else came of it than what must.
    """
    if isinstance(case, Scenario):
        await case.play(bench)
    elif isinstance(case, Fetch):
        await _play_fetch(bench, case)
    else:
        await _play_listing(bench, case)


async def _play_fetch(bench: Bench, case: Fetch) -> None:
    prefix = TLS_PREFIX if case.scheme == "https" else ""
    host = bench.serve(case.site, prefix=prefix)
    for name, site in case.sites.items():
        bench.serve(site, name)
    if case.decree is not None:
        bench.decreed[host] = case.decree
    urls = [page.path if ":" in page.path else f"{case.scheme}://{host}{page.path}" for page in case.pages]
    rows = [candidate(url, **page.known, source_id="faults") for url, page in zip(urls, case.pages, strict=True)]
    found = await bench.fetch(rows, **case.settings)
    for page, row in zip(case.pages, found, strict=False):
        _check_page(page, row)
    if case.requests is not None:
        expect("requests", bench.server.count(host), case.requests)
    if any(page.parsed for page in case.pages):
        parsed = await bench.parse()
        for url, page in zip(urls, case.pages, strict=True):
            if page.parsed:
                expect(f"{page.path} parsed", parsed[url], page.parsed)


def _check_page(page: Page, row: Mapping[str, Any]) -> None:
    ended = " ".join(filter(None, (row["outcome"], row["reason"])))
    expect(f"{page.path} ends ({row['detail']})", ended, page.ends)
    for name, value in page.row.items():
        expect(f"{page.path} {name}", row[name], value)
    detail = row["detail"] or ""
    if not re.search(page.detail, detail):
        raise MismatchError(f"{page.path}: no {page.detail!r} in its detail {detail!r}")
    expect(f"{page.path} detail in one line", detail.isprintable(), True)


async def _play_listing(bench: Bench, case: Listing) -> None:
    host = bench.serve(case.site)
    row, listed = await bench.list(bench.source(case.kind, case.path, **case.more))
    expect(f"reason ({row['detail']})", row["reason"], case.reason)
    wanted = [normalise_url(url if ":" in url else f"http://{host}{url}") for url in case.urls]
    expect("listed", _in_order(listed), wanted)
    for name, value in case.row.items():
        expect(name, row[name], value)
    for path in case.unasked:
        expect(f"requests for {path}", bench.server.count(host, path), 0)


def _in_order(listed: Sequence[Facts]) -> list[str]:
    return [row["url"] for row in sorted(listed, key=lambda row: int(row["seq"]))]
