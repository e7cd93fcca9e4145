"""The rules of sites for one run: learned from the run's pages and the sites' newest articles, then frozen.

The newest `WINDOW` articles of a site are looked at, whose extracted texts are rebuilt from their receipts: so what
was cut before still counts, and the same captures and decisions give the same rules, however many workers there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from schemas.article import Article
from schemas.identity import digest
from schemas.reasons import DecisionKind
from schemas.site_line import SiteLine
from schemas.table import empty, frame, polars_schema
from tasks.clean import RULES_VERSION
from tasks.clean.memory import SiteRule, SiteRules
from tasks.clean.memory_judge import Learned, Page, learn
from tasks.clean.receipts import rebuild
from tasks.io.decisions import in_force
from tasks.io.memory import retracted_runs
from tasks.io.staging import RunContext, read_part, write_part
from tasks.io.tables import Snapshot, fetch

WINDOW = 200
"""Articles of a site that are looked at, the newest: some 1 MB of text."""
LONGEST_BODY = 100_000
"""Characters of a text that are looked at."""
SITES_AT_ONCE = 100
"""Sites whose texts are in memory at once."""

FROZEN = "all"
_KEY = ("site", "article_id", "captured_at", "version_id")

_HISTORY = """
SELECT {columns} FROM articles JOIN runs USING (run_id)
WHERE site IN (SELECT value FROM sites) AND run_id NOT IN (SELECT value FROM retracted)
QUALIFY row_number() OVER (PARTITION BY article_id ORDER BY captured_at DESC, runs.run_seq DESC, version_id DESC) = 1
    AND dense_rank() OVER (PARTITION BY site ORDER BY captured_at DESC, article_id DESC) <= {window} * 2
"""
_BODIES = "SELECT DISTINCT ON (version_id) version_id, body FROM articles SEMI JOIN asked ON version_id = asked.value"
_RECEIPTS = """
SELECT DISTINCT ON (version_id, seq) version_id, seq, char_offset, text, replacement
FROM removals SEMI JOIN asked ON version_id = asked.value WHERE field = 'body' ORDER BY version_id, seq
"""
_KNOWN = """
SELECT {columns} FROM site_lines JOIN runs USING (run_id)
WHERE site IN (SELECT value FROM sites) AND run_id NOT IN (SELECT value FROM retracted)
QUALIFY row_number() OVER (PARTITION BY line_hash ORDER BY runs.run_seq DESC) = 1
ORDER BY line_hash
"""


@dataclass(frozen=True, slots=True)
class _Receipt:
    char_offset: int
    text: str
    replacement: str


def learn_site_lines(run: RunContext) -> int:
    """Write clean/site_lines (rows that are new or changed) and, last, clean/site_rules (all that hold in this run).

    All shards are parsed before. A run whose rules are frozen keeps them. Returns how many rules hold.

    Raises:
        DiskError: the disk refused a part.
        TableError: a committed file is missing or damaged.
    """
    frozen = run.part("clean", "site_rules", FROZEN)
    if not frozen.exists():
        paths = sorted(run.folder.staged(run.run_id, "parse", "articles").glob("[!.]*.parquet"))
        rules, changed = _rules(run, paths, Snapshot.open(run.folder))
        write_part(run.part("clean", "site_lines", FROZEN), SiteLine, changed)
        write_part(frozen, SiteLine, rules)
    return int(read_part(frozen, SiteLine).height)


def read_rules(run: RunContext) -> dict[str, SiteRules]:
    """The frozen rules of the run that cut something, by site; none when nothing was learned yet."""
    path = run.part("clean", "site_rules", FROZEN)
    rules: dict[str, SiteRules] = {}
    if path.exists():
        for row in read_part(path, SiteLine).filter(pl.col("state") != "refused").iter_rows(named=True):
            evidence = (
                f"stands in {row['article_count']} articles of {row['site']}, {row['first_seen_at']:%Y-%m-%d} "
                f"to {row['last_seen_at']:%Y-%m-%d}; rule {row['line_hash'][:12]}, {row['state']}"
            )
            own = rules.setdefault(row["site"], SiteRules())
            own[" ".join(row["text"].split())] = SiteRule(row["text"], row["position"], evidence)
    return rules


def _rules(run: RunContext, paths: Sequence[Path], snapshot: Snapshot) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(all rules of the run's sites, those of them that are new or say something else than their last row)."""
    fresh = pl.concat([empty(Article).select(_KEY), *(pl.read_parquet(path, columns=list(_KEY)) for path in paths)])
    sites = sorted(set(fresh["site"].to_list()))
    rules, changed = [empty(SiteLine)], [empty(SiteLine)]
    for start in range(0, len(sites), SITES_AT_ONCE):
        batch = sites[start : start + SITES_AT_ONCE]
        pages = _pages(fresh.filter(pl.col("site").is_in(batch)), paths, snapshot, batch)
        known = {row["line_hash"]: row for row in known_rules(snapshot, batch).iter_rows(named=True)}
        found = {row["line_hash"]: row for site in batch for row in _rows(site, learn(pages.get(site, ())), run)}
        states = decided(snapshot)
        made = [row | {"state": states.get(name, "learned")} for name, row in sorted((known | found).items())]
        same = ("article_count", "first_seen_at", "last_seen_at", "state")
        new = [row for row in made if any(known.get(row["line_hash"], {}).get(name) != row[name] for name in same)]
        rules.append(frame(SiteLine, made))
        changed.append(frame(SiteLine, (row | {"run_id": run.run_id} for row in new)))
    return pl.concat(rules), pl.concat(changed)


