"""`make bench-analytics`: words over time, ranked search and their indexes, over made-up articles of real length.

    python -m benchmarks.analytics.bench [--articles 1000000] [--night 10000]

Each night of so many articles is committed as nights are; then all are published and indexed for the first time. One
night at a time is in memory. Text and tables of a million take 4 GB of disk, their indexes 2 GB.
The last line is one JSON object. Its figures, all in seconds of a clock unless said otherwise:

    attention_s            attention(term) over all days, for the slowest of three terms: the words of rank 30 (in most
                           articles), 1,000 and 30,000; each the median of five calls after one that warms
    top_terms_s            top_terms of the last seven days against the 28 before, the median of five after one
    search_ms_median       milliseconds of `from search(...)` with snippets, over 60 queries of eight kinds, each asked
                           once after as many others that warm; search_cpu_ms_median is CPU of this process
    index_articles_per_s   articles by the time that the ranked index takes, from the published texts to the commit;
                           index_articles_per_cpu_s by CPU of this process, words_articles_per_cpu_s the same of the
                           whole first publish, which makes the word index
    index_size_ratio       bytes of `index/` (both indexes) by bytes of titles and bodies in UTF-8; search_size_ratio
                           of the ranked one alone
    connect_s              `import copydesk; copydesk.connect(data)` in a new process until it has counted the articles,
                           the median of five, without the start of Python
    publish_s              the first publish, the word index included; again_s the next, after one night more
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

import copydesk
from benchmarks.analytics.articles import TALK, Language, articles, make_language
from benchmarks.store.bench import commit_night, size
from benchmarks.store.rows import rows
from tasks.io.folder import DataFolder
from tasks.io.tables import sql_text
from tasks.publish.database import publish_tables

REPEATS = 5
RANKS = (30, 1_000, 30_000)
SEARCHES = 60
CONNECT = """
import sys, time
begun = time.perf_counter()
import copydesk
with copydesk.connect(sys.argv[1]) as dataset:
    dataset.execute("select count(*) from articles").fetchall()
print(time.perf_counter() - begun)
"""


def fill(folder: DataFolder, language: Language, count: int, night: int) -> int:
    """Commit so many articles, night by night; the bytes of their titles and bodies."""
    folder.prepare()
    return sum(
        add_night(folder, language, day, min(night, count - begin)) for day, begin in enumerate(range(0, count, night))
    )


def add_night(folder: DataFolder, language: Language, day: int, count: int) -> int:
    """Commit one night; the bytes of its titles and bodies."""
    made = articles(language, day, count)
    commit_night(folder, day, {"articles": made, "ledger": rows("ledger", day, count, words=1)})
    return int(made["title"].str.len_bytes().sum() + made["body"].str.len_bytes().sum())


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of one call, and of them CPU seconds of this process."""
    begun, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - worked


def median(work: Callable[[], object]) -> float:
    """Median seconds of several calls, after one that warms."""
    work()
    return statistics.median(timed(work)[0] for _ in range(REPEATS))


def searches(words: list[str], last: str) -> Iterator[str]:
    """Queries of eight kinds, of frequent and rare words in turn."""
    for number in range(SEARCHES):
        one, two = words[200 + 37 * number], words[(1_500 + 411 * number) % len(words)]
        kinds = (
            one, two, f"{one} {two}", f"{one} OR {two}", f'"{words[5 + number]} {words[12 + number]}"',
            f"{two[:4]}*", f"{one} site:site-{number}.example", f"{one} since:{last}",
        )  # fmt: skip
        yield kinds[number % len(kinds)]


def search_milliseconds(dataset: duckdb.DuckDBPyConnection, words: list[str], last: str) -> list[tuple[float, float]]:
    """Milliseconds of each query, and of them CPU."""

    def ask(query: str) -> list[object]:
        return dataset.execute(f"select title, snippet from search({sql_text(query)})").fetchall()  # noqa: S608 - quoted

    for query in searches(words[1:], last):
        ask(query)
    return [tuple(1000 * part for part in timed(lambda query=query: ask(query))) for query in searches(words, last)]  # type: ignore[misc]  # a generator has no length


def connect_seconds(folder: DataFolder) -> float:
    """Median seconds until a new process has its first answer."""
    command = [sys.executable, "-c", CONNECT, str(folder.root)]
    taken = [subprocess.run(command, check=True, capture_output=True, text=True).stdout for _ in range(REPEATS)]
    return statistics.median(map(float, taken))


def measure(root: Path, count: int, night: int, language: Language) -> dict[str, float]:
    """All figures, by the names of the last line."""
    folder, found = DataFolder(root / "data"), dict[str, float]()
    text = fill(folder, language, count, night)
    found["text_mb"] = text / 1e6
    found["publish_s"], words_cpu = timed(lambda: publish_tables(folder))
    found["words_articles_per_cpu_s"] = count / words_cpu
    with copydesk.connect(folder.root) as dataset:
        taken, worked = timed(lambda: dataset.execute("from search('unheard')").fetchall())
        found["index_articles_per_s"], found["index_articles_per_cpu_s"] = count / taken, count / worked
        found["index_size_ratio"] = size(folder.root / "index") / text
        found["search_size_ratio"] = sum(map(size, (folder.root / "index").glob("search-*/"))) / text
        found |= questions(dataset, language)
    found["connect_s"] = connect_seconds(folder)
    add_night(folder, language, -(-count // night), night)
    found["again_s"], _ = timed(lambda: publish_tables(folder))
    return found


def questions(dataset: duckdb.DuckDBPyConnection, language: Language) -> dict[str, float]:
    """The figures of questions to an indexed dataset."""
    last = dataset.execute("select max(day) from text_rows").fetchall()[0][0]
    begin = last.fromordinal(last.toordinal() - 6)
    found = {}
    for rank in RANKS:
        term = f"attention({sql_text(language.words[min(rank, len(language.words) - 1)])})"
        found[f"attention_{rank}_s"] = median(lambda term=term: dataset.execute(f"from {term}").fetchall())
    top = f"from top_terms('{begin}', '{last}') limit {TALK}"
    asked = search_milliseconds(dataset, language.words, str(begin))
    return found | {
        "attention_s": max(found.values()),
        "top_terms_s": median(lambda: dataset.execute(top).fetchall()),
        "search_ms_median": statistics.median(wall for wall, _ in asked),
        "search_cpu_ms_median": statistics.median(cpu for _, cpu in asked),
        "search_ms_slowest": max(wall for wall, _ in asked),
    }


def main() -> None:
    """Measure, print the table, and as the last line the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--night", type=int, default=10_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="copydesk-bench-") as root:
        found = measure(Path(root), asked.articles, asked.night, make_language())
    for name, value in found.items():
        print(f"{name:26}{value:14.3f}")
    print(json.dumps({"articles": asked.articles} | {name: round(value, 3) for name, value in found.items()}))


if __name__ == "__main__":
    main()
