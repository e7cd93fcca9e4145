"""What a run that reads captures again would change: counted from the very rows that it would commit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from schemas.identity import digest
from schemas.run import Decision
from tasks.errors import PlanMovedError
from tasks.io.outfiles import out_folder
from tasks.io.staging import RunContext, read_part
from tasks.io.tables import Snapshot
from tasks.store.draft import Draft, make_draft
from tasks.store.facts import RunFacts
from tasks.store.run import MOVED

_VERSION = pl.Schema(
    {
        "version_id": pl.String(),
        "article_id": pl.String(),
        "site": pl.String(),
        "kind_of_change": pl.String(),
        "change_share": pl.Float64(),
        "removed_chars": pl.Int64(),
        "added_chars": pl.Int64(),
    }
)
SAMPLES = 5


@dataclass(frozen=True)
class Sample:
    """One article that changes, with the stretches of words that differ."""

    url: str
    title: str
    kind: str
    change_share: float | None
    changes: tuple[Mapping[str, Any], ...]
    """place, old, new."""
    text: str = field(repr=False)
    """Title and body as they would be."""


@dataclass(frozen=True)
class Plan:
    """What would be committed, and the token by which the same is asked for."""

    token: str
    page_count: int
    """Captures that were read again."""
    article_count: int
    """Articles that change."""
    version_count: int
    """New versions of them; an article has as many as captures of it change."""
    kinds: Mapping[str, int]
    """kind_of_change to versions."""
    sites: Mapping[str, int]
    """Site to articles that change."""
    removed_chars: int
    """Characters of words that go."""
    added_chars: int
    """Characters of words that come."""
    refused: Mapping[str, int]
    """Rule to pages that it would refuse now; they keep the text that they have."""
    closed: tuple[str, ...]
    """Rows of the quarantine that pass now."""
    samples: tuple[Sample, ...] = field(repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to commit."""
        return not self.version_count and not self.closed

    @property
    def tables_version(self) -> int:
        """`Snapshot.version` that it was made from."""
        return int(self.token.partition("-")[0])


def plan_run(
    run: RunContext, facts: RunFacts, *, tables_version: int, page_count: int, sample_count: int = SAMPLES
) -> Plan:
    """What the run would commit, all stages before being done. Nothing is committed.

    Args:
        run: The run.
        facts: What the flow told.
        tables_version: `Snapshot.version` that its pages were chosen from.
        page_count: Captures that were chosen.
        sample_count: Most articles that are shown.

    Raises:
        PlanMovedError: another run was committed since the pages were chosen.
        BalanceError, DiskError, TableError: as `make_draft`.
    """
    snapshot = Snapshot.open(run.folder)
    if snapshot.version != tables_version:
        raise PlanMovedError(MOVED)
    draft = make_draft(run, facts, snapshot)
    files = [out_folder(run.folder, run.run_id, "articles") / file.path for file in draft.files["articles"]]
    rows = _versions(files)
    closed = tuple(sorted(_closings(run, draft)))
    refused = draft.settled.quarantine.unique(["url", "captured_at", "rule"])
    return Plan(
        token=f"{snapshot.version}-{_outcome(rows, refused, closed)}",
        page_count=page_count,
        article_count=rows["article_id"].n_unique(),
        version_count=rows.height,
        kinds=_counted(rows, "kind_of_change"),
        sites=_counted(rows.unique("article_id"), "site"),
        removed_chars=int(rows["removed_chars"].sum()),
        added_chars=int(rows["added_chars"].sum()),
        refused=_counted(refused, "rule"),
        closed=closed,
        samples=tuple(_samples(rows, files, sample_count)),
    )


def _versions(files: list[Path]) -> pl.DataFrame:
    """The new versions: what names them, how they change, and by how many characters. No text is held."""
    if not files:
        return pl.DataFrame(schema=_VERSION)
    changed = {
        name: pl.col("word_changes").list.eval(pl.element().struct.field(side).str.len_chars()).list.sum().fill_null(0)
        for name, side in (("removed_chars", "old"), ("added_chars", "new"))
    }
    first = pl.when(pl.col("previous_id").is_null()).then(pl.col("body").str.len_chars()).otherwise(0)
    counted = changed | {"added_chars": changed["added_chars"] + first}
    return pl.scan_parquet(files, glob=False).with_columns(**counted).select(_typed(_VERSION)).collect()


def _typed(schema: pl.Schema) -> list[pl.Expr]:
    return [pl.col(name).cast(kind) for name, kind in schema.items()]


def _closings(run: RunContext, draft: Draft) -> Iterator[str]:
    for file in draft.files["decisions"]:
        path = out_folder(run.folder, run.run_id, "decisions") / file.path
        yield from read_part(path, Decision)["target"]


def _counted(rows: pl.DataFrame, column: str) -> dict[str, int]:
    """How many rows have each value, the most frequent first."""
    counts = rows.group_by(column).len().sort(["len", column], descending=[True, False])
    return dict(counts.iter_rows())


def _outcome(rows: pl.DataFrame, refused: pl.DataFrame, closed: tuple[str, ...]) -> str:
    """A digest of all that would be committed, but for when and by which run."""
    versions = sorted(f"{version} {kind}" for version, kind in rows.select("version_id", "kind_of_change").iter_rows())
    refusals = sorted(f"{url} {rule}" for url, rule in refused.select("url", "rule").iter_rows())
    return digest("plan", *versions, *refusals, *closed)[:12]


def _samples(rows: pl.DataFrame, files: list[Path], count: int) -> Iterator[Sample]:
    """Articles of each site in turn, those that change most first: what is alike on one site is seen once."""
    ordered = rows.sort(["change_share", "version_id"], descending=[True, False], nulls_last=True)
    turns = ordered.with_columns(turn=pl.int_range(pl.len()).over("site")).sort("turn", maintain_order=True)
    chosen = turns["version_id"].head(count)
    if chosen.is_empty():
        return
    texts = pl.scan_parquet(files, glob=False).filter(pl.col("version_id").is_in(chosen.implode())).collect()
    by_id = {row["version_id"]: row for row in texts.iter_rows(named=True)}
    for row in map(by_id.__getitem__, chosen):
        text = f"{row['title']}\n\n{row['body']}"
        changes = tuple(row["word_changes"] or ())
        yield Sample(row["url"], row["title"], row["kind_of_change"], row["change_share"], changes, text)
