"""One thing that the radar has to say."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """What the radar says of one source, or of the pages of one of its templates."""

    source_id: str
    kind: str
    """note, warn (while it learns), alarm, or hold."""
    measure: str
    part: str
    """Template; empty: all pages."""
    bin: str
    """The value that was counted, or the cut of the classes, as <=08."""
    is_whole: bool
    """Whether all pages of the part are held, not only those that show it."""
    count: int
    of_count: int
    usual: float
    """Share that is usual; for volume, pages."""
    chance: float
    message: str
    """One sentence for people."""
