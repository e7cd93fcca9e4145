"""A picture of an answer: lines over time, or bars. Drawn here, so that a page needs no script and asks nobody.

What does not belong here: the table of the answer, and names in the picture: the library does not escape what it
writes, so names stand in the page beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import svg
from markupsafe import Markup

from copydesk.answers import NUMBER
from copydesk.explore.queries import Answer
from tasks.report.charts import bar
from tasks.report.page import number

KINDS = ("auto", "line", "bars", "none")
MOST_BARS = 40
MOST_SERIES = 6
"""Lines that can be told apart by their colours."""
MOST_POINTS = 5_000
LARGEST = 1e300

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760.0, 250.0, 58.0, 14.0, 12.0, 26.0

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what stands beside it, and its drawing."""

    label: str
    value: str
    drawing: Markup


@dataclass(frozen=True, slots=True)
class Chart:
    """What the page shows: bars, or a drawing with the names of its lines; and what it is of."""

    title: str
    bars: Sequence[Bar] = ()
    drawing: Markup | None = None
    names: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Roles:
    """Places of the columns that are drawn: along, how much, and (of lines) whose."""

    along: int | None
    much: int
    whose: int | None


def draw(answer: Answer, kind: str) -> Chart | None:
    """The picture, or None where the answer has no numbers or none is wanted.

    Args:
        answer: Rows with their types.
        kind: One of `KINDS`.
    """
    roles = roles_of(answer.columns)
    if kind == "none" or roles is None or not answer.rows:
        return None
    is_timed = roles.along is not None and _is_time(answer.columns[roles.along][1])
    if kind == "bars" or (kind == "auto" and not is_timed):
        return _bars(answer, roles)
    return _lines(answer, roles) or _bars(answer, roles)


def roles_of(columns: Sequence[tuple[str, str]]) -> Roles | None:
    """Which columns are drawn: the first number against the first time, or else the first text; None without one.

    >>> roles_of([("site", "VARCHAR"), ("day", "DATE"), ("n", "BIGINT")])
    Roles(along=1, much=2, whose=0)
    >>> roles_of([("title", "VARCHAR")]) is None
    True
    """
    kinds = [kind for _, kind in columns]
    numbers = [at for at, kind in enumerate(kinds) if NUMBER.match(kind)]
    times = [at for at, kind in enumerate(kinds) if _is_time(kind)]
    texts = [at for at, kind in enumerate(kinds) if kind == "VARCHAR"]
    if not numbers:
        return None
    if times:
        return Roles(times[0], numbers[0], texts[0] if texts else None)
    if texts:
        return Roles(texts[0], numbers[0], None)
    return Roles(numbers[0], numbers[1], None) if len(numbers) > 1 else Roles(None, numbers[0], None)


def _is_time(kind: str) -> bool:
    return kind == "DATE" or kind.startswith("TIMESTAMP")


def _bars(answer: Answer, roles: Roles) -> Chart | None:
    rows = [row for row in answer.rows if _can_be_drawn(row[roles.much])]
    shown = rows[:MOST_BARS]
    most = max((abs(row[roles.much]) for row in shown), default=0)
    if not shown:
        return None
    bars = [
        Bar(
            str(at) if roles.along is None else _label(row[roles.along]),
            number(row[roles.much]),
            bar(abs(row[roles.much]), most),
        )
        for at, row in enumerate(shown, start=1)
    ]
    note = f"The first {MOST_BARS} of {len(rows)} rows." if len(rows) > MOST_BARS else ""
    return Chart(_title(answer, roles), bars=bars, note=note)


def _can_be_drawn(value: Any) -> bool:
    """Whether it is a number, and small enough for sums and differences of it to be numbers."""
    return isinstance(value, int | float) and abs(value) < LARGEST


def _label(value: Any) -> str:
    return "null" if value is None else str(value)


