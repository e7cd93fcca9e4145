"""Near-duplicates of a run's new texts, among them and in all of history: rows of `signatures` and of `links`.

What a run finds depends on the texts alone, not on the order of its parts nor on how many workers made them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from schemas.link import Link
from schemas.table import empty
from tasks.io.folder import disk_errors
from tasks.io.memory import retracted_runs
from tasks.io.outfiles import OutFile, out_folder, write_out
from tasks.io.staging import RunContext
from tasks.io.tables import Snapshot, add_view, sql_text
from tasks.store.buckets import MEMORY, Signatures, find_pairs, known_texts
from tasks.store.kinship import compare
from tasks.store.lookup import may_hold, months_of
from tasks.store.signatures import BATCH_TEXTS, SIGNED, sign
from tasks.store.ties import Judged, tie
from tasks.store.traits import TraitsFile
from tasks.store.versions import MIN_WORDS

_BODIES = """
    SELECT DISTINCT ON (version_id) version_id, body
    FROM articles SEMI JOIN wanted USING (version_id)
"""


@dataclass(frozen=True)
class Near:
    """What was found."""

    links: pl.DataFrame
    """Rows of `Link`, of kinds duplicate and story."""
    crowded: int
    """Buckets with too many texts to compare all with all."""


def sign_new(run: RunContext, rows: pl.DataFrame, snapshot: Snapshot, seen: set[str], shard: int) -> list[OutFile]:
    """Write the signatures of texts that have none yet.

    Args:
        run: The run.
        rows: `Article` rows that the run stores.
        snapshot: The committed tables.
        seen: Texts that the run has signed; those of `rows` are added.
        shard: As for `write_out`.
    """
    long = rows.filter((pl.col("word_count") >= MIN_WORDS) & ~pl.col("content_hash").is_in(seen))
    first = long.sort("captured_at", "url", "version_id").unique("content_hash", keep="first", maintain_order=True)
    known = known_texts(_signatures(run, snapshot, ()), first["content_hash"])
    new = first.filter(~pl.col("content_hash").is_in(known.implode()))
    seen.update(new["content_hash"].to_list())
    return write_out(run, "signatures", sign(new.select(*SIGNED, "body")), shard)


def find_near(run: RunContext, snapshot: Snapshot, signatures: Sequence[OutFile], articles: Sequence[OutFile]) -> Near:
    """The ties of a run's new texts to other texts that are nearly the same.

    Args:
        run: The run.
        snapshot: The committed tables.
        signatures: What `sign_new` wrote.
        articles: The run's files of articles.

    Raises:
        TableError: a committed file is missing or damaged.
        DiskError: the disk refused a write.
    """
    if not signatures:
        return Near(empty(Link), 0)
    new = _paths(run, "signatures", signatures)
    pairs, crowded = find_pairs(_signatures(run, snapshot, new), new)
    with disk_errors(_spill(run)), TraitsFile(_spill(run) / "traits.bin") as traits:
        _file_traits(run, traits, snapshot, pairs, _paths(run, "articles", articles))
        links = tie(_compare(traits, pairs), {"recorded_at": run.now, "run_id": run.run_id})
    return Near(links, crowded)


def _compare(traits: TraitsFile, pairs: pl.DataFrame) -> Iterator[Judged]:
    """Each pair with its comparison. A text that is not there any more (it was forgotten) has no kin."""
    for row in pairs.iter_rows(named=True):
        one, other = traits.get(row["later"]), traits.get(row["earlier"])
        if one is not None and other is not None:
            yield row, compare(one, other)


def _signatures(run: RunContext, snapshot: Snapshot, new: Sequence[Path]) -> Signatures:
    return Signatures([*snapshot.files("signatures"), *new], frozenset(retracted_runs(snapshot)), _spill(run))


def _spill(run: RunContext) -> Path:
    """A folder of the run's staging for what does not fit into memory."""
    folder = run.folder.run(run.run_id) / "spill"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _paths(run: RunContext, table: str, files: Sequence[OutFile]) -> list[Path]:
    return [out_folder(run.folder, run.run_id, table) / file.path for file in files]


def _file_traits(
    run: RunContext, traits: TraitsFile, snapshot: Snapshot, pairs: pl.DataFrame, own: Sequence[Path]
) -> None:
    """Read the bodies of all paired texts once, a batch at a time; only files of their months are opened."""
    sides = [pairs.select(version_id=side, captured_at=f"{side}_at") for side in ("later", "earlier")]
    wanted = pl.concat(sides).unique()
    months = months_of(wanted["captured_at"])
    files = [path for path in [*snapshot.files("articles"), *own] if may_hold(path, months)]
    for batch in _bodies(run, snapshot, files, wanted):
        traits.add(batch["version_id"], batch["body"])


def _bodies(run: RunContext, snapshot: Snapshot, files: Sequence[Path], wanted: pl.DataFrame) -> Iterator[pl.DataFrame]:
    if wanted.is_empty():
        return
    with snapshot.connect("runs") as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'; SET temp_directory = {sql_text(str(_spill(run)))}")
        add_view(connection, "articles", files)
        connection.register("wanted", wanted.to_arrow())
        for batch in connection.sql(_BODIES).to_arrow_reader(BATCH_TEXTS):
            yield pl.DataFrame(pl.from_arrow(batch))
