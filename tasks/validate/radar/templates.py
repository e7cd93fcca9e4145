"""Page templates of a source: which are one, and which are judged as a part of their own."""

import polars as pl

from tasks.validate.radar.past import RELEASED, STOPPED

NEW_SHARE, NEW_PAGES = 0.02, 30
"""A template is new while fewer of the source's learned pages have it."""
LEAST_PART = 2
"""Pages of a new template that make a part."""


def name_templates(signs: pl.DataFrame, history: pl.DataFrame, *, near: int = 16) -> pl.DataFrame:
    """The signs with each template replaced by the one that stands for those like it.

    A template that differs from a known one of its source in at most `near` of 64 bits is that one: optional pieces
    of a page change a few bits, another design about half of them. What is no number of 16 digits is like itself only.

    A column `part` comes with it: the template of pages that are judged apart, null for all others.

    Args:
        signs: `SIGNS` of a run.
        history: `Measure` rows of earlier runs.
        near: Most bits in which two fingerprints of one template differ.
    """
    known = _leaders(history)
    seen = (
        signs.group_by("source_id", "template")
        .len()
        .sort("source_id", "len", "template", descending=[False, True, False])
    )
    rows = []
    for source_id, template, _ in seen.iter_rows():
        leaders = known.setdefault(source_id, [])
        leader = next((one for one in leaders if _differing(one, template) <= near), None)
        if leader is None:
            leaders.append(template)
        rows.append((source_id, template, leader or template))
    names = pl.DataFrame(
        rows, schema={"source_id": pl.String, "template": pl.String, "leader": pl.String}, orient="row"
    )
    joined = signs.join(names, on=["source_id", "template"], how="left", maintain_order="left")
    return _with_parts(joined.with_columns(template=pl.col("leader")).drop("leader"), history)


def _with_parts(signs: pl.DataFrame, history: pl.DataFrame) -> pl.DataFrame:
    """The signs with `part`.

    Apart are templates that the source did not have, because a redesign is what breaks fields, and those of which
    something was a breach before: a release may have made it normal for them alone.
    """
    key = ["source_id", "template"]
    told = history.filter(pl.col("verdict").is_in(STOPPED) & (pl.col("part") != ""))
    stopped = told.select("source_id", template="part").unique().with_columns(was_stopped=pl.lit(value=True))
    known = _learned_pages(history)
    tonight = signs.group_by(key).len("pages")
    totals = known.group_by("source_id").agg(total=pl.col("learned").sum())
    joined = tonight.join(known, on=key, how="left").join(totals, on="source_id", how="left")
    joined = joined.join(stopped, on=key, how="left").with_columns(pl.col("learned", "total").fill_null(0))
    least = pl.max_horizontal(NEW_SHARE * pl.col("total"), NEW_PAGES)
    is_new = (pl.col("total") > 0) & (pl.col("learned") < least)
    apart = (is_new & (pl.col("pages") >= LEAST_PART)) | pl.col("was_stopped").fill_null(value=False)
    parts = joined.select(*key, part=pl.when(apart).then("template"))
    return signs.join(parts, on=key, how="left", maintain_order="left")


def _learned_pages(history: pl.DataFrame) -> pl.DataFrame:
    """Pages of each template in nights of which something was learned."""
    freed = history.filter(pl.col("measure") == RELEASED).select("source_id", run_id="bin")
    held = history.filter(pl.col("verdict") == "hold").select("source_id", "run_id").unique()
    held = held.join(freed, on=["source_id", "run_id"], how="anti")
    rows = history.filter((pl.col("measure") == "template") & (pl.col("part") == ""))
    learned = rows.join(held, on=["source_id", "run_id"], how="anti")
    return learned.group_by("source_id", template="bin").agg(learned=pl.col("count").sum())


def _leaders(history: pl.DataFrame) -> dict[str, list[str]]:
    """The templates of each source, the most frequent first."""
    rows = history.filter((pl.col("measure") == "template") & (pl.col("part") == ""))
    counted = rows.group_by("source_id", "bin").agg(pl.col("count").sum())
    ordered = counted.sort("source_id", "count", "bin", descending=[False, True, False])
    return {str(key[0]): group["bin"].to_list() for key, group in ordered.group_by("source_id", maintain_order=True)}


def _differing(one: str, other: str) -> int:
    """Bits in which two fingerprints differ; 64 where one of them is none."""
    if one == other:
        return 0
    try:
        return (int(one, 16) ^ int(other, 16)).bit_count() if len(one) == len(other) == 16 else 64
    except ValueError:
        return 64
