"""`make bench-links`: near-duplicates among made-up articles that come night by night.

    python -m benchmarks.links.bench --articles 1000000 --nights 10

The articles and the truth come from generator.py. Signing, searching all of history, comparing and linking are what a
run does in store (`tasks.store.near`), and only they are timed, as CPU time; each night is committed before the next.
The peak is that of the whole process, the making of the articles included. The last line is one JSON object.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from benchmarks.links.generator import Made, Maker
from schemas.article import Article
from schemas.identity import article_id, content_hash, version_id
from schemas.run import Run
from schemas.table import frame, polars_schema
from tasks.io.commit import Intent, carry_out, write_intent
from tasks.io.folder import INTENT, DataFolder
from tasks.io.outfiles import OutFile, write_out
from tasks.io.staging import RunContext
from tasks.io.tables import Snapshot
from tasks.store.near import find_near, sign_new

BATCH = 20_000
KINDS = ("first", "copy", "edited", "cut", "rewritten", "weather", "markets", "death", "alone")

_LINKED = """
    SELECT regexp_extract(a.url, '[0-9]+$')::INTEGER AS later, regexp_extract(b.url, '[0-9]+$')::INTEGER AS earlier
    FROM links JOIN articles AS a USING (version_id) JOIN articles AS b ON links.other_id = b.version_id
"""


@dataclass
class Truth:
    """Story (-1: none) and kind of each article by its number, and what the search cost."""

    stories: list[int] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    cpu_s: float = 0.0
    wall_s: float = 0.0

    def learn(self, made: Sequence[Made]) -> None:
        """Remember what belongs together."""
        self.stories += [-1 if one.story is None else one.story for one in made]
        self.kinds += [KINDS.index(one.kind) for one in made]


def main() -> None:
    """Run it, print the table and the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--nights", type=int, default=10)
    parser.add_argument("--sites", type=int, default=400)
    parser.add_argument("--seed", type=int, default=11)
    asked = parser.parse_args()
    truth = Truth()
    with tempfile.TemporaryDirectory(prefix="bench-links-") as place:
        folder = DataFolder(Path(place))
        folder.prepare()
        made = Maker(asked.seed, asked.sites).make(asked.articles)
        for night in range(1, asked.nights + 1):
            share = len(range(night - 1, asked.articles, asked.nights))
            _run_night(folder, night, islice(made, share), truth)
        result = measure(folder, truth)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        json.dumps(
            {
                "articles": asked.articles,
                "nights": asked.nights,
                "articles_per_cpu_s": round(asked.articles / truth.cpu_s),
                "peak_gb": round(peak, 2),
                **result,
            }
        )
    )


def _run_night(folder: DataFolder, night: int, made: Iterator[Made], truth: Truth) -> None:
    snapshot, articles, signatures, seen = Snapshot.open(folder), [], [], set[str]()
    run, cpu, wall = None, 0.0, 0.0
    for shard, batch in enumerate(iter(lambda: list(islice(made, BATCH)), [])):
        truth.learn(batch)
        run = run or RunContext(f"night{night:03d}", batch[0].captured_at, folder)
        rows = frame(Article, [_row(one, run) for one in batch])
        articles += write_out(run, "articles", rows, shard)
        start, begun = time.process_time(), time.monotonic()
        signatures += sign_new(run, rows, snapshot, seen, shard)
        cpu, wall = cpu + time.process_time() - start, wall + time.monotonic() - begun
    if run is None:
        return
    start, begun = time.process_time(), time.monotonic()
    near = find_near(run, snapshot, signatures, articles)
    cpu, wall = cpu + time.process_time() - start, wall + time.monotonic() - begun
    truth.cpu_s, truth.wall_s = truth.cpu_s + cpu, truth.wall_s + wall
    print(
        f"night {night}: {sum(file.rows for file in articles)} articles, {near.links.height} links,"
        f" {near.crowded} crowded buckets, {cpu:.1f} s CPU, {wall:.1f} s",
        flush=True,
    )
    links = write_out(run, "links", near.links, 0)
    _commit(run, night, {"articles": articles, "signatures": signatures, "links": links})


def _commit(run: RunContext, night: int, files: dict[str, list[OutFile]]) -> None:
    row = {
        name: 0 if isinstance(kind, pl.Int64) else run.now if isinstance(kind, pl.Datetime) else "x"
        for name, kind in polars_schema(Run).items()
    }
    files["runs"] = write_out(run, "runs", frame(Run, [row | {"run_id": run.run_id, "run_seq": night}]), 0)
    write_intent(run.folder, Intent(run.run_id, night, "nightly", {name: tuple(made) for name, made in files.items()}))
    carry_out(run.folder, run.folder.run(run.run_id) / INTENT)


def _row(made: Made, run: RunContext) -> dict[str, Any]:
    url = f"https://{made.site}/{made.number}"
    article, text = article_id(url), content_hash(made.title, made.body)
    return {
        "version_id": version_id(article, made.captured_at, "", text), "article_id": article, "url": url,
        "canonical_url": url, "site": made.site, "source_id": "made", "title": made.title, "authors": [],
        "captured_at": made.captured_at, "recorded_at": run.now, "tags": [], "body": made.body, "blocks": [],
        "word_count": made.body.count(" "), "page_kind": "article", "editor_initials": [], "content_hash": text,
        "kind_of_change": "first", "field_sources": [], "flags": [], "parser_version": "0", "rules_version": "0",
        "run_id": run.run_id, "capture_uri": "x", "capture_offset": 0, "capture_digest": "x",
    }  # fmt: skip


def measure(folder: DataFolder, truth: Truth) -> dict[str, Any]:
    """Recall of retold stories, by kind, and precision of the links; prints the table."""
    stories, kinds = np.array(truth.stories), np.array(truth.kinds)
    with Snapshot.open(folder).connect("articles", "links") as connection:
        links = pl.DataFrame(pl.from_arrow(connection.sql(_LINKED).to_arrow_table()))
    later, earlier = links["later"].to_numpy(), links["earlier"].to_numpy()
    right = (stories[later] == stories[earlier]) & (stories[later] >= 0)
    linked = np.zeros(len(stories), bool)
    linked[later[right]] = linked[earlier[right]] = True
    wrong = np.bincount(kinds[later[~right]], minlength=len(KINDS))
    print(f"{'kind':10} {'articles':>9} {'linked':>8} {'false links':>12}")
    for number, kind in enumerate(KINDS):
        own = kinds == number
        share = f"{linked[own].mean():8.1%}" if own.any() and (stories[own] >= 0).any() else " " * 8
        print(f"{kind:10} {own.sum():9} {share} {wrong[number]:12}")
    retold = np.isin(kinds, [KINDS.index(kind) for kind in ("copy", "edited", "cut", "rewritten")])
    return {
        "links": len(later),
        "recall": round(float(linked[retold].mean()), 4),
        "precision": round(float(right.mean()) if len(right) else 1.0, 4),
        "wall_s": round(truth.wall_s, 1),
    }


if __name__ == "__main__":
    main()
