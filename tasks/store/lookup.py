"""What the committed tables say of the articles of a run: their versions, and other versions of the same text."""

from pathlib import Path

import polars as pl

from schemas.article import Article
from schemas.identity import version_id
from schemas.table import empty
from tasks.io.memory import retracted_runs
from tasks.io.tables import Snapshot, add_view, fetch
from tasks.store.versions import READING, SIGHTING, STORED

_STORED = """
    SELECT {columns}, runs.run_seq
    FROM articles JOIN runs USING (run_id)
    WHERE (article_id IN (SELECT value FROM asked_articles) OR content_hash IN (SELECT value FROM asked_hashes))
      AND run_id NOT IN (SELECT value FROM retracted)
"""

_SIGHTINGS = """
    SELECT ledger.version_id AS of_version, ledger.captured_at, ledger.payload_digest AS capture_digest,
           ledger.capture_uri, ledger.capture_offset
    FROM ledger JOIN asked ON ledger.version_id = asked.version_id AND ledger.url = asked.url
    WHERE ledger.kind = 'page' AND ledger.state = 'unchanged' AND ledger.captured_at > asked.since
      AND ledger.payload_digest IS NOT NULL AND ledger.capture_uri IS NOT NULL AND ledger.capture_offset IS NOT NULL
      AND ledger.run_id NOT IN (SELECT value FROM retracted)
"""

_ROWS = """
    SELECT DISTINCT ON (version_id) {columns}
    FROM articles SEMI JOIN asked_versions ON articles.version_id = asked_versions.value
"""


def stored_readings(snapshot: Snapshot, article_ids: pl.Series, content_hashes: pl.Series) -> pl.DataFrame:
    """Versions (`STORED`) of these articles, and those of other articles with one of these hashes.

    Versions of retracted runs are left out, as if they had never been. No text is read.

    Raises:
        TableError: a committed file is missing or damaged.
    """
    if article_ids.is_empty() or not snapshot.files("articles"):
        return pl.DataFrame(schema=STORED)
    retracted = pl.Series(sorted(retracted_runs(snapshot)), dtype=pl.String)
    with snapshot.connect("articles", "runs") as connection:
        asked = {"asked_articles": article_ids, "asked_hashes": content_hashes, "retracted": retracted}
        for name, values in asked.items():
            connection.register(name, pl.DataFrame({"value": values.unique()}).to_arrow())
        columns = ", ".join(f"articles.{name}" for name in READING)
        found = fetch(connection, _STORED.format(columns=columns), "articles")
    return found.unique("version_id", keep="first").cast(STORED).select(list(STORED))


def sightings(snapshot: Snapshot, new: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Later sightings (`SIGHTING`) of stored versions of articles of which `new` has an older reading.

    A night's readings are younger than anything in the ledger, which its statistics tell; then nothing is looked up.

    Args:
        snapshot: The tables.
        new: `READING`.
        stored: `stored_readings` for it.

    Raises:
        TableError: a committed file is missing or damaged.
    """
    since = new.group_by("article_id").agg(since=pl.col("captured_at").min())
    asked = stored.join(since, on="article_id")
    if asked.is_empty():
        return pl.DataFrame(schema=SIGHTING)
    retracted = pl.DataFrame({"value": sorted(retracted_runs(snapshot))}, schema={"value": pl.String})
    with snapshot.connect("ledger") as connection:
        newest = fetch(connection, "SELECT max(captured_at) AS captured_at FROM ledger", "ledger").item()
        if newest is None or newest <= asked["since"].min():
            return pl.DataFrame(schema=SIGHTING)
        connection.register("asked", asked.select("version_id", "url", "since").to_arrow())
        connection.register("retracted", retracted.to_arrow())
        found = fetch(connection, _SIGHTINGS, "ledger")
    return _as_readings(found, stored)


def _as_readings(found: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    own = stored.drop("captured_at", "capture_digest", "run_seq").rename({"version_id": "of_version"})
    rows = found.join(own, on="of_version").unique(["article_id", "captured_at"], keep="first", maintain_order=True)
    keys = [
        version_id(row["article_id"], row["captured_at"], row["capture_digest"], row["content_hash"])
        for row in rows.iter_rows(named=True)
    ]
    return rows.with_columns(version_id=pl.Series(keys, dtype=pl.String)).select(
        pl.col(name).cast(kind) for name, kind in SIGHTING.items()
    )


def stored_articles(snapshot: Snapshot, versions: pl.DataFrame, columns: tuple[str, ...] | None = None) -> pl.DataFrame:
    """The rows of stored versions, each once; only files of their months are opened.

    Args:
        snapshot: The tables.
        versions: Columns version_id and captured_at.
        columns: Columns of `Article` to read (None: all).

    Raises:
        TableError: a committed file is missing or damaged.
    """
    wanted = empty(Article).select(columns or pl.all())
    months = months_of(versions["captured_at"])
    files = [path for path in snapshot.files("articles") if may_hold(path, months)]
    if versions.is_empty() or not files:
        return wanted
    with snapshot.connect("runs") as connection:
        add_view(connection, "articles", files)
        connection.register("asked_versions", versions.select(value="version_id").to_arrow())
        return fetch(connection, _ROWS.format(columns=", ".join(wanted.columns)), "articles")


def stored_removals(snapshot: Snapshot, version_ids: pl.Series) -> pl.DataFrame:
    """The receipts of stored versions."""
    with snapshot.connect("removals") as connection:
        connection.register("asked_versions", pl.DataFrame({"value": version_ids}).to_arrow())
        sql = "SELECT removals.* FROM removals SEMI JOIN asked_versions ON removals.version_id = asked_versions.value"
        return fetch(connection, sql, "removals")


def months_of(moments: pl.Series) -> set[str]:
    """The names of the folders that files of these moments lie in."""
    return set(moments.dt.strftime("month=%Y-%m").to_list())


def may_hold(path: Path, months: set[str]) -> bool:
    """Whether a file may have rows of one of the months; one that lies in no month's folder may."""
    folder = path.parent.name
    return folder in months or not folder.startswith("month=")
