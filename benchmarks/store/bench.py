"""`make bench-store`: nights into a million versions, a Delta merge of the same, and queries through our views.

    python -m benchmarks.store.bench [--rows 1000000] [--files 30] [--nights 7]

All in one run and on one folder, which is thrown away; queries are measured warm, the median of several.
The last line is one JSON object.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
from deltalake import DeltaTable
from deltalake import Schema as DeltaSchema
from deltalake.transaction import AddAction, create_table_with_add_actions

from benchmarks.store.beside import judge_seconds, near_seconds, together_seconds
from benchmarks.store.rows import FIRST, rows, run_of, run_row
from schemas.table import arrow_schema, to_arrow
from schemas.tables import TABLES
from tasks.io.commit import Intent, carry_out, commit_lock, next_run_seq, write_intent
from tasks.io.folder import INTENT, DataFolder
from tasks.io.outfiles import sync_out, write_out
from tasks.io.staging import RunContext
from tasks.io.tables import committed_files, sql_text
from tasks.publish.database import publish_tables

NIGHT_ROWS = 5_000
TOGETHER = 4
"""Nights that are committed at once."""
WORDS = 12
NIGHT_WORDS = 60
"""Words of 32 letters in a body: a night's article has 2 kB, an old one less, so that a million fit on a laptop."""
REPEATS = 5
GROUP = "select site, captured_at::date as day, count(*), sum(word_count) from {} group by all"


def commit_night(folder: DataFolder, day: int, tables: dict[str, pl.DataFrame]) -> tuple[float, float]:
    """Seconds to stage and commit a night, and of them those under the commit lock."""
    begun = time.perf_counter()
    run = RunContext(run_of(day), FIRST + timedelta(days=day), folder)
    files = {table: tuple(write_out(run, table, part, 0)) for table, part in tables.items()}
    sync_out(folder, run.run_id)
    with commit_lock(folder, run.run_id):
        locked = time.perf_counter()
        seq = next_run_seq(folder)
        files["runs"] = tuple(write_out(run, "runs", run_row(day, tables["articles"].height), 0))
        write_intent(folder, Intent(run.run_id, seq, "nightly", files))
        carry_out(folder, folder.run(run.run_id) / INTENT)
        ended = time.perf_counter()
    return ended - begun, ended - locked


def night(day: int, count: int, words: int, *tables: str) -> dict[str, pl.DataFrame]:
    """The rows of a night, of articles, ledger and other tables that are named."""
    return {table: rows(table, day, count, words=words) for table in ("articles", "ledger", *tables)}


def ready_night(root: Path, day: int) -> Callable[[], object]:
    """What stages and commits a night, whose rows are made already; for a process that shall begin with others."""
    return partial(commit_night, DataFolder(root), day, night(day, NIGHT_ROWS, NIGHT_WORDS))


def size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def plain_size(tables: dict[str, pl.DataFrame], scratch: Path) -> int:
    """Bytes of the same rows as Parquet files that pyarrow writes by itself."""
    for table, part in tables.items():
        pq.write_table(to_arrow(TABLES[table], part), scratch / f"{table}.parquet", compression="zstd")
    return sum((scratch / f"{table}.parquet").stat().st_size for table in tables)


def merge_seconds(folder: DataFolder, scratch: Path, new: pl.DataFrame) -> float:
    """Seconds of a Delta merge of the night by article_id, into a table of the same files (hard links)."""
    place = scratch / "merged"
    place.mkdir()
    actions = []
    for number, path in enumerate(committed_files(folder, "articles")):
        link = place / f"{number}.parquet"
        link.hardlink_to(path)
        records = json.dumps({"numRecords": pq.read_metadata(path).num_rows})
        actions.append(AddAction(link.name, path.stat().st_size, {}, 0, True, records))
    schema = arrow_schema(TABLES["articles"])
    create_table_with_add_actions(str(place), DeltaSchema.from_arrow(schema), actions, mode="error", partition_by=[])
    begun = time.perf_counter()
    merging = DeltaTable(place).merge(
        to_arrow(TABLES["articles"], new), "old.article_id = new.article_id", source_alias="new", target_alias="old"
    )
    merging.when_matched_update_all().when_not_matched_insert_all().execute()
    return time.perf_counter() - begun


