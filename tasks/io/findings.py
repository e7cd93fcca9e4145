"""What verification says: one finding a thing that is wrong, or worth knowing."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Finding:
    """One thing that was found."""

    is_fault: bool
    """Whether something is wrong; else it is a note, and readers are not touched by it."""
    about: str
    """log, file, stray, replaced, torn, waiting, published, capture, expired, sum, text or forgotten."""
    where: str
    """Path, or what else names the place."""
    what: str
    """What was seen there, in words."""


def fault(about: str, where: Path | str, what: str) -> Finding:
    """Something is wrong."""
    return Finding(True, about, str(where), what)


def note(about: str, where: Path | str, what: str) -> Finding:
    """Something is worth knowing."""
    return Finding(False, about, str(where), what)
