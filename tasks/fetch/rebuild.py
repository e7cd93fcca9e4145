"""What fetch handed over in a run, made again from the run's captures alone: no network, no table."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from schemas.capture import Candidate, Capture
from schemas.reasons import Kind
from schemas.run import RunSource
from schemas.summary import Counts
from schemas.table import frame
from tasks.fetch.host import LISTED_COLUMNS
from tasks.io.capture_rows import LISTED, told_rows
from tasks.io.folder import DataFolder
from tasks.io.forgotten import forgotten
from tasks.io.memory import last_rows
from tasks.io.staging import RunContext, write_part
from tasks.io.tables import Snapshot
from tasks.io.warc_read import iter_records

RUN_FILE = re.compile(r"(\d{8}T\d{6}Z-[0-9a-f]+|[^-]+)-.+\.warc\.gz")
"""The run that wrote a capture file. Matches: 20260302T021500Z-4f0c-0000.warc.gz. Not: a file without a run."""
_LARGE = 10
"""A site with more pages than so many batches is cut over them."""
_KNOWN = ("etag", "last_modified", "payload_digest", "last_full_at", "failure_count", "unchanged_count")

Row = dict[str, Any]


def captured_runs(folder: DataFolder) -> dict[str, datetime]:
    """Each run that has left captures, with its time, oldest first: by the date of the files' warcinfo records."""
    found: dict[str, datetime] = {}
    for path in _files(folder):
        match = RUN_FILE.fullmatch(path.name)
        head = next(iter_records(path, with_payload=False), None)
        if match is not None and head is not None and head.date is not None:
            found.setdefault(match[1], head.date)
    return dict(sorted(found.items(), key=lambda entry: (entry[1], entry[0])))


def _files(folder: DataFolder) -> list[Path]:
    return sorted(folder.captures.glob("run_date=*/*.warc.gz"))


def files_of(folder: DataFolder, run_id: str) -> list[Path]:
    """The capture files of one run, by name."""
    return sorted(folder.captures.glob(f"run_date=*/{run_id}-*.warc.gz"))


def replay_captures(run: RunContext, batch_rows: int) -> list[str]:
    """Write the parts of discover and fetch as the run's captures tell them, and give the names of the shards.

    Args:
        run: The run, in the folder that holds its captures.
        batch_rows: Pages in a shard.

    Raises:
        OSError: a capture file cannot be read.
        DiskError: the disk refused a part.
    """
    rows = [row for path in files_of(run.folder, run.run_id) for row in told_rows(run.folder, path)]
    gone = forgotten(Snapshot.open(run.folder))
    rows = [row for row in rows if not gone.has_page(row["url_id"], row["site"])]
    # The last row of a record counts: a killed task may have written it twice.
    pages = {page_key(row): row for row in rows if row["kind"] == Kind.PAGE}
    hosts = {(row["kind"], row["url"]): row for row in rows if row["kind"] != Kind.PAGE}
    write_part(run.part("discover", "captures", "all"), Capture, _captures(list(hosts.values())))
    write_sources(run, {row["source_id"]: "feed" for row in [*pages.values(), *hosts.values()]})
    known = last_rows(run.folder, Kind.PAGE, sorted({row["url_id"] for row in pages.values()}))
    return list(write_shards(run, pages.values(), {row["url_id"]: row for row in known.to_dicts()}, batch_rows))


def write_shards(
    run: RunContext,
    pages: Iterable[Row],
    known: Mapping[str, Row],
    batch_rows: int,
    *,
    first: int = 0,
    is_owned_by_known: bool = False,
) -> Iterator[str]:
    """Write captures and candidates of pages that were captured in one run, and give the names of the shards.

    Args:
        run: The run.
        pages: Rows as `told_rows` gives them.
        known: Last ledger row of each URL, by url_id.
        batch_rows: Pages in a shard.
        first: Number of the first shard.
        is_owned_by_known: A page that another source lists by now is that one's candidate, so that a URL that was
            captured for two sources is counted for one.

    Raises:
        DiskError: the disk refused a part.
    """
    ordered = sorted(pages, key=lambda row: (row["site"], row["url"], row["captured_at"], page_key(row)))
    for number, batch in enumerate(_batches(ordered, batch_rows), start=first):
        shard = f"{number:05d}"
        listed = [_candidate(row, known.get(row["url_id"])) for row in batch]
        if is_owned_by_known:
            listed = [row | {"source_id": known.get(row["url_id"], row)["source_id"]} for row in listed]
        candidates = frame(Candidate, listed)
        write_part(run.part("discover", "candidates", shard), Candidate, candidates)
        write_part(run.part("fetch", "captures", shard), Capture, _captures(batch))
        yield shard


def page_key(row: Row) -> tuple[str, str, int]:
    """One URL has one page in a run, but as many as an archive has records of it."""
    lies_elsewhere = not str(row["capture_uri"]).startswith("captures/")
    return (row["url"], row["capture_uri"], row["capture_offset"]) if lies_elsewhere else (row["url"], "", 0)


def _batches(rows: list[Row], size: int) -> Iterator[list[Row]]:
    """Slices of about `size` rows; the rows of a site (of a URL, where it is large) stay together."""
    start = 0
    for place in range(1, len(rows) + 1):
        is_large = place - start >= size * _LARGE
        is_cut = place == len(rows) or any(
            rows[place][by] != rows[place - 1][by] for by in ("site", "url")[: 1 + is_large]
        )
        if is_cut and (place - start >= size or place == len(rows)):
            yield rows[start:place]
            start = place


def _captures(rows: list[Row]) -> pl.DataFrame:
    return frame(Capture, [{name: value for name, value in row.items() if name != LISTED} for row in rows])


def _candidate(row: Row, known: Row | None) -> Row:
    said = {name: (row.get(LISTED) or {}).get(name) for name in LISTED_COLUMNS}
    lists = {name: said[name] or [] for name in ("listed_authors", "listed_tags")}
    elsewhere = not str(row["capture_uri"]).startswith("captures/")
    place = {"capture_uri": row["capture_uri"], "capture_offset": row["capture_offset"]} if elsewhere else {}
    memory = {name: (known or {}).get(name) for name in _KNOWN}
    counts = {name: memory[name] or 0 for name in ("failure_count", "unchanged_count")}
    if known is not None:
        memory |= {"known_state": known["state"], "known_article_id": known["article_id"]}
        memory |= {"known_version_id": known["version_id"]}
    key = {name: row[name] for name in ("url_id", "url", "site", "source_id")}
    return {**key, "seq": 0, **said, **lists, **place, **memory, **counts}


def write_sources(run: RunContext, kinds: Mapping[str, str]) -> None:
    """A row for each source, with its kind; what it had listed beyond its captures is not known."""
    extra = {"listing_count": 0, "bad_item_count": 0, "capped_count": 0}
    for name, kind in sorted(kinds.items()):
        row = Counts().as_row() | {"run_id": run.run_id, "source_id": name, "kind": kind, "status": "ok"} | extra
        write_part(run.part("discover", "run_sources", name), RunSource, frame(RunSource, [row]))