def _rows(site: str, lines: Iterable[Learned], run: RunContext) -> Iterable[dict[str, Any]]:
    for line in lines:
        yield {
            "site": site,
            "line_hash": digest("site_line", site, line.key),
            "text": line.text,
            "position": line.position,
            "article_count": line.article_count,
            "first_seen_at": line.first_seen_at,
            "last_seen_at": line.last_seen_at,
            "rules_version": RULES_VERSION,
            "run_id": run.run_id,
        }


def decided(snapshot: Snapshot) -> dict[str, str]:
    """line_hash to confirmed or refused, by the last decision that stands."""
    words = {DecisionKind.CONFIRM.value: "confirmed", DecisionKind.REFUSE.value: "refused"}
    standing = in_force(snapshot.read("decisions").to_dicts()) if snapshot.files("decisions") else []
    return {row["target"]: words[row["kind"]] for row in standing if row["kind"] in words}


def known_rules(snapshot: Snapshot, sites: Sequence[str]) -> pl.DataFrame:
    """The last row of each line of these sites, by line_hash, without those of retracted runs."""
    if not snapshot.files("site_lines"):
        return empty(SiteLine)
    with snapshot.connect("site_lines", "runs") as connection:
        _register(connection, sites=list(sites), retracted=sorted(retracted_runs(snapshot)))
        columns = ", ".join(f"site_lines.{name}" for name in polars_schema(SiteLine))
        return fetch(connection, _KNOWN.format(columns=columns), "site_lines")


def _pages(fresh: pl.DataFrame, paths: Sequence[Path], snapshot: Snapshot, sites: list[str]) -> dict[str, list[Page]]:
    """The newest articles of each site with their extracted texts; a page of this run goes before a stored one."""
    keys = pl.concat([_history(snapshot, sites).with_columns(is_new=False), fresh.with_columns(is_new=True)])
    chosen = (
        keys.sort("captured_at", "is_new", "version_id", descending=True)
        .unique("article_id", keep="first", maintain_order=True)
        .sort("captured_at", "article_id", descending=True)
        .group_by("site", maintain_order=True)
        .head(WINDOW)
    )
    bodies = _stored_bodies(snapshot, chosen.filter(~pl.col("is_new"))["version_id"])
    wanted = chosen.filter("is_new")["version_id"].implode()
    for path in paths:
        rows = pl.scan_parquet(path).filter(pl.col("version_id").is_in(wanted)).select("version_id", "body").collect()
        bodies |= dict(rows.iter_rows())
    pages: dict[str, list[Page]] = {}
    for row in chosen.iter_rows(named=True):
        page = Page(row["article_id"], row["captured_at"], bodies.get(row["version_id"], "")[:LONGEST_BODY])
        pages.setdefault(row["site"], []).append(page)
    return pages


def _history(snapshot: Snapshot, sites: list[str]) -> pl.DataFrame:
    if not snapshot.files("articles"):
        return empty(Article).select(_KEY)
    with snapshot.connect("articles", "runs") as connection:
        _register(connection, sites=sites, retracted=sorted(retracted_runs(snapshot)))
        columns = ", ".join(f"articles.{name}" for name in _KEY)
        return fetch(connection, _HISTORY.format(columns=columns, window=WINDOW), "articles").select(_KEY)


def _stored_bodies(snapshot: Snapshot, versions: pl.Series) -> dict[str, str]:
    """version_id to the extracted body, rebuilt from the clean one and its receipts."""
    if versions.is_empty():
        return {}
    with snapshot.connect("articles", "removals") as connection:
        _register(connection, asked=versions.to_list())
        clean = dict(fetch(connection, _BODIES, "articles").iter_rows())
        receipts: dict[str, list[_Receipt]] = {}
        for row in fetch(connection, _RECEIPTS, "removals").iter_rows(named=True):
            receipt = _Receipt(row["char_offset"], row["text"], row["replacement"])
            receipts.setdefault(row["version_id"], []).append(receipt)
    return {version: rebuild(body, receipts.get(version, [])) for version, body in clean.items()}


def _register(connection: Any, **lists: list[str]) -> None:
    for name, values in lists.items():
        connection.register(name, pl.DataFrame({"value": values}, schema={"value": pl.String}).to_arrow())
