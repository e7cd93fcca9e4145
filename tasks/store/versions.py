"""Which readings of pages become rows of `articles`, and which say only what is known already.

Pure: frames in, frames out, no text is looked at. The versions of one article form a chain in the order of
(captured_at, run sequence, version_id); a reading that says what the one before it says makes no row.

That a reading made no row is forgotten by the articles, but not by the ledger: it is a *sighting* of a version. When
a late backfill puts another text between a version and a sighting of it, the sighting becomes a row after all;
else the late, older text would pass for the current one.
"""

from dataclasses import dataclass

import polars as pl

from schemas.reasons import LinkKind, State

MIN_WORDS = 50
"""Texts shorter than this may agree by chance (a weather line, a notice), so they tie no two articles together."""

READING = pl.Schema(
    {
        "version_id": pl.String(),
        "article_id": pl.String(),
        "url": pl.String(),
        "site": pl.String(),
        "captured_at": pl.Datetime("us", "UTC"),
        "capture_digest": pl.String(),
        "content_hash": pl.String(),
        "word_count": pl.Int32(),
    }
)
"""What of a reading counts here."""

STORED = pl.Schema({**READING, "run_seq": pl.Int64()})
"""A reading that is stored, with the sequence number of its run."""

SIGHTING = pl.Schema({**READING, "of_version": pl.String(), "capture_uri": pl.String(), "capture_offset": pl.Int64()})
"""A reading that made no row because it repeated the version `of_version`, with the key that its row would have."""

LINKED = pl.Schema({"version_id": pl.String(), "other_id": pl.String(), "kind": pl.String(), "url": pl.String()})

_ORDER = ("captured_at", "is_new", "run_seq", "version_id", "url")


@dataclass(frozen=True)
class Verdicts:
    """What became of the readings of a run."""

    readings: pl.DataFrame
    """The readings (columns of `READING` and more that came with them) with: state; target_id and target_article,
    the version and article that the page was found to be; target_url; previous_id, the version before it in its chain;
    supersedes; is_reverted; is_reprocessed."""
    resighted: pl.DataFrame
    """Sightings that become rows: `SIGHTING` with previous_id, supersedes, is_reverted and is_reprocessed."""
    links: pl.DataFrame
    """Ties between versions: `LINKED`."""


def judge(new: pl.DataFrame, stored: pl.DataFrame, sightings: pl.DataFrame) -> Verdicts:
    """Decide each reading of a run.

    Args:
        new: `READING` and `known_version_id`, `known_article_id` (what the ledger knew of the URL, or null).
        stored: `STORED`: all versions of the articles in `new`, and all with a content_hash in `new`, without those
            of retracted runs.
        sightings: `SIGHTING`: those of versions in `stored` that are later than a reading in `new` of their article.
    """
    rows = new.with_row_index("row").with_columns(
        is_present=pl.col("version_id").is_in(stored["version_id"].implode()),
        has_stored=pl.col("article_id").is_in(stored["article_id"].implode()),
    )
    twins = _find_twins(rows, stored)
    own = rows.join(twins, on="row", how="anti").filter(~pl.col("is_present"))
    chained = _chain(own, stored, _valid(sightings, own, stored))
    found = pl.concat([_of_present(rows, stored), _of_chained(chained), _of_twins(rows, twins, chained, stored)])
    told = rows.join(found, on="row", how="left").with_columns(state=_state()).sort("row")
    links = pl.concat([_alias_links(told), _text_links(told, stored)]).unique(["version_id", "other_id"], keep="first")
    again = chained.filter(pl.col("is_kept") & pl.col("of_version").is_not_null())
    resighted = again.select(*SIGHTING, "previous_id", "supersedes", "is_reverted", "is_reprocessed")
    told = told.drop("row", "is_present", "has_stored", "is_kept")
    return Verdicts(told, resighted, links.sort("version_id", "other_id"))


