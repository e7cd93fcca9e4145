"""What the tests of fetch share: candidates, and a shard that is written, fetched and read."""

from collections.abc import Iterable, Mapping
from typing import Any

from schemas.capture import Candidate, Capture
from schemas.identity import site_of, url_id
from schemas.table import frame
from tasks.fetch.model import FetchSettings, FetchSummary
from tasks.fetch.shard import fetch_shard
from tasks.io.staging import RunContext, read_part, write_part
from tests.servers import quick

Row = dict[str, Any]


def candidate(url: str, **changes: Any) -> Row:
    """A candidate that nothing is known of."""
    return {
        "url_id": url_id(url),
        "url": url,
        "site": site_of(url) or "local",
        "source_id": "feed",
        "seq": 0,
        "listed_authors": [],
        "listed_tags": [],
        "failure_count": 0,
        "unchanged_count": 0,
    } | changes


def list_shard(run: RunContext, rows: Iterable[Mapping[str, Any]], shard: str = "0000") -> None:
    """Write the shard's candidates as discover does."""
    write_part(run.part("discover", "candidates", shard), Candidate, frame(Candidate, rows))


def captures(run: RunContext, shard: str = "0000") -> list[Row]:
    """The shard's Capture rows."""
    return list(read_part(run.part("fetch", "captures", shard), Capture).iter_rows(named=True))


def pages(run: RunContext, shard: str = "0000") -> list[Row]:
    """The shard's Capture rows of pages."""
    return [row for row in captures(run, shard) if row["kind"] == "page"]


async def fetch(run: RunContext, rows: Iterable[Mapping[str, Any]], **changes: Any) -> FetchSummary:
    """List the candidates as a shard and fetch it; hosts a.test to e.test lie on 127.0.0.1."""
    list_shard(run, rows)
    return await fetch_shard(run, "0000", settings(**changes))


def settings(**changes: Any) -> FetchSettings:
    """Quick settings; names of HttpSettings and of FetchSettings may be mixed."""
    own = {name: changes.pop(name) for name in list(changes) if name in FetchSettings.__dataclass_fields__}
    return FetchSettings(http=quick([f"{letter}.test" for letter in "abcde"], **changes), **own)
