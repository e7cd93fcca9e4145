"""Made-up rows for the store's benchmark: the shape and size of real ones, no text of anybody's.

What does not belong here: measuring (bench.py).
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import polars as pl

from schemas.table import Table, duckdb_types, frame
from schemas.tables import TABLES
from tasks.store.signatures import METHOD, SIGNED

FIRST = datetime(2024, 1, 1, 3, tzinfo=UTC)
SITES = 200

ARTICLE = {
    "version_id": "md5('v' || {day} || '-' || i)",
    "article_id": "md5('a' || {key})",
    "url": "'https://site-' || {key} % {sites} || '.example/news/2024/' || md5('u' || {key})",
    "canonical_url": "'https://site-' || {key} % {sites} || '.example/news/2024/' || md5('u' || {key})",
    "site": "'site-' || {key} % {sites} || '.example'",
    "source_id": "'site-' || {key} % {sites}",
    "title": "'Headline ' || md5('t' || {key})",
    "published_at": "timestamptz '{at}' - to_seconds(i % 86400)",
    "captured_at": "timestamptz '{at}' - to_seconds(i % 86400)",
    "recorded_at": "timestamptz '{at}'",
    "language": "'en'",
    "body": "array_to_string([md5(k || '-' || {day} || '-' || i) for k in range({words})], ' ')",
    "word_count": "{words}",
    "page_kind": "'article'",
    "content_hash": "md5('c' || {day} || '-' || i)",
    "kind_of_change": "'first'",
    "parser_version": "'1'",
    "rules_version": "'1'",
    "run_id": "'{run}'",
    "capture_uri": "'captures/run_date=2024-01-01/{run}-0000.warc.gz'",
    "capture_offset": "i * 9000",
    "capture_digest": "'sha256:' || md5('d' || {day} || '-' || i)",
}
LEDGER = {
    "run_id": "'{run}'",
    "kind": "'page'",
    "url_id": "md5('a' || {key})",
    "url": ARTICLE["url"],
    "site": ARTICLE["site"],
    "source_id": ARTICLE["source_id"],
    "state": "'stored'",
    "http_status": "200",
    "attempt_count": "1",
    "failure_count": "0",
    "unchanged_count": "0",
    "captured_at": ARTICLE["captured_at"],
    "recorded_at": "timestamptz '{at}'",
    "version_id": ARTICLE["version_id"],
    "article_id": ARTICLE["article_id"],
}
SIGNATURE = {name: ARTICLE[name] for name in SIGNED} | {
    "bands": "[cast(hash({day} || '-' || i || '-' || k) >> 1 as bigint) for k in range(32)]",
    "method": f"'{METHOD}'",
}
"""Of numbers that no two texts share, as those of texts that have nothing in common."""

COLUMNS = {"articles": ARTICLE, "ledger": LEDGER, "signatures": SIGNATURE}


def run_of(day: int) -> str:
    """The id of a day's run."""
    return f"{FIRST + timedelta(days=day):%Y%m%dT%H%M%SZ}-{day:012x}"


def rows(table: str, day: int, count: int, *, words: int, again: float = 0.05) -> pl.DataFrame:
    """One night's rows of articles, ledger or signatures.

    Args:
        table: articles, ledger or signatures.
        day: Number of the night, from 0.
        count: Rows.
        words: Length of a body, in words of 32 letters, which hardly compress.
        again: Share of the rows that are later versions of articles of the night before.
    """
    key = f"(case when i < {int(count * again)} and {day} > 0 then ({day} - 1) * 1000000 + {count} - 1 - i "
    key += f"else {day} * 1000000 + i end)"
    facts = {"day": day, "key": key, "sites": SITES, "words": words, "run": run_of(day)}
    facts["at"] = (FIRST + timedelta(days=day)).isoformat(" ")
    model, made = TABLES[table], COLUMNS[table]
    values = [
        f"cast({made[name].format(**facts) if name in made else _default(kind)} as {kind}) as {name}"
        for name, kind in duckdb_types(model).items()
    ]
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        found = connection.sql(f"select {', '.join(values)} from range({count}) as t(i)").to_arrow_table()  # noqa: S608 - texts of this file
    return _typed(model, pl.DataFrame(pl.from_arrow(found)))


def _default(kind: str) -> str:
    return "[]" if kind.endswith("[]") else "null"


def _typed(model: type[Table], made: pl.DataFrame) -> pl.DataFrame:
    return made.cast(dict(frame(model, []).schema))


def run_row(day: int, stored: int) -> pl.DataFrame:
    """The row of `runs` of a day."""
    counts = [name for name in TABLES["runs"].to_schema().columns if name.endswith("_count")]
    at = FIRST + timedelta(days=day)
    row: dict[str, Any] = {
        "run_id": run_of(day), "run_seq": day + 1, "flow": "nightly", "status": "completed", "started_at": at,
        "ended_at": at, "settings": "{}", "copydesk_version": "0", "parser_version": "0", "rules_version": "0",
        "body_bytes": 0, **dict.fromkeys(counts, 0), "found_count": stored, "stored_count": stored,
    }  # fmt: skip
    return frame(TABLES["runs"], [row])
