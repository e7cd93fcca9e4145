"""From compared pairs of texts to rows of `links`. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from schemas.link import Link
from schemas.reasons import LinkKind
from schemas.table import frame
from tasks.store.kinship import FAMILY, SAME_FACTS, Kinship, Verdict

MAX_LINKS = 4
"""Most links of one text to older ones: those with the highest Jaccard. One would do to make a story; the others hold
it together when the run of one is retracted."""

Judged = tuple[dict[str, Any], Kinship]
"""A row of `buckets.PAIR` and what comparing its texts gave."""


def tie(pairs: Iterable[Judged], given: dict[str, Any]) -> pl.DataFrame:
    """Rows of `Link`, of kinds duplicate (same words, another site) and story.

    Args:
        pairs: The compared pairs, in any order.
        given: recorded_at and run_id.
    """
    kept: list[dict[str, Any]] = []
    count: Counter[str] = Counter()
    for row, kin in sorted(_stories(list(pairs)), key=_best_first):
        count[row["later"]] += 1
        if count[row["later"]] <= MAX_LINKS:
            kept.append(_link(row, kin) | given)
    return frame(Link, kept)


def _stories(pairs: Sequence[Judged]) -> list[Judged]:
    """The pairs of one story; of a text from a template only those whose facts agree."""
    family = Counter(text for row, kin in pairs if kin.verdict is Verdict.TEMPLATE for text in _texts(row))
    return [
        (row, kin)
        for row, kin in pairs
        if kin.verdict is Verdict.STORY
        and (kin.facts >= SAME_FACTS or all(family[text] < FAMILY for text in _texts(row)))
    ]


def _texts(row: dict[str, Any]) -> tuple[str, str]:
    return row["later"], row["earlier"]


def _best_first(pair: Judged) -> tuple[Any, ...]:
    row, kin = pair
    return row["later"], -kin.jaccard, row["earlier_at"], row["earlier"]


def _link(row: dict[str, Any], kin: Kinship) -> dict[str, Any]:
    is_copy = kin.is_same and row["later_site"] != row["earlier_site"]
    return {
        "version_id": row["later"],
        "other_id": row["earlier"],
        "kind": (LinkKind.DUPLICATE if is_copy else LinkKind.STORY).value,
        "url": row["url"],
        "jaccard": kin.jaccard,
        "change_share": kin.change_share,
    }
