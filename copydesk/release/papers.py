"""The papers of a release: manifest, citation, columns, datasheet. Pure: facts in, text out.

The form of CITATION.cff is the Citation File Format 1.2.0 (citation-file-format.github.io).
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from schemas.published import PUBLISHED
from schemas.table import arrow_schema, duckdb_type, table_comment
from tasks.publish.datasheet import NEEDS, Sheet, cell, datasheet, table

MANIFEST = "manifest.json"
FORMAT = 1
"""The format of the manifest."""
ID_DIGITS = 16

CSV_NOTE = """In the CSV files lists and structs are JSON, and times are ISO 8601 in UTC.
A text that begins with `=`, `+`, `-`, `@`, a tab, a carriage return or `'` has one `'` before it, so that no
spreadsheet takes it for a formula: leave one leading `'` out to have the text as it was."""


@dataclass(frozen=True, slots=True)
class Release:
    """What is said of a release."""

    title: str
    author: str
    to: str
    queries: Mapping[str, str]
    """View to the SQL that gave its rows."""
    where: str | None
    rows: Mapping[str, int]
    """View to its count of rows."""
    made_at: datetime
    release_id: str = ""

    @property
    def citation(self) -> str:
        """One line that cites it."""
        return f"{self.author} ({self.made_at:%Y}): {self.title}. Dataset, release {self.release_id}."


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def release_id(data_files: Mapping[str, str]) -> str:
    """The name of a release: a hash of the names and hashes of its data files, so the same data has the same name."""
    text = json.dumps(dict(sorted(data_files.items())), separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS]


def columns_page(views: Sequence[str]) -> str:
    """What each column of the release means, as Markdown."""
    parts = ["# Columns", "Times are UTC. A list is never null; it is empty when there is nothing."]
    for view in views:
        model = PUBLISHED[view]
        columns = model.to_schema().columns
        rows = [(f.name, duckdb_type(f.type), columns[f.name].description or "") for f in arrow_schema(model)]
        parts += [f"## {view}", f"One row: {table_comment(model)}", _all_rows(rows)]
    return "\n\n".join(parts) + "\n"


def _all_rows(rows: Sequence[tuple[str, str, str]]) -> str:
    lines = [f"| {name} | {cell(kind)} | {cell(text)} |" for name, kind, text in rows]
    return "\n".join(["| Column | DuckDB type | Description |", "| --- | --- | --- |", *lines])


def readme(release: Release, sheet: Sheet | None) -> str:
    """The datasheet of a release, which begins with what it is and how to cite and check it."""
    counts = table(("View", "Rows"), list(release.rows.items()))
    condition = (
        f"Rows were chosen by: {cell(release.where)}" if release.where else "Rows were not chosen: all are here."
    )
    notes = [
        f"Release {release.release_id}, made {release.made_at:%Y-%m-%d %H:%M} UTC.",
        f"Cite it as: {cell(release.citation)}",
        f"`copydesk export --check` on this folder compares each file with its hash in `{MANIFEST}`, which also says",
        "from which runs the rows come. What each column means is in `COLUMNS.md`.",
        condition,
        *([CSV_NOTE] if release.to == "csv" else []),
        "",
        counts,
    ]
    if sheet is not None:
        return datasheet(sheet, release.title, notes)
    return "\n".join([f"# {cell(release.title)}", "", *notes]) + "\n"


def has_sheet(view: str) -> bool:
    """Whether a datasheet can be made of the view's rows."""
    return set(PUBLISHED[view].to_schema().columns) >= NEEDS


def citation_file(release: Release) -> str:
    """CITATION.cff."""
    return yaml.safe_dump(
        {
            "cff-version": "1.2.0",
            "message": "If you use this dataset, please cite it as below.",
            "type": "dataset",
            "title": release.title,
            "authors": [{"name": release.author}],
            "version": release.release_id,
            "date-released": f"{release.made_at:%Y-%m-%d}",
        },
        sort_keys=False,
        allow_unicode=True,
    )


def manifest(release: Release, made_by: Mapping[str, str], facts: Mapping[str, Any], files: Sequence[Any]) -> str:
    """manifest.json: what was asked, what came out, of which runs, made by what, and the hash of each file."""
    content = {
        "format": FORMAT,
        "release": release.release_id,
        "title": release.title,
        "cite_as": release.citation,
        "made_at": release.made_at.isoformat(),
        "made_by": made_by,
        "to": release.to,
        "where": release.where,
        "queries": release.queries,
        "rows": release.rows,
        **facts,
        "files": files,
    }
    return json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n"
