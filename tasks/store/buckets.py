"""Which texts may be near-duplicates: those that share a band of their signatures.

History is streamed through DuckDB and never held: memory grows with what is new, a batch at a time, and with the
texts that share a band with it. What does not belong here: whether they are near-duplicates (kinship.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from schemas.signature import Signature
from tasks.io.staging import read_part
from tasks.io.tables import add_view, fetch, sql_text
from tasks.store.signatures import METHOD, estimate

BATCH_ROWS = 20_000
"""New texts searched for at once: 640,000 bands."""

WINDOW = 8
"""In a bucket that holds more texts, each is compared with so many before it and after it by captured_at.

Copies of one story come within days; what fills a bucket over months is a template."""

MIN_ESTIMATE = 0.15
"""Pairs below this by their signatures are not looked at; `kinship.MIN_JACCARD` less three errors of the estimate."""

PARTNERS = 16
"""Most older texts that one text is compared with word by word: those with the highest estimates."""

MEMORY = "768MB"
"""What DuckDB may take before it spills to disk."""

PAIR = pl.Schema(
    {
        "later": pl.String(), "earlier": pl.String(), "later_site": pl.String(), "earlier_site": pl.String(),
        "url": pl.String(), "later_at": pl.Datetime("us", "UTC"), "earlier_at": pl.Datetime("us", "UTC"),
        "estimate": pl.Float64(),
    }
)  # fmt: skip
"""Two texts by their version_id, in the order of (captured_at, url, version_id); `url` is the later one's."""

# Half of a hash is enough: of 300,000 folders with ten million texts each, one has two that agree in it.
_LIVE = """
    CREATE VIEW live AS SELECT *, ('0x' || content_hash[1:16])::UBIGINT AS id FROM signatures
    WHERE method = {method} AND run_id NOT IN (SELECT value FROM retracted)
"""

_MEMBERS = """
    SELECT band, key, id, captured_at
    FROM (
        SELECT id, captured_at, unnest(bands) AS key, generate_subscripts(bands, 1)::TINYINT AS band FROM live
    )
    SEMI JOIN asked USING (band, key)
"""

_ROWS = "SELECT live.* EXCLUDE (method, run_id) FROM live SEMI JOIN wanted USING (id)"

_KNOWN = "SELECT DISTINCT content_hash FROM live SEMI JOIN asked USING (content_hash)"