def _title(answer: Answer, roles: Roles) -> str:
    much = answer.columns[roles.much][0]
    return much if roles.along is None else f"{much} by {answer.columns[roles.along][0]}"


def _lines(answer: Answer, roles: Roles) -> Chart | None:
    if roles.along is None:
        return None
    series: dict[str, list[Point]] = {}
    for row in answer.rows[:MOST_POINTS]:
        at, value = _place(row[roles.along]), row[roles.much]
        if at is not None and _can_be_drawn(value):
            series.setdefault("" if roles.whose is None else _label(row[roles.whose]), []).append((at, float(value)))
    largest = sorted(series, key=lambda name: -sum(abs(value) for _, value in series[name]))[:MOST_SERIES]
    if not any(len({at for at, _ in series[name]}) > 1 for name in largest):
        return None
    note = f"The {MOST_SERIES} largest of {len(series)}." if len(series) > MOST_SERIES else ""
    is_timed = _is_time(answer.columns[roles.along][1])
    drawing = _drawing([sorted(series[name]) for name in largest], is_timed=is_timed)
    return Chart(_title(answer, roles), drawing=drawing, names=[name for name in largest if name], note=note)


def _place(value: Any) -> float | None:
    """A number, or seconds since 1970 of a time as it stands in JSON."""
    if isinstance(value, int | float):
        return float(value)
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _drawing(series: Sequence[Sequence[Point]], *, is_timed: bool) -> Markup:
    points = [point for line in series for point in line]
    first, last = min(at for at, _ in points), max(at for at, _ in points)
    marks = ticks(min(0.0, *(value for _, value in points)), max(0.0, *(value for _, value in points)))
    low, high = marks[0], marks[-1]

    def x(at: float) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (at - first) / (last - first or 1), 1)

    def y(value: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low or 1), 1)

    drawn: list[svg.Element] = []
    for mark in marks:
        drawn.append(svg.Line(class_=["rule"], x1=LEFT, x2=WIDTH - RIGHT, y1=y(mark), y2=y(mark)))
        drawn.append(svg.Text(class_=["tick", "end"], x=LEFT - 8, y=y(mark) + 4, text=_number(mark)))
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        at = first + share * (last - first)
        told = _day(at, last - first) if is_timed else _number(at)
        drawn.append(svg.Text(class_=["tick", anchor], x=x(at), y=HEIGHT - 7, text=told))
    for order, line in enumerate(series):
        drawn += _stroke([(x(at), y(value)) for at, value in line], order)
    made = svg.SVG(viewBox=svg.ViewBoxSpec(0, 0, WIDTH, HEIGHT), class_=["lines"], elements=drawn,
                   extra={"aria-hidden": "true"})  # fmt: skip
    return Markup(made.as_str())  # noqa: S704 - numbers, dates and class names of our own, nothing from outside


def _stroke(line: Sequence[Point], order: int) -> list[svg.Element]:
    drawn: list[svg.Element] = [
        svg.Polyline(class_=["stroke", f"s{order}"], points=[svg.Point(at, value) for at, value in line])
    ]
    if len(line) <= MOST_BARS:
        drawn += [svg.Circle(class_=["dot", f"s{order}"], cx=at, cy=value, r=2.6) for at, value in line]
    return drawn


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from below `low` to above `high`, about four steps of 1, 2 or 5 times a power of ten.

    >>> ticks(0, 87)
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    """
    if high <= low:
        high = low + 1
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough * 0.999)
    first = math.floor(low / step)
    return [round(at * step, 10) for at in range(first, math.ceil(high / step - 1e-9) + 1)]


def _number(value: float) -> str:
    if abs(value) >= 10_000:
        return f"{value:.4g}" if abs(value) >= 1e15 else f"{value / 1000:,.0f}k".replace(",", "\u202f")
    return f"{value:g}"


def _day(at: float, span: float) -> str:
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%Y-%m-%d %H:%M}" if span < 2 * 86_400 else f"{date(moment.year, moment.month, moment.day)}"