def _valid(sightings: pl.DataFrame, rows: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Sightings that still say something.

    Not those of a capture that was read again since (its newer reading counts), nor of a version whose own capture
    was (by newer rules the sighting, too, would say something else).
    """
    key, capture = ["article_id", "captured_at"], ["article_id", "captured_at", "capture_digest"]
    newest = stored.sort("run_seq").unique(capture, keep="last").join(rows, on=capture, how="anti")
    return (
        sightings.join(stored, on=key, how="anti")
        .join(rows, on=key, how="anti")
        .join(newest, left_on="of_version", right_on="version_id", how="semi")
    )


def _find_twins(rows: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Readings (`row`) of an article not stored so far that only repeat another article of their site (`root_id`).

    Once an article has a text of its own, what it says later is its own too, even when it agrees with another's.
    """
    keys = ["site", "content_hash"]
    columns = [*keys, "captured_at", "url", "version_id", "article_id"]
    roots = (
        pl.concat(
            [
                stored.select(columns).with_columns(is_new=pl.lit(value=False)),
                rows.filter(~pl.col("is_present")).select(columns).with_columns(is_new=pl.lit(value=True)),
            ]
        )
        .sort("is_new", "captured_at", "url", "version_id")
        .group_by(keys, maintain_order=True)
        .agg(root_id=pl.col("version_id").first(), root_article=pl.col("article_id").first())
    )
    repeats = (pl.col("root_article") != pl.col("article_id")) & (pl.col("word_count") >= MIN_WORDS)
    return (
        rows.filter(~pl.col("is_present"))
        .join(roots, on=keys)
        .sort("article_id", "captured_at", "version_id", "url")
        .with_columns(own=(~repeats).cast(pl.Int32).cum_sum().over("article_id"))
        .filter((pl.col("own") == 0) & ~pl.col("has_stored"))
        .select("row", "root_id")
    )


def _chain(rows: pl.DataFrame, stored: pl.DataFrame, sightings: pl.DataFrame) -> pl.DataFrame:
    """All versions, stored, seen again and new, of the articles in `rows`, in order, each with the one before it."""
    articles = rows.select("article_id").unique()
    columns = {**SIGHTING, "row": pl.UInt32(), "run_seq": pl.Int64()}
    together = pl.concat(
        [
            stored.join(articles, on="article_id", how="semi").with_columns(is_new=pl.lit(value=False)),
            sightings.join(articles, on="article_id", how="semi").with_columns(is_new=pl.lit(value=True)),
            rows.select(*READING, "row").with_columns(is_new=pl.lit(value=True)),
        ],
        how="diagonal",
    )
    missing = [pl.lit(None, kind).alias(name) for name, kind in columns.items() if name not in together.columns]
    together = together.with_columns(missing).sort("article_id", *_ORDER)
    before = pl.col("content_hash").shift().over("article_id")
    kept = ~pl.col("is_new") | before.is_null() | (before != pl.col("content_hash"))
    own = "article_id"
    return (
        together.with_columns(is_kept=kept, place=pl.int_range(pl.len()).over(own))
        .with_columns(
            target_id=pl.when("is_kept").then("version_id").forward_fill().over(own),
            target_url=pl.when("is_kept").then("url").forward_fill().over(own),
            is_reverted=pl.int_range(pl.len()).over(own, "content_hash") > 0,
            is_reprocessed=_same_as_before("captured_at") & _same_as_before("capture_digest"),
            last_place=pl.when(~pl.col("is_new")).then("place").max().over(own),
            last_id=pl.when(~pl.col("is_new")).then("version_id").drop_nulls().last().over(own),
        )
        .with_columns(previous_id=pl.col("target_id").shift().over(own))
        .with_columns(
            supersedes=pl.when(pl.col("last_place") > pl.col("place")).then("last_id").otherwise("previous_id")
        )
    )


def _same_as_before(column: str) -> pl.Expr:
    return (pl.col(column) == pl.col(column).shift().over("article_id")).fill_null(value=False)


_FOUND = (
    "row", "is_kept", "target_id", "target_article", "target_url", "previous_id", "supersedes", "is_reverted",
    "is_reprocessed",
)  # fmt: skip


def _of_chained(chained: pl.DataFrame) -> pl.DataFrame:
    own = pl.col("is_kept")
    return (
        chained.filter(pl.col("row").is_not_null())
        .with_columns(
            target_article=pl.col("article_id"),
            previous_id=pl.when(own).then("previous_id"),
            supersedes=pl.when(own).then("supersedes"),
            is_reverted=own & pl.col("is_reverted"),
            is_reprocessed=own & pl.col("is_reprocessed"),
        )
        .select(_FOUND)
    )


def _of_present(rows: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Readings that are stored already, by their key: the same capture read in the same way."""
    urls = stored.select("version_id", target_url="url").unique("version_id", keep="first")
    present = rows.filter("is_present").join(urls, on="version_id", how="left")
    return present.with_columns(target_id="version_id", target_article="article_id").pipe(_repeat)


def _of_twins(rows: pl.DataFrame, twins: pl.DataFrame, chained: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Readings that repeat another article, with the version that this one was found to be itself."""
    columns = ["version_id", "target_id", "target_article", "target_url"]
    roots = pl.concat(
        [
            stored.with_columns(target_id="version_id", target_article="article_id", target_url="url").select(columns),
            chained.filter(pl.col("row").is_not_null()).with_columns(target_article="article_id").select(columns),
        ]
    ).unique("version_id", keep="first", maintain_order=True)
    told = rows.join(twins, on="row").join(roots, left_on="root_id", right_on="version_id", how="left")
    return told.pipe(_repeat)


def _repeat(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(
        is_kept=pl.lit(value=False),
        previous_id=pl.lit(None, pl.String),
        supersedes=pl.lit(None, pl.String),
        is_reverted=pl.lit(value=False),
        is_reprocessed=pl.lit(value=False),
    ).select(_FOUND)


def _state() -> pl.Expr:
    """Stored; unchanged when the URL is known to be that article; else duplicate: another name of it."""
    is_known = (
        ((pl.col("url") == pl.col("target_url")) & (pl.col("article_id") == pl.col("target_article")))
        | (pl.col("known_version_id") == pl.col("target_id")).fill_null(value=False)
        | (pl.col("known_article_id") == pl.col("target_article")).fill_null(value=False)
    )
    return (
        pl.when("is_kept")
        .then(pl.lit(State.STORED.value))
        .when(is_known)
        .then(pl.lit(State.UNCHANGED.value))
        .otherwise(pl.lit(State.DUPLICATE.value))
    )


def _alias_links(told: pl.DataFrame) -> pl.DataFrame:
    aliases = (pl.col("state") == State.DUPLICATE) & (pl.col("version_id") != pl.col("target_id"))
    return (
        told.filter(aliases)
        .with_columns(other_id="target_id", kind=pl.lit(LinkKind.ALIAS.value))
        .select(pl.col(name).cast(kind) for name, kind in LINKED.items())
    )


def _text_links(told: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Ties of new versions to the oldest one with the same text, and of stored ones to a new one that is older."""
    columns = ["content_hash", "captured_at", "url", "version_id", "article_id", "site", "is_new"]
    fresh = told.filter((pl.col("state") == State.STORED) & (pl.col("word_count") >= MIN_WORDS))
    same = stored.join(fresh.select("content_hash").unique(), on="content_hash", how="semi")
    rows = pl.concat(
        [
            fresh.with_columns(is_new=pl.lit(value=True)).select(columns),
            same.with_columns(is_new=pl.lit(value=False)).select(columns),
        ]
    ).sort("content_hash", "captured_at", "url", "version_id")
    first = rows.group_by("content_hash", maintain_order=True).first()
    tied = rows.join(first, on="content_hash", suffix="_root").filter(
        (pl.col("article_id") != pl.col("article_id_root")) & (pl.col("is_new") | pl.col("is_new_root"))
    )
    kind = pl.when(pl.col("site") == pl.col("site_root")).then(pl.lit("alias")).otherwise(pl.lit("duplicate"))
    return tied.with_columns(other_id="version_id_root", kind=kind).select(
        pl.col(name).cast(kind_) for name, kind_ in LINKED.items()
    )