def warm(work: Callable[[], object]) -> float:
    """Median milliseconds of several calls, after one that warms."""
    work()
    taken = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def query_milliseconds(folder: DataFolder, url: str) -> dict[str, float]:
    """Milliseconds of each query through the views, and of the same over bare files."""
    listed = ", ".join(sql_text(str(path)) for path in committed_files(folder, "articles"))
    bare = f"read_parquet([{listed}], hive_partitioning = false)"
    until = (FIRST + timedelta(days=365)).isoformat(" ")
    as_of = f"dataset_as_of(timestamptz '{until}')"
    queries = {
        "count": "select count(*) from articles",
        "bare count": f"select count(*) from {bare}",  # noqa: S608 - paths of our own, quoted
        "group": GROUP.format("articles"),
        "bare group": GROUP.format(bare),
        "look-up": f"select title, body from articles where url = {sql_text(url)}",  # noqa: S608 - quoted
        "as of": GROUP.format(as_of),
    }
    with duckdb.connect(str(folder.database), read_only=True) as connection:
        return {name: warm(lambda sql=sql: connection.execute(sql).fetchall()) for name, sql in queries.items()}


def fill(folder: DataFolder, count: int, files: int) -> None:
    """A folder that has so many versions, in one file of articles a run, and the signatures of their texts."""
    folder.prepare()
    for day in range(files):
        commit_night(folder, day, night(day, count // files, WORDS, "signatures"))


def measure(root: Path, count: int, files: int, nights: int, together: int = TOGETHER) -> dict[str, float]:
    """All figures; what is timed is named in the keys."""
    folder = DataFolder(root / "data")
    fill(folder, count, files)
    sys.stderr.write(f"{count} versions in {files} files: {size(folder.root) / 1e6:.0f} MB\n")
    publish_begun = time.perf_counter()
    publish_tables(folder)
    published = time.perf_counter() - publish_begun
    url = rows("articles", files // 2, 1000, words=1)["url"][500]
    found = {f"{name} ms": value for name, value in query_milliseconds(folder, url).items()}
    found["publish s"] = published
    found["merge s"] = merge_seconds(folder, root, night(files, NIGHT_ROWS, NIGHT_WORDS)["articles"])
    found |= _nights(folder, root, files, nights)
    after = files + nights
    articles = night(after, NIGHT_ROWS, NIGHT_WORDS)["articles"]
    found["judge s"] = judge_seconds(folder, articles)
    found["near s"] = near_seconds(folder, after, articles)
    found["together s"] = together_seconds(partial(ready_night, folder.root), [*range(after, after + together)])
    return found


def _nights(folder: DataFolder, scratch: Path, first: int, nights: int) -> dict[str, float]:
    """Medians of nights that are staged and committed one after the other, and the bytes that they wrote."""
    whole, locked, cpu, written, plain = [], [], [], 0, 0
    for day in range(first, first + nights):
        tables = night(day, NIGHT_ROWS, NIGHT_WORDS)
        before, worked = size(folder.root), time.process_time()
        seconds = commit_night(folder, day, tables)
        cpu.append(time.process_time() - worked)
        whole.append(seconds[0])
        locked.append(seconds[1])
        written += size(folder.root) - before
        plain += plain_size(tables, scratch)
    return {
        "night s": statistics.median(whole), "of it locked s": statistics.median(locked),
        "night cpu s": statistics.median(cpu), "fastest night s": min(whole), "slowest night s": max(whole),
        "bytes ratio": written / plain,
    }  # fmt: skip


def main() -> None:
    """Measure, print the table, and as the last line the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--files", type=int, default=30)
    parser.add_argument("--nights", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as root:
        found = measure(Path(root), asked.rows, asked.files, asked.nights)
    for name, value in found.items():
        print(f"{name:18}{value:12.3f}")
    print(json.dumps({
        "rows": asked.rows, "files": asked.files, "state": "warm",
        "night_s": round(found["night s"], 3),
        "night_cpu_s": round(found["night cpu s"], 3),
        "bytes_ratio": round(found["bytes ratio"], 3),
        "merge_ratio": round(found["merge s"] / found["night s"], 1),
        "count_ms": round(found["count ms"], 1),
        "group_ratio": round(found["group ms"] / found["bare group ms"], 2),
        "point_ms": round(found["look-up ms"], 1),
        "as_of_ratio": round(found["as of ms"] / found["group ms"], 2),
        "judge_s": round(found["judge s"], 2),
        "near_s": round(found["near s"], 2),
        "together_ratio": round(found["together s"] / found["night s"], 2),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
