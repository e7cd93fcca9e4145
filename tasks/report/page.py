"""The report of a run as one HTML page that needs nothing else: styles and charts are in it, no script, no request."""

from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from schemas.reasons import REASON_TEXT, Reason, State
from schemas.summary import RunSummary
from tasks.io.folder import DataFolder, disk_errors, write_durably
from tasks.report import charts
from tasks.report.alarms import alarm_sentence
from tasks.report.facts import RunFacts
from tasks.report.figures import RunFigures
from tasks.report.markdown import balance

SHARES = {
    "author_share": "Articles with an author",
    "date_share": "With a publication date",
    "section_share": "With a section",
    "image_share": "With a lead image",
    "language_share": "With a known language",
    "refused_share": "Pages refused by a check",
    "lost_share": "Pages blocked or failed",
}
"""Trends that are shares, in order, with what people call them."""
NUMBERS = {"median_words": "Words of a body, median", "cut_chars": "Characters cut an article"}
"""Trends that are numbers."""

TONES = {
    "known": "known",
    State.STORED: "good",
    State.UNCHANGED: "same",
    State.DUPLICATE: "same2",
    State.QUARANTINED: "warn",
    State.HELD: "hold",
    State.BLOCKED: "bad2",
    State.GONE: "gone",
    State.FAILED: "bad",
    State.DEFERRED: "later",
}
"""State to the tone that it has on the page."""


def report_path(folder: DataFolder, run_id: str) -> Path:
    """Where the page of a run lies."""
    return folder.reports / f"{run_id}.html"


def write_page(folder: DataFolder, summary: RunSummary, facts: RunFacts, figures: RunFigures) -> Path:
    """The path of the page, written whole.

    Raises:
        DiskError: the disk refused it.
    """
    path = report_path(folder, summary.run_id)
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, report_page(summary, facts, figures).encode())
    return path


def report_page(summary: RunSummary, facts: RunFacts, figures: RunFigures) -> str:
    """The page. All text from outside is escaped; links are made of http and https URLs only."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"number": number, "percent": percent, "hours": hours, "link": link, "words": words}
    template = environment.from_string(_file("report.html.j2"))
    return template.render(
        summary=summary,
        facts=facts,
        figures=figures,
        style=Markup(_file("report.css")),  # noqa: S704 - our own file
        balance=balance(summary.counts),
        alarms=[alarm_sentence(alarm) for alarm in facts.alarms],
        states=_states(summary),
        trends=_trends(figures),
        sentence=sentence,
        bar=charts.stacked_bar([(tone, count) for _, tone, count in _states(summary)]),
        charts=charts,
    )


def _file(name: str) -> str:
    return files("tasks.report").joinpath(name).read_text(encoding="utf-8")


def _states(summary: RunSummary) -> list[tuple[str, str, int]]:
    """(name, tone, URLs) of known and of each state that occurred."""
    counts = summary.counts
    named = [("known", TONES["known"], counts.known)]
    named += [(state.value, TONES[state], count) for state, count in counts.states.items()]
    return [part for part in named if part[2]]


def _trends(figures: RunFigures) -> list[dict[str, Any]]:
    """One entry for each quality measure that any run has a value of."""
    made = []
    for name, title in {**SHARES, **NUMBERS}.items():
        values = [row[name] for row in figures.quality]
        known = [value for value in values if value is not None]
        if known:
            show = percent if name in SHARES else number
            made.append(
                {
                    "title": title,
                    "chart": charts.trend_line(values),
                    "last": "–" if values[-1] is None else show(values[-1]),
                    "low": show(min(known)),
                    "high": show(max(known)),
                }
            )
    return made


def sentence(code: str) -> str:
    """The sentence of a reason; empty for a code that is none.

    >>> sentence("nonsense")
    ''
    """
    return REASON_TEXT[Reason(code)] if code in set(Reason) else ""


def number(value: float | None) -> str:
    """A number for people, thousands apart.

    >>> number(12345.6), number(7.25), number(None)
    ('12\u202f346', '7.2', '–')
    """
    if value is None:
        return "–"
    return f"{value:.1f}" if value % 1 and abs(value) < 100 else f"{round(value):,}".replace(",", "\u202f")


def percent(share: float | None) -> str:
    """A share for people.

    >>> percent(0.987), percent(0.004), percent(1.0)
    ('98.7 %', '0.4 %', '100 %')
    """
    if share is None:
        return "–"
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def hours(value: float) -> str:
    """Hours for people.

    >>> hours(0.4), hours(5.25), hours(60)
    ('24 min', '5.2 h', '2.5 d')
    """
    if value < 1:
        return f"{60 * value:.0f} min"
    return f"{value:.1f} h" if value < 48 else f"{value / 24:.1f} d"


def link(url: str) -> str | None:
    """The URL where a browser may follow it; None for file: and all else.

    >>> link("javascript:alert(1)") is None
    True
    """
    return url if url.startswith(("https://", "http://")) else None


def words(code: str) -> str:
    """A code as words.

    >>> words("stealth_edit")
    'stealth edit'
    """
    return code.replace("_", " ")
