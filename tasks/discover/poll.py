"""Fetches the listings of one source: politely, conditionally, each kept as a capture before it is read.

What does not belong here: what a listing says (`listing`), which of its URLs are candidates (`candidates`).
"""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from schemas.identity import site_of, url_id
from schemas.reasons import Kind, Outcome, Reason
from schemas.source import Source, SourceKind
from tasks.discover.items import Listing, ListingError
from tasks.discover.listing import LIMITS, MAX_BYTES, MAX_LIST_BYTES, read_listing
from tasks.discover.local import NAMELESS_SITE, file_url, last_change
from tasks.discover.rests import asked_again_at, taken_down
from tasks.errors import FolderBusyError
from tasks.io.capture_rows import Asked, Row, Verdict, absent_row, escape, keep_error, keep_exchange, keep_file
from tasks.io.captures import CaptureWriter, DecodeError, decoded_body, payload_digest, read_record
from tasks.io.decode import decode_body
from tasks.io.exchange import Exchange, FetchError
from tasks.io.hosts import host_key
from tasks.io.http import HttpClient
from tasks.io.leases import hold_hosts, lease_number
from tasks.io.memory import last_rows
from tasks.io.retry_after import retry_after
from tasks.io.robots import RobotsCache
from tasks.io.staging import RunContext

FULL_EVERY = 7
"""Every so many polls in a row without news, a listing is fetched without condition: some servers never change
the ETag of a feed (observed by Media Cloud)."""
REFUSALS: Mapping[int, Outcome] = {
    401: Outcome.BLOCKED,
    403: Outcome.BLOCKED,
    451: Outcome.BLOCKED,
    404: Outcome.GONE,
    410: Outcome.GONE,
}
"""What a status means for a listing; any other that is not 2xx is a failure."""
ROBOTS_OUTCOMES: Mapping[Reason, Outcome] = {
    Reason.ROBOTS_DISALLOWED: Outcome.BLOCKED,
    Reason.ROBOTS_UNREACHABLE: Outcome.BLOCKED,
    Reason.HOST_PAUSED: Outcome.DEFERRED,
    Reason.NOT_REACHED: Outcome.DEFERRED,
}
"""What robots.txt's no means; when the host cannot be reached at all it is a failure."""
LEASE_WAIT_S = 120.0
"""Longest wait for the site of a redirect, child or archive: bounded, because it is asked for out of order."""
PERMANENT = frozenset({301, 308})


@dataclass(frozen=True)
class Polled:
    """What one poll of a listing came to."""

    listing: Listing
    is_same: bool = False
    """The server says that nothing is new, or sent the same bytes again."""
    moved_to: str | None = None
    """Where the listing has moved for good (every redirect on the way was a permanent one)."""


