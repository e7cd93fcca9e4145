"""One shard of articles from parse: read, cleaned, written with receipts; over-cleaned ones to quarantine."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from schemas.article import Article
from schemas.candidate import candidate_json
from schemas.identity import content_hash, digest, version_id
from schemas.quarantine import Quarantine
from schemas.reasons import REASON_TEXT, Reason, Severity
from schemas.removal import Removal
from schemas.shard import ShardSummary
from schemas.table import empty, frame, polars_schema
from schemas.text import PARAGRAPH_BREAK, word_count
from tasks.clean import RULES_VERSION
from tasks.clean.article import (
    CleanArticle,
    CleanSettings,
    block_sources,
    clean_article,
    clean_blocks,
    fits,
    is_over_cleaned,
    new_place,
    with_places,
)  # fmt: skip
from tasks.clean.memory import SiteRules
from tasks.clean.memory_rules import read_rules
from tasks.clean.runner import Cleaned
from tasks.io.staging import RunContext, read_part, write_part

_SETS = (
    "title", "body", "blocks", "images", "entry_places", "word_count", "agency", "dateline", "editor_initials",
    "content_hash", "version_id", "flags", "rules_version", "authors", "section", "summary", "tags",
)  # fmt: skip
_READ = (
    "title", "body", "language", "site", "source_id", "article_id", "captured_at", "capture_digest", "agency",
    "dateline", "editor_initials", "flags", "rules_version", "authors", "section", "summary", "tags",
)  # fmt: skip
_FOLLOWING = ("blocks", "images", "entry_places")
"""Columns of the blocks, or with places among them."""
_MENDED = ("authors", "section", "summary", "tags")
"""Columns in which wrong encodings are mended, beside title and body."""


def clean_shard(run: RunContext, shard: str, settings: CleanSettings) -> ShardSummary:
    """Read parse/articles/<shard>; write clean/removals, clean/quarantine and, last, clean/articles of that name.

    A shard whose articles are there is finished and only counted.

    Raises:
        DiskError: the disk refused a part.
    """
    articles, removals, quarantine = (
        run.part("clean", table, shard) for table in ("articles", "removals", "quarantine")
    )
    if not articles.exists():
        rows = read_part(run.part("parse", "articles", shard), Article)
        clean, receipts, refused = clean_rows(rows, run, settings, read_rules(run))
        write_part(removals, Removal, receipts)
        write_part(quarantine, Quarantine, refused)
        write_part(articles, Article, clean)
    passed, cut, refused_count = (pq.read_metadata(path).num_rows for path in (articles, removals, quarantine))
    return ShardSummary("clean", shard, passed + refused_count, passed, refused_count, removal_count=cut)


def clean_rows(
    rows: pl.DataFrame,
    run: RunContext,
    settings: CleanSettings,
    site_rules: Mapping[str, SiteRules] = MappingProxyType({}),
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """(clean articles in the order of the rows, removals, quarantine rows)."""
    made: list[dict[str, Any]] = []
    receipts: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for index, values in enumerate(rows.select(_READ).iter_rows(named=True)):
        article = clean_article(
            values["title"] or "",
            values["body"] or "",
            language=values["language"],
            off=settings.off_for(values["site"], values["source_id"]),
            columns={name: values[name] for name in _MENDED},
            site_rules=site_rules.get(values["site"], SiteRules()),
        )
        if is_over_cleaned(article, values["body"], settings):
            refused.append(_refused(rows.row(index, named=True), article, run, settings))
            continue
        made.append(_made(index, values, article, _in_step(rows, index, article)))
        receipts += _removals(made[-1]["version_id"], values, article, run)
    return _joined(rows, made), frame(Removal, receipts), frame(Quarantine, refused)


def _in_step(rows: pl.DataFrame, index: int, article: CleanArticle) -> dict[str, list[Any]]:
    """The columns that follow the body's blocks, as the clean body has them; empty when the body is as it was."""
    if not article.body.receipts:
        return {}
    extracted, blocks = rows["body"][index], rows["blocks"][index].to_list()
    made: dict[str, list[Any]] = {"blocks": clean_blocks(extracted, blocks, article.body)}
    if not fits(extracted, blocks):
        made["flags"] = ["blocks_rebuilt"]
    sources = block_sources(extracted.split(PARAGRAPH_BREAK), article.body)
    images, places = rows["images"][index], rows["entry_places"][index]
    if images is not None:
        made["images"] = with_places(images.to_list(), sources)
    if places is not None:
        made["entry_places"] = [None if place is None else new_place(place, sources) for place in places]
    return made


