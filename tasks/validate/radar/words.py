"""What the radar says to people: one sentence a verdict, with what was found and what is usual."""

from tasks.validate.radar.breach import Breach
from tasks.validate.radar.measure import ALL
from tasks.validate.radar.signs import LAGS_H
from tasks.validate.radar.volume import VolumeFinding


def breach_sentence(source_id: str, breach: Breach) -> str:
    """What is wrong with the pages, as in: gazette: 2 of 41 pages had an author; usual are 90 %."""
    series = breach.series
    where = "" if series.part == ALL else f" of the template {series.part}"
    what = breach.limit.about + _which(series.measure, series.bin)
    goes_on = " It goes on from the run before." if breach.nights == 0 else ""
    together = f" (seen over {breach.nights} runs)" if breach.nights > 1 else ""
    usual = f"{100 * breach.baseline.share:.0f} %"
    found = f"{breach.count} of {breach.of_count} pages{where} had {what}"
    return f"{source_id}: {found}; usual are {usual}{together}.{goes_on}"


def _which(measure: str, value: str) -> str:
    """What a value or a cut means."""
    if measure in ("language", "desk"):
        return f" {value}"
    if measure in ("body_words", "title_chars"):
        unit = "words" if measure == "body_words" else "characters"
        least, below = _sizes(value)
        return f" of less than {below} {unit}" if value.startswith("<=") else f" of {least} {unit} or more"
    if measure == "date_lag":
        return _age(value)
    return ""


def _sizes(cut: str) -> tuple[int, int]:
    """Least size in the class of a cut, and least size beyond it; see `signs.read_signs`."""
    place = int(cut[2:])
    return round(2 ** ((place - 2) / 2)), round(2 ** ((place - 1) / 2))


def _age(cut: str) -> str:
    place = int(cut[2:])
    if cut == "<=00":
        return " after the fetch"
    if cut.startswith("<="):
        return f" less than {_hours(LAGS_H[place])} before the fetch" if place < len(LAGS_H) else ""
    return f" {_hours(LAGS_H[place - 1])} or more before the fetch"


def _hours(hours: float) -> str:
    return f"{hours:g} hours" if hours < 72 else f"{hours / 24:g} days"


def volume_sentence(source_id: str, found: VolumeFinding) -> str:
    """What is wrong with the number of pages."""
    nights = "this run" if found.nights == 1 else f"{found.nights} runs"
    word = "only " if found.kind == "quiet" and found.count else ""
    return f"{source_id}: {word}{found.count} new pages in {nights}; usual are {found.usual:.0f}."


def template_sentence(source_id: str, count: int, of_count: int) -> str:
    """That the pages look new."""
    return (
        f"{source_id}: {count} of {of_count} pages have a template that the source did not have; it may be a redesign."
    )
