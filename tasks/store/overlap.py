"""Whether what other runs committed meanwhile can change what a run is going to commit.

Runs of other sources seldom do: then the draft stands as it is, and nobody waits while it is made anew. In doubt the
answer is yes.
"""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tasks.io.tables import Snapshot, add_view
from tasks.store.buckets import Signatures, find_pairs
from tasks.store.parts import RunParts

_TOUCHED = """
    SELECT (SELECT count(*) FROM ledger SEMI JOIN urls ON ledger.url = urls.value)
         + (SELECT count(*) FROM ledger SEMI JOIN article_ids ON ledger.article_id = article_ids.value)
         + (SELECT count(*) FROM articles SEMI JOIN article_ids ON articles.article_id = article_ids.value)
         + (SELECT count(*) FROM articles SEMI JOIN hashes ON articles.content_hash = hashes.value)
         + (SELECT count(*) FROM decisions)
"""


def is_touched(parts: RunParts, signatures: Sequence[Path], older: Snapshot, newer: Snapshot, spill: Path) -> bool:
    """Whether a draft that was judged against `older` would be another one against `newer`.

    It would if a run between them saw one of the same pages or listings, stored a version of one of the same articles,
    the same text or nearly so, or if somebody decided something.

    Args:
        parts: What the run has staged.
        signatures: The files of signatures that the run has written.
        older: The tables that it was judged against.
        newer: The tables as they are now.
        spill: Where DuckDB may write what does not fit into memory.

    Raises:
        TableError: a committed file is missing or damaged.
    """
    came = {
        table: sorted(set(newer.files(table)) - set(older.files(table)))
        for table in ("ledger", "articles", "decisions", "signatures")
    }
    asked = {
        "urls": pl.concat([parts.candidates["url"], parts.listings["url"]]),
        "article_ids": parts.readings["article_id"],
        "hashes": parts.readings["content_hash"],
    }
    with newer.connect("runs") as connection:
        for table in ("ledger", "articles", "decisions"):
            add_view(connection, table, came[table])
        for name, values in asked.items():
            connection.register(name, pl.DataFrame({"value": values.unique()}).to_arrow())
        if connection.execute(_TOUCHED).fetchall()[0][0]:
            return True
    return bool(came["signatures"] and signatures) and _is_alike(signatures, came["signatures"], spill)


def _is_alike(own: Sequence[Path], others: Sequence[Path], spill: Path) -> bool:
    """Whether a text of the run may be a near-duplicate of one of the others."""
    pairs, _ = find_pairs(Signatures([*own, *others], frozenset(), spill), own)
    mine = pl.concat([pl.read_parquet(path, columns=["version_id"]) for path in own])["version_id"].implode()
    return bool((pairs["later"].is_in(mine) != pairs["earlier"].is_in(mine)).any())
