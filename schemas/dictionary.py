"""docs/data-dictionary.md, made from the models and vocabularies: `python -m schemas.dictionary PATH [--check]`.

Without --check it writes the file; with it, it exits 1 when the file is not what would be written.
"""

import argparse
import ast
import inspect
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from schemas import reasons
from schemas.capture import Candidate, Capture
from schemas.contract import contract_checks
from schemas.published import DERIVED, MACRO_ARGUMENTS, MACROS, PUBLISHED, TABLE_VIEWS
from schemas.table import Table, arrow_schema, duckdb_type, table_comment
from schemas.tables import MONTHLY, SORTED_BY, TABLES

HANDED_OVER: dict[str, type[Table]] = {"candidates": Candidate, "captures": Capture}
"""Tables that live in staging only; `captures` is not the view of that name."""

INTRODUCTION = """# Data dictionary

Made by `python -m schemas.dictionary docs/data-dictionary.md` from the models in `schemas/`; do not edit it.

Times are UTC, with microseconds.
In DuckDB every column of a view may be null as far as SQL knows; "may be empty" says what the model allows.
A list is never null; it is empty when there is nothing.
"schema.org" names the property of [NewsArticle](https://schema.org/NewsArticle) that a column corresponds to."""

PARTS: tuple[tuple[str, str], ...] = (
    (
        "The dataset",
        "Views of `articles.duckdb` over the committed Parquet files, one for each table on disk, "
        "and the two that are asked most: `articles` and `captures`.",
    ),
    ("Inside articles.duckdb", "Small tables that publish computes from the others."),
    (
        "Between the stages",
        "Parquet parts below `staging/<run_id>/`, gone when a run is committed. "
        "The articles on the way have the columns of `article_versions`.",
    ),
)


CHECKS = """What validate asks of every article row, beside its types and that needed columns are filled.
`reject` and `hold` send the row to `quarantine`, `warn` adds the code to `flags`, `off` does nothing.
A source changes weight and limits under `checks` in sources.yaml (docs/sources.md)."""


def dictionary() -> str:
    """The whole data dictionary as Markdown."""
    shown = {name: model for name, model in PUBLISHED.items() if name not in DERIVED}
    blocks = [INTRODUCTION]
    for (title, text), tables in zip(PARTS, (shown, DERIVED, HANDED_OVER), strict=True):
        blocks += [f"## {title}", text]
        for name, model in tables.items():
            blocks += [f"### {name}", _about(name, model), _columns(model)]
        if tables is shown:
            blocks += [
                "### Macros",
                "\n".join(f"- `{name}({MACRO_ARGUMENTS[name]})`: {text}" for name, text in MACROS.items()),
            ]
    blocks += ["## Checks", CHECKS, _checks()]
    blocks += ["## Vocabularies", "A column described as one of these holds the value in the first column."]
    for vocabulary in _vocabularies():
        blocks += [f"### {vocabulary.__name__}", inspect.getdoc(vocabulary) or "", _values(vocabulary)]
    return "\n\n".join(blocks) + "\n"


def _about(name: str, model: type[Table]) -> str:
    """What one row is, and where its files lie and how they are sorted."""
    sentences = [f"One row: {table_comment(model)}"]
    if name in TABLE_VIEWS:
        table = next(key for key, of in TABLES.items() if of is model)
        order = ", ".join(SORTED_BY[table])
        month = f", in folders `month=YYYY-MM` by {MONTHLY[table]}" if table in MONTHLY else ""
        sentences.append(f"Files: `{table}/`{month}; each is sorted by {order}.")
    return "\n".join(sentences)


def _columns(model: type[Table]) -> str:
    columns = model.to_schema().columns
    properties = {name: (column.metadata or {}).get("schema_org") for name, column in columns.items()}
    with_property = any(properties.values())
    header = ["Column", "DuckDB type", "Arrow type", "May be empty", *(["schema.org"] * with_property), "Description"]
    rows = [
        [
            f"`{field.name}`",
            f"`{duckdb_type(field.type)}`",
            f"`{field.type}`",
            "yes" if field.nullable else "",
            *([f"`{properties[field.name]}`" if properties[field.name] else ""] * with_property),
            columns[field.name].description or "",
        ]
        for field in arrow_schema(model)
    ]
    return _table(header, rows)


def _checks() -> str:
    """The checks of the contract, by code."""
    rows = [[f"`{c.code}`", f"`{c.column}`", c.severity.value, c.limits, c.message] for c in contract_checks().values()]
    return _table(["Code", "Column", "Severity", "Accepts", "Message"], rows)


def _vocabularies() -> list[type[StrEnum]]:
    """The enums of schemas.reasons in the order in which they stand there."""
    found = [item for item in vars(reasons).values() if isinstance(item, type) and issubclass(item, StrEnum)]
    return [item for item in found if item.__module__ == reasons.__name__]


def _values(vocabulary: type[StrEnum]) -> str:
    texts = member_docs(vocabulary)
    if vocabulary is reasons.Reason:
        texts = {reason.name: text for reason, text in reasons.REASON_TEXT.items()}
    if any(member.name in texts for member in vocabulary):
        return _table(["Value", "Meaning"], [[f"`{m.value}`", texts.get(m.name, "")] for m in vocabulary])
    return ", ".join(f"`{member.value}`" for member in vocabulary)


def member_docs(vocabulary: type[StrEnum]) -> dict[str, str]:
    """Member name to the docstring that stands under it in the source, on one line; Python itself keeps none."""
    lines = [line for part in ast.parse(inspect.getsource(vocabulary)).body for line in getattr(part, "body", [])]
    docs: dict[str, str] = {}
    for member, text in pairwise(lines):
        if isinstance(member, ast.Assign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            name = member.targets[0]
            if isinstance(name, ast.Name):
                docs[name.id] = " ".join(str(text.value.value).split())
    return docs


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the file; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m schemas.dictionary", description="The data dictionary.")
    parser.add_argument("path", type=Path, help="The Markdown file.")
    parser.add_argument("--check", action="store_true", help="Write nothing; exit 1 when the file is stale.")
    given = parser.parse_args(arguments)
    path: Path = given.path
    if not given.check:
        path.write_text(dictionary(), encoding="utf-8")
        return 0
    if path.is_file() and path.read_text(encoding="utf-8") == dictionary():
        return 0
    sys.stderr.write(f"{path} is not what the models say: run `python -m schemas.dictionary {path}`.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
