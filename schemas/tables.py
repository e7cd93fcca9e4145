"""The list of the tables that are kept on disk, in the order in which a run commits them (the ledger last)."""

from schemas.article import Article
from schemas.ledger import Ledger
from schemas.link import Link
from schemas.measure import Measure
from schemas.quarantine import Quarantine
from schemas.removal import Removal
from schemas.run import Decision, Run, RunSource
from schemas.signature import Signature
from schemas.site_line import SiteLine
from schemas.table import Table

TABLES: dict[str, type[Table]] = {
    "articles": Article,
    "removals": Removal,
    "quarantine": Quarantine,
    "signatures": Signature,
    "links": Link,
    "site_lines": SiteLine,
    "measures": Measure,
    "run_sources": RunSource,
    "decisions": Decision,
    "runs": Run,
    "ledger": Ledger,
}

MONTHLY: dict[str, str] = {"articles": "captured_at", "ledger": "recorded_at"}
"""Tables whose files lie in month=YYYY-MM folders, by which column's UTC month."""

SORTED_BY: dict[str, tuple[str, ...]] = {
    "articles": ("site", "captured_at", "url"),
    "removals": ("version_id", "field", "seq"),
    "quarantine": ("site", "url"),
    "signatures": ("site", "url", "content_hash"),
    "links": ("version_id", "other_id"),
    "site_lines": ("site", "line_hash"),
    "measures": ("source_id", "part", "measure", "bin"),
    "run_sources": ("source_id",),
    "decisions": ("decided_at", "decision_id"),
    "runs": ("run_id",),
    "ledger": ("kind", "site", "url"),
}
"""The order of rows in each file."""

BLOOMED: dict[str, tuple[str, ...]] = {
    "articles": ("article_id", "version_id", "url"),
    "removals": ("version_id",),
    "ledger": ("url_id", "url"),
}
"""Columns that get a bloom filter, because they are looked up one by one."""
