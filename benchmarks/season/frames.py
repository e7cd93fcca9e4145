"""A night of a season as frames: article rows as they come to validate, and the counts of each source."""

from collections.abc import Callable, Iterable
from typing import Any

import polars as pl

from benchmarks.season.drafts import Draft
from benchmarks.season.season import Night
from schemas.article import PARAGRAPH_BREAK, Article
from schemas.identity import article_id, content_hash, digest
from schemas.table import polars_schema


def article_rows(night: Night, fingerprint: Callable[[str], str] = str) -> pl.DataFrame:
    """All articles of a night as rows of `Article`, in the order of sources and capture.

    Args:
        night: A night.
        fingerprint: What becomes of the name of a page's template (`Draft.template`), as in the column `template`.
    """
    run_id = f"night{night.number:03d}"
    rows = [_row(draft, source.source_id) for source in night.sources for draft in source.drafts]
    schema = polars_schema(Article)
    made = {name: kind for name, kind in schema.items() if name in _MADE}
    frame = pl.DataFrame(rows, schema=made, orient="row")
    constants = {
        "recorded_at": pl.lit(night.ran_at).cast(schema["recorded_at"]),
        "kind_of_change": pl.lit("first"),
        "parser_version": pl.lit("season"),
        "rules_version": pl.lit("season"),
        "run_id": pl.lit(run_id),
        "capture_uri": pl.lit(f"captures/{run_id}.warc.gz"),
        "capture_offset": pl.int_range(pl.len(), dtype=pl.Int64) * 40_000,
    }
    empty_lists = {name: pl.lit([], schema[name]) for name in ("blocks", "editor_initials", "flags", "reservations")}
    filled = frame.with_columns(**constants, **empty_lists)
    words = pl.Series("word", [draft.template for source in night.sources for draft in source.drafts], pl.String)
    filled = filled.with_columns(template=words.replace_strict({word: fingerprint(word) for word in set(words)}))
    absent = {name: pl.lit(None, kind) for name, kind in schema.items() if name not in filled.columns}
    return filled.with_columns(**absent).select(list(schema))


def page_rows(night: Night) -> pl.DataFrame:
    """What is known of the page of each article, in the order of `article_rows`: template, characters, what was cut."""
    drafts = [draft for source in night.sources for draft in source.drafts]
    return pl.DataFrame(
        {
            "url": [draft.url for draft in drafts],
            "template": [draft.template for draft in drafts],
            "page_chars": [draft.page_chars for draft in drafts],
            "cut_chars": [draft.cut_chars for draft in drafts],
        },
        schema={"url": pl.String, "template": pl.String, "page_chars": pl.Int64, "cut_chars": pl.Int64},
    )


def label_rows(night: Night) -> pl.DataFrame:
    """The truth of each article, in the order of `article_rows`: the kind of break that spoiled it, or null."""
    drafts = [(source.source_id, draft) for source in night.sources for draft in source.drafts]
    return pl.DataFrame(
        [(source_id, draft.url, draft.broken) for source_id, draft in drafts],
        schema={"source_id": pl.String, "url": pl.String, "broken": pl.String},
        orient="row",
    )


def source_rows(night: Night) -> pl.DataFrame:
    """The count of each source that was polled: pages listed, pages that an earlier stage refused, articles."""
    rows = [(source.source_id, source.listed, source.refused, len(source.drafts)) for source in night.sources]
    names = {"source_id": pl.String, "listed": pl.Int64, "refused": pl.Int64, "articles": pl.Int64}
    return pl.DataFrame(rows, schema=names, orient="row")


_MADE: Iterable[str] = (
    "version_id", "article_id", "url", "canonical_url", "site", "source_id", "title", "authors", "published_at",
    "published_at_raw", "modified_at", "captured_at", "section", "tags", "language", "summary", "body", "word_count",
    "image_url", "page_kind", "content_hash", "field_sources", "capture_digest",
)  # fmt: skip
"""Columns of `Article` that a draft fills, in the table's order."""


def _row(draft: Draft, source_id: str) -> tuple[Any, ...]:
    body = PARAGRAPH_BREAK.join(draft.paragraphs)
    key, text_hash, page = article_id(draft.url), content_hash(draft.title, body), digest(draft.url, body)
    site = draft.url.split("/")[2].split(".", 1)[1]
    raw = None if draft.published_at is None else draft.published_at.isoformat()
    return (
        digest(key, page), key, draft.url, draft.url, site, source_id, draft.title, draft.authors, draft.published_at,
        raw, draft.modified_at, draft.captured_at, draft.section, draft.tags, draft.language, draft.summary, body,
        draft.word_count, draft.image_url, draft.page_kind, text_hash, _origins(draft), page,
    )  # fmt: skip


def _origins(draft: Draft) -> list[dict[str, str | None]]:
    return [
        {"field": name, "origin": origin, "value": None}
        for name, origin in draft.origins.items()
        if getattr(draft, name) not in (None, [])
    ]
