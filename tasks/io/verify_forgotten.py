"""Whether what was forgotten is gone: a table that was put back from an old copy may bring it again."""

from collections.abc import Iterator

from tasks.io.findings import Finding, fault
from tasks.io.forgotten import forgotten
from tasks.io.tables import Snapshot

_PAGES = "SELECT run_id, count(*) FROM ledger WHERE kind = 'page' AND url_id IN (FROM gone) GROUP BY run_id"
_ARTICLES = "SELECT run_id, count(*) FROM articles WHERE article_id IN (FROM gone) GROUP BY run_id"
_SITES = "SELECT run_id, count(*) FROM articles WHERE site IN (FROM gone) GROUP BY run_id"


def check_forgotten(snapshot: Snapshot) -> Iterator[Finding]:
    """Runs whose rows are of something that was forgotten by decision."""
    gone = forgotten(snapshot)
    if not gone:
        return
    with snapshot.connect("ledger", "articles") as connection:
        for what, query, keys in (
            ("pages", _PAGES, gone.url_ids),
            ("articles", _ARTICLES, gone.article_ids),
            ("articles of a site", _SITES, gone.sites),
        ):
            connection.execute(
                "CREATE OR REPLACE TEMP TABLE gone AS SELECT unnest($1::VARCHAR[]) AS key", [sorted(keys)]
            )
            for run_id, count in connection.execute(query).fetchall():
                yield fault(
                    "forgotten", run_id, f"it has {count} rows of {what} that were forgotten: forget them again"
                )
