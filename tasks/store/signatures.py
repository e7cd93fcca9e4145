"""A text's MinHash signature: 64 numbers, of which two texts share as many as their sets of shingles overlap. Pure.

Broder, "On the resemblance and containment of documents" (1997). The numbers are rensa's R-MinHash. Two of them make
a band; texts that agree in a band are looked at closer: 95 of 100 pairs with a Jaccard of 0.3, 1 of 100 with 0.02.
"""

from typing import Any

import numpy as np
import polars as pl
from rensa import RMinHash

from schemas.signature import Signature
from schemas.table import empty, polars_schema
from tasks.store.shingles import KANA_HAN, SOUTH_EAST, WORDS, shingles, tokens, widths

SLOTS = 64
SEED = 1
BATCH_TEXTS = 2_000
"""Texts hashed at once: some 30 MB."""

METHOD = f"rensa{RMinHash.ALGORITHM_VERSION}-{SLOTS}-{SEED}-w{WORDS}.{KANA_HAN}.{SOUTH_EAST}"
"""What the numbers depend on. Rows of another method are not searched."""

MIN_SHINGLES = 40
"""Shorter texts are never searched: a weather line or a notice agrees with others by chance."""

SIGNED = ("content_hash", "version_id", "article_id", "url", "site", "captured_at", "run_id")
"""Columns that come from the article."""


def sign(articles: pl.DataFrame) -> pl.DataFrame:
    """Rows of `Signature` for articles (`SIGNED` and body) in their order, without those that are too short."""
    parts = [_signed(part) for part in articles.iter_slices(BATCH_TEXTS)]
    return pl.concat([empty(Signature), *parts])


def _signed(articles: pl.DataFrame) -> pl.DataFrame:
    made = shingles(tokens(articles["body"]), widths(articles["body"]))
    rows = RMinHash.digest_matrix_from_flat_token_hashes(made.values, made.offsets.astype(np.uint64), SLOTS, SEED)
    bands = np.array(rows.to_rows(), dtype=np.uint32).reshape(articles.height, SLOTS).view(np.int64)
    signed = articles.select(SIGNED).with_columns(bands=pl.Series(bands), method=pl.lit(METHOD))
    kept = signed.filter(pl.Series(np.diff(made.offsets) >= MIN_SHINGLES))
    return kept.select(pl.col(name).cast(kind) for name, kind in polars_schema(Signature).items())


def estimate(one: pl.Series, other: pl.Series) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The Jaccard of pairs of texts as their signatures tell it, give or take 0.06."""
    first, second = (_slots(bands) for bands in (one, other))
    shared: np.ndarray[Any, np.dtype[np.float64]] = (first == second).mean(axis=1)
    return shared


def _slots(bands: pl.Series) -> np.ndarray[Any, np.dtype[np.uint32]]:
    flat = bands.explode(empty_as_null=False).to_numpy()
    return np.ascontiguousarray(flat).view(np.uint32).reshape(len(bands), SLOTS)
