"""The word index on disk: for each committed file of articles its side files, made when they are missing.

    index/words-1/<part>.terms.parquet            who has which word how often (Term), from the texts alone
    index/words-1/<part>-<zones>.rows.parquet     which version lies where, and its day (TextRow)
    index/words-1/<part>-<shown>.days.parquet     words by day over the versions that are current (TermDay)

`<part>` stands for the file of articles, `<zones>` for the time zones of its sources, `<shown>` for both and for the
versions of it that are not current. So the name says all that a file depends on: what is there is right, and what is
missing is made; nothing has to be remembered.
What does not belong here: what a word is (words.py), and SQL (sql/).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as arrow
import pyarrow.parquet as pq

from schemas.table import Table, arrow_schema, empty, to_arrow
from schemas.words import Term, TermDay, TextRow
from tasks.io.folder import DataFolder, disk_errors, sync_file, sync_folder
from tasks.io.outfiles import footer_digest
from tasks.publish.words import WORDS_VERSION, WORTH_COUNTING, postings, spoken_counts, texts_of, word_counts

BATCH = 12_500
"""Texts that are read at once: some 30 MB, and ten times that as words."""

GROUP_ROWS = 8_192
"""Words in a row group of `terms`: a look-up reads one of each batch."""

AHEAD_DAYS = 1
"""How far a date of publication may lie after the capture and still be believed."""

_SORTED_WORDS: Mapping[str, Any] = {
    "use_dictionary": ["day", "article_count", "mention_count"],
    "column_encoding": {"term": "DELTA_BYTE_ARRAY"},
}
"""Of words in order each is kept as what differs from the one before."""

_SOURCES = b"sources"
_TEXT = ("title", "body", "source_id")
_ROW = ("version_id", "article_id", "site", "source_id", "run_id", "published_at", "captured_at", "previous_id")

Zones = Mapping[str, str | None]
"""source_id to the IANA name of its time zone."""


@dataclass(frozen=True)
class Part:
    """One committed file of articles and its side files, all of which are there."""

    number: int
    rows: Path
    terms: Path
    key: str
    """Stands for the file and the zones of its sources."""


def words_folder(folder: DataFolder) -> Path:
    """Where the side files of this version lie."""
    return folder.root / "index" / f"words-{WORDS_VERSION}"


def settle_parts(folder: DataFolder, articles: Sequence[Path], zones: Zones) -> list[Part]:
    """The parts of the committed files of articles, after making those side files that are missing or torn.

    Raises:
        DiskError: the disk refused one.
        pyarrow.ArrowException: a file of articles is damaged.
    """
    place = words_folder(folder)
    with disk_errors(place):
        place.mkdir(parents=True, exist_ok=True)
    return [_settle(folder, place, path, zones) for path in articles]


def _settle(folder: DataFolder, place: Path, articles: Path, zones: Zones) -> Part:
    number = part_number(folder, articles)
    terms = place / f"{number:016x}.terms.parquet"
    sources = _sources_of(terms)
    if sources is None:
        sources = _write_terms(terms, articles, number)
    said = json.dumps({source: zones.get(source) for source in sources})
    key = f"{number:016x}-{hashlib.sha256(said.encode()).hexdigest()[:12]}"
    rows = place / f"{key}.rows.parquet"
    if not rows.exists():
        write_side_file(rows, TextRow, text_rows(_read(articles, _ROW), number, zones))
    return Part(number, rows, terms, key)


def part_number(folder: DataFolder, articles: Path) -> int:
    """The number of a file of articles: the same wherever the folder lies, another when the file is written anew."""
    name = articles.relative_to(folder.root).as_posix()
    return int(hashlib.sha256(f"{name} {footer_digest(articles)}".encode()).hexdigest()[:15], 16)


def _sources_of(terms: Path) -> list[str] | None:
    """The sources of a part, as its file of words tells; None where that is missing or torn."""
    try:
        told = pq.read_schema(terms).metadata or {}
        return [str(source) for source in json.loads(told[_SOURCES])]
    except (OSError, arrow.ArrowException, KeyError, ValueError):
        return None


def _write_terms(path: Path, articles: Path, number: int) -> list[str]:
    """Write the words of a file of articles, in runs of a batch each, each sorted; its sources."""
    sources = sorted(set(_read(articles, ("source_id",))["source_id"].unique().to_list()))
    schema = arrow_schema(Term)
    with (
        _aside(path) as aside,
        pq.ParquetWriter(
            aside,
            schema.with_metadata({_SOURCES: json.dumps(sources)}),
            compression="zstd",
            use_dictionary=["part", "counts.list.element"],
            column_encoding={"term": "DELTA_BYTE_ARRAY", "row_nos.list.element": "DELTA_BINARY_PACKED"},
        ) as writer,
    ):
        begin = 0
        for texts in _batches(articles):
            writer.write_table(to_arrow(Term, terms_of(texts, number, begin)), row_group_size=GROUP_ROWS)
            begin += texts.height
    return sources


def _batches(articles: Path) -> Iterator[pl.DataFrame]:
    with pq.ParquetFile(articles) as file:
        for batch in file.iter_batches(BATCH, columns=list(_TEXT)):
            yield pl.DataFrame(pl.from_arrow(arrow.Table.from_batches([batch])))


def terms_of(articles: pl.DataFrame, number: int, begin: int) -> pl.DataFrame:
    """Rows of `Term` of a batch.

    Args:
        articles: title and body.
        number: The part.
        begin: Place of the batch's first row in its file.
    """
    texts = texts_of(articles)
    counts, spoken = word_counts(texts), spoken_counts(texts)
    if spoken.height:
        counts = pl.concat([counts, spoken]).sort("term", "text_no")
    found = postings(counts)
    return found.select("term", pl.lit(number).alias("part"), (pl.col("text_nos") + begin).alias("row_nos"), "counts")


def text_rows(articles: pl.DataFrame, number: int, zones: Zones) -> pl.DataFrame:
    """Rows of `TextRow` of a file of articles, in its order."""
    believable = pl.col("published_at") <= pl.col("captured_at").dt.offset_by(f"{AHEAD_DAYS}d")
    dated = pl.when(believable).then("published_at").otherwise("captured_at")
    counted = articles.with_row_index("row_no").with_columns(dated.alias("dated_at"))
    zoned = pl.lit(None, pl.Date)
    for zone in sorted({zone for zone in zones.values() if zone}):
        here = pl.col("source_id").is_in([source for source, of in zones.items() if of == zone])
        zoned = pl.when(here).then(pl.col("dated_at").dt.convert_time_zone(zone).dt.date()).otherwise(zoned)
    told = pl.when(pl.col("previous_id").is_null()).then("dated_at").otherwise("captured_at")
    return counted.with_columns(
        pl.col("row_no").cast(pl.Int32),
        part=pl.lit(number),
        told_at=told,
        day=pl.coalesce(zoned, pl.col("dated_at").dt.date()),
    ).select(empty(TextRow).columns)


def settle_days(folder: DataFolder, parts: Sequence[Part], hidden: Mapping[int, Sequence[int]]) -> list[Path]:
    """The files of words by day, one a part, after making those that are missing.

    Args:
        folder: Data folder.
        parts: As `settle_parts` gave them.
        hidden: For parts that have such, the places of the versions that are not current, ascending.
    """
    paths = []
    for part in parts:
        out = list(hidden.get(part.number, ()))
        shown = hashlib.sha256(json.dumps([part.key, out]).encode()).hexdigest()[:12]
        path = words_folder(folder) / f"{part.number:016x}-{shown}.days.parquet"
        if not path.exists():
            write_side_file(path, TermDay, days_of(part, out), row_group_size=10 * GROUP_ROWS, **_SORTED_WORDS)
        paths.append(path)
    return paths


def days_of(part: Part, hidden: Sequence[int]) -> pl.DataFrame:
    """Rows of `TermDay` of a part, by day and word."""
    rows = _read(part.rows, ("row_no", "day"))
    days = rows.select(
        pl.when(pl.col("row_no").is_in(pl.Series(hidden, dtype=pl.Int32).implode()))
        .then(None)
        .otherwise("day")
        .alias("day")
    )["day"]
    found = [_sums(group, days) for group in _spoken_groups(part.terms)]
    summed = pl.concat([empty(TermDay), *found]).group_by("day", "term").agg(pl.all().sum())
    return summed.sort("day", "term").select(empty(TermDay).columns)


def _spoken_groups(terms: Path) -> Iterator[pl.DataFrame]:
    with pq.ParquetFile(terms) as file:
        for batch in file.iter_batches(32 * GROUP_ROWS, columns=["term", "row_nos", "counts"]):
            words = pl.DataFrame(pl.from_arrow(arrow.Table.from_batches([batch])))
            yield words.filter(pl.col("term").str.contains(WORTH_COUNTING))


def _sums(words: pl.DataFrame, days: pl.Series) -> pl.DataFrame:
    """The words' sums by day; a row without a day counts for none."""
    placed = words.select(pl.int_range(pl.len()).alias("no"), "row_nos", "counts").explode("row_nos", "counts")
    dated = placed.select("no", "counts", day=days.gather(placed["row_nos"])).drop_nulls("day")
    sums = dated.group_by("no", "day").agg(
        pl.len().cast(pl.Int64).alias("article_count"), pl.col("counts").sum().cast(pl.Int64).alias("mention_count")
    )
    return sums.select("day", words["term"].gather(sums["no"]), "article_count", "mention_count")


