"""Cuts a run's candidates into shards: whole sites together, all shards about equally long. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import polars as pl

from schemas.identity import site_of

SHARD_ROWS = 300
"""What a shard aims at. A site that is fetched over the network is never cut, and may make a larger one."""
CUT_ROWS = 500
"""Rows of one site from archives or folders beyond which it is cut: no server waits for its turn there."""


def make_shards(candidates: pl.DataFrame, shard_rows: int = SHARD_ROWS) -> dict[str, pl.DataFrame]:
    """Name of the shard (0000, 0001 ...) to its rows, in the order that they had; no shard is empty.

    Rows of one URL and rows of one host stay together, so that a host's pace is kept by one task alone.
    """
    if candidates.is_empty():
        return {}
    keyed = candidates.with_columns(group=pl.Series(_groups(candidates), dtype=pl.String))
    sizes = dict(keyed.group_by("group").len().iter_rows())
    shard_of = spread(sizes, -(-len(candidates) // shard_rows))
    numbered = keyed.with_columns(shard=pl.col("group").replace_strict(shard_of, return_dtype=pl.Int64))
    parts = numbered.partition_by("shard", as_dict=True, maintain_order=True)
    ordered = [parts[key] for key in sorted(parts)]
    return {f"{number:04d}": part.drop("group", "shard") for number, part in enumerate(ordered)}


def spread(sizes: Mapping[str, int], bins: int) -> dict[str, int]:
    """Each key to its bin: the largest first, always into the emptiest bin.

    >>> spread({"a": 5, "b": 3, "c": 2}, 2)
    {'a': 0, 'b': 1, 'c': 1}
    """
    filled = [0] * bins
    chosen: dict[str, int] = {}
    for key, size in sorted(sizes.items(), key=lambda entry: (-entry[1], entry[0])):
        number = min(range(bins), key=filled.__getitem__)
        chosen[key] = number
        filled[number] += size
    return chosen


def _groups(candidates: pl.DataFrame) -> Iterable[str]:
    """What must stay together, for each row: a host's site, or a piece of a site that needs no network."""
    is_local = (pl.col("capture_uri").is_not_null() | pl.col("url").str.starts_with("file:")).alias("is_local")
    rows = candidates.select("url_id", "url", "site", is_local)
    sizes = Counter(rows.filter("is_local")["site"])
    pieces: dict[str, int] = {}
    seen: defaultdict[str, int] = defaultdict(int)
    for key, url, site, local in rows.iter_rows():
        if not local:
            yield site_of(url)
        elif sizes[site] <= CUT_ROWS:
            yield f"local {site}"
        else:
            if key not in pieces:
                pieces[key] = seen[site] // CUT_ROWS
                seen[site] += 1
            yield f"local {site} {pieces[key]:06d}"
