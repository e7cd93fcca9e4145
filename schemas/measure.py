"""What the radar measured of each source in each run."""

import pandera.polars as pa
import polars as pl

from schemas.reasons import RadarVerdict
from schemas.table import Table, Timestamp


class Measure(Table):
    """One count of one source in one run, with the band that was usual for it and the radar's verdict."""

    run_id: str = pa.Field(description="Run.")
    source_id: str = pa.Field(description="Source of sources.yaml.")
    part: str = pa.Field(
        description="Page template (as in articles.template, the one that stands for those like it) of the pages that "
        "were counted; empty: all pages of the source."
    )
    measure: str = pa.Field(description="What was counted; docs/quality.md lists all.")
    bin: str = pa.Field(description="Value that was counted: a class of length or age, a language, or yes.")
    count: pl.Int64 = pa.Field(ge=0, description="Pages with this value.")
    of_count: pl.Int64 = pa.Field(ge=0, description="Of so many pages.")
    low: float = pa.Field(
        nullable=True, description="Lower edge of the usual band, as a share of of_count (for volume: pages)."
    )
    high: float = pa.Field(nullable=True, description="Upper edge of it; null while the radar learns.")
    verdict: str = pa.Field(
        isin=[verdict.value for verdict in RadarVerdict],
        description="usual, learning, note, warn, alarm, hold or released.",
    )
    message: str = pa.Field(
        nullable=True, description="What the radar says of it, in one sentence; null where it is usual."
    )
    recorded_at: Timestamp = pa.Field(description="The run's time, UTC.")