@dataclass
class Poller:
    """Gets the listings of one source and keeps one Capture row each.

    The lease of the source's own site is the caller's to hold; those of other sites that a redirect, an index or an
    archive leads to are taken here, and let go when `leases` is closed.
    """

    run: RunContext
    source: Source
    client: HttpClient
    writer: CaptureWriter
    robots: RobotsCache
    leases: AsyncExitStack
    held: set[int] = field(default_factory=set)
    """Numbers of the leases that are held."""
    known: dict[str, Row] = field(default_factory=dict)
    """Last ledger rows of listings, by url_id."""
    rows: list[Row] = field(default_factory=list)
    """Capture rows of the listings, in the order in which they were asked for."""

    def recall(self, urls: Iterable[str]) -> None:
        """Look up what the ledger knows of these listings, with one query."""
        found = last_rows(self.run.folder, Kind.LISTING, [url_id(url) for url in urls])
        self.known |= {row["url_id"]: row for row in found.iter_rows(named=True)}

    async def listing(self, url: str, kind: SourceKind | None = None) -> Listing:
        """What the listing at the (normalised) URL says now; see `poll`."""
        return (await self.poll(url, kind)).listing

    async def poll(self, url: str, kind: SourceKind | None = None) -> Polled:
        """What the listing at the (normalised) URL says now, and what the poll told beside it.

        Args:
            url: of the listing.
            kind: what it is expected to be; by default what the source is.

        Raises:
            ListingError: it could not be had, or it is none.
            DiskError: it could not be kept.
        """
        asked = Asked(url, self.source.site or site_of(url), self.source.id, Kind.LISTING)
        await self._ask_robots(asked)
        known = self.known.get(url_id(url))
        exchange = await self._get(asked, known)
        old = old_body(self.run, known) if known and _is_same(exchange, known) else None
        if exchange.status == 304 and old is None:
            exchange = await self._get(asked, None)
        is_same = known is not None and _is_same(exchange, known)
        if known and old:
            row, (body, content_type) = self._keep_unchanged(asked, exchange, known), old
        else:
            row = self._keep(keep_exchange(self.writer, asked, exchange, self._verdict(asked, exchange)))
            if row["outcome"] != Outcome.FETCHED:
                raise ListingError(Reason(row["reason"]), row["detail"] or "")
            body, content_type = _decoded(exchange, row), exchange.header("Content-Type")
        return Polled(await self._read(row, body, content_type, kind), is_same, _moved_to(exchange))

    def rest(self, url: str, until: datetime) -> None:
        """Let the listing, which was read in this run, rest until then: runs before it may leave it out."""
        for row in self.rows:
            if row["url"] == url:
                row["next_try_at"] = until

    async def file(self, path: Path) -> Listing:
        """What a local list of URLs says; it is kept as a capture too.

        Raises:
            ListingError: it cannot be read, or it is no list.
            DiskError: it could not be kept.
        """
        body, changed_at = await asyncio.to_thread(_read_file, path)
        asked = Asked(file_url(path), self.source.site or NAMELESS_SITE, self.source.id, Kind.LISTING)
        row = keep_file(self.writer, asked, body, "text/plain", changed_at, Verdict(Outcome.FETCHED))
        return await self._read(self._keep(row), body, None)

    async def _ask_robots(self, asked: Asked) -> None:
        try:
            await self._take_lease(asked.url)
            decision = await self.robots.allowed(self.client, asked.url, source_id=self.source.id, site=asked.site)
        except FetchError as error:
            self._keep(absent_row(asked, Verdict(Outcome.DEFERRED, error.reason, error.detail), self.client.now()))
            raise ListingError(error.reason, error.detail) from error
        if decision.allowed:
            return
        reason, detail = decision.reason or Reason.ROBOTS_DISALLOWED, decision.detail or ""
        verdict = Verdict(ROBOTS_OUTCOMES.get(reason, Outcome.FAILED), reason, detail)
        self._keep(absent_row(asked, verdict, self.client.now()))
        raise ListingError(reason, detail)

    async def _take_lease(self, url: str) -> None:
        """Hold the lease of the URL's site until all listings of the source are read.

        Raises:
            FetchError: HOST_PAUSED, when another fetcher holds it for long.
        """
        site = site_of(url)
        if lease_number(site) in self.held:
            return
        try:
            gives_up = self.client.stopping.is_set
            lease = hold_hosts(self.run.folder, [site], owner=self.run.run_id, wait_s=LEASE_WAIT_S, gives_up=gives_up)
            await self.leases.enter_async_context(lease)
        except FolderBusyError as error:
            raise FetchError(Reason.HOST_PAUSED, f"{url}: {error}") from error
        self.held.add(lease_number(site))
        self.client.hosts.rest(host_key(url))

    async def check_hop(self, url: str) -> None:
        """Raise unless the target of a redirect may be asked for now."""
        await self._take_lease(url)
        decision = await self.robots.allowed(self.client, url, source_id=self.source.id)
        if not decision.allowed:
            raise FetchError(decision.reason or Reason.ROBOTS_DISALLOWED, decision.detail or url)

    async def _get(self, asked: Asked, known: Row | None) -> Exchange:
        """The response, asked for with the condition that the ledger gives."""
        is_due = known is not None and (known["unchanged_count"] + 1) % FULL_EVERY != 0
        condition = {name: known[name] for name in ("etag", "last_modified")} if known and is_due else {}
        try:
            return await self.client.get(asked.url, max_body_bytes=MAX_BYTES, check_hop=self.check_hop, **condition)
        except FetchError as error:
            verdict = Verdict(ROBOTS_OUTCOMES.get(error.reason, Outcome.FAILED), error.reason, error.detail)
            self._keep(keep_error(self.writer, asked, error, verdict, self.client.now()))
            raise ListingError(error.reason, error.detail) from error

    def _verdict(self, asked: Asked, exchange: Exchange) -> Verdict:
        """What the status means; a status that asks for rest pauses the host too."""
        if 200 <= exchange.status < 300:
            return Verdict(Outcome.FETCHED)
        detail = f"status {exchange.status}"
        wish = exchange.header("Retry-After")
        if exchange.status == 429 or (exchange.status == 503 and wish):
            until = retry_after(wish, self.client.now())
            self.robots.pause(exchange.final_url, until, detail, source_id=self.source.id, site=self.source.site)
            return Verdict(Outcome.FAILED, Reason.RATE_LIMITED, detail, until)
        verdict = Verdict(REFUSALS.get(exchange.status, Outcome.FAILED), Reason.HTTP_STATUS, detail)
        if verdict.outcome is not Outcome.GONE:
            return verdict
        until = asked_again_at(exchange.status, self.known.get(url_id(asked.url)), self.client.now())
        return replace(verdict, detail=taken_down(exchange.status, until), next_try_at=until)

    def _keep_unchanged(self, asked: Asked, exchange: Exchange, known: Row) -> Row:
        """A revisit record for the log; the row names the capture that holds the body, for the next poll."""
        verdict = Verdict(Outcome.NOT_MODIFIED)
        row = keep_exchange(self.writer, asked, exchange, verdict, known_digest=known["payload_digest"])
        row |= {name: row[name] or known[name] for name in ("etag", "last_modified")}
        return self._keep(row | {name: known[name] for name in ("capture_uri", "capture_offset", "capture_length")})

    def _keep(self, row: Row) -> Row:
        self.rows.append(row)
        return row

    async def _read(self, row: Row, body: bytes, content_type: str | None, kind: SourceKind | None = None) -> Listing:
        """Read the body outside of the event loop; what it is not, the row says."""
        base = row["final_url"] or row["url"]
        try:
            return await asyncio.to_thread(read_listing, kind or self.source.kind, body, base, content_type)
        except ListingError as error:
            row |= {"outcome": str(Outcome.FAILED), "reason": str(error.reason), "detail": escape(error.detail)}
            raise


