"""What was forgotten by decision: never listed, fetched or stored again. The tombstones hold hashes, not URLs.

A tombstone is a row of `decisions` of kind forget; its target is `url:` and the hash of a normalised URL, `article:`
and an article's id, or `site:` and a site's name.
What does not belong here: how something is forgotten (tasks/maintain/forget.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from schemas.reasons import DecisionKind
from tasks.io.decisions import in_force
from tasks.io.tables import Snapshot

URL, ARTICLE, SITE = "url:", "article:", "site:"


@dataclass(frozen=True)
class Forgotten:
    """The tombstones that stand."""

    url_ids: frozenset[str] = frozenset()
    article_ids: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything was ever forgotten."""
        return bool(self.url_ids or self.article_ids or self.sites)

    def has_page(self, url_id: str, site: str) -> bool:
        """Whether a page is forgotten, by its URL or its site."""
        return url_id in self.url_ids or site in self.sites

    def is_page(self) -> pl.Expr:
        """The same for each row of a frame with the columns url_id and site."""
        return pl.col("url_id").is_in(list(self.url_ids)) | pl.col("site").is_in(list(self.sites))

    def targets(self) -> list[str]:
        """The targets of decisions that say the same, sorted."""
        named = ((URL, self.url_ids), (ARTICLE, self.article_ids), (SITE, self.sites))
        return [prefix + key for prefix, keys in named for key in sorted(keys)]


def from_targets(targets: Iterable[str]) -> Forgotten:
    """The tombstones of these targets."""
    listed = list(targets)
    urls, articles, sites = (
        frozenset(target.removeprefix(prefix) for target in listed if target.startswith(prefix))
        for prefix in (URL, ARTICLE, SITE)
    )
    return Forgotten(urls, articles, sites)


def forgotten(snapshot: Snapshot) -> Forgotten:
    """What the decisions say is forgotten.

    Raises:
        TableError: the table of decisions cannot be read.
    """
    if not snapshot.files("decisions"):
        return Forgotten()
    rows = snapshot.read("decisions", ["decision_id", "kind", "target", "decided_at"]).to_dicts()
    return from_targets(row["target"] for row in in_force(rows) if row["kind"] == DecisionKind.FORGET)
