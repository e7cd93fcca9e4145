"""Whether the ledger's sums hold: found = known + states, run by run and source by source."""

from collections.abc import Iterator

from schemas.identity import content_hash
from schemas.reasons import PAGE_STATES
from tasks.io.findings import Finding, fault
from tasks.io.tables import Snapshot

_STATES = " + ".join(f"{state.value}_count" for state in PAGE_STATES)
_TOTALS = ("found", "known", "also_listed", *(state.value for state in PAGE_STATES))
_FEW = 20
"""How many of one kind are named."""

# ruff: noqa: S608 - names of our own columns only
QUERIES: dict[str, str] = {
    "found is not known plus the states": f"""
        SELECT run_id || ' ' || source_id, found_count || ' found, ' || known_count || ' known, ' || ({_STATES})
        FROM run_sources WHERE found_count <> known_count + {_STATES}""",
    "the run's counts are not the sum of its sources": f"""
        SELECT runs.run_id, string_agg(name || ' ' || whole || ' instead of ' || parts, ', ' ORDER BY name) FROM (
            UNPIVOT (SELECT run_id, {", ".join(f"{name}_count AS {name}" for name in _TOTALS)} FROM runs)
            ON COLUMNS(* EXCLUDE run_id) INTO NAME name VALUE whole) AS runs
        JOIN (
            UNPIVOT (SELECT run_id, {", ".join(f"sum({name}_count)::BIGINT AS {name}" for name in _TOTALS)}
                     FROM run_sources GROUP BY run_id)
            ON COLUMNS(* EXCLUDE run_id) INTO NAME name VALUE parts) AS sources USING (run_id, name)
        WHERE whole <> parts GROUP BY ALL""",
    "the ledger's rows are not what the source's counts say": f"""
        SELECT counted.run_id || ' ' || counted.source_id,
               state || ': ' || coalesce(rows_found, 0) || ' rows, ' || counted.told || ' told'
        FROM (
            UNPIVOT (SELECT run_id, source_id, {", ".join(f"{s.value}_count AS {s.value}" for s in PAGE_STATES)}
                     FROM run_sources)
            ON COLUMNS(* EXCLUDE (run_id, source_id)) INTO NAME state VALUE told) AS counted
        LEFT JOIN (
            SELECT run_id, source_id, state, count(*) AS rows_found FROM ledger WHERE kind = 'page' GROUP BY ALL
        ) AS found USING (run_id, source_id, state)
        WHERE coalesce(rows_found, 0) <> told""",
    "the ledger has two rows of one URL in one run": """
        SELECT run_id, kind || ' ' || any_value(url) FROM ledger GROUP BY run_id, kind, url_id HAVING count(*) > 1""",
    "an article's run is not among the runs": """
        SELECT run_id, count(*) || ' versions' FROM articles ANTI JOIN runs USING (run_id) GROUP BY run_id""",
    "one run has a version twice": """
        SELECT run_id, version_id FROM articles GROUP BY ALL HAVING count(*) > 1""",
}
"""What would be wrong, and the query that finds it: where, and what was seen."""


def check_sums(snapshot: Snapshot, *, deep: bool) -> Iterator[Finding]:
    """What of the sums does not hold; deep also reads each text again and compares its hash."""
    with snapshot.connect("runs", "run_sources", "ledger", "articles") as connection:
        for wrong, query in QUERIES.items():
            found = connection.execute(query).fetchall()
            for where, seen in found[:_FEW]:
                yield fault("sum", where, f"{wrong} ({seen})")
            if len(found) > _FEW:
                yield fault("sum", wrong, f"and {len(found) - _FEW} more")
        if deep:
            yield from _check_texts(snapshot)


def _check_texts(snapshot: Snapshot) -> Iterator[Finding]:
    with snapshot.connect("articles") as connection:
        rows = connection.execute("SELECT version_id, title, body, content_hash FROM articles")
        while batch := rows.fetchmany(1000):
            for version, title, body, written in batch:
                if content_hash(title, body) != written:
                    yield fault("text", version, "title and body of this version are not those of its content_hash")
