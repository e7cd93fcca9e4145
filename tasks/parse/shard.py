"""One shard of captures: each fetched page becomes an article row or a quarantine row, each refused one the second."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from schemas.article import Article
from schemas.capture import Candidate, Capture
from schemas.quarantine import Quarantine
from schemas.reasons import Kind, Outcome, Reason, Reservation
from schemas.shard import ShardSummary
from schemas.table import empty, frame
from tasks.io.captures import BodyLimits, DecodeError, decoded_body, read_record
from tasks.io.folder import DataFolder
from tasks.io.progress import advance
from tasks.io.reservations import in_order, page_reservations
from tasks.io.staging import RunContext, read_part, write_part
from tasks.parse.children import Parsed, PoolSettings, parse_jobs
from tasks.parse.model import Listed, Refusal
from tasks.parse.paging import join_pages
from tasks.parse.rows import article_row, fetch_refusal_row, refusal_row
from tasks.parse.site_rules import RuleBook
from tasks.parse.zygote import Job

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ParseSettings:
    """How pages are parsed.

    Attributes:
        workers: children; 0 parses in this process without limits; None: one a processor.
        wall_s: seconds that one page may take, by the clock and by CPU time.
        memory_bytes: private memory that a child may add to what it starts with.
        pages_per_child: pages after which a child is replaced.
        time_zones: source_id -> IANA zone of that source's dates without one; else UTC.
        rules: what is known of single sites.
        limits: how far a body may grow when its content encodings are undone.
        hook: for tests, see `PoolSettings`.
    """

    workers: int | None = None
    wall_s: float = 20.0
    memory_bytes: int = 1_500_000_000
    pages_per_child: int = 500
    time_zones: Mapping[str, str] = field(default_factory=dict)
    rules: RuleBook = field(default_factory=RuleBook)
    limits: BodyLimits = field(default_factory=BodyLimits)
    hook: str | None = None

    @property
    def pool(self) -> PoolSettings:
        """The part that the children need."""
        workers = (os.cpu_count() or 1) if self.workers is None else self.workers
        return PoolSettings(workers, self.wall_s, self.memory_bytes, self.pages_per_child, self.hook)


def parse_shard(run: RunContext, shard: str, settings: ParseSettings) -> ShardSummary:
    """Read fetch/captures/<shard>; write parse/quarantine and, last, parse/articles of that name.

    A shard whose articles are there is finished and only counted.

    Raises:
        DiskError: the disk refused a part.
    """
    articles, quarantine = (run.part("parse", table, shard) for table in ("articles", "quarantine"))
    if not articles.exists():
        captures = read_part(run.part("fetch", "captures", shard), Capture)
        listing = run.part("discover", "candidates", shard)
        candidates = read_part(listing, Candidate) if listing.exists() else empty(Candidate)
        passed_rows, refused_rows = parse_captures(captures, candidates, run, settings)
        write_part(quarantine, Quarantine, refused_rows)
        write_part(articles, Article, passed_rows)
    passed, refused = (pq.read_metadata(path).num_rows for path in (articles, quarantine))
    return ShardSummary("parse", shard, passed + refused, passed, refused)


def parse_captures(
    captures: pl.DataFrame, candidates: pl.DataFrame, run: RunContext, settings: ParseSettings
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(article rows, quarantine rows) of the pages among the captures, in their order."""
    pages = captures.filter(
        (pl.col("kind") == Kind.PAGE.value) & pl.col("outcome").is_in([Outcome.FETCHED.value, Outcome.REFUSED.value])
    ).to_dicts()
    advance("parse", total=len(pages))
    listed = ListedFacts(candidates, settings.time_zones)
    results: dict[int, Parsed] = {}
    jobs = _jobs(pages, listed, run.folder, settings, results)
    with closing(parse_jobs(jobs, settings.pool)) as answers:
        for index, result in answers:
            results[index] = result
            advance("parse", done=1)
    return _tables(pages, join_pages(results), run)


