"""Which rows of each table go when something is forgotten, and the files that take the place of those that hold them.

Of a run's counts, what goes moves from its state to `known`: a tombstone is what is known of the page from now on, so
that found = known + the states holds on.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from schemas.reasons import PAGE_STATES
from schemas.table import polars_schema
from schemas.tables import TABLES
from tasks.errors import TableError
from tasks.io.outfiles import OutFile, group_rows, write_stream
from tasks.io.staging import RunContext
from tasks.io.tables import Snapshot, sql_glob, sql_text
from tasks.maintain.aim import Aim
from tasks.maintain.names import successor

# ruff: noqa: S608 - conditions and names of our own, values quoted
GOES: dict[str, str] = {
    "articles": "r.version_id IN (FROM gone_versions)",
    "removals": "r.version_id IN (FROM gone_versions) OR r.site = $site",
    "quarantine": "r.url IN (FROM gone_urls) OR r.article_id IN (FROM gone_articles) OR r.site = $site",
    "signatures": "r.version_id IN (FROM gone_versions) OR r.site = $site",
    "links": "r.version_id IN (FROM gone_versions) OR r.other_id IN (FROM gone_versions) OR r.url IN (FROM gone_urls)",
    "site_lines": "r.site = $site OR (r.site, r.line_hash) IN (FROM gone_lines)",
    "ledger": "r.site = $site OR (r.kind = 'page' AND (r.url IN (FROM gone_urls)"
    " OR r.final_url IN (FROM gone_urls) OR r.article_id IN (FROM gone_articles)))",
}
"""Table to the condition of the rows that go."""

BY_COLUMN: dict[str, str] = {
    "version_id": "r.version_id IN (FROM gone_versions)",
    "article_id": "r.article_id IN (FROM gone_articles)",
    "url": "r.url IN (FROM gone_urls)",
    "site": "r.site = $site",
}
"""What goes of any other table, by its columns."""

_GONE = """
    CREATE TEMP TABLE gone_versions AS
    SELECT DISTINCT version_id FROM articles AS r
    WHERE r.article_id IN (FROM gone_articles) OR r.url IN (FROM gone_urls) OR r.site = $site;
"""
_TEXTS = r"""
    CREATE TEMP TABLE texts AS
    SELECT site, version_id IN (FROM gone_versions) AS goes,
           regexp_replace(concat_ws(' ', title, body, summary), '\s+', ' ', 'g') AS text
    FROM articles WHERE site IN (SELECT site FROM articles WHERE version_id IN (FROM gone_versions))
    UNION ALL
    SELECT site, version_id IN (FROM gone_versions), regexp_replace(text, '\s+', ' ', 'g')
    FROM removals WHERE site IN (SELECT site FROM articles WHERE version_id IN (FROM gone_versions));
"""
_LINES = r"""
    CREATE TEMP TABLE gone_lines AS
    SELECT DISTINCT l.site, l.line_hash FROM site_lines AS l
    WHERE EXISTS (SELECT 1 FROM texts AS t
                  WHERE t.site = l.site AND t.goes AND contains(t.text, regexp_replace(l.text, '\s+', ' ', 'g')))
      AND NOT EXISTS (SELECT 1 FROM texts AS t
                  WHERE t.site = l.site AND NOT t.goes AND contains(t.text, regexp_replace(l.text, '\s+', ' ', 'g')));
"""
_HEIRS = """
    CREATE TEMP TABLE heirs AS
    SELECT DISTINCT ON (a.content_hash)
           a.content_hash, a.version_id, a.article_id, a.url, a.site, a.captured_at, a.run_id
    FROM articles AS a
    WHERE a.version_id NOT IN (FROM gone_versions) AND a.content_hash IN (
        SELECT content_hash FROM articles WHERE version_id IN (FROM gone_versions))
    ORDER BY a.content_hash, a.captured_at, a.url, a.version_id;
"""
_MOVED = f"""
    CREATE TEMP TABLE moved AS
    SELECT run_id, source_id, state, count(*) AS n FROM ledger AS r
    WHERE r.kind = 'page' AND ({GOES["ledger"]}) GROUP BY ALL;
"""
_HEIR_COLUMNS = ("version_id", "article_id", "url", "site", "captured_at", "run_id")
TOLD = ("run_sources", "ledger")
"""Tables whose column `detail` may name a URL in a row that stays; there it is taken out of the words."""


@dataclass(frozen=True)
class Rows:
    """What of the tables is concerned."""

    counts: dict[str, int] = field(default_factory=dict)
    """Table to how many rows go; of runs and run_sources how many change."""
    files: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Table to the paths of the files that hold them."""
    articles: tuple[tuple[str, str], ...] = ()
    """URL and title of each article that goes."""