@dataclass(frozen=True)
class Signatures:
    """Committed signatures, and those that the run has written into staging."""

    files: Sequence[Path]
    retracted: frozenset[str]
    """Runs whose rows count as if they had never been."""
    spill: Path
    """Where DuckDB may write what does not fit into memory."""

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB with the view `live`."""
        connection = duckdb.connect(":memory:")
        connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        connection.execute("SET python_enable_replacements = false; SET preserve_insertion_order = false")
        connection.execute(f"SET memory_limit = '{MEMORY}'; SET temp_directory = {sql_text(str(self.spill))}")
        add_view(connection, "signatures", self.files)
        connection.register("retracted", pl.DataFrame({"value": sorted(self.retracted)}, schema={"value": pl.String}))
        connection.execute(_LIVE.format(method=sql_text(METHOD)))
        return connection


def known_texts(signatures: Signatures, content_hashes: pl.Series) -> pl.Series:
    """Those of the texts that are signed already.

    Raises:
        TableError: a committed file is missing or damaged.
    """
    if not signatures.files:
        return pl.Series("content_hash", [], pl.String)
    with signatures.connect() as connection:
        connection.register("asked", pl.DataFrame({"content_hash": content_hashes}).to_arrow())
        return fetch(connection, _KNOWN, "signatures")["content_hash"]


def find_pairs(signatures: Signatures, new: Sequence[Path]) -> tuple[pl.DataFrame, int]:
    """Pairs (`PAIR`) of texts of different articles that may be near-duplicates, one of them new at least.

    Args:
        signatures: All signatures, those of the run too.
        new: The files of the run's own.

    Returns:
        The pairs, and how many buckets were too large to compare all with all.

    Raises:
        TableError: a committed file is missing or damaged.
    """
    found, crowded = [pl.DataFrame(schema=PAIR)], 0
    with signatures.connect() as connection:
        for batch in _batches(new):
            pairs, large = _pairs_of(connection, batch)
            found.append(pairs)
            crowded += large
    together = pl.concat(found).unique(["later", "earlier"])
    best = together.sort(["later", "estimate", "earlier"], descending=[False, True, False])
    return best.group_by("later", maintain_order=True).head(PARTNERS), crowded


def _batches(files: Sequence[Path]) -> Iterator[pl.DataFrame]:
    for file in files:
        yield from read_part(file, Signature).iter_slices(BATCH_ROWS)


def _pairs_of(connection: duckdb.DuckDBPyConnection, new: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    keys = new.select("bands").explode("bands").rename({"bands": "key"})
    places = np.tile(np.arange(1, len(new["bands"][0]) + 1, dtype=np.int8), new.height)
    connection.register("asked", keys.with_columns(band=pl.Series(places)).unique().to_arrow())
    members = fetch(connection, _MEMBERS, "signatures")
    own = new["content_hash"].str.slice(0, 16).str.to_integer(base=16, dtype=pl.UInt64)
    ids, crowded = _neighbours(members, own)
    connection.register("wanted", pl.concat([ids["a"], ids["b"]]).unique().alias("id").to_frame().to_arrow())
    rows = fetch(connection, _ROWS, "signatures").sort("captured_at", "url", "version_id")
    return _as_pairs(ids, rows.unique("id", keep="first", maintain_order=True)), crowded


def _neighbours(members: pl.DataFrame, own: pl.Series) -> tuple[pl.DataFrame, int]:
    """Pairs of ids (a, b) that stand near each other in a bucket, and the number of buckets beyond the window."""
    ordered = members.unique(["band", "key", "id"], keep="any").sort("band", "key", "captured_at", "id")
    bucket = ordered.select(pl.struct("band", "key").rle_id()).to_series().to_numpy()
    ids, is_new = ordered["id"].to_numpy(), ordered["id"].is_in(own.implode()).to_numpy()
    pairs = [pl.DataFrame(schema={"a": pl.UInt64, "b": pl.UInt64})]
    for step in range(1, WINDOW + 1):
        near = (bucket[step:] == bucket[:-step]) & (is_new[step:] | is_new[:-step])
        a, b = ids[:-step][near], ids[step:][near]
        pairs.append(pl.DataFrame({"a": np.minimum(a, b), "b": np.maximum(a, b)}).unique())
    sizes = np.bincount(bucket) if len(bucket) else np.zeros(0)
    return pl.concat(pairs).unique(), int((sizes > WINDOW + 1).sum())


def _as_pairs(ids: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The pairs as `PAIR`, without those of one article and those that the estimate rules out."""
    placed = rows.with_row_index("place")
    pairs = ids.join(placed, left_on="a", right_on="id").join(placed, left_on="b", right_on="id", suffix="_b")
    pairs = pairs.filter(pl.col("article_id") != pl.col("article_id_b"))
    pairs = pairs.with_columns(estimate=pl.Series(estimate(pairs["bands"], pairs["bands_b"])))
    is_after = pl.col("place") > pl.col("place_b")

    def later(name: str) -> pl.Expr:
        return pl.when(is_after).then(pl.col(name)).otherwise(pl.col(f"{name}_b"))

    def earlier(name: str) -> pl.Expr:
        return pl.when(is_after).then(pl.col(f"{name}_b")).otherwise(pl.col(name))

    return pairs.filter(pl.col("estimate") >= MIN_ESTIMATE).select(
        later=later("version_id"),
        earlier=earlier("version_id"),
        later_site=later("site"),
        earlier_site=earlier("site"),
        url=later("url"),
        later_at=later("captured_at"),
        earlier_at=earlier("captured_at"),
        estimate="estimate",
    )