def _tables(
    pages: list[dict[str, Any]], results: Mapping[int, Parsed], run: RunContext
) -> tuple[pl.DataFrame, pl.DataFrame]:
    times = Counter(page["url_id"] for page in pages)
    passed, refused = [], []
    for index, page in enumerate(pages):
        result = results.get(index)
        if result is None:
            refused.append(fetch_refusal_row(page, run))
        elif isinstance(result, Refusal):
            refused.append(refusal_row(page, result, run, is_one_of_many=times[page["url_id"]] > 1))
        else:
            passed.append(article_row(page, result, run))
    return frame(Article, passed), frame(Quarantine, refused)


def _jobs(
    pages: list[dict[str, Any]],
    listed: "ListedFacts",
    folder: DataFolder,
    settings: ParseSettings,
    results: dict[int, Parsed],
) -> Iterator[tuple[int, Job]]:
    """The job of each fetched page, read when it is asked for; what cannot be read goes to `results` at once."""
    for index, page in enumerate(pages):
        if page["outcome"] != Outcome.FETCHED.value:
            advance("parse", done=1)
            continue
        payload = read_payload(page, folder, settings.limits)
        if isinstance(payload, Refusal):
            results[index] = payload
            advance("parse", done=1)
            continue
        reserved = {Reservation(one) for one in page.get("reservations") or ()} | page_reservations(payload)
        page["reservations"] = in_order(reserved)
        # Relative links and the site of a canonical URL are those of the page that answered.
        url = page["final_url"] or page["url"]
        rules = settings.rules.of(page["site"], url, page["captured_at"])
        yield index, Job(payload, url, page["content_type"], listed.of(page), page["captured_at"], rules)


def read_payload(page: Row, folder: DataFolder, limits: BodyLimits) -> bytes | Refusal:
    """The body of the page's record with its content encodings undone, or why it cannot be had."""
    where = f"{page['capture_uri']} at {page['capture_offset']}"
    if page["capture_uri"] is None or page["capture_offset"] is None:
        return Refusal(Reason.UNREADABLE, "record_missing", "capture_uri", None, "a WARC record")
    try:
        record = read_record(folder, page["capture_uri"], page["capture_offset"])
        if record.problem is not None or record.kind not in ("response", "resource"):
            seen = f"{where}: {record.problem or f'a {record.kind} record'}"
            return Refusal(Reason.UNREADABLE, "record_damaged", "capture_offset", seen, "a whole record with a body")
        return decoded_body(record, limits)
    except DecodeError as error:
        return Refusal(error.reason, "content_encoding", "body", error.detail, "a body within the limits")
    except OSError as error:
        seen = f"{where}: {error.strerror or error}"
        return Refusal(Reason.UNREADABLE, "file_unreadable", "capture_uri", seen, "a WARC file that can be read")


class ListedFacts:
    """What the listings said of the pages of a shard, by URL and, where records share one, by record."""

    def __init__(self, candidates: pl.DataFrame, time_zones: Mapping[str, str]) -> None:
        self._zones = time_zones
        self._rows: dict[tuple[Any, ...], Row] = {}
        for row in candidates.iter_rows(named=True):
            self._rows.setdefault((row["url_id"],), row)
            self._rows[row["url_id"], row["capture_uri"], row["capture_offset"]] = row

    def of(self, page: Row) -> Listed:
        """What the listing said of the page."""
        key = (page["url_id"], page["capture_uri"], page["capture_offset"])
        row = self._rows.get(key) or self._rows.get((page["url_id"],))
        zone = self._zones.get(page["source_id"])
        if row is None:
            return Listed(time_zone=zone)
        return Listed(
            title=row["listed_title"],
            authors=tuple(row["listed_authors"] or ()),
            published_at=row["listed_published_at"],
            modified_at=row["listed_modified_at"],
            summary=row["listed_summary"],
            tags=tuple(row["listed_tags"] or ()),
            language=row["listed_language"],
            time_zone=zone,
        )