def _made(
    index: int, values: Mapping[str, Any], article: CleanArticle, in_step: Mapping[str, list[Any]]
) -> dict[str, Any]:
    """The columns that cleaning sets; those that follow the body are null when it is as it was."""
    title, body = article.title.text, article.body.text
    content = content_hash(title, body)
    flags = [*(values["flags"] or ()), *article.flags, *in_step.get("flags", ())]
    first = {column: next(iter(article.moved(column)), None) for column in ("agency", "dateline")}
    return {
        "row": index,
        "title": title,
        "body": body,
        **{name: in_step.get(name) for name in _FOLLOWING},
        "word_count": word_count(body),
        "agency": values["agency"] or first["agency"],
        "dateline": values["dateline"] or first["dateline"],
        "editor_initials": [*(values["editor_initials"] or ()), *article.editor_initials],
        "content_hash": content,
        "version_id": version_id(values["article_id"], values["captured_at"], values["capture_digest"], content),
        "flags": list(dict.fromkeys(flags)),
        "rules_version": "".join(_versions(values["rules_version"] or "")),
        **{name: _mended(values[name], article.columns.get(name)) for name in _MENDED},
    }


def _versions(told: str) -> tuple[str, ...]:
    """Our own version, then those of the site rules that parse put behind a +; an older one of ours goes."""
    _, plus, site_rules = told.partition("+")
    return RULES_VERSION, plus, site_rules


def _mended(value: str | list[str] | None, text: Cleaned | None) -> str | list[str] | None:
    """The value of a column, its lines taken from the mended text where there is one."""
    if text is None:
        return value
    return text.text if isinstance(value, str) else text.text.split("\n")


def _joined(rows: pl.DataFrame, made: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The rows that were made, with the columns that cleaning does not set taken over."""
    schema = {"row": pl.UInt32(), **{name: kind for name, kind in polars_schema(Article).items() if name in _SETS}}
    new = pl.DataFrame(made, schema=schema)
    kept = rows.with_row_index("row").join(new, on="row", how="inner", suffix="_new", maintain_order="left")
    columns = [
        pl.coalesce(f"{name}_new", name).alias(name) if name in _FOLLOWING else pl.col(f"{name}_new").alias(name)
        for name in _SETS
    ]
    return kept.with_columns(columns).select(empty(Article).columns)


def _removals(
    version: str, values: Mapping[str, Any], article: CleanArticle, run: RunContext
) -> Iterator[dict[str, Any]]:
    for field, seq, receipt in article.receipts:
        yield {
            "version_id": version,
            "article_id": values["article_id"],
            "site": values["site"],
            "field": field,
            "seq": seq,
            "repair": receipt.repair,
            "rule": receipt.rule,
            "kind": receipt.kind.value,
            "char_offset": receipt.char_offset,
            "char_count": receipt.char_count,
            "text": receipt.text,
            "replacement": receipt.replacement,
            "evidence": receipt.evidence or None,
            "run_id": run.run_id,
        }


def _refused(row: Mapping[str, Any], article: CleanArticle, run: RunContext, settings: CleanSettings) -> dict[str, Any]:
    """The quarantine row of an article that would lose too much; its candidate has the extracted text."""
    taken_over = (
        "url",
        "site",
        "source_id",
        "article_id",
        "version_id",
        "page_kind",
        "captured_at",
        "capture_uri",
        "capture_offset",
    )
    biggest = max(article.body.receipts, key=lambda receipt: receipt.char_count)
    return {
        **{name: row[name] for name in taken_over},
        "quarantine_id": digest(run.run_id, row["url"], "clean", Reason.OVER_CLEANED.value),
        "stage": "clean",
        "severity": Severity.REJECT.value,
        "reason": Reason.OVER_CLEANED.value,
        "rule": f"{biggest.repair}.{biggest.rule}",
        "field": "body",
        "value": f"{article.cut_chars} of {len(row['body'])} characters",
        "limits": f"at most {settings.min_cut_chars} characters or {settings.max_cut_share:.0%}, and never all",
        "message": REASON_TEXT[Reason.OVER_CLEANED],
        "candidate": candidate_json(row),
        "recorded_at": run.now,
        "run_id": run.run_id,
    }