def _read_file(path: Path) -> tuple[bytes, datetime]:
    """The file's bytes and its last change."""
    try:
        state = path.stat()
        if state.st_size > MAX_LIST_BYTES:
            raise ListingError(Reason.TOO_LARGE, f"{path}: {state.st_size} bytes; at most {MAX_LIST_BYTES} are read")
        return path.read_bytes(), last_change(state)
    except OSError as error:
        raise ListingError(Reason.UNREADABLE, f"{path}: {error.strerror or error}") from error


def _moved_to(exchange: Exchange) -> str | None:
    is_permanent = bool(exchange.hops) and all(hop.status in PERMANENT for hop in exchange.hops)
    return exchange.final_url if is_permanent else None


def _is_same(exchange: Exchange, known: Row) -> bool:
    """Whether the server says that nothing is new, or sends the same bytes again."""
    return exchange.status == 304 or (
        exchange.status == 200 and payload_digest(exchange.body) == known["payload_digest"]
    )


def old_body(run: RunContext, known: Row) -> tuple[bytes, str | None] | None:
    """Body and Content-Type of the last full capture; None when they cannot be had any more."""
    if known["capture_uri"] is None or known["capture_offset"] is None:
        return None
    try:
        record = read_record(run.folder, known["capture_uri"], known["capture_offset"])
        if record.problem is not None or record.kind != "response" or record.status != 200:
            return None
        return decoded_body(record, LIMITS), record.content_type
    except (OSError, DecodeError):
        return None


def _decoded(exchange: Exchange, row: Row) -> bytes:
    try:
        return decode_body(exchange.body, exchange.header("Content-Encoding"), LIMITS)
    except DecodeError as error:
        row |= {"outcome": str(Outcome.FAILED), "reason": str(error.reason), "detail": escape(error.detail)}
        raise ListingError(error.reason, error.detail) from error