def sweep(folder: DataFolder, kept: Iterable[Path], articles: Iterable[Path]) -> None:
    """Remove side files that no database names any more.

    Those of a file of articles that is gone go at once: it may have been taken out because somebody must be forgotten.
    Others stay for readers of the database before, until they are two days older than the newest.
    """
    known, alive = {path.name for path in kept}, {f"{part_number(folder, path):016x}" for path in articles}
    found = {path: path.stat().st_mtime for path in (folder.root / "index").glob("*-*/*.parquet")}
    newest = max(found.values(), default=0.0)
    for path, changed in found.items():
        is_old = changed < newest - KEPT_S
        if path.name not in known and (is_old or path.name[:16] not in alive):
            path.unlink(missing_ok=True)


KEPT_S = 2 * 24 * 3600
"""How long a side file stays that only older databases name."""


def _read(articles: Path, columns: Sequence[str]) -> pl.DataFrame:
    with pq.ParquetFile(articles) as file:
        there = [name for name in columns if name in file.schema_arrow.names]
        read = pl.DataFrame(pl.from_arrow(file.read(columns=there)))
    return read.with_columns(pl.lit(None, pl.String).alias(name) for name in columns if name not in there)


def write_side_file(path: Path, model: type[Table], rows: pl.DataFrame, **options: Any) -> None:
    """Write rows as a side file, whole and durable.

    Raises:
        DiskError: the disk refused it.
    """
    with _aside(path) as aside:
        pq.write_table(to_arrow(model, rows), aside, compression="zstd", **options)


@contextmanager
def _aside(path: Path) -> Iterator[Path]:
    """A path to write to; afterwards it is the file, whole and durable."""
    aside = path.with_name(f".{path.name}.new")
    with disk_errors(path):
        yield aside
        sync_file(aside)
        aside.replace(path)
        sync_folder(path.parent)
