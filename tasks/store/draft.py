"""What a run would commit, as of one snapshot of the tables: settled, and written into staging."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from schemas.article import Article
from schemas.measure import Measure
from schemas.reasons import ChangeKind, Kind, Severity
from schemas.removal import Removal
from schemas.run import Decision
from schemas.site_line import SiteLine
from schemas.table import Table, empty, frame, polars_schema
from tasks.io.decisions import decision_rows
from tasks.io.forgotten import forgotten
from tasks.io.memory import last_rows
from tasks.io.outfiles import OutFile, clear_out, out_folder, sync_out, write_out
from tasks.io.points import passed
from tasks.io.staging import RunContext, read_part, read_parts
from tasks.io.tables import Snapshot
from tasks.store.again import as_read_again, closings, give_keys, keys_again
from tasks.store.barred import bar_forgotten
from tasks.store.facts import RunFacts
from tasks.store.lookup import sightings, stored_articles, stored_readings, stored_removals
from tasks.store.near import find_near, sign_new
from tasks.store.overlap import is_touched
from tasks.store.pages import Clock
from tasks.store.parts import RunParts, batches, load_parts, part_paths
from tasks.store.settle import PAIR, Settled, change_columns, settle

BATCH_ROWS = 20_000
"""Rows of articles held in memory at once: some 200 MB of text."""

TEXT = ("version_id", "title", "body")


@dataclass(frozen=True)
class Draft:
    """What a run would commit, but for its row of `runs`, which needs the sequence number."""

    snapshot: Snapshot
    """What it was judged against; it holds as long as no run that touches it is committed after that."""
    parts: RunParts
    files: dict[str, tuple[OutFile, ...]]
    settled: Settled
    removal_count: int
    crowded_count: int
    """Buckets of look-alike texts that were too large to compare all with all."""


def make_draft(run: RunContext, facts: RunFacts, snapshot: Snapshot) -> Draft:
    """Settle the run against the snapshot and write its files into staging.

    Raises:
        BalanceError: a URL has no state, or the sums do not agree.
        DiskError: the disk refused a write.
        TableError: a committed file is missing or damaged.
    """
    clear_out(run)
    gone = forgotten(snapshot)
    parts = bar_forgotten(run, load_parts(run), gone)
    stored = stored_readings(snapshot, parts.readings["article_id"], parts.readings["content_hash"])
    if facts.is_again:
        if keys := keys_again(parts.readings, stored):
            give_keys(run, keys)
            parts = bar_forgotten(run, load_parts(run), gone)
        parts = as_read_again(parts)
    seen = sightings(snapshot, parts.readings, stored)
    hosts = [last_rows(snapshot, kind, parts.listings.filter(pl.col("kind") == kind)) for kind in ("listing", "robots")]
    known_pages = last_rows(snapshot, Kind.PAGE, parts.candidates) if facts.is_again else None
    clock = Clock(run.run_id, run.now, facts.policy)
    settled = settle(parts, stored, seen, pl.concat(hosts), clock, facts, known_pages)
    passed("settled")
    articles, signatures = _write_articles(run, settled, _changes(run, snapshot, settled, stored), snapshot, stored)
    near = find_near(run, snapshot, signatures, articles)
    files = {
        "articles": articles,
        "removals": _write_removals(run, settled, snapshot),
        "quarantine": write_out(run, "quarantine", settled.quarantine, 0),
        "signatures": signatures,
        "links": write_out(run, "links", pl.concat([settled.links, near.links]), 0),
        "site_lines": write_out(run, "site_lines", _staged_site_lines(run), 0),
        "decisions": _write_closings(run, parts.readings, snapshot),
        "measures": write_out(run, "measures", _staged_measures(run), 0),
        "run_sources": write_out(run, "run_sources", settled.sources, 0),
        "ledger": write_out(run, "ledger", settled.ledger, 0),
    }
    sync_out(run.folder, run.run_id)
    removal_count = sum(file.rows for file in files["removals"])
    made = {name: tuple(written) for name, written in files.items()}
    return Draft(snapshot, parts, made, settled, removal_count, near.crowded)


def is_current(run: RunContext, draft: Draft, snapshot: Snapshot) -> bool:
    """Whether the draft would be the same if it were judged against this later snapshot.

    Raises:
        TableError: a committed file is missing or damaged.
    """
    if snapshot.version == draft.snapshot.version:
        return True
    signatures = [out_folder(run.folder, run.run_id, "signatures") / file.path for file in draft.files["signatures"]]
    return not is_touched(draft.parts, signatures, draft.snapshot, snapshot, run.folder.run(run.run_id) / "spill")


def _write_closings(run: RunContext, readings: pl.DataFrame, snapshot: Snapshot) -> list[OutFile]:
    chosen = closings(run, readings)
    note = "read again, and passed"
    rows = decision_rows(snapshot, run.run_id, chosen, note=note, actor=None, now=run.now) if chosen else []
    return write_out(run, "decisions", frame(Decision, rows), 0)


def _staged_site_lines(run: RunContext) -> pl.DataFrame:
    return read_parts(run.folder.staged(run.run_id, "clean", "site_lines"), SiteLine)


def _staged_measures(run: RunContext) -> pl.DataFrame:
    return read_parts(run.folder.staged(run.run_id, "validate", "measures"), Measure)


def _changes(run: RunContext, snapshot: Snapshot, settled: Settled, stored: pl.DataFrame) -> pl.DataFrame:
    """Kind, share and words of the change of the versions that follow another; only their texts are read."""
    later = pl.concat([settled.stored, settled.resighted], how="diagonal").filter(pl.col("previous_id").is_not_null())
    later = later.with_columns(text_of=pl.coalesce("of_version", "version_id"))
    if later.is_empty():
        return change_columns([])
    needed = pl.concat([later["text_of"], later["previous_id"]]).unique()
    texts = pl.concat(
        [
            stored_articles(snapshot, stored.filter(pl.col("version_id").is_in(needed.implode())), TEXT),
            _staged_texts(run, needed),
        ]
    ).unique("version_id", keep="first")
    known = dict(texts.select("version_id", pl.col("title") + "\n\n" + pl.col("body")).iter_rows())
    # The text before a version that was seen again may be such a copy itself.
    known |= {row["version_id"]: known[row["of_version"]] for row in settled.resighted.iter_rows(named=True)}
    pairs = later.with_columns(
        new_text=pl.col("text_of").replace_strict(known), old_text=pl.col("previous_id").replace_strict(known)
    )
    return change_columns(pairs.select(list(PAIR)).iter_rows(named=True))


def _staged_texts(run: RunContext, versions: pl.Series) -> pl.DataFrame:
    frames = [empty(Article).select(TEXT)]
    for path in part_paths(run, "validate", "articles"):
        rows = pl.DataFrame(pl.from_arrow(pq.read_table(path, columns=list(TEXT))))
        frames.append(rows.filter(pl.col("version_id").is_in(versions.implode())))
    return pl.concat(frames)


def _write_articles(
    run: RunContext, settled: Settled, changes: pl.DataFrame, snapshot: Snapshot, stored: pl.DataFrame
) -> tuple[list[OutFile], list[OutFile]]:
    """The files of articles, and of the signatures of their texts, which are made while the texts are at hand."""
    paths = part_paths(run, "validate", "articles")
    given = _with_changes(settled.stored, changes).select("version_id", "url", *_GIVEN)
    written, signed, seen = [], [], set[str]()
    for shard, batch in enumerate(batches(paths, BATCH_ROWS)):
        rows = _as_articles(_read_all(batch, Article).drop(_GIVEN).join(given, on=["version_id", "url"]))
        written += write_out(run, "articles", rows, shard)
        signed += sign_new(run, rows, snapshot, seen, shard)
    again = _with_changes(settled.resighted, changes).drop("url")
    if not again.is_empty():
        copies = stored_articles(snapshot, stored.filter(pl.col("version_id").is_in(again["of_version"].implode())))
        copies = copies.drop(_GIVEN, "captured_at", "capture_uri", "capture_offset", "capture_digest")
        rows = again.join(copies, left_on="of_version", right_on="version_id").with_columns(
            run_id=pl.lit(run.run_id), recorded_at=pl.lit(run.now)
        )
        written += write_out(run, "articles", _as_articles(rows), len(paths))
    return written, signed


_GIVEN = ("supersedes", "previous_id", "kind_of_change", "change_share", "word_changes")
"""Columns of `Article` that store fills."""


def _with_changes(versions: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """The versions with what was found of their change; those that follow none are firsts."""
    told = versions.join(changes, on="version_id", how="left")
    return told.with_columns(pl.col("kind_of_change").fill_null(ChangeKind.FIRST.value))


def _as_articles(rows: pl.DataFrame) -> pl.DataFrame:
    types = polars_schema(Article)
    once = rows.unique("version_id", keep="first", maintain_order=True)
    return once.select(pl.col(name).cast(kind) for name, kind in types.items())


def _write_removals(run: RunContext, settled: Settled, snapshot: Snapshot) -> list[OutFile]:
    """Receipts of the versions that are stored, each once, though two URLs may have brought the same version.

    Those of held versions too: a release publishes the row that was held, and cleans nothing again.
    """
    waiting = settled.quarantine.filter((pl.col("severity") == Severity.HOLD) & pl.col("version_id").is_not_null())
    wanted = pl.concat([settled.stored.select("version_id"), waiting.select("version_id")]).unique(maintain_order=True)
    paths = part_paths(run, "clean", "removals")
    written: list[OutFile] = []
    for shard, batch in enumerate(batches(paths, BATCH_ROWS * 10)):
        rows = _read_all(batch, Removal).join(wanted, on="version_id", how="semi")
        wanted = wanted.join(rows, on="version_id", how="anti")
        once = rows.unique(["version_id", "field", "seq"], keep="first", maintain_order=True)
        written += write_out(run, "removals", once, shard)
    if not settled.resighted.is_empty():
        again = settled.resighted.select("of_version", new_id="version_id")
        old = stored_removals(snapshot, again["of_version"]).unique(["version_id", "field", "seq"], keep="first")
        rows = again.join(old, left_on="of_version", right_on="version_id").rename({"new_id": "version_id"})
        rows = rows.with_columns(run_id=pl.lit(run.run_id)).select(list(polars_schema(Removal)))
        written += write_out(run, "removals", rows, len(paths))
    return written


def _read_all(paths: list[Path], model: type[Table]) -> pl.DataFrame:
    return pl.concat([empty(model), *(read_part(path, model) for path in paths)])
