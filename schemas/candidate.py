"""A whole table row as JSON and back: what quarantine keeps, and what a release brings into the tables again."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from schemas.article import Article
from schemas.identity import utc_text
from schemas.table import frame, polars_schema


def candidate_json(row: Mapping[str, Any]) -> str:
    """The row as one line of JSON; times in ISO 8601 UTC, characters as they are."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_plain)


def candidate_row(text: str) -> pl.DataFrame:
    """The article row of a candidate, as a frame of one row.

    Raises:
        ValueError: the text is no candidate of an article.
    """
    row = json.loads(text)
    if not isinstance(row, dict):
        raise ValueError("a candidate is a JSON object")
    times = [name for name, kind in polars_schema(Article).items() if isinstance(kind, pl.Datetime)]
    return frame(Article, [row | {name: datetime.fromisoformat(row[name]) for name in times if row.get(name)}])


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return utc_text(value)
    raise TypeError(f"a candidate cannot hold {type(value).__name__}")