@contextmanager
def concerned(snapshot: Snapshot, aim: Aim) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the tables with what goes in small tables of its own: gone_versions, gone_lines, moved ..."""
    with snapshot.connect() as connection:
        connection.execute("CREATE TEMP TABLE gone_urls AS SELECT unnest($1::VARCHAR[]) AS url", [list(aim.urls)])
        connection.execute(
            "CREATE TEMP TABLE gone_articles AS SELECT unnest($1::VARCHAR[]) AS article_id", [list(aim.article_ids)]
        )
        for sql in (_GONE, _MOVED):
            connection.execute(sql.replace("$site", _site(aim)))
        for sql in (_TEXTS, _LINES, _HEIRS):
            connection.execute(sql)
        yield connection


def _site(aim: Aim) -> str:
    return "NULL" if aim.site is None else sql_text(aim.site)


def find_rows(snapshot: Snapshot, connection: duckdb.DuckDBPyConnection, aim: Aim) -> Rows:
    """Which rows go, and in which files they lie.

    Args:
        snapshot: The tables.
        connection: `concerned` of them.
        aim: What is to be forgotten.

    Raises:
        TableError: a committed file is missing or damaged.
    """
    counts: dict[str, int] = {}
    files: dict[str, tuple[str, ...]] = {}
    for table in TABLES:
        held = _held(snapshot, connection, table, _touched(table, aim))
        if held:
            counts[table] = sum(held.values())
            files[table] = tuple(sorted(held))
    titles = connection.execute(
        "SELECT url, arg_max(title, captured_at) FROM articles WHERE version_id IN (FROM gone_versions)"
        " GROUP BY url ORDER BY url"
    ).fetchall()
    return Rows(counts, files, tuple((str(url), str(title)) for url, title in titles))


def _goes(table: str, aim: Aim) -> str:
    """The condition of the rows of a table that go; of a table without one of its own by the columns that it has."""
    named = [condition for column, condition in BY_COLUMN.items() if column in polars_schema(TABLES[table])]
    return (GOES.get(table) or " OR ".join(named) or "false").replace("$site", _site(aim))


def _touched(table: str, aim: Aim) -> str:
    """The condition of the rows of a table that go or change."""
    changed = {
        "runs": "r.run_id IN (SELECT run_id FROM moved)",
        "run_sources": "(r.run_id, r.source_id) IN (SELECT (run_id, source_id) FROM moved)",
    }.get(table, "false")
    told = [f"contains(r.detail, {sql_text(url)})" for url in aim.urls] if table in TOLD else []
    return " OR ".join([_goes(table, aim), changed, *told])


def _held(snapshot: Snapshot, connection: duckdb.DuckDBPyConnection, table: str, condition: str) -> Mapping[str, int]:
    """Path of each file that holds such rows, below the table's folder, to how many."""
    files = snapshot.files(table)
    if not files:
        return {}
    place = snapshot.folder.table(table).absolute()
    listed = ", ".join(sql_text(sql_glob(path)) for path in files)
    source = f"read_parquet([{listed}], hive_partitioning=false, union_by_name=true, filename=true)"
    try:
        rows = connection.execute(
            f"SELECT filename, count(*) FROM {source} AS r WHERE {condition} GROUP BY 1"
        ).fetchall()
    except duckdb.Error as error:
        raise TableError(
            f"A committed file of the table {table} cannot be read ({str(error).splitlines()[0]})."
        ) from error
    return {Path(name).relative_to(place).as_posix(): int(count) for name, count in rows}


def write_rest(
    run: RunContext, snapshot: Snapshot, connection: duckdb.DuckDBPyConnection, aim: Aim, rows: Rows
) -> dict[str, tuple[OutFile, ...]]:
    """Table to the files that take the place of `rows.files`, in staging; a file of which nothing is left has none.

    Raises:
        DiskError: the disk refused a file.
    """
    made: dict[str, list[OutFile]] = {}
    for table, paths in rows.files.items():
        for path in paths:
            select = _rest(table, snapshot.folder.table(table) / path, aim)
            if (count := int(connection.execute(f"SELECT count(*) FROM ({select})").fetchall()[0][0])) == 0:
                continue
            batches = connection.sql(select).to_arrow_reader(group_rows(table))
            made.setdefault(table, []).append(write_stream(run, table, successor(path, run.run_id), batches, count))
    return {table: tuple(files) for table, files in made.items()}


def _rest(table: str, path: Path, aim: Aim) -> str:
    """The query for what stays of a file, in its order and in the model's columns."""
    columns = list(polars_schema(TABLES[table]))
    source = (
        f"(FROM (FROM {table}_empty UNION ALL BY NAME FROM read_parquet({sql_text(sql_glob(path))},"
        " hive_partitioning=false)))"
    )
    values = {name: f'r."{name}"' for name in columns}
    if table in ("runs", "run_sources"):
        values |= {name: _counted(table, name) for name in columns if name.endswith("_count")}
    if table in TOLD:
        values["detail"] = _untold("r.detail", aim)
    joined, stays = "", f"({_goes(table, aim)}) IS NOT TRUE"
    if table == "signatures":  # a text that another article has too is found by that one from now on
        values |= {name: f"CASE WHEN {_goes(table, aim)} THEN h.{name} ELSE r.{name} END" for name in _HEIR_COLUMNS}
        joined, stays = "LEFT JOIN heirs AS h USING (content_hash)", f"{stays} OR h.version_id IS NOT NULL"
        stays += " ORDER BY site, url, content_hash"
    listed = ", ".join(f'{value} AS "{name}"' for name, value in values.items())
    return f"SELECT {listed} FROM {source} AS r {joined} WHERE {stays}"


def _untold(column: str, aim: Aim) -> str:
    for url in aim.urls:
        column = f"replace({column}, {sql_text(url)}, '[forgotten]')"
    return column


def _counted(table: str, name: str) -> str:
    """A count of runs or run_sources: those of states lose what goes, known_count gains it."""
    same = "m.run_id = r.run_id" + (" AND m.source_id = r.source_id" if table == "run_sources" else "")
    state = name.removesuffix("_count")
    if name == "known_count":
        return f"(r.known_count + (SELECT coalesce(sum(n), 0) FROM moved AS m WHERE {same}))::BIGINT"
    if state in {each.value for each in PAGE_STATES}:
        gone = f"SELECT coalesce(sum(n), 0) FROM moved AS m WHERE {same} AND m.state = '{state}'"
        return f"(r.{name} - ({gone}))::BIGINT"
    return f"r.{name}"
