"""Shards: complete, disjoint, sites together, about equally long, and always the same."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tasks.discover.shards import CUT_ROWS, make_shards
from tests.discover.rows import candidate, candidates


def test_no_rows_make_no_shard() -> None:
    """Nothing to do is no shard, not an empty one."""
    assert make_shards(candidates()) == {}


def test_a_site_of_the_web_is_never_cut() -> None:
    """2,000 pages of one site stay together, so that one task keeps its pace; the others fill other shards."""
    big = [candidate(f"https://www{n % 3}.big.org/{n}", seq=n) for n in range(2000)]
    small = [candidate(f"https://s{n % 50}.com/{n}", seq=n) for n in range(1000)]
    shards = make_shards(candidates(*big, *small))
    holding = [name for name, rows in shards.items() if (rows["site"] == "big.org").any()]
    assert len(holding) == 1
    others = [len(rows) for name, rows in shards.items() if name != holding[0]]
    assert sum(others) == 1000
    assert max(others) - min(others) <= 20


def test_a_named_site_shares_the_shard_of_its_host() -> None:
    """What the source calls a site does not part the pages of one host."""
    rows = [candidate(f"https://x.org/{n}", site="one" if n % 2 else "two", seq=n) for n in range(1000)]
    assert len(make_shards(candidates(*rows))) == 1


def test_a_large_archive_is_cut_by_urls() -> None:
    """Records need no server, so a site of an archive is cut; the records of one URL stay together."""
    rows = [candidate(f"https://x.org/{n // 2}", seq=n, capture_uri="w.warc.gz", capture_offset=n) for n in range(3000)]
    shards = make_shards(candidates(*rows))
    assert len(shards) >= 2
    assert max(len(part) for part in shards.values()) <= 2 * CUT_ROWS
    seen: set[str] = set()
    for part in shards.values():
        assert seen.isdisjoint(part["url"])
        seen.update(part["url"])
        assert part["seq"].is_sorted()


SITES = st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=60)


@given(SITES, st.integers(1, 20))
def test_shards_are_a_partition(sites: list[tuple[int, bool]], shard_rows: int) -> None:
    """Every row is in exactly one shard, names count from 0000, and the same rows make the same shards."""
    rows = candidates(
        *(
            candidate(f"https://s{site}.com/{seq}", seq=seq, capture_uri="w" if packed else None, capture_offset=seq)
            for seq, (site, packed) in enumerate(sites)
        )
    )
    shards = make_shards(rows, shard_rows)
    assert list(shards) == [f"{number:04d}" for number in range(len(shards))]
    assert pl.concat(shards.values()).sort("seq").equals(rows)
    again = make_shards(rows, shard_rows)
    assert all(part.equals(again[name]) for name, part in shards.items())
